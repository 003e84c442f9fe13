/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groupback-engine scheduler: when cycles run, and the resident process that runs them. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/commands/command.h"
#include "engine/commands/common.h"
#include "engine/config/save.h"
#include "engine/manage/resident.h"
#include "engine/state/cursors.h"
#include "engine/state/state.h"
#include "engine/sync/lock.h"
#include "engine/sync/schedule.h"

/** Where Linux shows a process its own program. */
#define SELF "/proc/self/exe"

/* How things stand. */
struct view {
	const struct gb_config *config;
	struct gb_schedule schedule;
	int64_t next_ms;
	const char *next_policy; /* "delta" or "initial" */
	bool is_running;
	char *holder; /* who runs it, for people; "" */
};

/* As far as the state can tell: a delta that turns out to be impossible becomes initial. */
static const char *policy_at(const void *ctx, const struct gb_config *config, int64_t next_ms)
{
	char *path = gb_printf(ctx, "%s/state.db", config->paths.state_directory);
	struct gb_state *state = NULL;
	int64_t last_full_ms = 0;
	struct gb_err ignored;

	if (gb_state_open(ctx, path, GB_STATE_READ_ONLY, &state, &ignored) != GB_OK ||
	    gb_state_fact_get_int(state, GB_FACT_RECONCILED_MS, 0, &last_full_ms, &ignored) !=
		    GB_OK) {
		return "initial";
	}
	return gb_schedule_full_is_due(last_full_ms, next_ms) ? "initial" : "delta";
}

static enum gb_rc look(const void *ctx, const struct gb_config *config, struct view *ret_view,
		       struct gb_err *err)
{
	struct view view = {.config = config, .holder = gb_strdup(ctx, "")};
	enum gb_rc rc = gb_schedule_read(config, &view.schedule, err);

	if (rc != GB_OK) {
		return rc;
	}
	if (gb_lock_probe(config->paths.state_directory, err) == GB_E_TRY_AGAIN) {
		view.is_running = true;
		view.holder = gb_strdup(ctx, err->what);
	}
	gb_err_clear(err);
	view.next_ms = gb_schedule_next_ms(&view.schedule, gb_clock_wall_ms());
	view.next_policy = policy_at(ctx, config, view.next_ms);
	*ret_view = view;
	return GB_OK;
}

static void put_time(struct gb_json_writer *w, const char *key, int64_t wall_ms)
{
	char text[GB_CLOCK_TEXT_BYTES];

	gb_json_put_text(w, key, wall_ms > 0 ? gb_clock_format(wall_ms, text) : NULL);
}

static void print_json(const struct view *view)
{
	struct gb_json_writer *w = gb_json_writer_new(NULL, true);

	gb_json_begin_object(w, NULL);
	gb_json_put_int(w, "schema", 1);
	gb_json_put_bool(w, "enabled", view->config->schedule.enabled);
	gb_json_put_int(w, "intervalSeconds", view->config->schedule.interval_s);
	gb_json_put_bool(w, "staging", view->config->safety.staging);
	put_time(w, "lastRun", view->schedule.begun_ms);
	gb_json_put_int(w, "lastExitCode", view->schedule.exit_code);
	put_time(w, "nextRun", view->config->schedule.enabled ? view->next_ms : 0);
	gb_json_put_text(w, "nextPolicy",
			 view->config->schedule.enabled ? view->next_policy : NULL);
	gb_json_put_bool(w, "isRunning", view->is_running);
	gb_json_end_object(w);
	puts(gb_json_writer_text(w));
	talloc_free(w);
}

static void print_text(const struct view *view)
{
	char text[GB_CLOCK_TEXT_BYTES];
	const struct gb_schedule *schedule = &view->schedule;

	printf(_("enabled     %s\n"), view->config->schedule.enabled ? _("yes") : _("no"));
	printf(_("interval    %" PRId64 " s\n"), view->config->schedule.interval_s);
	printf(_("staging     %s\n"), view->config->safety.staging ? _("yes") : _("no"));
	if (schedule->begun_ms > 0) {
		printf(_("last run    %s, exit code %d\n"),
		       gb_clock_format(schedule->begun_ms, text), schedule->exit_code);
	} else {
		puts(_("last run    none"));
	}
	if (view->config->schedule.enabled) {
		printf(_("next run    %s, %s\n"), gb_clock_format(view->next_ms, text),
		       view->next_policy);
	}
	if (schedule->refusals > 0) {
		printf(P_("            %u refused sign-in: the pause grows until one works\n",
			  "            %u refused sign-ins in a row: the pause grows until one "
			  "works\n",
			  schedule->refusals),
		       schedule->refusals);
	}
	if (view->is_running) {
		puts(view->holder);
	}
}

static int show(const struct gb_arguments *arguments, const struct gb_config *config)
{
	void *ctx = gb_new_tmp(NULL);
	struct view view;
	struct gb_err err;
	int code = 0;

	gb_err_clear(&err);
	if (look(ctx, config, &view, &err) != GB_OK) {
		gb_common_print_err(&err);
		code = gb_rc_exit_code(err.rc);
	} else if (arguments->json) {
		print_json(&view);
	} else {
		print_text(&view);
	}
	talloc_free(ctx);
	return code;
}

/* Whoever switches the scheduler off wants to know that nothing runs any more: Entra Connect's procedure
 * asks for the same. */
static enum gb_rc nothing_runs(const struct gb_config *config, struct gb_err *err)
{
	enum gb_rc rc = gb_lock_probe(config->paths.state_directory, err);

	if (rc == GB_E_TRY_AGAIN) {
		gb_err_undone(err, _("The scheduler was not disabled."));
		gb_err_remedy(err, _("Wait until the cycle has ended, then disable again."));
	}
	return rc;
}

static enum gb_rc change(const struct gb_arguments *arguments, struct gb_config *config,
			 const char *name, const char *value, struct gb_err *err)
{
	return gb_config_save_key(config, arguments->config_path, "schedule", name, value, err);
}

static enum gb_rc unknown_word(const char *word, struct gb_err *err)
{
	char *shown = gb_text_display(NULL, word);

	gb_err_set(err, GB_E_USAGE, "usage-scheduler", _("'scheduler' does not know '%s'."), shown);
	talloc_free(shown);
	return gb_err_remedy(err,
			     _("Use 'show', 'enable', 'disable', 'set interval 30m' or 'run'."));
}

static enum gb_rc carry_out(const struct gb_arguments *arguments, struct gb_config *config,
			    struct gb_err *err)
{
	const char *verb = arguments->words[0];
	enum gb_rc rc = GB_OK;

	if (strcmp(verb, "enable") == 0 && arguments->word_count == 1) {
		return change(arguments, config, "enabled", "yes", err);
	}
	if (strcmp(verb, "disable") == 0 && arguments->word_count == 1) {
		rc = nothing_runs(config, err);
		return rc == GB_OK ? change(arguments, config, "enabled", "no", err) : rc;
	}
	if (strcmp(verb, "set") == 0 && arguments->word_count == 3 &&
	    strcmp(arguments->words[1], "interval") == 0) {
		return change(arguments, config, "interval", arguments->words[2], err);
	}
	return unknown_word(arguments->words[arguments->word_count - 1], err);
}

static int change_schedule(const struct gb_arguments *arguments, struct gb_config *config)
{
	struct gb_err err;

	gb_err_clear(&err);
	if (carry_out(arguments, config, &err) != GB_OK) {
		gb_common_print_err(&err);
		return gb_rc_exit_code(err.rc);
	}
	return show(arguments, config);
}

int gb_command_scheduler(const struct gb_arguments *arguments)
{
	void *ctx = gb_new_tmp(NULL);
	const char *verb = arguments->word_count > 0 ? arguments->words[0] : "show";
	bool is_show = strcmp(verb, "show") == 0 && arguments->word_count <= 1;
	bool is_run = strcmp(verb, "run") == 0 && arguments->word_count == 1;
	struct gb_config *config = is_show || is_run ? gb_common_load(ctx, arguments)
						     : gb_common_read(ctx, arguments);
	int code = gb_rc_exit_code(GB_E_CONFIG);

	if (config != NULL) {
		code = is_show  ? show(arguments, config)
		       : is_run ? gb_resident_run(SELF, arguments->config_path)
				: change_schedule(arguments, config);
	}
	talloc_free(ctx);
	return code;
}
