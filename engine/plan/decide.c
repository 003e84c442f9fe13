/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decide: what becomes of one group. */
#include "config.h"

#include "engine/plan/decide.h"

#include <stddef.h>

#include "engine/plan/lapse.h"

/* Entra's limits ("Group writeback v2", "Member limit" rule and its security group counterpart). */
#define ENTRA_LIMIT_MICROSOFT365 50000
#define ENTRA_LIMIT_SECURITY     250000

int64_t gb_decide_member_limit(const struct gb_plan_policy *policy,
			       const struct gb_cloud_group *group)
{
	if (policy->member_limit != GB_MEMBER_LIMIT_ENTRA) {
		return policy->member_limit;
	}
	return group->unified ? ENTRA_LIMIT_MICROSOFT365 : ENTRA_LIMIT_SECURITY;
}

enum gb_cause gb_decide_hold(const struct gb_plan_group *group)
{
	if (!group->cloud_complete) {
		return GB_CAUSE_CLOUD_INCOMPLETE;
	}
	if (group->uncertain) {
		return GB_CAUSE_MEMBERS_UNCERTAIN;
	}
	return group->directory_complete ? GB_CAUSE_NONE : GB_CAUSE_DIRECTORY_INCOMPLETE;
}

/* Does an anchor attribute name our group (yes), another one (conflict), or nothing that we know? */
enum anchor_says {
	SAYS_NOTHING,
	SAYS_OURS,
	SAYS_ANOTHER
};

static enum anchor_says read_anchor(const char *value, const struct gb_guid *id)
{
	struct gb_guid named;

	if (!value || !gb_guid_from_anchor(value, &named)) {
		return SAYS_NOTHING;
	}
	return gb_guid_compare(&named, id) == 0 ? SAYS_OURS : SAYS_ANOTHER;
}

static enum gb_cause check_anchors(const struct gb_plan_group *group)
{
	const struct gb_directory_object *object = group->observed;
	enum anchor_says one = read_anchor(object->admin_description, &group->cloud.id);
	enum anchor_says two = read_anchor(object->external_directory_id, &group->cloud.id);

	if (one == SAYS_ANOTHER || two == SAYS_ANOTHER) {
		return GB_CAUSE_ANCHOR_CONFLICT;
	}
	return one == SAYS_OURS || two == SAYS_OURS ? GB_CAUSE_NONE : GB_CAUSE_ANCHOR_REMOVED;
}

/* Why an object that is written must be left alone. */
static enum gb_cause freeze_written(const struct gb_plan_group *group)
{
	const struct gb_directory_object *object = group->observed;

	if (object->object_class != GB_CLASS_GROUP) {
		return GB_CAUSE_NOT_A_GROUP;
	}
	if (group->anchor == GB_ANCHOR_TWINS) {
		return GB_CAUSE_ANCHOR_TWINS;
	}
	if (group->anchor == GB_ANCHOR_ELSEWHERE) {
		return GB_CAUSE_ANCHOR_ELSEWHERE;
	}
	if (object->is_protected) {
		return GB_CAUSE_PROTECTED;
	}
	return object->in_container ? check_anchors(group) : GB_CAUSE_MOVED_AWAY;
}

/* Why an object must not be made. Only a search that found nothing says that there is none. */
static enum gb_cause refuse_create(const struct gb_plan_policy *policy,
				   const struct gb_plan_group *group)
{
	if (policy->is_new_server && group->anchor == GB_ANCHOR_ABSENT) {
		return GB_CAUSE_NEW_SERVER;
	}
	switch (group->anchor) {
	case GB_ANCHOR_ABSENT:
		return GB_CAUSE_NONE;
	case GB_ANCHOR_ELSEWHERE:
		return GB_CAUSE_ANCHOR_ELSEWHERE;
	case GB_ANCHOR_TWINS:
		return GB_CAUSE_ANCHOR_TWINS;
	case GB_ANCHOR_OURS:
	case GB_ANCHOR_UNSEARCHED:
		break;
	}
	return GB_CAUSE_ANCHOR_UNSEARCHED;
}

/* Not to be written: what stands there stays, unless a rule says otherwise. */
static struct gb_decision leave(const struct gb_plan_policy *policy,
				const struct gb_plan_group *group, struct gb_scope scope)
{
	struct gb_decision decision = {
		.action = GB_DECIDE_SKIP, .scope = scope, .cause = scope.cause};
	enum gb_cause cause;

	if (!group->observed) {
		return decision;
	}
	decision.lapse = gb_lapse_of(group, &scope);
	gb_lapse_decide(policy, group, &decision);
	cause = decision.action == GB_DECIDE_FREEZE ? GB_CAUSE_NONE : freeze_written(group);
	if (cause != GB_CAUSE_NONE) {
		decision.action = GB_DECIDE_FREEZE;
		decision.cause = cause;
	}
	return decision;
}

static struct gb_decision decide_live(const struct gb_plan_policy *policy,
				      const struct gb_plan_group *group, struct gb_scope scope)
{
	enum gb_cause cause =
		group->observed ? freeze_written(group) : refuse_create(policy, group);
	struct gb_decision decision = {.scope = scope, .cause = scope.cause};

	if (cause == GB_CAUSE_NONE && !group->observed && group->drifted && policy->report_drift) {
		cause = GB_CAUSE_DRIFT;
	}
	if (cause == GB_CAUSE_NONE && group->drifted &&
	    group->fight_runs >= GB_DECIDE_MAX_FIGHT_RUNS) {
		cause = GB_CAUSE_FIGHT;
	}
	if (cause == GB_CAUSE_NONE &&
	    group->listed > gb_decide_member_limit(policy, &group->cloud)) {
		cause = GB_CAUSE_MEMBER_LIMIT;
	}
	if (cause != GB_CAUSE_NONE) {
		decision.action = GB_DECIDE_FREEZE;
		decision.cause = cause;
	} else {
		decision.action = group->observed ? GB_DECIDE_UPDATE : GB_DECIDE_CREATE;
	}
	return decision;
}

static struct gb_decision decide(const struct gb_plan_policy *policy,
				 const struct gb_plan_group *group)
{
	struct gb_scope scope = {.verdict = GB_SCOPE_OUT, .cause = GB_CAUSE_HARD_DELETED};

	switch (group->life) {
	case GB_LIFE_LIVE:
		scope = gb_scope_check(policy, &group->cloud,
				       group->observed ? &group->observed->sid : NULL);
		break;
	case GB_LIFE_SOFT_DELETED:
		scope.cause = GB_CAUSE_SOFT_DELETED;
		break;
	case GB_LIFE_GONE:
		break;
	}
	if (policy->is_off && group->life != GB_LIFE_LIVE) {
		scope.cause = GB_CAUSE_SWITCHED_OFF;
	}
	return scope.verdict == GB_SCOPE_IN ? decide_live(policy, group, scope)
					    : leave(policy, group, scope);
}

/* Whatever would become of a paused group, nothing does; what would is still the scope's business. */
struct gb_decision gb_decide(const struct gb_plan_policy *policy, const struct gb_plan_group *group)
{
	struct gb_decision decision = decide(policy, group);

	if (group->is_paused && decision.action != GB_DECIDE_SKIP) {
		decision.action = GB_DECIDE_FREEZE;
		decision.cause = GB_CAUSE_PAUSED;
	}
	return decision;
}

const char *gb_decide_action_id(enum gb_decision_action action)
{
	switch (action) {
	case GB_DECIDE_SKIP:
		return "skip";
	case GB_DECIDE_CREATE:
		return "create";
	case GB_DECIDE_UPDATE:
		return "update";
	case GB_DECIDE_FREEZE:
		return "freeze";
	case GB_DECIDE_DISABLE:
		return "disable";
	case GB_DECIDE_DELETE:
		return "delete";
	}
	return "skip";
}
