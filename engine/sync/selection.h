/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Resolving the selection of `scope = selected` against the tenant: which groups have the selected
 * names, and who is a member of the marker group.
 */
#ifndef GB_SYNC_SELECTION_H
#define GB_SYNC_SELECTION_H

#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/sync/session.h"

/**
 * Resolve session->files->selection from the state; does nothing without one. When the answers are
 * not those of the last time, the groups that they may concern become dirty.
 *
 * Errors: those of state/.
 */
GB_MUST_CHECK enum gb_rc gb_selection_resolve(struct gb_session *session, struct gb_err *err);

/** Resolve it, and leave no mark: for who only looks. Errors: those of state/. */
GB_MUST_CHECK enum gb_rc gb_selection_read(struct gb_session *session, struct gb_err *err);

/** The marker group's number in the cloud space; 0 if there is none, or it is not known or gone. */
GB_MUST_CHECK enum gb_rc gb_selection_marker_no(struct gb_session *session, int64_t *ret_no,
						struct gb_err *err);

#endif
