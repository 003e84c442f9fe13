/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Dirtiness: what has changed since a group was last written. The puts and links of both spaces and
 * the matching set it; the caller clears it when the group's changes are applied (or when the plan
 * found nothing to do for it). Outcomes of our own writes (journal.h) dirty nothing.
 *
 * A group here is a pair: its cloud number and the number of the directory object that it is
 * written to, either of them 0 if there is none (a group of ours whose cloud group is unknown).
 */
#ifndef GB_STATE_DIRTY_H
#define GB_STATE_DIRTY_H

#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/guid.h"
#include "engine/state/state.h"

/** What is dirty about a group; bits. */
enum gb_state_dirty {
	GB_DIRTY_ATTRIBUTES = 1, /**< properties: compare all of them */
	GB_DIRTY_LINKS = 2,      /**< some links: compare those (GB_MEMBERS_DIRTY) */
	GB_DIRTY_MEMBERS = 4,    /**< compare all members */
	GB_DIRTY_ALL = 5,        /**< a bit mask: attributes and members */
	GB_DIRTY_DRIFT = 8       /**< beside others: a written object is not as we left it; somebody
				      else changed or deleted it */
};

/** Mark a group dirty; @what is ATTRIBUTES, MEMBERS or both. */
GB_MUST_CHECK enum gb_rc gb_state_dirty_mark(struct gb_state *state, int64_t cloud_no,
					     int64_t object_no, unsigned what, struct gb_err *err);

/** Mark every group dirty as a whole: the configuration changed. */
GB_MUST_CHECK enum gb_rc gb_state_dirty_mark_all(struct gb_state *state, struct gb_err *err);

/** Mark the groups dirty as a whole whose cloud id is @first, @last, or between. */
GB_MUST_CHECK enum gb_rc gb_state_dirty_mark_range(struct gb_state *state,
						   const struct gb_guid *first,
						   const struct gb_guid *last, struct gb_err *err);

/** The group is written as it should be: clear all its dirtiness, links included. */
GB_MUST_CHECK enum gb_rc gb_state_dirty_clear(struct gb_state *state, int64_t cloud_no,
					      int64_t object_no, struct gb_err *err);

#endif
