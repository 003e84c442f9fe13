/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The cloud space: groups, their possible members and the links between them, as Graph told us last.
 *
 * Every object (group, person, device …) has one number, in order of its first appearance. The
 * functions compare with what is stored and mark dirty (dirty.h) only what really changed; so
 * replays of a delta cost nothing further down. An object that is new, or whose keys for finding it
 * on-premises changed, becomes due for matching (matching.h).
 */
#ifndef GB_STATE_CLOUD_SPACE_H
#define GB_STATE_CLOUD_SPACE_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/cloud_object.h"
#include "engine/state/member_set.h"
#include "engine/state/state.h"

/** A group as it is stored. */
struct gb_state_cloud_group {
	int64_t no;                  /**< its number */
	struct gb_cloud_group group; /**< present: the properties that are known */
	enum gb_cloud_life life;
	int64_t life_since_ms; /**< wall time at which life took its value */
	bool members_known;    /**< its links are the complete list, read to the last page */
	int64_t member_count;  /**< its links; kept, not counted */
	int64_t object_no;     /**< directory object that it is written to; 0: none */
	int match_code;        /**< see gb_state_match_set() */
};

/** An object as a possible member. */
struct gb_state_cloud_member {
	int64_t no;                     /**< its number */
	struct gb_cloud_member member;  /**< for groups too */
	const char *on_premises_dn_key; /**< comparable form of member.on_premises_dn, or NULL */
	enum gb_cloud_life life;
	int64_t object_no; /**< directory object that it is matched to; 0: none */
	int match_code;    /**< see gb_state_match_set() */
};

/**
 * Store a group record. A record of a deleted group brings it back to life.
 *
 * @param whole        true: a record of a list, which says everything: what group->present does not
 *                     name is unknown from now on. A record that could not be read (present 0) only
 *                     says that the group is there. False: a delta patch: what group->present does
 *                     not name stays as it is.
 * @param ret_no       its number; may be NULL.
 * @param ret_changed  true if the group is new or differs now; may be NULL.
 *
 * Dirties: display_name, description, mail, mail_nickname → attributes; everything else, life and
 * properties that come or go included → attributes and members, since it may bring the group into
 * or out of scope.
 */
GB_MUST_CHECK enum gb_rc gb_state_cloud_put_group(struct gb_state *state,
						  const struct gb_cloud_group *group, bool whole,
						  int64_t *ret_no, bool *ret_changed,
						  struct gb_err *err);

/**
 * Store a possible member; creates it if it is unknown and brings it back to life.
 *
 * A record with readable = false keeps the keys that are stored. A record of type GROUP for a group
 * that gb_state_cloud_put_group() has stored changes nothing but readable: lists of groups are the
 * better source.
 *
 * @param dn_key  comparable form of member->on_premises_dn, or NULL.
 */
GB_MUST_CHECK enum gb_rc gb_state_cloud_put_member(struct gb_state *state,
						   const struct gb_cloud_member *member,
						   const char *dn_key, int64_t *ret_no,
						   bool *ret_changed, struct gb_err *err);

/**
 * users/delta: as gb_state_cloud_put_member(), but only the properties that @present names are
 * taken, and an unknown object stays unknown (*ret_no 0).
 *
 * @param present  enum gb_cloud_person_present bits.
 */
GB_MUST_CHECK enum gb_rc gb_state_cloud_update_member(struct gb_state *state,
						      const struct gb_cloud_member *member,
						      unsigned present, const char *dn_key,
						      int64_t *ret_no, struct gb_err *err);

/**
 * members@delta names a member by id and type alone: the number of the object with this id, or of
 * a new one, not readable until a record of it is put. An object that is known stays as it is.
 */
GB_MUST_CHECK enum gb_rc gb_state_cloud_put_stub(struct gb_state *state, const struct gb_guid *id,
						 enum gb_cloud_type type, int64_t *ret_no,
						 struct gb_err *err);

/**
 * The record said "@removed". The object keeps its number and its links; it becomes due for
 * matching, a group becomes dirty as a whole. Unknown objects are ignored (*ret_no 0).
 *
 * @param removed  GB_REMOVED_CHANGED or GB_REMOVED_DELETED.
 * @param ret_no   may be NULL.
 */
GB_MUST_CHECK enum gb_rc gb_state_cloud_remove(struct gb_state *state, const struct gb_guid *id,
					       enum gb_cloud_removed removed, int64_t *ret_no,
					       struct gb_err *err);

/**
 * Number of the object with this id and type, if a record of it would say nothing new: it is live, and
 * the full read that is open, or was last, has seen a readable record that says more than who it is. 0
 * otherwise.
 */
GB_MUST_CHECK enum gb_rc gb_state_cloud_find_seen(struct gb_state *state, const struct gb_guid *id,
						  enum gb_cloud_type type, int64_t *ret_no,
						  struct gb_err *err);

/** Number of the object with this objectId; 0: unknown. */
GB_MUST_CHECK enum gb_rc gb_state_cloud_find(struct gb_state *state, const struct gb_guid *id,
					     int64_t *ret_no, struct gb_err *err);

/** Read one group. GB_E_NOT_FOUND if @no is no group. The row is below @ctx. */
GB_MUST_CHECK enum gb_rc gb_state_cloud_read_group(const void *ctx, struct gb_state *state,
						   int64_t no,
						   struct gb_state_cloud_group **ret_row,
						   struct gb_err *err);

/** Read one object as a member. GB_E_NOT_FOUND if there is none. The row is below @ctx. */
GB_MUST_CHECK enum gb_rc gb_state_cloud_read_member(const void *ctx, struct gb_state *state,
						    int64_t no,
						    struct gb_state_cloud_member **ret_row,
						    struct gb_err *err);

/** A live group: its id, and its display name or NULL. Borrowed; anything but GB_OK stops. */
typedef enum gb_rc (*gb_state_on_group)(void *user, const struct gb_guid *id,
					const char *display_name);

/** Every live group, or (@member_of not 0) those that are direct members of that group; no order. */
GB_MUST_CHECK enum gb_rc gb_state_cloud_each_group(struct gb_state *state, int64_t member_of,
						   gb_state_on_group on_group, void *user,
						   struct gb_err *err);

/** members@delta: @member_no is a member of @group_no. *ret_changed (or NULL): it was not. */
GB_MUST_CHECK enum gb_rc gb_state_cloud_link(struct gb_state *state, int64_t group_no,
					     int64_t member_no, bool *ret_changed,
					     struct gb_err *err);

/** members@delta with @removed: it is no member any more. *ret_changed (or NULL): it was. */
GB_MUST_CHECK enum gb_rc gb_state_cloud_unlink(struct gb_state *state, int64_t group_no,
					       int64_t member_no, bool *ret_changed,
					       struct gb_err *err);

/**
 * Begin to replace the members of a group by the complete list that is being read. Any number of
 * groups may be in the making; nothing changes before gb_state_member_set_finish(), which sets
 * members_known too. talloc_free() the set to abandon it (a page failed).
 */
struct gb_state_member_set *gb_state_cloud_members_begin(const void *ctx, struct gb_state *state,
							 int64_t group_no);

/**
 * Make links findable from the member's side, if they are not. For the end of a full read: in one go
 * this costs a fraction of what it costs link by link, and no later cycle pays for all links.
 */
GB_MUST_CHECK enum gb_rc gb_state_cloud_index_members(struct gb_state *state, struct gb_err *err);

/** Say whether the stored links are the complete list (false: they may not cause removals). */
GB_MUST_CHECK enum gb_rc gb_state_cloud_set_members_known(struct gb_state *state, int64_t group_no,
							  bool known, struct gb_err *err);

#endif
