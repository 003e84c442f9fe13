/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Objects that left the directory, one or many at once. Private to engine/state. */
#ifndef GB_STATE_DIRECTORY_REMOVE_H
#define GB_STATE_DIRECTORY_REMOVE_H

#include "engine/state/state_private.h"

/**
 * The leavers are collected in a temporary table, because finding the groups that hold them is one
 * pass over all links, for one leaver or for a thousand. Begin empties it.
 */
GB_MUST_CHECK enum gb_rc gb_leavers_begin(struct gb_state *state, struct gb_err *err);

/** Add one. */
GB_MUST_CHECK enum gb_rc gb_leavers_add(struct gb_state *state, int64_t no, struct gb_err *err);

/**
 * Let them all go, as gb_state_directory_remove() says.
 *
 * @param links_go  true: they are gone, and AD took them out of their groups. False: we only do not
 *                  see them any more; who is still listed by a group stays as a stub.
 */
GB_MUST_CHECK enum gb_rc gb_leavers_go(struct gb_state *state, bool links_go, struct gb_err *err);

#endif
