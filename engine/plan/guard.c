/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Guard: what a plan would do, counted, and whether that is too much. */
#include "config.h"

#include "engine/plan/guard.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/compiler.h"
#include "engine/base/directory_object.h"
#include "engine/base/i18n.h"

static bool is_security(const char *group_type)
{
	return group_type && (strtoll(group_type, NULL, 10) & GB_GROUP_TYPE_SECURITY) != 0;
}

bool gb_guard_gives_access(const struct gb_change_value *value)
{
	return strcmp(value->attribute, "groupType") == 0 && is_security(value->value) &&
	       !is_security(value->old_value);
}

static void count_type(struct gb_plan_counts *counts, const struct gb_change *change)
{
	for (size_t i = 0; i < change->value_count; i++) {
		const struct gb_change_value *value = &change->values[i];

		if (strcmp(value->attribute, "groupType") == 0) {
			counts->type_changes++;
			counts->access_changes += gb_guard_gives_access(value);
		}
	}
}

void gb_guard_count(struct gb_plan_counts *counts, const struct gb_change *change)
{
	int64_t members = (int64_t)change->member_count;

	if (change->waits) {
		counts->waiting++;
		return;
	}
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

/* One row a limit, worst first: what is counted, of what, and how it is said. */
static const struct rule {
	enum gb_guard_limit broken;
	size_t count; /* offset in struct gb_plan_counts */
	size_t limit; /* offset in struct gb_guard_limits */
	bool of_memberships;
	const char *id;
	const char *what; /* N_(): the things that are counted */
} RULES[] = {
	{GB_GUARD_DELETES, offsetof(struct gb_plan_counts, deletes),
	 offsetof(struct gb_guard_limits, deletes), false, "guard-deletes",
	 N_("Groups to be deleted")},
	{GB_GUARD_DISABLES, offsetof(struct gb_plan_counts, disables),
	 offsetof(struct gb_guard_limits, disables), false, "guard-disables",
	 N_("Groups to be disabled")},
	{GB_GUARD_MEMBER_REMOVES, offsetof(struct gb_plan_counts, member_removes),
	 offsetof(struct gb_guard_limits, member_removes), true, "guard-member-removals",
	 N_("Members to be removed")},
	{GB_GUARD_TYPE_CHANGES, offsetof(struct gb_plan_counts, type_changes),
	 offsetof(struct gb_guard_limits, type_changes), false, "guard-type-changes",
	 N_("Groups whose type is to be changed")},
	{GB_GUARD_RENAMES, offsetof(struct gb_plan_counts, renames),
	 offsetof(struct gb_guard_limits, renames), false, "guard-renames",
	 N_("Groups to be renamed or moved")},
	{GB_GUARD_CREATES, offsetof(struct gb_plan_counts, creates),
	 offsetof(struct gb_guard_limits, creates), false, "guard-creates",
	 N_("Groups to be created")},
};

static int64_t count_of(const struct gb_plan_counts *counts, const struct rule *rule)
{
	int64_t count;

	memcpy(&count, (const char *)counts + rule->count, sizeof(count));
	return rule->broken == GB_GUARD_RENAMES ? count + counts->moves : count;
}

static int64_t allowed_by(const struct gb_guard_limits *limits, const struct gb_guard_base *base,
			  const struct rule *rule)
{
	struct gb_limit limit;

	memcpy(&limit, (const char *)limits + rule->limit, sizeof(limit));
	return gb_limit_allows(&limit, rule->of_memberships ? base->memberships : base->groups);
}

static const struct rule *find_broken(const struct gb_plan_counts *counts,
				      const struct gb_guard_limits *limits,
				      const struct gb_guard_base *base)
{
	for (size_t i = 0; i < GB_ARRAY_SIZE(RULES); i++) {
		if (count_of(counts, &RULES[i]) > allowed_by(limits, base, &RULES[i])) {
			return &RULES[i];
		}
	}
	return NULL;
}

static bool has_lost_its_scope(const struct gb_plan_counts *counts,
			       const struct gb_guard_base *base)
{
	return base->groups > 0 && counts->in_scope == 0 && counts->written > 0 &&
	       counts->written + base->lapsed >= base->groups;
}

enum gb_guard_limit gb_guard_exceeded(const struct gb_plan_counts *counts,
				      const struct gb_guard_limits *limits,
				      const struct gb_guard_base *base)
{
	const struct rule *rule = find_broken(counts, limits, base);

	if (has_lost_its_scope(counts, base)) {
		return GB_GUARD_EMPTY_SCOPE;
	}
	return rule ? rule->broken : GB_GUARD_NONE;
}

static void say_broken(const struct gb_plan_counts *counts, const struct gb_guard_limits *limits,
		       const struct gb_guard_base *base, struct gb_err *err)
{
	const struct rule *rule = find_broken(counts, limits, base);

	if (has_lost_its_scope(counts, base)) {
		(void)gb_err_set(err, GB_E_GUARD, "guard-empty-scope",
				 P_("No group is in scope any more; %lld is written.",
				    "No group is in scope any more; %lld are written.",
				    (unsigned long)base->groups),
				 (long long)base->groups);
		return;
	}
	(void)gb_err_set(err, GB_E_GUARD, rule->id, _("%s: %lld; allowed in one run: %lld."),
			 _(rule->what), (long long)count_of(counts, rule),
			 (long long)allowed_by(limits, base, rule));
}

enum gb_rc gb_guard_check(const struct gb_plan_counts *counts, const struct gb_guard_limits *limits,
			  const struct gb_guard_base *base, struct gb_err *err)
{
	if (gb_guard_exceeded(counts, limits, base) == GB_GUARD_NONE) {
		return GB_OK;
	}
	say_broken(counts, limits, base, err);
	(void)gb_err_undone(err, _("Nothing was written."));
	(void)gb_err_remedy(err, _("Look at the plan; if it is right, approve it."));
	return GB_E_GUARD;
}
