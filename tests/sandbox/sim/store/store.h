/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The directory of the tenant: objects, their properties, group memberships, and what changed when.
 *
 * Every change takes the next sequence number, and whatever it touches remembers that number: each
 * property, each link of a group, each creation, deletion and restore. A delta token is a sequence
 * number; what is newer than it is what the client has not seen. Nothing is forgotten: objects that
 * are deleted for good and links that were removed stay as tombstones.
 *
 * Objects live as long as the store. Property values are kept as JSON text, ready to be sent.
 * Lookups by id are one hash access; a group's member is found by its own open-addressing table
 * (graph tenants have groups of 250,000).
 */
#ifndef SIM_STORE_STORE_H
#define SIM_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>
#include <uthash.h>

#include "sim/store/props.h"
#include "sim/util/clock.h"
#include "sim/util/encode.h"

/** Where an object is in its life. */
enum sim_state {
	SIM_LIVE,
	SIM_SOFT_DELETED, /**< in the tenant's recycle bin, restorable, memberships kept */
	SIM_GONE          /**< deleted for good; only the tombstone is left */
};

/** One property of one object that has, or once had, a value. */
struct sim_value {
	char *json;    /**< JSON text; "null" after it was cleared */
	uint64_t seq;  /**< newest change */
	uint16_t prop; /**< row in the table of the object's type */
};

/** One membership, present or removed. */
struct sim_link {
	uint64_t seq;     /**< newest change */
	uint32_t member;  /**< index into sim_store.objects */
	uint32_t present; /**< 1 or 0 */
};

/** The memberships of one group, in the order in which they were first made. */
struct sim_links {
	struct sim_link *items; /**< positions never move: paging by position is stable */
	uint32_t count;         /**< used items, removed ones included */
	uint32_t capacity;      /**< allocated items */
	uint32_t present;       /**< items that are present */
	uint32_t *table;        /**< open addressing: position + 1, or 0 */
	uint32_t table_size;    /**< a power of two, or 0 */
	uint64_t seq;           /**< newest change of any link */
};

/** A directory object. */
struct sim_object {
	uint8_t id[SIM_GUID_SIZE]; /**< object id in text order */
	uint32_t index;            /**< own position in sim_store.objects */
	enum sim_type type;        /**< what it is */
	enum sim_state state;      /**< where it is in its life */
	uint64_t seq;              /**< newest change of anything */
	uint64_t created_seq;      /**< creation */
	uint64_t state_seq;        /**< newest creation, deletion or restore */
	struct sim_value *values;  /**< sorted by prop */
	uint16_t value_count;      /**< used values */
	struct sim_links *links;   /**< groups only, else NULL */
	uint32_t *groups;          /**< indexes of groups that have, or had, it as a member */
	uint32_t group_count;      /**< used groups */
	uint32_t group_capacity;   /**< allocated groups */
	uint32_t *owners;          /**< indexes of who owns this group, deleted ones included */
	uint32_t owner_count;      /**< used owners */
	UT_hash_handle hh;         /**< in sim_store.by_id */
};

/** All objects of one type, in order of creation. */
struct sim_object_list {
	struct sim_object **items; /**< tombstones included */
	uint32_t count;            /**< used items */
	uint32_t live;             /**< items that are live */
};

/** When a run of sequence numbers was given out, for the replication lag. */
struct sim_moment {
	uint64_t seq; /**< last number of the run */
	int64_t when; /**< simulator's time, seconds */
};

/** The directory. */
struct sim_store {
	const struct sim_clock *clock;                /**< borrowed */
	char *organization; /**< JSON text of the tenant's id, which new groups carry; or NULL */
	struct sim_object **objects;                  /**< all, by index */
	uint32_t object_count;                        /**< used objects */
	struct sim_object *by_id;                     /**< hash on id */
	struct sim_object_list types[SIM_TYPE_COUNT]; /**< by type */
	uint64_t seq;                                 /**< last number given out */
	uint64_t links_present;                       /**< memberships of all groups */
	struct sim_moment *moments;                   /**< history for the lag, oldest first */
	size_t moment_count;                          /**< used moments */
	bool relink_on_restore; /**< a restored member is reported again in members@delta */
};

/** An empty directory below @ctx that reads @clock. */
struct sim_store *sim_store_new(const void *ctx, const struct sim_clock *clock);

/** A copy of everything below @ctx; the two share nothing. */
struct sim_store *sim_store_copy(const void *ctx, const struct sim_store *from);

/** The object with this id, tombstones included; NULL if there is none. */
struct sim_object *sim_store_find(const struct sim_store *store, const uint8_t id[SIM_GUID_SIZE]);

/** A new live object. The id must be free. Defaults of its type are set (see sim_store_defaults). */
struct sim_object *sim_store_add(struct sim_store *store, enum sim_type type,
				 const uint8_t id[SIM_GUID_SIZE]);

/**
 * Set property row @prop to @json ("null" clears it). Clearing what never had a value changes
 * nothing, and so does setting an equal value: Graph reports absent what was never set.
 */
void sim_store_set(struct sim_store *store, struct sim_object *object, int prop, const char *json);

/** The JSON text of row @prop, or NULL if it never had a value. */
const char *sim_object_get(const struct sim_object *object, int prop);

/** The value with row @prop, or NULL. */
const struct sim_value *sim_object_value(const struct sim_object *object, int prop);

/** Into the recycle bin. The object must be live. Memberships on both sides stay. */
void sim_store_soft_delete(struct sim_store *store, struct sim_object *object);

/** Out of the recycle bin. The object must be soft-deleted. */
void sim_store_restore(struct sim_store *store, struct sim_object *object);

/** For good, from any state but gone; its memberships are removed from all groups. */
void sim_store_hard_delete(struct sim_store *store, struct sim_object *object);

/** Delete for good what has been in the recycle bin for @days or longer. */
void sim_store_expire(struct sim_store *store, int64_t days);

/** Make @member a member of @group; nothing happens if it is one. Both must not be gone. */
void sim_store_link(struct sim_store *store, struct sim_object *group, struct sim_object *member);

/** End a membership; nothing happens if there is none. */
void sim_store_unlink(struct sim_store *store, struct sim_object *group, struct sim_object *member);

/** True if @member is in @group now (whatever the state of @member). */
bool sim_store_is_linked(const struct sim_object *group, const struct sim_object *member);

/** True if @owner owns @group (whatever the state of @owner). */
bool sim_store_is_owner(const struct sim_object *group, const struct sim_object *owner);

/** Make @owner an owner of @group; nothing happens if it is one. Delta does not show owners. */
void sim_store_own(struct sim_object *group, const struct sim_object *owner);

/** End an ownership; nothing happens if there is none. */
void sim_store_disown(struct sim_object *group, const struct sim_object *owner);

/** The newest sequence number that is at least @lag_s seconds old. */
uint64_t sim_store_seq_before(const struct sim_store *store, int64_t lag_s);

#endif
