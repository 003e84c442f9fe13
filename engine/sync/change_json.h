/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A change as JSON: the same words in plan files and in the audit.
 *
 * Members are named by what outlives this state: their SID, else their objectGUID, else their DN; a
 * group that is still to be created by its anchor, "Group_<objectId>".
 */
#ifndef GB_SYNC_CHANGE_JSON_H
#define GB_SYNC_CHANGE_JSON_H

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/json.h"
#include "engine/state/journal.h"

/** Stable word for a kind of change: "create", "attributes", "add-members" … */
const char *gb_change_json_op(enum gb_change_kind kind);

/**
 * How a file names a member: by its SID, else its objectGUID, else its DN, else, of a group that does
 * not exist yet, by its anchor. Below @ctx; NULL if nothing is known of it any more.
 *
 * Errors: those of state/.
 */
GB_MUST_CHECK enum gb_rc gb_change_json_member(const void *ctx, struct gb_state *state,
					       int64_t object_no, const struct gb_state_ref *ref,
					       char **ret_name, struct gb_err *err);

/**
 * Write the members of an object, group and operation with all that it says, into the object that
 * @w has open: group, op, name, dn, newRdn, newParent, values, members; what a change has not is
 * left out. Run, number, time and cause are not in it: the same change gives the same text.
 *
 * Errors: those of state/ (anchors of members are looked up).
 */
GB_MUST_CHECK enum gb_rc gb_change_json_put(struct gb_json_writer *w, struct gb_state *state,
					    const struct gb_state_change *change,
					    struct gb_err *err);

#endif
