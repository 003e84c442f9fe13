/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Guard: what a plan would do, counted, and whether that is too much. Pure.
 *
 * The planner counts while it emits. After the plan and before the first write gb_guard_check()
 * says whether the run may go on.
 */
#ifndef GB_PLAN_GUARD_H
#define GB_PLAN_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/change.h"
#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/limit.h"

/** What is in a plan. */
struct gb_plan_counts {
	int64_t groups;    /**< groups looked at */
	int64_t in_scope;  /**< of these, in scope */
	int64_t written;   /**< of these, with an object before the run */
	int64_t lapsed;    /**< of these, to be written no more */
	int64_t unchanged; /**< in scope, and nothing to do */
	int64_t frozen;    /**< left as they are, with a cause */
	int64_t creates;   /**< changes of that kind … */
	int64_t attributes;
	int64_t renames;
	int64_t moves;
	int64_t deletes;
	int64_t disables;       /**< groups of which a rule takes the access away; the planner counts
				     them, they are among type_changes as well */
	int64_t type_changes;   /**< changes of groupType */
	int64_t access_changes; /**< of these, distribution → security: gives access */
	int64_t member_adds;    /**< values */
	int64_t member_removes; /**< values */
	int64_t members_held;   /**< removals held back */
	int64_t unmatched;      /**< cloud members that are not written */
	int64_t changes;        /**< changes of all kinds that go */
	int64_t waiting;        /**< changes that wait for approval; in no other count of changes */
	int64_t waiting_groups; /**< groups that they belong to */
};

/** Limits of a run. */
struct gb_guard_limits {
	struct gb_limit deletes;        /**< of the groups */
	struct gb_limit disables;       /**< of the groups */
	struct gb_limit creates;        /**< of the groups */
	struct gb_limit renames;        /**< of the groups; moves count with them */
	struct gb_limit type_changes;   /**< of the groups */
	struct gb_limit member_removes; /**< of the memberships */
};

/** What shares are taken of. */
struct gb_guard_base {
	int64_t groups;      /**< groups that are written */
	int64_t memberships; /**< members that they have */
	int64_t lapsed;      /**< groups not looked at that earlier runs found to be written no more */
};

/** Which limit a plan breaks, the worst last. */
enum gb_guard_limit {
	GB_GUARD_NONE = 0,
	GB_GUARD_CREATES = 1,
	GB_GUARD_RENAMES = 2,
	GB_GUARD_TYPE_CHANGES = 3,
	GB_GUARD_MEMBER_REMOVES = 4,
	GB_GUARD_DISABLES = 5,
	GB_GUARD_DELETES = 6,
	GB_GUARD_EMPTY_SCOPE = 7 /**< there are written groups, and none is in scope */
};

/** True if the value makes a group a security group that was none: its members get access. */
bool gb_guard_gives_access(const struct gb_change_value *value);

/** Add one change to the counts: to waiting alone if it waits. */
void gb_guard_count(struct gb_plan_counts *counts, const struct gb_change *change);

/**
 * The worst limit that @counts exceed.
 *
 * GB_GUARD_EMPTY_SCOPE: every written group (base->groups) was looked at, now or when it lapsed, and none of the
 * groups is in scope: a scope that lost its groups is a mistake until somebody says otherwise.
 */
enum gb_guard_limit gb_guard_exceeded(const struct gb_plan_counts *counts,
				      const struct gb_guard_limits *limits,
				      const struct gb_guard_base *base);

/**
 * GB_OK, or GB_E_GUARD with sentences that name the limit, the count and what to do.
 * Nothing of the plan may be written then.
 */
GB_MUST_CHECK enum gb_rc gb_guard_check(const struct gb_plan_counts *counts,
					const struct gb_guard_limits *limits,
					const struct gb_guard_base *base, struct gb_err *err);

#endif
