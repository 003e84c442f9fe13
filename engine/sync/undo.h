/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Undo: what a run changed, as a plan that puts it back.
 *
 * It goes by the journal, which has each change with what stood there before. A value is put back
 * only if it still is as the run left it: what somebody changed since stays. Groups that the run
 * created stay, too, and are named: taking them away again would lose their SIDs. Groups that it
 * deleted are made again with the values and members that they had; apply/ takes the deleted object
 * back for that, with its SID, where the account may. The groups concerned are paused, so that the
 * next cycle does not do it all again.
 */
#ifndef GB_SYNC_UNDO_H
#define GB_SYNC_UNDO_H

#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/sync/report.h"
#include "engine/sync/session.h"

/**
 * Is there such a run, in this state, of which everything is known?
 *
 * Errors: GB_E_USAGE: no such run here, a run of an earlier state, or its journal is gone.
 */
GB_MUST_CHECK enum gb_rc gb_undo_check(struct gb_session *session, int64_t undone_run,
				       struct gb_err *err);

/**
 * Plan the way back into the journal of @run_no, from the state as it was just read. Counts and
 * what cannot be put back go into the report; the groups concerned become paused (not saved yet).
 *
 * Errors: those of state/.
 */
GB_MUST_CHECK enum gb_rc gb_undo_plan(struct gb_session *session, int64_t undone_run,
				      int64_t run_no, struct gb_report *report, struct gb_err *err);

#endif
