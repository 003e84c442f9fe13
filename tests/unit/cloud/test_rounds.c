/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of engine/cloud/delta: what rounds of changes of groups and of people tell, what is refused, and which
 * link remains.
 */
#include "config.h"

#include "tests/unit/cloud/tenant.h"
#include "tests/unit/unit.h"

#define GROUP(n)  "{\"id\":\"" TENANT_ID(n) "\""
#define GONE(why) ",\"@removed\":{\"reason\":\"" why "\"}}"

static char seen_uri[1024];

static void groups_round(void *user, const struct server_request *request,
			 struct server_reply *reply)
{
	struct tenant *tenant = user;

	if (tenant_is_page_two(request)) {
		tenant_reply(
			reply, 200,
			"{\"@odata.deltaLink\":\"%s/beta/groups/delta?$deltatoken=d1\",\"value\":["
			"%s" GONE("changed") ",%s" GONE(
				"deleted") ",%s,\"members@delta\":[]},%s}]}",
			tenant->lab->url, GROUP("03"), GROUP("04"), GROUP("05"), GROUP("06"));
		return;
	}
	snprintf(seen_uri, sizeof(seen_uri), "%s", request->uri);
	tenant_reply(reply, 200,
		     "{\"@odata.nextLink\":\"%s/beta/groups/delta?$skiptoken=s2\",\"value\":[%s,"
		     "\"displayName\":\"A\",\"writebackConfiguration\":{\"isEnabled\":true},"
		     "\"members@delta\":[" TENANT_USER("a1") "}," TENANT_USER("a2")
			     GONE("deleted") "]},%s,"
					     "\"displayName\":\"B\"}]}",
		     tenant->lab->url, GROUP("01"), GROUP("02"));
}

static void a_round_of_groups_tells_changes_removals_and_members(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, groups_round, NULL);
	char link[200];

	(void)state;
	tenant_groups_delta(tenant, GB_CLOUD_DELTA_INITIAL, NULL);
	assert_int_equal(tenant->rc, GB_OK);
	assert_string_equal(tenant->log,
			    "group 01 A wb members +a1 -a2;group 02 B;group 03 changed;"
			    "group 04 deleted;group 05 members;group 06;");
	snprintf(link, sizeof(link), "%s/beta/groups/delta?$deltatoken=d1", tenant->lab->url);
	assert_string_equal(tenant->link, link);
	assert_string_equal(
		seen_uri, "/beta/groups/delta?$select=id,displayName,description,mail,mailNickname,"
			  "groupTypes,securityEnabled,mailEnabled,onPremisesSyncEnabled,"
			  "onPremisesSecurityIdentifier,isAssignableToRole,visibility,"
			  "writebackConfiguration,members");
	tenant_groups_delta(tenant, GB_CLOUD_DELTA_FROM_LINK, link);
	assert_int_equal(tenant->rc, GB_OK);
	assert_string_equal(seen_uri, "/beta/groups/delta?$deltatoken=d1");
	tenant_groups_delta(tenant, GB_CLOUD_DELTA_LATEST, NULL);
	assert_non_null(strstr(seen_uri, "members&$deltatoken=latest"));
	talloc_free(tenant);
}

static void people_round(void *user, const struct server_request *request,
			 struct server_reply *reply)
{
	struct tenant *tenant = user;

	snprintf(seen_uri, sizeof(seen_uri), "%s", request->uri);
	tenant_reply(reply, 200,
		     "{\"@odata.deltaLink\":\"%s/v1.0/users/delta?$deltatoken=d1\",\"value\":["
		     "{\"id\":\"" TENANT_ID(
			     "a1") "\",\"displayName\":\"x\","
				   "\"onPremisesSecurityIdentifier\":null},{\"id\":\"" TENANT_ID(
					   "a2") "\"},"
						 "{\"id\":\"" TENANT_ID("a3") "\"" GONE(
							 "deleted") ","
								    "{\"id\":\"" TENANT_ID(
									    "a4") "\","
										  "\"onPremisesSync"
										  "Enabled\":1}]}",
		     tenant->lab->url);
}

static void a_round_of_people_tells_what_was_present(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, people_round, NULL);

	(void)state;
	tenant_people_delta(tenant, GB_CLOUD_DELTA_LATEST, NULL);
	assert_int_equal(tenant->rc, GB_OK);
	assert_string_equal(tenant->log,
			    "person a1 present=5 removed=0;person a2 present=0 removed=0;"
			    "person a3 present=0 removed=2;person a4? present=2 removed=0;");
	assert_string_equal(seen_uri,
			    "/v1.0/users/delta?$select=id,displayName,onPremisesSyncEnabled,"
			    "onPremisesSecurityIdentifier,onPremisesImmutableId,"
			    "onPremisesDistinguishedName&$deltatoken=latest");
	tenant_list_people(tenant);
	assert_int_equal(tenant->rc, GB_OK);
	assert_string_equal(tenant->log, "person a1;person a2;person a3;person a4?;");
	assert_non_null(strstr(seen_uri, "/v1.0/users?$select=id,"));
	assert_non_null(strstr(seen_uri, "&$top=999"));
	talloc_free(tenant);
}

struct bad_round {
	const char *body;
	const char *id;
	const char *log;
};

static const struct bad_round bad_rounds[] = {
	{"{\"value\":[%s}]}", "graph-page-end", ""},
	{"{\"value\":[%s,\"@removed\":{\"reason\":\"gone\"}}],\"@odata.deltaLink\":\"$L\"}",
	 "graph-record-removed", ""},
	{"{\"value\":[%s,\"members@delta\":[{\"id\":\"632f6bb2-3ec8-4c1f-9073-0027a8c6859\"}]}],"
	 "\"@odata.deltaLink\":\"$L\"}",
	 "graph-record-id", ""},
	{"{\"value\":[%s,\"members@delta\":[7]}],\"@odata.deltaLink\":\"$L\"}", "graph-record-id",
	 ""},
	{"{\"value\":[%s}],\"@odata.deltaLink\":\"$L\",\"@odata.nextLink\":\"$L\"}",
	 "graph-page-link", ""},
	{"{\"value\":[%s}],\"@odata.deltaLink\":\"https://evil.example/v1.0/x\"}",
	 "cloud-foreign-link", ""},
};

static void bad_round(void *user, const struct server_request *request, struct server_reply *reply)
{
	struct tenant *tenant = user;
	const char *text = bad_rounds[tenant->step].body;
	char *out;
	size_t length = 0;

	(void)request;
	out = calloc(1, 4096);
	for (; *text != '\0'; text++) {
		if (strncmp(text, "$L", 2) == 0) {
			length +=
				(size_t)sprintf(out + length, "%s/beta/groups/delta?$deltatoken=1",
						tenant->lab->url);
			text++;
		} else if (strncmp(text, "%s", 2) == 0) {
			length += (size_t)sprintf(out + length, "%s", GROUP("01"));
			text++;
		} else {
			out[length++] = *text;
		}
	}
	reply->owned = out;
	reply->body = out;
}

static void a_round_that_is_not_sound_has_no_link(void **state)
{
	(void)state;
	for (unsigned i = 0; i < GB_ARRAY_SIZE(bad_rounds); i++) {
		struct tenant *tenant = tenant_new(shared_pki, bad_round, NULL);

		tenant->step = i;
		tenant_groups_delta(tenant, GB_CLOUD_DELTA_INITIAL, NULL);
		assert_int_equal(tenant->rc, GB_E_PROTOCOL);
		assert_string_equal(tenant->err.id, bad_rounds[i].id);
		assert_string_equal(tenant->log, bad_rounds[i].log);
		assert_string_equal(tenant->link, "");
		talloc_free(tenant);
	}
}

static void odd_members(void *user, const struct server_request *request,
			struct server_reply *reply)
{
	struct tenant *tenant = user;

	(void)request;
	tenant_reply(reply, 200,
		     "{\"@odata.deltaLink\":\"%s/beta/groups/delta?$deltatoken=d1\",\"value\":["
		     "%s,\"members@delta\":{}},%s,\"displayName\":7,\"members@delta\":[" TENANT_USER(
			     "a1") "}]},%s,\"displayName\":\"C\"}]}",
		     tenant->lab->url, GROUP("01"), GROUP("02"), GROUP("03"));
}

static void a_bad_record_of_a_round_is_refused_with_its_members(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, odd_members, NULL);

	(void)state;
	tenant_groups_delta(tenant, GB_CLOUD_DELTA_INITIAL, NULL);
	assert_int_equal(tenant->rc, GB_OK);
	assert_string_equal(tenant->log, "refused 01;refused 02;group 03 C;");
	talloc_free(tenant);
}

static const struct {
	int status;
	const char *code;
} stale[] = {{410, "SyncStateNotFound"},
	     {400, "syncStateNotFound"},
	     {400, "resyncRequired"},
	     {400, "Request_BadRequest"},
	     {400, "Directory_ExpiredPageToken"}};

static void stale_link(void *user, const struct server_request *request, struct server_reply *reply)
{
	struct tenant *tenant = user;

	(void)request;
	tenant_reply(reply, stale[tenant->step].status, "{\"error\":{\"code\":\"%s\"}}",
		     stale[tenant->step].code);
}

static void a_stale_link_asks_for_a_new_beginning(void **state)
{
	(void)state;
	for (unsigned i = 0; i < GB_ARRAY_SIZE(stale); i++) {
		struct tenant *tenant = tenant_new(shared_pki, stale_link, NULL);
		char link[200];

		tenant->step = i;
		snprintf(link, sizeof(link), "%s/beta/groups/delta?$deltatoken=d1",
			 tenant->lab->url);
		tenant_groups_delta(tenant, GB_CLOUD_DELTA_FROM_LINK, link);
		assert_int_equal(tenant->rc, GB_E_STALE_CURSOR);
		assert_int_equal(tenant->graph_requests, 1);
		talloc_free(tenant);
	}
}

static void a_stored_link_is_checked_before_it_is_used(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, groups_round, NULL);
	char link[200];

	(void)state;
	snprintf(link, sizeof(link), "https://localhost:%u/beta/groups/delta?$deltatoken=d1",
		 server_port(tenant->trap));
	tenant_groups_delta(tenant, GB_CLOUD_DELTA_FROM_LINK, link);
	assert_int_equal(tenant->rc, GB_E_PROTOCOL);
	assert_string_equal(tenant->err.id, "cloud-foreign-link");
	snprintf(link, sizeof(link), "%s/v1.0/groups/delta?$deltatoken=d1", tenant->lab->url);
	tenant_groups_delta(tenant, GB_CLOUD_DELTA_FROM_LINK, link);
	assert_int_equal(tenant->rc, GB_E_STALE_CURSOR);
	tenant_groups_delta(tenant, GB_CLOUD_DELTA_FROM_LINK, "");
	assert_int_equal(tenant->rc, GB_E_PROTOCOL);
	assert_int_equal(tenant->graph_requests, 0);
	assert_int_equal(tenant->token_requests, 0);
	assert_int_equal(server_connections(tenant->trap), 0);
	talloc_free(tenant);
}

static void no_writeback(void *user, const struct server_request *request,
			 struct server_reply *reply)
{
	if (strstr(request->uri, "writebackConfiguration") != NULL) {
		tenant_reply(reply, 400, "{\"error\":{\"code\":\"Request_UnsupportedQuery\"}}");
	} else {
		groups_round(user, request, reply);
	}
}

static void a_graph_without_writeback_in_delta_is_read_without(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, no_writeback, NULL);

	(void)state;
	tenant_groups_delta(tenant, GB_CLOUD_DELTA_LATEST, NULL);
	assert_int_equal(tenant->rc, GB_OK);
	assert_non_null(strstr(seen_uri, "/beta/groups/delta?"));
	assert_null(strstr(seen_uri, "writebackConfiguration"));
	talloc_free(tenant);
}

static void delta_expires(void *user, const struct server_request *request,
			  struct server_reply *reply)
{
	if (tenant_is_page_two(request)) {
		tenant_reply(reply, 400, "{\"error\":{\"code\":\"Directory_ExpiredPageToken\"}}");
	} else {
		groups_round(user, request, reply);
	}
}

static void a_round_is_not_begun_anew_by_itself(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, delta_expires, NULL);

	(void)state;
	tenant_groups_delta(tenant, GB_CLOUD_DELTA_INITIAL, NULL);
	assert_int_equal(tenant->rc, GB_E_STALE_CURSOR);
	assert_int_equal(tenant->graph_requests, 2);
	assert_string_equal(tenant->link, "");
	talloc_free(tenant);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_round_of_groups_tells_changes_removals_and_members),
		cmocka_unit_test(a_round_of_people_tells_what_was_present),
		cmocka_unit_test(a_round_that_is_not_sound_has_no_link),
		cmocka_unit_test(a_bad_record_of_a_round_is_refused_with_its_members),
		cmocka_unit_test(a_stale_link_asks_for_a_new_beginning),
		cmocka_unit_test(a_stored_link_is_checked_before_it_is_used),
		cmocka_unit_test(a_graph_without_writeback_in_delta_is_read_without),
		cmocka_unit_test(a_round_is_not_begun_anew_by_itself),
	};

	return cmocka_run_group_tests(tests, lab_set_up, lab_tear_down);
}
