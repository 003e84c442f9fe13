/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groupback-engine history: the runs, or what one of them did. */
#include "config.h"

#include <stdio.h>

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/commands/command.h"
#include "engine/commands/common.h"
#include "engine/plan/print.h"
#include "engine/state/runs.h"
#include "engine/sync/change_json.h"

/** Runs that are listed. */
#define SHOWN_RUNS 1000

static const char *status_word(const struct gb_state_change *change)
{
	switch (change->status) {
	case GB_OUTCOME_APPLIED:
		return change->failed_member_count > 0 ? _("done in part") : _("done");
	case GB_OUTCOME_FAILED:
		return _("failed");
	case GB_OUTCOME_UNKNOWN:
	case GB_OUTCOME_SETTLED:
		return _("outcome unknown");
	case GB_OUTCOME_SKIPPED:
		return _("not sent");
	case GB_OUTCOME_WAITING:
		return _("waits for approval");
	case GB_OUTCOME_OPEN:
		break;
	}
	return _("open");
}

static void put_run(struct gb_json_writer *w, const struct gb_state_run *run)
{
	char text[GB_CLOCK_TEXT_BYTES];

	gb_json_put_int(w, "run", run->no);
	gb_json_put_text(w, "begun", gb_clock_format(run->begun_ms, text));
	gb_json_put_text(w, "ended",
			 run->ended_ms > 0 ? gb_clock_format(run->ended_ms, text) : NULL);
	gb_json_put_text(w, "policy", run->policy);
	gb_json_put_int(w, "exitCode", run->exit_code);
	gb_json_put_text(w, "summary", run->summary);
}

static void print_run(const struct gb_state_run *run)
{
	char begun[GB_CLOCK_TEXT_BYTES];

	printf("%s  %s\n", gb_clock_format(run->begun_ms, begun),
	       run->summary != NULL ? run->summary : _("(did not end)"));
}

static enum gb_rc list_runs(const void *ctx, struct gb_state *state, bool json, struct gb_err *err)
{
	struct gb_json_writer *w = gb_json_writer_new(ctx, true);
	struct gb_state_run *runs = NULL;
	size_t count = 0;
	enum gb_rc rc = gb_state_run_list(ctx, state, SHOWN_RUNS, &runs, &count, err);

	gb_json_begin_object(w, NULL);
	gb_json_put_int(w, "schema", 1);
	gb_json_begin_array(w, "runs");
	for (size_t i = 0; i < count; i++) {
		if (json) {
			gb_json_begin_object(w, NULL);
			put_run(w, &runs[i]);
			gb_json_end_object(w);
		} else {
			print_run(&runs[i]);
		}
	}
	gb_json_end_array(w);
	gb_json_end_object(w);
	if (rc == GB_OK && json) {
		puts(gb_json_writer_text(w));
	}
	return rc;
}

static enum gb_rc show_change(struct gb_state *state, struct gb_json_writer *w, bool json,
			      const struct gb_state_change *change, struct gb_err *err)
{
	enum gb_rc rc;

	if (!json) {
		printf("%s    (%s%s%s)\n", gb_print_change(change, &change->change),
		       status_word(change), change->err_text != NULL ? ": " : "",
		       change->err_text != NULL ? change->err_text : "");
		return GB_OK;
	}
	gb_json_begin_object(w, NULL);
	rc = gb_change_json_put(w, state, change, err);
	if (rc == GB_OK) {
		gb_json_put_text(w, "status", status_word(change));
		gb_json_put_text(w, "error", change->err_text);
		gb_json_end_object(w);
	}
	return rc;
}

static enum gb_rc show_changes(const void *ctx, struct gb_state *state, struct gb_json_writer *w,
			       bool json, int64_t run_no, struct gb_err *err)
{
	struct gb_state_changes_iter *iter = gb_state_changes_begin(ctx, state, run_no, 0);
	struct gb_state_change *change = NULL;
	enum gb_rc rc;

	while ((rc = gb_state_changes_next(iter, ctx, &change, err)) == GB_OK && change != NULL) {
		rc = show_change(state, w, json, change, err);
		talloc_free(change);
		if (rc != GB_OK) {
			break;
		}
	}
	gb_state_changes_end(iter);
	return rc;
}

static enum gb_rc show_run(const void *ctx, struct gb_state *state, bool json, int64_t run_no,
			   struct gb_err *err)
{
	struct gb_json_writer *w = gb_json_writer_new(ctx, true);
	struct gb_state_run *run = NULL;
	enum gb_rc rc = gb_state_run_read(ctx, state, run_no, &run, err);

	if (rc == GB_OK && run == NULL) {
		gb_err_set(err, GB_E_USAGE, "history-run", _("This state knows no run %lld."),
			   (long long)run_no);
		return gb_err_remedy(err, _("'groupback-engine history' lists the runs."));
	}
	if (rc != GB_OK) {
		return rc;
	}
	gb_json_begin_object(w, NULL);
	gb_json_put_int(w, "schema", 1);
	put_run(w, run);
	gb_json_begin_array(w, "changes");
	if (!json) {
		print_run(run);
	}
	rc = show_changes(ctx, state, w, json, run_no, err);
	if (rc == GB_OK && json) {
		gb_json_end_array(w);
		gb_json_end_object(w);
		puts(gb_json_writer_text(w));
	}
	return rc;
}

static int show(const struct gb_arguments *arguments, const struct gb_config *config)
{
	char *path = gb_printf(config, "%s/state.db", config->paths.state_directory);
	struct gb_state *state = NULL;
	int64_t run_no = 0;
	struct gb_err err;
	enum gb_rc rc;

	if (arguments->word_count > 0 && !gb_common_run_number(arguments->words[0], &run_no)) {
		return gb_rc_exit_code(GB_E_USAGE);
	}
	rc = gb_state_open(config, path, GB_STATE_READ_ONLY, &state, &err);
	if (rc == GB_OK) {
		rc = run_no > 0 ? show_run(config, state, arguments->json, run_no, &err)
				: list_runs(config, state, arguments->json, &err);
	}
	if (rc != GB_OK) {
		gb_common_print_err(&err);
	}
	return gb_rc_exit_code(rc);
}

int gb_command_history(const struct gb_arguments *arguments)
{
	void *ctx = gb_new_tmp(NULL);
	struct gb_config *config = gb_common_load(ctx, arguments);
	int code = config != NULL ? show(arguments, config) : gb_rc_exit_code(GB_E_CONFIG);

	talloc_free(ctx);
	return code;
}
