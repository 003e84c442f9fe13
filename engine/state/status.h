/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `status` shows of the state. Answers in the same time whatever the size of the state. */
#ifndef GB_STATE_STATUS_H
#define GB_STATE_STATUS_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/state/state.h"

/** Sizes of the two spaces. Counters that are kept, not counted. */
struct gb_state_sizes {
	int64_t cloud_groups;      /**< live groups */
	int64_t cloud_members;     /**< live objects of other types */
	int64_t cloud_links;       /**< memberships in the cloud space */
	int64_t matched;           /**< cloud objects that are matched to a directory object */
	int64_t directory_objects; /**< objects that were read, and stubs */
	int64_t directory_groups;  /**< groups of ours */
	int64_t directory_links;   /**< memberships of groups in the directory space */
};

/** The sizes as of the opening (read-only), or now (while writing). */
void gb_state_sizes(const struct gb_state *state, struct gb_state_sizes *ret_sizes);

/** How many groups are dirty and how many objects are due for matching. Costs O(those). */
GB_MUST_CHECK enum gb_rc gb_state_backlog(struct gb_state *state, size_t *ret_dirty_groups,
					  size_t *ret_due, struct gb_err *err);

#endif
