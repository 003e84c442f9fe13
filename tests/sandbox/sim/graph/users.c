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

struct sim_object *sim_users_by_name(const struct sim_store *store, const char *name)
{
	const struct sim_object_list *list = &store->types[SIM_USER];
	int prop = sim_prop_find(SIM_USER, "userPrincipalName");

	for (uint32_t i = 0; i < list->count; i++) {
		const char *json = sim_object_get(list->items[i], prop);
		size_t length = strlen(name);

		if (list->items[i]->state == SIM_LIVE && json && strlen(json) == length + 2 &&
		    strncasecmp(json + 1, name, length) == 0) {
			return list->items[i];
		}
	}
	return NULL;
}

/* The one place where Graph takes a name in place of an id. True, and key 0 is an id. */
static bool resolve_name(struct sim_call *call)
{
	const struct sim_object *user = NULL;
	uint8_t parsed[SIM_GUID_SIZE];
	char *id = NULL;

	if (sim_guid_parse(call->keys[0], parsed)) {
		return true;
	}
	user = sim_users_by_name(call->world->tenant->store, call->keys[0]);
	if (!user) {
		return sim_graph_not_found(call, call->keys[0]);
	}
	id = sim_mem_check(talloc_size(call->request, SIM_GUID_TEXT));
	sim_guid_format(user->id, id);
	call->keys[0] = id;
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

void sim_me(struct sim_call *call)
{
	if (!sim_call_is_delegated(call)) {
		sim_graph_error(call, 400, "BadRequest",
				"/me request is only valid with delegated authentication flow.");
		return;
	}
	call->is_me = true;
	call->keys[0] = sim_json_get_string(call->token->claims, "oid", "");
	sim_collection_get(call, SIM_USER);
}

void sim_users_count(struct sim_call *call)
{
	sim_collection_count(call, SIM_USER);
}

void sim_users_delta(struct sim_call *call)
{
	sim_delta(call, SIM_USER);
}
