/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How objects hang together. */
#include "config.h"

#include "sim/graph/relation.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/store/value.h"

static const char *const names[SIM_RELATION_COUNT] = {
	[SIM_MEMBERS] = "members",    [SIM_TRANSITIVE_MEMBERS] = "transitiveMembers",
	[SIM_MEMBER_OF] = "memberOf", [SIM_TRANSITIVE_MEMBER_OF] = "transitiveMemberOf",
	[SIM_OWNERS] = "owners",
};

const char *sim_relation_name(enum sim_relation relation)
{
	return names[relation];
}

static bool has_relation(unsigned types, enum sim_relation relation)
{
	if (relation == SIM_MEMBER_OF || relation == SIM_TRANSITIVE_MEMBER_OF) {
		return true;
	}
	return types & (1u << SIM_GROUP) ||
	       (relation == SIM_OWNERS && types & (1u << SIM_PRINCIPAL));
}

enum sim_relation sim_relation_find(const char *name, unsigned types)
{
	for (unsigned i = 0; i < SIM_RELATION_COUNT; i++) {
		if (strcasecmp(names[i], name) == 0 && has_relation(types, (enum sim_relation)i)) {
			return (enum sim_relation)i;
		}
	}
	return SIM_RELATION_COUNT;
}

unsigned sim_relation_types(enum sim_relation relation)
{
	switch (relation) {
	case SIM_MEMBER_OF:
	case SIM_TRANSITIVE_MEMBER_OF:
		return 1u << SIM_GROUP;
	case SIM_OWNERS:
		return 1u << SIM_USER | 1u << SIM_PRINCIPAL;
	case SIM_MEMBERS:
	case SIM_TRANSITIVE_MEMBERS:
	case SIM_RELATION_COUNT:
		break;
	}
	return (1u << SIM_TYPE_COUNT) - 1;
}

/** A walk in the making. */
struct walk {
	const struct sim_store *store;
	struct sim_index_set set;
	uint32_t capacity;
	uint8_t *seen; /* a bit for each object */
};

static void visit(struct walk *walk, uint32_t index)
{
	if (walk->seen[index / 8] & (1u << index % 8)) {
		return;
	}
	walk->seen[index / 8] |= (uint8_t)(1u << index % 8);
	if (walk->set.count == walk->capacity) {
		walk->capacity = walk->capacity ? 2 * walk->capacity : 64;
		walk->set.items = sim_resize(walk->seen, walk->set.items, uint32_t, walk->capacity);
	}
	walk->set.items[walk->set.count++] = index;
}

static void visit_members(struct walk *walk, const struct sim_object *group)
{
	for (uint32_t i = 0; group->links && i < group->links->count; i++) {
		if (group->links->items[i].present) {
			visit(walk, group->links->items[i].member);
		}
	}
}

static void visit_groups(struct walk *walk, const struct sim_object *member)
{
	for (uint32_t i = 0; i < member->group_count; i++) {
		const struct sim_object *group = walk->store->objects[member->groups[i]];

		if (sim_store_is_linked(group, member)) {
			visit(walk, group->index);
		}
	}
}

static void visit_owners(struct walk *walk, const struct sim_object *group)
{
	for (uint32_t i = 0; i < group->owner_count; i++) {
		visit(walk, group->owners[i]);
	}
}

static int by_index(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a;
	uint32_t y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* Nobody goes on through an object that is in the recycle bin. */
static bool is_way(const struct walk *walk, size_t at)
{
	return walk->store->objects[walk->set.items[at]]->state == SIM_LIVE;
}

typedef void (*step_fn)(struct walk *walk, const struct sim_object *object);

static step_fn step_of(enum sim_relation relation)
{
	switch (relation) {
	case SIM_MEMBERS:
	case SIM_TRANSITIVE_MEMBERS:
		return visit_members;
	case SIM_OWNERS:
		return visit_owners;
	case SIM_MEMBER_OF:
	case SIM_TRANSITIVE_MEMBER_OF:
	case SIM_RELATION_COUNT:
		break;
	}
	return visit_groups;
}

struct sim_index_set sim_relation_follow(const void *ctx, const struct sim_store *store,
					 const struct sim_object *object,
					 enum sim_relation relation)
{
	bool is_transitive =
		relation == SIM_TRANSITIVE_MEMBERS || relation == SIM_TRANSITIVE_MEMBER_OF;
	struct walk walk = {.store = store};
	step_fn step = step_of(relation);

	walk.seen = sim_new_array(ctx, uint8_t, store->object_count / 8 + 1);
	step(&walk, object);
	for (size_t i = 0; is_transitive && i < walk.set.count; i++) {
		if (is_way(&walk, i)) {
			step(&walk, store->objects[walk.set.items[i]]);
		}
	}
	if (walk.set.count > 0) {
		qsort(walk.set.items, walk.set.count, sizeof(*walk.set.items), by_index);
	}
	return walk.set;
}

bool sim_members_are_hidden(const struct sim_call *call, const struct sim_object *group)
{
	const char *visibility = sim_object_get(group, sim_prop_find(SIM_GROUP, "visibility"));

	return visibility && strcasecmp(visibility, "\"HiddenMembership\"") == 0 &&
	       !sim_call_has_role(call, "Member.Read.Hidden");
}
