/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the tenant tells Entra Connect: features that are on or off, where Microsoft 365 groups are
 * written to, and from how many deletions on it stops (Graph: onPremisesDirectorySynchronization).
 *
 * Lives as long as the tenant.
 */
#ifndef SIM_STORE_DIRECTORY_SYNC_H
#define SIM_STORE_DIRECTORY_SYNC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/util/json_read.h"

/** How many features there are. */
#define SIM_SYNC_FEATURES 19

/** The settings. */
struct sim_directory_sync {
	bool features[SIM_SYNC_FEATURES]; /**< in the order of sim_sync_feature_name() */
	char *group_container;            /**< DN, or NULL */
	int64_t alert_threshold;          /**< deletions */
};

/** "groupWriteBackEnabled"; @index is below SIM_SYNC_FEATURES. */
const char *sim_sync_feature_name(size_t index);

/** Those of the tenant file below @ctx; the defaults for NULL. */
bool sim_directory_sync_load(const void *ctx, const cJSON *json,
			     struct sim_directory_sync **ret_sync, struct sim_err *err) SIM_MUST_CHECK;

/** True if every feature of the object @features is known and a boolean. */
bool sim_directory_sync_check(const cJSON *features, struct sim_err *err) SIM_MUST_CHECK;

/** Set the features of the object @features (checked); others stay. */
void sim_directory_sync_put(struct sim_directory_sync *sync, const cJSON *features);

/** A copy below @ctx. */
struct sim_directory_sync *sim_directory_sync_copy(const void *ctx,
						   const struct sim_directory_sync *from);

#endif
