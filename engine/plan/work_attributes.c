/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work on one group: its attributes, its type among them. */
#include "config.h"

#include "engine/plan/work.h"

#include <stddef.h>
#include <string.h>

#include "engine/base/directory_object.h"
#include "engine/base/mem.h"
#include "engine/plan/diff.h"

/* Who has the address is asked once, before it is written; afterwards it is ours. */
enum gb_rc gb_work_wanted_values(struct gb_work *work, struct gb_mapping *ret_wanted,
				 struct gb_err *err)
{
	struct gb_mapping_input input = {.policy = work->run->policy,
					 .group = &work->group->cloud,
					 .observed = work->group->observed};
	const char *address = gb_mapping_new_address(work->tmp, &input);
	bool is_free = true;
	enum gb_rc rc = GB_OK;

	if (address) {
		rc = gb_work_claim(work, GB_NAME_KIND_MAIL, address, &is_free, err);
	}
	if (rc == GB_OK) {
		input.mail_is_taken = !is_free;
		gb_mapping_values(work->tmp, &input, ret_wanted);
		work->note.remark = ret_wanted->remark;
	}
	return rc;
}

/*
 * A cloud security group is a security group here, always: where it is not, a rule of ours disabled it or
 * a hand did, and coming back is no access that was not given before. A Microsoft 365 group may have
 * been anything.
 */
static bool gets_access_back(const struct gb_work *work)
{
	return !work->group->cloud.unified &&
	       (work->group->lapse != GB_LAPSE_NONE || work->group->drifted);
}

/* Take the value of groupType out of @diff into @ret_type, if it must wait. */
static void split_type(const struct gb_work *work, struct gb_mapping *diff,
		       struct gb_mapping *ret_type)
{
	size_t kept = 0;

	*ret_type = (struct gb_mapping){.count = 0};
	for (size_t i = 0; i < diff->count; i++) {
		if (work->type_waits != GB_CAUSE_NONE &&
		    strcmp(diff->values[i].attribute, "groupType") == 0) {
			ret_type->values[ret_type->count++] = diff->values[i];
		} else {
			diff->values[kept++] = diff->values[i];
		}
	}
	diff->count = kept;
}

static enum gb_rc emit_values(struct gb_work *work, const struct gb_change_value *values,
			      size_t count, enum gb_cause waits, struct gb_err *err)
{
	struct gb_change change = gb_work_change(work, GB_CHANGE_ATTRIBUTES);

	change.values = values;
	change.value_count = count;
	return count == 0 ? GB_OK : gb_work_emit_waiting(work, &change, waits, err);
}

static void drop_value(struct gb_mapping *diff, size_t index)
{
	diff->count--;
	for (size_t i = index; i < diff->count; i++) {
		diff->values[i] = diff->values[i + 1];
	}
}

static enum gb_rc convert_at(struct gb_work *work, struct gb_mapping *diff, size_t index,
			     struct gb_err *err)
{
	const struct gb_plan_source *source = work->run->source;
	int32_t wanted = gb_mapping_group_type(work->run->policy, &work->group->cloud);
	struct gb_nesting_facts facts = {0};
	struct gb_conversion way;
	struct gb_change_value *value = &diff->values[index];
	enum gb_rc rc = GB_OK;

	if (source->nesting &&
	    ((work->group->observed->group_type ^ wanted) & GB_CONVERSION_SCOPES)) {
		rc = source->nesting(source->user, work->group, &facts, err);
	}
	if (rc != GB_OK) {
		return rc;
	}
	way = gb_conversion_plan(work->group->observed->group_type, wanted, &facts);
	if (way.is_blocked) {
		work->note.remark = GB_CAUSE_TYPE_BLOCKED;
	}
	if (way.count == 0) {
		drop_value(diff, index);
		return GB_OK;
	}
	value->value = gb_printf(work->tmp, "%d", way.steps[way.count - 1]);
	if (gb_guard_gives_access(value) && !gets_access_back(work)) {
		work->type_waits = work->run->policy->hold.access;
	}
	if (way.count == 2) {
		value->value = gb_printf(work->tmp, "%d", way.steps[0]);
		rc = emit_values(work, value, 1, work->type_waits, err);
		value->old_value = value->value;
		value->value = gb_printf(work->tmp, "%d", way.steps[1]);
	}
	return rc;
}

/* A change of scope takes the steps that the directory allows, the first one in a change of its own. */
static enum gb_rc convert(struct gb_work *work, struct gb_mapping *diff, struct gb_err *err)
{
	for (size_t i = 0; i < diff->count; i++) {
		if (strcmp(diff->values[i].attribute, "groupType") == 0) {
			return convert_at(work, diff, i, err);
		}
	}
	return GB_OK;
}

enum gb_rc gb_work_update_attributes(struct gb_work *work, struct gb_err *err)
{
	struct gb_mapping wanted;
	struct gb_mapping diff;
	struct gb_mapping type;
	enum gb_rc rc = gb_work_wanted_values(work, &wanted, err);

	if (rc != GB_OK) {
		return rc;
	}
	gb_diff_attributes(work->tmp, &wanted, work->group->observed, &diff);
	rc = convert(work, &diff, err);
	if (rc == GB_OK) {
		rc = gb_work_follow_account_name(work, &diff, err);
	}
	split_type(work, &diff, &type);
	if (rc == GB_OK) {
		rc = emit_values(work, diff.values, diff.count, GB_CAUSE_NONE, err);
	}
	return rc == GB_OK ? emit_values(work, type.values, type.count, work->type_waits, err) : rc;
}
