/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decide: what becomes of one group, before any difference is taken. Pure; used by the planner, and
 * by `explain`.
 */
#ifndef GB_PLAN_DECIDE_H
#define GB_PLAN_DECIDE_H

#include "engine/plan/cause.h"
#include "engine/plan/group.h"
#include "engine/plan/policy.h"
#include "engine/plan/scope.h"

/** What is done with a group. Stored in reports: ids stay. */
enum gb_decision_action {
	GB_DECIDE_SKIP = 1,   /**< not in scope and not written: nothing to do */
	GB_DECIDE_CREATE = 2, /**< in scope, no object anywhere: make it */
	GB_DECIDE_UPDATE = 3, /**< in scope and written: bring it in line */
	GB_DECIDE_FREEZE = 4, /**< left exactly as it is, and named */
	GB_DECIDE_DISABLE =
		5, /**< not to be written any more: it keeps its SID and gives no access */
	GB_DECIDE_DELETE = 6 /**< not to be written any more: delete it */
};

/** Runs that may put the same back before the group is left alone (docs/failures.md, D36). */
#define GB_DECIDE_MAX_FIGHT_RUNS 3

/** The decision with its reason. */
struct gb_decision {
	enum gb_decision_action action;
	struct gb_scope scope; /**< the verdict; of a deleted group GB_SCOPE_OUT */
	enum gb_cause cause;   /**< SKIP, FREEZE: why. Otherwise the scope's cause */
	enum gb_lapse lapse;   /**< why a group with an object is written no more, or none */
};

/** Decide on one group. */
struct gb_decision gb_decide(const struct gb_plan_policy *policy,
			     const struct gb_plan_group *group);

/** Most members that @group may have under @policy. */
int64_t gb_decide_member_limit(const struct gb_plan_policy *policy,
			       const struct gb_cloud_group *group);

/** Why removals of @group are held back: a cause of the 250 block, or GB_CAUSE_NONE. */
enum gb_cause gb_decide_hold(const struct gb_plan_group *group);

/** Stable id of an action: "skip", "create", "update", "freeze", "disable", "delete". */
const char *gb_decide_action_id(enum gb_decision_action action);

#endif
