/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which directory object a cloud group is *written* to, as opposed to the object that it came from:
 * a group synced from on-premises is matched to its own AD object, and that one is never ours.
 */
#ifndef GB_SYNC_OWN_H
#define GB_SYNC_OWN_H

#include "engine/state/streams.h"

/**
 * The object that @group is written to, or NULL if it has none yet. It may have lost its anchor or
 * have been moved out of the container: the planner says what that means. Borrowed from @group.
 */
const struct gb_state_directory_object *gb_own_object(const struct gb_state_group *group);

#endif
