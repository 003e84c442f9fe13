/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The knobs by name. */
#include "config.h"

#include "sim/control/switches.h"

#include <string.h>

/** A numeric knob and its bounds. */
struct number {
	const char *name;
	size_t offset;
	int64_t low;
	int64_t high;
};

#define AT(field) offsetof(struct sim_switches, field)

static const struct number numbers[] = {
	{"pageSize", AT(page_size), 1, 999},
	{"deltaPageSize", AT(delta_page_size), 1, 100000},
	{"deltaSlice", AT(delta_slice), 1, 100000},
	{"replay", AT(replay), 1, 100},
	{"emptyEvery", AT(empty_every), 0, 1000},
	{"lagSeconds", AT(lag_s), 0, 86400 * 30},
	{"deltaDays", AT(delta_days), 0, 10000},
	{"pageTokenSeconds", AT(page_token_s), 0, 86400 * 30},
	{"expiresIn", AT(expires_in), 0, 86400 * 2},
	{"throttleUnits", AT(throttle_units), 0, 10000000},
	{"throttleWindowSeconds", AT(throttle_window_s), 1, 86400},
	{"throttleBurst", AT(throttle_burst), 0, 10000000},
	{"throttleWrites", AT(throttle_writes), 1, 10000000},
	{"deviceCodeSeconds", AT(device_code_s), 1, 86400},
	{"deviceInterval", AT(device_interval_s), 0, 3600},
	{"roleDelaySeconds", AT(role_delay_s), 0, 86400},
	{"replicationSeconds", AT(replication_s), 0, 86400},
	{"tokenPadding", AT(token_padding), 0, 16384},
	{"emptyListEvery", AT(empty_list_every), 0, 1000},
	{"deletedDays", AT(deleted_days), 1, 10000},
	{"filterClauses", AT(filter_clauses), 1, 1000},
};

static const struct {
	const char *name;
	size_t offset;
} truths[] = {
	{"shuffle", AT(shuffle)},
	{"tombstones", AT(tombstones)},
	{"expiredIsGone", AT(expired_is_gone)},
	{"hiddenIsForbidden", AT(hidden_is_forbidden)},
	{"deviceSlowDown", AT(device_slow_down)},
	{"usersRegisterApps", AT(users_register_apps)},
	{"usersCreateGroups", AT(users_create_groups)},
	{"duplicateIsConflict", AT(duplicate_is_conflict)},
	{"noGzip", AT(no_gzip)},
	{"gzipRequests", AT(gzip_requests)},
	{"deltaWriteback", AT(delta_writeback)},
	{"throttle", AT(throttle)},
	{"retryAfterDate", AT(retry_after_date)},
	{"limitPercentage", AT(limit_percentage)},
	{"v1HidesPrincipals", AT(v1_hides_principals)},
	{"castNeedsAdvanced", AT(cast_needs_advanced)},
	{"filterCreated", AT(filter_created)},
	{"filterSyncNull", AT(filter_sync_null)},
	{"filterWriteback", AT(filter_writeback)},
	{"filterStrict", AT(filter_strict)},
	{"softDeleteSecurity", AT(soft_delete_security)},
	{"securityIsChanged", AT(security_is_changed)},
	{"deletedHidesSecurity", AT(deleted_hides_security)},
	{"batchIs424", AT(batch_is_424)},
	{"lowerInnerError", AT(lower_inner_error)},
	{"byIdsSelect", AT(by_ids_select)},
	{"syncBehaviorKeepsSid", AT(sync_behavior_keeps_sid)},
};

static bool set_number(char *base, const cJSON *item, struct sim_err *err)
{
	int64_t value;

	for (size_t i = 0; i < SIM_ARRAY_SIZE(numbers); i++) {
		if (strcmp(numbers[i].name, item->string) != 0) {
			continue;
		}
		/* Compared before it is converted: 1e300 is no int64_t. */
		if (!(item->valuedouble >= (double)numbers[i].low &&
		      item->valuedouble <= (double)numbers[i].high)) {
			return sim_fail(err, "The switch \"%s\" must be from %lld to %lld.",
					item->string, (long long)numbers[i].low,
					(long long)numbers[i].high);
		}
		value = (int64_t)item->valuedouble;
		memcpy(base + numbers[i].offset, &value, sizeof(value));
		return true;
	}
	return sim_fail(err, "There is no numeric switch \"%.40s\".", item->string);
}

static bool set_truth(struct sim_world *world, char *base, const cJSON *item, struct sim_err *err)
{
	bool value = cJSON_IsTrue(item);

	if (strcmp(item->string, "relinkOnRestore") == 0) {
		world->tenant->store->relink_on_restore = value;
		return true;
	}
	for (size_t i = 0; i < SIM_ARRAY_SIZE(truths); i++) {
		if (strcmp(truths[i].name, item->string) == 0) {
			memcpy(base + truths[i].offset, &value, sizeof(value));
			return true;
		}
	}
	return sim_fail(err, "There is no switch \"%.40s\" that is true or false.", item->string);
}

bool sim_switches_set(struct sim_world *world, const cJSON *json, struct sim_err *err)
{
	struct sim_switches copy = world->switches;
	const cJSON *item = NULL;

	if (!cJSON_IsObject(json)) {
		return sim_fail(err, "Switches must be an object.");
	}
	cJSON_ArrayForEach(item, json)
	{
		bool ok = cJSON_IsNumber(item) ? set_number((char *)&copy, item, err)
			  : cJSON_IsBool(item) ? set_truth(world, (char *)&copy, item, err)
					       : sim_fail(err,
							  "The switch \"%.40s\" is neither a "
							  "number nor true or false.",
							  item->string);

		if (!ok) {
			return false;
		}
	}
	world->switches = copy;
	return true;
}

void sim_switches_write(const struct sim_world *world, struct sim_json *json)
{
	const char *base = (const char *)&world->switches;

	sim_json_object(json);
	for (size_t i = 0; i < SIM_ARRAY_SIZE(numbers); i++) {
		int64_t value = 0;

		memcpy(&value, base + numbers[i].offset, sizeof(value));
		sim_json_put_int(json, numbers[i].name, value);
	}
	for (size_t i = 0; i < SIM_ARRAY_SIZE(truths); i++) {
		bool value = false;

		memcpy(&value, base + truths[i].offset, sizeof(value));
		sim_json_put_bool(json, truths[i].name, value);
	}
	sim_json_put_bool(json, "relinkOnRestore", world->tenant->store->relink_on_restore);
	sim_json_object_end(json);
}
