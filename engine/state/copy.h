/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A copy of the state, for a look at what a run would do: neither the file nor an engine that is at work
 * in it is disturbed.
 */
#ifndef GB_STATE_COPY_H
#define GB_STATE_COPY_H

#include "engine/base/compiler.h"
#include "engine/base/err.h"

/**
 * Copy the state at @from, as of one moment, to @to, which must not be there yet. The copy counts as
 * closed in order.
 *
 * Errors: GB_E_NOT_FOUND (there is no state at @from), GB_E_CONFIG, GB_E_STATE, GB_E_TRY_AGAIN, GB_E_IO.
 */
GB_MUST_CHECK enum gb_rc gb_state_copy(const char *from, const char *to, struct gb_err *err);

#endif
