/* SPDX-License-Identifier: GPL-3.0-or-later */
/* directory.ladder: can we connect, step by step; directory.schema: what is there. */
#include "config.h"

#include <string.h>

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/directory/certificate.h"
#include "engine/directory/ladder.h"
#include "engine/probe/directory.h"
#include "engine/sync/endpoints.h"

/* How long the second look at a server's certificates may take. */
#define SHOW_MS 8000

/* One ladder question. */
struct ladder {
	struct gb_probe *probe;
	const struct gb_directory_options *options;
	const char *server;      /* the one that is tried */
	const char *passed;      /* the first one that passed; or NULL */
	const char *failed_step; /* the last step that failed; or NULL */
	bool tls_failed;
};

static const char *const step_words[] = {"name", "tcp", "tls", "sign-in", "read"};
static const char *const verdict_words[] = {"ok", "failed", "not-tried"};

static void on_rung(void *user, const struct gb_ladder_rung *rung)
{
	struct ladder *ladder = user;

	if (rung->verdict == GB_LADDER_FAILED) {
		ladder->failed_step = step_words[rung->step];
		ladder->tls_failed = rung->step == GB_LADDER_TLS;
	}
	gb_probe_step(ladder->probe, step_words[rung->step], ladder->server,
		      verdict_words[rung->verdict], rung->time_ms, rung->text, rung->err);
}

static void on_certificate(void *user, size_t position, const struct gb_certificate *certificate,
			   bool is_pinnable)
{
	const struct ladder *ladder = user;
	struct gb_json_writer *w = gb_answer_item("certificate");

	gb_json_put_text(w, "server", ladder->server);
	gb_json_put_int(w, "position", (int64_t)position);
	gb_json_put_text(w, "subject", certificate->subject);
	gb_json_put_text(w, "issuer", certificate->issuer);
	gb_json_begin_array(w, "names");
	for (size_t i = 0; i < certificate->name_count; i++) {
		gb_json_put_text(w, NULL, certificate->names[i]);
	}
	gb_json_end_array(w);
	gb_answer_put_time(w, "notBefore", certificate->not_before_ms);
	gb_answer_put_time(w, "notAfter", certificate->not_after_ms);
	gb_json_put_text(w, "sha256", certificate->sha256);
	gb_json_put_bool(w, "isAuthority", certificate->is_authority);
	gb_json_put_bool(w, "isSelfSigned", certificate->is_self_signed);
	gb_json_put_text(w, "pem", certificate->pem);
	gb_json_put_bool(w, "pinnable", is_pinnable);
	gb_answer_send(&ladder->probe->answer, w, false);
}

/* After a refused account no other server is asked: each try counts towards a lock-out. */
static bool ends_search(const struct ladder *ladder, enum gb_rc rc, bool all)
{
	return (rc == GB_OK && !all) ||
	       (rc != GB_OK && ladder->failed_step && strcmp(ladder->failed_step, "sign-in") == 0 &&
		rc != GB_E_UNAVAILABLE);
}

static enum gb_rc try_servers(struct ladder *ladder, struct gb_err *err)
{
	bool all = gb_probe_flag(ladder->probe, "allServers");

	for (size_t i = 0; i < ladder->options->server_count; i++) {
		struct gb_err why;
		enum gb_rc rc;

		ladder->server = ladder->options->servers[i];
		ladder->tls_failed = false;
		gb_err_clear(&why);
		rc = gb_ladder_climb(ladder->options, i, on_rung, ladder, &why);
		if (rc == GB_OK && !ladder->passed) {
			ladder->passed = ladder->server;
		} else if (rc != GB_OK) {
			*err = why;
		}
		if (ladder->tls_failed &&
		    gb_certificate_show(ladder->options, i, SHOW_MS, on_certificate, ladder,
					&why) != GB_OK) {
			gb_err_clear(&why); /* the step has told what is wrong */
		}
		if (ends_search(ladder, rc, all)) {
			break;
		}
	}
	return ladder->passed ? GB_OK : GB_E_UNAVAILABLE;
}

static enum gb_rc check_account(struct gb_session *session, struct gb_err *err)
{
	struct gb_probe_wait wait = {0};

	gb_directory_check_account(session->directory, gb_probe_waited, &wait);
	return gb_probe_await(session, &wait, err);
}

static void no_right(const struct gb_directory_container *container, struct gb_err *err)
{
	gb_err_set(err, GB_E_ACCESS, "directory-no-create",
		   _("The account may not create groups in %s."), container->dn);
	gb_err_remedy(err, _("Grant it the rights, or choose another container."));
}

/* The last step: the account is no administrator, and may create groups where it shall. */
static enum gb_rc judge_rights(struct ladder *ladder, struct gb_session *session, const char *dn,
			       struct gb_directory_container *container, struct gb_err *err)
{
	struct gb_directory_reference wanted = {.dn = dn};
	enum gb_rc rc = check_account(session, err);

	if (rc != GB_OK && ladder->probe->config->safety.accept_privileged_account &&
	    strcmp(err->id, "directory-account-privileged") == 0) {
		rc = GB_OK;
	}
	if (rc == GB_OK && dn) {
		rc = gb_probe_find_container(session, session, &wanted, container, err);
	}
	if (rc == GB_OK && dn && !container->can_create_groups) {
		no_right(container, err);
		rc = GB_E_ACCESS;
	}
	return rc;
}

static void tell_rights(struct ladder *ladder, struct gb_session *session,
			struct gb_directory_container *container)
{
	const char *dn = gb_probe_text(ladder->probe, "container");
	int64_t began_ms = gb_clock_boot_ms();
	struct gb_err err;
	enum gb_rc rc = judge_rights(ladder, session, dn, container, &err);
	const char *text = rc != GB_OK ? err.what
			   : dn       ? _("may create groups in the container")
				      : _("no administrator; no container is chosen yet");

	gb_probe_step(ladder->probe, "rights", ladder->passed, rc == GB_OK ? "ok" : "failed",
		      gb_clock_boot_ms() - began_ms, text, rc == GB_OK ? NULL : &err);
	if (rc != GB_OK) {
		ladder->failed_step = "rights";
		ladder->passed = NULL;
	}
}

static void send_result(struct ladder *ladder, struct gb_session *session,
			const struct gb_directory_container *container)
{
	struct gb_json_writer *w = gb_answer_result(&ladder->probe->answer);

	gb_json_put_bool(w, "passed", ladder->passed != NULL);
	gb_json_put_text(w, "failedStep", ladder->passed ? NULL : ladder->failed_step);
	gb_json_put_text(w, "server", ladder->passed);
	if (session) {
		gb_probe_put_facts(w, "facts", session->directory);
	} else {
		gb_json_put_null(w, "facts");
	}
	if (container->dn) {
		gb_json_begin_object(w, "container");
		gb_probe_put_container(w, container);
		gb_json_end_object(w);
	} else {
		gb_json_put_null(w, "container");
	}
	gb_answer_send(&ladder->probe->answer, w, true);
}

/* A ladder that does not hold is an answer, and no failure to answer. */
enum gb_rc gb_probe_directory_ladder(struct gb_probe *probe, struct gb_err *err)
{
	struct gb_directory_options options = {0};
	struct ladder ladder = {.probe = probe, .options = &options};
	struct gb_directory_container container = {0};
	struct gb_session *session = gb_session_new(probe, probe->config);
	struct gb_err why;
	enum gb_rc rc = gb_endpoints_directory(session, probe->config, &options, err);

	if (rc != GB_OK) {
		return rc;
	}
	if (try_servers(&ladder, &why) != GB_OK) {
		gb_probe_step(probe, "rights", NULL, "not-tried", -1, "", NULL);
		send_result(&ladder, NULL, &container);
		return GB_OK;
	}
	options.last_server = ladder.passed;
	rc = gb_directory_open(session, session->ev, &options, &session->directory, err);
	if (rc == GB_OK) {
		tell_rights(&ladder, session, &container);
		send_result(&ladder, session, &container);
	}
	return rc;
}

enum gb_rc gb_probe_directory_schema(struct gb_probe *probe, struct gb_err *err)
{
	struct gb_session *session;
	enum gb_rc rc = gb_probe_open_directory(probe, &session, err);

	if (rc == GB_OK) {
		struct gb_json_writer *w = gb_answer_result(&probe->answer);

		gb_probe_put_facts(w, "facts", session->directory);
		gb_answer_send(&probe->answer, w, true);
	}
	return rc;
}
