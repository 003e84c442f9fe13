/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Named copies of the tenant that a test can go back to.
 *
 * A snapshot holds objects, memberships and what changed when, the settings, the apps with their
 * credentials and roles, the directory roles of people, and who has signed in; not the switches, faults
 * and the clock. Access tokens are nobody's memory: they stay good. After a restore, delta tokens from before the snapshot go on; those that were issued
 * after it, in a history that did not happen, are answered 410.
 */
#ifndef SIM_CONTROL_SNAPSHOTS_H
#define SIM_CONTROL_SNAPSHOTS_H

#include "sim/util/json_write.h"
#include "sim/world.h"

/** Most snapshots at a time. */
#define SIM_SNAPSHOT_MAX 64

/** None, below @ctx. */
struct sim_snapshots *sim_snapshots_new(const void *ctx);

/** Take a snapshot, in place of one of the same name. False if there are too many. */
bool sim_snapshot_take(struct sim_world *world, const char *name,
		       struct sim_err *err) SIM_MUST_CHECK;

/** Go back to a snapshot, which stays. False if there is none of this name. */
bool sim_snapshot_restore(struct sim_world *world, const char *name,
			  struct sim_err *err) SIM_MUST_CHECK;

/** Forget a snapshot. False if there is none of this name. */
bool sim_snapshot_drop(struct sim_world *world, const char *name,
		       struct sim_err *err) SIM_MUST_CHECK;

/** Write the names with the sequence number of each, as an array. */
void sim_snapshots_write(const struct sim_world *world, struct sim_json *json);

#endif
