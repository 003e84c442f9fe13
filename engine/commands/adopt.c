/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groupback-engine adopt: groups that another tool wrote, taken over in place or given back. */
#include "config.h"

#include <stdio.h>

#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/commands/command.h"
#include "engine/commands/common.h"
#include "engine/commands/view.h"
#include "engine/commands/view_survey.h"
#include "engine/commands/view_writers.h"
#include "engine/manage/permissions.h"
#include "engine/sync/cycle.h"

/* Who else may write there: the container as it is after the run. NULL: *err says why not. */
static struct gb_permissions *find_writers(const void *ctx, const struct gb_config *config,
					   struct gb_err *err)
{
	struct gb_session *session = gb_session_new(ctx, config);
	struct gb_permissions_request request = {.account = NULL};
	struct gb_permissions *found = NULL;
	enum gb_rc rc = gb_session_open_directory(session, err);

	if (rc == GB_OK) {
		rc = gb_permissions_show(ctx, session, &request, &found, err);
	}
	talloc_free(session);
	return rc == GB_OK ? found : NULL;
}

static bool has_other_writer(const struct gb_permissions *found)
{
	for (size_t i = 0; i < found->writer_count; i++) {
		if (!found->writers[i].is_administrator) {
			return true;
		}
	}
	return false;
}

static void print_writers(const struct gb_permissions *found, const struct gb_err *err)
{
	if (found == NULL) {
		char *line = gb_err_line(NULL, err);

		printf(_("Who else may write there is not known: %s\n"), line);
		talloc_free(line);
		puts(_("'groupback-engine permissions show --administrator NAME' tells."));
		return;
	}
	gb_view_writers_print(found);
	if (has_other_writer(found)) {
		puts(_("As long as the other tool is among them, do not switch its feature off: it "
		       "would delete\nthese groups. Take its rights on the container away first."));
	}
}

static int print_all(const struct gb_arguments *arguments, const struct gb_survey *survey,
		     const struct gb_report *report, const struct gb_permissions *found,
		     const struct gb_err *err)
{
	struct gb_json_writer *w = gb_json_writer_new(NULL, true);
	bool done = !report->dry_run && report->run_no > 0 && report->err.rc == GB_OK;

	if (!arguments->json) {
		gb_view_survey_print(survey, done);
		print_writers(found, err);
		talloc_free(w);
		return gb_common_end_run(arguments, report);
	}
	gb_json_begin_object(w, NULL);
	gb_json_put_int(w, "schema", 1);
	gb_json_put_int(w, "run", report->run_no);
	gb_json_put_int(w, "exitCode", report->exit_code);
	gb_json_put_bool(w, "done", done);
	gb_view_survey_json(w, survey);
	if (found != NULL) {
		gb_view_writers_json(w, found);
	} else {
		gb_json_put_null(w, "writers");
	}
	gb_json_end_object(w);
	puts(gb_json_writer_text(w));
	talloc_free(w);
	return report->exit_code;
}

static int adopt(void *ctx, const struct gb_arguments *arguments, const struct gb_config *config)
{
	struct gb_survey *survey = gb_survey_new(ctx);
	struct gb_cycle_options options = {
		.adopt = true,
		.dry_run = arguments->dry_run,
		.approve_first = arguments->approve_first,
		.group = arguments->group,
		.survey = survey,
		.viewer = &survey->viewer,
		.progress = gb_common_show_progress,
	};
	struct gb_permissions *found = NULL;
	struct gb_report *report;
	struct gb_err err;

	gb_err_clear(&err);
	gb_cycle_run(ctx, config, &options, &report);
	found = find_writers(ctx, config, &err);
	return print_all(arguments, survey, report, found, &err);
}

static int release(void *ctx, const struct gb_arguments *arguments, const struct gb_config *config)
{
	struct gb_view *view = gb_view_new(ctx, arguments->json);
	struct gb_cycle_options options = {
		.release = true,
		.dry_run = arguments->dry_run,
		.group = arguments->group,
		.viewer = arguments->dry_run ? gb_view_viewer(view) : NULL,
		.progress = gb_common_show_progress,
	};
	struct gb_report *report;

	gb_cycle_run(ctx, config, &options, &report);
	return gb_common_end_run(arguments, report);
}

int gb_command_adopt(const struct gb_arguments *arguments)
{
	void *ctx = gb_new_tmp(NULL);
	struct gb_config *config = gb_common_load(ctx, arguments);
	int code = gb_rc_exit_code(GB_E_CONFIG);

	if (config != NULL) {
		code = arguments->release ? release(ctx, arguments, config)
					  : adopt(ctx, arguments, config);
	}
	talloc_free(ctx);
	return code;
}
