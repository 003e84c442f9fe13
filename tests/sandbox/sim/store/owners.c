/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who owns a group: a few, so a plain array. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "sim/store/store.h"
#include "sim/util/mem.h"

static uint32_t place_of(const struct sim_object *group, const struct sim_object *owner)
{
	uint32_t at = 0;

	while (at < group->owner_count && group->owners[at] != owner->index) {
		at++;
	}
	return at;
}

bool sim_store_is_owner(const struct sim_object *group, const struct sim_object *owner)
{
	return place_of(group, owner) < group->owner_count;
}

void sim_store_own(struct sim_object *group, const struct sim_object *owner)
{
	if (sim_store_is_owner(group, owner)) {
		return;
	}
	group->owners = sim_mem_check(
		realloc(group->owners, (group->owner_count + 1u) * sizeof(*group->owners)));
	group->owners[group->owner_count++] = owner->index;
}

void sim_store_disown(struct sim_object *group, const struct sim_object *owner)
{
	uint32_t at = place_of(group, owner);

	if (at < group->owner_count) {
		group->owner_count--;
		memmove(&group->owners[at], &group->owners[at + 1],
			(group->owner_count - at) * sizeof(*group->owners));
	}
}
