/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Having a deleted group back before another one is made: its SID is what access lists name. Private
 * to engine/apply.
 */
#ifndef GB_APPLY_RESTORE_H
#define GB_APPLY_RESTORE_H

#include "engine/apply/task.h"

/**
 * First step of CREATE: if the state remembers an object of this group that was deleted, and the
 * account can see and reanimate it, that one is had back with the change's values and members.
 * Otherwise, and if it is refused, a new one is made (gb_create_begin()).
 */
void gb_restore_begin(struct gb_task *task);

#endif
