/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The open state as the room's own files see it. Private to engine/state. */
#ifndef GB_STATE_STATE_PRIVATE_H
#define GB_STATE_STATE_PRIVATE_H

#include "engine/state/database.h"
#include "engine/state/full_read.h"
#include "engine/state/state.h"
#include "engine/state/status.h"

/** Number of values of enum gb_state_full. */
#define GB_FULL_COUNT (GB_FULL_PEOPLE + 1)

/** The open state. What is kept in memory is what the file says, plus the open transaction. */
struct gb_state {
	struct gb_db db;
	enum gb_state_mode mode;
	bool is_new;      /**< the file was created by this open */
	bool was_unclean; /**< the last engine did not close it */

	/** Kept counts; written with the commit if sizes_changed. */
	struct gb_state_sizes sizes;
	bool sizes_changed;

	/** Generation of each kind of full read: what a put stores as "seen". */
	int64_t generations[GB_FULL_COUNT];

	/** By enum gb_side: there are lists by member; see gb_links_need_member_index(). */
	bool has_member_index[2];
};

/** Load what is kept in memory, after opening and after a rollback. */
GB_MUST_CHECK enum gb_rc gb_state_load(struct gb_state *state, struct gb_err *err);

#endif
