/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The memberships of one group: an append-only array with an open-addressing index. */
#include "config.h"

#include "sim/store/value.h"

#include <string.h>

static uint32_t slot_of(const struct sim_links *links, uint32_t member)
{
	/* Fibonacci hashing: the high bits of the product depend on all bits of the index. */
	uint32_t hash = member * 2654435769u;
	uint32_t at = (uint32_t)(((uint64_t)hash * links->table_size) >> 32);

	while (links->table[at] && links->items[links->table[at] - 1].member != member) {
		at = (at + 1) & (links->table_size - 1);
	}
	return at;
}

struct sim_link *sim_links_find(const struct sim_links *links, uint32_t member)
{
	uint32_t at = links->table_size ? slot_of(links, member) : 0;

	return links->table_size && links->table[at] ? &links->items[links->table[at] - 1] : NULL;
}

static void grow(struct sim_links *links)
{
	links->capacity = links->capacity ? 2 * links->capacity : 4;
	links->items = sim_resize(links, links->items, struct sim_link, links->capacity);
	links->table_size = 2 * links->capacity;
	links->table = sim_resize(links, links->table, uint32_t, links->table_size);
	memset(links->table, 0, links->table_size * sizeof(*links->table));
	for (uint32_t i = 0; i < links->count; i++) {
		links->table[slot_of(links, links->items[i].member)] = i + 1;
	}
}

struct sim_link *sim_links_append(struct sim_links *links, uint32_t member)
{
	struct sim_link *link = NULL;

	if (links->count == links->capacity) {
		grow(links);
	}
	link = &links->items[links->count];
	*link = (struct sim_link){0, member, 0};
	links->table[slot_of(links, member)] = ++links->count;
	return link;
}
