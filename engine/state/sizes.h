/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kept counts of status.h: changed in memory by whoever adds or removes something, written with
 * the commit. Private to engine/state.
 */
#ifndef GB_STATE_SIZES_H
#define GB_STATE_SIZES_H

#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/state/state_private.h"

/** Read them from the file, after opening and after a rollback. */
GB_MUST_CHECK enum gb_rc gb_sizes_load(struct gb_state *state, struct gb_err *err);

/** Write them into the open transaction, if they changed. */
GB_MUST_CHECK enum gb_rc gb_sizes_store(struct gb_state *state, struct gb_err *err);

/** Add to one of state->sizes. */
static inline void gb_sizes_add(struct gb_state *state, int64_t *size, int64_t difference)
{
	*size += difference;
	state->sizes_changed = state->sizes_changed || difference != 0;
}

#endif
