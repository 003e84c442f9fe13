/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Having a deleted group back. */
#include "config.h"

#include "engine/apply/restore.h"

#include "engine/apply/create.h"
#include "engine/apply/lookup.h"
#include "engine/apply/member_job.h"
#include "engine/apply/recover.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

static void look(struct gb_task *task);

/* What a Recycle Bin kept of it is compared in the next cycle, members that are too many included. */
static void read_back(struct gb_task *task, const struct gb_lookup *found)
{
	bool is_it =
		found->count == 1 && gb_guid_compare(&found->object.guid, &task->grave.guid) == 0;

	task->is_unsure = false;
	if (is_it) {
		task->is_found = true;
		task->is_restored = true;
		gb_create_go_on(task, &found->object);
	} else {
		gb_create_begin(task);
	}
}

static void read_identity(struct gb_task *task)
{
	const struct gb_directory_reference by_dn = {.dn = task->row->change.dn};

	gb_lookup_object(task, &by_dn, read_back, read_identity);
}

static void give_up(struct gb_task *task)
{
	gb_log_err(GB_LOG_NOTICE, "apply", &task->err);
	gb_create_begin(task);
}

static void answered(void *user, const struct gb_directory_outcome *answer)
{
	struct gb_task *task = user;

	switch (gb_task_answered(task, answer)) {
	case GB_NEXT_DONE:
		read_identity(task);
		break;
	case GB_NEXT_AGAIN:
		gb_recover_rest(task, look);
		break;
	case GB_NEXT_STOP:
	case GB_NEXT_LOOK:
	case GB_NEXT_FAIL:
		give_up(task);
		break;
	}
}

/* The account name that it had is the one it keeps. */
static size_t values_of_restore(struct gb_task *task, struct gb_change_value *values)
{
	const struct gb_change *change = &task->row->change;
	size_t count = 0;

	for (size_t i = 0; i < change->value_count; i++) {
		if (!gb_text_equal_nocase(change->values[i].attribute, "sAMAccountName")) {
			values[count++] = change->values[i];
		}
	}
	return count;
}

static void send(struct gb_task *task, const char *deleted_dn)
{
	const struct gb_change *change = &task->row->change;
	struct gb_change_value *values =
		gb_new_array(task, struct gb_change_value, change->value_count + 1);
	size_t count = values_of_restore(task, values);

	gb_task_sending(task, 0);
	gb_directory_restore(task->apply->directory, deleted_dn, change->dn, values, count,
			     answered, task);
	talloc_free(values);
}

/* Not there after an answer that was lost: it may be back already. */
static void looked(struct gb_task *task, const struct gb_lookup *found)
{
	if (task->apply->is_stopping) {
		gb_task_give_up(task);
	} else if (found->count == 1) {
		send(task, found->object.dn);
	} else if (task->was_sent) {
		read_identity(task);
	} else {
		gb_create_begin(task);
	}
}

static void look(struct gb_task *task)
{
	gb_lookup_deleted(task, looked, look);
}

void gb_restore_begin(struct gb_task *task)
{
	struct gb_err err;

	gb_member_job_prepare(task);
	if (gb_state_grave_get(task, task->apply->state, &task->row->change.cloud_id, &task->grave,
			       &err) != GB_OK) {
		gb_pump_state_failed(task->apply, &err);
		gb_task_give_up(task);
	} else if (gb_guid_is_none(&task->grave.guid)) {
		gb_create_begin(task);
	} else {
		look(task);
	}
}
