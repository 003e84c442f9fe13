/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Approval: what a cycle may write by itself, and what waits until somebody agrees.
 *
 * A tenant, domain or container that nobody approved yet: the whole plan waits. A changed container,
 * scope or naming: what that change causes waits, memberships of groups already written go on. A plan
 * above a limit of [safety]: the whole plan waits. What waits is saved as a plan file (plan_file.h)
 * below plans/ in the state directory, under its digest, and noted in decisions.json.
 */
#ifndef GB_SYNC_APPROVAL_H
#define GB_SYNC_APPROVAL_H

#include <stdbool.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/sync/plan_file.h"
#include "engine/sync/report.h"
#include "engine/sync/session.h"

/** Plan files that are kept; the one that waits is among them. */
#define GB_APPROVAL_KEEP_PLANS 10

/** Set session->policy.hold; @lifted: nothing waits, the plan was approved. */
void gb_approval_fill_hold(struct gb_session *session, bool lifted);

/**
 * May the plan that report->planned counts be carried out?
 *
 * @param first  the first cycle is approved, whatever it writes.
 * Errors: GB_E_GUARD: nothing of it may be written (a limit, or nobody approved this tenant yet).
 */
GB_MUST_CHECK enum gb_rc gb_approval_check(const struct gb_session *session,
					   const struct gb_report *report, bool first,
					   struct gb_err *err);

/** Tenant, domain, container, scope and naming as they are now are approved. */
void gb_approval_grant(struct gb_session *session, const struct gb_report *report);

/**
 * Before the first write of a cycle that goes on: approve what needs no asking (the first cycle, if
 * @first; a changed configuration that changes nothing), and remember it on disk.
 *
 * Errors: GB_E_IO.
 */
GB_MUST_CHECK enum gb_rc gb_approval_settle(struct gb_session *session,
					    const struct gb_report *report, bool first,
					    struct gb_err *err);

/**
 * Save the plan of @run_no below plans/; older ones go.
 *
 * Errors: GB_E_IO, and those of state/.
 */
GB_MUST_CHECK enum gb_rc gb_approval_save_plan(struct gb_session *session, int64_t run_no,
					       enum gb_plan_part part,
					       struct gb_plan_digest *ret_digest,
					       struct gb_err *err);

/** Note in decisions.json that this plan waits, and why; an empty digest: none does. */
GB_MUST_CHECK enum gb_rc gb_approval_note_waiting(struct gb_session *session,
						  const struct gb_plan_digest *digest,
						  const char *cause, const char *text,
						  struct gb_err *err);

/**
 * The path of the plan with this digest, below @ctx.
 *
 * @param digest  all of its hex digits, or at least the first 8.
 * Errors: GB_E_USAGE: no digest, or none or several plans have it.
 */
GB_MUST_CHECK enum gb_rc gb_approval_find_plan(const void *ctx, const char *state_directory,
					       const char *digest, char **ret_path,
					       struct gb_err *err);

#endif
