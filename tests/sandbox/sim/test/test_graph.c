/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists, members, rights and batches, within the process. */
#include "config.h"

#include "fixture.h"

#include <string.h>

#include "sim/http/fault.h"

#define U1 "00000001-0000-4000-8000-000000000001"
#define U2 "00000001-0000-4000-8000-000000000002"
#define G1 "00000002-0000-4000-8000-000000000001"
#define G2 "00000002-0000-4000-8000-000000000002"
#define D1 "00000003-0000-4000-8000-000000000001"
#define S1 "00000004-0000-4000-8000-000000000001"

static const char objects[] =
	"'users':[{'id':'" U1 "','displayName':'One','userPrincipalName':'one@contoso.test',"
	"'onPremisesSyncEnabled':true},{'id':'" U2 "','displayName':'Two'}],"
	"'devices':[{'id':'" D1 "','displayName':'Laptop'}],"
	"'servicePrincipals':[{'id':'" S1 "','displayName':'Robot'}],"
	"'groups':[{'id':'" G1 "','displayName':'First','members':['" U1 "','" U2 "','" D1 "','" S1
	"','" G2 "']},{'id':'" G2 "','displayName':'Second','visibility':'HiddenMembership',"
	"'members':['" U1 "']}]";

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

static const cJSON *first(const cJSON *page)
{
	return sim_json_get_array(page, "value")->child;
}

static int count(const cJSON *page)
{
	return cJSON_GetArraySize(sim_json_get_array(page, "value"));
}

static void every_page_but_the_last_has_a_next_link(void **state)
{
	struct fixture *fixture = *state;
	const char *url = "/v1.0/groups/" G1 "/members?$select=id&$top=2";
	int pages = 0;
	int members = 0;

	while (url) {
		const cJSON *page = fixture_get(fixture, fixture, url);

		pages++;
		members += count(page);
		url = sim_json_get_string(page, "@odata.nextLink", NULL);
	}
	assert_int_equal(2, pages);
	assert_int_equal(4, members);
}

static void deletions_while_paging_move_nothing_that_was_not_yet_seen(void **state)
{
	struct fixture *fixture = *state;
	const cJSON *page =
		fixture_get(fixture, fixture, "/beta/groups/" G1 "/members?$select=id&$top=2");

	fixture_change(fixture, "{'op':'removeMembers','id':'" G1 "','members':['" U1 "']},"
				"{'op':'softDelete','id':'" U2 "'}");
	page = fixture_get(fixture, fixture, sim_json_get_string(page, "@odata.nextLink", ""));
	assert_string_equal(D1, sim_json_get_string(first(page), "id", ""));
	assert_int_equal(2, count(page));
}

static void v1_leaves_service_principals_out_and_beta_has_them(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(4, count(fixture_get(fixture, fixture, "/v1.0/groups/" G1 "/members")));
	assert_int_equal(5, count(fixture_get(fixture, fixture, "/beta/groups/" G1 "/members")));
}

static void members_of_an_unreadable_type_have_an_id_and_nulls(void **state)
{
	struct fixture *fixture = *state;
	const cJSON *page = NULL;

	fixture_sign_in(fixture, "Group.Read.All");
	page = fixture_get(fixture, fixture,
			   "/v1.0/groups/" G1 "/members?$select=displayName,onPremisesSyncEnabled");
	assert_string_equal(U1, sim_json_get_string(first(page), "id", ""));
	assert_true(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(first(page), "displayName")));
	assert_true(cJSON_IsNull(
		cJSON_GetObjectItemCaseSensitive(first(page), "onPremisesSyncEnabled")));
	fixture_sign_in(fixture, "Group.Read.All User.ReadBasic.All");
	page = fixture_get(fixture, fixture,
			   "/v1.0/groups/" G1 "/members?$select=displayName,onPremisesSyncEnabled");
	assert_string_equal("One", sim_json_get_string(first(page), "displayName", ""));
	assert_true(cJSON_IsNull(
		cJSON_GetObjectItemCaseSensitive(first(page), "onPremisesSyncEnabled")));
}

static void hidden_members_are_an_empty_list_or_forbidden(void **state)
{
	struct fixture *fixture = *state;
	const char *url = "/v1.0/groups/" G2 "/members";

	assert_int_equal(1, count(fixture_get(fixture, fixture, url)));
	fixture_sign_in(fixture, "Group.Read.All User.Read.All");
	assert_int_equal(0, count(fixture_get(fixture, fixture, url)));
	fixture->world->switches.hidden_is_forbidden = true;
	assert_string_equal("Authorization_RequestDenied",
			    fixture_error(fixture, fixture, url, 403));
}

static void each_endpoint_wants_its_roles(void **state)
{
	struct fixture *fixture = *state;
	static const char *const urls[] = {"/v1.0/groups",     "/v1.0/groups/delta",
					   "/v1.0/groups/" G1, "/v1.0/groups/" G1 "/members",
					   "/v1.0/users",      "/v1.0/users/delta",
					   "/v1.0/users/" U1,  "/v1.0/organization"};

	fixture_sign_in(fixture, "");
	for (size_t i = 0; i < SIM_ARRAY_SIZE(urls); i++) {
		assert_string_equal("Authorization_RequestDenied",
				    fixture_error(fixture, fixture, urls[i], 403));
	}
	fixture_sign_in(fixture, "GroupMember.Read.All");
	fixture_get(fixture, fixture, "/v1.0/groups/" G1 "/members");
	fixture_error(fixture, fixture, "/v1.0/users", 403);
}

static void top_is_from_one_to_999(void **state)
{
	struct fixture *fixture = *state;
	static const char *const bad[] = {"0", "1000", "-1", "x", "", "1x", "99999999999999999999"};

	for (size_t i = 0; i < SIM_ARRAY_SIZE(bad); i++) {
		fixture_error(fixture, fixture, sim_printf(fixture, "/v1.0/groups?$top=%s", bad[i]),
			      400);
	}
	assert_int_equal(1, count(fixture_get(fixture, fixture, "/v1.0/groups?$top=1")));
	fixture_get(fixture, fixture, "/v1.0/groups?$top=999");
}

static void count_needs_the_advanced_mode_and_stands_on_page_one_only(void **state)
{
	struct fixture *fixture = *state;
	const cJSON *page = fixture_get(fixture, fixture, "/v1.0/users?$count=true");

	assert_null(cJSON_GetObjectItemCaseSensitive(page, "@odata.count"));
	fixture_error(fixture, fixture, "/v1.0/users/$count", 400);
	fixture->eventual = true;
	page = fixture_get(fixture, fixture, "/v1.0/users?$count=true&$top=1");
	assert_int_equal(2, sim_json_get_int(page, "@odata.count", -1));
	page = fixture_get(fixture, fixture, sim_json_get_string(page, "@odata.nextLink", ""));
	assert_null(cJSON_GetObjectItemCaseSensitive(page, "@odata.count"));
	assert_string_equal("4", fixture_call(fixture, fixture, "GET",
					      "/v1.0/groups/" G1 "/members/$count", NULL)
					 ->body->data);
}

static void page_two_in_another_mode_is_an_expired_token(void **state)
{
	struct fixture *fixture = *state;
	const cJSON *page = NULL;

	fixture->eventual = true;
	page = fixture_get(fixture, fixture, "/v1.0/users?$top=1");
	fixture->eventual = false;
	assert_string_equal("Directory_ExpiredPageToken",
			    fixture_error(fixture, fixture,
					  sim_json_get_string(page, "@odata.nextLink", ""), 400));
}

static void a_page_token_opens_only_its_own_collection(void **state)
{
	struct fixture *fixture = *state;
	const cJSON *page = fixture_get(fixture, fixture, "/v1.0/users?$top=1");
	const char *token = strstr(sim_json_get_string(page, "@odata.nextLink", ""), "$skiptoken");

	fixture_get(fixture, fixture, sim_printf(fixture, "/v1.0/users?%s", token));
	fixture_error(fixture, fixture, sim_printf(fixture, "/v1.0/groups?%s", token), 400);
	fixture_error(fixture, fixture, sim_printf(fixture, "/beta/users?%s", token), 400);
	fixture_error(fixture, fixture, "/v1.0/users?$skiptoken=nonsense", 400);
}

static void paths_have_their_odata_spellings(void **state)
{
	struct fixture *fixture = *state;

	fixture_get(fixture, fixture, "/v1.0/groups('" G1 "')");
	fixture_get(fixture, fixture, "/v1.0/Groups/" G1 "/Members");
	fixture_get(fixture, fixture, "/v1.0/groups/microsoft.graph.delta()");
	fixture_get(fixture, fixture, "/v1.0/groups/microsoft.graph.delta");
	fixture_get(fixture, fixture, "/v1.0/groups/delta()");
	fixture_get(fixture, fixture, "/v1.0/users/one%40contoso.test?select=id");
}

static unsigned status_of(struct fixture *fixture, const char *method, const char *url,
			  const char *body)
{
	return fixture_call(fixture, fixture, method, url, body)->status;
}

static void actions_and_references_have_their_other_spellings(void **state)
{
	struct fixture *fixture = *state;

	fixture_sign_in(fixture, "Directory.ReadWrite.All");
	assert_int_equal(200, status_of(fixture, "POST",
					"/v1.0/users/" U1 "/microsoft.graph.getMemberGroups",
					"{\"securityEnabledOnly\":false}"));
	assert_int_equal(200, status_of(fixture, "POST",
					"/v1.0/directoryObjects/microsoft.graph.getByIds",
					"{\"ids\":[]}"));
	assert_int_equal(204, status_of(fixture, "DELETE",
					"/v1.0/groups/" G1 "/members/$ref?@id="
					"https://sim/v1.0/directoryObjects/" U2,
					""));
	assert_int_equal(404, status_of(fixture, "DELETE",
					"/v1.0/groups/" G1 "/members/" U2 "/$ref", ""));
	assert_int_equal(400, status_of(fixture, "DELETE",
					"/v1.0/groups/" G1 "/members/$ref?@id=x", ""));
	fixture_error(fixture, fixture, "/v1.0/me", 400);
	fixture_error(fixture, fixture, "/v1.0/me/memberOf", 400);
}

/* The least that a call costs is one unit. */
static void the_cheapest_call_tells_its_cost(void **state)
{
	static const char *const urls[] = {"/v1.0/groups?$top=1&$select=id",
					   "/v1.0/groups/" G1 "?$select=id"};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < SIM_ARRAY_SIZE(urls); i++) {
		const struct sim_response *response =
			fixture_call(fixture, fixture, "GET", urls[i], "");

		assert_int_equal(200, response->status);
		assert_string_equal("1",
				    sim_pairs_get(&response->headers, "x-ms-resource-unit"));
	}
}

static void what_is_not_there_has_graphs_answer(void **state)
{
	struct fixture *fixture = *state;

	assert_string_equal("Request_ResourceNotFound",
			    fixture_error(fixture, fixture,
					  "/v1.0/groups/00000009-0000-4000-8000-000000000001",
					  404));
	fixture_error(fixture, fixture, "/v1.0/groups/" U1, 404);
	fixture_error(fixture, fixture, "/v1.0/groups/x", 400);
	fixture_error(fixture, fixture, "/v1.0/users/x", 404); /* it could be a name */
	fixture_error(fixture, fixture,
		      "/v1.0/servicePrincipals(appId='00000009-0000-4000-8000-000000000001')", 404);
	fixture_error(fixture, fixture, "/v1.0/organization?$select=shoeSize", 400);
	fixture_error(fixture, fixture, "/v1.0/nothing", 400);
	fixture_error(fixture, fixture, "/v1.0/groups?$select=shoeSize", 400);
	fixture_error(fixture, fixture, "/v1.0/groups?$filter=visibility%20eq%20'x'", 400);
	assert_int_equal(405, fixture_call(fixture, fixture, "DELETE", "/v1.0/groups", "")->status);
	fixture_change(fixture, "{'op':'softDelete','id':'" G1 "'}");
	fixture_error(fixture, fixture, "/v1.0/groups/" G1 "/members", 404);
}

static void lists_are_filtered_by_id(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(
		1, count(fixture_get(fixture, fixture, "/v1.0/groups?$filter=id%20eq%20'" G2 "'")));
	assert_int_equal(
		2, count(fixture_get(fixture, fixture,
				     "/v1.0/groups?$filter=id%20in%20('" G1 "',%20'" G2 "')")));
}

static const cJSON *batch(struct fixture *fixture, const char *body, unsigned status)
{
	struct sim_response *response =
		fixture_call(fixture, fixture, "POST", "/v1.0/$batch", body);
	const cJSON *json = NULL;
	struct sim_err err;

	assert_int_equal(status, response->status);
	assert_true(sim_json_parse(response, response->body->data, response->body->length, &json,
				   &err));
	return json;
}

static const cJSON *item_of(const cJSON *json, const char *id)
{
	const cJSON *item = NULL;

	cJSON_ArrayForEach(item, sim_json_get_array(json, "responses"))
	{
		if (strcmp(sim_json_get_string(item, "id", ""), id) == 0) {
			return item;
		}
	}
	fail_msg("no item %s", id);
	return NULL;
}

static void a_batch_answers_every_item_with_its_own_status(void **state)
{
	struct fixture *fixture = *state;
	const cJSON *json =
		batch(fixture,
		      "{\"requests\":[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/groups/" G1
		      "/members?$select=id&$top=1\"},{\"id\":\"2\",\"method\":\"GET\",\"url\":"
		      "\"groups/x\"},"
		      "{\"id\":\"3\",\"method\":\"GET\",\"url\":\"/groups\",\"dependsOn\":[\"2\"]},"
		      "{\"id\":\"4\",\"method\":\"GET\",\"url\":\"/users/$count\",\"headers\":"
		      "{\"ConsistencyLevel\":\"eventual\"}}]}",
		      200);
	const cJSON *body = cJSON_GetObjectItemCaseSensitive(item_of(json, "1"), "body");

	assert_int_equal(200, sim_json_get_int(item_of(json, "1"), "status", 0));
	assert_memory_equal("https://sim/v1.0/groups/",
			    sim_json_get_string(body, "@odata.nextLink", ""), 24);
	assert_int_equal(400, sim_json_get_int(item_of(json, "2"), "status", 0));
	assert_int_equal(424, sim_json_get_int(item_of(json, "3"), "status", 0));
	assert_int_equal(200, sim_json_get_int(item_of(json, "4"), "status", 0));
}

static void set_fault(struct fixture *fixture, const char *rules)
{
	const cJSON *list = NULL;
	struct sim_err err;

	assert_true(sim_json_parse(fixture, rules, strlen(rules), &list, &err));
	assert_true(sim_faults_set(fixture->world->faults, list, &err));
}

static void items_of_a_batch_are_throttled_one_by_one(void **state)
{
	struct fixture *fixture = *state;
	const char *items = "{\"requests\":[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/groups\"},"
			    "{\"id\":\"2\",\"method\":\"GET\",\"url\":\"/users\"}]}";
	const char *rules = "[{\"match\":{\"pathPrefix\":\"/v1.0/users\"},\"count\":2,\"action\":"
			    "{\"status\":429,\"headers\":{\"Retry-After\":\"7\"}}}]";
	const cJSON *json = NULL;
	const cJSON *item = NULL;

	set_fault(fixture, rules);
	json = batch(fixture, items, 200);
	item = item_of(json, "2");
	assert_int_equal(200, sim_json_get_int(item_of(json, "1"), "status", 0));
	assert_int_equal(429, sim_json_get_int(item, "status", 0));
	assert_string_equal("7",
			    sim_json_get_string(cJSON_GetObjectItemCaseSensitive(item, "headers"),
						"Retry-After", ""));
	fixture->world->switches.batch_is_424 = true;
	batch(fixture, items, 424);
	batch(fixture, items, 200);
}

static void an_item_of_a_batch_can_have_another_next_link(void **state)
{
	struct fixture *fixture = *state;
	const char *items = "{\"requests\":[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/groups?$top=1\"},"
			    "{\"id\":\"2\",\"method\":\"GET\",\"url\":\"/users?$top=1\"}]}";
	const cJSON *json = NULL;
	const cJSON *body = NULL;

	set_fault(fixture, "[{\"match\":{\"pathPrefix\":\"/v1.0/users\"},\"action\":{\"nextLink\":"
			   "\"https://evil.example/\",\"headers\":{\"X-Item\":\"yes\"}}}]");
	json = batch(fixture, items, 200);
	body = cJSON_GetObjectItemCaseSensitive(item_of(json, "2"), "body");
	assert_string_equal("https://evil.example/",
			    sim_json_get_string(body, "@odata.nextLink", ""));
	assert_string_equal("yes", sim_json_get_string(cJSON_GetObjectItemCaseSensitive(
							       item_of(json, "2"), "headers"),
						       "X-Item", ""));
	body = cJSON_GetObjectItemCaseSensitive(item_of(json, "1"), "body");
	assert_string_not_equal("https://evil.example/",
				sim_json_get_string(body, "@odata.nextLink", ""));
}

static void dependencies_are_met_in_any_order_and_never_in_a_circle(void **state)
{
	struct fixture *fixture = *state;
	const cJSON *json = batch(
		fixture,
		"{\"requests\":[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/groups\",\"dependsOn\":"
		"[\"2\"]},{\"id\":\"2\",\"method\":\"GET\",\"url\":\"/users/$count\",\"headers\":"
		"{\"ConsistencyLevel\":\"eventual\"}}]}",
		200);

	assert_int_equal(200, sim_json_get_int(item_of(json, "1"), "status", 0));
	/* A number is no JSON: base64. */
	assert_string_equal("Mg==", sim_json_get_string(item_of(json, "2"), "body", ""));
	batch(fixture,
	      "{\"requests\":[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/groups\",\"dependsOn\":"
	      "[\"2\"]},{\"id\":\"2\",\"method\":\"GET\",\"url\":\"/"
	      "users\",\"dependsOn\":[\"1\"]}]}",
	      400);
	batch(fixture,
	      "{\"requests\":[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/groups\",\"dependsOn\":"
	      "[\"7\"]}]}",
	      400);
	batch(fixture,
	      "{\"requests\":[{\"id\":\"1\",\"method\":\"PATCH\",\"url\":\"/groups/" G1
	      "\",\"body\":{}}]}",
	      400);
}

static void a_batch_has_twenty_items_with_names_of_their_own(void **state)
{
	struct fixture *fixture = *state;
	struct sim_buf *body = sim_buf_new(fixture);

	sim_buf_text(body, "{\"requests\":[");
	for (int i = 0; i < 21; i++) {
		sim_buf_printf(body, "%s{\"id\":\"%d\",\"method\":\"GET\",\"url\":\"/groups\"}",
			       i ? "," : "", i);
	}
	sim_buf_text(body, "]}");
	batch(fixture, body->data, 400);
	batch(fixture,
	      "{\"requests\":[{\"id\":\"a\",\"method\":\"GET\",\"url\":\"/groups\"},"
	      "{\"id\":\"A\",\"method\":\"GET\",\"url\":\"/groups\"}]}",
	      400);
	batch(fixture, "{\"requests\":7}", 400);
	batch(fixture, "nonsense", 400);
	batch(fixture, "{\"requests\":[{\"id\":\"a\",\"method\":\"POST\",\"url\":\"/$batch\"}]}",
	      400);
	batch(fixture,
	      "{\"requests\":[{\"id\":\"a\",\"method\":\"POST\",\"url\":\"/$batch\",\"body\":{},"
	      "\"headers\":{\"content-type\":\"application/json\"}}]}",
	      200);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_page_but_the_last_has_a_next_link),
		TEST(deletions_while_paging_move_nothing_that_was_not_yet_seen),
		TEST(v1_leaves_service_principals_out_and_beta_has_them),
		TEST(members_of_an_unreadable_type_have_an_id_and_nulls),
		TEST(hidden_members_are_an_empty_list_or_forbidden),
		TEST(each_endpoint_wants_its_roles),
		TEST(top_is_from_one_to_999),
		TEST(count_needs_the_advanced_mode_and_stands_on_page_one_only),
		TEST(page_two_in_another_mode_is_an_expired_token),
		TEST(a_page_token_opens_only_its_own_collection),
		TEST(paths_have_their_odata_spellings),
		TEST(actions_and_references_have_their_other_spellings),
		TEST(the_cheapest_call_tells_its_cost),
		TEST(what_is_not_there_has_graphs_answer),
		TEST(lists_are_filtered_by_id),
		TEST(a_batch_answers_every_item_with_its_own_status),
		TEST(items_of_a_batch_are_throttled_one_by_one),
		TEST(an_item_of_a_batch_can_have_another_next_link),
		TEST(dependencies_are_met_in_any_order_and_never_in_a_circle),
		TEST(a_batch_has_twenty_items_with_names_of_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
