/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tenant tells Entra Connect. */
#include "config.h"

#include "sim/store/directory_sync.h"

#include <string.h>

/** Deletions in one export from which on Entra Connect stops; its default. */
#define ALERT_THRESHOLD 500

static const char *const names[SIM_SYNC_FEATURES] = {
	"blockCloudObjectTakeoverThroughHardMatchEnabled",
	"blockSoftMatchEnabled",
	"bypassDirSyncOverridesEnabled",
	"cloudPasswordPolicyForPasswordSyncedUsersEnabled",
	"concurrentCredentialUpdateEnabled",
	"concurrentOrgIdProvisioningEnabled",
	"deviceWritebackEnabled",
	"directoryExtensionsEnabled",
	"fopeConflictResolutionEnabled",
	"groupWriteBackEnabled",
	"passwordSyncEnabled",
	"passwordWritebackEnabled",
	"quarantineUponProxyAddressesConflictEnabled",
	"quarantineUponUpnConflictEnabled",
	"softMatchOnUpnEnabled",
	"synchronizeUpnForManagedUsersEnabled",
	"unifiedGroupWritebackEnabled",
	"userForcePasswordChangeOnLogonEnabled",
	"userWritebackEnabled",
};

/* What a tenant has where nobody decided. */
static const char *const on_by_default[] = {"passwordSyncEnabled", "softMatchOnUpnEnabled",
					    "synchronizeUpnForManagedUsersEnabled",
					    "quarantineUponProxyAddressesConflictEnabled",
					    "quarantineUponUpnConflictEnabled"};

const char *sim_sync_feature_name(size_t index)
{
	return names[index];
}

static size_t find(const char *name)
{
	size_t at = 0;

	while (at < SIM_SYNC_FEATURES && strcmp(names[at], name) != 0) {
		at++;
	}
	return at;
}

bool sim_directory_sync_check(const cJSON *features, struct sim_err *err)
{
	const cJSON *item = NULL;

	cJSON_ArrayForEach(item, features)
	{
		if (strchr(item->string, '@')) {
			continue;
		}
		if (find(item->string) == SIM_SYNC_FEATURES || !cJSON_IsBool(item)) {
			return sim_fail(err,
					"The feature \"%.80s\" of the synchronization is not known, "
					"or neither true nor false.",
					item->string);
		}
	}
	return true;
}

void sim_directory_sync_put(struct sim_directory_sync *sync, const cJSON *features)
{
	const cJSON *item = NULL;

	cJSON_ArrayForEach(item, features)
	{
		size_t at = find(item->string);

		if (at < SIM_SYNC_FEATURES) {
			sync->features[at] = cJSON_IsTrue(item);
		}
	}
}

bool sim_directory_sync_load(const void *ctx, const cJSON *json,
			     struct sim_directory_sync **ret_sync, struct sim_err *err)
{
	const cJSON *features = cJSON_GetObjectItemCaseSensitive(json, "features");
	const char *container = sim_json_get_string(json, "unifiedGroupContainer", NULL);
	struct sim_directory_sync *sync = sim_new(ctx, struct sim_directory_sync);

	for (size_t i = 0; i < SIM_ARRAY_SIZE(on_by_default); i++) {
		sync->features[find(on_by_default[i])] = true;
	}
	sync->alert_threshold = sim_json_get_int(json, "alertThreshold", ALERT_THRESHOLD);
	sync->group_container = container ? sim_strdup(sync, container) : NULL;
	*ret_sync = sync;
	if (!sim_directory_sync_check(features, err)) {
		return false;
	}
	sim_directory_sync_put(sync, features);
	return true;
}

struct sim_directory_sync *sim_directory_sync_copy(const void *ctx,
						   const struct sim_directory_sync *from)
{
	struct sim_directory_sync *sync = sim_new(ctx, struct sim_directory_sync);

	*sync = *from;
	sync->group_container =
		from->group_container ? sim_strdup(sync, from->group_container) : NULL;
	return sync;
}
