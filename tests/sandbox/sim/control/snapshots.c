/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Named copies of the directory. */
#include "config.h"

#include "sim/control/snapshots.h"

#include <string.h>

/** A snapshot. */
struct snapshot {
	char *name;
	struct sim_store *store;
	struct sim_fork *forks;
	size_t fork_count;
};

struct sim_snapshots {
	struct snapshot *items[SIM_SNAPSHOT_MAX];
	size_t count;
};

struct sim_snapshots *sim_snapshots_new(const void *ctx)
{
	return sim_new(ctx, struct sim_snapshots);
}

/* The place of a snapshot, or the first free one. */
static size_t place_of(const struct sim_snapshots *snapshots, const char *name)
{
	size_t at = 0;

	while (at < snapshots->count && strcmp(snapshots->items[at]->name, name) != 0) {
		at++;
	}
	return at;
}

static bool find(const struct sim_snapshots *snapshots, const char *name, size_t *ret_at,
		 struct sim_err *err)
{
	*ret_at = place_of(snapshots, name);
	return *ret_at < snapshots->count || sim_fail(err, "There is no snapshot \"%.80s\".", name);
}

static struct sim_fork *copy_forks(const void *ctx, const struct sim_fork *forks, size_t count)
{
	struct sim_fork *copy = sim_new_array(ctx, struct sim_fork, count + 1);

	if (count) {
		memcpy(copy, forks, count * sizeof(*copy));
	}
	return copy;
}

bool sim_snapshot_take(struct sim_world *world, const char *name, struct sim_err *err)
{
	struct sim_snapshots *snapshots = world->snapshots;
	size_t at = place_of(snapshots, name);
	struct snapshot *snapshot = NULL;

	if (name[0] == '\0' || at == SIM_SNAPSHOT_MAX) {
		return sim_fail(err, "A snapshot needs a name, and there can be %d of them.",
				SIM_SNAPSHOT_MAX);
	}
	snapshot = sim_new(snapshots, struct snapshot);
	snapshot->name = sim_strdup(snapshot, name);
	snapshot->store = sim_store_copy(snapshot, world->tenant->store);
	snapshot->forks = copy_forks(snapshot, world->forks, world->fork_count);
	snapshot->fork_count = world->fork_count;
	if (at < snapshots->count) {
		talloc_free(snapshots->items[at]);
	} else {
		snapshots->count++;
	}
	snapshots->items[at] = snapshot;
	return true;
}

bool sim_snapshot_restore(struct sim_world *world, const char *name, struct sim_err *err)
{
	struct sim_tenant *tenant = world->tenant;
	const struct snapshot *snapshot = NULL;
	struct sim_store *old = tenant->store;
	struct sim_fork *forks = NULL;
	size_t at = 0;

	if (!find(world->snapshots, name, &at, err)) {
		return false;
	}
	snapshot = world->snapshots->items[at];
	tenant->store = sim_store_copy(tenant, snapshot->store);
	tenant->store->relink_on_restore = old->relink_on_restore;
	talloc_free(old);
	forks = copy_forks(world, snapshot->forks, snapshot->fork_count);
	forks[snapshot->fork_count] =
		(struct sim_fork){snapshot->store->seq, sim_rng_next(&world->rng) | 1};
	talloc_free(world->forks);
	world->forks = forks;
	world->fork_count = snapshot->fork_count + 1;
	return true;
}

bool sim_snapshot_drop(struct sim_world *world, const char *name, struct sim_err *err)
{
	struct sim_snapshots *snapshots = world->snapshots;
	size_t at = 0;

	if (!find(snapshots, name, &at, err)) {
		return false;
	}
	talloc_free(snapshots->items[at]);
	snapshots->items[at] = snapshots->items[--snapshots->count];
	return true;
}

void sim_snapshots_write(const struct sim_world *world, struct sim_json *json)
{
	const struct sim_snapshots *snapshots = world->snapshots;

	sim_json_array(json);
	for (size_t i = 0; i < snapshots->count; i++) {
		sim_json_object(json);
		sim_json_put_string(json, "name", snapshots->items[i]->name);
		sim_json_put_int(json, "sequence", (int64_t)snapshots->items[i]->store->seq);
		sim_json_object_end(json);
	}
	sim_json_array_end(json);
}
