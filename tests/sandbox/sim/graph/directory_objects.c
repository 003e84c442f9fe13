/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The family /directoryObjects: one object of any type, and many by their ids. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "sim/graph/body.h"
#include "sim/graph/collection.h"
#include "sim/graph/entity.h"
#include "sim/graph/expand.h"
#include "sim/graph/families.h"

/** Most ids of one request. */
#define ID_MAX 1000

void sim_answer_directory_object(struct sim_call *call, const struct sim_object *object,
				 const struct sim_odata *odata, bool deleted)
{
	struct sim_json json = {.out = call->response->body};
	struct sim_entity_style style;

	sim_entity_style_init(&style, call, odata, true);
	style.deleted = deleted;
	sim_json_object(&json);
	sim_odata_context(call, &json, "directoryObjects/$entity", NULL);
	sim_entity_write(&json, object, &style);
	if (odata->expand) {
		sim_expand_write(call, &json, object, odata->expand);
	}
	sim_json_object_end(&json);
}

void sim_directory_objects_get(struct sim_call *call)
{
	struct sim_odata_rules rules = {.is_single = true};
	struct sim_odata odata;
	struct sim_object *object = NULL;
	uint8_t id[SIM_GUID_SIZE];

	if (!sim_guid_parse(call->keys[0], id)) {
		sim_graph_error(call, 400, "Request_BadRequest", "Invalid object identifier '%s'.",
				call->keys[0]);
		return;
	}
	object = sim_store_find(call->world->tenant->store, id);
	if (!object || object->state != SIM_LIVE) {
		sim_graph_not_found(call, call->keys[0]);
		return;
	}
	rules.types = 1u << object->type;
	if (sim_odata_read(call, &rules, &odata)) {
		sim_answer_directory_object(call, object, &odata, false);
	}
}

/* "user", "orgContact"; names of types that no tenant here has are good, and give nothing. */
static bool add_type(struct sim_call *call, const char *name, unsigned *types)
{
	static const char *const others[] = {"application", "administrativeUnit", "directoryRole",
					     "contract"};
	enum sim_type type =
		sim_type_by_cast(sim_printf(call->request, "microsoft.graph.%s", name));

	if (type != SIM_TYPE_COUNT) {
		*types |= 1u << type;
		return true;
	}
	if (strcasecmp(name, "directoryObject") == 0) {
		*types = (1u << SIM_TYPE_COUNT) - 1;
		return true;
	}
	for (size_t i = 0; i < SIM_ARRAY_SIZE(others); i++) {
		if (strcasecmp(others[i], name) == 0) {
			return true;
		}
	}
	return sim_graph_error(call, 400, "Request_BadRequest",
			       "The resource type '%s' is not supported.", name);
}

static bool read_types(struct sim_call *call, const cJSON *body, unsigned *ret_types)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(body, "types");
	const cJSON *item = NULL;

	*ret_types = list && cJSON_GetArraySize(list) > 0 ? 0 : (1u << SIM_TYPE_COUNT) - 1;
	cJSON_ArrayForEach(item, list)
	{
		if (!add_type(call, cJSON_IsString(item) ? item->valuestring : "", ret_types)) {
			return false;
		}
	}
	return true;
}

static bool check_ids(struct sim_call *call, const cJSON *ids)
{
	const cJSON *item = NULL;
	uint8_t id[SIM_GUID_SIZE];

	if (!cJSON_IsArray(ids)) {
		return sim_graph_error(call, 400, "Request_BadRequest",
				       "A value is required for parameter 'ids'.");
	}
	if (cJSON_GetArraySize(ids) > ID_MAX) {
		return sim_graph_error(call, 400, "Request_BadRequest",
				       "Number of included identifiers cannot exceed '%d'.",
				       ID_MAX);
	}
	cJSON_ArrayForEach(item, ids)
	{
		if (!cJSON_IsString(item) || !sim_guid_parse(item->valuestring, id)) {
			return sim_graph_error(call, 400, "Request_BadRequest",
					       "Invalid object identifier '%s'.",
					       cJSON_IsString(item) ? item->valuestring : "");
		}
	}
	return true;
}

static void write_found(struct sim_call *call, const cJSON *ids, unsigned types,
			const struct sim_odata *odata)
{
	struct sim_json json = {.out = call->response->body};
	struct sim_entity_style style;
	const cJSON *item = NULL;
	uint8_t id[SIM_GUID_SIZE];

	sim_entity_style_init(&style, call, odata, true);
	sim_json_object(&json);
	sim_odata_context(call, &json, "directoryObjects", odata);
	sim_json_key(&json, "value");
	sim_json_array(&json);
	cJSON_ArrayForEach(item, ids)
	{
		const struct sim_object *object =
			sim_guid_parse(item->valuestring, id)
				? sim_store_find(call->world->tenant->store, id)
				: NULL;

		/* Ids that name nothing are left out, not refused. */
		if (object && object->state == SIM_LIVE && types & (1u << object->type)) {
			sim_json_object(&json);
			sim_entity_write(&json, object, &style);
			sim_json_object_end(&json);
		}
	}
	sim_json_array_end(&json);
	sim_json_object_end(&json);
}

void sim_directory_objects_by_ids(struct sim_call *call)
{
	struct sim_odata_rules rules = {.is_single = true};
	struct sim_odata odata = {.select_id = true};
	const cJSON *body = NULL;
	const cJSON *ids = NULL;
	unsigned types = 0;

	if (!sim_body_read(call, &body)) {
		return;
	}
	ids = cJSON_GetObjectItemCaseSensitive(body, "ids");
	if (!check_ids(call, ids) || !read_types(call, body, &types)) {
		return;
	}
	rules.types = types ? types : (1u << SIM_TYPE_COUNT) - 1;
	/* v1.0 is said to return its defaults whatever is selected: a switch. */
	if (call->world->switches.by_ids_select) {
		if (!sim_odata_read(call, &rules, &odata)) {
			return;
		}
	} else {
		sim_odata_defaults(call, &odata);
	}
	write_found(call, ids, types, &odata);
}
