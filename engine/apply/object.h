/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Changes of an object that exists: attributes, rename, move, delete. Private to engine/apply.
 */
#ifndef GB_APPLY_OBJECT_H
#define GB_APPLY_OBJECT_H

#include "engine/apply/task.h"

/**
 * First step of ATTRIBUTES, ADD_MEMBERS and REMOVE_MEMBERS. The first of them that concerns an object
 * reads it first: so a hand that changed its members since the import is noticed before our own
 * write hides it, and the fence sees the object as it is.
 */
void gb_object_begin(struct gb_task *task);

/** Send the values of ATTRIBUTES. */
void gb_object_attributes(struct gb_task *task);

/**
 * First step of RENAME, MOVE and DELETE, and of ATTRIBUTES after its answer was lost or the object
 * was not found: read the object, ask the fence again, see whether it is done already; if not, send.
 */
void gb_object_look(struct gb_task *task);

#endif
