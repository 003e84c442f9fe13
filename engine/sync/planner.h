/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Planning: runs plan/ over the state and puts what comes out into the journal and the report.
 *
 * The whole plan is stored before anything is sent. A dry run goes the same way; its plan is shown
 * from the journal, which is what would be sent, and then given up with the transaction (the caller
 * rolls back).
 */
#ifndef GB_SYNC_PLANNER_H
#define GB_SYNC_PLANNER_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/sync/anchors.h"
#include "engine/sync/report.h"
#include "engine/sync/session.h"

/** Who looks at the plan (`plan` prints it): notes while it is made, changes when it is whole. */
struct gb_plan_viewer {
	void (*change)(void *user, const struct gb_change *change); /**< or NULL */
	void (*note)(void *user, const struct gb_plan_note *note);  /**< or NULL */
	void *user;                                                 /**< handed to both */
};

/**
 * Plan everything (@all) or what is dirty, into the journal of @run_no. Groups for which nothing is
 * to be done, and which are no problem, are cleared of their dirtiness.
 *
 * @param report  gets counts and notes.
 * @param viewer  or NULL.
 * Errors: those of state/ and plan/.
 */
GB_MUST_CHECK enum gb_rc gb_planner_run(struct gb_session *session, int64_t run_no, bool all,
					const struct gb_anchors *anchors, struct gb_report *report,
					const struct gb_plan_viewer *viewer, struct gb_err *err);

/**
 * Count the stored plan of @run_no again, after something was taken out of it: the counts of changes
 * in report->planned, and the groups touched. Errors: those of state/.
 */
GB_MUST_CHECK enum gb_rc gb_planner_recount(struct gb_session *session, int64_t run_no,
					    struct gb_report *report, struct gb_err *err);

/** Show the stored plan of @run_no to @viewer (or NULL). Errors: those of state/. */
GB_MUST_CHECK enum gb_rc gb_planner_show(struct gb_session *session, int64_t run_no,
					 const struct gb_plan_viewer *viewer, struct gb_err *err);

#endif
