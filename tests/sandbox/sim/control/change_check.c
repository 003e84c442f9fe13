/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes of the tenant are checked first, against what the earlier ones of the list will do. */
#include "config.h"

/* uthash ends the program through exit() by default; ours says why. */
#define uthash_fatal(msg) sim_oom()

#include "sim/control/change_check.h"

#include <string.h>

#include "sim/store/object_json.h"

/** What an object will be after the changes before this one. */
struct outlook {
	uint8_t id[SIM_GUID_SIZE];
	enum sim_type type;
	enum sim_state state;
	UT_hash_handle hh;
};

/** A list being checked. */
struct sim_change_check {
	struct sim_world *world;
	struct outlook *outlooks;
	struct sim_err *err;
};

static int check_free(struct sim_change_check *check)
{
	HASH_CLEAR(hh, check->outlooks);
	return 0;
}

struct sim_change_check *sim_change_check_new(const void *ctx, struct sim_world *world,
					      struct sim_err *err)
{
	struct sim_change_check *check = sim_new(ctx, struct sim_change_check);

	talloc_set_destructor(check, check_free);
	check->world = world;
	check->err = err;
	return check;
}

static struct outlook *look(struct sim_change_check *check, const uint8_t id[SIM_GUID_SIZE])
{
	const struct sim_object *object = NULL;
	struct outlook *outlook = NULL;

	HASH_FIND(hh, check->outlooks, id, SIM_GUID_SIZE, outlook);
	if (outlook) {
		return outlook;
	}
	object = sim_store_find(check->world->tenant->store, id);
	if (!object) {
		return NULL;
	}
	outlook = sim_new(check, struct outlook);
	memcpy(outlook->id, id, SIM_GUID_SIZE);
	outlook->type = object->type;
	outlook->state = object->state;
	HASH_ADD(hh, check->outlooks, id, SIM_GUID_SIZE, outlook);
	return outlook;
}

static struct outlook *look_up(struct sim_change_check *check, const char *text)
{
	uint8_t id[SIM_GUID_SIZE];
	struct outlook *outlook = sim_guid_parse(text, id) ? look(check, id) : NULL;

	if (!outlook || outlook->state == SIM_GONE) {
		sim_fail(check->err, "There is no object \"%.80s\".", text);
		return NULL;
	}
	return outlook;
}

/* @key: "members" or "owners". */
static bool check_ends(struct sim_change_check *check, const cJSON *json, const char *key)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(json, key);
	const cJSON *item = NULL;

	if (list && !cJSON_IsArray(list)) {
		return sim_fail(check->err, "\"%s\" must be an array.", key);
	}
	cJSON_ArrayForEach(item, list)
	{
		if (!look_up(check, cJSON_IsString(item) ? item->valuestring : "")) {
			return false;
		}
	}
	return true;
}

static bool check_add(struct sim_change_check *check, const cJSON *change)
{
	const cJSON *json = cJSON_GetObjectItemCaseSensitive(change, "object");
	enum sim_type type = sim_type_by_name(sim_json_get_string(change, "type", ""));
	uint8_t id[SIM_GUID_SIZE];
	struct outlook *outlook = NULL;

	if (type == SIM_TYPE_COUNT) {
		return sim_fail(check->err, "\"type\" is none of user, group, device, contact, "
					    "servicePrincipal.");
	}
	if (!sim_json_get_guid(json, "id", id, check->err) ||
	    !sim_object_check(type, json, check->err)) {
		return false;
	}
	if (look(check, id)) {
		return sim_fail(check->err, "There is an object with this id already.");
	}
	outlook = sim_new(check, struct outlook);
	memcpy(outlook->id, id, SIM_GUID_SIZE);
	outlook->type = type;
	HASH_ADD(hh, check->outlooks, id, SIM_GUID_SIZE, outlook);
	return check_ends(check, json, "members") && check_ends(check, json, "owners");
}

static bool check_patch(struct sim_change_check *check, const cJSON *change)
{
	const struct outlook *outlook = look_up(check, sim_json_get_string(change, "id", ""));

	return outlook &&
	       sim_object_check(outlook->type, cJSON_GetObjectItemCaseSensitive(change, "set"),
				check->err);
}

static bool move(struct sim_change_check *check, const cJSON *change, enum sim_state from,
		 enum sim_state to)
{
	struct outlook *outlook = look_up(check, sim_json_get_string(change, "id", ""));

	if (!outlook) {
		return false;
	}
	if (to != SIM_GONE && outlook->state != from) {
		return sim_fail(check->err, "The object is not %s.",
				from == SIM_LIVE ? "live" : "soft-deleted");
	}
	outlook->state = to;
	return true;
}

static bool check_soft_delete(struct sim_change_check *check, const cJSON *change)
{
	return move(check, change, SIM_LIVE, SIM_SOFT_DELETED);
}

static bool check_restore(struct sim_change_check *check, const cJSON *change)
{
	return move(check, change, SIM_SOFT_DELETED, SIM_LIVE);
}

static bool check_hard_delete(struct sim_change_check *check, const cJSON *change)
{
	return move(check, change, SIM_LIVE, SIM_GONE);
}

static bool check_links(struct sim_change_check *check, const cJSON *change)
{
	const struct outlook *outlook = look_up(check, sim_json_get_string(change, "id", ""));

	if (!outlook) {
		return false;
	}
	if (outlook->type != SIM_GROUP) {
		return sim_fail(check->err, "The object is no group.");
	}
	return check_ends(check, change, "members") && check_ends(check, change, "owners");
}

/* Tried on an app that nobody uses. */
static bool check_app(struct sim_change_check *check, const cJSON *change)
{
	struct sim_app *scratch = sim_new(check, struct sim_app);
	const cJSON *roles = cJSON_GetObjectItemCaseSensitive(change, "roles");
	const cJSON *scopes = cJSON_GetObjectItemCaseSensitive(change, "scopes");
	const cJSON *secrets = cJSON_GetObjectItemCaseSensitive(change, "secrets");
	const cJSON *certs = cJSON_GetObjectItemCaseSensitive(change, "certificates");

	if (!sim_app_find(check->world->tenant->apps, sim_json_get_string(change, "appId", ""))) {
		return sim_fail(check->err, "There is no app with this appId.");
	}
	return (!roles || sim_app_set_roles(scratch, roles, check->err)) &&
	       (!scopes || sim_app_set_scopes(scratch, scopes, check->err)) &&
	       (!secrets || sim_app_set_secrets(scratch, secrets, check->err)) &&
	       (!certs || sim_app_set_certs(scratch, certs, ".", check->err));
}

static bool check_user(struct sim_change_check *check, const cJSON *change)
{
	const struct outlook *outlook = look_up(check, sim_json_get_string(change, "id", ""));

	return outlook &&
	       (outlook->type == SIM_USER || sim_fail(check->err, "The object is no user."));
}

static bool check_directory_roles(struct sim_change_check *check, const cJSON *change)
{
	unsigned ignored = 0;

	return check_user(check, change) &&
	       sim_directory_roles_read(cJSON_GetObjectItemCaseSensitive(change, "directoryRoles"),
					&ignored, check->err);
}

static bool check_nothing(struct sim_change_check *check, const cJSON *change)
{
	(void)check;
	(void)change;
	return true;
}

static const struct {
	const char *name;
	bool (*check)(struct sim_change_check *check, const cJSON *change);
} checks[] = {
	{"add", check_add},
	{"patch", check_patch},
	{"softDelete", check_soft_delete},
	{"restore", check_restore},
	{"hardDelete", check_hard_delete},
	{"addMembers", check_links},
	{"removeMembers", check_links},
	{"addOwners", check_links},
	{"removeOwners", check_links},
	{"setApp", check_app},
	{"setDirectoryRoles", check_directory_roles},
	{"revokeSessions", check_user},
	{"resetDelta", check_nothing},
};

bool sim_change_check_one(struct sim_change_check *check, const cJSON *change)
{
	const char *name = sim_json_get_string(change, "op", "");

	for (size_t i = 0; i < SIM_ARRAY_SIZE(checks); i++) {
		if (strcmp(checks[i].name, name) == 0) {
			return checks[i].check(check, change);
		}
	}
	return sim_fail(check->err, "There is no change \"%.40s\".", name);
}
