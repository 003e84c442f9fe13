/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading back what we wrote. */
#include "config.h"

#include "engine/apply/readback.h"

#include "engine/apply/lookup.h"
#include "engine/base/mem.h"

static bool sets_name(enum gb_change_kind kind)
{
	return kind == GB_CHANGE_CREATE || kind == GB_CHANGE_RENAME || kind == GB_CHANGE_MOVE;
}

static void take_over(struct gb_task *task, const struct gb_lookup *found)
{
	const struct gb_directory_object *object = &found->object;

	if (found->count == 1) {
		task->outcome.usn_changed = object->usn_changed;
		if (task->row->change.kind == GB_CHANGE_CREATE) {
			task->outcome.guid = object->guid;
			task->outcome.sid = object->sid;
		}
		if (sets_name(task->row->change.kind)) {
			task->outcome.dn = gb_strdup(task, object->dn);
			task->outcome.dn_key = gb_strdup(task, object->dn_key);
			task->outcome.cn = gb_strdup(task, object->cn);
		}
	}
	task->step(task);
}

void gb_readback(struct gb_task *task, gb_task_step then)
{
	const struct gb_directory_reference by_dn = {.dn = task->outcome.dn};
	bool is_new =
		task->row->change.kind == GB_CHANGE_CREATE && gb_guid_is_none(&task->outcome.guid);

	task->step = then;
	gb_lookup_object(task, is_new ? &by_dn : &task->target, take_over, NULL);
}

void gb_readback_and_end(struct gb_task *task)
{
	struct gb_apply *apply = task->apply;

	/* What was found rather than made must be read as a whole: no USN says so to the import. */
	if (!task->was_sent || task->is_found || apply->is_stopping ||
	    task->row->change.kind == GB_CHANGE_DELETE ||
	    !gb_feed_is_last(apply->feed, task->row->change.object_no)) {
		gb_task_applied(task);
		return;
	}
	gb_readback(task, gb_task_applied);
}
