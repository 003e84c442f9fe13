/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes of the tenant while it runs: applied after all of them were checked. */
#include "config.h"

#include "sim/control/changes.h"

#include <string.h>

#include "sim/control/change_check.h"
#include "sim/store/object_json.h"

static struct sim_object *object_of(struct sim_world *world, const char *text)
{
	uint8_t id[SIM_GUID_SIZE];

	return sim_guid_parse(text, id) ? sim_store_find(world->tenant->store, id) : NULL;
}

static void link_all(struct sim_world *world, struct sim_object *group, const cJSON *list, bool add)
{
	const cJSON *item = NULL;

	cJSON_ArrayForEach(item, list)
	{
		struct sim_object *member = object_of(world, item->valuestring);

		if (add) {
			sim_store_link(world->tenant->store, group, member);
		} else {
			sim_store_unlink(world->tenant->store, group, member);
		}
	}
}

static void own_all(struct sim_world *world, struct sim_object *group, const cJSON *list, bool add)
{
	const cJSON *item = NULL;

	cJSON_ArrayForEach(item, list)
	{
		struct sim_object *owner = object_of(world, item->valuestring);

		if (add) {
			sim_store_own(group, owner);
		} else {
			sim_store_disown(group, owner);
		}
	}
}

static void apply_add(struct sim_world *world, const cJSON *change)
{
	const cJSON *json = cJSON_GetObjectItemCaseSensitive(change, "object");
	uint8_t id[SIM_GUID_SIZE];
	struct sim_object *object = NULL;

	if (!sim_guid_parse(sim_json_get_string(json, "id", ""), id)) {
		return;
	}
	object = sim_store_add(world->tenant->store,
			       sim_type_by_name(sim_json_get_string(change, "type", "")), id);
	sim_object_apply(world->tenant->store, object, json);
	if (object->type == SIM_GROUP) {
		link_all(world, object, cJSON_GetObjectItemCaseSensitive(json, "members"), true);
		own_all(world, object, cJSON_GetObjectItemCaseSensitive(json, "owners"), true);
	}
}

static struct sim_object *subject(struct sim_world *world, const cJSON *change)
{
	return object_of(world, sim_json_get_string(change, "id", ""));
}

static void apply_patch(struct sim_world *world, const cJSON *change)
{
	sim_object_apply(world->tenant->store, subject(world, change),
			 cJSON_GetObjectItemCaseSensitive(change, "set"));
}

static void apply_soft_delete(struct sim_world *world, const cJSON *change)
{
	sim_store_soft_delete(world->tenant->store, subject(world, change));
}

static void apply_restore(struct sim_world *world, const cJSON *change)
{
	sim_store_restore(world->tenant->store, subject(world, change));
}

static void apply_hard_delete(struct sim_world *world, const cJSON *change)
{
	sim_store_hard_delete(world->tenant->store, subject(world, change));
}

static void apply_add_members(struct sim_world *world, const cJSON *change)
{
	link_all(world, subject(world, change), cJSON_GetObjectItemCaseSensitive(change, "members"),
		 true);
}

static void apply_remove_members(struct sim_world *world, const cJSON *change)
{
	link_all(world, subject(world, change), cJSON_GetObjectItemCaseSensitive(change, "members"),
		 false);
}

static void apply_add_owners(struct sim_world *world, const cJSON *change)
{
	own_all(world, subject(world, change), cJSON_GetObjectItemCaseSensitive(change, "owners"),
		true);
}

static void apply_remove_owners(struct sim_world *world, const cJSON *change)
{
	own_all(world, subject(world, change), cJSON_GetObjectItemCaseSensitive(change, "owners"),
		false);
}

static void apply_directory_roles(struct sim_world *world, const cJSON *change)
{
	struct sim_account *person =
		sim_account_of(world->tenant->accounts, sim_json_get_string(change, "id", ""));
	struct sim_err ignored;
	bool ok =
		sim_directory_roles_read(cJSON_GetObjectItemCaseSensitive(change, "directoryRoles"),
					 &person->roles, &ignored);

	(void)ok;
}

static void apply_revoke_sessions(struct sim_world *world, const cJSON *change)
{
	struct sim_account *person =
		sim_account_of(world->tenant->accounts, sim_json_get_string(change, "id", ""));

	person->revoked = sim_clock_now(&world->clock);
}

static void apply_reset_delta(struct sim_world *world, const cJSON *change)
{
	(void)change;
	world->delta_generation++;
}

/* Checked on a scratch app before; a file that vanished in between leaves the old certificates. */
static void apply_app(struct sim_world *world, const cJSON *change)
{
	struct sim_app *app =
		sim_app_find(world->tenant->apps, sim_json_get_string(change, "appId", ""));
	const cJSON *roles = cJSON_GetObjectItemCaseSensitive(change, "roles");
	const cJSON *scopes = cJSON_GetObjectItemCaseSensitive(change, "scopes");
	const cJSON *secrets = cJSON_GetObjectItemCaseSensitive(change, "secrets");
	const cJSON *certs = cJSON_GetObjectItemCaseSensitive(change, "certificates");
	struct sim_err ignored;
	bool ok = (!roles || sim_app_set_roles(app, roles, &ignored)) &&
		  (!scopes || sim_app_set_scopes(app, scopes, &ignored)) &&
		  (!secrets || sim_app_set_secrets(app, secrets, &ignored)) &&
		  (!certs || sim_app_set_certs(app, certs, ".", &ignored));

	(void)ok;
	app->disabled = sim_json_get_bool(change, "disabled", app->disabled);
}

static const struct {
	const char *name;
	void (*apply)(struct sim_world *world, const cJSON *change);
} operations[] = {
	{"add", apply_add},
	{"patch", apply_patch},
	{"softDelete", apply_soft_delete},
	{"restore", apply_restore},
	{"hardDelete", apply_hard_delete},
	{"addMembers", apply_add_members},
	{"removeMembers", apply_remove_members},
	{"addOwners", apply_add_owners},
	{"removeOwners", apply_remove_owners},
	{"setApp", apply_app},
	{"setDirectoryRoles", apply_directory_roles},
	{"revokeSessions", apply_revoke_sessions},
	{"resetDelta", apply_reset_delta},
};

static void apply_one(struct sim_world *world, const cJSON *change)
{
	const char *name = sim_json_get_string(change, "op", "");

	for (size_t i = 0; i < SIM_ARRAY_SIZE(operations); i++) {
		if (strcmp(operations[i].name, name) == 0) {
			operations[i].apply(world, change);
			return;
		}
	}
}

static bool check_all(struct sim_world *world, const cJSON *list, struct sim_err *err)
{
	void *tmp = sim_mem_check(talloc_new(NULL));
	struct sim_err why;
	struct sim_change_check *check = sim_change_check_new(tmp, world, &why);
	const cJSON *change = NULL;
	size_t number = 0;
	bool ok = true;

	cJSON_ArrayForEach(change, list)
	{
		number++;
		ok = sim_change_check_one(check, change);
		if (!ok) {
			sim_fail(err, "Change %zu: %.400s", number, why.text);
			break;
		}
	}
	talloc_free(tmp);
	return ok;
}

bool sim_changes_apply(struct sim_world *world, const cJSON *list, struct sim_err *err)
{
	const cJSON *change = NULL;

	if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > SIM_CHANGE_MAX) {
		return sim_fail(err, "\"changes\" must be an array of at most %d changes.",
				SIM_CHANGE_MAX);
	}
	if (!check_all(world, list, err)) {
		return false;
	}
	cJSON_ArrayForEach(change, list)
	{
		apply_one(world, change);
	}
	return true;
}
