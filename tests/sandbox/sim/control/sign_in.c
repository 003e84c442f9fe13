/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The person at the browser. */
#include "config.h"

#include "sim/control/sign_in.h"

#include <string.h>

#include "sim/identity/session.h"

static const char *const state_names[] = {
	[SIM_DEVICE_PENDING] = "pending",   [SIM_DEVICE_APPROVED] = "approved",
	[SIM_DEVICE_DECLINED] = "declined", [SIM_DEVICE_BLOCKED] = "blocked",
	[SIM_DEVICE_REDEEMED] = "redeemed",
};

static bool approve(struct sim_world *world, struct sim_device *device, const cJSON *json,
		    struct sim_err *err)
{
	const char *name = sim_json_get_string(json, "user", "");
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(json, "directoryRoles");
	const struct sim_object *user = sim_user_find(world, name);
	unsigned roles = 0;

	if (!user) {
		return sim_fail(err, "There is no live user \"%.80s\" in the tenant.", name);
	}
	if (list && !sim_directory_roles_read(list, &roles, err)) {
		return false;
	}
	sim_guid_format(user->id, device->person);
	if (list) {
		sim_account_of(world->tenant->accounts, device->person)->roles = roles;
	}
	device->state = SIM_DEVICE_APPROVED;
	return true;
}

static bool act(struct sim_world *world, struct sim_device *device, const cJSON *json,
		struct sim_err *err)
{
	const char *action = sim_json_get_string(json, "action", "approve");

	if (strcmp(action, "approve") == 0) {
		return approve(world, device, json, err);
	}
	if (strcmp(action, "decline") == 0) {
		device->state = SIM_DEVICE_DECLINED;
		return true;
	}
	if (strcmp(action, "block") == 0) {
		device->block_code = sim_json_get_int(json, "code", 53003);
		device->state = SIM_DEVICE_BLOCKED;
		return true;
	}
	return sim_fail(err, "The action \"%.40s\" is none of approve, decline, block.", action);
}

bool sim_sign_in(struct sim_world *world, const cJSON *json, struct sim_err *err)
{
	const char *user_code = sim_json_get_string(json, "userCode", NULL);
	struct sim_device *device = sim_device_by_user_code(world, user_code);

	if (!device || device->state != SIM_DEVICE_PENDING ||
	    sim_clock_now(&world->clock) >= device->expires) {
		return sim_fail(err, "No device code \"%.20s\" waits for a person.",
				user_code ? user_code : "");
	}
	return act(world, device, json, err);
}

void sim_sign_in_write(const struct sim_world *world, struct sim_json *json)
{
	sim_json_array(json);
	for (size_t i = 0; i < world->sessions->device_count; i++) {
		const struct sim_device *device = world->sessions->devices[i];

		sim_json_object(json);
		sim_json_put_string(json, "userCode", device->user_code);
		sim_json_put_string(json, "clientId", device->client_id);
		sim_json_put_string(json, "scope", device->scope.names);
		sim_json_put_string(json, "state", state_names[device->state]);
		sim_json_object_end(json);
	}
	sim_json_array_end(json);
}
