/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looks of a task: what stands in the directory now? Each ends in `then` with what was found; when
 * the server is busy or gone the task rests and goes on with `again`. Private to engine/apply.
 */
#ifndef GB_APPLY_LOOKUP_H
#define GB_APPLY_LOOKUP_H

#include <stddef.h>

#include "engine/apply/task.h"
#include "engine/base/directory_object.h"

/** What was found. */
struct gb_lookup {
	size_t count; /**< objects; 0: there is none, or none that we may see */
	struct gb_directory_object object; /**< the first one; strings live as long as the lookup */
};

/** Takes what was found; freed when it returns. */
typedef void (*gb_lookup_then)(struct gb_task *task, const struct gb_lookup *found);

/** The object behind @reference. @again NULL: a look that fails counts as nothing found. */
void gb_lookup_object(struct gb_task *task, const struct gb_directory_reference *reference,
		      gb_lookup_then then, gb_task_step again);

/** Objects of the domain that carry the anchor of the task's cloud group. */
void gb_lookup_anchor(struct gb_task *task, gb_lookup_then then, gb_task_step again);

/** The deleted object of the task's group (task->grave), if it can be seen. */
void gb_lookup_deleted(struct gb_task *task, gb_lookup_then then, gb_task_step again);

/** Objects of the domain with this sAMAccountName. */
void gb_lookup_name(struct gb_task *task, const char *name, gb_lookup_then then,
		    gb_task_step again);

#endif
