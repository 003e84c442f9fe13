/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What groups and other objects of the cloud space have in common. Private to engine/state. */
#ifndef GB_STATE_CLOUD_OBJECT_H
#define GB_STATE_CLOUD_OBJECT_H

#include "engine/base/cloud_object.h"
#include "engine/state/state_private.h"

/** Insert an object of which only id and type are known; it is live, not readable, due. */
GB_MUST_CHECK enum gb_rc gb_cloud_object_insert(struct gb_state *state, const struct gb_guid *id,
						enum gb_cloud_type type, int64_t *ret_no,
						struct gb_err *err);

/** A row was inserted by hand: count it, make it due; *ret_no is its number. */
GB_MUST_CHECK enum gb_rc gb_cloud_object_inserted(struct gb_state *state, enum gb_cloud_type type,
						  int64_t *ret_no, struct gb_err *err);

/** The generation that a put of this type stores as seen. */
int64_t gb_cloud_object_generation(const struct gb_state *state, enum gb_cloud_type type);

/** Store that the object was seen in the full read that goes on. */
GB_MUST_CHECK enum gb_rc gb_cloud_object_see(struct gb_state *state, int64_t no, int64_t generation,
					     struct gb_err *err);

/** Make it a live object of this type, if it is not. Marks nothing. */
GB_MUST_CHECK enum gb_rc gb_cloud_object_revive(struct gb_state *state, int64_t no,
						enum gb_cloud_type type, struct gb_err *err);

/** Take the object out of life; it becomes due, a group dirty as a whole. */
GB_MUST_CHECK enum gb_rc gb_cloud_object_end(struct gb_state *state, int64_t no,
					     enum gb_cloud_life life, struct gb_err *err);

#endif
