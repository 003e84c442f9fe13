/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Matching: which directory object a cloud object is. The caller decides by its rules; the state
 * says who is due, looks candidates up (gb_state_directory_find()) and keeps the answer.
 *
 * Due are objects that are new, whose keys or life changed, whose directory object changed its keys
 * or went away, or that a new directory object may concern. A written group's match is its slot
 * (gb_state_slot_get()).
 */
#ifndef GB_STATE_MATCHING_H
#define GB_STATE_MATCHING_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/state/cloud_space.h"
#include "engine/state/directory_space.h"
#include "engine/state/state.h"

/** Match codes are 1 … GB_STATE_MAX_CODE, numbers are the caller's; 0 is "not looked at yet". */
#define GB_STATE_MAX_CODE 999

/** Opaque: an iteration over objects that are due. */
struct gb_state_match_iter;

/**
 * Begin to iterate, in order of their numbers, over objects that are due, or @all that are live or
 * due. gb_state_match_set() while iterating is what it is made for.
 */
struct gb_state_match_iter *gb_state_match_begin(const void *ctx, struct gb_state *state, bool all);

/** The next object, valid until the next call; NULL at the end. */
GB_MUST_CHECK enum gb_rc gb_state_match_next(struct gb_state_match_iter *iter,
					     const struct gb_state_cloud_member **ret_row,
					     struct gb_err *err);

/** End the iteration. NULL is fine. */
void gb_state_match_end(struct gb_state_match_iter *iter);

/** The SID of each object that gb_state_match_begin() would list and that has one, in no order. */
GB_MUST_CHECK enum gb_rc gb_state_match_each_sid(struct gb_state *state, bool all,
						 gb_state_on_sid on_sid, void *user,
						 struct gb_err *err);

/**
 * Keep the answer; the object is not due any more.
 *
 * @param object_no  directory object; 0: none.
 * @param code       the rule that matched, or the cause of finding none.
 *
 * Dirties the links of every group that holds it if object_no changed; such groups as a whole if it
 * stays unmatched with another code (what is known about the others may have changed).
 */
GB_MUST_CHECK enum gb_rc gb_state_match_set(struct gb_state *state, int64_t cloud_no,
					    int64_t object_no, int code, struct gb_err *err);

#endif
