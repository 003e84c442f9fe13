/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Objects and their lives. */
#include "config.h"

/* uthash ends the program through exit() by default; ours says why. */
#define uthash_fatal(msg) sim_oom()

#include "sim/store/store.h"

#include <stdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/store/value.h"

/** Moments kept for the replication lag; older changes count as replicated. */
#define MOMENT_MAX 4096

/* The table of the hash is malloc'ed; the objects in it are freed as children of the store. */
static int store_free(struct sim_store *store)
{
	HASH_CLEAR(hh, store->by_id);
	return 0;
}

struct sim_store *sim_store_new(const void *ctx, const struct sim_clock *clock)
{
	struct sim_store *store = sim_new(ctx, struct sim_store);

	talloc_set_destructor(store, store_free);
	store->clock = clock;
	store->relink_on_restore = true;
	store->moments = sim_new_array(store, struct sim_moment, MOMENT_MAX);
	return store;
}

static void remember_moment(struct sim_store *store)
{
	int64_t now = sim_clock_now(store->clock);
	struct sim_moment *last =
		store->moment_count ? &store->moments[store->moment_count - 1] : NULL;

	if (last && last->when == now) {
		last->seq = store->seq;
		return;
	}
	if (store->moment_count == MOMENT_MAX) {
		store->moment_count /= 2;
		memmove(store->moments, store->moments + store->moment_count,
			store->moment_count * sizeof(*store->moments));
	}
	store->moments[store->moment_count++] = (struct sim_moment){store->seq, now};
}

uint64_t sim_store_seq_before(const struct sim_store *store, int64_t lag_s)
{
	int64_t limit = sim_clock_now(store->clock) - lag_s;
	size_t i = store->moment_count;

	if (lag_s <= 0) {
		return store->seq;
	}
	while (i > 0 && store->moments[i - 1].when > limit) {
		i--;
	}
	return i > 0 ? store->moments[i - 1].seq : 0;
}

static uint64_t next_seq(struct sim_store *store)
{
	store->seq++;
	remember_moment(store);
	return store->seq;
}

struct sim_object *sim_store_find(const struct sim_store *store, const uint8_t id[SIM_GUID_SIZE])
{
	struct sim_object *object = NULL;

	HASH_FIND(hh, store->by_id, id, SIM_GUID_SIZE, object);
	return object;
}

/* Room for one more in arrays that double: their sizes are powers of two. */
static bool is_full(uint32_t count)
{
	return count == 0 || (count & (count - 1)) == 0;
}

static uint32_t doubled(uint32_t count)
{
	return count ? 2 * count : 1;
}

static void list_add(struct sim_store *store, struct sim_object *object)
{
	struct sim_object_list *list = &store->types[object->type];

	if (is_full(store->object_count)) {
		store->objects = sim_resize(store, store->objects, struct sim_object *,
					    doubled(store->object_count));
	}
	object->index = store->object_count;
	store->objects[store->object_count++] = object;
	if (is_full(list->count)) {
		list->items =
			sim_resize(store, list->items, struct sim_object *, doubled(list->count));
	}
	list->items[list->count++] = object;
	list->live++;
}

static int object_free(struct sim_object *object)
{
	for (uint16_t i = 0; i < object->value_count; i++) {
		sim_value_free(object->values[i].json);
	}
	free(object->values);
	free(object->groups);
	free(object->owners);
	return 0;
}

struct sim_object *sim_store_add(struct sim_store *store, enum sim_type type,
				 const uint8_t id[SIM_GUID_SIZE])
{
	struct sim_object *object = sim_new(store, struct sim_object);

	talloc_set_destructor(object, object_free);
	memcpy(object->id, id, SIM_GUID_SIZE);
	object->type = type;
	object->seq = next_seq(store);
	object->created_seq = object->seq;
	object->state_seq = object->seq;
	if (type == SIM_GROUP) {
		object->links = sim_new(object, struct sim_links);
	}
	list_add(store, object);
	HASH_ADD(hh, store->by_id, id, SIM_GUID_SIZE, object);
	sim_value_defaults(object, store->clock);
	if (type == SIM_GROUP && store->organization) {
		sim_value_put(object, sim_prop_find(type, "organizationId"), store->organization);
	}
	return object;
}

void sim_store_set(struct sim_store *store, struct sim_object *object, int prop, const char *json)
{
	const char *old = sim_object_get(object, prop);

	if (old ? strcmp(old, json) == 0 : strcmp(json, "null") == 0) {
		return;
	}
	object->seq = next_seq(store);
	sim_value_put(object, prop, json);
}

static void put_deleted_time(struct sim_object *object, const struct sim_clock *clock, bool clear)
{
	char when[SIM_TIME_TEXT];
	char json[SIM_TIME_TEXT + 2];

	sim_time_iso(sim_clock_now(clock), when);
	snprintf(json, sizeof(json), "\"%s\"", when);
	sim_value_put(object, sim_prop_find(object->type, "deletedDateTime"),
		      clear ? "null" : json);
}

static void change_state(struct sim_store *store, struct sim_object *object, enum sim_state state)
{
	if (object->state == SIM_LIVE) {
		store->types[object->type].live--;
	}
	if (state == SIM_LIVE) {
		store->types[object->type].live++;
	}
	object->state = state;
	object->seq = next_seq(store);
	object->state_seq = object->seq;
}

void sim_store_soft_delete(struct sim_store *store, struct sim_object *object)
{
	change_state(store, object, SIM_SOFT_DELETED);
	put_deleted_time(object, store->clock, false);
}

static void touch_links(struct sim_store *store, struct sim_object *member)
{
	for (uint32_t i = 0; i < member->group_count; i++) {
		struct sim_object *group = store->objects[member->groups[i]];
		struct sim_link *link = sim_links_find(group->links, member->index);

		if (link && link->present) {
			link->seq = next_seq(store);
			group->links->seq = link->seq;
			group->seq = link->seq;
		}
	}
}

void sim_store_restore(struct sim_store *store, struct sim_object *object)
{
	change_state(store, object, SIM_LIVE);
	put_deleted_time(object, store->clock, true);
	if (store->relink_on_restore) {
		touch_links(store, object);
	}
}

void sim_store_hard_delete(struct sim_store *store, struct sim_object *object)
{
	for (uint32_t i = 0; i < object->group_count; i++) {
		sim_store_unlink(store, store->objects[object->groups[i]], object);
	}
	change_state(store, object, SIM_GONE);
	if (object->links) {
		store->links_present -= object->links->present;
		object->links->present = 0;
		for (uint32_t i = 0; i < object->links->count; i++) {
			object->links->items[i].present = 0;
		}
	}
}

void sim_store_expire(struct sim_store *store, int64_t days)
{
	char limit[SIM_TIME_TEXT + 1] = "\"";

	/* Times of this form are in order as texts. */
	sim_time_iso(sim_clock_now(store->clock) - days * 86400, limit + 1);
	for (uint32_t i = 0; i < store->object_count; i++) {
		struct sim_object *object = store->objects[i];
		const char *when =
			object->state == SIM_SOFT_DELETED
				? sim_object_get(object,
						 sim_prop_find(object->type, "deletedDateTime"))
				: NULL;

		if (when && strncmp(when, limit, strlen(limit)) <= 0) {
			sim_store_hard_delete(store, object);
		}
	}
}

static void remember_group(struct sim_object *member, const struct sim_object *group)
{
	if (member->group_count == member->group_capacity) {
		member->group_capacity = member->group_capacity ? 2 * member->group_capacity : 4;
		member->groups = sim_mem_check(
			realloc(member->groups, member->group_capacity * sizeof(*member->groups)));
	}
	member->groups[member->group_count++] = group->index;
}

void sim_store_link(struct sim_store *store, struct sim_object *group, struct sim_object *member)
{
	struct sim_link *link = sim_links_find(group->links, member->index);

	if (link && link->present) {
		return;
	}
	if (!link) {
		link = sim_links_append(group->links, member->index);
		remember_group(member, group);
	}
	link->present = 1;
	link->seq = next_seq(store);
	group->links->present++;
	store->links_present++;
	group->links->seq = link->seq;
	group->seq = link->seq;
}

void sim_store_unlink(struct sim_store *store, struct sim_object *group, struct sim_object *member)
{
	struct sim_link *link = sim_links_find(group->links, member->index);

	if (!link || !link->present) {
		return;
	}
	link->present = 0;
	link->seq = next_seq(store);
	group->links->present--;
	store->links_present--;
	group->links->seq = link->seq;
	group->seq = link->seq;
}

bool sim_store_is_linked(const struct sim_object *group, const struct sim_object *member)
{
	const struct sim_link *link = sim_links_find(group->links, member->index);

	return link && link->present;
}

static struct sim_links *copy_links(const void *ctx, const struct sim_links *from)
{
	struct sim_links *to = sim_new(ctx, struct sim_links);

	*to = *from;
	if (from->capacity) {
		to->items = sim_mem_check(
			talloc_memdup(to, from->items, from->capacity * sizeof(*from->items)));
		to->table = sim_mem_check(
			talloc_memdup(to, from->table, from->table_size * sizeof(*from->table)));
	}
	return to;
}

static void copy_object(struct sim_store *store, const struct sim_object *from)
{
	struct sim_object *to = sim_new(store, struct sim_object);

	*to = *from;
	memset(&to->hh, 0, sizeof(to->hh));
	to->values = sim_mem_check(
		malloc((from->value_count + SIM_VALUE_STEP) * sizeof(*to->values)));
	for (uint16_t i = 0; i < from->value_count; i++) {
		to->values[i] = from->values[i];
		to->values[i].json = sim_value_copy(from->values[i].json);
	}
	to->groups = sim_mem_check(malloc((from->group_capacity + 1u) * sizeof(*to->groups)));
	if (from->group_count) {
		memcpy(to->groups, from->groups, from->group_count * sizeof(*to->groups));
	}
	to->owners = sim_mem_check(malloc((from->owner_count + 1u) * sizeof(*to->owners)));
	if (from->owner_count) {
		memcpy(to->owners, from->owners, from->owner_count * sizeof(*to->owners));
	}
	to->links = from->links ? copy_links(to, from->links) : NULL;
	talloc_set_destructor(to, object_free);
	list_add(store, to);
	HASH_ADD(hh, store->by_id, id, SIM_GUID_SIZE, to);
}

struct sim_store *sim_store_copy(const void *ctx, const struct sim_store *from)
{
	struct sim_store *store = sim_store_new(ctx, from->clock);

	store->organization = from->organization ? sim_strdup(store, from->organization) : NULL;
	for (uint32_t i = 0; i < from->object_count; i++) {
		copy_object(store, from->objects[i]);
	}
	for (unsigned type = 0; type < SIM_TYPE_COUNT; type++) {
		store->types[type].live = from->types[type].live;
	}
	store->seq = from->seq;
	store->links_present = from->links_present;
	store->moment_count = from->moment_count;
	memcpy(store->moments, from->moments, from->moment_count * sizeof(*from->moments));
	store->relink_on_restore = from->relink_on_restore;
	return store;
}
