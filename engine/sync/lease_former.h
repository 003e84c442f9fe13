/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leases in former containers; for sync/lease.c alone. */
#ifndef GB_SYNC_LEASE_FORMER_H
#define GB_SYNC_LEASE_FORMER_H

#include "engine/sync/lease_value.h"
#include "engine/sync/session.h"

/**
 * Delete what gb_lease_leave_former() says. What fails is logged and left.
 *
 * @param self  who we are.
 * @return how many objects were deleted.
 */
unsigned gb_lease_former_delete(struct gb_session *session, const struct gb_lease_value *self);

#endif
