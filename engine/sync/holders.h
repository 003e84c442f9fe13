/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Holders: which groups outside the container have one of ours as a member. Asked before a group is
 * deleted (its place in other groups would be lost with it), and for the alert about a group that AD
 * began to protect. Each answer is kept for the rest of the cycle.
 */
#ifndef GB_SYNC_HOLDERS_H
#define GB_SYNC_HOLDERS_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/sync/session.h"

/** Opaque. */
struct gb_holders;

/** An empty one, below @ctx. */
struct gb_holders *gb_holders_new(const void *ctx, struct gb_session *session);

/**
 * Search for the holders of an object; blocks on the session's loop the first time.
 *
 * @param dn           of the object.
 * @param ret_holders  their DNs for people, "; " between them, the first few and how many more;
 *                     NULL if there are none. Lives as long as @holders.
 * @return false: the search failed, nothing is known (a log line says why).
 */
bool gb_holders_of(struct gb_holders *holders, int64_t object_no, const char *dn,
		   const char **ret_holders);

#endif
