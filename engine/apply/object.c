/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes of an object that exists. */
#include "config.h"

#include "engine/apply/object.h"

#include <string.h>

#include "engine/apply/fence.h"
#include "engine/apply/lookup.h"
#include "engine/apply/member_job.h"
#include "engine/apply/readback.h"
#include "engine/apply/recover.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/directory/dn.h"

static bool is_renaming(const struct gb_task *task)
{
	return task->row->change.kind == GB_CHANGE_RENAME ||
	       task->row->change.kind == GB_CHANGE_MOVE;
}

/* Say whose name it is, instead of "exists". */
static void name_taken(struct gb_task *task, const struct gb_lookup *found)
{
	char *shown = gb_text_display(task, found->count ? found->object.dn : task->outcome.dn);

	gb_err_set(&task->err, GB_E_EXISTS, "apply-name-taken",
		   _("The name is taken by another object, \"%s\"."), shown);
	gb_err_undone(&task->err, "%s", _("The group keeps its present name."));
	gb_err_remedy(&task->err, "%s",
		      _("Rename or delete that object; the next cycle renames the group."));
	gb_task_failed(task, &task->err);
}

/* Refused because of what stands there: find out what it is. */
static void look_after_refusal(struct gb_task *task)
{
	const struct gb_directory_reference wanted = {.dn = task->outcome.dn};

	if (gb_answer_is_there(task->err.native)) {
		gb_lookup_object(task, &wanted, name_taken, NULL);
	} else if (task->looks++ == 0) {
		gb_object_look(task);
	} else {
		gb_task_failed(task, &task->err);
	}
}

static void answered(void *user, const struct gb_directory_outcome *answer)
{
	struct gb_task *task = user;

	switch (gb_task_answered(task, answer)) {
	case GB_NEXT_DONE:
		gb_readback_and_end(task);
		break;
	case GB_NEXT_AGAIN:
		gb_recover_rest(task, gb_object_look);
		break;
	case GB_NEXT_LOOK:
		look_after_refusal(task);
		break;
	case GB_NEXT_STOP:
		gb_task_stop(task);
		break;
	case GB_NEXT_FAIL:
		gb_task_failed(task, &task->err);
		break;
	}
}

void gb_object_attributes(struct gb_task *task)
{
	const struct gb_change *change = &task->row->change;

	if (task->apply->is_stopping) {
		gb_task_give_up(task);
		return;
	}
	gb_task_sending(task, 0);
	gb_directory_modify(task->apply->directory, &task->target, change->values,
			    change->value_count, answered, task);
}

static void send_rename(struct gb_task *task, const char *dn)
{
	const struct gb_change *change = &task->row->change;

	gb_task_sending(task, 0);
	gb_directory_rename(task->apply->directory, dn, change->new_rdn, change->new_parent,
			    answered, task);
}

static void send_delete(struct gb_task *task)
{
	gb_task_sending(task, 0);
	gb_directory_delete(task->apply->directory, &task->target, answered, task);
}

/* Where it will be: what the state learns if the read-back fails. */
static void set_new_name(struct gb_task *task, const char *dn)
{
	const struct gb_change *change = &task->row->change;
	const char *parent = change->new_parent ? change->new_parent : gb_dn_parent(task, dn);

	task->outcome.dn = gb_printf(task, "%s,%s", change->new_rdn, parent ? parent : "");
	task->outcome.dn_key = gb_dn_key(task, task->outcome.dn);
	task->outcome.cn = gb_dn_rdn_value(task, task->outcome.dn);
}

/* The RDN's value is compared exactly: a change of case is a rename. */
static bool is_named_so(const struct gb_task *task, const struct gb_directory_object *object)
{
	char *parent = gb_dn_parent(NULL, task->outcome.dn_key);
	char *present = gb_dn_parent(NULL, object->dn_key);
	bool same = parent && present && object->cn && task->outcome.cn &&
		    strcmp(parent, present) == 0 && strcmp(object->cn, task->outcome.cn) == 0;

	talloc_free(parent);
	talloc_free(present);
	return same;
}

static void send_values(struct gb_task *task)
{
	if (task->row->change.kind == GB_CHANGE_ATTRIBUTES) {
		gb_object_attributes(task);
	} else {
		gb_member_job_begin(task);
	}
}

static void found_object(struct gb_task *task, const struct gb_directory_object *object)
{
	if (is_renaming(task)) {
		set_new_name(task, object->dn);
		if (task->outcome.dn_key && is_named_so(task, object)) {
			gb_readback_and_end(task);
		} else {
			send_rename(task, object->dn);
		}
	} else if (task->row->change.kind == GB_CHANGE_DELETE) {
		send_delete(task);
	} else {
		send_values(task);
	}
}

static void not_found(struct gb_task *task)
{
	if (task->row->change.kind == GB_CHANGE_DELETE) {
		gb_task_applied(task);
	} else {
		gb_task_gone(task);
	}
}

/* It is not what the import has seen (moved away, anchor removed …): tell the state what it is. */
static void refuse(struct gb_task *task, const struct gb_directory_object *object,
		   const struct gb_err *fence)
{
	struct gb_err err;

	if (!task->apply->state_failed &&
	    gb_state_directory_put(task->apply->state, object, NULL, NULL, &err) != GB_OK) {
		gb_pump_state_failed(task->apply, &err);
	}
	gb_task_failed(task, fence);
}

/*
 * Somebody wrote to it since the import. The uSNChanged that is read back after our own write would
 * hide that for good: so the list of members counts as unknown, and the next cycle reads it.
 * Attributes need no such care: every entry that changed is read with all of them.
 */
static void notice_others(struct gb_task *task, const struct gb_directory_object *object)
{
	struct gb_apply *apply = task->apply;
	struct gb_err err;

	if (task->known_usn == 0 || object->usn_changed == task->known_usn || apply->state_failed) {
		return;
	}
	if (gb_state_directory_set_members_known(apply->state, task->row->change.object_no, false,
						 &err) != GB_OK) {
		gb_pump_state_failed(apply, &err);
	}
	task->known_usn = 0;
}

static void looked(struct gb_task *task, const struct gb_lookup *found)
{
	struct gb_err err;

	task->is_unsure = false;
	if (found->count == 0) {
		not_found(task);
	} else if (gb_fence_check(&task->apply->fence, &task->row->change, &found->object, &err) !=
		   GB_OK) {
		refuse(task, &found->object, &err);
	} else if (task->apply->is_stopping) {
		gb_task_give_up(task);
	} else {
		notice_others(task, &found->object);
		found_object(task, &found->object);
	}
}

void gb_object_look(struct gb_task *task)
{
	gb_lookup_object(task, &task->target, looked, gb_object_look);
}

void gb_object_begin(struct gb_task *task)
{
	if (task->known_usn == 0) {
		send_values(task);
	} else {
		gb_object_look(task);
	}
}
