/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scope: is a cloud group to be written? */
#include "config.h"

#include "engine/plan/scope.h"

#include <stddef.h>

#include "engine/plan/filter.h"
#include "engine/plan/selection.h"

static const unsigned KIND_PROPERTIES =
	GB_GROUP_HAS_GROUP_TYPES | GB_GROUP_HAS_SECURITY_ENABLED | GB_GROUP_HAS_MAIL_ENABLED;

static bool has(const struct gb_cloud_group *group, unsigned properties)
{
	return (group->present & properties) == properties;
}

enum gb_group_kind gb_scope_kind(const struct gb_cloud_group *group)
{
	if (!has(group, KIND_PROPERTIES)) {
		return GB_KIND_UNKNOWN;
	}
	if (group->unified) {
		return GB_KIND_MICROSOFT365;
	}
	if (group->security_enabled == GB_UNKNOWN || group->mail_enabled == GB_UNKNOWN) {
		return GB_KIND_UNKNOWN;
	}
	if (group->mail_enabled == GB_YES) {
		return group->security_enabled == GB_YES ? GB_KIND_MAIL_ENABLED_SECURITY
							 : GB_KIND_DISTRIBUTION;
	}
	return group->security_enabled == GB_YES ? GB_KIND_SECURITY : GB_KIND_NONE;
}

static struct gb_scope scope(enum gb_scope_verdict verdict, enum gb_cause cause)
{
	return (struct gb_scope){.verdict = verdict, .cause = cause};
}

static struct gb_scope undecided(void)
{
	return scope(0, GB_CAUSE_NONE);
}

/*
 * A group that carries an on-premises SID without being mastered there had its source of authority
 * converted, or left a synchronization that was switched off. Its first object may well be alive:
 * written again, it would be a twin with the same name and another SID.
 */
static bool is_converted(const struct gb_cloud_group *group, const struct gb_sid *own_sid)
{
	return !gb_sid_is_none(&group->on_premises_sid) &&
	       !(own_sid && gb_sid_equal(&group->on_premises_sid, own_sid));
}

static struct gb_scope check_origin(const struct gb_cloud_group *group,
				    const struct gb_sid *own_sid)
{
	if (!has(group, GB_GROUP_HAS_ON_PREMISES | GB_GROUP_HAS_SID)) {
		return scope(GB_SCOPE_UNKNOWN, GB_CAUSE_PROPERTIES_MISSING);
	}
	if (group->on_premises_sync_enabled == GB_YES) {
		return scope(GB_SCOPE_NEVER, GB_CAUSE_ON_PREMISES);
	}
	if (is_converted(group, own_sid)) {
		return scope(GB_SCOPE_NEVER, GB_CAUSE_AUTHORITY_CONVERTED);
	}
	return undecided();
}

static struct gb_scope check_kind(const struct gb_plan_policy *policy, enum gb_group_kind kind)
{
	switch (kind) {
	case GB_KIND_UNKNOWN:
		return scope(GB_SCOPE_UNKNOWN, GB_CAUSE_PROPERTIES_MISSING);
	case GB_KIND_DISTRIBUTION:
		return scope(GB_SCOPE_NEVER, GB_CAUSE_DISTRIBUTION_LIST);
	case GB_KIND_MAIL_ENABLED_SECURITY:
		return scope(GB_SCOPE_NEVER, GB_CAUSE_MAIL_ENABLED_SECURITY);
	case GB_KIND_NONE:
		return scope(GB_SCOPE_NEVER, GB_CAUSE_NO_KIND);
	case GB_KIND_SECURITY:
		return policy->security_groups ? undecided()
					       : scope(GB_SCOPE_OUT, GB_CAUSE_KIND_NOT_SELECTED);
	case GB_KIND_MICROSOFT365:
		return policy->microsoft365_groups
			       ? undecided()
			       : scope(GB_SCOPE_OUT, GB_CAUSE_KIND_NOT_SELECTED);
	}
	return scope(GB_SCOPE_UNKNOWN, GB_CAUSE_PROPERTIES_MISSING);
}

/* isAssignableToRole is null for groups that were not made for roles: only true counts. */
static struct gb_scope check_exceptions(const struct gb_plan_policy *policy,
					const struct gb_cloud_group *group)
{
	if (!policy->hidden_membership) {
		if (!has(group, GB_GROUP_HAS_VISIBILITY)) {
			return scope(GB_SCOPE_UNKNOWN, GB_CAUSE_PROPERTIES_MISSING);
		}
		if (group->hidden_membership) {
			return scope(GB_SCOPE_NEVER, GB_CAUSE_HIDDEN_MEMBERSHIP);
		}
	}
	if (!policy->role_assignable) {
		if (!has(group, GB_GROUP_HAS_ROLE)) {
			return scope(GB_SCOPE_UNKNOWN, GB_CAUSE_PROPERTIES_MISSING);
		}
		if (group->is_assignable_to_role == GB_YES) {
			return scope(GB_SCOPE_NEVER, GB_CAUSE_ROLE_ASSIGNABLE);
		}
	}
	return undecided();
}

/* A type that we do not know makes a group that would be written unknown: we cannot say as what. */
static struct gb_scope in_unless_type_unknown(const struct gb_cloud_group *group,
					      enum gb_cause cause)
{
	return group->writeback_type == GB_WRITEBACK_TYPE_OTHER
		       ? scope(GB_SCOPE_UNKNOWN, GB_CAUSE_WRITEBACK_TYPE)
		       : scope(GB_SCOPE_IN, cause);
}

/*
 * Null counts as Entra's default in tenant mode: on for Microsoft 365 groups, off for security
 * groups (two of Microsoft's three pages say so).
 */
static struct gb_scope check_switch(const struct gb_plan_policy *policy,
				    const struct gb_cloud_group *group, enum gb_group_kind kind)
{
	bool by_default = policy->scope == GB_SCOPE_TENANT && kind == GB_KIND_MICROSOFT365;

	if (!has(group, GB_GROUP_HAS_WRITEBACK)) {
		return scope(GB_SCOPE_UNKNOWN, GB_CAUSE_WRITEBACK_MISSING);
	}
	if (group->writeback_enabled == GB_NO) {
		return scope(GB_SCOPE_OUT, GB_CAUSE_DISABLED);
	}
	if (group->writeback_enabled == GB_UNKNOWN && !by_default) {
		return scope(GB_SCOPE_OUT, GB_CAUSE_NOT_ENABLED);
	}
	return in_unless_type_unknown(group, group->writeback_enabled == GB_YES
						     ? GB_CAUSE_ENABLED
						     : GB_CAUSE_TENANT_DEFAULT);
}

static struct gb_scope check_selection(const struct gb_plan_policy *policy,
				       const struct gb_cloud_group *group)
{
	switch (policy->selection ? gb_selection_find(policy->selection, &group->id)
				  : GB_SELECTION_UNKNOWN) {
	case GB_SELECTION_YES:
		return in_unless_type_unknown(group, GB_CAUSE_SELECTED);
	case GB_SELECTION_NO:
		return scope(GB_SCOPE_OUT, GB_CAUSE_NOT_SELECTED);
	case GB_SELECTION_AMBIGUOUS:
		return scope(GB_SCOPE_UNKNOWN, GB_CAUSE_SELECTION_AMBIGUOUS);
	case GB_SELECTION_UNKNOWN:
		break;
	}
	return scope(GB_SCOPE_UNKNOWN, GB_CAUSE_SELECTION_UNKNOWN);
}

static struct gb_scope check_filter(const struct gb_plan_policy *policy,
				    const struct gb_cloud_group *group)
{
	switch (policy->filter ? gb_filter_matches(policy->filter, group) : GB_UNKNOWN) {
	case GB_YES:
		return in_unless_type_unknown(group, GB_CAUSE_FILTER_MATCHED);
	case GB_NO:
		return scope(GB_SCOPE_OUT, GB_CAUSE_FILTERED_OUT);
	case GB_UNKNOWN:
		break;
	}
	return scope(GB_SCOPE_UNKNOWN, GB_CAUSE_FILTER_UNDECIDED);
}

static struct gb_scope check_mode(const struct gb_plan_policy *policy,
				  const struct gb_cloud_group *group, enum gb_group_kind kind)
{
	switch (policy->scope) {
	case GB_SCOPE_KINDS:
		return in_unless_type_unknown(group, GB_CAUSE_KIND_SELECTED);
	case GB_SCOPE_SELECTED:
		return check_selection(policy, group);
	case GB_SCOPE_FILTER:
		return check_filter(policy, group);
	case GB_SCOPE_ENABLED_ONLY:
	case GB_SCOPE_TENANT:
		break;
	}
	return check_switch(policy, group, kind);
}

struct gb_scope gb_scope_check(const struct gb_plan_policy *policy,
			       const struct gb_cloud_group *group, const struct gb_sid *own_sid)
{
	enum gb_group_kind kind = gb_scope_kind(group);
	struct gb_scope answer = check_origin(group, own_sid);

	if (answer.cause == GB_CAUSE_NONE && policy->is_off) {
		answer = scope(GB_SCOPE_OUT, GB_CAUSE_SWITCHED_OFF);
	}
	if (answer.cause == GB_CAUSE_NONE) {
		answer = check_kind(policy, kind);
	}
	if (answer.cause == GB_CAUSE_NONE) {
		answer = check_exceptions(policy, group);
	}
	return answer.cause == GB_CAUSE_NONE ? check_mode(policy, group, kind) : answer;
}

const char *gb_scope_verdict_id(enum gb_scope_verdict verdict)
{
	switch (verdict) {
	case GB_SCOPE_IN:
		return "in";
	case GB_SCOPE_OUT:
		return "out";
	case GB_SCOPE_NEVER:
		return "never";
	case GB_SCOPE_UNKNOWN:
		return "unknown";
	}
	return "unknown";
}
