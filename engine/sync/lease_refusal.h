/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a lease is refused, in sentences for people; for sync/lease.c alone. */
#ifndef GB_SYNC_LEASE_REFUSAL_H
#define GB_SYNC_LEASE_REFUSAL_H

#include "engine/base/err.h"
#include "engine/sync/lease_value.h"

/** What a refusal speaks of. */
struct gb_lease_sight {
	const char *dn;                    /**< of the lease */
	const struct gb_lease_value *self; /**< who asks */
	const struct gb_lease_value *seen; /**< what stands there; NULL: nothing, or nothing of ours */
};

/** Writes the error of a refusal; returns its code. */
typedef enum gb_rc (*gb_lease_refusal)(const struct gb_lease_sight *sight, struct gb_err *err);

/** Another engine holds it. */
enum gb_rc gb_lease_refuse_held(const struct gb_lease_sight *sight, struct gb_err *err);
/** Another engine left it, and nobody said that it will not come back. */
enum gb_rc gb_lease_refuse_left(const struct gb_lease_sight *sight, struct gb_err *err);
/** It is of a newer version. */
enum gb_rc gb_lease_refuse_newer(const struct gb_lease_sight *sight, struct gb_err *err);
/** What stands there is no lease. */
enum gb_rc gb_lease_refuse_foreign(const struct gb_lease_sight *sight, struct gb_err *err);
/** It was ours when the run began; seen is who has it now, or NULL if it ran out. */
enum gb_rc gb_lease_refuse_lost(const struct gb_lease_sight *sight, struct gb_err *err);
/** It changed too often while we tried. */
enum gb_rc gb_lease_refuse_restless(const struct gb_lease_sight *sight, struct gb_err *err);

#endif
