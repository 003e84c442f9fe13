/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A create that met something: is it ours, of a run that crashed or of a request whose answer was
 * lost, or does somebody else have the name? Nothing is ever taken over by its name (docs/failures.md,
 * D08); our anchor inside our container is what makes a group ours.
 */
#include "config.h"

#include "engine/apply/create.h"

#include "engine/apply/fence.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

#define SAM_ACCOUNT_NAME "sAMAccountName"

static void fail_with(struct gb_task *task, const char *remedy)
{
	gb_err_undone(&task->err, "%s", _("The group was not created."));
	gb_err_remedy(&task->err, "%s", remedy);
	gb_task_failed(task, &task->err);
}

/* An object with our anchor: ours, if the fence lets us write to it. */
static void weigh_anchor(struct gb_task *task, const struct gb_lookup *found)
{
	struct gb_change as_object = task->row->change;
	struct gb_err err;

	as_object.kind = GB_CHANGE_ATTRIBUTES;
	if (found->count > 1) {
		gb_err_set(&task->err, GB_E_EXISTS, "apply-anchor-twins",
			   _("%zu objects of the directory carry the anchor of this group."),
			   found->count);
		fail_with(task, _("Remove the anchor (adminDescription, "
				  "msDS-ExternalDirectoryObjectId) from all but one of them."));
	} else if (gb_fence_check(&task->apply->fence, &as_object, &found->object, &err) == GB_OK) {
		task->is_unsure = false;
		gb_create_found(task, &found->object);
	} else {
		gb_task_failed(task, &err);
	}
}

/* Exists, says the server, but not what. */
static void fail_unseen(struct gb_task *task)
{
	if (task->sent_members > 0) {
		/* Samba says the same when one member is named twice in the request. */
		gb_create_send(task, false);
	} else {
		gb_task_failed(task, &task->err);
	}
}

static void fail_taken(struct gb_task *task, const char *id, const struct gb_lookup *found)
{
	char *shown = gb_text_display(task, found->object.dn);

	gb_err_set(&task->err, GB_E_EXISTS, id,
		   _("The name of the group is taken by \"%s\", which is not ours."), shown);
	talloc_free(shown);
	fail_with(task, _("Rename or delete that object, or rename the group in the cloud. "
			  "Objects are never taken over by their name."));
}

static void found_by_name(struct gb_task *task, const struct gb_lookup *found)
{
	if (found->count > 0) {
		fail_taken(task, "apply-account-name-taken", found);
	} else {
		fail_unseen(task);
	}
}

static const char *account_name(const struct gb_task *task)
{
	const struct gb_change *change = &task->row->change;

	for (size_t i = 0; i < change->value_count; i++) {
		if (gb_text_equal_nocase(change->values[i].attribute, SAM_ACCOUNT_NAME)) {
			return change->values[i].value;
		}
	}
	return NULL;
}

static void found_by_dn(struct gb_task *task, const struct gb_lookup *found)
{
	const char *name = account_name(task);

	if (found->count > 0) {
		fail_taken(task, "apply-name-taken", found);
	} else if (name) {
		gb_lookup_name(task, name, found_by_name, gb_create_look);
	} else {
		fail_unseen(task);
	}
}

static void found_by_anchor(struct gb_task *task, const struct gb_lookup *found)
{
	const struct gb_directory_reference by_dn = {.dn = task->row->change.dn};

	if (found->count > 0) {
		weigh_anchor(task, found);
	} else {
		gb_lookup_object(task, &by_dn, found_by_dn, gb_create_look);
	}
}

void gb_create_look(struct gb_task *task)
{
	gb_lookup_anchor(task, found_by_anchor, gb_create_look);
}

/*
 * Another server took over in between: it may not have heard of the group yet, and a second one
 * would be a twin as soon as both meet (docs/failures.md, D21).
 */
static bool may_be_elsewhere(const struct gb_task *task)
{
	return task->is_unsure && task->epoch != task->apply->epoch;
}

static void found_after_loss(struct gb_task *task, const struct gb_lookup *found)
{
	if (found->count > 0) {
		weigh_anchor(task, found);
	} else if (may_be_elsewhere(task)) {
		gb_task_unknown(task, &task->err);
	} else {
		task->is_unsure = false;
		gb_create_send(task, task->sent_members > 0);
	}
}

void gb_create_look_again(struct gb_task *task)
{
	gb_lookup_anchor(task, found_after_loss, gb_create_look_again);
}
