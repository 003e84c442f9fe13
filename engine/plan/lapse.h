/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lapse: what becomes of a group that was written and is to be written no more. Pure; used by
 * decide.c alone.
 *
 * The rules are those of the configuration (`when not enabled` and its sisters). Whatever the rule:
 * unknown is not out of scope, an orphan is never touched, and deleting waits until nothing outside
 * the container holds the group.
 */
#ifndef GB_PLAN_LAPSE_H
#define GB_PLAN_LAPSE_H

#include <stdbool.h>

#include "engine/plan/decide.h"
#include "engine/plan/group.h"
#include "engine/plan/policy.h"
#include "engine/plan/scope.h"

/** Why @group lapses under @scope; GB_LAPSE_NONE if it is in scope or the scope is unknown. */
enum gb_lapse gb_lapse_of(const struct gb_plan_group *group, const struct gb_scope *scope);

/** The configured rule for @lapse; GB_WHEN_KEEP where there is none. */
enum gb_when_rule gb_lapse_rule(const struct gb_plan_policy *policy, enum gb_lapse lapse);

/**
 * Fill in action and cause of a @decision with scope and lapse on a group whose object we may touch.
 *
 * FREEZE (keep), DISABLE, or DELETE. Rule DISABLE_THEN_DELETE deletes what is disabled and has
 * lapsed for the same reason for policy->delete_after_ms: a new reason begins a new age.
 */
void gb_lapse_decide(const struct gb_plan_policy *policy, const struct gb_plan_group *group,
		     struct gb_decision *decision);

/**
 * True if the rules delete @group once nobody outside the container holds it: then somebody has to
 * look who does.
 */
bool gb_lapse_is_due(const struct gb_plan_policy *policy, const struct gb_plan_group *group,
		     enum gb_lapse lapse);

/** Stable id: "none", "not-enabled", "filtered-out", "soft-deleted", "hard-deleted", "orphan",
 * "never", "switched-off". */
const char *gb_lapse_id(enum gb_lapse lapse);

#endif
