/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * After a crash: the objects of intents without an outcome are read again before anything is
 * planned, so that what was done and what was not is known. An unknown write is never repeated
 * blindly.
 */
#ifndef GB_SYNC_SETTLE_H
#define GB_SYNC_SETTLE_H

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/sync/session.h"

/**
 * Mark what the journal left open, so that the import which follows reads those groups: an object
 * that exists has its list of members read again; one that does not is found by its anchor if it was
 * created after all.
 *
 * @param ret_full  true if anything was open: the directory is then read in full, since an object
 *                  may exist without our knowing its GUID, or stand under another name.
 * Errors: those of state/.
 */
GB_MUST_CHECK enum gb_rc gb_settle_prepare(struct gb_session *session, bool *ret_full,
					   struct gb_err *err);

/** The import has read them: close the journal's open ends. Errors: those of state/. */
GB_MUST_CHECK enum gb_rc gb_settle_finish(struct gb_session *session, struct gb_err *err);

#endif
