/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The oracle of delta: whatever changes, and whenever, a client that applies groups/delta and
 * users/delta holds what listing shows. Random changes, by the control endpoint and by other
 * clients of Graph, also between the pages of a round, under random switches, a few hundred seeds (SIM_SEEDS: how many, SIM_SEED: that one alone).
 */
#include "config.h"

#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KIND_USER  1u
#define KIND_GROUP 2u
#define USERS      24u
#define GROUPS     10u
#define PROPS      3u

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

static const struct sim_object *object_at(struct client *client, const char *text)
{
	uint8_t id[SIM_GUID_SIZE];

	assert_true(sim_guid_parse(text, id));
	return sim_store_find(client->fixture->world->tenant->store, id);
}

/* Create, delete, restore: whatever is possible for this object now. */
static char *life_change(struct client *client, unsigned kind, const char *id)
{
	const struct sim_object *object = object_at(client, id);
	const char *op = NULL;

	if (!object) {
		return sim_printf(client->fixture,
				  "{'op':'add','type':'%s','object':{'id':'%s','displayName':'n'}}",
				  kind == KIND_USER ? "user" : "group", id);
	}
	if (object->state == SIM_GONE) {
		return NULL;
	}
	op = object->state == SIM_SOFT_DELETED ? (chance(client, 80) ? "restore" : "hardDelete")
	     : chance(client, 85)              ? "softDelete"
					       : "hardDelete";
	return sim_printf(client->fixture, "{'op':'%s','id':'%s'}", op, id);
}

static char *patch_change(struct client *client, const char *id)
{
	const struct sim_object *object = object_at(client, id);

	if (!object || object->state == SIM_GONE) {
		return NULL;
	}
	if (chance(client, 25)) {
		return sim_printf(client->fixture, "{'op':'patch','id':'%s','set':{'%s':null}}", id,
				  prop_names[1 + pick(client, 2)]);
	}
	return sim_printf(client->fixture, "{'op':'patch','id':'%s','set':{'%s':'v%u'}}", id,
			  prop_names[pick(client, PROPS)], pick(client, 1000));
}

static char *member_change(struct client *client, const char *group_id)
{
	const struct sim_object *group = object_at(client, group_id);
	const struct sim_object *member = NULL;
	char id[37];

	if (chance(client, 85)) {
		fixture_id(id, KIND_USER, pick(client, USERS));
	} else {
		fixture_id(id, KIND_GROUP, pick(client, GROUPS));
	}
	member = object_at(client, id);
	if (!group || group->state == SIM_GONE || !member || member->state == SIM_GONE) {
		return NULL;
	}
	return sim_printf(client->fixture, "{'op':'%s','id':'%s','members':['%s']}",
			  chance(client, 65) ? "addMembers" : "removeMembers", group_id, id);
}

static void random_change(struct client *client)
{
	char user[37];
	char group[37];
	unsigned dice = pick(client, 100);
	char *change = NULL;

	fixture_id(user, KIND_USER, pick(client, USERS));
	fixture_id(group, KIND_GROUP, pick(client, GROUPS));
	if (dice < 15) {
		change = life_change(client, KIND_USER, user);
	} else if (dice < 28) {
		change = life_change(client, KIND_GROUP, group);
	} else if (dice < 40) {
		change = patch_change(client, group);
	} else {
		change = member_change(client, group);
	}
	if (change) {
		fixture_change(client->fixture, change);
	}
}

/* Whatever is possible or not: Graph's answer is asked for, and must be one of its answers. */
static void ask_for(struct client *client, const char *method, const char *url, const char *body)
{
	void *tmp = talloc_new(client->fixture);
	struct sim_response *response = fixture_call(tmp, client->fixture, method, url, body);

	if (response->status >= 500 || (response->status >= 300 && response->status < 400)) {
		fail_msg("%s %s: %u %s", method, url, response->status, response->body->data);
	}
	talloc_free(tmp);
}

static void public_member_change(struct client *client, const char *group, const char *member)
{
	char *body = sim_printf(client->fixture,
				"{\"@odata.id\":\"https://sim/v1.0/directoryObjects/%s\"}", member);

	if (chance(client, 60)) {
		ask_for(client, "POST",
			sim_printf(client->fixture, "/v1.0/groups/%s/members/$ref", group), body);
	} else {
		ask_for(client, "DELETE",
			sim_printf(client->fixture, "/v1.0/groups/%s/members/%s/$ref", group,
				   member),
			NULL);
	}
}

static void public_life_change(struct client *client, const char *kind, const char *id)
{
	unsigned way = pick(client, 4);

	if (way == 0) {
		ask_for(client, "DELETE", sim_printf(client->fixture, "/v1.0/%s/%s", kind, id),
			NULL);
	} else {
		/* More is restored than purged, else little is left soon. */
		ask_for(client, way == 1 ? "DELETE" : "POST",
			sim_printf(client->fixture, "/v1.0/directory/deletedItems/%s%s", id,
				   way == 1 ? "" : "/restore"),
			NULL);
	}
}

/* The same as random_change(), but as any other client of Graph would do it. */
static void public_change(struct client *client)
{
	char user[37];
	char group[37];
	unsigned dice = pick(client, 100);

	fixture_id(user, KIND_USER, pick(client, USERS));
	fixture_id(group, KIND_GROUP, pick(client, GROUPS));
	if (dice < 50) {
		char inner[37];

		fixture_id(inner, KIND_GROUP, pick(client, GROUPS));
		public_member_change(client, group, chance(client, 85) ? user : inner);
	} else if (dice < 65) {
		public_life_change(client, "users", user);
	} else if (dice < 80) {
		public_life_change(client, "groups", group);
	} else {
		ask_for(client, "PATCH", sim_printf(client->fixture, "/v1.0/groups/%s", group),
			chance(client, 30)
				? "{\"description\":null}"
				: sim_printf(client->fixture, "{\"%s\":\"p%u\"}",
					     prop_names[pick(client, 2)], pick(client, 1000)));
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

static void compare_group(struct client *client, const cJSON *item)
{
	const char *id = sim_json_get_string(item, "id", "");
	struct held_group *held = &client->groups[number_of(id)];
	struct held_group listed = {.is_there = true};

	if (!held->is_there) {
		fail_msg("The client does not know group %s.", id);
	}
	for (unsigned i = 0; i < PROPS; i++) {
		same_text(prop_names[i], held->props[i],
			  text_of(client->fixture,
				  cJSON_GetObjectItemCaseSensitive(item, prop_names[i])));
	}
	if (!client->with_members) {
		return;
	}
	list_members(client, id, &listed);
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
