/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Named copies of the tenant. */
#include "config.h"

#include "sim/control/snapshots.h"

#include <string.h>

#include "sim/identity/copy.h"
#include "sim/store/directory_sync.h"
#include "sim/store/settings.h"

/** A snapshot. */
struct snapshot {
	char *name;
	struct sim_store *store;
	struct sim_settings *settings;
	struct sim_directory_sync *directory_sync;
	struct sim_apps *apps;
	struct sim_accounts *accounts;
	struct sim_sessions *sessions;
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
	snapshot->settings = sim_settings_copy(snapshot, world->tenant->settings);
	snapshot->directory_sync =
		sim_directory_sync_copy(snapshot, world->tenant->directory_sync);
	snapshot->apps = sim_apps_copy(snapshot, world->tenant->apps);
	snapshot->accounts = sim_accounts_copy(snapshot, world->tenant->accounts);
	snapshot->sessions = sim_sessions_copy(snapshot, world->sessions);
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

static void restore_tenant(struct sim_world *world, const struct snapshot *snapshot)
{
	struct sim_tenant *tenant = world->tenant;
	struct sim_store *old = tenant->store;

	tenant->store = sim_store_copy(tenant, snapshot->store);
	tenant->store->relink_on_restore = old->relink_on_restore;
	talloc_free(old);
	talloc_free(tenant->settings);
	tenant->settings = sim_settings_copy(tenant, snapshot->settings);
	talloc_free(tenant->directory_sync);
	tenant->directory_sync = sim_directory_sync_copy(tenant, snapshot->directory_sync);
	talloc_free(tenant->apps);
	tenant->apps = sim_apps_copy(tenant, snapshot->apps);
	talloc_free(tenant->accounts);
	tenant->accounts = sim_accounts_copy(tenant, snapshot->accounts);
	talloc_free(world->sessions);
	world->sessions = sim_sessions_copy(world, snapshot->sessions);
}

bool sim_snapshot_restore(struct sim_world *world, const char *name, struct sim_err *err)
{
	const struct snapshot *snapshot = NULL;
	struct sim_fork *forks = NULL;
	size_t at = 0;

	if (!find(world->snapshots, name, &at, err)) {
		return false;
	}
	snapshot = world->snapshots->items[at];
	restore_tenant(world, snapshot);
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
