/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Guard: what a plan would do, counted, and whether that is too much. */
#include "config.h"

#include "engine/plan/guard.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/directory_object.h"
#include "engine/base/i18n.h"

static bool is_security(const char *group_type)
{
	return group_type && (strtoll(group_type, NULL, 10) & GB_GROUP_TYPE_SECURITY) != 0;
}

static void count_type(struct gb_plan_counts *counts, const struct gb_change *change)
{
	for (size_t i = 0; i < change->value_count; i++) {
		const struct gb_change_value *value = &change->values[i];

		if (strcmp(value->attribute, "groupType") == 0) {
			counts->type_changes++;
			counts->access_changes +=
				is_security(value->value) && !is_security(value->old_value);
		}
	}
}

void gb_guard_count(struct gb_plan_counts *counts, const struct gb_change *change)
{
	int64_t members = (int64_t)change->member_count;

	counts->changes++;
	switch (change->kind) {
	case GB_CHANGE_CREATE:
		counts->creates++;
		counts->member_adds += members;
		break;
	case GB_CHANGE_ATTRIBUTES:
		counts->attributes++;
		count_type(counts, change);
		break;
	case GB_CHANGE_REMOVE_MEMBERS:
		counts->member_removes += members;
		break;
	case GB_CHANGE_ADD_MEMBERS:
		counts->member_adds += members;
		break;
	case GB_CHANGE_RENAME:
		counts->renames++;
		break;
	case GB_CHANGE_MOVE:
		counts->moves++;
		break;
	case GB_CHANGE_DELETE:
		counts->deletes++;
		break;
	}
}

static bool is_above(int64_t count, int64_t limit)
{
	return limit > 0 && count > limit;
}

enum gb_guard_limit gb_guard_exceeded(const struct gb_plan_counts *counts,
				      const struct gb_guard_limits *limits)
{
	if (is_above(counts->deletes, limits->max_deletes)) {
		return GB_GUARD_DELETES;
	}
	if (is_above(counts->member_removes, limits->max_member_removes)) {
		return GB_GUARD_MEMBER_REMOVES;
	}
	if (is_above(counts->type_changes, limits->max_type_changes)) {
		return GB_GUARD_TYPE_CHANGES;
	}
	if (is_above(counts->renames, limits->max_renames)) {
		return GB_GUARD_RENAMES;
	}
	return is_above(counts->creates, limits->max_creates) ? GB_GUARD_CREATES : GB_GUARD_NONE;
}

static void say_what(const struct gb_plan_counts *counts, const struct gb_guard_limits *limits,
		     struct gb_err *err)
{
	switch (gb_guard_exceeded(counts, limits)) {
	case GB_GUARD_NONE:
		break;
	case GB_GUARD_DELETES:
		(void)gb_err_set(err, GB_E_GUARD, "guard-deletes",
				 _("The plan deletes %lld groups; the limit is %lld."),
				 (long long)counts->deletes, (long long)limits->max_deletes);
		break;
	case GB_GUARD_MEMBER_REMOVES:
		(void)gb_err_set(err, GB_E_GUARD, "guard-member-removals",
				 _("The plan removes %lld members; the limit is %lld."),
				 (long long)counts->member_removes,
				 (long long)limits->max_member_removes);
		break;
	case GB_GUARD_TYPE_CHANGES:
		(void)gb_err_set(err, GB_E_GUARD, "guard-type-changes",
				 _("The plan changes the type of %lld groups; the limit is %lld."),
				 (long long)counts->type_changes,
				 (long long)limits->max_type_changes);
		break;
	case GB_GUARD_RENAMES:
		(void)gb_err_set(err, GB_E_GUARD, "guard-renames",
				 _("The plan renames %lld groups; the limit is %lld."),
				 (long long)counts->renames, (long long)limits->max_renames);
		break;
	case GB_GUARD_CREATES:
		(void)gb_err_set(err, GB_E_GUARD, "guard-creates",
				 _("The plan creates %lld groups; the limit is %lld."),
				 (long long)counts->creates, (long long)limits->max_creates);
		break;
	}
}

enum gb_rc gb_guard_check(const struct gb_plan_counts *counts, const struct gb_guard_limits *limits,
			  struct gb_err *err)
{
	if (gb_guard_exceeded(counts, limits) == GB_GUARD_NONE) {
		return GB_OK;
	}
	say_what(counts, limits, err);
	(void)gb_err_undone(err, _("Nothing was written."));
	(void)gb_err_remedy(err, _("Look at the plan; if it is right, approve it or raise the "
				   "limit."));
	return GB_E_GUARD;
}
