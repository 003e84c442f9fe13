/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Import of the directory side: LDAP → directory space of the state.
 *
 * Initial: every user, computer, contact and group of the domain, and the members of every group of
 * ours; what is not seen any more is swept. Delta: what changed since the cursor (uSNChanged), and
 * the members of those groups of ours whose uSNChanged is not the one that our own last write left.
 *
 * Asynchronous as import_cloud.h; nothing is committed here.
 */
#ifndef GB_SYNC_IMPORT_DIRECTORY_H
#define GB_SYNC_IMPORT_DIRECTORY_H

#include <stdbool.h>

#include "engine/sync/import_cloud.h"
#include "engine/sync/session.h"

/**
 * Begin.
 *
 * @param initial  read everything; also done if the cursor is missing or stale.
 * Errors through @done: those of directory/ and state/.
 */
void gb_import_directory_begin(const void *ctx, struct gb_session *session, bool initial,
			       gb_import_done done, void *user);

#endif
