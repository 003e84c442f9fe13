/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reconcile: what changes cannot tell is read again by and by.
 *
 *   - everything, by an initial cycle, once a week (schedule.h);
 *   - the list of groups in the cloud, and with it their scope, once a day, in one delta cycle: a page for 999 groups;
 *   - memberships, on both sides, once a day: a delta cycle reads those again whose turn it is (turn.h).
 *
 * Life cycle in a delta cycle: gb_reconcile_choose() before the imports, which look at session->turn and
 * session->lists_groups and count in session->found; gb_reconcile_mark() right before them; gb_reconcile_judge() after
 * them; gb_reconcile_keep() at the end, so that a cycle that failed leaves its share to the next one.
 *
 * Limits are of a run: what goes wrong everywhere would be in each turn too little for them. So a round that finds
 * too much becomes a full read, in which they see the whole.
 */
#ifndef GB_SYNC_RECONCILE_H
#define GB_SYNC_RECONCILE_H

#include <stdbool.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/sync/session.h"

/** *ret_due: a cycle that begins now reads everything. Errors: those of state/. */
GB_MUST_CHECK enum gb_rc gb_reconcile_is_due(const struct gb_session *session, bool *ret_due,
					     struct gb_err *err);

/** Fill session->turn and session->lists_groups for a delta cycle. Errors: those of state/. */
GB_MUST_CHECK enum gb_rc gb_reconcile_choose(struct gb_session *session, struct gb_err *err);

/** Groups whose turn it is are compared as a whole, written ones and others. Errors: those of state/. */
GB_MUST_CHECK enum gb_rc gb_reconcile_mark(struct gb_session *session, struct gb_err *err);

/** Groups that may turn out to be gone in one turn; of more nobody believes it before everything is read. */
#define GB_RECONCILE_MAX_GONE 3
/** Members that a round may lose in any case. */
#define GB_RECONCILE_MIN_LOST 10

/**
 * Add what the turns before found since the last list of groups. *ret_doubtful: it is too much: more than the
 * share in `max member removals` (without one: its number) of the members, or more groups than
 * GB_RECONCILE_MAX_GONE. Errors: those of state/.
 */
GB_MUST_CHECK enum gb_rc gb_reconcile_judge(struct gb_session *session, bool *ret_doubtful,
					    struct gb_err *err);

/** Note what was read again. @everything: by an initial cycle. Errors: those of state/. */
GB_MUST_CHECK enum gb_rc gb_reconcile_keep(struct gb_session *session, bool everything,
					   struct gb_err *err);

#endif
