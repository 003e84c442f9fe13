/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Additional tasks: what somebody who comes back wants to do; and how things stand. */
#include "config.h"

#include <string.h>
#include <time.h>

#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/config/keys.h"
#include "engine/config/value.h"
#include "pages/pages.h"
#include "pages/ready.h"
#include "wizard/wizard.h"

#define PAGE "tasks"
#define TASK "setup.task"

/** What an answers file agrees by to undo the last change. */
#define UNDO "setup.agree to undo"

/** Largest report or configuration that is shown. */
#define FILE_MAX_BYTES (1024u * 1024u)

static bool is_re_run(struct wz *wz)
{
	return wz_config_before(wz) != NULL;
}

/* A first run walks through everything. */
static bool is_task(struct wz *wz, const char *task)
{
	return !is_re_run(wz) || wz_is(wz, TASK, task);
}

bool wz_task_cloud(struct wz *wz)
{
	return is_task(wz, "cloud");
}

bool wz_task_directory(struct wz *wz)
{
	return is_task(wz, "directory");
}

bool wz_task_options(struct wz *wz)
{
	return is_task(wz, "options");
}

bool wz_task_schedule(struct wz *wz)
{
	return is_task(wz, "schedule");
}

bool wz_task_disable(struct wz *wz)
{
	return is_re_run(wz) && wz_is(wz, TASK, "disable");
}

bool wz_task_import(struct wz *wz)
{
	return is_re_run(wz) && wz_is(wz, TASK, "import");
}

bool wz_task_schema(struct wz *wz)
{
	return is_re_run(wz) && wz_is(wz, TASK, "schema");
}

bool wz_task_troubleshoot(struct wz *wz)
{
	return is_re_run(wz) && wz_is(wz, TASK, "troubleshoot");
}

bool wz_task_undo(struct wz *wz)
{
	return is_re_run(wz) && wz_is(wz, TASK, "undo");
}

/* How things stand --------------------------------------------------------------------------- */

struct tasks_state {
	bool was_read;
	char *last_run; /* one line */
};

/* A time of the report (RFC 3339, UTC) as the clock on the wall shows it. */
static char *local_time(const void *ctx, const char *text)
{
	struct tm utc = {0};
	struct tm here;
	char shown[32];
	time_t seconds;

	if (!text || !strptime(text, "%Y-%m-%dT%H:%M:%S", &utc)) {
		return gb_strdup(ctx, text ? text : "");
	}
	seconds = timegm(&utc);
	if (!localtime_r(&seconds, &here) ||
	    strftime(shown, sizeof(shown), "%Y-%m-%d %H:%M", &here) == 0) {
		return gb_strdup(ctx, text);
	}
	return gb_strdup(ctx, shown);
}

/* The report of the last run, which the engine leaves in the state directory (docs/report.md). */
static char *read_last_run(const void *ctx, struct wz *wz)
{
	char *path = gb_printf(ctx, "%s/last.json",
			       wz_config_before(wz)->paths.state_directory);
	struct gb_json_doc *doc;
	const char *begun;
	struct gb_err err;
	int64_t code;
	size_t length;
	char *bytes;

	if (gb_file_read_trusted(ctx, path, FILE_MAX_BYTES, &bytes, &length, &err) != GB_OK ||
	    gb_json_parse(ctx, bytes, length, path, &doc, &err) != GB_OK ||
	    !gb_json_get_int(gb_json_root(doc), "exitCode", &code)) {
		return gb_strdup(ctx, _("not known"));
	}
	begun = local_time(ctx, gb_json_get_text(gb_json_root(doc), "begun"));
	return code == 0 ? gb_printf(ctx, _("%s, without problems"), begun)
			 : gb_printf(ctx, _("%s, exit code %lld"), begun, (long long)code);
}

/* Short enough for one line. */
static const char *const credential_words[] = {
	[GB_CONFIG_CREDENTIAL_CERTIFICATE] = N_("certificate"),
	[GB_CONFIG_CREDENTIAL_SECRET] = N_("client secret"),
	[GB_CONFIG_CREDENTIAL_MANAGED_IDENTITY] = N_("managed identity"),
};

static char *live_cloud(const void *ctx, struct wz *wz)
{
	const struct gb_config *config = wz_config_before(wz);

	return gb_printf(ctx, _("Cloud       %s, by %s"),
			 config->cloud.tenant ? config->cloud.tenant : "",
			 _(credential_words[config->cloud.credential]));
}

static char *live_directory(const void *ctx, struct wz *wz)
{
	const struct gb_config_directory *directory = &wz_config_before(wz)->directory;
	const char *server = directory->servers.count ? directory->servers.items[0]
			     : directory->discover    ? directory->discover
						      : "";

	return directory->account
		       ? gb_printf(ctx, _("Directory   %s, as %s"), server, directory->account)
		       : gb_printf(ctx, _("Directory   %s"), server);
}

static char *live_container(const void *ctx, struct wz *wz)
{
	const struct gb_config *config = wz_config_before(wz);
	const char *container = config->writeback.container ? config->writeback.container : "";

	return gb_printf(ctx,
			 config->features.group_writeback ? _("Writeback   on, to %s")
							  : _("Writeback   off, was to %s"),
			 container);
}

static char *live_schedule(const void *ctx, struct wz *wz)
{
	const struct gb_config *config = wz_config_before(wz);
	char *interval = gb_config_get(ctx, config, gb_key_find("schedule", "interval"));

	if (!config->schedule.enabled) {
		return gb_strdup(ctx, _("Schedule    off: nothing runs by itself"));
	}
	return gb_printf(ctx,
			 config->safety.staging
				 ? _("Schedule    every %s, staging mode: nothing is written")
				 : _("Schedule    every %s"),
			 interval);
}

static char *live_last_run(const void *ctx, struct wz *wz)
{
	struct tasks_state *state = wz_state(wz, PAGE);

	if (!state->was_read) {
		state->last_run = read_last_run(state, wz);
		state->was_read = true;
	}
	return gb_printf(ctx, _("Last run    %s"), state->last_run);
}

static void view_configuration(struct wz *wz)
{
	void *ctx = gb_new_tmp(wz_state(wz, PAGE));
	struct gb_err err;
	size_t length;
	char *bytes;

	if (gb_file_read_trusted(ctx, wz_config_path(wz), FILE_MAX_BYTES, &bytes, &length, &err) ==
	    GB_OK) {
		wz_show(wz, wz_config_path(wz), bytes);
	} else {
		wz_say_err(wz, &err);
	}
	talloc_free(ctx);
}

static const struct wz_choice tasks[] = {
	{"options", N_("Customize synchronization options")},
	{"cloud", N_("Change the cloud connection")},
	{"directory", N_("Change the directory connection")},
	{"schedule", N_("Scheduler and staging mode")},
	{"dry-run", N_("Dry run: show what a run would change")},
	{"import", N_("Import settings")},
	{"schema", N_("Refresh directory schema")},
	{"troubleshoot", N_("Troubleshoot")},
	{"disable", N_("Disable group writeback")},
	{"undo", N_("Undo the last change of settings")},
	{NULL, NULL},
};

static const struct wz_field fields[] = {
	{.kind = WZ_NOTE, .live = live_cloud},
	{.kind = WZ_NOTE, .live = live_directory},
	{.kind = WZ_NOTE, .live = live_container},
	{.kind = WZ_NOTE, .live = live_schedule},
	{.kind = WZ_NOTE, .live = live_last_run},
	{
		.kind = WZ_CHOICE,
		.name = TASK,
		.label = N_("Task"),
		.fallback = "options",
		.choices = tasks,
		.flags = WZ_FIRST,
	},
	{
		.kind = WZ_ACTION,
		.label = N_("View configuration"),
		.press = view_configuration,
		.flags = WZ_FOOT | WZ_BY_HAND,
	},
	{.kind = WZ_CHECK, .name = UNDO, .flags = WZ_CONSENT},
	{.kind = WZ_END},
};

static void undo(struct wz *wz)
{
	wz_ready_press(wz);
	wz_go_on(wz);
}

/* No page of its own shows what comes back, so it is asked here. */
static enum wz_leave ask_to_undo(struct wz *wz)
{
	const struct wz_question question = {
		.text = _("The settings and secrets from before the last change come back, and "
			  "the present ones are lost. Groups in the directory are not touched."),
		.keep = N_("Stay here"),
		.agree = _("Undo the last change"),
		.answer = UNDO,
		.agreed = undo,
		.kept = wz_stay,
	};

	wz_confirm(wz, &question);
	return WZ_WAIT;
}

static enum wz_leave leave(struct wz *wz)
{
	if (!wz_task_disable(wz)) {
		wz_disable_forget(wz);
	}
	return wz_task_undo(wz) ? ask_to_undo(wz) : WZ_GO;
}

const struct wz_page wz_page_tasks = {
	.id = PAGE,
	.title = N_("Additional tasks"),
	.help = N_("Synchronization keeps running while this setup is open. Nothing changes until "
		   "Configure."),
	.fields = fields,
	.state_bytes = sizeof(struct tasks_state),
	.flags = WZ_UNCOUNTED,
	.wanted = is_re_run,
	.leave = leave,
};
