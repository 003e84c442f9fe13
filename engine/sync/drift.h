/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Drift in words: what somebody else did to a written group, told by the change that puts it back.
 * It names what was there, so that it can be found out who did it and why.
 */
#ifndef GB_SYNC_DRIFT_H
#define GB_SYNC_DRIFT_H

#include "engine/base/buffer.h"
#include "engine/base/change.h"
#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/state/state.h"

/**
 * Append sentences about @change to @out.
 *
 * @param state  names the members of the change.
 * Errors: those of the state.
 */
GB_MUST_CHECK enum gb_rc gb_drift_describe(struct gb_buffer *out, struct gb_state *state,
					   const struct gb_change *change, struct gb_err *err);

/** Add the names of what @change puts back: attributes, "member", "cn" … */
void gb_drift_name(struct gb_buffer *out, const struct gb_change *change);

#endif
