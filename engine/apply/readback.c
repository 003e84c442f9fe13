/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading back what we wrote. */
#include "config.h"

#include "engine/apply/readback.h"

#include "engine/apply/lookup.h"
#include "engine/base/mem.h"

static bool sets_name(const struct gb_task *task)
{
	enum gb_change_kind kind = task->row->change.kind;

	return kind == GB_CHANGE_RENAME || kind == GB_CHANGE_MOVE;
}

static void read_back(struct gb_task *task, const struct gb_lookup *found)
{
	const struct gb_directory_object *object = &found->object;

	if (found->count == 1) {
		task->outcome.usn_changed = object->usn_changed;
	}
	if (found->count == 1 && sets_name(task)) {
		task->outcome.dn = gb_strdup(task, object->dn);
		task->outcome.dn_key = gb_strdup(task, object->dn_key);
		task->outcome.cn = gb_strdup(task, object->cn);
	}
	gb_task_applied(task);
}

static bool is_wanted(struct gb_task *task)
{
	const struct gb_change *change = &task->row->change;

	return task->was_sent && change->kind != GB_CHANGE_DELETE && !task->apply->is_stopping &&
	       gb_feed_is_last(task->apply->feed, change->object_no);
}

void gb_readback_and_end(struct gb_task *task)
{
	if (is_wanted(task) && task->answered_usn != 0 && !sets_name(task)) {
		task->outcome.usn_changed = task->answered_usn;
		gb_task_applied(task);
	} else if (is_wanted(task)) {
		gb_lookup_object(task, &task->target, read_back, NULL);
	} else {
		gb_task_applied(task);
	}
}
