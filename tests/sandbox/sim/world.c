/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything that the endpoint families share. */
#include "config.h"

#include "sim/world.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sim/control/snapshots.h"
#include "sim/graph/throttle.h"
#include "sim/http/fault.h"
#include "sim/http/reqlog.h"
#include "sim/identity/session.h"
#include "sim/identity/verified.h"

/* As Graph does it, where it is known how Graph does it (docs/simulator.md). */
static const struct sim_switches defaults = {
	.page_size = 100,
	.delta_page_size = 200,
	.delta_slice = 500,
	.replay = 1,
	.delta_days = 7,
	.page_token_s = 3600,
	.deleted_days = 30,
	.filter_clauses = 15,
	.device_code_s = 900,
	.device_interval_s = 5,
	.users_register_apps = true,
	.users_create_groups = true,
	.shuffle = true,
	.tombstones = true,
	.throttle_window_s = 10,
	.throttle_writes = 3000,
	.delta_writeback = true,
	.v1_hides_principals = true,
	.cast_needs_advanced = true,
	.filter_created = true,
	.soft_delete_security = true,
	.security_is_changed = true,
	.deleted_hides_security = true,
	.sync_behavior_keeps_sid = true,
};

struct sim_world *sim_world_new(const void *ctx, uint64_t seed)
{
	struct sim_world *world = sim_new(ctx, struct sim_world);
	char *seed_text = sim_printf(world, "entra-sim page tokens %llu", (unsigned long long)seed);
	uint8_t kid[20] = {0};

	world->rng.state = seed;
	world->switches = defaults;
	for (size_t i = 0; i < sizeof(kid); i++) {
		kid[i] = (uint8_t)sim_rng_next(&world->rng);
	}
	world->signing_kid = sim_base64url(world, kid, sizeof(kid));
	/* From the seed, so that a delta token outlives a restart with the same tenant and seed. */
	sim_sha256(seed_text, strlen(seed_text), world->token_key);
	world->instance = (uint64_t)time(NULL) << 24 ^ (uint64_t)getpid();
	world->sessions = sim_new(world, struct sim_sessions);
	world->faults = sim_faults_new(world);
	world->log = sim_reqlog_new(world);
	world->verified = sim_verified_new(world);
	world->throttle = sim_throttle_new(world);
	world->snapshots = sim_snapshots_new(world);
	return world;
}

uint64_t sim_world_mark(const struct sim_world *world, uint64_t seq)
{
	uint64_t mark = seq > world->loaded_seq ? world->instance : 0;

	for (size_t i = 0; i < world->fork_count; i++) {
		mark = seq > world->forks[i].seq ? world->forks[i].mark : mark;
	}
	return mark;
}
