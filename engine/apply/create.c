/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Creates. */
#include "config.h"

#include "engine/apply/create.h"

#include "engine/apply/member_job.h"
#include "engine/apply/recover.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"

/* Who it is, is known now: its members that are left follow. */
static void go_on(struct gb_task *task)
{
	task->target = (struct gb_directory_reference){
		.guid = task->outcome.guid, .sid = task->outcome.sid, .dn = task->outcome.dn};
	if (gb_chunk_count(task->members->chunk, GB_CHUNK_TODO) > 0) {
		gb_member_job_run(task);
	} else {
		gb_task_applied(task);
	}
}

static void take_over(struct gb_task *task, const struct gb_directory_object *object)
{
	task->is_created = true;
	task->outcome.guid = object->guid;
	task->outcome.sid = object->sid;
	task->outcome.dn = gb_strdup(task, object->dn);
	task->outcome.dn_key = gb_strdup(task, object->dn_key);
	task->outcome.cn = gb_strdup(task, object->cn);
}

void gb_create_go_on(struct gb_task *task, const struct gb_directory_object *object)
{
	take_over(task, object);
	task->outcome.usn_changed = object->usn_changed;
	go_on(task);
}

static void read_back(struct gb_task *task, const struct gb_lookup *found)
{
	if (found->count == 1) {
		gb_create_go_on(task, &found->object);
		return;
	}
	gb_err_set(&task->err, GB_E_NOT_FOUND, "apply-created-unseen", "%s",
		   _("The group was created, but cannot be found again."));
	gb_err_undone(&task->err, "%s", _("Its other changes were not made."));
	gb_err_remedy(&task->err, "%s",
		      _("Check that the account may read the groups of the container; the next "
			"cycle goes on with the group."));
	gb_task_unknown(task, &task->err);
}

/* Without its GUID the state cannot keep it; so this one is repeated, other than at other changes. */
static void read_identity(struct gb_task *task)
{
	const struct gb_directory_reference by_dn = {.dn = task->row->change.dn};

	gb_lookup_object(task, &by_dn, read_back, read_identity);
}

/* @object: it, if the server has sent it along; else it is read. */
static void created(struct gb_task *task, const struct gb_directory_object *object)
{
	task->is_created = true;
	if (task->sent_members > 0) {
		gb_chunk_accepted(task->members->chunk);
	}
	if (object) {
		gb_create_go_on(task, object);
	} else {
		read_identity(task);
	}
}

/* The container is missing: so it is for every create. */
static void container_missing(struct gb_task *task)
{
	gb_err_prefix(&task->err, "%s", _("the container for groups is not there"));
	task->err.rc = GB_E_CONFIG;
	gb_err_undone(&task->err, "%s", _("The group was not created, and nothing after it."));
	gb_err_remedy(&task->err, "%s",
		      _("Create the container again, or choose another one in the "
			"configuration."));
	gb_task_stop(task);
}

static void answered(void *user, const struct gb_directory_outcome *answer)
{
	struct gb_task *task = user;

	switch (gb_task_answered(task, answer)) {
	case GB_NEXT_DONE:
		created(task, answer->object);
		break;
	case GB_NEXT_AGAIN:
		gb_recover_rest(task, gb_create_look_again);
		break;
	case GB_NEXT_LOOK:
		if (task->err.rc == GB_E_EXISTS) {
			gb_create_look(task);
		} else {
			gb_create_send(task, false);
		}
		break;
	case GB_NEXT_STOP:
		if (task->err.rc == GB_E_NOT_FOUND) {
			container_missing(task);
		} else {
			gb_task_stop(task);
		}
		break;
	case GB_NEXT_FAIL:
		gb_task_failed(task, &task->err);
		break;
	}
}

void gb_create_send(struct gb_task *task, bool with_members)
{
	const struct gb_change *change = &task->row->change;
	struct gb_directory_reference *piece = NULL;
	size_t count = 0;

	if (task->apply->is_stopping) {
		gb_task_give_up(task);
		return;
	}
	if (with_members) {
		piece = gb_member_job_piece(task, &count);
	}
	gb_task_sending(task, count);
	gb_directory_add(task->apply->directory,
			 &(struct gb_directory_entry){
				 .dn = change->dn,
				 .values = change->values,
				 .value_count = change->value_count,
				 .members = piece,
				 .member_count = count,
			 },
			 answered, task);
	talloc_free(piece);
}

void gb_create_begin(struct gb_task *task)
{
	gb_create_send(task, true);
}

void gb_create_found(struct gb_task *task, const struct gb_directory_object *object)
{
	take_over(task, object);
	task->is_found = true;
	/* Its members are read and compared in the next cycle, with everything else of it. */
	gb_chunk_mark_rest(task->members->chunk, GB_CHUNK_DONE);
	gb_task_applied(task);
}
