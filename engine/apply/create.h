/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Creates: the new entry with its first members, what to do when something stands there already
 * (reconcile_create.c), and reading back who it has become. Private to engine/apply.
 */
#ifndef GB_APPLY_CREATE_H
#define GB_APPLY_CREATE_H

#include "engine/apply/lookup.h"
#include "engine/apply/task.h"

/** Make the entry; it is known that none can be had back. */
void gb_create_begin(struct gb_task *task);

/** It is there, by us, and this is it: its members that are left follow. */
void gb_create_go_on(struct gb_task *task, const struct gb_directory_object *object);

/** Send the entry, @with_members or without any; those follow then as a chunk of their own. */
void gb_create_send(struct gb_task *task, bool with_members);

/** It exists already, and is ours: the group is what was found. */
void gb_create_found(struct gb_task *task, const struct gb_directory_object *object);

/** The answer was "exists" (68): ours of before, or whose is it? */
void gb_create_look(struct gb_task *task);

/** The answer was lost: is it there now? */
void gb_create_look_again(struct gb_task *task);

#endif
