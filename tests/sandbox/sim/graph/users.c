/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The family /users. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "sim/graph/collection.h"
#include "sim/graph/delta.h"
#include "sim/graph/families.h"

void sim_users_list(struct sim_call *call)
{
	sim_collection_list(call, SIM_USER);
}

/* The one place where Graph takes a name in place of an id. */
static const char *id_of_name(struct sim_call *call, const char *name)
{
	const struct sim_object_list *list = &call->world->tenant->store->types[SIM_USER];
	int prop = sim_prop_find(SIM_USER, "userPrincipalName");
	char *id = sim_mem_check(talloc_size(call->request, SIM_GUID_TEXT));

	for (uint32_t i = 0; i < list->count; i++) {
		const char *json = sim_object_get(list->items[i], prop);
		size_t length = strlen(name);

		if (list->items[i]->state == SIM_LIVE && json && strlen(json) == length + 2 &&
		    strncasecmp(json + 1, name, length) == 0) {
			sim_guid_format(list->items[i]->id, id);
			return id;
		}
	}
	return NULL;
}

/* True, and key 0 is an id; false: the call was answered. */
static bool resolve_name(struct sim_call *call)
{
	if (strchr(call->keys[0], '@')) {
		const char *id = id_of_name(call, call->keys[0]);

		if (!id) {
			return sim_graph_not_found(call, call->keys[0]);
		}
		call->keys[0] = id;
	}
	return true;
}

bool sim_users_find(struct sim_call *call, struct sim_object **ret_user)
{
	return resolve_name(call) && sim_call_find(call, 0, SIM_USER, ret_user);
}

void sim_users_get(struct sim_call *call)
{
	if (resolve_name(call)) {
		sim_collection_get(call, SIM_USER);
	}
}

void sim_users_count(struct sim_call *call)
{
	sim_collection_count(call, SIM_USER);
}

void sim_users_delta(struct sim_call *call)
{
	sim_delta(call, SIM_USER);
}
