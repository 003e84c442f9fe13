/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The directory space: people, computers and groups of AD and the links of the groups in our
 * container, as the directory told us last, kept up to date by our own writes (journal.h).
 *
 * Every object has one number. An object is one of three:
 *  - read: somebody's search returned the entry;
 *  - a stub: seen only as a member of a group; we know a reference (GUID, SID or DN), not who it is;
 *  - a slot: the place of a group that is to be created. It has a number and an anchor, no GUID yet,
 *    so that plan and journal can speak of it.
 */
#ifndef GB_STATE_DIRECTORY_SPACE_H
#define GB_STATE_DIRECTORY_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/directory_object.h"
#include "engine/state/member_set.h"
#include "engine/state/state.h"

/** Most objects that a look-up returns; two are enough to say "ambiguous". */
#define GB_STATE_MAX_CANDIDATES 4

/** What we know about an entry. */
enum gb_state_presence {
	GB_PRESENCE_SLOT = 0, /**< it does not exist, as far as we know */
	GB_PRESENCE_STUB = 1, /**< it exists; only a reference is known */
	GB_PRESENCE_READ = 2  /**< it exists and was read */
};

/** An object as it is stored. */
struct gb_state_directory_object {
	int64_t no; /**< its number */
	enum gb_state_presence presence;
	struct gb_directory_object object; /**< a slot: guid, sid and dn are none or NULL */
	bool is_ours;            /**< a group inside the container that carries our anchor */
	struct gb_guid cloud_id; /**< objectId in its anchor; a slot's: of its group; or none */
	bool members_known;      /**< its links are the complete list, or our own writes since */
	int64_t members_usn;     /**< uSNChanged that the member list was read at; 0: unknown */
	int64_t cloud_no;        /**< a cloud object that is matched to it; 0: none */
};

/** How to name an entry to the directory. */
struct gb_state_ref {
	int64_t no; /**< number of the object; 0: there is none with this number any more */
	struct gb_guid guid; /**< none: slot, or a stub that was named otherwise */
	struct gb_sid sid;   /**< or none */
	const char *dn;      /**< or NULL */
};

/** The keys by which objects are looked up; comparisons are exact unless said otherwise. */
enum gb_state_key {
	GB_STATE_KEY_GUID,             /**< objectGUID: struct gb_guid */
	GB_STATE_KEY_SID,              /**< objectSid: struct gb_sid */
	GB_STATE_KEY_CONSISTENCY_GUID, /**< mS-DS-ConsistencyGuid: struct gb_guid */
	GB_STATE_KEY_DN,               /**< comparable form of the DN: char */
	GB_STATE_KEY_SAM_ACCOUNT_NAME, /**< sAMAccountName: char, ASCII letters of either case */
	GB_STATE_KEY_CLOUD_ID,         /**< groups of ours with this anchor: struct gb_guid */
	GB_STATE_KEY_MAIL              /**< mail of a contact: char, ASCII letters of either case */
};

/**
 * Store an entry that was read. It is found again by its GUID; else a stub with the same SID or DN,
 * else the one slot of its anchor (we created it and crashed before we knew) becomes this object.
 *
 * @param ret_no       its number; may be NULL.
 * @param ret_changed  true if it is new or differs now (uSNChanged alone does not count); may be NULL.
 *
 * Dirties, for groups of ours: names and descriptions → attributes; type, class, anchor, protection,
 * container → attributes and members. Cloud members that its keys may concern become due for
 * matching.
 */
GB_MUST_CHECK enum gb_rc gb_state_directory_put(struct gb_state *state,
						const struct gb_directory_object *object,
						int64_t *ret_no, bool *ret_changed,
						struct gb_err *err);

/**
 * The number of an entry that is known by reference only (a value of member): that of the object
 * with this GUID, SID or DN (the first that is given and known), else of a new stub.
 *
 * @param ref     guid, sid or dn must be set; no is ignored.
 * @param dn_key  comparable form of ref->dn, or NULL.
 */
GB_MUST_CHECK enum gb_rc gb_state_directory_put_stub(struct gb_state *state,
						     const struct gb_state_ref *ref,
						     const char *dn_key, int64_t *ret_no,
						     struct gb_err *err);

/**
 * The entry is gone from the directory (or out of our sight for good). Its links go; who is matched
 * to it becomes due for matching; a group of ours becomes a slot with the same number, dirty as a
 * whole.
 */
GB_MUST_CHECK enum gb_rc gb_state_directory_remove(struct gb_state *state, int64_t no,
						   struct gb_err *err);

/**
 * Look up objects that exist (slots are found by GB_STATE_KEY_CLOUD_ID alone).
 *
 * @param value      as enum gb_state_key says.
 * @param ret_nos    the first GB_STATE_MAX_CANDIDATES numbers, ascending.
 * @param ret_count  0: none; 1: the one; more: ambiguous.
 */
GB_MUST_CHECK enum gb_rc gb_state_directory_find(struct gb_state *state, enum gb_state_key key,
						 const void *value,
						 int64_t ret_nos[GB_STATE_MAX_CANDIDATES],
						 size_t *ret_count, struct gb_err *err);

/** Read one object. GB_E_NOT_FOUND if there is none. The row is below @ctx. */
GB_MUST_CHECK enum gb_rc gb_state_directory_read(const void *ctx, struct gb_state *state,
						 int64_t no,
						 struct gb_state_directory_object **ret_row,
						 struct gb_err *err);

/** What is known of an object; SLOT if there is none with this number. */
GB_MUST_CHECK enum gb_rc gb_state_presence_of(struct gb_state *state, int64_t object_no,
					      enum gb_state_presence *ret_presence,
					      struct gb_err *err);

/** SID of a stub; anything but GB_OK stops. */
typedef enum gb_rc (*gb_state_on_sid)(void *user, const struct gb_sid *sid);

/** Every stub that has a SID, in no order. */
GB_MUST_CHECK enum gb_rc gb_state_directory_each_stub(struct gb_state *state,
						      gb_state_on_sid on_sid, void *user,
						      struct gb_err *err);

/** Number of an object; anything but GB_OK stops. */
typedef enum gb_rc (*gb_state_on_object_no)(void *user, int64_t object_no);

/**
 * Every group of ours that was read and whose anchor names an id from @first to @last, both included,
 * in order of these ids.
 */
GB_MUST_CHECK enum gb_rc gb_state_directory_each_own(struct gb_state *state,
						     const struct gb_guid *first,
						     const struct gb_guid *last,
						     gb_state_on_object_no on_object_no, void *user,
						     struct gb_err *err);

/**
 * groupType bits of the groups that are members of the object, and of those of our groups that it is
 * a member of, each or-ed.
 */
GB_MUST_CHECK enum gb_rc gb_state_nested_types(struct gb_state *state, int64_t object_no,
					       int32_t *ret_members, int32_t *ret_parents,
					       struct gb_err *err);

/** DN of a group; anything but GB_OK stops. */
typedef enum gb_rc (*gb_state_on_dn)(void *user, const char *dn);

/** Every group in the container that carries no anchor, in order of their DNs. */
GB_MUST_CHECK enum gb_rc gb_state_directory_each_stranger(struct gb_state *state,
							  gb_state_on_dn on_dn, void *user,
							  struct gb_err *err);

/** How to name the object; *ret_ref has no = 0 if there is none. The DN is below @ctx. */
GB_MUST_CHECK enum gb_rc gb_state_directory_ref(const void *ctx, struct gb_state *state, int64_t no,
						struct gb_state_ref *ret_ref, struct gb_err *err);

/** Somebody made @member_no a member of @group_no (drift). *ret_changed (or NULL): it was not. */
GB_MUST_CHECK enum gb_rc gb_state_directory_link(struct gb_state *state, int64_t group_no,
						 int64_t member_no, bool *ret_changed,
						 struct gb_err *err);

/** Somebody took @member_no out of @group_no (drift). *ret_changed (or NULL): it was in. */
GB_MUST_CHECK enum gb_rc gb_state_directory_unlink(struct gb_state *state, int64_t group_no,
						   int64_t member_no, bool *ret_changed,
						   struct gb_err *err);

/**
 * Begin to replace the members of a group by the complete list that is being read; as
 * gb_state_cloud_members_begin(). Finishing sets members_known, and members_usn to the uSNChanged
 * that is stored for the group then.
 */
struct gb_state_member_set *gb_state_directory_members_begin(const void *ctx,
							     struct gb_state *state,
							     int64_t group_no);

/** Say whether the stored links are the complete list. */
GB_MUST_CHECK enum gb_rc gb_state_directory_set_members_known(struct gb_state *state,
							      int64_t group_no, bool known,
							      struct gb_err *err);

/**
 * The directory number of a cloud group, allocated now if it has none: the group's match is set to
 * it (@match_code as in gb_state_match_set()). If the directory holds exactly one group of ours with
 * the cloud group's anchor, that one is taken; if it holds several: GB_E_CONSTRAINT (id
 * "anchor-twice"), nothing is allocated.
 */
GB_MUST_CHECK enum gb_rc gb_state_slot_get(struct gb_state *state, int64_t cloud_no, int match_code,
					   int64_t *ret_object_no, struct gb_err *err);

#endif
