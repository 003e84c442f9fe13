/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lapse: what becomes of a group that is to be written no more. */
#include "config.h"

#include "engine/plan/lapse.h"

#include "engine/base/directory_object.h"

static enum gb_lapse lapse_of_live(const struct gb_scope *scope)
{
	if (scope->verdict == GB_SCOPE_NEVER) {
		return GB_LAPSE_NEVER;
	}
	if (scope->verdict != GB_SCOPE_OUT) {
		return GB_LAPSE_NONE;
	}
	return scope->cause == GB_CAUSE_DISABLED || scope->cause == GB_CAUSE_NOT_ENABLED
		       ? GB_LAPSE_NOT_ENABLED
		       : GB_LAPSE_FILTERED_OUT;
}

enum gb_lapse gb_lapse_of(const struct gb_plan_group *group, const struct gb_scope *scope)
{
	if (group->is_orphan) {
		return GB_LAPSE_ORPHAN;
	}
	if (scope->cause == GB_CAUSE_SWITCHED_OFF) {
		return GB_LAPSE_SWITCHED_OFF;
	}
	switch (group->life) {
	case GB_LIFE_LIVE:
		break;
	case GB_LIFE_SOFT_DELETED:
		return GB_LAPSE_SOFT_DELETED;
	case GB_LIFE_GONE:
		return GB_LAPSE_HARD_DELETED;
	}
	return lapse_of_live(scope);
}

enum gb_when_rule gb_lapse_rule(const struct gb_plan_policy *policy, enum gb_lapse lapse)
{
	switch (lapse) {
	case GB_LAPSE_NOT_ENABLED:
		return policy->when_not_enabled;
	case GB_LAPSE_FILTERED_OUT:
		return policy->when_filtered_out;
	case GB_LAPSE_SOFT_DELETED:
		return policy->when_soft_deleted;
	case GB_LAPSE_HARD_DELETED:
		return policy->when_hard_deleted;
	case GB_LAPSE_SWITCHED_OFF:
		return policy->when_switched_off;
	case GB_LAPSE_NONE:
	case GB_LAPSE_ORPHAN:
	case GB_LAPSE_NEVER:
		break;
	}
	return GB_WHEN_KEEP;
}

static bool gives_access(const struct gb_plan_group *group)
{
	return (group->observed->group_type & GB_GROUP_TYPE_SECURITY) != 0;
}

static bool has_waited(const struct gb_plan_policy *policy, const struct gb_plan_group *group,
		       enum gb_lapse lapse)
{
	return group->lapse == lapse && group->lapse_age_ms >= policy->delete_after_ms;
}

bool gb_lapse_is_due(const struct gb_plan_policy *policy, const struct gb_plan_group *group,
		     enum gb_lapse lapse)
{
	switch (gb_lapse_rule(policy, lapse)) {
	case GB_WHEN_KEEP:
	case GB_WHEN_DISABLE:
		return false;
	case GB_WHEN_DELETE:
		return true;
	case GB_WHEN_DISABLE_THEN_DELETE:
		break;
	}
	return !gives_access(group) && has_waited(policy, group, lapse);
}

/* An orphan beside another object with its anchor is a twin, which somebody has to know. */
static enum gb_cause cause_of(const struct gb_plan_group *group, const struct gb_decision *decision)
{
	if (decision->lapse != GB_LAPSE_ORPHAN) {
		return decision->scope.cause;
	}
	return group->anchor == GB_ANCHOR_TWINS ? GB_CAUSE_ANCHOR_TWINS : GB_CAUSE_ORPHAN;
}

void gb_lapse_decide(const struct gb_plan_policy *policy, const struct gb_plan_group *group,
		     struct gb_decision *decision)
{
	decision->cause = cause_of(group, decision);
	if (gb_lapse_rule(policy, decision->lapse) == GB_WHEN_KEEP) {
		decision->action = GB_DECIDE_FREEZE;
	} else if (!gb_lapse_is_due(policy, group, decision->lapse)) {
		decision->action = GB_DECIDE_DISABLE;
	} else if (policy->is_new_server) {
		decision->action = GB_DECIDE_FREEZE;
		decision->cause = GB_CAUSE_NEW_SERVER;
	} else if (group->holders || !group->holders_known) {
		decision->action = GB_DECIDE_FREEZE;
		decision->cause = GB_CAUSE_DELETE_HELD;
	} else {
		decision->action = GB_DECIDE_DELETE;
	}
}

const char *gb_lapse_id(enum gb_lapse lapse)
{
	static const char *const ids[] = {
		[GB_LAPSE_NONE] = "none",
		[GB_LAPSE_NOT_ENABLED] = "not-enabled",
		[GB_LAPSE_FILTERED_OUT] = "filtered-out",
		[GB_LAPSE_SOFT_DELETED] = "soft-deleted",
		[GB_LAPSE_HARD_DELETED] = "hard-deleted",
		[GB_LAPSE_ORPHAN] = "orphan",
		[GB_LAPSE_NEVER] = "never",
		[GB_LAPSE_SWITCHED_OFF] = "switched-off",
	};

	return ids[lapse];
}
