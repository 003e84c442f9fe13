/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Matching of cloud members: looks candidates up in the state, asks the pure rule of plan/match.h,
 * and stores the answer. Runs between the imports and the plan.
 *
 * The state keeps one code for rule or cause: the number of the rule (enum gb_match_rule) or of the
 * cause (enum gb_cause); they do not overlap.
 */
#ifndef GB_SYNC_MATCH_H
#define GB_SYNC_MATCH_H

#include <stdbool.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/plan/match.h"
#include "engine/sync/session.h"

/**
 * Match everybody who is due, and every group that is dirty (its scope may have changed).
 *
 * @param all  everybody who is live: the configuration changed, or the cycle is initial.
 * Errors: those of state/.
 */
GB_MUST_CHECK enum gb_rc gb_match_all_due(struct gb_session *session, bool all, struct gb_err *err);

#endif
