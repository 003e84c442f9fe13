/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/cloud/token, graph and graph_pages: what is repeated, and what is refused. */
#include "config.h"

#include <time.h>

#include "engine/base/clock.h"
#include "tests/unit/cloud/tenant.h"
#include "tests/unit/unit.h"

#define ONE_GROUP "{\"value\":[{\"id\":\"" TENANT_ID("01") "\",\"displayName\":\"A\"}]}"

static void one_group(void *user, const struct server_request *request, struct server_reply *reply)
{
	(void)user;
	(void)request;
	reply->body = ONE_GROUP;
}

static char seen_uri[1024];
static char seen_authorization[256];

static void remember(void *user, const struct server_request *request, struct server_reply *reply)
{
	(void)user;
	snprintf(seen_uri, sizeof(seen_uri), "%s", request->uri);
	snprintf(seen_authorization, sizeof(seen_authorization), "%s", request->authorization);
	reply->body = ONE_GROUP;
}

static void use_v1(struct gb_cloud_options *options)
{
	options->beta_groups = false;
}

static void groups_are_asked_for_with_token_select_and_page_size(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, remember, NULL);

	(void)state;
	tenant_list_groups(tenant);
	assert_int_equal(tenant->rc, GB_OK);
	assert_string_equal(tenant->log, "group 01 A;");
	assert_string_equal(seen_authorization, "Bearer token-1");
	assert_string_equal(seen_uri,
			    "/beta/groups?$select=id,displayName,description,mail,mailNickname,"
			    "groupTypes,securityEnabled,mailEnabled,onPremisesSyncEnabled,"
			    "onPremisesSecurityIdentifier,isAssignableToRole,visibility,"
			    "writebackConfiguration&$top=999");
	talloc_free(tenant);
	tenant = tenant_new(shared_pki, remember, use_v1);
	tenant_list_groups(tenant);
	assert_null(strstr(seen_uri, "writebackConfiguration"));
	assert_memory_equal(seen_uri, "/v1.0/groups?", 13);
	talloc_free(tenant);
}

static void throttle_by_seconds(void *user, const struct server_request *request,
				struct server_reply *reply)
{
	struct tenant *tenant = user;

	(void)request;
	if (tenant->step++ > 0) {
		reply->body = ONE_GROUP;
		return;
	}
	tenant_reply(reply, 429, "{\"error\":{\"code\":\"TooManyRequests\"}}");
	reply->headers[0].name = "Retry-After";
	reply->headers[0].value = "1";
}

static void throttle_by_date(void *user, const struct server_request *request,
			     struct server_reply *reply)
{
	static char text[64];
	time_t at = time(NULL) + 2;
	struct tm tm;

	throttle_by_seconds(user, request, reply);
	if (reply->status == 429) {
		strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&at, &tm));
		reply->headers[0].value = text;
	}
}

static void throttling_waits_as_long_as_it_is_asked_to(void **state)
{
	static const server_fn forms[] = {throttle_by_seconds, throttle_by_date};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(forms); i++) {
		struct tenant *tenant = tenant_new(shared_pki, forms[i], NULL);
		int64_t before_ms = gb_clock_boot_ms();

		tenant_list_groups(tenant);
		assert_int_equal(tenant->rc, GB_OK);
		assert_in_range(gb_clock_boot_ms() - before_ms, 1000, 4000);
		assert_int_equal(tenant->graph_requests, 2);
		assert_int_equal(gb_cloud_stats(tenant->cloud).throttled, 1);
		assert_in_range(gb_cloud_stats(tenant->cloud).throttled_ms, 990, 3000);
		talloc_free(tenant);
	}
}

/* When each request came, by the boot clock. */
static int64_t arrivals_ms[200];

static void throttle_the_third(void *user, const struct server_request *request,
			       struct server_reply *reply)
{
	struct tenant *tenant = user;

	(void)request;
	arrivals_ms[tenant->step] = gb_clock_boot_ms();
	if (++tenant->step == 3) {
		tenant_reply(reply, 429, "{}");
		reply->headers[0].name = "Retry-After";
		reply->headers[0].value = "2";
	} else {
		/* What is answered before the client has read the 429 would let others go. */
		if (tenant->step > 3 && gb_clock_boot_ms() - arrivals_ms[2] < 1000) {
			nanosleep(&(struct timespec){.tv_nsec = 400 * 1000 * 1000}, NULL);
		}
		reply->body = ONE_GROUP;
	}
}

static void throttle_the_first(void *user, const struct server_request *request,
			       struct server_reply *reply)
{
	struct tenant *tenant = user;

	(void)request;
	arrivals_ms[tenant->step] = gb_clock_boot_ms();
	if (tenant->step++ == 0) {
		tenant_reply(reply, 429, "{}");
		reply->headers[0].name = "Retry-After";
		reply->headers[0].value = "2";
	} else {
		reply->body = ONE_GROUP;
		reply->fault = SERVER_SILENT;
	}
}

static void window_of_eight(struct gb_cloud_options *options)
{
	options->window = 8;
}

/* What is under way when the 429 comes cannot be held back: a window of eight leaves seven. */
static void a_429_holds_everybody_back(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, throttle_the_third, window_of_eight);
	unsigned before_the_time = 0;

	(void)state;
	tenant_read_members(tenant, 60);
	assert_int_equal(tenant->rc, GB_OK);
	assert_int_equal(gb_cloud_stats(tenant->cloud).throttled, 1);
	assert_int_equal(tenant->step, 61);
	for (unsigned i = 3; i < tenant->step; i++) {
		before_the_time += arrivals_ms[i] - arrivals_ms[2] < 2000 ? 1 : 0;
	}
	assert_in_range(before_the_time, 0, 7);
	talloc_free(tenant);
}

static void after_a_429_fewer_requests_go_at_once(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, throttle_the_first, window_of_eight);
	unsigned first = 0;
	unsigned at_once = 0;

	(void)state;
	tenant_read_members(tenant, 18);
	assert_int_equal(tenant->rc, GB_OK);
	while (arrivals_ms[first] - arrivals_ms[0] < 2000) {
		first++;
	}
	for (unsigned i = first; i < tenant->step; i++) {
		at_once += arrivals_ms[i] - arrivals_ms[first] < 900 ? 1 : 0;
	}
	assert_in_range(at_once, 1, 4);
	talloc_free(tenant);
}

static void always_throttled(void *user, const struct server_request *request,
			     struct server_reply *reply)
{
	(void)user;
	(void)request;
	tenant_reply(reply, 429, "{\"error\":{\"code\":\"TooManyRequests\"}}");
}

static void throttled_for_an_hour(void *user, const struct server_request *request,
				  struct server_reply *reply)
{
	always_throttled(user, request, reply);
	reply->headers[0].name = "Retry-After";
	reply->headers[0].value = "3600";
}

static void throttling_beyond_patience_ends_with_try_again(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, always_throttled, NULL);

	(void)state;
	tenant_list_groups(tenant);
	assert_int_equal(tenant->rc, GB_E_TRY_AGAIN);
	assert_int_equal(tenant->graph_requests, 4);
	talloc_free(tenant);
	tenant = tenant_new(shared_pki, throttled_for_an_hour, NULL);
	tenant_list_groups(tenant);
	assert_int_equal(tenant->rc, GB_E_TRY_AGAIN);
	assert_int_equal(tenant->graph_requests, 1);
	talloc_free(tenant);
}

static void storm(void *user, const struct server_request *request, struct server_reply *reply)
{
	static const int statuses[] = {500, 502, 503, 504};
	struct tenant *tenant = user;

	(void)request;
	tenant_reply(reply, statuses[tenant->step++ % 4], "<html>busy</html>");
	reply->content_type = "text/html";
}

static void a_storm_of_5xx_ends_after_the_attempts(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, storm, NULL);

	(void)state;
	tenant_list_groups(tenant);
	assert_int_equal(tenant->rc, GB_E_UNAVAILABLE);
	assert_int_equal(tenant->graph_requests, 4);
	assert_int_equal(gb_cloud_stats(tenant->cloud).retries, 3);
	talloc_free(tenant);
}

static void unavailable_once(void *user, const struct server_request *request,
			     struct server_reply *reply)
{
	struct tenant *tenant = user;

	(void)request;
	if (tenant->step++ == 0) {
		tenant_reply(reply, 503, "{}");
	} else {
		reply->body = ONE_GROUP;
	}
}

static void after_a_503_a_new_connection_is_used(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, unavailable_once, NULL);

	(void)state;
	tenant_list_groups(tenant);
	assert_int_equal(tenant->rc, GB_OK);
	assert_int_equal(server_connections(tenant->lab->server), 2);
	talloc_free(tenant);
}

static void cut_twice(void *user, const struct server_request *request, struct server_reply *reply)
{
	struct tenant *tenant = user;

	(void)request;
	reply->body = ONE_GROUP;
	reply->fault = tenant->step++ < 2 ? SERVER_CUT : SERVER_FINE;
}

static void a_cut_page_is_read_again(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, cut_twice, NULL);

	(void)state;
	tenant_list_groups(tenant);
	assert_int_equal(tenant->rc, GB_OK);
	assert_string_equal(tenant->log, "group 01 A;");
	assert_int_equal(tenant->graph_requests, 3);
	talloc_free(tenant);
}

struct bad_page {
	const char *content_type;
	const char *body;
	const char *id;
};

static const struct bad_page bad_pages[] = {
	{"text/html", "<html>Welcome to the WiFi</html>", "graph-not-json"},
	{"text/html", ONE_GROUP, "graph-not-json"},
	{"application/json", "<html></html>", "json-invalid"},
	{"application/json", "", "json-invalid"},
	{"application/json", "{\"value\":[{\"id\":\"" TENANT_ID("01") "\"}", "json-invalid"},
	{"application/json", "{\"value\":[]}{\"value\":[]}", "json-invalid"},
	{"application/json", "{\"value\":[],\"value\":[]}", "json-invalid"},
	{"application/json", "[]", "json-invalid"},
	{"application/json",
	 "{\"value\":[{\"id\":\"" TENANT_ID("01") "\"}],\"error\":{\"code\":\"x\"}}",
	 "graph-error-in-answer"},
	{"application/json", "{}", "graph-page-value"},
	{"application/json", "{\"value\":null}", "graph-page-value"},
	{"application/json", "{\"value\":{}}", "graph-page-value"},
	{"application/json", "{\"value\":[],\"@odata.nextLink\":7}", "graph-page-link"},
	{"application/json", "{\"value\":[],\"@odata.nextLink\":null}", "graph-page-link"},
	{"application/json", "{\"value\":[1]}", "graph-record-id"},
	{"application/json", "{\"value\":[{\"displayName\":\"x\"}]}", "graph-record-id"},
};

static void bad_page(void *user, const struct server_request *request, struct server_reply *reply)
{
	struct tenant *tenant = user;

	(void)request;
	reply->content_type = bad_pages[tenant->step].content_type;
	reply->body = bad_pages[tenant->step].body;
}

static void an_invalid_page_is_refused_at_once(void **state)
{
	(void)state;
	for (unsigned i = 0; i < GB_ARRAY_SIZE(bad_pages); i++) {
		struct tenant *tenant = tenant_new(shared_pki, bad_page, NULL);

		tenant->step = i;
		tenant_list_groups(tenant);
		assert_int_equal(tenant->rc, GB_E_PROTOCOL);
		assert_string_equal(tenant->err.id, bad_pages[i].id);
		assert_string_equal(tenant->log, "");
		assert_int_equal(tenant->graph_requests, 1);
		talloc_free(tenant);
	}
}

static void page_with_link(struct server_reply *reply, const char *link)
{
	tenant_reply(reply, 200,
		     "{\"value\":[{\"id\":\"" TENANT_ID("01") "\"}],\"@odata.nextLink\":\"%s\"}",
		     link);
}

static void lead_away(void *user, const struct server_request *request, struct server_reply *reply)
{
	struct tenant *tenant = user;
	char link[200];

	(void)request;
	snprintf(link, sizeof(link), "https://localhost:%u/v1.0/groups?$skiptoken=x",
		 server_port(tenant->trap));
	page_with_link(reply, link);
}

static void a_link_to_another_server_is_not_followed(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, lead_away, NULL);

	(void)state;
	tenant_list_groups(tenant);
	assert_int_equal(tenant->rc, GB_E_PROTOCOL);
	assert_string_equal(tenant->err.id, "cloud-foreign-link");
	assert_string_equal(tenant->log, "");
	assert_int_equal(server_connections(tenant->trap), 0);
	talloc_free(tenant);
}

static void lead_to_people(void *user, const struct server_request *request,
			   struct server_reply *reply)
{
	struct tenant *tenant = user;

	(void)request;
	server_printf(reply, "{\"value\":[],\"@odata.nextLink\":\"%s/v1.0/users?$top=5\"}",
		      tenant->lab->url);
}

static void a_link_to_another_list_is_not_followed(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, lead_to_people, use_v1);

	(void)state;
	tenant_list_groups(tenant);
	assert_int_equal(tenant->rc, GB_E_PROTOCOL);
	assert_string_equal(tenant->err.id, "graph-page-link");
	assert_int_equal(tenant->graph_requests, 1);
	talloc_free(tenant);
}

static void redirect_away(void *user, const struct server_request *request,
			  struct server_reply *reply)
{
	static char link[200];
	struct tenant *tenant = user;

	(void)request;
	snprintf(link, sizeof(link), "https://localhost:%u/v1.0/groups", server_port(tenant->trap));
	reply->status = 302;
	reply->headers[0].name = "Location";
	reply->headers[0].value = link;
}

static void a_redirect_is_refused_and_the_token_stays(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, redirect_away, NULL);

	(void)state;
	tenant_list_groups(tenant);
	assert_int_equal(tenant->rc, GB_E_PROTOCOL);
	assert_string_equal(tenant->err.id, "graph-302");
	assert_int_equal(server_connections(tenant->trap), 0);
	talloc_free(tenant);
}

/* Pages 1 … step - 1 are single, then they lead in a circle of three. */
static void circle(void *user, const struct server_request *request, struct server_reply *reply)
{
	struct tenant *tenant = user;
	unsigned page = tenant->graph_requests;
	char link[200];

	(void)request;
	if (page >= tenant->step) {
		page = tenant->step + page % 3;
	}
	snprintf(link, sizeof(link), "%s/beta/groups?$skiptoken=%u", tenant->lab->url, page);
	page_with_link(reply, link);
}

static void pages_in_a_circle_end_with_an_error(void **state)
{
	(void)state;
	for (unsigned begin = 1; begin < 40; begin += 7) {
		struct tenant *tenant = tenant_new(shared_pki, circle, NULL);

		tenant->step = begin;
		tenant_list_groups(tenant);
		assert_int_equal(tenant->rc, GB_E_PROTOCOL);
		assert_string_equal(tenant->err.id, "graph-page-circle");
		assert_in_range(tenant->graph_requests, begin, begin * 3 + 8);
		talloc_free(tenant);
	}
}

static void five_pages(void *user, const struct server_request *request, struct server_reply *reply)
{
	struct tenant *tenant = user;
	const char *token = strstr(request->uri, "$skiptoken=X%27");
	unsigned page = token != NULL ? (unsigned)atoi(token + 15) : 1;

	if (page == 5) {
		reply->body = ONE_GROUP;
		return;
	}
	tenant_reply(reply, 200,
		     "{\"value\":[],\"@odata.nextLink\":\"%s/beta/groups?$skiptoken=X%%27%u%%27\"}",
		     tenant->lab->url, page + 1);
}

static void empty_pages_with_a_link_are_followed(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, five_pages, NULL);

	(void)state;
	tenant_list_groups(tenant);
	assert_int_equal(tenant->rc, GB_OK);
	assert_string_equal(tenant->log, "group 01 A;");
	assert_int_equal(tenant->graph_requests, 5);
	assert_int_equal(gb_cloud_stats(tenant->cloud).pages, 5);
	talloc_free(tenant);
}

/* Page two expires step times, or is not understood. */
static const char *expiry = "Directory_ExpiredPageToken";

static void expire(void *user, const struct server_request *request, struct server_reply *reply)
{
	struct tenant *tenant = user;
	char link[200];

	if (strstr(request->uri, "skiptoken") == NULL) {
		snprintf(link, sizeof(link), "%s/beta/groups?$skiptoken=2", tenant->lab->url);
		page_with_link(reply, link);
	} else if (tenant->step > 0) {
		tenant->step--;
		tenant_reply(reply, 400, "{\"error\":{\"code\":\"%s\"}}", expiry);
	} else {
		reply->body = "{\"value\":[{\"id\":\"" TENANT_ID("02") "\"}]}";
	}
}

static void an_expired_page_begins_the_list_anew_twice_at_most(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, expire, NULL);

	(void)state;
	tenant->step = 2;
	tenant_list_groups(tenant);
	assert_int_equal(tenant->rc, GB_OK);
	assert_string_equal(tenant->log, "group 01 -;group 01 -;group 01 -;group 02 -;");
	tenant->step = 3;
	tenant_list_groups(tenant);
	assert_int_equal(tenant->rc, GB_E_STALE_CURSOR);
	talloc_free(tenant);
}

static void a_page_link_that_graph_does_not_take_begins_the_list_anew(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, expire, NULL);

	(void)state;
	expiry = "Request_BadRequest";
	tenant->step = 1;
	tenant_list_groups(tenant);
	expiry = "Directory_ExpiredPageToken";
	assert_int_equal(tenant->rc, GB_OK);
	assert_string_equal(tenant->log, "group 01 -;group 01 -;group 02 -;");
	talloc_free(tenant);
}

static void a_reading_that_ended_leaves_nothing_behind(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, five_pages, NULL);
	size_t blocks;

	(void)state;
	tenant_list_groups(tenant);
	blocks = talloc_total_blocks(tenant->cloud);
	for (int i = 0; i < 3; i++) {
		tenant_list_groups(tenant);
		tenant_list_people(tenant);
		tenant_organization(tenant);
		tenant_read_members(tenant, 5);
		tenant_groups_delta(tenant, GB_CLOUD_DELTA_INITIAL, NULL);
		tenant_people_delta(tenant, GB_CLOUD_DELTA_LATEST, NULL);
	}
	assert_int_equal(talloc_total_blocks(tenant->cloud), blocks);
	talloc_free(tenant);
}

static void good_and_bad(void *user, const struct server_request *request,
			 struct server_reply *reply)
{
	(void)user;
	(void)request;
	reply->body = "{\"value\":[{\"id\":\"" TENANT_ID(
		"01") "\",\"displayName\":\"A\"},"
		      "{\"id\":\"" TENANT_ID("02") "\",\"displayName\":7},"
						   "{\"id\":\"" TENANT_ID(
							   "03") "\",\"displayName\":\"C\","
								 "\"writebackConfiguration\":{"
								 "\"isEnabled\":null}}]}";
}

static void a_bad_record_does_not_stop_the_others(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, good_and_bad, NULL);

	(void)state;
	tenant_list_groups(tenant);
	assert_int_equal(tenant->rc, GB_OK);
	assert_string_equal(tenant->log, "group 01 A;refused 02;group 03 C wb;");
	assert_int_equal(gb_cloud_stats(tenant->cloud).refused_records, 1);
	talloc_free(tenant);
}

static void a_caller_that_has_enough_ends_the_reading_with_its_error(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, good_and_bad, NULL);

	(void)state;
	tenant->stop_with = GB_E_IO;
	tenant_list_groups(tenant);
	assert_int_equal(tenant->rc, GB_E_IO);
	assert_string_equal(tenant->err.id, "stopped");
	assert_string_equal(tenant->log, "group 01 A;");
	talloc_free(tenant);
}

static void be_patient(struct gb_cloud_options *options)
{
	options->max_attempts = 100;
	options->deadline_ms = 600000;
	options->first_delay_ms = 50000;
}

static void throttled_for_a_minute(void *user, const struct server_request *request,
				   struct server_reply *reply)
{
	always_throttled(user, request, reply);
	reply->headers[0].name = "Retry-After";
	reply->headers[0].value = "60";
}

static void cancelling_wakes_what_sleeps(void **state)
{
	static const server_fn sleepers[] = {storm, throttled_for_a_minute, one_group};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(sleepers); i++) {
		struct tenant *tenant = tenant_new(shared_pki, sleepers[i], be_patient);

		tenant->authority = sleepers[i] == one_group ? storm : NULL;
		tenant_start_list_groups(tenant);
		lab_run(tenant->lab, 200);
		assert_false(tenant->is_done);
		gb_cloud_cancel(tenant->cloud);
		assert_false(tenant->is_done);
		lab_wait(tenant->lab, &tenant->is_done);
		assert_int_equal(tenant->rc, GB_E_CANCELLED);
		assert_int_equal(tenant->done_calls, 1);
		tenant_list_people(tenant);
		assert_int_equal(tenant->rc, GB_E_CANCELLED);
		talloc_free(tenant);
	}
}

static void silent(void *user, const struct server_request *request, struct server_reply *reply)
{
	(void)user;
	(void)request;
	reply->fault = SERVER_SILENT;
}

static void freeing_the_client_ends_everything_in_silence(void **state)
{
	static const server_fn sleepers[] = {storm, throttled_for_a_minute, silent, one_group};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(sleepers); i++) {
		struct tenant *tenant = tenant_new(shared_pki, sleepers[i], be_patient);

		tenant->authority = sleepers[i] == one_group ? silent : NULL;
		tenant_start_list_groups(tenant);
		lab_run(tenant->lab, 200);
		TALLOC_FREE(tenant->cloud);
		lab_run(tenant->lab, 50);
		assert_int_equal(tenant->done_calls, 0);
		talloc_free(tenant);
	}
}

static void good_organization(void *user, const struct server_request *request,
			      struct server_reply *reply)
{
	remember(user, request, reply);
	reply->body = "{\"value\":[{\"id\":\"" TENANT_ID("77") "\",\"displayName\":\"Contoso\"}]}";
}

static void the_organization_is_asked_for_by_name(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, good_organization, NULL);

	(void)state;
	tenant_organization(tenant);
	assert_int_equal(tenant->rc, GB_OK);
	assert_string_equal(tenant->log, "organization 77 Contoso;");
	assert_string_equal(seen_uri, "/v1.0/organization?$select=id,displayName,verifiedDomains,"
				      "onPremisesSyncEnabled");
	talloc_free(tenant);
	tenant = tenant_new(shared_pki, one_group, NULL);
	tenant_organization(tenant);
	assert_int_equal(tenant->rc, GB_OK);
	talloc_free(tenant);
}

static void denied(void *user, const struct server_request *request, struct server_reply *reply)
{
	(void)user;
	(void)request;
	tenant_reply(reply, 403, "{\"error\":{\"code\":\"Authorization_RequestDenied\"}}");
}

static void a_missing_permission_is_named(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, denied, NULL);

	(void)state;
	tenant_list_groups(tenant);
	assert_int_equal(tenant->rc, GB_E_ACCESS);
	assert_non_null(strstr(tenant->err.remedy, "Group.Read.All"));
	assert_int_equal(tenant->graph_requests, 1);
	tenant_list_people(tenant);
	assert_int_equal(tenant->rc, GB_E_ACCESS);
	assert_non_null(strstr(tenant->err.remedy, "User.Read.All"));
	talloc_free(tenant);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_are_asked_for_with_token_select_and_page_size),
		cmocka_unit_test(throttling_waits_as_long_as_it_is_asked_to),
		cmocka_unit_test(a_429_holds_everybody_back),
		cmocka_unit_test(after_a_429_fewer_requests_go_at_once),
		cmocka_unit_test(throttling_beyond_patience_ends_with_try_again),
		cmocka_unit_test(a_storm_of_5xx_ends_after_the_attempts),
		cmocka_unit_test(after_a_503_a_new_connection_is_used),
		cmocka_unit_test(a_cut_page_is_read_again),
		cmocka_unit_test(an_invalid_page_is_refused_at_once),
		cmocka_unit_test(a_link_to_another_server_is_not_followed),
		cmocka_unit_test(a_link_to_another_list_is_not_followed),
		cmocka_unit_test(a_redirect_is_refused_and_the_token_stays),
		cmocka_unit_test(pages_in_a_circle_end_with_an_error),
		cmocka_unit_test(empty_pages_with_a_link_are_followed),
		cmocka_unit_test(an_expired_page_begins_the_list_anew_twice_at_most),
		cmocka_unit_test(a_page_link_that_graph_does_not_take_begins_the_list_anew),
		cmocka_unit_test(a_reading_that_ended_leaves_nothing_behind),
		cmocka_unit_test(a_bad_record_does_not_stop_the_others),
		cmocka_unit_test(a_caller_that_has_enough_ends_the_reading_with_its_error),
		cmocka_unit_test(cancelling_wakes_what_sleeps),
		cmocka_unit_test(freeing_the_client_ends_everything_in_silence),
		cmocka_unit_test(the_organization_is_asked_for_by_name),
		cmocka_unit_test(a_missing_permission_is_named),
	};

	return cmocka_run_group_tests(tests, lab_set_up, lab_tear_down);
}
