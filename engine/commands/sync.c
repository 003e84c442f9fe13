/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groupback-engine sync: one cycle. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/commands/command.h"
#include "engine/commands/common.h"
#include "engine/commands/view.h"
#include "engine/config/configuration.h"
#include "engine/manage/alert.h"
#include "engine/sync/schedule.h"

static void fill_options(const struct gb_arguments *arguments, const struct gb_view *view,
			 struct gb_cycle_options *options)
{
	*options = (struct gb_cycle_options){
		.policy = gb_common_policy(arguments),
		.dry_run = arguments->dry_run,
		.approve_first = arguments->approve_first,
		.group = arguments->group,
	};
	if (arguments->dry_run) {
		options->viewer = gb_view_viewer(view);
	} else {
		options->progress = gb_common_show_progress;
	}
}

static void tell_not_due(const struct gb_arguments *arguments, const char *id, const char *text)
{
	struct gb_json_writer *w;

	if (!arguments->json) {
		puts(text);
		return;
	}
	w = gb_json_writer_new(NULL, true);
	gb_json_begin_object(w, NULL);
	gb_json_put_int(w, "schema", 1);
	gb_json_put_null(w, "run");
	gb_json_put_text(w, "notDue", id);
	gb_json_end_object(w);
	puts(gb_json_writer_text(w));
	talloc_free(w);
}

/* A timer asks every minute; the interval of the configuration decides. */
static bool is_due(const struct gb_arguments *arguments, const struct gb_config *config)
{
	int64_t now_ms = gb_clock_wall_ms();
	struct gb_schedule schedule;
	struct gb_err err;

	gb_err_clear(&err);
	if (!config->schedule.enabled) {
		tell_not_due(arguments, "disabled", _("The schedule is disabled: nothing was done."));
		return false;
	}
	if (gb_schedule_read(config, &schedule, &err) != GB_OK) {
		gb_common_print_err(&err);
		return true;
	}
	if (gb_schedule_next_ms(&schedule, now_ms) <= now_ms) {
		return true;
	}
	tell_not_due(arguments, "early", _("A cycle is not due yet: nothing was done."));
	return false;
}

static void leave_alert(const struct gb_config *config, const struct gb_report *report)
{
	char *summary = gb_report_summary(NULL, report);
	const char *reason = report->err.rc != GB_OK ? gb_err_line(summary, &report->err) : "";
	struct gb_err err;

	if (gb_alert_note(config->paths.state_directory, report->exit_code, summary, reason,
			  &err) != GB_OK) {
		gb_common_print_err(&err);
	}
	talloc_free(summary);
}

/* Whoever lost the lock has run nothing; the one who holds it leaves the note. */
static void leave_note(const struct gb_arguments *arguments, const struct gb_config *config,
		       const struct gb_report *report)
{
	struct gb_err err;

	if (arguments->dry_run || strcmp(report->err.id, "lock-held") == 0) {
		return;
	}
	if (gb_schedule_note(config, report->begun_ms, report->exit_code, &err) != GB_OK) {
		gb_common_print_err(&err);
	}
	leave_alert(config, report);
}

static int run_cycle(void *ctx, const struct gb_arguments *arguments,
		     const struct gb_config *config)
{
	struct gb_view *view = gb_view_new(ctx, arguments->json);
	struct gb_cycle_options options;
	struct gb_report *report;

	fill_options(arguments, view, &options);
	gb_cycle_run(ctx, config, &options, &report);
	leave_note(arguments, config, report);
	return gb_common_end_run(arguments, report);
}

int gb_command_sync(const struct gb_arguments *arguments)
{
	void *ctx = gb_new_tmp(NULL);
	struct gb_config *config = gb_common_load(ctx, arguments);
	int code = gb_rc_exit_code(GB_E_CONFIG);

	if (config != NULL) {
		code = arguments->if_due && !is_due(arguments, config)
			       ? 0
			       : run_cycle(ctx, arguments, config);
	}
	talloc_free(ctx);
	return code;
}
