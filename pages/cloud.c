/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Connect to Microsoft Entra ID: cloud and tenant; an application that is created here with a one-time
 * sign-in, or one that exists; a test with the engine's own client.
 */
#include "config.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "pages/done.h"
#include "pages/pages.h"
#include "pages/question.h"
#include "pages/sign_in.h"
#include "wizard/ask.h"
#include "wizard/steps.h"
#include "wizard/wizard.h"

#define PAGE "cloud"

/** What an answers file agrees by, to go on although something is missing. */
#define UNTESTED "setup.go on without cloud"

/** Where the application comes from. */
#define APPLICATION "setup.application"

struct cloud_state {
	struct wz_steps *steps;
	struct wz_sign_in *sign_in;
	struct wz_ask *ask;  /* of this page, while it runs */
	uint64_t tested;     /* stamp of the values that the steps speak of */
	bool passed;         /* the test of these values went well */
	bool accepted;       /* somebody goes on without */
	bool is_leaving;     /* Next waits for the answer */
	char *tenant_name;   /* as the tenant calls itself */
};

static struct cloud_state *state_of(struct wz *wz)
{
	struct cloud_state *state = wz_state(wz, PAGE);

	if (!state->steps) {
		state->steps = wz_steps_new(state);
		state->sign_in = wz_sign_in_new(state);
	}
	return state;
}

static uint64_t stamp(struct wz *wz)
{
	uint64_t values = wz_stamp(wz, "cloud.");
	uint64_t secrets = wz_stamp(wz, "secret.cloud-");

	return values > secrets ? values : secrets;
}

static bool is_tested(struct wz *wz)
{
	struct cloud_state *state = state_of(wz);

	return (state->passed || state->accepted) && state->tested == stamp(wz);
}

/* What is shown when ------------------------------------------------------------------------- */

static bool is_waiting(struct wz *wz)
{
	return wz_sign_in_is_waiting(state_of(wz)->sign_in);
}

/* While somebody signs in, the page is about nothing else. */
static bool is_asking(struct wz *wz)
{
	return !is_waiting(wz);
}

static bool is_custom(struct wz *wz)
{
	return is_asking(wz) && wz_is(wz, "cloud.environment", "custom");
}

static bool is_created(struct wz *wz)
{
	return wz_is(wz, APPLICATION, "create");
}

static bool is_existing(struct wz *wz)
{
	return !is_created(wz);
}

static bool is_certificate(struct wz *wz)
{
	return is_existing(wz) && wz_is(wz, "cloud.credential", "certificate");
}

static bool is_secret(struct wz *wz)
{
	return is_existing(wz) && wz_is(wz, "cloud.credential", "secret");
}

static bool is_machine(struct wz *wz)
{
	return is_existing(wz) && wz_is(wz, "cloud.credential", "managed-identity");
}

static bool is_before_sign_in(struct wz *wz)
{
	return is_created(wz) && is_asking(wz);
}

static bool has_steps(struct wz *wz)
{
	return !is_waiting(wz) && wz_steps_count(state_of(wz)->steps) > 0;
}

static char *live_url(const void *ctx, struct wz *wz)
{
	return gb_strdup(ctx, wz_sign_in_url(state_of(wz)->sign_in));
}

static char *live_code(const void *ctx, struct wz *wz)
{
	return wz_sign_in_code_line(ctx, state_of(wz)->sign_in);
}

static char *live_waiting(const void *ctx, struct wz *wz)
{
	return wz_sign_in_state_line(ctx, state_of(wz)->sign_in);
}

/* The steps of the test ---------------------------------------------------------------------- */

static struct wz_steps *steps_of(struct wz *wz)
{
	return state_of(wz)->steps;
}

static const struct wz_list step_list = {.steps = steps_of};

/* Answers of the engine ---------------------------------------------------------------------- */

static void go_on(struct wz *wz)
{
	struct cloud_state *state = state_of(wz);

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
	struct cloud_state *state = state_of(wz);

	state->accepted = true;
	state->tested = stamp(wz);
	go_on(wz);
}

/* Only Next asks: whoever pressed Test reads the result and stays. */
static void ask_whether_to_go_on(struct wz *wz)
{
	const struct wz_question question = {
		.text = _("The tenant could not be used as it is now. The engine will fail until "
			  "that is mended."),
		.keep = N_("Stay here"),
		.agree = _("Go on without a working sign-in"),
		.answer = UNTESTED,
		.agreed = go_on_untested,
		.kept = stay,
	};

	if (state_of(wz)->is_leaving) {
		wz_confirm(wz, &question);
	}
}

static void on_item(struct wz *wz, void *data, const struct gb_json *event)
{
	struct cloud_state *state = state_of(wz);
	const char *kind = gb_json_get_text(event, "kind");
	const char *warning = gb_json_get_text(event, "warning");

	(void)data;
	if (!kind) {
		return;
	}
	if (strcmp(kind, "step") == 0) {
		wz_steps_take(state->steps, event);
	} else if (strcmp(kind, "sign-in") == 0) {
		wz_sign_in_take(wz, state->sign_in, event);
	} else if (strcmp(kind, "feature") == 0 && warning && *warning) {
		wz_steps_add(state->steps, WZ_WARN, _("The tenant"), warning);
	}
	wz_touch(wz);
}

static void on_progress(struct wz *wz, void *data, const struct gb_json *event)
{
	(void)data;
	wz_steps_take(state_of(wz)->steps, event);
	wz_touch(wz);
}

static void on_failed(struct wz *wz, void *data, const struct gb_err *err,
		      const struct gb_json *event)
{
	struct cloud_state *state = state_of(wz);

	(void)data;
	(void)event;
	state->ask = NULL;
	state->passed = false;
	wz_sign_in_end(wz, state->sign_in);
	wz_say_err(wz, err);
	if (is_created(wz) || err->rc == GB_E_CANCELLED) {
		stay(wz);
	} else {
		ask_whether_to_go_on(wz);
	}
}

static void on_tested(struct wz *wz, void *data, const struct gb_json *event)
{
	struct cloud_state *state = state_of(wz);
	const char *name = gb_json_get_text(gb_json_get(event, "tenant"), "displayName");

	(void)data;
	state->ask = NULL;
	state->tested = stamp(wz);
	state->passed = gb_json_get_bool(event, "passed", false);
	talloc_free(state->tenant_name);
	state->tenant_name = gb_strdup(state, name);
	if (state->passed) {
		wz_say(wz, WZ_GOOD, _("The application can read %s."), name ? name : "");
		go_on(wz);
	} else {
		if (!wz_steps_say_failure(wz, state->steps)) {
			wz_say(wz, WZ_BAD, _("The test has failed. F2 on a step says what to do."));
		}
		ask_whether_to_go_on(wz);
	}
}

static void test(struct wz *wz)
{
	static const struct wz_answers answers = {
		.item = on_item,
		.done = on_tested,
		.failed = on_failed,
	};
	static const char *const steps[] = {"discover", "token", "roles", "tenant"};
	struct cloud_state *state = state_of(wz);
	struct gb_err err;

	if (wz_question_read_secret(wz, "once.key file", "secret.cloud-key", false, &err) !=
	    GB_OK) {
		wz_say_err(wz, &err);
		stay(wz);
		return;
	}
	talloc_free(state->ask);
	wz_steps_clear(state->steps);
	for (size_t i = 0; i < GB_ARRAY_SIZE(steps); i++) {
		wz_steps_expect(state->steps, steps[i], NULL);
	}
	state->ask = wz_question_new(wz, PAGE, "cloud.check");
	wz_ask_start(state->ask, _("Testing the sign-in…"), &answers, NULL);
}

/* The application that is created here ------------------------------------------------------- */

static void on_created(struct wz *wz, void *data, const struct gb_json *event)
{
	struct cloud_state *state = state_of(wz);
	const char *id = gb_json_get_text(event, "clientId");

	(void)data;
	state->ask = NULL;
	wz_sign_in_end(wz, state->sign_in);
	wz_question_take_config(wz, gb_json_get(event, "config"));
	wz_set(wz, APPLICATION, "existing");
	wz_done_add(wz, _("application created in the tenant: %s"), id ? id : "");
	state->tested = stamp(wz);
	state->passed = true;
	wz_say(wz, WZ_GOOD, _("The application is there and may read what it must."));
	go_on(wz);
}

static void put_default(struct wz *wz, struct gb_json_writer *arguments)
{
	if (wz_is(wz, "setup.new groups", "on") || wz_is(wz, "setup.new groups", "off")) {
		gb_json_put_bool(arguments, "newGroupsDefault", wz_is(wz, "setup.new groups", "on"));
	}
}

static void create(struct wz *wz)
{
	static const struct wz_answers answers = {
		.item = on_item,
		.progress = on_progress,
		.done = on_created,
		.failed = on_failed,
	};
	struct cloud_state *state = state_of(wz);

	talloc_free(state->ask);
	wz_steps_clear(state->steps);
	state->ask = wz_question_new(wz, PAGE, "application.create");
	put_default(wz, wz_ask_arguments(state->ask));
	wz_ask_start(state->ask, _("Creating the application…"), &answers, NULL);
}

static void copy_code(struct wz *wz)
{
	wz_copy(wz, wz_sign_in_code(state_of(wz)->sign_in));
}

static void stop_waiting(struct wz *wz)
{
	struct cloud_state *state = state_of(wz);

	TALLOC_FREE(state->ask);
	wz_sign_in_end(wz, state->sign_in);
	wz_say(wz, WZ_PLAIN, _("Nobody is waited for any more. What was done so far is remembered; "
			       "\"Sign in\" goes on with it."));
	stay(wz);
}

/* Handing over to a colleague ---------------------------------------------------------------- */

static void on_prepared(struct wz *wz, void *data, const struct gb_json *event)
{
	const struct gb_json *steps = gb_json_get(event, "steps");
	const char *powershell = gb_json_get_text(event, "powershell");
	const char *az = gb_json_get_text(event, "azureCli");
	char *text = gb_strdup(wz_state(wz, PAGE), "");

	(void)data;
	state_of(wz)->ask = NULL;
	for (const struct gb_json *step = gb_json_first(steps); step; step = gb_json_next(step)) {
		text = gb_mem_check(talloc_asprintf_append(text, "- %s\n", gb_json_text(step)));
	}
	text = gb_mem_check(talloc_asprintf_append(text, "\nPowerShell\n\n%s\n\nAzure CLI\n\n%s\n",
						   powershell ? powershell : "", az ? az : ""));
	wz_set(wz, APPLICATION, "existing");
	wz_set(wz, "cloud.credential", "certificate");
	wz_show(wz, _("For a colleague who may register applications"), text);
	talloc_free(text);
}

static void prepare(struct wz *wz)
{
	static const struct wz_answers answers = {.done = on_prepared, .failed = on_failed};
	struct cloud_state *state = state_of(wz);

	talloc_free(state->ask);
	state->ask = wz_question_new(wz, PAGE, "application.prepare");
	wz_ask_start(state->ask, _("Making the certificate…"), &answers, NULL);
}

/* The page ----------------------------------------------------------------------------------- */

/* Who comes back has an application already. */
static void enter(struct wz *wz)
{
	(void)state_of(wz);
	if (wz_stamp(wz, APPLICATION) == 0 && *wz_value(wz, "cloud.client id")) {
		wz_set(wz, APPLICATION, "existing");
	}
}

static char *live_client_id(const void *ctx, struct wz *wz)
{
	return is_machine(wz) ? gb_strdup(ctx, _("empty: the machine's own")) : NULL;
}

static enum gb_rc check_client_id(struct wz *wz, const char *text, struct gb_err *err)
{
	if (*text || is_machine(wz)) {
		return GB_OK;
	}
	gb_err_set(err, GB_E_CONFIG, "field-empty", _("The application (client) id is needed."));
	return gb_err_remedy(err,
			     _("It stands on the overview page of the app registration."));
}

static enum wz_leave leave(struct wz *wz)
{
	struct cloud_state *state = state_of(wz);

	if (is_tested(wz) && is_existing(wz)) {
		return WZ_GO;
	}
	state->is_leaving = true;
	if (is_created(wz) && state->ask) {
		return WZ_WAIT; /* the code that is shown stays the one to enter */
	}
	if (is_created(wz)) {
		create(wz);
	} else {
		test(wz);
	}
	return WZ_WAIT;
}

static char *summary(const void *ctx, struct wz *wz)
{
	struct cloud_state *state = state_of(wz);
	const char *tenant = state->tenant_name ? state->tenant_name : wz_value(wz, "cloud.tenant");

	return state->passed ? gb_strdup(ctx, tenant)
			     : gb_printf(ctx, _("%s, not tested"), tenant);
}

static const struct wz_choice applications[] = {
	{"create", N_("Create one now, with a code for a one-time sign-in")},
	{"existing", N_("Use one that exists")},
	{NULL, NULL},
};

static const struct wz_choice new_groups[] = {
	{"keep", N_("leave as it is")},
	{"on", N_("written to the directory")},
	{"off", N_("not written")},
	{NULL, NULL},
};

static const struct wz_field fields[] = {
	{
		.kind = WZ_CHOICE,
		.name = "cloud.environment",
		.label = N_("Cloud"),
		.shown = is_asking,
	},
	{
		.kind = WZ_TEXT,
		.name = "cloud.tenant",
		.label = N_("Tenant"),
		.example = "contoso.onmicrosoft.com",
		.width = 40,
		.shown = is_asking,
	},
	{
		.kind = WZ_TEXT,
		.name = "cloud.authority",
		.label = N_("Authority"),
		.example = "https://login.microsoftonline.com",
		.width = 50,
		.shown = is_custom,
	},
	{
		.kind = WZ_TEXT,
		.name = "cloud.graph",
		.label = N_("Microsoft Graph"),
		.example = "https://graph.microsoft.com",
		.width = 50,
		.shown = is_custom,
	},
	{
		.kind = WZ_CHOICE,
		.name = APPLICATION,
		.label = N_("Application"),
		.fallback = "create",
		.choices = applications,
		.shown = is_asking,
		.help = N_("groupback signs in as an application of the tenant. It can be created "
			   "here: somebody signs in once, the application gets a certificate whose "
			   "key stays on this machine, and read-only permissions."),
	},
	{
		.kind = WZ_NOTE,
		.text = N_("The sign-in is used once and not stored. It needs the role Privileged "
			   "Role Administrator or Global Administrator."),
		.shown = is_before_sign_in,
	},
	{
		.kind = WZ_CHOICE,
		.name = "setup.new groups",
		.label = N_("New Microsoft 365 groups"),
		.fallback = "keep",
		.choices = new_groups,
		.shown = is_before_sign_in,
		.help = N_("The tenant has a default for Microsoft 365 groups that are made from "
			   "now on. With the same sign-in it can be set."),
	},
	{
		.kind = WZ_ACTION,
		.label = N_("Sign in"),
		.press = create,
		.shown = is_before_sign_in,
		.text = N_("creates the application in the tenant"),
	},
	{
		.kind = WZ_ACTION,
		.label = N_("Have a colleague do it"),
		.press = prepare,
		.shown = is_before_sign_in,
		.text = N_("shows steps and a script"),
	},
	{
		.kind = WZ_NOTE,
		.text = N_("1. On any device, open this page:"),
		.shown = is_waiting,
	},
	{.kind = WZ_NOTE, .live = live_url, .flags = WZ_WIDE, .shown = is_waiting},
	{.kind = WZ_NOTE, .text = N_("2. Enter this code:"), .shown = is_waiting},
	{.kind = WZ_NOTE, .live = live_code, .flags = WZ_WIDE, .shown = is_waiting},
	{
		.kind = WZ_NOTE,
		.text = N_("3. Come back here. This page goes on by itself."),
		.shown = is_waiting,
	},
	{.kind = WZ_NOTE, .live = live_waiting, .shown = is_waiting},
	{
		.kind = WZ_ACTION,
		.label = N_("Copy code"),
		.press = copy_code,
		.flags = WZ_FOOT,
		.shown = is_waiting,
	},
	{
		.kind = WZ_ACTION,
		.label = N_("New code"),
		.press = create,
		.flags = WZ_FOOT,
		.shown = is_waiting,
	},
	{
		.kind = WZ_ACTION,
		.label = N_("Stop waiting"),
		.press = stop_waiting,
		.flags = WZ_FOOT,
		.shown = is_waiting,
	},
	{
		.kind = WZ_TEXT,
		.name = "cloud.client id",
		.label = N_("Application (client) id"),
		.example = "7b1f2c7e-5d0a-4a53-9d4e-0f3c2b1a9d8e",
		.width = 36,
		.shown = is_existing,
		.live = live_client_id,
		.check = check_client_id,
	},
	{
		.kind = WZ_CHOICE,
		.name = "cloud.credential",
		.label = N_("Credential"),
		.alone = N_("Credential in the cloud"),
		.shown = is_existing,
	},
	{
		.kind = WZ_CHOICE,
		.name = "cloud.identity service",
		.label = N_("Managed identity of"),
		.shown = is_machine,
	},
	{
		.kind = WZ_TEXT,
		.name = "cloud.certificate file",
		.label = N_("Certificate"),
		.width = 40,
		.shown = is_certificate,
	},
	{
		.kind = WZ_TEXT,
		.name = "once.key file",
		.label = N_("Private key, from file"),
		.width = 40,
		.example = "/root/cloud-key.pem",
		.text = N_("empty: as stored"),
		.help = N_("Path of the certificate's private key as PEM. Configure stores the key; "
			   "the file itself may be deleted then."),
		.shown = is_certificate,
	},
	{
		.kind = WZ_SECRET,
		.name = "secret.cloud-secret",
		.label = N_("Client secret"),
		.text = N_("empty: as stored"),
		.width = 40,
		.shown = is_secret,
	},
	{
		.kind = WZ_TEXT,
		.name = "cloud.proxy",
		.label = N_("Proxy"),
		.alone = N_("Proxy to the cloud"),
		.example = "http://proxy.example.com:3128",
		.width = 40,
		.shown = is_asking,
	},
	{
		.kind = WZ_TEXT,
		.name = "cloud.ca file",
		.label = N_("CA file"),
		.alone = N_("CA file of the cloud"),
		.text = N_("empty: the system's"),
		.width = 40,
		.shown = is_asking,
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
		.label = N_("Test"),
		.press = test,
		.flags = WZ_FOOT | WZ_TESTS,
		.shown = is_existing,
	},
	{.kind = WZ_CHECK, .name = UNTESTED, .flags = WZ_CONSENT},
	{.kind = WZ_END},
};

const struct wz_page wz_page_cloud = {
	.id = PAGE,
	.title = N_("Connect to Microsoft Entra ID"),
	.help = N_("The engine reads groups and their members from this tenant. It needs an "
		   "application registration with read-only permissions; the test shows which of "
		   "them are missing."),
	.fields = fields,
	.state_bytes = sizeof(struct cloud_state),
	.wanted = wz_task_cloud,
	.enter = enter,
	.leave = leave,
	.summary = summary,
};
