/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places: are the containers there that the map puts groups into? Each is asked for once a run. */
#ifndef GB_SYNC_PLACES_H
#define GB_SYNC_PLACES_H

#include <stdbool.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/sync/session.h"

/** What was found so far. Opaque; talloc_free() it. */
struct gb_places;

/** None yet; below @ctx. */
struct gb_places *gb_places_new(const void *ctx, struct gb_session *session);

/**
 * Is the container there, and may the account make groups in it?
 *
 * @param key  comparable form of @dn.
 * Errors: those of the search, but for "not found".
 */
GB_MUST_CHECK enum gb_rc gb_places_find(struct gb_places *places, const char *key, const char *dn,
					bool *ret_is_there, struct gb_err *err);

#endif
