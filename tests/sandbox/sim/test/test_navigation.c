/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Members, memberOf and their closures, with casts, $count and $expand. */
#include "config.h"

#include "fixture.h"

#include <string.h>

#define U1 "00000001-0000-4000-8000-000000000001"
#define U2 "00000001-0000-4000-8000-000000000002"
#define G1 "00000002-0000-4000-8000-000000000001"
#define G2 "00000002-0000-4000-8000-000000000002"
#define G3 "00000002-0000-4000-8000-000000000003"
#define D1 "00000003-0000-4000-8000-000000000001"

/* top > middle > bottom > top: a circle, as Graph allows it. */
static const char objects[] =
	"'users':[{'id':'" U1 "','displayName':'a One','userPrincipalName':'one@contoso.test'},"
	"{'id':'" U2 "','displayName':'b Two'}],"
	"'devices':[{'id':'" D1 "','displayName':'d Laptop'}],"
	"'groups':[{'id':'" G1 "','displayName':'t Top','members':['" G2 "','" U1 "']},"
	"{'id':'" G2 "','displayName':'m Middle','members':['" G3 "','" D1 "']},"
	"{'id':'" G3 "','displayName':'l Low','members':['" U2 "','" U1 "','" G1 "']}]";

static int set_up(void **state)
{
	*state = fixture_new(1, objects);
	return 0;
}

static int tear_down(void **state)
{
	talloc_free(*state);
	return 0;
}

static char *letters(struct fixture *fixture, const char *url)
{
	char *text = sim_strdup(fixture, "");
	unsigned pages = 0;

	while (url) {
		const cJSON *page = fixture_get(fixture, fixture, url);
		const cJSON *item = NULL;

		cJSON_ArrayForEach(item, sim_json_get_array(page, "value"))
		{
			text = talloc_asprintf_append(
				text, "%.1s", sim_json_get_string(item, "displayName", "?"));
		}
		url = sim_json_get_string(page, "@odata.nextLink", NULL);
		assert_true(++pages < 100);
	}
	return text;
}

static void closures_follow_every_way_once(void **state)
{
	struct fixture *fixture = *state;

	assert_string_equal("ma", letters(fixture, "/v1.0/groups/" G1 "/members"));
	assert_string_equal("abtmld", letters(fixture, "/v1.0/groups/" G1 "/transitiveMembers"));
	assert_string_equal("abtmld",
			    letters(fixture, "/v1.0/groups/" G1 "/transitiveMembers?$top=1"));
	assert_string_equal("tl", letters(fixture, "/v1.0/users/" U1 "/memberOf"));
	assert_string_equal("tml",
			    letters(fixture, "/v1.0/users/one@contoso.test/transitiveMemberOf"));
	assert_string_equal("m", letters(fixture, "/v1.0/devices/" D1 "/memberOf"));
	assert_string_equal("", letters(fixture, "/v1.0/groups/" G1 "/owners"));
}

static void nobody_is_reached_through_a_deleted_group(void **state)
{
	struct fixture *fixture = *state;

	fixture_change(fixture, "{'op':'softDelete','id':'" G2 "'}");
	assert_string_equal("a", letters(fixture, "/v1.0/groups/" G1 "/transitiveMembers"));
	assert_string_equal("", letters(fixture, "/v1.0/devices/" D1 "/transitiveMemberOf"));
}

static void a_cast_keeps_one_type_and_names_no_type(void **state)
{
	struct fixture *fixture = *state;
	const char *url = "/v1.0/groups/" G1 "/members/microsoft.graph.user?$select=displayName";
	const cJSON *page = fixture_get(fixture, fixture, url);

	assert_string_equal("https://sim/v1.0/$metadata#users(displayName)",
			    sim_json_get_string(page, "@odata.context", ""));
	assert_int_equal(1, cJSON_GetArraySize(sim_json_get_array(page, "value")->child));
	assert_string_equal("m", letters(fixture, "/v1.0/groups/" G1 "/members/graph.group"));
	assert_string_equal(
		"", letters(fixture, "/v1.0/users/" U1 "/memberOf/microsoft.graph.directoryRole"));
	fixture_error(fixture, fixture, "/v1.0/groups/" G1 "/members/microsoft.graph.shoe", 400);
	fixture_error(fixture, fixture, "/v1.0/groups/" G1 "/members/graph.user/x", 400);
}

static void a_cast_of_a_closure_is_an_advanced_query(void **state)
{
	struct fixture *fixture = *state;
	const char *url = "/v1.0/groups/" G1 "/transitiveMembers/microsoft.graph.user?$count=true";

	assert_string_equal("Request_UnsupportedQuery", fixture_error(fixture, fixture, url, 400));
	fixture->eventual = true;
	assert_string_equal("ab", letters(fixture, url));
	fixture->eventual = false;
	fixture->world->switches.cast_needs_advanced = false;
	assert_string_equal("ab", letters(fixture, url));
}

static void relations_are_filtered_sorted_and_counted_in_advanced_mode(void **state)
{
	struct fixture *fixture = *state;
	const char *filter =
		"/v1.0/groups/" G3 "/members?$count=true&$filter=startswith(displayName,'b')";
	const char *sort = "/v1.0/groups/" G3 "/members?$count=true&$orderby=displayName desc";

	fixture_error(fixture, fixture, filter, 400);
	fixture_error(fixture, fixture, sort, 400);
	fixture->eventual = true;
	assert_string_equal("b", letters(fixture, filter));
	assert_string_equal("tba", letters(fixture, sort));
	assert_string_equal(
		"2", fixture_call(fixture, fixture, "GET",
				  "/v1.0/groups/" G3 "/members/microsoft.graph.user/$count", NULL)
			     ->body->data);
	assert_string_equal("6", fixture_call(fixture, fixture, "GET",
					      "/v1.0/groups/" G1 "/transitiveMembers/$count", NULL)
					 ->body->data);
}

static void expanded_members_are_twenty_at_most(void **state)
{
	struct fixture *fixture = *state;
	struct sim_buf *changes = sim_buf_new(fixture);
	const cJSON *group = NULL;
	const cJSON *members = NULL;

	for (unsigned i = 10; i < 40; i++) {
		char id[37];

		fixture_id(id, 1, i);
		sim_buf_printf(changes,
			       "%s{'op':'add','type':'user','object':{'id':'%s','displayName':"
			       "'x'}},{'op':'addMembers','id':'" G2 "','members':['%s']}",
			       i > 10 ? "," : "", id, id);
	}
	fixture_change(fixture, changes->data);
	group = fixture_get(fixture, fixture,
			    "/v1.0/groups/" G2 "?$expand=members($select=id,displayName)");
	members = sim_json_get_array(group, "members");
	assert_int_equal(20, cJSON_GetArraySize(members));
	assert_int_equal(3, cJSON_GetArraySize(members->child));
	group = sim_json_get_array(
			fixture_get(fixture, fixture,
				    "/v1.0/groups?$select=id&$expand=members&$filter=id eq '" G1
				    "'"),
			"value")
			->child;
	assert_int_equal(2, cJSON_GetArraySize(sim_json_get_array(group, "members")));
}

static void groups_are_checked_for_membership(void **state)
{
	struct fixture *fixture = *state;
	struct sim_response *response =
		fixture_call(fixture, fixture, "POST", "/v1.0/users/" U2 "/checkMemberGroups",
			     "{\"groupIds\":[\"" G1 "\",\"" D1 "\"]}");

	assert_int_equal(200, response->status);
	assert_non_null(strstr(response->body->data, "\"value\":[\"" G1 "\"]"));
	response = fixture_call(fixture, fixture, "POST", "/v1.0/users/" U2 "/getMemberGroups",
				"{\"securityEnabledOnly\":true}");
	assert_int_equal(200, response->status);
	response =
		fixture_call(fixture, fixture, "POST", "/v1.0/users/" U2 "/getMemberGroups", "{}");
	assert_int_equal(400, response->status);
}

static void lists_can_have_empty_pages_too(void **state)
{
	struct fixture *fixture = *state;

	fixture->world->switches.empty_list_every = 2;
	assert_string_equal("tml", letters(fixture, "/v1.0/groups?$top=1"));
	fixture->world->switches.empty_list_every = 1;
	assert_null(
		sim_json_get_array(fixture_get(fixture, fixture, "/v1.0/groups"), "value")->child);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(closures_follow_every_way_once),
		TEST(nobody_is_reached_through_a_deleted_group),
		TEST(a_cast_keeps_one_type_and_names_no_type),
		TEST(a_cast_of_a_closure_is_an_advanced_query),
		TEST(relations_are_filtered_sorted_and_counted_in_advanced_mode),
		TEST(expanded_members_are_twenty_at_most),
		TEST(groups_are_checked_for_membership),
		TEST(lists_can_have_empty_pages_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
