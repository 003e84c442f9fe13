/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The actions getMemberGroups, getMemberObjects, checkMemberGroups, checkMemberObjects: of what
 * an object is a member, transitively, as ids.
 */
#include "config.h"

#include <string.h>

#include "sim/graph/body.h"
#include "sim/graph/families.h"
#include "sim/graph/group_rules.h"
#include "sim/graph/relation.h"

/** Most ids of one check. */
#define CHECK_MAX 20

static bool find_any(struct sim_call *call, struct sim_object **ret_object)
{
	uint8_t id[SIM_GUID_SIZE];

	if (strchr(call->keys[0], '@')) {
		return sim_users_find(call, ret_object);
	}
	if (!sim_guid_parse(call->keys[0], id)) {
		return sim_graph_error(call, 400, "Request_BadRequest",
				       "Invalid object identifier '%s'.", call->keys[0]);
	}
	*ret_object = sim_store_find(call->world->tenant->store, id);
	return (*ret_object && (*ret_object)->state == SIM_LIVE) ||
	       sim_graph_not_found(call, call->keys[0]);
}

static bool is_listed(const cJSON *list, const char *id)
{
	const cJSON *item = NULL;
	uint8_t wanted[SIM_GUID_SIZE];
	uint8_t other[SIM_GUID_SIZE];

	if (!list) {
		return true;
	}
	cJSON_ArrayForEach(item, list)
	{
		if (cJSON_IsString(item) && sim_guid_parse(item->valuestring, other) &&
		    sim_guid_parse(id, wanted) && memcmp(wanted, other, sizeof(other)) == 0) {
			return true;
		}
	}
	return false;
}

/* @only: the ids that were asked for; NULL: all. */
static void write_groups(struct sim_call *call, const struct sim_object *object, const cJSON *only,
			 bool security_only)
{
	const struct sim_store *store = call->world->tenant->store;
	struct sim_index_set set =
		sim_relation_follow(call->request, store, object, SIM_TRANSITIVE_MEMBER_OF);
	struct sim_json json = {.out = call->response->body};

	sim_json_object(&json);
	sim_json_put_string(&json, "@odata.context",
			    sim_printf(call->request, "%s/$metadata#Collection(Edm.String)",
				       sim_call_base(call)));
	sim_json_key(&json, "value");
	sim_json_array(&json);
	for (size_t i = 0; i < set.count; i++) {
		const struct sim_object *group = store->objects[set.items[i]];
		char id[SIM_GUID_TEXT];

		sim_guid_format(group->id, id);
		if (group->state == SIM_LIVE && is_listed(only, id) &&
		    (!security_only || sim_group_kind(group).security)) {
			sim_json_string(&json, id);
		}
	}
	sim_json_array_end(&json);
	sim_json_object_end(&json);
}

void sim_member_groups_get(struct sim_call *call)
{
	const cJSON *body = NULL;
	struct sim_object *object = NULL;

	if (!sim_body_read(call, &body) || !find_any(call, &object)) {
		return;
	}
	if (!cJSON_IsBool(cJSON_GetObjectItemCaseSensitive(body, "securityEnabledOnly"))) {
		sim_graph_error(call, 400, "Request_BadRequest",
				"A value is required for parameter 'securityEnabledOnly'.");
		return;
	}
	write_groups(call, object, NULL, sim_json_get_bool(body, "securityEnabledOnly", false));
}

void sim_member_groups_check(struct sim_call *call)
{
	const cJSON *body = NULL;
	const cJSON *ids = NULL;
	struct sim_object *object = NULL;

	if (!sim_body_read(call, &body) || !find_any(call, &object)) {
		return;
	}
	ids = cJSON_GetObjectItemCaseSensitive(body, "groupIds");
	ids = ids ? ids : cJSON_GetObjectItemCaseSensitive(body, "ids");
	if (!cJSON_IsArray(ids) || cJSON_GetArraySize(ids) > CHECK_MAX) {
		sim_graph_error(call, 400, "Request_BadRequest",
				"The request must name from one to %d groups.", CHECK_MAX);
		return;
	}
	write_groups(call, object, ids, false);
}
