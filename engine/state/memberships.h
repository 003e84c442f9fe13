/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * In how many of the written security groups somebody is, as the directory has it: for the wizard's
 * preview, which puts the plan on top. Works on a state that is open for reading only.
 */
#ifndef GB_STATE_MEMBERSHIPS_H
#define GB_STATE_MEMBERSHIPS_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/state/state.h"

/** Somebody, and in how many groups; anything but GB_OK stops. */
typedef enum gb_rc (*gb_memberships_on_member)(void *user, int64_t object_no, int64_t groups);

/** Everybody who is in at least one security group of ours, in no order. */
GB_MUST_CHECK enum gb_rc gb_state_memberships(struct gb_state *state,
					      gb_memberships_on_member on_member, void *user,
					      struct gb_err *err);

/** True in *ret_is if the object is a security group. */
GB_MUST_CHECK enum gb_rc gb_state_is_security_group(struct gb_state *state, int64_t object_no,
						    bool *ret_is, struct gb_err *err);

/** The DN of a person, below @ctx; NULL if the object is none (a group, a computer), or has no DN. */
GB_MUST_CHECK enum gb_rc gb_state_person_dn(const void *ctx, struct gb_state *state,
					    int64_t object_no, const char **ret_dn,
					    struct gb_err *err);

#endif
