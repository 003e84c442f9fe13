/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the planner reads: the groups to look at, and for each the numbers of its desired and its
 * observed members, ascending, so that one merge finds the difference. Memory does not grow with
 * the tenant; a group with a few dirty links costs those links, however large it is.
 */
#ifndef GB_STATE_STREAMS_H
#define GB_STATE_STREAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/state/cloud_space.h"
#include "engine/state/directory_space.h"
#include "engine/state/dirty.h"
#include "engine/state/matching.h"
#include "engine/state/state.h"

/** How many. */
struct gb_state_code_count {
	int code;     /**< match code */
	size_t count; /**< how many of them, > 0 */
};

/** Most match codes that are counted apart in one group; what is above is counted with the last. */
#define GB_STATE_MAX_CODE_COUNTS 32

/** A group with both its sides. The counts are kept, not counted. */
struct gb_state_group {
	int64_t cloud_no;  /**< 0: only the directory knows it */
	int64_t object_no; /**< 0: no slot yet */
	unsigned dirty;    /**< enum gb_state_dirty bits; 0: listed because all were asked for */
	const struct gb_state_cloud_group *cloud;          /**< NULL if cloud_no is 0 */
	const struct gb_state_directory_object *directory; /**< NULL if object_no is 0 */
	size_t listed;          /**< cloud links: members that the cloud lists */
	size_t observed;        /**< directory links: members that the directory lists */
	size_t unmatched_count; /**< used elements of unmatched */
	/** Listed members without a match, by match code. */
	struct gb_state_code_count unmatched[GB_STATE_MAX_CODE_COUNTS];
};

/** A member number of a stream. */
struct gb_state_member {
	int64_t object_no;               /**< number of the directory object */
	enum gb_state_presence presence; /**< SLOT: not there yet; STUB: never remove it */
};

/** Which groups are listed. */
enum gb_state_groups {
	GB_GROUPS_DIRTY, /**< those with any dirtiness */
	GB_GROUPS_ALL    /**< cloud groups, and groups of ours that none of them is matched to */
};

/** Which members are listed. */
enum gb_state_members {
	GB_MEMBERS_ALL,
	GB_MEMBERS_DIRTY /**< only numbers whose link is dirty, on either side */
};

/** Opaque: an iteration over groups. */
struct gb_state_groups_iter;
/** Opaque: an iteration over member numbers. */
struct gb_state_members_iter;

/**
 * Begin to iterate over groups in order of their cloud id; then those that only the directory knows,
 * in order of their GUID. The order is the same for the same content, also in a state that was
 * rebuilt. Marking, clearing and matching while iterating is fine: a group that becomes dirty is
 * listed if it comes later in the order.
 */
struct gb_state_groups_iter *gb_state_groups_begin(const void *ctx, struct gb_state *state,
						   enum gb_state_groups which);

/** The next group, valid until the next call; NULL at the end. */
GB_MUST_CHECK enum gb_rc gb_state_groups_next(struct gb_state_groups_iter *iter,
					      const struct gb_state_group **ret_group,
					      struct gb_err *err);

/** End the iteration. NULL is fine. */
void gb_state_groups_end(struct gb_state_groups_iter *iter);

/** One group by its numbers (one of them may be 0; it is filled in). The row is below @ctx. */
GB_MUST_CHECK enum gb_rc gb_state_group_read(const void *ctx, struct gb_state *state,
					     int64_t cloud_no, int64_t object_no,
					     struct gb_state_group **ret_group, struct gb_err *err);

/** Begin with the desired members: distinct directory numbers of the matched cloud members. */
GB_MUST_CHECK enum gb_rc gb_state_desired_begin(const void *ctx, struct gb_state *state,
						const struct gb_state_group *group,
						enum gb_state_members which,
						struct gb_state_members_iter **ret_iter,
						struct gb_err *err);

/** How members of nested groups are taken in. */
struct gb_state_flat {
	bool keeps_groups; /**< direct members that are groups stay members, besides theirs */
	bool with_hidden;  /**< groups with hidden membership are opened, too */
};

/**
 * As gb_state_desired_begin() for all members, with the members of nested groups at any depth. A
 * group that contains itself is no trouble.
 */
GB_MUST_CHECK enum gb_rc gb_state_flat_begin(const void *ctx, struct gb_state *state,
					     const struct gb_state_group *group,
					     const struct gb_state_flat *flat,
					     struct gb_state_members_iter **ret_iter,
					     struct gb_err *err);

/** What is known of a group together with all groups nested in it. */
struct gb_state_flat_facts {
	bool members_known; /**< of every one of them */
	size_t listed;      /**< distinct members that are no groups */
	struct gb_state_code_count unmatched[GB_STATE_MAX_CODE_COUNTS]; /**< as in the group */
	size_t unmatched_count;
};

/** Look at a group together with all groups nested in it. */
GB_MUST_CHECK enum gb_rc gb_state_flat_look(struct gb_state *state, int64_t cloud_no,
					    const struct gb_state_flat *flat,
					    struct gb_state_flat_facts *ret_facts,
					    struct gb_err *err);

/** Number of a nested group; anything but GB_OK stops. */
typedef enum gb_rc (*gb_state_on_number)(void *user, int64_t cloud_no);

/** Every group nested in @cloud_no at any depth, in no order. */
GB_MUST_CHECK enum gb_rc gb_state_flat_each(struct gb_state *state, int64_t cloud_no,
					    const struct gb_state_flat *flat,
					    gb_state_on_number on_number, void *user,
					    struct gb_err *err);

/** Groups that contain a dirty group at any depth become dirty: all their members are compared. */
GB_MUST_CHECK enum gb_rc gb_state_flat_spread(struct gb_state *state, struct gb_err *err);

/** Begin with the observed members: directory numbers of the links that the directory has. */
GB_MUST_CHECK enum gb_rc gb_state_observed_begin(const void *ctx, struct gb_state *state,
						 const struct gb_state_group *group,
						 enum gb_state_members which,
						 struct gb_state_members_iter **ret_iter,
						 struct gb_err *err);

/**
 * The next members, ascending by number, each once.
 *
 * @param ret_count  how many of @capacity were filled; 0 at the end.
 */
GB_MUST_CHECK enum gb_rc gb_state_members_read(struct gb_state_members_iter *iter,
					       struct gb_state_member *buffer, size_t capacity,
					       size_t *ret_count, struct gb_err *err);

/** End the iteration. NULL is fine. */
void gb_state_members_end(struct gb_state_members_iter *iter);

/** Whether an object other than @object_no has this sAMAccountName (ASCII case-insensitive). */
GB_MUST_CHECK enum gb_rc gb_state_name_taken(struct gb_state *state, const char *sam_account_name,
					     int64_t object_no, bool *ret_taken,
					     struct gb_err *err);

/** Whether an object other than @object_no has this DN (comparable form). */
GB_MUST_CHECK enum gb_rc gb_state_dn_taken(struct gb_state *state, const char *dn_key,
					   int64_t object_no, bool *ret_taken, struct gb_err *err);

#endif
