/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Connect your directory: domain controllers, the way in, the account; a ladder of tests from the name to
 * the rights, each rung with its result.
 */
#include "config.h"

#include "pages/directory.h"

#include <ctype.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/digest.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "pages/done.h"
#include "pages/pages.h"
#include "pages/question.h"
#include "wizard/ask.h"
#include "wizard/steps.h"
#include "wizard/wizard.h"

#define PAGE "directory"

/** What an answers file agrees by, to go on although something is missing. */
#define UNTESTED "setup.go on without directory"

/** Fingerprint (SHA-256) of the certificate that is trusted though its authority is unknown. */
#define TRUSTED "setup.trust certificate"

/** Where a CA that is pinned is written to at Configure, beside the configuration, if no other file was named. */
#define CA_FILE "directory-ca.pem"
/** Bytes of chance in a password that is made here; as base64 with a suffix it suits AD's rules. */
#define PASSWORD_BYTES 24

struct directory_state {
	struct wz_directory_facts facts;
	struct wz_steps *steps;
	struct wz_ask *ask; /* of this page, while it runs */
	uint64_t tested;    /* stamp of the values that the steps speak of */
	bool passed;        /* the test of these values went well */
	bool accepted;      /* somebody goes on without */
	bool is_leaving;    /* Next waits for the answer */
	char *pin_pem;      /* certificate that could be trusted from now on; or NULL */
	char *pin_subject;  /* who it is */
	char *pin_sha256;   /* its fingerprint */
	char *pin_path;     /* where the answers have it written to; NULL: beside the configuration */
	bool is_pinned;     /* it was trusted here; a test that fails once more has another reason */
};

static struct directory_state *state_of(struct wz *wz)
{
	struct directory_state *state = wz_state(wz, PAGE);

	if (!state->steps) {
		state->steps = wz_steps_new(state);
	}
	return state;
}

const struct wz_directory_facts *wz_directory_facts(struct wz *wz)
{
	return &state_of(wz)->facts;
}

void wz_directory_take_facts(struct wz *wz, const struct gb_json *facts)
{
	struct directory_state *state = state_of(wz);

	if (!facts || gb_json_kind(facts) != GB_JSON_OBJECT) {
		return;
	}
	talloc_free(state->facts.domain);
	talloc_free(state->facts.server);
	state->facts = (struct wz_directory_facts){
		.known = true,
		.has_external_id = gb_json_get_bool(facts, "hasExternalId", false),
		.has_mail_nickname = gb_json_get_bool(facts, "hasMailNickname", false),
		.has_recycle_bin = gb_json_get_bool(facts, "hasRecycleBin", false),
		.domain = gb_strdup(state, gb_json_get_text(facts, "domain")),
		.server = gb_strdup(state, gb_json_get_text(facts, "server")),
	};
}

static uint64_t stamp(struct wz *wz)
{
	uint64_t values = wz_stamp(wz, "directory.");
	uint64_t secrets = wz_stamp(wz, "secret.directory-");

	return values > secrets ? values : secrets;
}

/* What is shown when ------------------------------------------------------------------------- */

static bool is_simple(struct wz *wz)
{
	return wz_is(wz, "directory.bind", "simple");
}

static bool is_kerberos(struct wz *wz)
{
	return !is_simple(wz);
}

static bool is_over_tls(struct wz *wz)
{
	return !wz_is(wz, "directory.transport", "gssapi-seal");
}

static bool is_account_made(struct wz *wz)
{
	return is_simple(wz) && wz_is(wz, "setup.account", "create");
}

static bool is_account_there(struct wz *wz)
{
	return !is_account_made(wz);
}

static bool is_password_asked(struct wz *wz)
{
	return is_simple(wz) && is_account_there(wz);
}

static bool has_steps(struct wz *wz)
{
	return wz_steps_count(state_of(wz)->steps) > 0;
}

static bool has_pin(struct wz *wz)
{
	return state_of(wz)->pin_pem != NULL;
}

/* The ladder --------------------------------------------------------------------------------- */

static struct wz_steps *steps_of(struct wz *wz)
{
	return state_of(wz)->steps;
}

static const struct wz_list step_list = {.steps = steps_of};

static void go_on(struct wz *wz)
{
	struct directory_state *state = state_of(wz);

	if (state->is_leaving) {
		state->is_leaving = false;
		wz_go_on(wz);
	}
}

static void stay(struct wz *wz)
{
	state_of(wz)->is_leaving = false;
	wz_stay(wz);
}

static void go_on_untested(struct wz *wz)
{
	struct directory_state *state = state_of(wz);

	state->accepted = true;
	state->tested = stamp(wz);
	go_on(wz);
}

static void ask_whether_to_go_on(struct wz *wz)
{
	const struct wz_question question = {
		.text = _("The directory could not be used as it is now. The containers cannot be "
			  "shown, and the engine will fail until that is mended."),
		.keep = N_("Stay here"),
		.agree = _("Go on with a directory that does not answer"),
		.answer = UNTESTED,
		.agreed = go_on_untested,
		.kept = stay,
	};

	if (state_of(wz)->is_leaving) {
		wz_confirm(wz, &question);
	}
}

/* The authority is better than the server: it outlives the server's next certificate. */
static void remember_pin(struct wz *wz, const struct gb_json *item)
{
	struct directory_state *state = state_of(wz);
	const char *pem = gb_json_get_text(item, "pem");
	const char *subject = gb_json_get_text(item, "subject");
	const char *sha256 = gb_json_get_text(item, "sha256");

	if (!pem || !gb_json_get_bool(item, "pinnable", false)) {
		return;
	}
	talloc_free(state->pin_pem);
	talloc_free(state->pin_subject);
	talloc_free(state->pin_sha256);
	state->pin_pem = gb_strdup(state, pem);
	state->pin_subject = gb_strdup(state, subject ? subject : "");
	state->pin_sha256 = gb_strdup(state, sha256 ? sha256 : "");
}

static void on_item(struct wz *wz, void *data, const struct gb_json *event)
{
	const char *kind = gb_json_get_text(event, "kind");

	(void)data;
	if (kind && strcmp(kind, "step") == 0) {
		wz_steps_take(state_of(wz)->steps, event);
	} else if (kind && strcmp(kind, "certificate") == 0) {
		remember_pin(wz, event);
	}
	wz_touch(wz);
}

static void on_failed(struct wz *wz, void *data, const struct gb_err *err,
		      const struct gb_json *event)
{
	struct directory_state *state = state_of(wz);

	(void)data;
	(void)event;
	state->ask = NULL;
	wz_say_err(wz, err);
	if (err->rc == GB_E_CANCELLED) {
		stay(wz);
	} else {
		ask_whether_to_go_on(wz);
	}
}

static void test(struct wz *wz);

static void pin(struct wz *wz)
{
	struct directory_state *state = state_of(wz);
	const char *config = wz_config_path(wz);
	const char *slash = strrchr(config, '/');
	char *path = gb_printf(state, "%.*s" CA_FILE, slash ? (int)(slash + 1 - config) : 0, config);

	wz_set_secret(wz, "secret.directory-ca",
		      gb_secret_new(NULL, state->pin_pem, strlen(state->pin_pem)));
	if (!*wz_value(wz, "directory.ca file")) {
		wz_set(wz, "directory.ca file", state->pin_path ? state->pin_path : path);
	}
	wz_set(wz, TRUSTED, state->pin_sha256);
	talloc_free(path);
	TALLOC_FREE(state->pin_pem);
	state->is_pinned = true;
	wz_say(wz, WZ_PLAIN, _("Trusted from now on; Configure writes it to %s. Test again."),
	       wz_value(wz, "directory.ca file"));
}

static bool is_same_fingerprint(const char *a, const char *b)
{
	for (; *a || *b; a++, b++) {
		a += strspn(a, ": ");
		b += strspn(b, ": ");
		if (toupper((unsigned char)*a) != toupper((unsigned char)*b)) {
			return false;
		}
		if (!*a) {
			break;
		}
	}
	return true;
}

static void refuse_certificate(struct wz *wz)
{
	struct directory_state *state = state_of(wz);
	struct gb_err err;

	gb_err_clear(&err);
	gb_err_set(&err, GB_E_CONFIG, "certificate-differs",
		   _("The server shows another certificate than the one that the answers trust: "
		     "SHA-256 %s."),
		   state->pin_sha256);
	gb_err_remedy(&err, _("Ask the administrator of the domain controllers why. If it is "
			      "right, write this fingerprint into [setup] trust certificate."));
	wz_say_err(wz, &err);
	stay(wz);
}

/* Nobody is there to compare: an answers file consents to one certificate by its fingerprint, and to no other. */
static bool trusted_by_answer(struct wz *wz)
{
	struct directory_state *state = state_of(wz);
	const char *wanted = wz_value(wz, TRUSTED);

	if (!wz_is_unattended(wz) || !*wanted || state->is_pinned) {
		return false;
	}
	if (is_same_fingerprint(wanted, state->pin_sha256)) {
		pin(wz);
		test(wz);
	} else {
		refuse_certificate(wz);
	}
	return true;
}

static void on_tested(struct wz *wz, void *data, const struct gb_json *event)
{
	struct directory_state *state = state_of(wz);
	const char *server = gb_json_get_text(event, "server");

	(void)data;
	state->ask = NULL;
	state->tested = stamp(wz);
	state->passed = gb_json_get_bool(event, "passed", false);
	wz_directory_take_facts(wz, gb_json_get(event, "facts"));
	if (state->passed) {
		wz_say(wz, WZ_GOOD, _("%s answers, and the account may read the domain."),
		       server ? server : "");
		go_on(wz);
		return;
	}
	if (has_pin(wz) && trusted_by_answer(wz)) {
		return;
	}
	if (has_pin(wz)) {
		wz_say(wz, WZ_BAD, _("The server's certificate is not trusted. Name the CA file, or "
				     "compare its fingerprint and trust it."));
	} else if (!wz_steps_say_failure(wz, state->steps)) {
		wz_say(wz, WZ_BAD, _("The test has failed. F2 on a step says what to do."));
	}
	ask_whether_to_go_on(wz);
}

/* Answers that were taken along to another machine name a file that only their own machine has. */
static void forget_ca_of_elsewhere(struct wz *wz)
{
	struct directory_state *state = state_of(wz);
	const char *path = wz_value(wz, "directory.ca file");

	if (wz_is_unattended(wz) && *wz_value(wz, TRUSTED) && *path && !state->is_pinned &&
	    access(path, F_OK) != 0) {
		state->pin_path = gb_strdup(state, path);
		wz_set(wz, "directory.ca file", "");
	}
}

static enum gb_rc read_keytab(struct wz *wz, struct gb_err *err)
{
	return is_kerberos(wz) ? wz_question_read_secret(wz, "once.keytab file",
							 "secret.directory-keytab", true, err)
			       : GB_OK;
}

static void expect_steps(struct wz *wz)
{
	static const char *const steps[] = {"name", "tcp", "tls", "sign-in", "read", "rights"};
	struct directory_state *state = state_of(wz);

	wz_steps_clear(state->steps);
	for (size_t i = 0; i < GB_ARRAY_SIZE(steps); i++) {
		if (is_over_tls(wz) || strcmp(steps[i], "tls") != 0) {
			wz_steps_expect(state->steps, steps[i], NULL);
		}
	}
}

static void test(struct wz *wz)
{
	static const struct wz_answers answers = {
		.item = on_item,
		.done = on_tested,
		.failed = on_failed,
	};
	struct directory_state *state = state_of(wz);
	const char *container = wz_value(wz, "writeback.container");
	struct gb_err err;

	if (read_keytab(wz, &err) != GB_OK) {
		wz_say_err(wz, &err);
		stay(wz);
		return;
	}
	forget_ca_of_elsewhere(wz);
	talloc_free(state->ask);
	TALLOC_FREE(state->pin_pem);
	expect_steps(wz);
	state->ask = wz_question_new(wz, PAGE, "directory.ladder");
	gb_json_put_text(wz_ask_arguments(state->ask), "container", *container ? container : NULL);
	wz_ask_start(state->ask, _("Testing the directory…"), &answers, NULL);
}

/* Finding domain controllers ----------------------------------------------------------------- */

static void on_found(struct wz *wz, void *data, const struct gb_json *event)
{
	const char *servers = gb_json_get_text(event, "servers");

	(void)data;
	state_of(wz)->ask = NULL;
	if (servers && *servers) {
		wz_set(wz, "directory.servers", servers);
		wz_say(wz, WZ_GOOD, _("Found by DNS: %s"), servers);
	} else {
		wz_say(wz, WZ_BAD, _("No usable domain controller was found by DNS. Type their "
				     "names."));
	}
}

static void on_not_found(struct wz *wz, void *data, const struct gb_err *err,
			 const struct gb_json *event)
{
	(void)data;
	(void)event;
	state_of(wz)->ask = NULL;
	wz_say_err(wz, err);
}

static void find_servers(struct wz *wz)
{
	static const struct wz_answers answers = {.done = on_found, .failed = on_not_found};
	struct directory_state *state = state_of(wz);
	const char *site = wz_value(wz, "setup.site");
	struct gb_json_writer *arguments;

	talloc_free(state->ask);
	state->ask = wz_question_new(wz, PAGE, "directory.discover");
	arguments = wz_ask_arguments(state->ask);
	gb_json_put_text(arguments, "domain", wz_value(wz, "setup.domain"));
	gb_json_put_text(arguments, "site", *site ? site : NULL);
	wz_ask_start(state->ask, _("Asking DNS for domain controllers…"), &answers, NULL);
}

static const char *domain_is_missing(struct wz *wz)
{
	return *wz_value(wz, "setup.domain") ? NULL : _("type the domain first");
}

/* Trusting a certificate that was shown ------------------------------------------------------ */

static void ask_to_pin(struct wz *wz)
{
	struct directory_state *state = state_of(wz);
	const struct wz_question question = {
		.text = gb_printf(state,
				  _("Compare this with what the administrator of the domain "
				    "controllers says, by telephone or on the server itself:\n\n"
				    "%s\nSHA-256 %s"),
				  state->pin_subject, state->pin_sha256),
		.keep = N_("Do not trust it"),
		.agree = _("It is the same: trust it"),
		.agreed = pin,
	};

	wz_confirm(wz, &question);
}

/* An account that is made here --------------------------------------------------------------- */

/* Long, of every class that AD asks for, and seen by nobody. */
static struct gb_secret *new_password(void)
{
	uint8_t bytes[PASSWORD_BYTES];
	struct gb_secret *secret;
	char *text;

	gb_digest_random(bytes, sizeof(bytes));
	text = gb_digest_base64url(NULL, bytes, sizeof(bytes));
	secret = gb_secret_new_empty(NULL, strlen(text) + 4);
	memcpy(gb_secret_room(secret), text, strlen(text));
	memcpy(gb_secret_room(secret) + strlen(text), "Aa1.", 4);
	gb_secret_set_length(secret, strlen(text) + 4);
	gb_secret_wipe(text, strlen(text));
	gb_secret_wipe(bytes, sizeof(bytes));
	talloc_free(text);
	return secret;
}

static void on_account_made(struct wz *wz, void *data, const struct gb_json *event)
{
	const char *dn = gb_json_get_text(gb_json_get(event, "account"), "dn");

	(void)data;
	state_of(wz)->ask = NULL;
	wz_question_take_config(wz, gb_json_get(event, "config"));
	wz_set(wz, "setup.account", "existing");
	wz_done_add(wz, _("account created in the directory: %s"), dn ? dn : "");
	wz_say(wz, WZ_GOOD, _("The account is there: %s"), dn ? dn : "");
}

static void make_account(struct wz *wz)
{
	static const struct wz_answers answers = {.done = on_account_made, .failed = on_not_found};
	struct directory_state *state = state_of(wz);
	struct gb_json_writer *arguments;

	wz_set_secret(wz, "secret.directory-password", new_password());
	talloc_free(state->ask);
	state->ask = wz_question_new(wz, PAGE, "directory.create-account");
	wz_ask_secret(state->ask, "administrator-password",
		      wz_secret(wz, "secret.administrator-password"));
	arguments = wz_ask_arguments(state->ask);
	gb_json_put_text(arguments, "administrator", wz_value(wz, "once.administrator"));
	gb_json_put_text(arguments, "parent", wz_value(wz, "setup.account parent"));
	gb_json_put_text(arguments, "name", wz_value(wz, "setup.account name"));
	wz_ask_start(state->ask, _("Creating the account…"), &answers, NULL);
}

static bool is_discovered(struct wz *wz)
{
	return *wz_value(wz, "directory.discover") != '\0';
}

static bool has_no_servers(struct wz *wz)
{
	return is_discovered(wz) || !*wz_value(wz, "directory.servers");
}

static enum gb_rc check_servers(struct wz *wz, const char *text, struct gb_err *err)
{
	if (!*text && !is_discovered(wz)) {
		gb_err_set(err, GB_E_CONFIG, "field-empty", _("No domain controller is named."));
		return gb_err_remedy(err, _("Find them by DNS, or type their names."));
	}
	if (*text && is_discovered(wz)) {
		gb_err_set(err, GB_E_CONFIG, "field-both",
			   _("Domain controllers are named, and found in each run as well."));
		return gb_err_remedy(err, _("Empty one of the two fields."));
	}
	return GB_OK;
}

/* The page ----------------------------------------------------------------------------------- */

static enum wz_leave leave(struct wz *wz)
{
	struct directory_state *state = state_of(wz);

	if ((state->passed || state->accepted) && state->tested == stamp(wz)) {
		return WZ_GO;
	}
	if (is_account_made(wz)) {
		wz_say(wz, WZ_BAD, _("The account does not exist yet. Press \"Create the "
				     "account\", or use an existing one."));
		return WZ_STAY;
	}
	state->is_leaving = true;
	test(wz);
	return WZ_WAIT;
}

static char *summary(const void *ctx, struct wz *wz)
{
	struct directory_state *state = state_of(wz);
	const char *server =
		state->facts.server ? state->facts.server : wz_value(wz, "directory.servers");

	return state->passed ? gb_strdup(ctx, server)
			     : gb_printf(ctx, _("%s, not tested"), server);
}

static const struct wz_choice accounts[] = {
	{"existing", N_("Use an existing account")},
	{"create", N_("Create one now, with an administrator's password that is used once")},
	{NULL, NULL},
};

static const struct wz_field fields[] = {
	{
		.kind = WZ_TEXT,
		.name = "setup.domain",
		.label = N_("Domain"),
		.example = "corp.example.com",
		.width = 40,
		.help = N_("DNS name of the domain. With it, domain controllers can be found by "
			   "DNS."),
	},
	{
		.kind = WZ_TEXT,
		.name = "setup.site",
		.label = N_("Site"),
		.example = "Default-First-Site-Name",
		.width = 24,
		.text = N_("empty: any"),
		.help = N_("Site of Active Directory whose domain controllers are preferred."),
	},
	{
		.kind = WZ_ACTION,
		.label = N_("Find domain controllers"),
		.press = find_servers,
		.blocked = domain_is_missing,
	},
	{
		.kind = WZ_TEXT,
		.name = "directory.servers",
		.label = N_("Domain controllers"),
		.example = "dc1.corp.example.com dc2.corp.example.com",
		.width = 50,
		.check = check_servers,
	},
	{
		.kind = WZ_TEXT,
		.name = "directory.discover",
		.label = N_("Or found in each run, of"),
		.alone = N_("Controllers found by DNS of"),
		.example = "corp.example.com",
		.width = 40,
		.shown = has_no_servers,
	},
	{
		.kind = WZ_TEXT,
		.name = "directory.site",
		.label = N_("Of the site"),
		.alone = N_("Site of the controllers"),
		.example = "Default-First-Site-Name",
		.width = 24,
		.text = N_("empty: any"),
		.shown = is_discovered,
	},
	{
		.kind = WZ_CHOICE,
		.name = "directory.transport",
		.label = N_("Security"),
		.alone = N_("Security of the directory"),
	},
	{
		.kind = WZ_TEXT,
		.name = "directory.ca file",
		.label = N_("CA file"),
		.alone = N_("CA file of the directory"),
		.text = N_("empty: the system's"),
		.example = "/etc/groupback/" CA_FILE,
		.width = 40,
		.shown = is_over_tls,
	},
	{
		.kind = WZ_CHOICE,
		.name = "directory.bind",
		.label = N_("Sign in by"),
		.alone = N_("Sign-in to the directory"),
	},
	{
		.kind = WZ_CHOICE,
		.name = "setup.account",
		.label = N_("Service account"),
		.fallback = "existing",
		.choices = accounts,
		.shown = is_simple,
		.help = N_("An ordinary account whose only right is to write groups in one "
			   "container. Domain and Enterprise Admins are refused."),
	},
	{
		.kind = WZ_TEXT,
		.name = "once.administrator",
		.label = N_("Administrator"),
		.example = "administrator@corp.example.com",
		.width = 40,
		.flags = WZ_BY_HAND,
		.shown = is_account_made,
		.help = N_("Whose rights are used to create the account, once."),
	},
	{
		.kind = WZ_SECRET,
		.name = "secret.administrator-password",
		.label = N_("Password"),
		.text = N_("used once, not stored"),
		.width = 32,
		.flags = WZ_ONCE | WZ_BY_HAND,
		.shown = is_account_made,
	},
	{
		.kind = WZ_DN,
		.name = "setup.account parent",
		.label = N_("Create it in"),
		.example = "OU=Service Accounts,DC=corp,DC=example,DC=com",
		.width = 50,
		.shown = is_account_made,
	},
	{
		.kind = WZ_TEXT,
		.name = "setup.account name",
		.label = N_("Account name"),
		.fallback = "svc-groupback",
		.width = 20,
		.shown = is_account_made,
	},
	{
		.kind = WZ_ACTION,
		.label = N_("Create the account"),
		.press = make_account,
		.shown = is_account_made,
		.text = N_("writes to the directory now"),
	},
	{
		.kind = WZ_TEXT,
		.name = "directory.account",
		.label = N_("Account"),
		.alone = N_("Directory account"),
		.example = "svc-groupback@corp.example.com",
		.width = 50,
		.flags = WZ_NEEDED,
		.shown = is_account_there,
	},
	{
		.kind = WZ_SECRET,
		.name = "secret.directory-password",
		.label = N_("Password"),
		.text = N_("empty: as stored"),
		.width = 32,
		.shown = is_password_asked,
	},
	{
		.kind = WZ_TEXT,
		.name = "once.keytab file",
		.label = N_("Keytab, from file"),
		.example = "/root/svc-groupback.keytab",
		.text = N_("empty: as stored"),
		.width = 40,
		.shown = is_kerberos,
	},
	{
		.kind = WZ_STEPS,
		.label = N_("Test result"),
		.list = &step_list,
		.flags = WZ_GROW,
		.shown = has_steps,
	},
	{
		.kind = WZ_ACTION,
		.label = N_("Trust this CA"),
		.press = ask_to_pin,
		.flags = WZ_FOOT | WZ_BY_HAND,
		.shown = has_pin,
	},
	{.kind = WZ_ACTION, .label = N_("Test"), .press = test, .flags = WZ_FOOT | WZ_TESTS},
	{
		.kind = WZ_TEXT,
		.name = TRUSTED,
		.flags = WZ_CONSENT,
		.help = N_("SHA-256 of a certificate that is trusted, although its authority is not known "
			   "here."),
	},
	{.kind = WZ_CHECK, .name = UNTESTED, .flags = WZ_CONSENT},
	{.kind = WZ_END},
};

const struct wz_page wz_page_directory = {
	.id = PAGE,
	.title = N_("Connect your directory"),
	.help = N_("The engine writes to one domain. The test goes from the name of the server to "
		   "the rights of the account and stops at the first step that fails; it signs in "
		   "once, so that it locks nobody out."),
	.fields = fields,
	.state_bytes = sizeof(struct directory_state),
	.wanted = wz_task_directory,
	.leave = leave,
	.summary = summary,
};
