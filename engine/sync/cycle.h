/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One cycle, end to end: lock, import both sides at once, match, plan, guard, apply, report.
 *
 * gb_cycle_run() blocks until the cycle has ended, however it ends, and always leaves a finished
 * report. A dry run goes the same way and stops before the first write; what it read stays in the
 * state, so the next cycle is a delta.
 */
#ifndef GB_SYNC_CYCLE_H
#define GB_SYNC_CYCLE_H

#include <stdbool.h>

#include "engine/apply/apply.h"
#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/config/configuration.h"
#include "engine/sync/plan_file.h"
#include "engine/sync/planner.h"
#include "engine/sync/report.h"
#include "engine/sync/survey.h"

/** Runs whose journal is kept. */
#define GB_CYCLE_KEEP_RUNS 100

/** Which cycle is asked for. */
enum gb_cycle_policy {
	GB_CYCLE_AUTO = 0, /**< delta where one is possible and the last full one is recent */
	GB_CYCLE_DELTA,    /**< delta where one is possible */
	GB_CYCLE_INITIAL   /**< read everything */
};

/** What to do, and who watches. */
struct gb_cycle_options {
	enum gb_cycle_policy policy;
	bool dry_run;                  /**< plan, write nothing */
	bool as_approved;              /**< dry run: plan what approving the plan would carry out,
					    what waits for that included */
	bool approve_first;            /**< the first cycle is approved, whatever it writes */
	const char *group; /**< this group alone, by id or name; or NULL */
	bool adopt;        /**< groups alone that other tools made, and that were not taken over yet:
				nothing is created, everything is read */
	bool release;      /**< give back what was taken over, nothing else (release.h) */
	struct gb_survey *survey; /**< filled with what the plan says of each group; or NULL */
	int64_t undo_run;              /**< put back what this run changed, nothing else; or 0 */
	const char *plan_out;          /**< dry run: also write the plan to this file */
	struct gb_plan_file *approved; /**< carry out this plan and no other; or NULL */
	const struct gb_plan_viewer *viewer; /**< sees the plan; or NULL */
	/** Progress of the writing; or NULL. */
	void (*progress)(void *user, const struct gb_apply_progress *progress);
	void *progress_user; /**< handed to progress */
};

/**
 * Run one cycle.
 *
 * @param config      what to go by; borrowed.
 * @param ret_report  always set, finished, below @ctx; its exit_code is the one to leave with.
 */
void gb_cycle_run(const void *ctx, const struct gb_config *config,
		  const struct gb_cycle_options *options, struct gb_report **ret_report);

#endif
