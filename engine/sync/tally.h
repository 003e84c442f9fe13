/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tally of a run: what was done, asked and found wrong, counted into its report and its state. */
#ifndef GB_SYNC_TALLY_H
#define GB_SYNC_TALLY_H

#include <stdbool.h>

#include "engine/apply/apply.h"
#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/state/state.h"
#include "engine/sync/lease.h"
#include "engine/sync/report.h"
#include "engine/sync/session.h"

/** Count one change that ended. */
void gb_tally_result(struct gb_report *report, const struct gb_apply_result *result);

/**
 * Take the counters of both clients, and what is known of credentials. Writes of the lease are left
 * out: they are no writes of groups.
 *
 * @param lease  or NULL.
 */
void gb_tally_traffic(const struct gb_session *session, const struct gb_lease *lease,
		      struct gb_report *report);

/**
 * Remember the groups with problems in the state, so that their age can be told.
 *
 * @param is_whole  the run looked at everything that is due: what it does not name is over.
 * Errors: those of state/.
 */
GB_MUST_CHECK enum gb_rc gb_tally_problems(const struct gb_report *report, struct gb_state *state,
					   bool is_whole, struct gb_err *err);

#endif
