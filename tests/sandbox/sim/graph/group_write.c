/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes of groups: POST, PATCH, DELETE, and members by reference. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "sim/graph/caller.h"
#include "sim/graph/collection.h"
#include "sim/graph/families.h"
#include "sim/graph/group_rules.h"
#include "sim/store/object_json.h"
#include "sim/store/settings.h"

static const char members_bind[] = "members@odata.bind";
static const char owners_bind[] = "owners@odata.bind";

static void set_text(struct sim_call *call, struct sim_object *group, const char *name,
		     const char *value)
{
	struct sim_buf *json = sim_buf_new(call->request);

	sim_json_quote(json, value);
	sim_store_set(call->world->tenant->store, group, sim_prop_find(SIM_GROUP, name),
		      json->data);
}

static const char *default_domain(const struct sim_tenant *tenant)
{
	for (size_t i = 0; i < tenant->domain_count; i++) {
		if (tenant->domains[i].is_default) {
			return tenant->domains[i].name;
		}
	}
	return "contoso.onmicrosoft.com";
}

/* Exchange gives a Microsoft 365 group its address. */
static void give_address(struct sim_call *call, struct sim_object *group, const char *nickname)
{
	const char *mail =
		sim_printf(call->request, "%s@%s", nickname, default_domain(call->world->tenant));
	struct sim_buf *list = sim_buf_new(call->request);

	set_text(call, group, "mail", mail);
	sim_buf_byte(list, '[');
	sim_json_quote(list, sim_printf(call->request, "SMTP:%s", mail));
	sim_buf_byte(list, ']');
	sim_store_set(call->world->tenant->store, group, sim_prop_find(SIM_GROUP, "proxyAddresses"),
		      list->data);
}

static bool is_nickname_free(struct sim_call *call, const char *nickname)
{
	const struct sim_object_list *list = &call->world->tenant->store->types[SIM_GROUP];
	int mail_row = sim_prop_find(SIM_GROUP, "mailEnabled");
	int row = sim_prop_find(SIM_GROUP, "mailNickname");
	struct sim_buf *json = sim_buf_new(call->request);

	sim_json_quote(json, nickname);
	for (uint32_t i = 0; i < list->count; i++) {
		const char *other = sim_object_get(list->items[i], row);
		const char *mail = sim_object_get(list->items[i], mail_row);

		if (list->items[i]->state == SIM_LIVE && other && mail &&
		    strcmp(mail, "true") == 0 && strcasecmp(other, json->data) == 0) {
			return sim_graph_error(call, 400, "Request_BadRequest",
					       "Another object with the same value for property "
					       "mailNickname already exists.");
		}
	}
	return true;
}

static bool takes_all(struct sim_call *call, const struct sim_group_kind *kind,
		      const struct sim_bind *bind)
{
	for (size_t i = 0; i < bind->count; i++) {
		if (!sim_group_takes(call, kind, bind->objects[i])) {
			return false;
		}
	}
	return true;
}

static void link_all(struct sim_call *call, struct sim_object *group, const struct sim_bind *bind)
{
	for (size_t i = 0; i < bind->count; i++) {
		sim_store_link(call->world->tenant->store, group, bind->objects[i]);
	}
}

/* Who makes a group for themselves owns it. */
static void own_all(struct sim_call *call, struct sim_object *group, const struct sim_bind *bind)
{
	const struct sim_object *person = sim_caller_person(call);

	for (size_t i = 0; i < bind->count; i++) {
		sim_store_own(group, bind->objects[i]);
	}
	if (bind->count == 0 && person) {
		sim_store_own(group, person);
	}
}

static struct sim_object *create(struct sim_call *call, const cJSON *body,
				 const struct sim_group_kind *kind)
{
	struct sim_store *store = call->world->tenant->store;
	struct sim_object *group = NULL;
	uint8_t id[SIM_GUID_SIZE];

	sim_rng_guid(&call->world->rng, id);
	group = sim_store_add(store, SIM_GROUP, id);
	sim_object_apply(store, group, body);
	set_text(call, group, "createdByAppId",
		 sim_json_get_string(call->token->claims, "appid", ""));
	if (kind->unified) {
		give_address(call, group, sim_json_get_string(body, "mailNickname", ""));
		if (!cJSON_GetObjectItemCaseSensitive(body, "visibility")) {
			set_text(call, group, "visibility", "Public");
		}
		if (!cJSON_GetObjectItemCaseSensitive(body, "writebackConfiguration")) {
			sim_settings_stamp(call->world->tenant->settings, store, group);
		}
	}
	return group;
}

static bool check_new(struct sim_call *call, const cJSON *body, struct sim_group_kind *ret_kind)
{
	static const char *const required[] = {"displayName", "mailEnabled", "mailNickname",
					       "securityEnabled", NULL};
	static const char *const rule[] = {"membershipRule", NULL};

	if (!sim_body_check(call, SIM_GROUP, body) ||
	    !sim_body_requires(call, SIM_GROUP, body, required)) {
		return false;
	}
	*ret_kind = sim_group_kind_with(NULL, body);
	return (!ret_kind->dynamic || sim_body_requires(call, SIM_GROUP, body, rule)) &&
	       sim_group_check(call, ret_kind, body) &&
	       (!ret_kind->unified ||
		is_nickname_free(call, sim_json_get_string(body, "mailNickname", "")));
}

static void answer_created(struct sim_call *call, const struct sim_object *object)
{
	struct sim_odata odata = {.select_id = true};
	char id[SIM_GUID_TEXT];

	sim_odata_defaults(call, &odata);
	sim_guid_format(object->id, id);
	call->response->status = 201;
	sim_response_header(
		call->response, "Location",
		sim_printf(call->request,
			   "%s/v2/%s/directoryObjects/%s/Microsoft.DirectoryServices.%s",
			   call->request->origin, call->world->tenant->id, id,
			   sim_type_info(object->type)->resource));
	sim_answer_entity(call, object, &odata);
}

void sim_groups_create(struct sim_call *call)
{
	const cJSON *body = NULL;
	struct sim_group_kind kind;
	struct sim_bind members;
	struct sim_bind owners;
	struct sim_object *group = NULL;

	if (!sim_caller_may_create_group(call) || !sim_body_read(call, &body) ||
	    !check_new(call, body, &kind) ||
	    !sim_body_bind(call, body, members_bind, &members) ||
	    !sim_body_bind(call, body, owners_bind, &owners) || !takes_all(call, &kind, &members) ||
	    !sim_owners_fit(call, &owners)) {
		return;
	}
	group = create(call, body, &kind);
	link_all(call, group, &members);
	own_all(call, group, &owners);
	answer_created(call, group);
}

/* What was decided when the group was made. */
static bool keeps_its_nature(struct sim_call *call, const struct sim_object *group,
			     const cJSON *body)
{
	static const char *const fixed[] = {"isAssignableToRole", "mailEnabled"};
	struct sim_group_kind before = sim_group_kind(group);
	struct sim_group_kind after = sim_group_kind_with(group, body);
	const cJSON *visibility = cJSON_GetObjectItemCaseSensitive(body, "visibility");

	for (size_t i = 0; i < SIM_ARRAY_SIZE(fixed); i++) {
		const cJSON *item = cJSON_GetObjectItemCaseSensitive(body, fixed[i]);
		const char *old = sim_object_get(group, sim_prop_find(SIM_GROUP, fixed[i]));

		if (item && cJSON_IsTrue(item) != (old && strcmp(old, "true") == 0)) {
			return sim_graph_error(call, 400, "Request_BadRequest",
					       "Property '%s' is read-only and cannot be set.",
					       fixed[i]);
		}
	}
	if (before.unified != after.unified) {
		return sim_body_invalid(call, SIM_GROUP, "groupTypes");
	}
	return !cJSON_IsString(visibility) ||
	       strcasecmp(visibility->valuestring, "HiddenMembership") != 0 ||
	       sim_body_invalid(call, SIM_GROUP, "visibility");
}

static bool check_patch(struct sim_call *call, const struct sim_object *group, const cJSON *body,
			struct sim_bind *members)
{
	struct sim_group_kind kind = sim_group_kind_with(group, body);

	return sim_caller_may_change_group(call, group) && sim_group_is_writable(call, group) &&
	       sim_body_check(call, SIM_GROUP, body) &&
	       keeps_its_nature(call, group, body) && sim_group_check(call, &kind, body) &&
	       sim_body_bind(call, body, members_bind, members) &&
	       (members->count == 0 || sim_group_takes_members(call, group)) &&
	       takes_all(call, &kind, members) && sim_group_lacks(call, group, members);
}

void sim_groups_patch(struct sim_call *call)
{
	const cJSON *body = NULL;
	struct sim_object *group = NULL;
	struct sim_bind members;

	if (sim_body_read(call, &body) && sim_call_find(call, 0, SIM_GROUP, &group) &&
	    check_patch(call, group, body, &members)) {
		sim_object_apply(call->world->tenant->store, group, body);
		link_all(call, group, &members);
		sim_answer_nothing(call);
	}
}

/* Microsoft 365 groups, and security groups since 2026, stay in the recycle bin for 30 days. */
void sim_groups_delete(struct sim_call *call)
{
	struct sim_store *store = call->world->tenant->store;
	struct sim_object *group = NULL;

	if (!sim_call_find(call, 0, SIM_GROUP, &group) ||
	    !sim_caller_may_change_group(call, group) || !sim_group_is_writable(call, group)) {
		return;
	}
	if (sim_group_kind(group).unified || call->world->switches.soft_delete_security) {
		sim_store_soft_delete(store, group);
	} else {
		sim_store_hard_delete(store, group);
	}
	sim_answer_nothing(call);
}

void sim_members_add(struct sim_call *call)
{
	const cJSON *body = NULL;
	struct sim_object *group = NULL;
	struct sim_group_kind kind;
	struct sim_bind bind = {.count = 1};

	if (!sim_body_read(call, &body) || !sim_call_find(call, 0, SIM_GROUP, &group) ||
	    !sim_caller_may_change_group(call, group) ||
	    !sim_body_reference(call, sim_json_get_string(body, "@odata.id", ""), "members",
				&bind.objects[0])) {
		return;
	}
	kind = sim_group_kind(group);
	if (sim_group_takes_members(call, group) && takes_all(call, &kind, &bind) &&
	    sim_group_lacks(call, group, &bind)) {
		link_all(call, group, &bind);
		sim_answer_nothing(call);
	}
}

void sim_members_remove(struct sim_call *call)
{
	struct sim_object *group = NULL;
	struct sim_object *member = NULL;
	uint8_t id[SIM_GUID_SIZE];

	if (!sim_call_find(call, 0, SIM_GROUP, &group) ||
	    !sim_caller_may_change_group(call, group)) {
		return;
	}
	if (!sim_guid_parse(call->keys[1], id)) {
		sim_graph_error(call, 400, "Request_BadRequest", "Invalid object identifier '%s'.",
				call->keys[1]);
		return;
	}
	member = sim_store_find(call->world->tenant->store, id);
	if (!member || member->state != SIM_LIVE || !sim_store_is_linked(group, member)) {
		sim_graph_not_found(call, call->keys[1]);
		return;
	}
	if (sim_group_takes_members(call, group)) {
		sim_store_unlink(call->world->tenant->store, group, member);
		sim_answer_nothing(call);
	}
}

/* The other form of OData: "…/members/$ref?@id={url of the member}". */
void sim_members_remove_by_url(struct sim_call *call)
{
	const char *url = sim_pairs_get(&call->request->query, "@id");
	struct sim_object *member = NULL;
	char *id = NULL;

	url = url ? url : sim_pairs_get(&call->request->query, "$id");
	if (!sim_body_reference(call, url ? url : "", "members", &member)) {
		return;
	}
	id = sim_mem_check(talloc_size(call->request, SIM_GUID_TEXT));
	sim_guid_format(member->id, id);
	call->keys[1] = id;
	sim_members_remove(call);
}
