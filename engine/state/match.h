/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeping matches, for the room's own files. Private to engine/state. */
#ifndef GB_STATE_MATCH_H
#define GB_STATE_MATCH_H

#include "engine/state/matching.h"
#include "engine/state/state_private.h"

/** As gb_state_match_set(), with the code 0 allowed and leaving due as it is. */
GB_MUST_CHECK enum gb_rc gb_match_put(struct gb_state *state, int64_t cloud_no, int64_t object_no,
				      int code, struct gb_err *err);

/** The directory object is no longer there: whoever is matched to it is unmatched and due. */
GB_MUST_CHECK enum gb_rc gb_match_drop_object(struct gb_state *state, int64_t object_no,
					      struct gb_err *err);

/** A cloud group that is matched to the object; 0: none. */
GB_MUST_CHECK enum gb_rc gb_match_group_of(struct gb_state *state, int64_t object_no,
					   int64_t *ret_cloud_no, struct gb_err *err);

#endif
