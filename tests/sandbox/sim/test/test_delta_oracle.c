/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The oracle of delta: whatever changes, and whenever, a client that applies groups/delta and
 * users/delta holds what listing shows, and both are what was written. Random changes, by the control endpoint and by other
 * clients of Graph, also between the pages of a round, under random switches, a few hundred seeds (SIM_SEEDS: how many, SIM_SEED: that one alone).
 */
#include "config.h"

#include "fixture.h"
#include "model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KIND_USER  ((unsigned)MODEL_USER)
#define KIND_GROUP ((unsigned)MODEL_GROUP)
#define USERS      MODEL_USERS
#define GROUPS     MODEL_GROUPS
#define PROPS      MODEL_PROPS

static const char *const prop_names[PROPS] = {"displayName", "description", "mail"};

static uint64_t running; /* seed; 0: none */

/** What a client holds of one group; users are held as a flag. */
struct held_group {
	bool is_there;
	char *props[PROPS]; /* JSON text; NULL: never seen, or null */
	bool has_user[USERS];
	bool has_group[GROUPS];
};

/** A client of delta. */
struct client {
	struct fixture *fixture;
	struct sim_rng rng;
	struct model model; /* what was written */
	struct held_group groups[GROUPS];
	bool users[USERS];
	char *links[2]; /* groups, users: the deltaLink, or where to begin */
	bool with_members;
};

static unsigned number_of(const char *id)
{
	return (unsigned)strtoul(id + 24, NULL, 16);
}

static bool is_kind(const char *id, unsigned kind)
{
	return strtoul(id, NULL, 16) == kind;
}

static char *text_of(const void *ctx, const cJSON *value)
{
	struct sim_buf *buf = NULL;

	if (!value || cJSON_IsNull(value)) {
		return NULL;
	}
	buf = sim_buf_new(ctx);
	sim_json_print(buf, value);
	return buf->data;
}

static void apply_members(struct held_group *group, const cJSON *list)
{
	const cJSON *item = NULL;

	cJSON_ArrayForEach(item, list)
	{
		const char *id = sim_json_get_string(item, "id", "");
		bool is_added = !cJSON_GetObjectItemCaseSensitive(item, "@removed");

		if (is_kind(id, KIND_USER)) {
			group->has_user[number_of(id)] = is_added;
		} else {
			group->has_group[number_of(id)] = is_added;
		}
	}
}

static void apply_group(struct client *client, const cJSON *item)
{
	unsigned number = number_of(sim_json_get_string(item, "id", ""));
	struct held_group *group = &client->groups[number];

	if (cJSON_GetObjectItemCaseSensitive(item, "@removed")) {
		memset(group, 0, sizeof(*group));
		return;
	}
	group->is_there = true;
	for (unsigned i = 0; i < PROPS; i++) {
		const cJSON *value = cJSON_GetObjectItemCaseSensitive(item, prop_names[i]);

		if (value) {
			group->props[i] = text_of(client->fixture, value);
		}
	}
	apply_members(group, cJSON_GetObjectItemCaseSensitive(item, "members@delta"));
}

static void apply_page(struct client *client, unsigned which, const cJSON *page)
{
	const cJSON *item = NULL;

	cJSON_ArrayForEach(item, sim_json_get_array(page, "value"))
	{
		const char *id = sim_json_get_string(item, "id", "");

		if (which == 0) {
			apply_group(client, item);
		} else {
			client->users[number_of(id)] =
				!cJSON_GetObjectItemCaseSensitive(item, "@removed");
		}
	}
}

static bool chance(struct client *client, unsigned percent)
{
	return sim_rng_between(&client->rng, 1, 100) <= percent;
}

static unsigned pick(struct client *client, unsigned below)
{
	return (unsigned)sim_rng_between(&client->rng, 0, below - 1);
}

/* A change by the control endpoint, as text; NULL: none is possible. Entered into the model. */
static char *life_change(struct client *client, enum model_kind kind, unsigned number)
{
	enum model_state now = model_state(&client->model, kind, number);
	const char *op = "restore";
	enum model_state to = MODEL_LIVE;
	char id[37];

	fixture_id(id, kind, number);
	if (now == MODEL_GONE) {
		return NULL;
	}
	if (now == MODEL_NOT_YET) {
		model_move(&client->model, kind, number, MODEL_LIVE);
		if (kind == MODEL_GROUP) {
			client->model.groups[number].props[0] = "\"n\"";
		}
		return sim_printf(client->fixture,
				  "{'op':'add','type':'%s','object':{'id':'%s','displayName':'n'%s}}",
				  kind == MODEL_USER ? "user" : "group", id,
				  kind == MODEL_USER
					  ? ""
					  : ",'securityEnabled':true,'mailEnabled':false");
	}
	if (now == MODEL_LIVE ? !chance(client, 85) : !chance(client, 80)) {
		op = "hardDelete";
		to = MODEL_GONE;
	} else if (now == MODEL_LIVE) {
		op = "softDelete";
		to = MODEL_DELETED;
	}
	model_move(&client->model, kind, number, to);
	return sim_printf(client->fixture, "{'op':'%s','id':'%s'}", op, id);
}

static bool is_there(const struct client *client, enum model_kind kind, unsigned number)
{
	enum model_state state = model_state(&client->model, kind, number);

	return state == MODEL_LIVE || state == MODEL_DELETED;
}

static char *patch_change(struct client *client, unsigned group)
{
	unsigned prop = pick(client, PROPS);
	unsigned value = pick(client, 1000);
	char id[37];

	fixture_id(id, KIND_GROUP, group);
	if (!is_there(client, MODEL_GROUP, group)) {
		return NULL;
	}
	if (prop > 0 && chance(client, 35)) {
		client->model.groups[group].props[prop] = NULL;
		return sim_printf(client->fixture, "{'op':'patch','id':'%s','set':{'%s':null}}", id,
				  prop_names[prop]);
	}
	client->model.groups[group].props[prop] = sim_printf(client->fixture, "\"v%u\"", value);
	return sim_printf(client->fixture, "{'op':'patch','id':'%s','set':{'%s':'v%u'}}", id,
			  prop_names[prop], value);
}

/* Somebody who may become a member. */
static enum model_kind pick_member(struct client *client, unsigned *ret_number)
{
	enum model_kind kind = chance(client, 85) ? MODEL_USER : MODEL_GROUP;

	*ret_number = pick(client, kind == MODEL_USER ? USERS : GROUPS);
	return kind;
}

static char *member_change(struct client *client, unsigned group)
{
	unsigned number = 0;
	enum model_kind kind = pick_member(client, &number);
	bool add = chance(client, 65);
	char group_id[37];
	char id[37];

	fixture_id(group_id, KIND_GROUP, group);
	fixture_id(id, kind, number);
	if (!is_there(client, MODEL_GROUP, group) || !is_there(client, kind, number)) {
		return NULL;
	}
	model_link(&client->model, group, kind, number, add);
	return sim_printf(client->fixture, "{'op':'%s','id':'%s','members':['%s']}",
			  add ? "addMembers" : "removeMembers", group_id, id);
}

static void random_change(struct client *client)
{
	unsigned user = pick(client, USERS);
	unsigned group = pick(client, GROUPS);
	unsigned dice = pick(client, 100);
	char *change = NULL;

	if (dice < 15) {
		change = life_change(client, MODEL_USER, user);
	} else if (dice < 28) {
		change = life_change(client, MODEL_GROUP, group);
	} else if (dice < 40) {
		change = patch_change(client, group);
	} else {
		change = member_change(client, group);
	}
	if (change) {
		fixture_change(client->fixture, change);
	}
}

/* Whatever is possible or not: the answer must be the one that the model expects. */
static void ask_for(struct client *client, const char *method, const char *url, const char *body,
		    unsigned expected)
{
	void *tmp = talloc_new(client->fixture);
	struct sim_response *response = fixture_call(tmp, client->fixture, method, url, body);

	if (response->status != expected) {
		fail_msg("%s %s: %u in place of %u: %s", method, url, response->status, expected,
			 response->body->data);
	}
	talloc_free(tmp);
}

/* What Graph answers to a member's coming or going, and does if it is 204. */
static unsigned enter_member(struct client *client, unsigned group, enum model_kind kind,
			     unsigned number, bool add)
{
	bool is_member = model_has(&client->model, group, kind, number);

	if (model_state(&client->model, MODEL_GROUP, group) != MODEL_LIVE ||
	    model_state(&client->model, kind, number) != MODEL_LIVE || (!add && !is_member)) {
		return 404;
	}
	if (add && is_member) {
		return 400;
	}
	model_link(&client->model, group, kind, number, add);
	return 204;
}

static void public_member_change(struct client *client, unsigned group)
{
	unsigned number = 0;
	enum model_kind kind = pick_member(client, &number);
	bool add = chance(client, 60);
	unsigned expected = enter_member(client, group, kind, number, add);
	char group_id[37];
	char id[37];

	fixture_id(group_id, KIND_GROUP, group);
	fixture_id(id, kind, number);
	if (add) {
		ask_for(client, "POST",
			sim_printf(client->fixture, "/v1.0/groups/%s/members/$ref", group_id),
			sim_printf(client->fixture,
				   "{\"@odata.id\":\"https://sim/v1.0/directoryObjects/%s\"}", id),
			expected);
	} else {
		ask_for(client, "DELETE",
			sim_printf(client->fixture, "/v1.0/groups/%s/members/%s/$ref", group_id,
				   id),
			NULL, expected);
	}
}

static void public_life_change(struct client *client, enum model_kind kind, unsigned number)
{
	enum model_state now = model_state(&client->model, kind, number);
	unsigned way = pick(client, 4);
	/* More is restored than purged, else little is left soon. */
	enum model_state from = way == 0 ? MODEL_LIVE : MODEL_DELETED;
	enum model_state to = way == 0 ? MODEL_DELETED : way == 1 ? MODEL_GONE : MODEL_LIVE;
	char *url = NULL;
	char id[37];

	fixture_id(id, kind, number);
	if (now == from) {
		model_move(&client->model, kind, number, to);
	}
	url = way == 0 ? sim_printf(client->fixture, "/v1.0/%s/%s",
				    kind == MODEL_USER ? "users" : "groups", id)
		       : sim_printf(client->fixture, "/v1.0/directory/deletedItems/%s%s", id,
				    way == 1 ? "" : "/restore");
	ask_for(client, way <= 1 ? "DELETE" : "POST", url, NULL,
		now != from ? 404
		: way <= 1  ? 204
			    : 200);
}

static void public_patch(struct client *client, unsigned group)
{
	unsigned prop = pick(client, 2);
	unsigned value = pick(client, 1000);
	bool is_live = model_state(&client->model, MODEL_GROUP, group) == MODEL_LIVE;
	bool clear = prop > 0 && chance(client, 50);
	char id[37];

	fixture_id(id, KIND_GROUP, group);
	if (is_live) {
		client->model.groups[group].props[prop] =
			clear ? NULL : sim_printf(client->fixture, "\"p%u\"", value);
	}
	ask_for(client, "PATCH", sim_printf(client->fixture, "/v1.0/groups/%s", id),
		clear ? "{\"description\":null}"
		      : sim_printf(client->fixture, "{\"%s\":\"p%u\"}", prop_names[prop], value),
		is_live ? 204 : 404);
}

/* The same as random_change(), but as any other client of Graph would do it. */
static void public_change(struct client *client)
{
	unsigned user = pick(client, USERS);
	unsigned group = pick(client, GROUPS);
	unsigned dice = pick(client, 100);

	if (dice < 50) {
		public_member_change(client, group);
	} else if (dice < 65) {
		public_life_change(client, MODEL_USER, user);
	} else if (dice < 80) {
		public_life_change(client, MODEL_GROUP, group);
	} else {
		public_patch(client, group);
	}
}

static void random_changes(struct client *client, unsigned most)
{
	unsigned count = pick(client, most + 1);

	for (unsigned i = 0; i < count; i++) {
		client->fixture->world->clock.offset_s += chance(client, 20);
		if (chance(client, 40)) {
			public_change(client);
		} else {
			random_change(client);
		}
	}
}

/* One round of groups (0) or users (1); other people change things meanwhile if @busy. */
static void read_round(struct client *client, unsigned which, bool busy)
{
	const char *url = client->links[which];
	unsigned pages = 0;

	while (url) {
		const cJSON *page = NULL;

		client->fixture->prefer = chance(client, 50) ? "return=minimal" : NULL;
		page = fixture_get(client->fixture, client->fixture, url);
		apply_page(client, which, page);
		url = sim_json_get_string(page, "@odata.nextLink", NULL);
		client->links[which] = sim_strdup(
			client->fixture, sim_json_get_string(page, "@odata.deltaLink", NULL));
		assert_true((url == NULL) != (client->links[which] == NULL));
		assert_true(++pages < 10000);
		if (busy && url && chance(client, 30)) {
			random_changes(client, 3);
		}
	}
}

static void same_text(const char *what, const char *held, const char *listed)
{
	if (strcmp(held ? held : "null", listed ? listed : "null") != 0) {
		fail_msg("%s: the client holds %s, the listing shows %s", what,
			 held ? held : "null", listed ? listed : "null");
	}
}

/* Members as listed, all pages. */
static void list_members(struct client *client, const char *group_id, struct held_group *listed)
{
	const char *url =
		sim_printf(client->fixture, "/beta/groups/%s/members?$select=id&$top=2", group_id);

	while (url) {
		const cJSON *page = fixture_get(client->fixture, client->fixture, url);

		apply_members(listed, sim_json_get_array(page, "value"));
		url = sim_json_get_string(page, "@odata.nextLink", NULL);
	}
}

static void compare_written(const struct client *client, unsigned group,
			    const struct held_group *listed)
{
	for (unsigned i = 0; i < USERS; i++) {
		if (model_shows(&client->model, group, MODEL_USER, i) != listed->has_user[i]) {
			fail_msg("User %u in group %u: listed %d, and not so written.", i, group,
				 listed->has_user[i]);
		}
	}
	for (unsigned i = 0; i < GROUPS; i++) {
		if (model_shows(&client->model, group, MODEL_GROUP, i) != listed->has_group[i]) {
			fail_msg("Group %u in group %u: listed %d, and not so written.", i, group,
				 listed->has_group[i]);
		}
	}
}

static void compare_group(struct client *client, const cJSON *item)
{
	const char *id = sim_json_get_string(item, "id", "");
	struct held_group *held = &client->groups[number_of(id)];
	struct held_group listed = {.is_there = true};

	if (!held->is_there) {
		fail_msg("The client does not know group %s.", id);
	}
	for (unsigned i = 0; i < PROPS; i++) {
		const char *text = text_of(client->fixture,
					   cJSON_GetObjectItemCaseSensitive(item, prop_names[i]));

		same_text(prop_names[i], held->props[i], text);
		same_text("What was written", client->model.groups[number_of(id)].props[i], text);
	}
	list_members(client, id, &listed);
	compare_written(client, number_of(id), &listed);
	if (!client->with_members) {
		return;
	}
	/* A link counts while its other end is there: that is what users/delta is for. */
	for (unsigned i = 0; i < USERS; i++) {
		if ((held->has_user[i] && client->users[i]) != listed.has_user[i]) {
			fail_msg("User %u in group %s: listed %d.", i, id, listed.has_user[i]);
		}
	}
	for (unsigned i = 0; i < GROUPS; i++) {
		if ((held->has_group[i] && client->groups[i].is_there) != listed.has_group[i]) {
			fail_msg("Group %u in group %s: listed %d.", i, id, listed.has_group[i]);
		}
	}
}

static unsigned count_list(struct client *client, const char *url,
			   void (*each)(struct client *client, const cJSON *item))
{
	unsigned count = 0;

	while (url) {
		const cJSON *page = fixture_get(client->fixture, client->fixture, url);
		const cJSON *item = NULL;

		cJSON_ArrayForEach(item, sim_json_get_array(page, "value"))
		{
			count++;
			each(client, item);
		}
		url = sim_json_get_string(page, "@odata.nextLink", NULL);
	}
	return count;
}

static void compare_user(struct client *client, const cJSON *item)
{
	if (!client->users[number_of(sim_json_get_string(item, "id", ""))]) {
		fail_msg("The client does not know user %s.", sim_json_get_string(item, "id", ""));
	}
}

static void compare_all(struct client *client)
{
	unsigned groups = 0;
	unsigned users = 0;

	for (unsigned i = 0; i < GROUPS; i++) {
		groups += client->groups[i].is_there;
	}
	for (unsigned i = 0; i < USERS; i++) {
		users += client->users[i];
	}
	assert_int_equal(model_count(&client->model, MODEL_USER), users);
	assert_int_equal(model_count(&client->model, MODEL_GROUP), groups);
	assert_int_equal(users, count_list(client, "/v1.0/users?$select=id&$top=7", compare_user));
	assert_int_equal(groups, count_list(client,
					    "/v1.0/groups?$select=id,displayName,description,"
					    "mail&$top=3",
					    compare_group));
}

static void random_switches(struct client *client)
{
	struct sim_switches *switches = &client->fixture->world->switches;

	switches->delta_page_size = 1 + pick(client, 8);
	switches->delta_slice = 1 + pick(client, 4);
	switches->replay = 1 + pick(client, 4);
	switches->empty_every = chance(client, 30) ? 2 + pick(client, 3) : 0;
	switches->shuffle = chance(client, 70);
	switches->tombstones = chance(client, 70);
	switches->lag_s = chance(client, 30) ? 5 : 0;
	switches->token_padding = chance(client, 20) ? 3000 : 0;
}

static void begin(struct client *client, uint64_t seed)
{
	const char *select = NULL;

	client->rng.state = seed;
	client->fixture = fixture_new(seed, "");
	fixture_sign_in(client->fixture, "Directory.ReadWrite.All Member.Read.Hidden");
	random_switches(client);
	client->with_members = chance(client, 80);
	select = client->with_members && chance(client, 50) ? ""
		 : client->with_members ? "?$select=displayName,description,mail,members"
					: "?$select=displayName,description,mail";
	client->links[0] = sim_printf(client->fixture, "/v1.0/groups/delta%s", select);
	client->links[1] = sim_strdup(client->fixture, "/v1.0/users/delta?$select=displayName");
	random_changes(client, 200);
}

static void run_seed(uint64_t seed)
{
	struct client client = {.fixture = NULL};
	unsigned rounds = 0;

	begin(&client, seed);
	rounds = 1 + pick(&client, 4);
	for (unsigned i = 0; i < rounds; i++) {
		random_changes(&client, 60);
		read_round(&client, 0, true);
		random_changes(&client, 10);
		read_round(&client, 1, true);
	}
	/* Now nobody changes anything any more, and everything was replicated. */
	client.fixture->world->switches.lag_s = 0;
	read_round(&client, 0, false);
	read_round(&client, 1, false);
	compare_all(&client);
	talloc_free(client.fixture);
}

static uint64_t from_environment(const char *name, uint64_t fallback)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 10) : fallback;
}

static void a_client_that_applies_delta_holds_what_listing_shows(void **state)
{
	uint64_t only = from_environment("SIM_SEED", 0);
	uint64_t seeds = from_environment("SIM_SEEDS", 300);

	(void)state;
	for (uint64_t seed = only ? only : 1; seed <= (only ? only : seeds); seed++) {
		running = seed;
		run_seed(seed);
	}
	running = 0;
}

/* cmocka says where it failed; this says with which seed. */
static int name_the_seed(void **state)
{
	(void)state;
	if (running) {
		print_message("# run it again with SIM_SEED=%llu\n", (unsigned long long)running);
	}
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_client_that_applies_delta_holds_what_listing_shows,
					  name_the_seed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
