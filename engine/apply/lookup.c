/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks of a task. */
#include "config.h"

#include "engine/apply/lookup.h"

#include "engine/base/mem.h"

/* One look under way; child of the task. */
struct look {
	struct gb_lookup found;
	struct gb_task *task;
	gb_lookup_then then;
	gb_task_step again;
};

static struct look *look_new(struct gb_task *task, gb_lookup_then then, gb_task_step again)
{
	struct look *look = gb_new(task, struct look);

	look->task = task;
	look->then = then;
	look->again = again;
	return look;
}

static enum gb_rc keep_first(void *user, const struct gb_directory_object *object)
{
	struct look *look = user;
	struct gb_directory_object *kept = &look->found.object;

	if (look->found.count++ > 0) {
		return GB_OK;
	}
	*kept = *object;
	kept->dn = gb_strdup(look, object->dn);
	kept->dn_key = gb_strdup(look, object->dn_key);
	kept->sam_account_name = gb_strdup(look, object->sam_account_name);
	kept->cn = gb_strdup(look, object->cn);
	kept->display_name = gb_strdup(look, object->display_name);
	kept->description = gb_strdup(look, object->description);
	kept->admin_description = gb_strdup(look, object->admin_description);
	kept->external_directory_id = gb_strdup(look, object->external_directory_id);
	return GB_OK;
}

/* `then` may end the task: the look must not be its child any more. */
static void look_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct look *look = user;
	struct gb_task *task = look->task;

	talloc_steal(NULL, look);
	if (rc == GB_OK || rc == GB_E_NOT_FOUND || !look->again) {
		if (rc != GB_OK) {
			look->found.count = 0;
		}
		look->then(task, &look->found);
	} else {
		gb_task_read_failed(task, err, look->again);
	}
	talloc_free(look);
}

void gb_lookup_object(struct gb_task *task, const struct gb_directory_reference *reference,
		      gb_lookup_then then, gb_task_step again)
{
	gb_directory_read_group(task->apply->directory, reference, keep_first, look_done,
				look_new(task, then, again));
}

void gb_lookup_anchor(struct gb_task *task, gb_lookup_then then, gb_task_step again)
{
	gb_directory_find_anchor(task->apply->directory, gb_task_anchor(task), GB_REACH_DOMAIN,
				 keep_first, look_done, look_new(task, then, again));
}

void gb_lookup_name(struct gb_task *task, const char *name, gb_lookup_then then, gb_task_step again)
{
	gb_directory_find_name(task->apply->directory, name, keep_first, look_done,
			       look_new(task, then, again));
}

void gb_lookup_deleted(struct gb_task *task, gb_lookup_then then, gb_task_step again)
{
	gb_directory_find_deleted(task->apply->directory, &task->grave.guid, keep_first, look_done,
				  look_new(task, then, again));
}
