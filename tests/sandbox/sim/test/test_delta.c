/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groups/delta and users/delta, one rule of the service a test. */
#include "config.h"

#include "fixture.h"

#include <stdio.h>
#include <string.h>

#define U1 "00000001-0000-4000-8000-000000000001"
#define U2 "00000001-0000-4000-8000-000000000002"
#define U3 "00000001-0000-4000-8000-000000000003"
#define G1 "00000002-0000-4000-8000-000000000001"
#define G2 "00000002-0000-4000-8000-000000000002"

static const char small[] =
	"'users':[{'id':'" U1 "','displayName':'One'},{'id':'" U2 "','displayName':'Two'},"
	"{'id':'" U3 "','displayName':'Three'}],"
	"'groups':[{'id':'" G1 "','displayName':'First','members':['" U1 "','" U2 "']},"
	"{'id':'" G2 "','displayName':'Second','description':'d'}]";

static int set_up(void **state)
{
	*state = fixture_new(1, small);
	return 0;
}

static int tear_down(void **state)
{
	talloc_free(*state);
	return 0;
}

static const cJSON *find(const cJSON *page, const char *id)
{
	const cJSON *item = NULL;

	cJSON_ArrayForEach(item, sim_json_get_array(page, "value"))
	{
		if (strcmp(sim_json_get_string(item, "id", ""), id) == 0) {
			return item;
		}
	}
	return NULL;
}

static int count(const cJSON *page)
{
	return cJSON_GetArraySize(sim_json_get_array(page, "value"));
}

static const char *next(const cJSON *page)
{
	return sim_json_get_string(page, "@odata.nextLink", NULL);
}

static const char *delta(const cJSON *page)
{
	return sim_json_get_string(page, "@odata.deltaLink", NULL);
}

static bool has(const cJSON *item, const char *key)
{
	return cJSON_GetObjectItemCaseSensitive(item, key) != NULL;
}

/* The deltaLink after everything that is there now. */
static const char *settle(struct fixture *fixture, const char *url)
{
	const cJSON *page = fixture_get(fixture, fixture, url);

	while (next(page)) {
		page = fixture_get(fixture, fixture, next(page));
	}
	assert_non_null(delta(page));
	return delta(page);
}

static const char *reason(const cJSON *item)
{
	return sim_json_get_string(cJSON_GetObjectItemCaseSensitive(item, "@removed"), "reason",
				   NULL);
}

static void the_context_names_what_was_selected(void **state)
{
	struct fixture *fixture = *state;
	const cJSON *page =
		fixture_get(fixture, fixture, "/v1.0/groups/delta?$select=members,displayName");

	assert_string_equal("https://sim/v1.0/$metadata#groups(displayName,members)",
			    sim_json_get_string(page, "@odata.context", ""));
	page = fixture_get(fixture, fixture, "/v1.0/groups/delta");
	assert_string_equal("https://sim/v1.0/$metadata#groups",
			    sim_json_get_string(page, "@odata.context", ""));
}

static void a_switch_says_why_security_groups_are_gone(void **state)
{
	struct fixture *fixture = *state;
	const cJSON *page = NULL;
	const cJSON *item = NULL;

	fixture_change(fixture, "{'op':'softDelete','id':'" G1 "'}");
	fixture->world->switches.security_is_changed = false;
	page = fixture_get(fixture, fixture, "/v1.0/groups/delta?$filter=id eq '" G1 "'");
	item = cJSON_GetObjectItemCaseSensitive(sim_json_get_array(page, "value")->child,
						"@removed");
	assert_string_equal("deleted", sim_json_get_string(item, "reason", ""));
}

static void latest_gives_no_objects_and_a_delta_link(void **state)
{
	struct fixture *fixture = *state;
	const cJSON *page = fixture_get(fixture, fixture,
					"/v1.0/groups/delta?$select=members&$deltaToken=latest");

	assert_int_equal(0, count(page));
	fixture_change(fixture, "{'op':'addMembers','id':'" G2 "','members':['" U3 "']}");
	page = fixture_get(fixture, fixture, delta(page));
	assert_int_equal(1, count(page));
	assert_true(has(find(page, G2), "members@delta"));
}

static void what_was_never_set_is_absent_and_what_was_cleared_is_null(void **state)
{
	struct fixture *fixture = *state;
	const char *url = "/v1.0/groups/delta?$select=displayName,description,mail";
	const cJSON *page = fixture_get(fixture, fixture, url);

	assert_false(has(find(page, G1), "description"));
	assert_true(has(find(page, G2), "description"));
	assert_false(has(find(page, G2), "mail"));
	fixture_change(fixture,
		       "{'op':'patch','id':'" G2 "','set':{'description':null,'mail':null}}");
	page = fixture_get(fixture, fixture, delta(page));
	assert_true(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(find(page, G2), "description")));
	assert_false(has(find(page, G2), "mail"));
}

static void select_decides_which_changes_bring_an_object_up(void **state)
{
	struct fixture *fixture = *state;
	const char *link = settle(fixture, "/v1.0/groups/delta?$select=displayName");
	const cJSON *page = NULL;

	fixture_change(fixture, "{'op':'patch','id':'" G1 "','set':{'description':'x'}},"
				"{'op':'addMembers','id':'" G1 "','members':['" U3 "']}");
	page = fixture_get(fixture, fixture, link);
	assert_int_equal(0, count(page));
	fixture_change(fixture, "{'op':'patch','id':'" G1 "','set':{'displayName':'y'}}");
	page = fixture_get(fixture, fixture, delta(page));
	assert_int_equal(1, count(page));
	assert_false(has(find(page, G1), "description"));
	assert_false(has(find(page, G1), "members@delta"));
}

static void minimal_shows_what_changed_and_the_default_shows_all_that_is_set(void **state)
{
	struct fixture *fixture = *state;
	const char *link =
		settle(fixture, "/v1.0/groups/delta?$select=displayName,description,members");
	const cJSON *page = NULL;

	fixture_change(fixture, "{'op':'patch','id':'" G2 "','set':{'description':'new'}}");
	page = fixture_get(fixture, fixture, link);
	assert_true(has(find(page, G2), "displayName"));
	fixture->prefer = "return=minimal";
	page = fixture_get(fixture, fixture, link);
	assert_false(has(find(page, G2), "displayName"));
	assert_true(has(find(page, G2), "description"));
	assert_false(has(find(page, G2), "members@delta"));
}

static void soft_deletion_is_changed_and_hard_deletion_is_deleted(void **state)
{
	struct fixture *fixture = *state;
	const char *link = settle(fixture, "/v1.0/groups/delta");
	const cJSON *page = NULL;

	fixture_change(fixture,
		       "{'op':'softDelete','id':'" G1 "'},{'op':'hardDelete','id':'" G2 "'}");
	page = fixture_get(fixture, fixture, link);
	assert_string_equal("changed", reason(find(page, G1)));
	assert_string_equal("deleted", reason(find(page, G2)));
	assert_int_equal(2, cJSON_GetArraySize(find(page, G1)));
	fixture_change(fixture, "{'op':'hardDelete','id':'" G1 "'}");
	page = fixture_get(fixture, fixture, delta(page));
	assert_int_equal(1, count(page));
	assert_string_equal("deleted", reason(find(page, G1)));
}

static void a_restored_group_comes_back_whole(void **state)
{
	struct fixture *fixture = *state;
	const char *link = settle(fixture, "/v1.0/groups/delta");
	const cJSON *page = NULL;

	fixture_change(fixture, "{'op':'softDelete','id':'" G1 "'}");
	page = fixture_get(fixture, fixture, link);
	fixture_change(fixture, "{'op':'restore','id':'" G1 "'}");
	page = fixture_get(fixture, fixture, delta(page));
	assert_null(reason(find(page, G1)));
	assert_int_equal(2,
			 cJSON_GetArraySize(sim_json_get_array(find(page, G1), "members@delta")));
}

static void an_initial_round_carries_tombstones_unless_switched_off(void **state)
{
	struct fixture *fixture = *state;
	const cJSON *page = NULL;

	fixture_change(fixture, "{'op':'hardDelete','id':'" G1 "'}");
	page = fixture_get(fixture, fixture, "/v1.0/groups/delta");
	assert_string_equal("deleted", reason(find(page, G1)));
	fixture->world->switches.tombstones = false;
	page = fixture_get(fixture, fixture, "/v1.0/groups/delta");
	assert_null(find(page, G1));
}

static void a_soft_deleted_member_is_not_reported_and_a_hard_deleted_one_is(void **state)
{
	struct fixture *fixture = *state;
	const char *link = settle(fixture, "/v1.0/groups/delta?$select=members");
	const cJSON *page = NULL;
	const cJSON *member = NULL;

	fixture_change(fixture, "{'op':'softDelete','id':'" U1 "'}");
	page = fixture_get(fixture, fixture, link);
	assert_int_equal(0, count(page));
	fixture_change(fixture, "{'op':'hardDelete','id':'" U1 "'}");
	page = fixture_get(fixture, fixture, delta(page));
	member = sim_json_get_array(find(page, G1), "members@delta")->child;
	assert_string_equal(U1, sim_json_get_string(member, "id", ""));
	assert_string_equal("#microsoft.graph.user",
			    sim_json_get_string(member, "@odata.type", ""));
	assert_string_equal("deleted", reason(member));
}

/* A group of 1,234 people and the pages it needs. */
static struct fixture *large_group(void)
{
	struct fixture *fixture = fixture_new(2, small);
	char id[37];

	for (unsigned i = 0; i < 1234; i++) {
		char change[256];

		fixture_id(id, 7, i);
		snprintf(change, sizeof(change),
			 "{'op':'add','type':'user','object':{'id':'%s'}},"
			 "{'op':'addMembers','id':'" G2 "','members':['%s']}",
			 id, id);
		fixture_change(fixture, change);
	}
	return fixture;
}

static void a_large_group_returns_on_page_after_page_with_its_properties(void **state)
{
	struct fixture *fixture = large_group();
	const cJSON *page = fixture_get(fixture, fixture, "/v1.0/groups/delta");
	int slices = 0;
	int members = 0;

	(void)state;
	for (;;) {
		const cJSON *group = find(page, G2);

		if (group) {
			int size = cJSON_GetArraySize(sim_json_get_array(group, "members@delta"));

			assert_true(size <= 500);
			assert_string_equal("Second",
					    sim_json_get_string(group, "displayName", ""));
			slices++;
			members += size;
		}
		if (!next(page)) {
			break;
		}
		page = fixture_get(fixture, fixture, next(page));
	}
	assert_int_equal(3, slices);
	assert_int_equal(1234, members);
	talloc_free(fixture);
}

static void replays_show_every_object_as_often_as_asked(void **state)
{
	struct fixture *fixture = *state;
	const cJSON *page = NULL;
	const cJSON *item = NULL;
	int seen = 0;

	fixture->world->switches.replay = 10;
	page = fixture_get(fixture, fixture, "/v1.0/groups/delta");
	cJSON_ArrayForEach(item, sim_json_get_array(page, "value"))
	{
		seen += strcmp(sim_json_get_string(item, "id", ""), G1) == 0;
	}
	assert_int_equal(10, seen);
}

static void empty_pages_have_a_next_link(void **state)
{
	struct fixture *fixture = *state;
	const cJSON *page = NULL;

	fixture->world->switches.empty_every = 1000;
	fixture->world->switches.delta_page_size = 1;
	fixture->world->switches.empty_every = 2;
	page = fixture_get(fixture, fixture, "/v1.0/groups/delta");
	assert_int_equal(1, count(page));
	page = fixture_get(fixture, fixture, next(page));
	assert_int_equal(0, count(page));
	assert_non_null(next(page));
}

static void a_filter_names_up_to_fifty_ids(void **state)
{
	struct fixture *fixture = *state;
	struct sim_buf *url = sim_buf_new(fixture);
	const cJSON *page = NULL;

	page = fixture_get(fixture, fixture,
			   "/v1.0/groups/delta?$filter=id%20eq%20'" G2 "'%20or%20id%20eq%20'" U1
			   "'");
	assert_int_equal(1, count(page));
	assert_non_null(find(page, G2));
	fixture_change(fixture, "{'op':'patch','id':'" G1 "','set':{'displayName':'y'}},"
				"{'op':'patch','id':'" G2 "','set':{'displayName':'z'}}");
	page = fixture_get(fixture, fixture, delta(page));
	assert_int_equal(1, count(page));
	for (unsigned i = 0; i < 51; i++) {
		char id[37];

		if (i == 50) {
			fixture_get(fixture, fixture, url->data);
		}
		fixture_id(id, 9, i);
		sim_buf_printf(url, "%sid+eq+'%s'", i ? "+or+" : "/v1.0/groups/delta?$filter=", id);
	}
	assert_string_equal("Request_UnsupportedQuery",
			    fixture_error(fixture, fixture, url->data, 400));
}

static void options_that_delta_does_not_know_are_refused_and_top_is_tolerated(void **state)
{
	struct fixture *fixture = *state;

	fixture_get(fixture, fixture, "/v1.0/groups/delta?$top=5000");
	fixture_error(fixture, fixture, "/v1.0/groups/delta?$expand=members", 400);
	fixture_error(fixture, fixture, "/v1.0/groups/delta?$orderby=displayName", 400);
	fixture_error(fixture, fixture, "/v1.0/groups/delta?$filter=displayName%20eq%20'x'", 400);
	fixture_error(fixture, fixture, "/v1.0/users/delta?$select=members", 400);
}

static void old_tokens_expire(void **state)
{
	struct fixture *fixture = *state;
	const char *link = settle(fixture, "/v1.0/groups/delta");
	const char *page_link = NULL;

	fixture->world->switches.delta_page_size = 1;
	page_link = next(fixture_get(fixture, fixture, "/v1.0/groups/delta"));
	fixture->world->clock.offset_s += 7 * 86400 - 60;
	fixture_sign_in(fixture, "Group.Read.All");
	fixture_get(fixture, fixture, link);
	assert_string_equal("Directory_ExpiredPageToken",
			    fixture_error(fixture, fixture, page_link, 400));
	fixture->world->clock.offset_s += 120;
	assert_string_equal("syncStateNotFound", fixture_error(fixture, fixture, link, 400));
}

static void a_reset_is_gone_with_the_place_to_begin_anew(void **state)
{
	struct fixture *fixture = *state;
	const char *link = settle(fixture, "/v1.0/groups/delta");
	struct sim_response *response = NULL;

	fixture_change(fixture, "{'op':'resetDelta'}");
	response = fixture_call(fixture, fixture, "GET", link, NULL);
	assert_int_equal(410, response->status);
	assert_string_equal("https://sim/v1.0/groups/delta?$deltatoken=",
			    sim_pairs_get(&response->headers, "Location"));
	fixture_get(fixture, fixture, sim_pairs_get(&response->headers, "Location"));
}

static void a_token_of_another_run_is_gone_once_that_run_changed_the_tenant(void **state)
{
	struct fixture *fixture = *state;
	const char *untouched = settle(fixture, "/v1.0/groups/delta");
	const char *changed = NULL;

	fixture_change(fixture, "{'op':'patch','id':'" G1 "','set':{'displayName':'y'}}");
	changed = settle(fixture, "/v1.0/groups/delta");
	fixture->world->instance++;
	fixture_get(fixture, fixture, untouched);
	assert_string_equal("syncStateNotFound", fixture_error(fixture, fixture, changed, 410));
}

static void a_token_changed_by_one_character_is_refused(void **state)
{
	struct fixture *fixture = *state;
	char *link = sim_strdup(fixture, settle(fixture, "/v1.0/groups/delta"));
	size_t at = strlen(link) - 30;

	link[at] = link[at] == 'A' ? 'B' : 'A';
	assert_string_equal("Request_BadRequest", fixture_error(fixture, fixture, link, 400));
	fixture_error(fixture, fixture, "/v1.0/users/delta?$deltatoken=x", 400);
}

static void a_token_of_groups_does_not_open_users(void **state)
{
	struct fixture *fixture = *state;
	const char *link = settle(fixture, "/v1.0/groups/delta");
	const char *token = strchr(link, '=') + 1;

	fixture_error(fixture, fixture,
		      sim_printf(fixture, "/v1.0/users/delta?$deltatoken=%s", token), 400);
	fixture_error(fixture, fixture,
		      sim_printf(fixture, "/beta/groups/delta?$deltatoken=%s", token), 400);
	fixture_error(fixture, fixture,
		      sim_printf(fixture, "/v1.0/groups/delta?$skiptoken=%s", token), 400);
}

static void writeback_is_tracked_on_beta_alone(void **state)
{
	struct fixture *fixture = *state;
	const char *link =
		settle(fixture, "/beta/groups/delta?$select=displayName,writebackConfiguration");
	const cJSON *page = NULL;

	fixture_change(fixture, "{'op':'patch','id':'" G1
				"','set':{'writebackConfiguration':{'isEnabled':true}}}");
	page = fixture_get(fixture, fixture, link);
	assert_true(has(cJSON_GetObjectItemCaseSensitive(find(page, G1), "writebackConfiguration"),
			"onPremisesGroupType"));
	fixture_error(fixture, fixture, "/v1.0/groups/delta?$select=writebackConfiguration", 400);
	fixture->world->switches.delta_writeback = false;
	link = settle(fixture, "/beta/groups/delta?$select=displayName,writebackConfiguration");
	fixture_change(fixture, "{'op':'patch','id':'" G1
				"','set':{'writebackConfiguration':{'isEnabled':false}}}");
	assert_int_equal(0, count(fixture_get(fixture, fixture, link)));
}

static void hidden_members_stay_hidden_without_the_role(void **state)
{
	struct fixture *fixture = *state;
	const cJSON *page = NULL;

	fixture_change(fixture,
		       "{'op':'patch','id':'" G1 "','set':{'visibility':'HiddenMembership'}}");
	page = fixture_get(fixture, fixture, "/v1.0/groups/delta");
	assert_true(has(find(page, G1), "members@delta"));
	fixture_sign_in(fixture, "Group.Read.All");
	page = fixture_get(fixture, fixture, "/v1.0/groups/delta");
	assert_false(has(find(page, G1), "members@delta"));
}

static void a_change_shows_in_delta_when_it_is_as_old_as_the_lag(void **state)
{
	struct fixture *fixture = *state;
	const char *link = settle(fixture, "/v1.0/groups/delta?$select=displayName");
	const cJSON *page = NULL;

	fixture->world->switches.lag_s = 60;
	fixture->world->clock.offset_s += 100;
	page = fixture_get(fixture, fixture, link);
	fixture_sign_in(fixture, "Group.Read.All");
	fixture_change(fixture, "{'op':'patch','id':'" G1 "','set':{'displayName':'late'}}");
	page = fixture_get(fixture, fixture, delta(page));
	assert_int_equal(0, count(page));
	fixture->world->clock.offset_s += 61;
	fixture_sign_in(fixture, "Group.Read.All");
	page = fixture_get(fixture, fixture, delta(page));
	assert_string_equal("late", sim_json_get_string(find(page, G1), "displayName", ""));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(latest_gives_no_objects_and_a_delta_link),
		TEST(the_context_names_what_was_selected),
		TEST(a_switch_says_why_security_groups_are_gone),
		TEST(what_was_never_set_is_absent_and_what_was_cleared_is_null),
		TEST(select_decides_which_changes_bring_an_object_up),
		TEST(minimal_shows_what_changed_and_the_default_shows_all_that_is_set),
		TEST(soft_deletion_is_changed_and_hard_deletion_is_deleted),
		TEST(a_restored_group_comes_back_whole),
		TEST(an_initial_round_carries_tombstones_unless_switched_off),
		TEST(a_soft_deleted_member_is_not_reported_and_a_hard_deleted_one_is),
		TEST(a_large_group_returns_on_page_after_page_with_its_properties),
		TEST(replays_show_every_object_as_often_as_asked),
		TEST(empty_pages_have_a_next_link),
		TEST(a_filter_names_up_to_fifty_ids),
		TEST(options_that_delta_does_not_know_are_refused_and_top_is_tolerated),
		TEST(old_tokens_expire),
		TEST(a_reset_is_gone_with_the_place_to_begin_anew),
		TEST(a_token_of_another_run_is_gone_once_that_run_changed_the_tenant),
		TEST(a_token_changed_by_one_character_is_refused),
		TEST(a_token_of_groups_does_not_open_users),
		TEST(writeback_is_tracked_on_beta_alone),
		TEST(hidden_members_stay_hidden_without_the_role),
		TEST(a_change_shows_in_delta_when_it_is_as_old_as_the_lag),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
