/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A group as people name it: by its objectId, or by its display name. */
#ifndef GB_SYNC_FIND_GROUP_H
#define GB_SYNC_FIND_GROUP_H

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/guid.h"
#include "engine/state/state.h"

/** A group that was found. */
struct gb_found_group {
	struct gb_guid id; /**< objectId */
	int64_t cloud_no;  /**< number of the cloud group; 0: only the directory knows it */
	int64_t object_no; /**< number of its object; 0: it has none */
	const char *name;  /**< display name, or NULL */
};

/**
 * Look for it in the state. A name is compared as people read it: letters of either case, and a name
 * that several groups have is refused.
 *
 * @param word       objectId or display name.
 * @param ret_found  its name is below @ctx.
 * Errors: GB_E_USAGE: no group, or several (the text names their ids); those of state/.
 */
GB_MUST_CHECK enum gb_rc gb_find_group(const void *ctx, struct gb_state *state, const char *word,
				       struct gb_found_group *ret_found, struct gb_err *err);

#endif
