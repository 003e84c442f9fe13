/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store: objects, values, links, and the control changes that move them. */
#include "config.h"

#include "fixture.h"

#include <string.h>

#include "sim/control/changes.h"
#include "sim/store/value.h"

#define U1 "00000001-0000-4000-8000-000000000001"
#define G1 "00000002-0000-4000-8000-000000000001"
#define G2 "00000002-0000-4000-8000-000000000002"

static const char small[] = "'users':[{'id':'" U1 "','displayName':'One'}],"
			    "'groups':[{'id':'" G1 "','members':['" U1 "']},{'id':'" G2 "'}]";

static struct sim_object *object_of(const struct fixture *fixture, const char *text)
{
	uint8_t id[SIM_GUID_SIZE];

	assert_true(sim_guid_parse(text, id));
	return sim_store_find(fixture->world->tenant->store, id);
}

static void a_hundred_thousand_links_are_found_and_forgotten(void **state)
{
	struct sim_clock clock = {0};
	struct sim_store *store = sim_store_new(NULL, &clock);
	struct sim_object *group = NULL;
	uint8_t id[SIM_GUID_SIZE] = {2};

	(void)state;
	group = sim_store_add(store, SIM_GROUP, id);
	for (uint32_t i = 0; i < 100000; i++) {
		memcpy(id + 4, &i, sizeof(i));
		id[0] = 1;
		sim_store_link(store, group, sim_store_add(store, SIM_USER, id));
	}
	for (uint32_t i = 0; i < 100000; i += 2) {
		sim_store_unlink(store, group, store->objects[i + 1]);
	}
	assert_int_equal(50000, group->links->present);
	assert_int_equal(50000, store->links_present);
	for (uint32_t i = 0; i < 100000; i++) {
		assert_int_equal(i % 2, sim_store_is_linked(group, store->objects[i + 1]));
	}
	assert_int_equal(100000, group->links->count);
	talloc_free(store);
}

static void a_link_that_comes_back_keeps_its_place(void **state)
{
	struct fixture *fixture = fixture_new(1, small);
	struct sim_store *store = fixture->world->tenant->store;
	struct sim_object *group = object_of(fixture, G1);
	struct sim_object *user = object_of(fixture, U1);

	(void)state;
	sim_store_unlink(store, group, user);
	sim_store_link(store, group, user);
	assert_int_equal(1, group->links->count);
	assert_int_equal(1, user->group_count);
	talloc_free(fixture);
}

static void what_is_thirty_days_in_the_recycle_bin_is_gone(void **state)
{
	struct fixture *fixture = fixture_new(1, small);
	struct sim_store *store = fixture->world->tenant->store;

	(void)state;
	fixture_change(fixture, "{'op':'softDelete','id':'" G1 "'}");
	fixture->world->clock.offset_s += 29 * 86400;
	fixture_change(fixture, "{'op':'softDelete','id':'" G2 "'}");
	sim_store_expire(store, 30);
	assert_int_equal(SIM_SOFT_DELETED, object_of(fixture, G1)->state);
	fixture->world->clock.offset_s += 86400;
	sim_store_expire(store, 30);
	assert_int_equal(SIM_GONE, object_of(fixture, G1)->state);
	assert_int_equal(SIM_SOFT_DELETED, object_of(fixture, G2)->state);
	assert_int_equal(SIM_LIVE, object_of(fixture, U1)->state);
	talloc_free(fixture);
}

static void setting_an_equal_value_is_no_change(void **state)
{
	struct fixture *fixture = fixture_new(1, small);
	uint64_t before = fixture->world->tenant->store->seq;

	(void)state;
	fixture_change(fixture,
		       "{'op':'patch','id':'" U1 "','set':{'displayName':'One','mail':null}},"
		       "{'op':'addMembers','id':'" G1 "','members':['" U1 "']},"
		       "{'op':'removeMembers','id':'" G2 "','members':['" U1 "']}");
	assert_int_equal(before, fixture->world->tenant->store->seq);
	talloc_free(fixture);
}

static void a_list_with_one_wrong_change_changes_nothing(void **state)
{
	struct fixture *fixture = fixture_new(1, small);
	static const char *const lists[] = {
		"[{\"op\":\"softDelete\",\"id\":\"" U1 "\"},{\"op\":\"softDelete\",\"id\":\"" U1
		"\"}]",
		"[{\"op\":\"softDelete\",\"id\":\"" U1 "\"},{\"op\":\"nonsense\"}]",
		"[{\"op\":\"hardDelete\",\"id\":\"" U1 "\"},{\"op\":\"patch\",\"id\":\"" U1
		"\",\"set\":{}}]",
		"[{\"op\":\"hardDelete\",\"id\":\"" U1 "\"},{\"op\":\"addMembers\",\"id\":\"" G2
		"\",\"members\":[\"" U1 "\"]}]",
		"[{\"op\":\"add\",\"type\":\"user\",\"object\":{\"id\":\"" U1 "\"}}]",
		"[{\"op\":\"add\",\"type\":\"user\",\"object\":{\"id\":\"x\"}}]",
		"[{\"op\":\"patch\",\"id\":\"" U1 "\",\"set\":{\"displayName\":7}}]",
		"[{\"op\":\"patch\",\"id\":\"" U1 "\",\"set\":{\"shoeSize\":7}}]",
		"[{\"op\":\"addMembers\",\"id\":\"" U1 "\",\"members\":[]}]",
		"[{\"op\":\"addMembers\",\"id\":\"" G1 "\",\"members\":[7]}]",
		"[{\"op\":\"restore\",\"id\":\"" U1 "\"}]",
		"[{\"op\":\"setApp\",\"appId\":\"" FIXTURE_APP "\",\"roles\":[7]}]",
		"[{\"op\":\"setApp\",\"appId\":\"" U1 "\"}]",
		"[7]",
		"{}",
	};
	uint64_t before = fixture->world->tenant->store->seq;

	(void)state;
	for (size_t i = 0; i < SIM_ARRAY_SIZE(lists); i++) {
		const cJSON *list = NULL;
		struct sim_err err;

		assert_true(sim_json_parse(fixture, lists[i], strlen(lists[i]), &list, &err));
		if (sim_changes_apply(fixture->world, list, &err)) {
			fail_msg("applied: %s", lists[i]);
		}
		assert_int_equal(before, fixture->world->tenant->store->seq);
	}
	talloc_free(fixture);
}

static void a_change_may_use_what_an_earlier_one_of_the_list_made(void **state)
{
	struct fixture *fixture = fixture_new(1, small);

	(void)state;
	fixture_change(
		fixture,
		"{'op':'add','type':'user','object':{'id':'00000001-0000-4000-8000-0000000000aa'}},"
		"{'op':'add','type':'group','object':{'id':'00000002-0000-4000-8000-0000000000aa',"
		"'members':['00000001-0000-4000-8000-0000000000AA','" U1 "']}},"
		"{'op':'softDelete','id':'" U1 "'},{'op':'restore','id':'" U1 "'}");
	assert_int_equal(
		2, object_of(fixture, "00000002-0000-4000-8000-0000000000aa")->links->present);
	talloc_free(fixture);
}

static void the_cloud_sid_is_made_from_the_object_id(void **state)
{
	/* A known pair: the bytes of the GUID in memory order, as four little-endian numbers. */
	struct fixture *fixture =
		fixture_new(1, "'groups':[{'id':'73d664e4-0886-4a73-b745-c694da45ddb4'}]");
	const struct sim_object *group = object_of(fixture, "73d664e4-0886-4a73-b745-c694da45ddb4");

	(void)state;
	assert_string_equal("\"S-1-12-1-1943430372-1249052806-2496021943-3034400218\"",
			    sim_object_get(group, sim_prop_find(SIM_GROUP, "securityIdentifier")));
	talloc_free(fixture);
}

static void a_tenant_file_with_a_mistake_is_refused_with_a_sentence(void **state)
{
	static const char *const files[] = {
		"",
		"[]",
		"{\"tenantId\":\"x\"}",
		"{\"tenantId\":\"" FIXTURE_TENANT "\",\"users\":[{\"id\":\"1\"}]}",
		"{\"tenantId\":\"" FIXTURE_TENANT "\",\"users\":[7]}",
		"{\"tenantId\":\"" FIXTURE_TENANT "\",\"users\":[{\"id\":\"" U1 "\",\"x\":1}]}",
		"{\"tenantId\":\"" FIXTURE_TENANT "\",\"users\":[{\"id\":\"" U1 "\"},{\"id\":\"" U1
		"\"}]}",
		"{\"tenantId\":\"" FIXTURE_TENANT "\",\"groups\":[{\"id\":\"" G1
		"\",\"members\":[\"" U1 "\"]}]}",
		"{\"tenantId\":\"" FIXTURE_TENANT "\",\"users\":[{\"id\":\"" U1
		"\",\"state\":\"x\"}]}",
		"{\"tenantId\":\"" FIXTURE_TENANT "\",\"apps\":[{\"appId\":\"x\"}]}",
		"{\"tenantId\":\"" FIXTURE_TENANT "\",\"apps\":[{\"appId\":\"" U1
		"\",\"certificates\":[\"-----BEGIN nothing\"]}]}",
		"{\"tenantId\":\"" FIXTURE_TENANT "\",\"domains\":[7]}",
		"{\"tenantId\":\"" FIXTURE_TENANT "\",\"displayName\":\"\xFF\"}",
	};
	struct sim_clock clock = {0};

	(void)state;
	for (size_t i = 0; i < SIM_ARRAY_SIZE(files); i++) {
		struct sim_tenant *tenant = NULL;
		struct sim_err err = {""};

		if (sim_tenant_parse(NULL, files[i], strlen(files[i]), ".", &clock, &tenant,
				     &err)) {
			fail_msg("taken: %s", files[i]);
		}
		assert_true(strlen(err.text) > 10);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hundred_thousand_links_are_found_and_forgotten),
		cmocka_unit_test(a_link_that_comes_back_keeps_its_place),
		cmocka_unit_test(what_is_thirty_days_in_the_recycle_bin_is_gone),
		cmocka_unit_test(setting_an_equal_value_is_no_change),
		cmocka_unit_test(a_list_with_one_wrong_change_changes_nothing),
		cmocka_unit_test(a_change_may_use_what_an_earlier_one_of_the_list_made),
		cmocka_unit_test(the_cloud_sid_is_made_from_the_object_id),
		cmocka_unit_test(a_tenant_file_with_a_mistake_is_refused_with_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
