/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Guard: what a plan would do, counted, and whether that is too much. Pure.
 *
 * The planner counts while it emits. After the plan and before the first write gb_guard_check()
 * says whether the run may go on. Every limit is optional; 0 means none.
 */
#ifndef GB_PLAN_GUARD_H
#define GB_PLAN_GUARD_H

#include <stdint.h>

#include "engine/base/change.h"
#include "engine/base/compiler.h"
#include "engine/base/err.h"

/** What is in a plan. */
struct gb_plan_counts {
	int64_t groups;    /**< groups looked at */
	int64_t in_scope;  /**< of these, in scope */
	int64_t written;   /**< of these, with an object before the run */
	int64_t unchanged; /**< in scope, and nothing to do */
	int64_t frozen;    /**< left as they are, with a cause */
	int64_t creates;   /**< changes of that kind … */
	int64_t attributes;
	int64_t renames;
	int64_t moves;
	int64_t deletes;
	int64_t type_changes;   /**< changes of groupType */
	int64_t access_changes; /**< of these, distribution → security: gives access */
	int64_t member_adds;    /**< values */
	int64_t member_removes; /**< values */
	int64_t members_held;   /**< removals held back */
	int64_t unmatched;      /**< cloud members that are not written */
	int64_t changes;        /**< changes of all kinds, as emitted */
};

/** Limits of a run; 0: no limit. */
struct gb_guard_limits {
	int64_t max_creates;
	int64_t max_renames;
	int64_t max_type_changes;
	int64_t max_member_removes;
	int64_t max_deletes;
};

/** Which limit a plan breaks. */
enum gb_guard_limit {
	GB_GUARD_NONE = 0,
	GB_GUARD_CREATES = 1,
	GB_GUARD_RENAMES = 2,
	GB_GUARD_TYPE_CHANGES = 3,
	GB_GUARD_MEMBER_REMOVES = 4,
	GB_GUARD_DELETES = 5
};

/** Add one change to the counts. */
void gb_guard_count(struct gb_plan_counts *counts, const struct gb_change *change);

/** First limit that @counts exceed, worst first: deletes, removals, types, renames, creates. */
enum gb_guard_limit gb_guard_exceeded(const struct gb_plan_counts *counts,
				      const struct gb_guard_limits *limits);

/**
 * GB_OK, or GB_E_GUARD with sentences that name the limit, the count and what to do.
 * Nothing of the plan may be written then.
 */
GB_MUST_CHECK enum gb_rc gb_guard_check(const struct gb_plan_counts *counts,
					const struct gb_guard_limits *limits, struct gb_err *err);

#endif
