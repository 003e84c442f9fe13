/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The family /directory/onPremisesSynchronization: one item, with the id of the tenant. */
#include "config.h"

#include "sim/store/directory_sync.h"

#include <strings.h>

#include "sim/graph/body.h"
#include "sim/graph/caller.h"
#include "sim/graph/families.h"

/* "Application: Not supported." People need to be Global Administrator. */
static bool may(struct sim_call *call)
{
	return (sim_call_is_delegated(call) &&
		(sim_call_directory_roles(call) & SIM_GLOBAL_ADMINISTRATOR)) ||
	       sim_graph_denied(call);
}

static void write_configuration(const struct sim_call *call, struct sim_json *json)
{
	const struct sim_directory_sync *sync = call->world->tenant->directory_sync;

	sim_json_key(json, "configuration");
	sim_json_object(json);
	sim_json_key(json, "accidentalDeletionPrevention");
	sim_json_object(json);
	sim_json_put_string(json, "synchronizationPreventionType", "enabledForCount");
	sim_json_put_int(json, "alertThreshold", sync->alert_threshold);
	sim_json_object_end(json);
	if (call->beta) {
		sim_json_put_string(json, "anchorAttribute", "mS-DS-ConsistencyGuid");
		sim_json_put_string(json, "applicationId", NULL);
		sim_json_put_string(json, "synchronizationClientVersion", "2.4.131.0");
		sim_json_put_string(json, "synchronizationInterval", "PT30M");
		sim_json_key(json, "writebackConfiguration");
		sim_json_object(json);
		sim_json_put_string(json, "unifiedGroupContainer", sync->group_container);
		sim_json_put_string(json, "userContainer", NULL);
		sim_json_object_end(json);
	}
	sim_json_object_end(json);
}

static void write_item(const struct sim_call *call, struct sim_json *json)
{
	const struct sim_directory_sync *sync = call->world->tenant->directory_sync;

	sim_json_put_string(json, "id", call->world->tenant->id);
	write_configuration(call, json);
	sim_json_key(json, "features");
	sim_json_object(json);
	for (size_t i = 0; i < SIM_SYNC_FEATURES; i++) {
		sim_json_put_bool(json, sim_sync_feature_name(i), sync->features[i]);
	}
	sim_json_object_end(json);
}

static void write_context(const struct sim_call *call, struct sim_json *json, const char *tail)
{
	sim_json_put_string(json, "@odata.context",
			    sim_printf(call->request,
				       "%s/$metadata#directory/onPremisesSynchronization%s",
				       sim_call_base(call), tail));
}

void sim_directory_sync_list(struct sim_call *call)
{
	struct sim_json json = {.out = call->response->body};

	if (!may(call)) {
		return;
	}
	sim_json_object(&json);
	write_context(call, &json, "");
	sim_json_key(&json, "value");
	sim_json_array(&json);
	sim_json_object(&json);
	write_item(call, &json);
	sim_json_object_end(&json);
	sim_json_array_end(&json);
	sim_json_object_end(&json);
}

static bool is_tenant(struct sim_call *call)
{
	return strcasecmp(call->keys[0], call->world->tenant->id) == 0 ||
	       sim_graph_not_found(call, call->keys[0]);
}

void sim_directory_sync_get(struct sim_call *call)
{
	struct sim_json json = {.out = call->response->body};

	if (!may(call) || !is_tenant(call)) {
		return;
	}
	sim_json_object(&json);
	write_context(call, &json, "/$entity");
	write_item(call, &json);
	sim_json_object_end(&json);
}

void sim_directory_sync_patch(struct sim_call *call)
{
	const cJSON *body = NULL;
	const cJSON *features = NULL;
	struct sim_err err;

	if (!may(call) || !is_tenant(call) || !sim_body_read(call, &body)) {
		return;
	}
	features = cJSON_GetObjectItemCaseSensitive(body, "features");
	if (!sim_directory_sync_check(features, &err)) {
		sim_graph_error(call, 400, "Request_BadRequest", "%s", err.text);
		return;
	}
	sim_directory_sync_put(call->world->tenant->directory_sync, features);
	sim_answer_nothing(call);
}
