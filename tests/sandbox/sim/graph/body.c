/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a write sends. */
#include "config.h"

#include "sim/graph/body.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "sim/store/object_json.h"

static bool check_content_type(struct sim_call *call)
{
	static const char json[] = "application/json";
	const char *type = sim_pairs_get(&call->request->headers, "Content-Type");

	if (!type || !type[0]) {
		return sim_graph_error(call, 400, "BadRequest",
				       "Write requests (excluding DELETE) must contain the "
				       "Content-Type header declaration.");
	}
	if (strncasecmp(type, json, sizeof(json) - 1) != 0 ||
	    isalnum((unsigned char)type[sizeof(json) - 1])) {
		return sim_graph_error(call, 415, "UnsupportedMediaType",
				       "The content type '%s' is not supported; send '%s'.", type,
				       json);
	}
	return true;
}

bool sim_body_read(struct sim_call *call, const cJSON **ret_body)
{
	const struct sim_request *request = call->request;
	struct sim_err err;

	if (!check_content_type(call)) {
		return false;
	}
	if (request->body_length == 0) {
		return sim_graph_error(call, 400, "BadRequest",
				       "Empty Payload. JSON content expected.");
	}
	if (!sim_json_parse(request, request->body, request->body_length, ret_body, &err) ||
	    !cJSON_IsObject(*ret_body)) {
		return sim_graph_error(call, 400, "BadRequest",
				       "Unable to read JSON request payload. Please ensure "
				       "Content-Type header is set and payload is of valid JSON "
				       "format.");
	}
	return true;
}

static const char *edm_name(enum sim_kind kind)
{
	static const char *const names[] = {
		[SIM_TEXT] = "Edm.String",
		[SIM_BOOL] = "Edm.Boolean",
		[SIM_NUMBER] = "Edm.Int32",
		[SIM_LIST] = "Collection(Edm.String)",
		[SIM_COMPLEX] = "microsoft.graph.complexType",
	};

	return names[kind];
}

static bool check_one(struct sim_call *call, enum sim_type type, const cJSON *item)
{
	int row = sim_prop_find(type, item->string);
	const struct sim_prop *prop = row < 0 ? NULL : &sim_type_info(type)->props[row];

	if (strcasecmp(item->string, "id") == 0 || (prop && prop->flags & SIM_READ_ONLY)) {
		return sim_graph_error(call, 400, "Request_BadRequest",
				       "Property '%s' is read-only and cannot be set.",
				       item->string);
	}
	if (!prop || !sim_prop_is_visible(type, row, call->beta)) {
		return sim_graph_error(call, 400, "Request_BadRequest", "Invalid property '%s'.",
				       item->string);
	}
	if (!cJSON_IsNull(item) && !sim_json_has_shape(item, prop->kind)) {
		return sim_graph_error(call, 400, "BadRequest",
				       "Cannot convert the value of property '%s' to the expected "
				       "type '%s'.",
				       item->string, edm_name(prop->kind));
	}
	return true;
}

bool sim_body_check(struct sim_call *call, enum sim_type type, const cJSON *body)
{
	const cJSON *item = NULL;

	cJSON_ArrayForEach(item, body)
	{
		if (!strchr(item->string, '@') && !check_one(call, type, item)) {
			return false;
		}
	}
	return true;
}

bool sim_body_requires(struct sim_call *call, enum sim_type type, const cJSON *body,
		       const char *const *names)
{
	for (size_t i = 0; names[i]; i++) {
		const cJSON *item = cJSON_GetObjectItemCaseSensitive(body, names[i]);

		if (!item || cJSON_IsNull(item)) {
			return sim_graph_error(
				call, 400, "Request_BadRequest",
				"A value is required for property '%s' of resource '%s'.", names[i],
				sim_type_info(type)->resource);
		}
	}
	return true;
}

bool sim_body_invalid(struct sim_call *call, enum sim_type type, const char *name)
{
	return sim_graph_error(call, 400, "Request_BadRequest",
			       "Invalid value specified for property '%s' of resource '%s'.", name,
			       sim_type_info(type)->resource);
}

/* ".../directoryObjects/{id}", "users('{id}')": the id is the last thing but quotes. */
static bool id_of_url(const char *url, uint8_t ret_id[SIM_GUID_SIZE])
{
	const size_t length = SIM_GUID_TEXT - 1;
	char text[SIM_GUID_TEXT];
	const char *end = url + strlen(url);

	while (end > url && strchr("')/", end[-1])) {
		end--;
	}
	if ((size_t)(end - url) <= length || !strchr("/'", end[-(ptrdiff_t)length - 1])) {
		return false;
	}
	memcpy(text, end - length, length);
	text[length] = '\0';
	return sim_guid_parse(text, ret_id);
}

bool sim_body_reference(struct sim_call *call, const char *url, const char *property,
			struct sim_object **ret_object)
{
	uint8_t id[SIM_GUID_SIZE];
	char text[SIM_GUID_TEXT];
	struct sim_object *object = NULL;

	if (!id_of_url(url, id)) {
		return sim_graph_error(call, 400, "Request_BadRequest",
				       "Invalid URL format specified in @odata.bind for %s",
				       property);
	}
	object = sim_store_find(call->world->tenant->store, id);
	if (!object || object->state != SIM_LIVE) {
		sim_guid_format(id, text);
		return sim_graph_not_found(call, text);
	}
	*ret_object = object;
	return true;
}

static bool add_reference(struct sim_call *call, const cJSON *item, const char *property,
			  struct sim_bind *bind)
{
	struct sim_object *object = NULL;

	if (bind->count == SIM_BIND_MAX) {
		return sim_graph_error(call, 400, "Request_BadRequest",
				       "The request adds more than %d objects to '%s'.",
				       SIM_BIND_MAX, property);
	}
	if (!sim_body_reference(call, cJSON_IsString(item) ? item->valuestring : "", property,
				&object)) {
		return false;
	}
	for (size_t i = 0; i < bind->count; i++) {
		if (bind->objects[i] == object) {
			return sim_graph_error(call, 400, "Request_BadRequest",
					       "An object referenced from '%s' can only be present "
					       "once as an add/remove change.",
					       property);
		}
	}
	bind->objects[bind->count++] = object;
	return true;
}

bool sim_body_bind(struct sim_call *call, const cJSON *body, const char *key,
		   struct sim_bind *ret_bind)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(body, key);
	char *property = sim_strndup(call->request, key, strcspn(key, "@"));
	const cJSON *item = NULL;

	ret_bind->count = 0;
	if (list && !cJSON_IsArray(list)) {
		return sim_graph_error(call, 400, "BadRequest", "The value of '%s' must be a list.",
				       key);
	}
	cJSON_ArrayForEach(item, list)
	{
		if (!add_reference(call, item, property, ret_bind)) {
			return false;
		}
	}
	return true;
}

void sim_answer_nothing(struct sim_call *call)
{
	call->response->status = 204;
	sim_buf_cut(call->response->body, 0);
}
