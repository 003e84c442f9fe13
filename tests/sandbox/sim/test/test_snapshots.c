/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Snapshots: the directory as it was, and which tokens outlive a restore. */
#include "config.h"

#include "fixture.h"

#include <string.h>

#include "sim/control/snapshots.h"
#include "sim/generate/generate.h"
#include "sim/identity/session.h"
#include "sim/store/settings.h"

#define U1 "00000001-0000-4000-8000-000000000001"
#define U2 "00000001-0000-4000-8000-000000000002"
#define G1 "00000002-0000-4000-8000-000000000001"

static const char small[] = "'users':[{'id':'" U1 "','displayName':'One'},{'id':'" U2 "'}],"
			    "'groups':[{'id':'" G1 "','displayName':'G','members':['" U1 "']}]";

static const char more[] =
	"{'op':'patch','id':'" G1 "','set':{'displayName':'Other'}},"
	"{'op':'addMembers','id':'" G1 "','members':['" U2 "']},"
	"{'op':'hardDelete','id':'" U1 "'},"
	"{'op':'add','type':'user','object':{'id':'00000001-0000-4000-8000-0000000000aa'}}";

static void take(struct fixture *fixture, const char *name)
{
	struct sim_err err;

	assert_true(sim_snapshot_take(fixture->world, name, &err));
}

static void restore(struct fixture *fixture, const char *name)
{
	struct sim_err err;

	assert_true(sim_snapshot_restore(fixture->world, name, &err));
}

/* All that listing shows. */
static char *listing(const void *ctx, struct fixture *fixture)
{
	static const char *const urls[] = {"/beta/users?$top=999", "/beta/groups?$top=999",
					   "/beta/groups/" G1 "/members?$top=999"};
	char *all = sim_strdup(ctx, "");

	for (size_t i = 0; i < SIM_ARRAY_SIZE(urls); i++) {
		struct sim_response *response = fixture_call(ctx, fixture, "GET", urls[i], NULL);

		assert_int_equal(200, response->status);
		all = sim_mem_check(talloc_strdup_append(all, response->body->data));
	}
	return all;
}

static void a_restore_brings_everything_back_as_often_as_wanted(void **state)
{
	struct fixture *fixture = fixture_new(1, small);
	char *before = listing(fixture, fixture);

	(void)state;
	take(fixture, "a");
	for (int i = 0; i < 3; i++) {
		fixture_change(fixture, more);
		assert_string_not_equal(before, listing(fixture, fixture));
		restore(fixture, "a");
		assert_string_equal(before, listing(fixture, fixture));
	}
	talloc_free(fixture);
}

static void a_generated_tenant_comes_back_too(void **state)
{
	struct fixture *fixture = fixture_new(1, small);
	struct sim_spec spec;
	struct sim_err err;
	char *before = NULL;

	(void)state;
	assert_true(sim_spec_parse("people=200,groups=50,links=2000,cycles=1", &spec, &err));
	assert_true(sim_generate(fixture->world->tenant->store, &spec, &err));
	before = listing(fixture, fixture);
	take(fixture, "a");
	fixture_change(fixture, more);
	restore(fixture, "a");
	assert_string_equal(before, listing(fixture, fixture));
	assert_int_equal(2001, fixture->world->tenant->store->links_present);
	talloc_free(fixture);
}

static const char *delta_link(struct fixture *fixture, const char *url)
{
	const cJSON *page = fixture_get(fixture, fixture, url);
	const char *next = sim_json_get_string(page, "@odata.nextLink", NULL);

	return next ? delta_link(fixture, next) : sim_json_get_string(page, "@odata.deltaLink", "");
}

static unsigned status_of(struct fixture *fixture, const char *url)
{
	return fixture_call(fixture, fixture, "GET", url, NULL)->status;
}

static void tokens_from_before_go_on_and_tokens_from_after_are_gone(void **state)
{
	struct fixture *fixture = fixture_new(1, small);
	const char *early = delta_link(fixture, "/v1.0/groups/delta");
	const char *before = NULL;
	const char *after = NULL;
	const char *again = NULL;

	(void)state;
	fixture_change(fixture, "{'op':'patch','id':'" G1 "','set':{'displayName':'H'}}");
	before = delta_link(fixture, early);
	take(fixture, "a");
	fixture_change(fixture, more);
	after = delta_link(fixture, before);
	restore(fixture, "a");
	assert_int_equal(200, status_of(fixture, early));
	assert_int_equal(200, status_of(fixture, before));
	assert_int_equal(410, status_of(fixture, after));
	/* The same sequence numbers are given out again, for something else. */
	fixture_change(fixture, more);
	fixture_change(fixture, "{'op':'patch','id':'" G1 "','set':{'displayName':'I'}}");
	assert_int_equal(410, status_of(fixture, after));
	again = delta_link(fixture, before);
	assert_int_equal(200, status_of(fixture, again));
	/* And what happened after the first restore did not happen after the second. */
	restore(fixture, "a");
	fixture_change(fixture, more);
	fixture_change(fixture, "{'op':'patch','id':'" G1 "','set':{'displayName':'J'}}");
	assert_int_equal(410, status_of(fixture, again));
	assert_int_equal(200, status_of(fixture, before));
	talloc_free(fixture);
}

static unsigned write_status(struct fixture *fixture, const char *method, const char *url,
			     const char *body)
{
	return fixture_call(fixture, fixture, method, url, body)->status;
}

/* What is beside the directory: settings, apps and their roles, people's roles, who has signed in. */
static void everything_beside_the_directory_comes_back_too(void **state)
{
	static const char setting[] =
		"{\"templateId\":\"62375ab9-6b52-47ed-826b-58e47e0e304b\",\"values\":[{\"name\":"
		"\"NewUnifiedGroupWritebackDefault\",\"value\":\"false\"}]}";
	struct fixture *fixture = fixture_new(1, small);
	struct sim_world *world = fixture->world;
	struct sim_device *device = NULL;
	const char *code = NULL;

	(void)state;
	fixture_sign_in(fixture, "Directory.ReadWrite.All Application.ReadWrite.All");
	assert_int_equal(201, write_status(fixture, "POST", "/v1.0/groupSettings", setting));
	device = sim_device_new(world);
	device->client_id = sim_strdup(device, FIXTURE_APP);
	device->scope = (struct sim_scope){.names = sim_strdup(device, "User.Read"),
					   .prefix = sim_strdup(device, "")};
	code = sim_strdup(fixture, device->code);
	fixture_change(fixture, "{'op':'setDirectoryRoles','id':'" U1
				"','directoryRoles':['Global Reader']}");
	take(fixture, "a");
	for (int i = 0; i < 2; i++) {
		world->tenant->settings->count = 0;
		device = sim_device_by_code(world, code);
		device->state = SIM_DEVICE_REDEEMED;
		fixture_change(fixture, "{'op':'setApp','appId':'" FIXTURE_APP
					"','roles':[],'secrets':['other'],'disabled':true},"
					"{'op':'setDirectoryRoles','id':'" U1
					"','directoryRoles':[]}");
		assert_int_equal(201, write_status(fixture, "POST", "/v1.0/applications",
						   "{\"displayName\":\"Late\"}"));
		restore(fixture, "a");
		assert_int_equal(2, world->tenant->apps->items[0]->role_count);
		assert_string_equal(FIXTURE_SECRET, world->tenant->apps->items[0]->secrets[0].value);
		assert_false(world->tenant->apps->items[0]->disabled);
		assert_int_equal(SIM_GLOBAL_READER, sim_account_roles(world->tenant->accounts, U1));
		assert_int_equal(1, world->tenant->settings->count);
		assert_int_equal(SIM_DEVICE_PENDING, sim_device_by_code(world, code)->state);
		for (size_t j = 0; j < world->tenant->apps->count; j++) {
			assert_string_not_equal("Late", world->tenant->apps->items[j]->display_name);
		}
	}
	talloc_free(fixture);
}

static void names_are_replaced_dropped_and_refused(void **state)
{
	struct fixture *fixture = fixture_new(1, small);
	struct sim_world *world = fixture->world;
	struct sim_err err;
	char *changed = NULL;

	(void)state;
	assert_false(sim_snapshot_take(world, "", &err));
	assert_false(sim_snapshot_restore(world, "a", &err));
	assert_false(sim_snapshot_drop(world, "a", &err));
	take(fixture, "a");
	take(fixture, "b");
	fixture_change(fixture, more);
	changed = listing(fixture, fixture);
	take(fixture, "a");
	restore(fixture, "b");
	restore(fixture, "a");
	assert_string_equal(changed, listing(fixture, fixture));
	assert_true(sim_snapshot_drop(world, "a", &err));
	assert_false(sim_snapshot_restore(world, "a", &err));
	restore(fixture, "b");
	talloc_free(fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_restore_brings_everything_back_as_often_as_wanted),
		cmocka_unit_test(a_generated_tenant_comes_back_too),
		cmocka_unit_test(tokens_from_before_go_on_and_tokens_from_after_are_gone),
		cmocka_unit_test(everything_beside_the_directory_comes_back_too),
		cmocka_unit_test(names_are_replaced_dropped_and_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
