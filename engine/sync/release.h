/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Release: groups of other tools given back as they were before groupback wrote to them (adoption.h).
 *
 * Attributes, name and place are what they were, whatever was written since. Of the members, what the
 * run that took a group over did is turned round; who joined or left since then stays as it is. The
 * groups are paused: their anchors are still theirs, and the next cycle would take them over again.
 */
#ifndef GB_SYNC_RELEASE_H
#define GB_SYNC_RELEASE_H

#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/sync/carry.h"
#include "engine/sync/report.h"
#include "engine/sync/session.h"

/**
 * Plan the way back into the journal of @run_no, from the state as it was just read: for every group
 * that was taken over, or for session->only alone. Counts and what cannot be put back go into the
 * report; the groups become paused (not saved yet).
 *
 * Errors: GB_E_USAGE (session->only was never taken over), those of gb_adoption_load() and state/.
 */
GB_MUST_CHECK enum gb_rc gb_release_plan(struct gb_session *session, int64_t run_no,
					 struct gb_report *report, struct gb_err *err);

/**
 * Everything was sent: remember which groups were given back. Those that failed stay, so that a
 * further release tries them again.
 *
 * Errors: GB_E_IO.
 */
GB_MUST_CHECK enum gb_rc gb_release_keep(struct gb_session *session, const struct gb_carry *carried,
					 struct gb_err *err);

#endif
