/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A member list in the making: collected page by page in memory (4 bytes a member), then compared
 * with the stored links in one merge. Begun by gb_state_cloud_members_begin() or
 * gb_state_directory_members_begin(); the numbers are those of that space.
 *
 * Only links that differ are written and dirtied; a group whose list was unknown until now is
 * dirtied as a whole.
 */
#ifndef GB_STATE_MEMBER_SET_H
#define GB_STATE_MEMBER_SET_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"

/** Opaque; talloc_free() it to abandon the list. */
struct gb_state_member_set;

/**
 * Add one member; twice is once.
 *
 * Errors: GB_E_CONSTRAINT above GB_STATE_MAX_GROUP_MEMBERS: free the set, the group stays as it is.
 */
GB_MUST_CHECK enum gb_rc gb_state_member_set_add(struct gb_state_member_set *set, int64_t member_no,
						 struct gb_err *err);

/**
 * The list is complete: make it the group's members, in one step. Frees @set whatever the result.
 *
 * @param ret_added, ret_removed  how many links came and went; may be NULL.
 */
GB_MUST_CHECK enum gb_rc gb_state_member_set_finish(struct gb_state_member_set *set,
						    size_t *ret_added, size_t *ret_removed,
						    struct gb_err *err);

#endif
