/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What several commands share. */
#include "config.h"

#include "engine/commands/common.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/base/i18n.h"
#include "engine/base/journal.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"
#include "engine/base/privilege.h"
#include "engine/base/text.h"
#include "engine/config/held.h"
#include "engine/config/load.h"

void gb_common_print_err(const struct gb_err *err)
{
	char *line = gb_err_line(NULL, err);

	fprintf(stderr, "groupback-engine: %s\n", line);
	talloc_free(line);
}

/* Secrets are read before, sockets are opened after it. */
static bool give_up_root(const struct gb_arguments *arguments, struct gb_config *config)
{
	const struct gb_privilege_place place = {
		.config_path = arguments->config_path,
		.state_directory = config->paths.state_directory,
	};
	struct gb_err err;

	if (gb_privilege_would_drop(&place)) {
		gb_held_take_stored(config);
	}
	if (gb_privilege_drop(&place, &err) != GB_OK) {
		gb_common_print_err(&err);
		return false;
	}
	return true;
}

void gb_common_print_problems(const struct gb_config_problems *problems)
{
	for (size_t i = 0; i < problems->count; i++) {
		gb_common_print_err(&problems->items[i]);
	}
	if (problems->total > problems->count) {
		fprintf(stderr,
			P_("groupback-engine: one more problem is not shown.\n",
			   "groupback-engine: %zu more problems are not shown.\n",
			   problems->total - problems->count),
			problems->total - problems->count);
	}
}

struct gb_config *gb_common_read(const void *ctx, const struct gb_arguments *arguments)
{
	struct gb_config_problems problems = {.count = 0};
	struct gb_config *config = NULL;

	if (gb_config_load(ctx, arguments->config_path, &config, &problems) == GB_OK) {
		return config;
	}
	gb_common_print_problems(&problems);
	return NULL;
}

struct gb_config *gb_common_load(const void *ctx, const struct gb_arguments *arguments)
{
	struct gb_config *config = gb_common_read(ctx, arguments);

	return config != NULL && give_up_root(arguments, config) ? config : NULL;
}

bool gb_common_run_number(const char *word, int64_t *ret_run_no)
{
	struct gb_err err;
	char *end;
	char *shown;

	errno = 0;
	*ret_run_no = strtoll(word, &end, 10);
	if (errno == 0 && *end == '\0' && word[0] >= '1' && word[0] <= '9') {
		return true;
	}
	shown = gb_text_display(NULL, word);
	gb_err_set(&err, GB_E_USAGE, "usage-run", _("'%s' is no number of a run."), shown);
	gb_err_remedy(&err, _("'groupback-engine history' lists the runs."));
	talloc_free(shown);
	gb_common_print_err(&err);
	return false;
}

void gb_common_show_progress(void *user, const struct gb_apply_progress *progress)
{
	(void)user;
	if (!isatty(STDERR_FILENO)) {
		return;
	}
	fputc('\r', stderr);
	fprintf(stderr, _("writing: %zu of %zu "), progress->done, progress->total);
	if (progress->done == progress->total) {
		fputc('\n', stderr);
	}
	fflush(stderr);
}

static void print_report(const void *ctx, const struct gb_arguments *arguments,
			 const struct gb_report *report)
{
	if (arguments->json) {
		fputs(gb_report_json(ctx, report), stdout);
	} else if (!gb_journal_listens(STDOUT_FILENO)) {
		fputs(gb_report_text(ctx, report), stdout);
	}
	fflush(stdout);
}

/* In the journal a run is one entry: the report has the rest. */
int gb_common_end_run(const struct gb_arguments *arguments, const struct gb_report *report)
{
	char *summary = gb_report_summary(NULL, report);

	print_report(summary, arguments, report);
	if (gb_log_is_journal()) {
		gb_log_set_run(report->run_no);
		if (report->err.rc != GB_OK) {
			gb_log_err(GB_LOG_ERROR, "sync", &report->err);
		}
		gb_log_event(report->exit_code == 0 ? GB_LOG_NOTICE : GB_LOG_WARNING, "sync",
			     "run-ended", "%s", summary);
	} else {
		fprintf(stderr, "%s\n", summary);
	}
	talloc_free(summary);
	return report->exit_code;
}

enum gb_cycle_policy gb_common_policy(const struct gb_arguments *arguments)
{
	return arguments->policy == GB_POLICY_INITIAL ? GB_CYCLE_INITIAL
	       : arguments->policy == GB_POLICY_DELTA ? GB_CYCLE_DELTA
						      : GB_CYCLE_AUTO;
}
