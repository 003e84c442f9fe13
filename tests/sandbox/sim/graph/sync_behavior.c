/* SPDX-License-Identifier: GPL-3.0-or-later */
/* onPremisesSyncBehavior of groups, users and contacts: where their source of authority is. */
#include "config.h"

#include <string.h>

#include "sim/graph/body.h"
#include "sim/graph/caller.h"
#include "sim/graph/families.h"

static bool find(struct sim_call *call, struct sim_object **ret_object)
{
	enum sim_type type = call->resource[0] == 'g' || call->resource[0] == 'G'   ? SIM_GROUP
			     : call->resource[0] == 'u' || call->resource[0] == 'U' ? SIM_USER
										    : SIM_CONTACT;

	return type == SIM_USER ? sim_users_find(call, ret_object)
				: sim_call_find(call, 0, type, ret_object);
}

static bool is_managed(const struct sim_object *object)
{
	const char *json = sim_object_get(object, sim_prop_find(object->type, "isCloudManaged"));

	return json && strcmp(json, "true") == 0;
}

void sim_sync_behavior_get(struct sim_call *call)
{
	struct sim_object *object = NULL;
	struct sim_json json = {.out = call->response->body};
	char id[SIM_GUID_TEXT];

	if (!find(call, &object)) {
		return;
	}
	sim_guid_format(object->id, id);
	sim_json_object(&json);
	sim_json_put_string(&json, "@odata.context",
			    sim_printf(call->request, "%s/$metadata#%s/$entity",
				       sim_call_base(call), call->resource));
	sim_json_put_string(&json, "id", id);
	sim_json_put_bool(&json, "isCloudManaged", is_managed(object));
	sim_json_object_end(&json);
}

static void clear(struct sim_store *store, struct sim_object *object, const char *name)
{
	int row = sim_prop_find(object->type, name);

	if (row >= 0) {
		sim_store_set(store, object, row, "null");
	}
}

/* A converted object is no longer synced; whether it keeps its SID is not known: a switch. */
static void convert(struct sim_call *call, struct sim_object *object, bool to_cloud)
{
	struct sim_store *store = call->world->tenant->store;
	int synced = sim_prop_find(object->type, "onPremisesSyncEnabled");

	sim_store_set(store, object, sim_prop_find(object->type, "isCloudManaged"),
		      to_cloud ? "true" : "false");
	sim_store_set(store, object, synced, to_cloud ? "false" : "true");
	if (to_cloud && !call->world->switches.sync_behavior_keeps_sid) {
		clear(store, object, "onPremisesSecurityIdentifier");
	}
}

void sim_sync_behavior_patch(struct sim_call *call)
{
	const cJSON *body = NULL;
	const cJSON *wanted = NULL;
	struct sim_object *object = NULL;
	const char *synced = NULL;

	if (!sim_caller_may_change_source(call) || !sim_body_read(call, &body) ||
	    !find(call, &object)) {
		return;
	}
	wanted = cJSON_GetObjectItemCaseSensitive(body, "isCloudManaged");
	synced = sim_object_get(object, sim_prop_find(object->type, "onPremisesSyncEnabled"));
	if (!cJSON_IsBool(wanted)) {
		sim_graph_error(call, 400, "Request_BadRequest",
				"A value is required for property 'isCloudManaged'.");
		return;
	}
	/* What never was synced has no other source of authority. */
	if (!is_managed(object) && (!synced || strcmp(synced, "true") != 0)) {
		sim_graph_error(call, 400, "Request_BadRequest",
				"The object is not synchronized from on-premises.");
		return;
	}
	if (cJSON_IsTrue(wanted) != is_managed(object)) {
		convert(call, object, cJSON_IsTrue(wanted));
	}
	sim_answer_nothing(call);
}
