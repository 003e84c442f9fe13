/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Full reads: what a complete list does not name any more is gone.
 *
 * Between begin and finish every put marks its object as seen (whatever else writes). Finishing
 * sweeps what was not; a read that is not finished (an error, a crash) sweeps nothing. Commits in
 * between are fine. Beginning again starts over.
 */
#ifndef GB_STATE_FULL_READ_H
#define GB_STATE_FULL_READ_H

#include <stddef.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/guid.h"
#include "engine/state/state.h"

/** What is read in full; each on its own. */
enum gb_state_full {
	/** Lists of live and of soft-deleted groups: one that neither names gets life GONE. */
	GB_FULL_CLOUD_GROUPS = 0,
	/** List of users: an unseen one gets life GONE; objects of other types stay. */
	GB_FULL_CLOUD_PEOPLE = 1,
	/** Objects in our container: gb_state_directory_remove() of the unseen. */
	GB_FULL_CONTAINER = 2,
	/** Everything else in the directory: as above; who is still a member of a group of ours
	 *  becomes a stub. */
	GB_FULL_PEOPLE = 3
};

/** Begin a full read. */
GB_MUST_CHECK enum gb_rc gb_state_full_begin(struct gb_state *state, enum gb_state_full what,
					     struct gb_err *err);

/**
 * Within GB_FULL_CLOUD_GROUPS, after the list of live groups: groups that live as far as is known, have an
 * object in the directory, and were not named. A list that lost its end looks like a short one, so they are
 * asked for by id before they count as deleted: put what is answered, and it is seen.
 *
 * @param ret_ids  array of *ret_count below @ctx.
 */
GB_MUST_CHECK enum gb_rc gb_state_full_unlisted_groups(const void *ctx, struct gb_state *state,
						       struct gb_guid **ret_ids, size_t *ret_count,
						       struct gb_err *err);

/**
 * Within GB_FULL_CLOUD_GROUPS, after the list of live groups: this one is listed as soft-deleted. One
 * that the list of live groups named stays live (it was restored, or deleted, a moment ago: delta
 * tells); an unknown one is ignored.
 */
GB_MUST_CHECK enum gb_rc gb_state_full_deleted_group(struct gb_state *state,
						     const struct gb_guid *id, struct gb_err *err);

/**
 * … or instead: the soft-deleted groups cannot be listed. Whatever the list of live groups did not
 * name counts as soft-deleted then, unless it is known to be gone: nobody can tell, and a
 * soft-deleted group may come back.
 */
GB_MUST_CHECK enum gb_rc gb_state_full_deleted_unknown(struct gb_state *state, struct gb_err *err);

/**
 * Finish it: the list was read to its end without an error.
 *
 * @param ret_swept  objects that were not seen; may be NULL.
 * Errors: GB_E_INTERNAL if it was not begun in this or an earlier process.
 */
GB_MUST_CHECK enum gb_rc gb_state_full_finish(struct gb_state *state, enum gb_state_full what,
					      size_t *ret_swept, struct gb_err *err);

#endif
