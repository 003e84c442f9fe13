/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes of users: POST, PATCH, DELETE. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "sim/graph/body.h"
#include "sim/graph/caller.h"
#include "sim/graph/collection.h"
#include "sim/graph/families.h"
#include "sim/store/object_json.h"

static bool is_name_free(struct sim_call *call, const cJSON *body)
{
	const char *name = sim_json_get_string(body, "userPrincipalName", NULL);

	if (name && (!strchr(name, '@') || strlen(name) > 1024)) {
		return sim_body_invalid(call, SIM_USER, "userPrincipalName");
	}
	return !name || !sim_users_by_name(call->world->tenant->store, name) ||
	       sim_graph_error(call, 400, "Request_BadRequest",
			       "Another object with the same value for property "
			       "userPrincipalName already exists.");
}

void sim_users_create(struct sim_call *call)
{
	static const char *const required[] = {"accountEnabled",    "displayName",
					       "mailNickname",      "passwordProfile",
					       "userPrincipalName", NULL};
	struct sim_store *store = call->world->tenant->store;
	struct sim_odata odata = {.select_id = true};
	struct sim_object *user = NULL;
	const cJSON *body = NULL;
	uint8_t id[SIM_GUID_SIZE];

	if (!sim_caller_may_change_user(call, NULL) || !sim_body_read(call, &body) ||
	    !sim_body_check(call, SIM_USER, body) ||
	    !sim_body_requires(call, SIM_USER, body, required) || !is_name_free(call, body)) {
		return;
	}
	sim_rng_guid(&call->world->rng, id);
	user = sim_store_add(store, SIM_USER, id);
	sim_object_apply(store, user, body);
	/* The password is nobody's to read. */
	sim_store_set(store, user, sim_prop_find(SIM_USER, "passwordProfile"), "null");
	sim_store_set(store, user, sim_prop_find(SIM_USER, "userType"), "\"Member\"");
	sim_odata_defaults(call, &odata);
	call->response->status = 201;
	sim_answer_entity(call, user, &odata);
}

static bool is_cloud_managed(struct sim_call *call, const struct sim_object *user)
{
	const char *synced = sim_object_get(user, sim_prop_find(SIM_USER, "onPremisesSyncEnabled"));

	return !synced || strcmp(synced, "true") != 0 ||
	       sim_graph_error(call, 400, "Request_BadRequest",
			       "Unable to update the specified properties for on-premises "
			       "mastered Directory Sync objects or objects currently undergoing "
			       "migration.");
}

void sim_users_patch(struct sim_call *call)
{
	struct sim_object *user = NULL;
	const cJSON *body = NULL;

	if (sim_body_read(call, &body) && sim_users_find(call, &user) &&
	    sim_caller_may_change_user(call, user) && is_cloud_managed(call, user) && sim_body_check(call, SIM_USER, body) &&
	    is_name_free(call, body)) {
		sim_object_apply(call->world->tenant->store, user, body);
		sim_answer_nothing(call);
	}
}

void sim_users_delete(struct sim_call *call)
{
	struct sim_object *user = NULL;

	/* Nobody deletes themselves. */
	if (sim_users_find(call, &user) && sim_caller_may_change_user(call, NULL) &&
	    is_cloud_managed(call, user)) {
		sim_store_soft_delete(call->world->tenant->store, user);
		sim_answer_nothing(call);
	}
}
