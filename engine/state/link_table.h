/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The packed lists (list.h) as SQL sees them: tables cloud_link and directory_link with the columns
 * group_no and member_no, one row a membership, to be read only. They are virtual tables of this
 * connection and no part of the file (sqlite.org/vtab.html, "eponymous-only").
 *
 * A group's members come ascending. Asked from the member's side, a table uses its list by member
 * if there is one, and reads everything otherwise. Private to engine/state.
 */
#ifndef GB_STATE_LINK_TABLE_H
#define GB_STATE_LINK_TABLE_H

#include "engine/state/state_private.h"

/** Make the two tables known to the state's connection. To be called after each gb_db_open(). */
GB_MUST_CHECK enum gb_rc gb_link_tables_register(struct gb_state *state, struct gb_err *err);

#endif
