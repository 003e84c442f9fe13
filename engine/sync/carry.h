/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Carrying out: the stored plan of a run through apply/, with each write in the audit, each outcome in
 * the report, and an end to it when too many groups fail.
 *
 * Life cycle: gb_carry_new(), gb_carry_out() once, then gb_carry_has_failed(); talloc_free().
 */
#ifndef GB_SYNC_CARRY_H
#define GB_SYNC_CARRY_H

#include <stdbool.h>

#include "engine/apply/apply.h"
#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/guid.h"
#include "engine/sync/lease.h"
#include "engine/sync/report.h"
#include "engine/sync/session.h"

/** Opaque. */
struct gb_carry;

/** For the plan of report->run_no, as long as @lease is held; all are borrowed. Below @ctx. */
struct gb_carry *gb_carry_new(const void *ctx, struct gb_session *session, struct gb_report *report,
			      struct gb_lease *lease);

/**
 * Send everything, and wait for the end. A run that has nothing to write leaves no line in the audit.
 *
 * @param progress  or NULL.
 * Errors: those of gb_apply_wait() and of the audit; GB_E_CONSTRAINT "guard-failures": too many
 * groups failed, the rest was not sent; those of gb_lease_check().
 */
GB_MUST_CHECK enum gb_rc gb_carry_out(struct gb_carry *carry,
				      void (*progress)(void *user,
						       const struct gb_apply_progress *progress),
				      void *progress_user, struct gb_err *err);

/** A change of the group failed, or some of its members were refused. */
bool gb_carry_has_failed(const struct gb_carry *carry, const struct gb_guid *id);

#endif
