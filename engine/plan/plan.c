/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The planner: two passes over the groups, changes and notes to the sink. */
#include "config.h"

#include "engine/plan/plan.h"

#include <stddef.h>

#include "engine/base/directory_object.h"
#include "engine/base/mem.h"
#include "engine/plan/diff.h"
#include "engine/plan/work.h"

static void values_of_create(const struct gb_mapping *wanted, const char *sam,
			     struct gb_mapping *ret_values)
{
	ret_values->count = 0;
	ret_values->values[ret_values->count++] =
		(struct gb_change_value){.attribute = "sAMAccountName", .value = sam};
	for (size_t i = 0; i < wanted->count && ret_values->count < GB_MAPPING_MAX_VALUES; i++) {
		if (wanted->values[i].value) {
			ret_values->values[ret_values->count++] = wanted->values[i];
		}
	}
}

/* Does the map give a new group its names and its place? Else it is frozen. */
static enum gb_rc check_create(struct gb_work *work, struct gb_err *err)
{
	if (gb_work_mapped_text(work, "cn").is_unknown ||
	    gb_work_mapped_text(work, "sAMAccountName").is_unknown) {
		gb_work_freeze(work, GB_CAUSE_MAPPING_FAILED);
		return GB_OK;
	}
	return gb_work_find_parent(work, err);
}

static enum gb_rc create(struct gb_work *work, struct gb_err *err)
{
	struct gb_mapping wanted;
	struct gb_mapping values;
	const char *cn = NULL;
	const char *sam = NULL;
	enum gb_rc rc = check_create(work, err);

	if (rc == GB_OK && !gb_work_is_frozen(work)) {
		rc = gb_work_new_names(work, &cn, &sam, err);
	}
	if (rc != GB_OK || gb_work_is_frozen(work)) {
		return rc;
	}
	rc = gb_work_wanted_values(work, &wanted, err);
	if (rc != GB_OK) {
		return rc;
	}
	values_of_create(&wanted, sam, &values);
	work->note.dn = gb_naming_dn(work->tmp, gb_naming_rdn(work->tmp, cn), work->parent);
	work->create = gb_work_change(work, GB_CHANGE_CREATE);
	work->create.values = values.values;
	work->create.value_count = values.count;
	work->waits = work->run->policy->hold.creates;
	rc = gb_work_create_members(work, err);
	work->waits = GB_CAUSE_NONE;
	return rc;
}

static enum gb_rc update(struct gb_work *work, struct gb_err *err)
{
	enum gb_rc rc = gb_work_find_parent(work, err);

	if (rc != GB_OK || gb_work_is_frozen(work)) {
		return rc;
	}
	rc = gb_work_update_attributes(work, err);
	if (rc == GB_OK) {
		rc = gb_work_update_members(work, err);
	}
	return rc == GB_OK ? gb_work_update_name(work, err) : rc;
}

/* The end of a group's life. */

/* Security becomes distribution: the SID stays, and leaves the tokens of the members at their next
 * logon. A distribution group gives no access: nothing is taken from it. */
static enum gb_rc disable(struct gb_work *work, struct gb_err *err)
{
	int32_t type = work->group->observed->group_type;
	struct gb_change_value value = {.attribute = "groupType"};
	struct gb_change change = gb_work_change(work, GB_CHANGE_ATTRIBUTES);

	if ((type & GB_GROUP_TYPE_SECURITY) == 0) {
		return GB_OK;
	}
	value.value = gb_printf(work->tmp, "%d", type & ~GB_GROUP_TYPE_SECURITY);
	value.old_value = gb_printf(work->tmp, "%d", type);
	change.values = &value;
	change.value_count = 1;
	work->run->counts.disables += !gb_work_is_withheld(work);
	return gb_work_emit_waiting(work, &change, work->run->policy->hold.ends, err);
}

/* What stood there goes with it, for audit and undo. */
static enum gb_rc delete_object(struct gb_work *work, struct gb_err *err)
{
	struct gb_change change = gb_work_change(work, GB_CHANGE_DELETE);
	struct gb_mapping lost;

	gb_diff_lost(work->tmp, work->group->observed, &lost);
	change.values = lost.values;
	change.value_count = lost.count;
	return gb_work_emit(work, &change, err);
}

/* The two passes. */

static void begin_note(struct gb_work *work)
{
	const struct gb_plan_group *group = work->group;

	work->note = (struct gb_plan_note){.cloud_id = group->cloud.id,
					   .name = group->cloud.display_name,
					   .dn = group->observed ? group->observed->dn : NULL,
					   .object_no = group->object_no,
					   .decision = gb_decide(work->run->policy, group),
					   .holders = group->holders,
					   .fight_over = group->fight_over,
					   .held_cause = GB_CAUSE_NONE,
					   .listed = group->listed,
					   .unmatched = group->counted ? group->unmatched : NULL};
}

/* Too many members at once: then everything of the group waits, whatever else is in it. */
static enum gb_rc check_removals(struct gb_work *work, const struct gb_plan_counts *before,
				 int64_t first_seq, struct gb_err *err)
{
	struct gb_work_run *run = work->run;
	const struct gb_plan_hold *hold = &run->policy->hold;
	int64_t members = work->group->observed_members;

	if (members < hold->small_group_members ||
	    !gb_limit_is_exceeded(&hold->removals, work->note.members.removed, members)) {
		return GB_OK;
	}
	run->counts = *before;
	run->counts.waiting += work->note.changes;
	work->note.waiting = work->note.changes;
	work->note.waits = GB_CAUSE_WAITS_REMOVALS;
	return run->sink->hold(run->sink->user, first_seq, GB_CAUSE_WAITS_REMOVALS, err);
}

static void count_group(struct gb_plan_counts *counts, const struct gb_work *work)
{
	const struct gb_plan_group *group = work->group;
	const struct gb_plan_note *note = &work->note;

	counts->groups++;
	counts->in_scope += note->decision.scope.verdict == GB_SCOPE_IN;
	counts->written += group->observed != NULL;
	counts->lapsed += group->observed != NULL && note->decision.lapse != GB_LAPSE_NONE;
	counts->frozen += note->decision.action == GB_DECIDE_FREEZE;
	counts->unchanged += note->decision.action == GB_DECIDE_UPDATE && note->changes == 0;
	counts->members_held += note->members.held;
	counts->waiting_groups += note->waiting > 0;
	for (size_t i = 0; group->counted && i < GB_CAUSE_MEMBER_COUNT; i++) {
		counts->unmatched += group->unmatched[i];
	}
}

static enum gb_rc plan_group(struct gb_work_run *run, const struct gb_plan_group *group, void *tmp,
			     struct gb_err *err)
{
	struct gb_work work = {.run = run, .tmp = tmp, .group = group};
	struct gb_plan_counts before = run->counts;
	int64_t first_seq = run->seq + 1;
	enum gb_rc rc = GB_OK;

	begin_note(&work);
	switch (work.note.decision.action) {
	case GB_DECIDE_CREATE:
		rc = create(&work, err);
		break;
	case GB_DECIDE_UPDATE:
		rc = update(&work, err);
		break;
	case GB_DECIDE_DISABLE:
		rc = disable(&work, err);
		break;
	case GB_DECIDE_DELETE:
		rc = delete_object(&work, err);
		break;
	case GB_DECIDE_SKIP:
	case GB_DECIDE_FREEZE:
		break;
	}
	if (rc == GB_OK) {
		rc = check_removals(&work, &before, first_seq, err);
	}
	if (rc != GB_OK) {
		return rc;
	}
	if (gb_work_is_withheld(&work) && work.note.drift > 0) {
		work.note.decision.action = GB_DECIDE_FREEZE;
		work.note.decision.cause = GB_CAUSE_DRIFT;
	}
	count_group(&run->counts, &work);
	return run->sink->note(run->sink->user, &work.note, err);
}

static enum gb_rc reserve_group(struct gb_work_run *run, const struct gb_plan_group *group,
				void *tmp, struct gb_err *err)
{
	struct gb_work work = {.run = run, .tmp = tmp, .group = group};
	int64_t object_no;
	enum gb_rc rc;

	begin_note(&work);
	if (work.note.decision.action != GB_DECIDE_CREATE) {
		return GB_OK;
	}
	rc = check_create(&work, err);
	return rc != GB_OK || gb_work_is_frozen(&work)
		       ? rc
		       : run->source->reserve(run->source->user, &group->cloud.id, &object_no, err);
}

typedef enum gb_rc (*on_group)(struct gb_work_run *run, const struct gb_plan_group *group,
			       void *tmp, struct gb_err *err);

static enum gb_rc pass(const void *ctx, struct gb_work_run *run, on_group each, struct gb_err *err)
{
	const struct gb_plan_source *source = run->source;
	enum gb_rc rc = source->restart(source->user, err);
	bool more = true;

	while (rc == GB_OK) {
		struct gb_plan_group group = {0};

		rc = source->next_group(source->user, &group, &more, err);
		if (rc != GB_OK || !more) {
			break;
		}
		void *tmp = gb_new_tmp(ctx);

		rc = each(run, &group, tmp, err);
		talloc_free(tmp);
	}
	return rc;
}

enum gb_rc gb_plan_run(const void *ctx, const struct gb_plan_policy *policy,
		       const struct gb_plan_source *source, const struct gb_plan_sink *sink,
		       struct gb_plan_counts *ret_counts, struct gb_err *err)
{
	struct gb_work_run run = {.policy = policy, .source = source, .sink = sink};
	enum gb_rc rc = pass(ctx, &run, reserve_group, err);

	if (rc == GB_OK) {
		rc = pass(ctx, &run, plan_group, err);
	}
	if (rc == GB_OK) {
		*ret_counts = run.counts;
	}
	return rc;
}
