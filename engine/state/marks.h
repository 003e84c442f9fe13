/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Marks that changes leave: what is dirty and what is due for matching. Private to engine/state.
 *
 * Dirtiness of a pair (cloud group, its directory object) lies with the cloud group; a directory
 * object has a mark of its own only while no cloud group is matched to it. Dirty links are kept in
 * the numbers of the space in which they changed. A group that is dirty as a whole
 * (GB_DIRTY_MEMBERS) needs no dirty links.
 */
#ifndef GB_STATE_MARKS_H
#define GB_STATE_MARKS_H

#include "engine/base/cloud_object.h"
#include "engine/base/directory_object.h"
#include "engine/state/dirty.h"
#include "engine/state/state_private.h"

/** Mark a cloud group. @bits: enum gb_state_dirty. */
GB_MUST_CHECK enum gb_rc gb_mark_cloud(struct gb_state *state, int64_t cloud_no, unsigned bits,
				       struct gb_err *err);

/** Mark the cloud groups that are matched to a directory object; if there is none, the object. */
GB_MUST_CHECK enum gb_rc gb_mark_directory(struct gb_state *state, int64_t object_no, unsigned bits,
					   struct gb_err *err);

/** Mark one link of a cloud group, in numbers of the cloud space. */
GB_MUST_CHECK enum gb_rc gb_mark_cloud_link(struct gb_state *state, int64_t group_no,
					    int64_t member_no, struct gb_err *err);

/** Mark one link of a directory group, in numbers of the directory space. */
GB_MUST_CHECK enum gb_rc gb_mark_directory_link(struct gb_state *state, int64_t group_no,
						int64_t member_no, struct gb_err *err);

/** The object is due for matching. */
GB_MUST_CHECK enum gb_rc gb_mark_due(struct gb_state *state, int64_t cloud_no, struct gb_err *err);

/** Everything is due that is matched to the object, or that one of its keys may concern. */
GB_MUST_CHECK enum gb_rc gb_mark_due_for(struct gb_state *state, int64_t object_no,
					 const struct gb_directory_object *object,
					 struct gb_err *err);

#endif
