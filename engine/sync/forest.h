/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Forest: members who live in other domains. The import reads one domain; whoever carries the SID of
 * another one is looked up in the global catalog, once, and then is an object like others. So a
 * member of another domain can be added, and one that the cloud lists no more can be recognised and
 * taken out.
 *
 * mS-DS-ConsistencyGuid is not in the global catalog: people of other domains are found by SID.
 */
#ifndef GB_SYNC_FOREST_H
#define GB_SYNC_FOREST_H

#include <stdbool.h>

#include "engine/base/compiler.h"
#include "engine/base/directory_object.h"
#include "engine/base/err.h"
#include "engine/sync/session.h"

/**
 * Look up everybody of another domain who is due for matching and is not known yet. Runs before the
 * matching.
 *
 * A search that fails is no error: session->forest_failed is set, and the members concerned are
 * uncertain; a log line says so.
 *
 * @param all  everybody who is live, not only who is due, and who is a member of one of our groups.
 * Errors: those of state/; GB_E_CANCELLED.
 */
GB_MUST_CHECK enum gb_rc gb_forest_search(struct gb_session *session, bool all, struct gb_err *err);

/** True if @object lives in another domain than the groups that we write (by its SID). */
bool gb_forest_is_foreign(const struct gb_session *session,
			  const struct gb_directory_object *object);

/** True if @sid belongs to another domain, and the forest could not be asked for it. */
bool gb_forest_is_unsearched(const struct gb_session *session, const struct gb_sid *sid);

#endif
