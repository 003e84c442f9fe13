/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs: one row a run of the engine, with its counts; the older ones are pruned with their journal. */
#ifndef GB_STATE_RUNS_H
#define GB_STATE_RUNS_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/change.h"
#include "engine/state/journal.h"
#include "engine/state/state.h"

/** Kinds and statuses that are counted. */
#define GB_RUN_KINDS    (GB_CHANGE_DELETE + 1)
#define GB_RUN_STATUSES (GB_OUTCOME_WAITING + 1)

/** What a run did. */
struct gb_state_run_counts {
	size_t changes[GB_RUN_KINDS][GB_RUN_STATUSES]; /**< by enum gb_change_kind and status */
	size_t members[GB_RUN_KINDS][GB_RUN_STATUSES]; /**< values of member in these changes */
};

/** A run. */
struct gb_state_run {
	int64_t no;          /**< its number, from 1 */
	int64_t begun_ms;    /**< wall time */
	int64_t ended_ms;    /**< wall time; 0: it did not end (crash, or still at work) */
	const char *policy;  /**< "delta", "initial", "approve" … */
	int exit_code;       /**< -1: it did not end */
	const char *summary; /**< its summary line; or NULL */
	struct gb_state_run_counts counts; /**< of its journal; kept when that is pruned */
};

/** Begin a run. @policy: a word for people and history. */
GB_MUST_CHECK enum gb_rc gb_state_run_begin(struct gb_state *state, const char *policy,
					    int64_t *ret_run_no, struct gb_err *err);

/**
 * End a run: changes without an outcome become SKIPPED, the counts are taken.
 *
 * @param summary  one line, or NULL.
 */
GB_MUST_CHECK enum gb_rc gb_state_run_end(struct gb_state *state, int64_t run_no, int exit_code,
					  const char *summary, struct gb_err *err);

/** Read a run; 0: the last one. NULL if there is none. Below @ctx. */
GB_MUST_CHECK enum gb_rc gb_state_run_read(const void *ctx, struct gb_state *state, int64_t run_no,
					   struct gb_state_run **ret_run, struct gb_err *err);

/** The last runs, newest first, at most @max of them, below @ctx. */
GB_MUST_CHECK enum gb_rc gb_state_run_list(const void *ctx, struct gb_state *state, size_t max,
					   struct gb_state_run **ret_runs, size_t *ret_count,
					   struct gb_err *err);

/** Counts of a run's journal as it stands (a plan that is not sent yet, too). */
GB_MUST_CHECK enum gb_rc gb_state_run_count(struct gb_state *state, int64_t run_no,
					    struct gb_state_run_counts *ret_counts,
					    struct gb_err *err);

/** Forget the journal of all but the last @keep runs, and all but the last 100 × @keep runs. */
GB_MUST_CHECK enum gb_rc gb_state_run_prune(struct gb_state *state, unsigned keep,
					    struct gb_err *err);

#endif
