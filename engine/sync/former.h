/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Former containers: where the groups stood under an earlier configuration. They are moved out of
 * there, with their objectGUID and objectSid, instead of being made again elsewhere.
 *
 * The state remembers the objectGUIDs, so a container that was renamed is found all the same. A lost
 * state remembers none: then groups in an old container are another tool's as far as anybody can tell,
 * and reported as anchors found elsewhere.
 */
#ifndef GB_SYNC_FORMER_H
#define GB_SYNC_FORMER_H

#include "engine/sync/session.h"

/**
 * Take the present container into the state; if it is another one than before, that one becomes a
 * former container. Fills session->former_keys and former_dns, and tells the directory about those that exist.
 *
 * @param container  objectGUID of the present container as text.
 */
GB_MUST_CHECK enum gb_rc gb_former_open(struct gb_session *session, const char *container,
					struct gb_err *err);

/** True if the object stands in a former container and not in the present one. */
bool gb_former_holds(const struct gb_session *session, const char *dn_key);

#endif
