/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the questions about the directory share. */
#include "config.h"

#include "engine/probe/directory.h"

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/config/dn_text.h"
#include "engine/config/held.h"

void gb_probe_waited(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct gb_probe_wait *wait = user;

	wait->done = true;
	wait->rc = rc;
	if (rc != GB_OK) {
		wait->err = *err;
	}
}

void gb_probe_written(void *user, const struct gb_directory_outcome *outcome)
{
	gb_probe_waited(user, outcome->rc, outcome->err);
}

enum gb_rc gb_probe_await(struct gb_session *session, const struct gb_probe_wait *wait,
			  struct gb_err *err)
{
	gb_session_wait(session, &wait->done);
	if (wait->rc != GB_OK) {
		*err = wait->err;
	}
	return wait->rc;
}

/* Once, and in this process only: the draft that the wizard has is another copy. */
static enum gb_rc become_administrator(struct gb_probe *probe, const char *name, struct gb_err *err)
{
	struct gb_config_directory *directory = &probe->config->directory;

	if (!probe->administrator) {
		probe->field = (struct gb_answer_field){.secret = "administrator-password"};
		gb_err_set(err, GB_E_USAGE, "secret-missing",
			   _("The administrator's password is missing."));
		return gb_err_undone(err, _("Nothing was changed."));
	}
	directory->account = gb_strdup(probe->config, name);
	directory->bind = GB_CONFIG_BIND_SIMPLE;
	gb_held_put(probe->config, GB_HELD_DIRECTORY_PASSWORD, probe->administrator);
	return GB_OK;
}

enum gb_rc gb_probe_open_directory(struct gb_probe *probe, struct gb_session **ret_session,
				   struct gb_err *err)
{
	const char *administrator = gb_probe_text(probe, "administrator");
	enum gb_rc rc = GB_OK;

	if (administrator) {
		rc = become_administrator(probe, administrator, err);
	}
	if (rc == GB_OK) {
		*ret_session = gb_session_new(probe, probe->config);
		rc = gb_session_open_directory(*ret_session, err);
	}
	return rc;
}

void gb_probe_step(struct gb_probe *probe, const char *step, const char *server,
		   const char *verdict, int64_t time_ms, const char *text,
		   const struct gb_err *err)
{
	struct gb_json_writer *w = gb_answer_item("step");

	gb_json_put_text(w, "step", step);
	gb_json_put_text(w, "server", server);
	gb_json_put_text(w, "verdict", verdict);
	if (time_ms < 0) {
		gb_json_put_null(w, "timeMs");
	} else {
		gb_json_put_int(w, "timeMs", time_ms);
	}
	gb_json_put_text(w, "text", text);
	gb_answer_put_error(w, "error", err);
	gb_answer_send(&probe->answer, w, false);
}

static void put_guid(struct gb_json_writer *w, const char *key, const struct gb_guid *guid)
{
	char text[GB_GUID_TEXT_BYTES];

	gb_json_put_text(w, key, gb_guid_format(guid, text));
}

static void put_sid(struct gb_json_writer *w, const char *key, const struct gb_sid *sid)
{
	char text[GB_SID_TEXT_BYTES];

	if (gb_sid_is_none(sid)) {
		gb_json_put_null(w, key);
	} else {
		gb_sid_format(sid, text);
		gb_json_put_text(w, key, text);
	}
}

void gb_probe_put_facts(struct gb_json_writer *w, const char *key, struct gb_directory *directory)
{
	const struct gb_directory_facts *facts = gb_directory_facts(directory);

	gb_json_begin_object(w, key);
	gb_json_put_text(w, "server", facts->server);
	gb_json_put_text(w, "dnsHostName", facts->dns_host_name);
	gb_json_put_text(w, "dialect", facts->dialect == GB_DIALECT_AD ? "ad" : "ldap");
	gb_json_put_text(w, "domain", facts->domain_dn);
	put_guid(w, "domainGuid", &facts->domain_guid);
	put_sid(w, "domainSid", &facts->domain_sid);
	gb_json_put_text(w, "rootDomain", facts->root_domain_dn);
	gb_json_put_bool(w, "globalCatalog", facts->is_global_catalog);
	gb_json_put_bool(w, "hasExternalId", facts->has_external_id);
	gb_json_put_bool(w, "hasMailNickname", facts->has_mail_nickname);
	gb_json_put_bool(w, "hasRecycleBin", facts->has_recycle_bin);
	gb_json_end_object(w);
}

void gb_probe_put_container(struct gb_json_writer *w,
			    const struct gb_directory_container *container)
{
	/* The spelling that the configuration takes; a server's own may hold bare blanks or '#'. */
	char *dn = gb_dn_text_canonical(NULL, container->dn);

	gb_json_put_text(w, "dn", dn ? dn : container->dn);
	put_guid(w, "guid", &container->guid);
	gb_json_put_text(w, "name", container->name);
	gb_json_put_text(w, "containerKind",
			 container->is_domain ? "domain"
			 : container->is_unit ? "unit"
					      : "container");
	gb_json_put_bool(w, "canCreateGroups", container->can_create_groups);
	gb_json_put_bool(w, "canCreateUnits", container->can_create_units);
	gb_json_put_bool(w, "builtIn", container->is_built_in);
	gb_json_put_text(w, "note",
			 container->is_built_in ? _("belongs to the system; keep out")
			 : container->is_domain ? _("the whole domain; choose a unit below it")
						: "");
	talloc_free(dn);
}

/* One container that is looked for. */
struct finding {
	struct gb_probe_wait wait; /* first: gb_probe_waited() takes a finding for one */
	const void *ctx;
	struct gb_directory_container *container;
};

static enum gb_rc on_found(void *user, const struct gb_directory_container *container)
{
	struct finding *finding = user;

	*finding->container = *container;
	finding->container->dn = gb_strdup(finding->ctx, container->dn);
	finding->container->dn_key = gb_strdup(finding->ctx, container->dn_key);
	finding->container->name = gb_strdup(finding->ctx, container->name);
	return GB_OK;
}

enum gb_rc gb_probe_find_container(const void *ctx, struct gb_session *session,
				   const struct gb_directory_reference *wanted,
				   struct gb_directory_container *ret_container, struct gb_err *err)
{
	struct finding finding = {.ctx = ctx, .container = ret_container};

	gb_directory_find_container(session->directory, wanted, on_found, gb_probe_waited,
				    &finding);
	return gb_probe_await(session, &finding.wait, err);
}
