/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groupback-engine status: the last runs, and what is written. */
#include "config.h"

#include <stdio.h>

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/commands/command.h"
#include "engine/commands/common.h"
#include "engine/commands/view_decisions.h"
#include "engine/plan/lapse.h"
#include "engine/state/life.h"
#include "engine/state/problems.h"
#include "engine/state/runs.h"
#include "engine/state/status.h"
#include "engine/sync/decisions.h"

#define MS_PER_DAY INT64_C(86400000)
/** Runs that are shown. */
#define SHOWN_RUNS 10
/** Groups that are shown which are written no more, and groups with a problem. */
#define SHOWN_LAPSES 100
#define SHOWN_PROBLEMS 100

/* What is shown. */
struct status {
	struct gb_state_sizes sizes;
	size_t dirty_groups;
	size_t due;
	struct gb_decisions *decisions;
	struct gb_state_run *runs;
	size_t run_count;
	struct gb_state_lapse *lapses; /* the oldest first */
	size_t lapse_count;
	size_t lapse_total;
	struct gb_state_problem *problems; /* likewise */
	size_t problem_count;
	size_t problem_total;
};

static enum gb_rc read_status(const void *ctx, const struct gb_config *config,
			      struct status *ret_status, struct gb_err *err)
{
	char *path = gb_printf(ctx, "%s/state.db", config->paths.state_directory);
	struct gb_state *state;
	enum gb_rc rc = gb_state_open(ctx, path, GB_STATE_READ_ONLY, &state, err);

	if (rc == GB_OK) {
		gb_state_sizes(state, &ret_status->sizes);
		rc = gb_state_backlog(state, &ret_status->dirty_groups, &ret_status->due, err);
	}
	if (rc == GB_OK) {
		rc = gb_state_run_list(ctx, state, SHOWN_RUNS, &ret_status->runs,
				       &ret_status->run_count, err);
	}
	if (rc == GB_OK) {
		rc = gb_decisions_load(ctx, config->paths.state_directory, &ret_status->decisions,
				       err);
	}
	if (rc == GB_OK) {
		rc = gb_state_lapse_list(ctx, state, SHOWN_LAPSES, &ret_status->lapses,
					 &ret_status->lapse_count, &ret_status->lapse_total, err);
	}
	if (rc == GB_OK) {
		rc = gb_state_problems_list(ctx, state, SHOWN_PROBLEMS, &ret_status->problems,
					    &ret_status->problem_count, &ret_status->problem_total,
					    err);
	}
	return rc;
}

static int64_t age_days(int64_t since_ms)
{
	int64_t age_ms = gb_clock_wall_ms() - since_ms;

	return age_ms > 0 ? age_ms / MS_PER_DAY : 0;
}

static void put_lapses(struct gb_json_writer *w, const struct status *status)
{
	char id[GB_GUID_TEXT_BYTES];
	char text[GB_CLOCK_TEXT_BYTES];

	gb_json_put_int(w, "lapsedGroups", (int64_t)status->lapse_total);
	gb_json_begin_array(w, "lapsed");
	for (size_t i = 0; i < status->lapse_count; i++) {
		const struct gb_state_lapse *lapse = &status->lapses[i];

		gb_json_begin_object(w, NULL);
		gb_json_put_text(w, "group", gb_guid_format(&lapse->cloud_id, id));
		gb_json_put_text(w, "reason", gb_lapse_id((enum gb_lapse)lapse->lapse));
		gb_json_put_text(w, "since", gb_clock_format(lapse->since_ms, text));
		gb_json_put_int(w, "ageDays", age_days(lapse->since_ms));
		gb_json_end_object(w);
	}
	gb_json_end_array(w);
}

static void print_lapses(const struct status *status)
{
	char id[GB_GUID_TEXT_BYTES];
	char since[GB_CLOCK_TEXT_BYTES];

	if (status->lapse_total == 0) {
		return;
	}
	printf(_("Written no more, oldest first: %zu groups\n"), status->lapse_total);
	for (size_t i = 0; i < status->lapse_count; i++) {
		const struct gb_state_lapse *lapse = &status->lapses[i];

		printf(_("  %s  %s since %s (%lld days)\n"), gb_guid_format(&lapse->cloud_id, id),
		       gb_lapse_id((enum gb_lapse)lapse->lapse),
		       gb_clock_format(lapse->since_ms, since), (long long)age_days(lapse->since_ms));
	}
}

static void put_problems(struct gb_json_writer *w, const struct status *status)
{
	char id[GB_GUID_TEXT_BYTES];
	char text[GB_CLOCK_TEXT_BYTES];

	gb_json_put_int(w, "problemGroups", (int64_t)status->problem_total);
	gb_json_begin_array(w, "problems");
	for (size_t i = 0; i < status->problem_count; i++) {
		const struct gb_state_problem *problem = &status->problems[i];

		gb_json_begin_object(w, NULL);
		gb_json_put_text(w, "group", gb_guid_format(&problem->cloud_id, id));
		gb_json_put_text(w, "name", problem->name);
		gb_json_put_text(w, "cause", problem->cause);
		gb_json_put_text(w, "since", gb_clock_format(problem->since_ms, text));
		gb_json_put_int(w, "ageDays", age_days(problem->since_ms));
		gb_json_end_object(w);
	}
	gb_json_end_array(w);
}

static void print_problems(const struct status *status)
{
	char id[GB_GUID_TEXT_BYTES];
	char since[GB_CLOCK_TEXT_BYTES];

	if (status->problem_total == 0) {
		return;
	}
	printf(_("Failed or frozen, oldest first: %zu groups\n"), status->problem_total);
	for (size_t i = 0; i < status->problem_count; i++) {
		const struct gb_state_problem *problem = &status->problems[i];

		printf(_("  %s  %s: %s since %s (%lld days)\n"),
		       gb_guid_format(&problem->cloud_id, id),
		       problem->name != NULL ? problem->name : "", problem->cause,
		       gb_clock_format(problem->since_ms, since),
		       (long long)age_days(problem->since_ms));
	}
}

static void print_json(const void *ctx, const struct status *status)
{
	struct gb_json_writer *w = gb_json_writer_new(ctx, true);
	char text[GB_CLOCK_TEXT_BYTES];

	gb_json_begin_object(w, NULL);
	gb_json_put_int(w, "schema", 1);
	gb_json_put_int(w, "cloudGroups", status->sizes.cloud_groups);
	gb_json_put_int(w, "directoryGroups", status->sizes.directory_groups);
	gb_json_put_int(w, "directoryMemberships", status->sizes.directory_links);
	gb_json_put_int(w, "groupsToCompare", (int64_t)status->dirty_groups);
	gb_json_put_int(w, "membersToMatch", (int64_t)status->due);
	gb_view_decisions_json(w, status->decisions);
	put_lapses(w, status);
	put_problems(w, status);
	gb_json_begin_array(w, "runs");
	for (size_t i = 0; i < status->run_count; i++) {
		const struct gb_state_run *run = &status->runs[i];

		gb_json_begin_object(w, NULL);
		gb_json_put_int(w, "run", run->no);
		gb_json_put_text(w, "begun", gb_clock_format(run->begun_ms, text));
		gb_json_put_text(w, "ended",
				 run->ended_ms > 0 ? gb_clock_format(run->ended_ms, text) : NULL);
		gb_json_put_text(w, "policy", run->policy);
		gb_json_put_int(w, "exitCode", run->exit_code);
		gb_json_put_text(w, "summary", run->summary);
		gb_json_end_object(w);
	}
	gb_json_end_array(w);
	gb_json_end_object(w);
	puts(gb_json_writer_text(w));
}

static void print_run(const struct gb_state_run *run)
{
	char begun[GB_CLOCK_TEXT_BYTES];

	gb_clock_format(run->begun_ms, begun);
	if (run->ended_ms == 0) {
		printf(_("  %s  run %lld did not end (it is at work, or was killed)\n"), begun,
		       (long long)run->no);
		return;
	}
	printf("  %s  %s\n", begun, run->summary != NULL ? run->summary : "");
}

static void print_text(const struct status *status)
{
	printf(_("Groups in the cloud:      %lld\n"), (long long)status->sizes.cloud_groups);
	printf(_("Groups in the directory:  %lld, with %lld memberships\n"),
	       (long long)status->sizes.directory_groups, (long long)status->sizes.directory_links);
	printf(_("To be compared next time: %zu groups\n"), status->dirty_groups);
	gb_view_decisions_print(status->decisions);
	print_lapses(status);
	print_problems(status);
	if (status->run_count == 0) {
		puts(_("No run that wrote anything has been made yet."));
		return;
	}
	puts(_("Last runs, newest first:"));
	for (size_t i = 0; i < status->run_count; i++) {
		print_run(&status->runs[i]);
	}
}

static int nothing_yet(const struct gb_arguments *arguments)
{
	if (arguments->json) {
		puts("{\"schema\": 1, \"runs\": []}");
	} else {
		puts(_("There is no state yet: no run has been made with this configuration."));
	}
	return 0;
}

int gb_command_status(const struct gb_arguments *arguments)
{
	void *ctx = gb_new_tmp(NULL);
	struct gb_config *config = gb_common_load(ctx, arguments);
	struct status status = {.run_count = 0};
	struct gb_err err;
	int code = gb_rc_exit_code(GB_E_CONFIG);

	gb_err_clear(&err);
	if (config != NULL && read_status(ctx, config, &status, &err) == GB_OK) {
		if (arguments->json) {
			print_json(ctx, &status);
		} else {
			print_text(&status);
		}
		code = 0;
	} else if (config != NULL && err.rc == GB_E_NOT_FOUND) {
		code = nothing_yet(arguments);
	} else if (config != NULL) {
		gb_common_print_err(&err);
		code = gb_rc_exit_code(err.rc);
	}
	talloc_free(ctx);
	return code;
}
