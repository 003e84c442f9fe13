/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of engine/cloud/members: what the reading of lists of members delivers, and when it is complete.
 */
#include "config.h"

#include "tests/unit/cloud/tenant.h"
#include "tests/unit/unit.h"

#define NAMED(n) TENANT_USER(n) ",\"displayName\":\"x\"}"

/* The last two digits of the group that a members request is about, as a number. */
static unsigned group_of(const struct server_request *request)
{
	const char *id = strstr(request->uri, "/groups/");

	assert_non_null(id);
	return (unsigned)strtoul(id + strlen("/groups/") + 34, NULL, 16);
}

static void two_pages(struct tenant *tenant, const struct server_request *request,
		      struct server_reply *reply)
{
	if (tenant_is_page_two(request)) {
		reply->body = "{\"value\":[" NAMED("a3") "]}";
	} else {
		tenant_reply(reply, 200,
			     "{\"@odata.nextLink\":\"%s/v1.0/groups/" TENANT_ID(
				     "%02x") "/members?$skiptoken=2\",\"value\":[%s,%s]}",
			     tenant->lab->url, group_of(request), NAMED("a1"), NAMED("a2"));
	}
}

static void all_two_pages(void *user, const struct server_request *request,
			  struct server_reply *reply)
{
	two_pages(user, request, reply);
}

static void members_come_between_begin_and_end_of_their_group(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, all_two_pages, NULL);

	(void)state;
	tenant_read_members(tenant, 1);
	assert_int_equal(tenant->rc, GB_OK);
	assert_string_equal(tenant->log, "begin 01;01>a1:1;01>a2:1;01>a3:1;end 01 complete;");
	tenant_read_members(tenant, 0);
	assert_int_equal(tenant->rc, GB_OK);
	assert_string_equal(tenant->log, "");
	talloc_free(tenant);
}

static unsigned under_way;
static unsigned most_under_way;

static void no_members(void *user, const struct server_request *request, struct server_reply *reply)
{
	(void)user;
	(void)request;
	reply->body = "{\"value\":[]}";
}

static enum gb_rc count_next(void *user, struct gb_guid *ret_id, bool *ret_more, struct gb_err *err)
{
	struct tenant *tenant = user;

	(void)err;
	*ret_more = tenant->groups_left > 0;
	if (*ret_more) {
		char text[GB_GUID_TEXT_BYTES];

		tenant->groups_left--;
		snprintf(text, sizeof(text), "00000000-0000-4000-8000-%012x", tenant->groups_left);
		assert_true(gb_guid_parse(text, ret_id));
	}
	return GB_OK;
}

static enum gb_rc count_begin(void *user, const struct gb_guid *group, struct gb_err *err)
{
	(void)user;
	(void)group;
	(void)err;
	under_way++;
	most_under_way = under_way > most_under_way ? under_way : most_under_way;
	return GB_OK;
}

static enum gb_rc no_member(void *user, const struct gb_guid *group,
			    const struct gb_cloud_member *member, struct gb_err *err)
{
	(void)user;
	(void)group;
	(void)member;
	return gb_err_set(err, GB_E_INTERNAL, "x", "there is none");
}

static enum gb_rc count_end(void *user, const struct gb_guid *group,
			    enum gb_cloud_members_outcome outcome, const struct gb_err *why,
			    struct gb_err *err)
{
	struct tenant *tenant = user;

	(void)group;
	(void)why;
	(void)err;
	assert_int_equal(outcome, GB_CLOUD_MEMBERS_COMPLETE);
	under_way--;
	tenant->step++;
	return GB_OK;
}

static void count_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct tenant *tenant = user;

	assert_null(err);
	tenant->rc = rc;
	tenant->is_done = true;
}

static void small_window(struct gb_cloud_options *options)
{
	options->window = 5;
}

static void no_more_groups_are_under_way_than_the_window_has(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, no_members, small_window);
	struct gb_cloud_members_sink sink = {.next_group = count_next,
					     .on_begin = count_begin,
					     .on_member = no_member,
					     .on_end = count_end,
					     .done = count_done,
					     .user = tenant};

	(void)state;
	tenant->groups_left = 300;
	gb_cloud_read_members(tenant->cloud, &sink);
	lab_wait(tenant->lab, &tenant->is_done);
	assert_int_equal(tenant->rc, GB_OK);
	assert_int_equal(tenant->step, 300);
	assert_int_equal(most_under_way, 5);
	assert_int_equal(under_way, 0);
	assert_in_range(server_connections(tenant->lab->server), 1, 5);
	talloc_free(tenant);
}

/* Each group has its own trouble. */
static void troubles(void *user, const struct server_request *request, struct server_reply *reply)
{
	struct tenant *tenant = user;

	switch (group_of(request)) {
	case 1:
		two_pages(tenant, request, reply);
		break;
	case 2:
		tenant_reply(reply, 404, "{\"error\":{\"code\":\"Request_ResourceNotFound\"}}");
		break;
	case 3:
		tenant_reply(reply, 403, "{\"error\":{\"code\":\"Authorization_RequestDenied\"}}");
		break;
	case 4:
		two_pages(tenant, request, reply);
		if (tenant_is_page_two(request)) {
			reply->body = "{\"value\":[" NAMED("a3") ",{\"id\":\"no-guid\"}]}";
		}
		break;
	case 5:
		two_pages(tenant, request, reply);
		if (tenant_is_page_two(request)) {
			reply->content_type = "text/html";
		}
		break;
	case 6:
		tenant_reply(reply, 500, "{}");
		break;
	default:
		two_pages(tenant, request, reply);
	}
}

static void expect(const struct tenant *tenant, const char *text)
{
	if (strstr(tenant->log, text) == NULL) {
		fail_msg("no <%s> in <%s>", text, tenant->log);
	}
}

static void one_groups_trouble_does_not_end_the_others(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, troubles, NULL);

	(void)state;
	tenant_read_members(tenant, 9);
	assert_int_equal(tenant->rc, GB_OK);
	expect(tenant, "end 01 complete;");
	expect(tenant, "end 02 not-found;");
	expect(tenant, "end 03 forbidden;");
	expect(tenant, "end 04 failed;");
	expect(tenant, "end 05 failed;");
	expect(tenant, "end 06 failed;");
	expect(tenant, "end 07 complete;");
	expect(tenant, "end 08 complete;");
	expect(tenant, "end 09 complete;");
	talloc_free(tenant);
}

static void missing_once(void *user, const struct server_request *request,
			 struct server_reply *reply)
{
	struct tenant *tenant = user;

	(void)request;
	if (tenant->step++ == 0) {
		tenant_reply(reply, 404, "{\"error\":{\"code\":\"Request_ResourceNotFound\"}}");
	} else {
		reply->body = "{\"value\":[" NAMED("a1") "]}";
	}
}

static void a_group_that_was_not_found_is_asked_for_once_more(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, missing_once, NULL);

	(void)state;
	tenant_read_members(tenant, 1);
	assert_int_equal(tenant->rc, GB_OK);
	assert_string_equal(tenant->log, "begin 01;begin 01;01>a1:1;end 01 complete;");
	talloc_free(tenant);
	tenant = tenant_new(shared_pki, troubles, NULL);
	tenant_read_members(tenant, 2);
	expect(tenant, "end 02 not-found;");
	assert_int_equal(tenant->graph_requests, 2 + 2);
	talloc_free(tenant);
}

/* C15: whoever reads may want a list once more when it has come. */
static void groups_that_are_named_when_another_one_has_ended_are_read(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, missing_once, NULL);

	(void)state;
	tenant->step = 1;
	tenant->groups_more = 2;
	tenant_read_members(tenant, 1);
	assert_int_equal(tenant->rc, GB_OK);
	assert_string_equal(tenant->log, "begin 01;01>a1:1;end 01 complete;"
					 "begin 02;02>a1:1;end 02 complete;"
					 "begin 03;03>a1:1;end 03 complete;");
	talloc_free(tenant);
}

static void expire(void *user, const struct server_request *request, struct server_reply *reply)
{
	struct tenant *tenant = user;

	if (tenant_is_page_two(request) && tenant->step > 0) {
		tenant->step--;
		tenant_reply(reply, 400, "{\"error\":{\"code\":\"Directory_ExpiredPageToken\"}}");
	} else {
		two_pages(tenant, request, reply);
	}
}

static void an_expired_page_begins_the_group_anew(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, expire, NULL);

	(void)state;
	tenant->step = 1;
	tenant_read_members(tenant, 1);
	assert_string_equal(tenant->log,
			    "begin 01;01>a1:1;01>a2:1;begin 01;01>a1:1;01>a2:1;01>a3:1;"
			    "end 01 complete;");
	tenant->step = 3;
	tenant_read_members(tenant, 1);
	assert_int_equal(tenant->rc, GB_OK);
	assert_non_null(strstr(tenant->log, "end 01 failed;"));
	talloc_free(tenant);
}

/* The group goes away between its pages. */
static void vanish(void *user, const struct server_request *request, struct server_reply *reply)
{
	struct tenant *tenant = user;

	if (tenant_is_page_two(request) || tenant->step > 0) {
		tenant->step = 1;
		tenant_reply(reply, 404, "{\"error\":{\"code\":\"Request_ResourceNotFound\"}}");
	} else {
		two_pages(tenant, request, reply);
	}
}

static void a_group_that_vanishes_between_its_pages_is_not_found_and_not_short(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, vanish, NULL);

	(void)state;
	tenant_read_members(tenant, 1);
	assert_int_equal(tenant->rc, GB_OK);
	assert_null(strstr(tenant->log, "complete"));
	assert_non_null(strstr(tenant->log, "end 01 not-found;"));
	talloc_free(tenant);
}

#define TYPED(type, id) \
	"{\"@odata.type\":\"#microsoft.graph." type "\",\"id\":\"" id "\",\"displayName\":"

static void all_kinds(void *user, const struct server_request *request, struct server_reply *reply)
{
	static const char *const members[] = {
		TYPED("group", TENANT_ID("b1")) "\"Inner\"}",
		TYPED("device", TENANT_ID("b2")) "null,\"onPremisesSyncEnabled\":null}",
		TYPED("user", TENANT_ID("b3")) "null}",
		"{\"id\":\"" TENANT_ID("b4") "\",\"displayName\":\"untyped\"}",
		TYPED("user", TENANT_ID("b5")) "\"x\",\"onPremisesSecurityIdentifier\":\"\"}",
		TYPED("orgContact", TENANT_ID("b6")) "\"c\"}",
		TYPED("newThing", TENANT_ID("b7")) "\"n\"}",
	};

	(void)user;
	(void)request;
	tenant_reply(reply, 200, "{\"value\":[%s,%s,%s,%s,%s,%s,%s]}", members[0], members[1],
		     members[2], members[3], members[4], members[5], members[6]);
}

static void members_that_say_too_little_are_not_readable(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, all_kinds, NULL);

	(void)state;
	tenant_read_members(tenant, 1);
	assert_int_equal(tenant->rc, GB_OK);
	assert_string_equal(tenant->log, "begin 01;01>b1:2;01>b2:3?;01>b3:1?;01>b4:0?;01>b5:1?;"
					 "01>b6:4;01>b7:0;end 01 complete;");
	assert_int_equal(gb_cloud_stats(tenant->cloud).refused_records, 1);
	talloc_free(tenant);
}

#define BARE(n) TENANT_USER(n) "}"

/* Says no more than was asked for. */
static void who_was_asked_for(void *user, const struct server_request *request,
			      struct server_reply *reply)
{
	struct tenant *tenant = user;
	bool ids_alone = strstr(request->uri, "?$select=id&$top=999") != NULL ||
			 strstr(request->uri, "?$skiptoken=ids") != NULL;

	if (tenant_is_page_two(request)) {
		reply->body = ids_alone ? "{\"value\":[" BARE("a3") "," BARE("a4") "]}"
					: "{\"value\":[" NAMED("a3") "," NAMED("a4") "]}";
		return;
	}
	tenant_reply(reply, 200,
		     "{\"@odata.nextLink\":\"%s/v1.0/groups/" TENANT_ID(
			     "%02x") "/members?$skiptoken=%s\",\"value\":[%s,%s]}",
		     tenant->lab->url, group_of(request), ids_alone ? "ids" : "all",
		     ids_alone ? BARE("a1") : NAMED("a1"), ids_alone ? BARE("a2") : NAMED("a2"));
}

static void members_who_are_known_are_asked_for_by_id_alone(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, who_was_asked_for, NULL);

	(void)state;
	tenant->known = "a1 a2 a3 a4";
	tenant_read_members(tenant, 1);
	assert_int_equal(tenant->rc, GB_OK);
	assert_string_equal(tenant->log,
			    "begin 01;01=a1:1;01=a2:1;01=a3:1;01=a4:1;end 01 complete;");
	assert_int_equal(tenant->graph_requests, 2);
	talloc_free(tenant);
}

static void a_group_with_somebody_unknown_is_read_anew_with_all_they_say(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, who_was_asked_for, NULL);

	(void)state;
	tenant->known = "a1 a2 a4";
	tenant_read_members(tenant, 1);
	assert_int_equal(tenant->rc, GB_OK);
	assert_string_equal(tenant->log, "begin 01;01=a1:1;01=a2:1;01?a3:1;begin 01;01>a1:1;"
					 "01>a2:1;01>a3:1;01>a4:1;end 01 complete;");
	assert_int_equal(tenant->graph_requests, 4);
	talloc_free(tenant);
}

static void odd_ids(void *user, const struct server_request *request, struct server_reply *reply)
{
	(void)user;
	if (group_of(request) == 1) {
		reply->body = "{\"value\":[{\"id\":\"" TENANT_ID("a1") "\"}]}";
	} else {
		reply->body = "{\"value\":[{\"@odata.type\":\"#microsoft.graph.user\"}]}";
	}
}

/* A record without a type is no member whom anybody knows; one without an id spoils the page. */
static void ids_alone_are_judged_as_strictly_as_records(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, odd_ids, small_window);

	(void)state;
	tenant->known = "a1";
	tenant_read_members(tenant, 2);
	assert_int_equal(tenant->rc, GB_OK);
	/* Both are under way at once. */
	expect(tenant, "01>a1:0?;");
	expect(tenant, "end 01 complete;");
	expect(tenant, "end 02 failed;");
	assert_int_equal(tenant->graph_requests, 2 + 1);
	talloc_free(tenant);
}

static void always_500(void *user, const struct server_request *request, struct server_reply *reply)
{
	(void)user;
	(void)request;
	tenant_reply(reply, 500, "{}");
}

static void many_failing_groups_in_a_row_end_the_reading(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, always_500, small_window);

	(void)state;
	tenant_read_members(tenant, 250);
	assert_int_equal(tenant->rc, GB_E_UNAVAILABLE);
	assert_string_equal(tenant->err.id, "graph-500");
	assert_in_range(tenant->next_group, 8, 13);
	talloc_free(tenant);
}

static const int shared_troubles[] = {401, 429};

static void shared_trouble(void *user, const struct server_request *request,
			   struct server_reply *reply)
{
	struct tenant *tenant = user;

	(void)request;
	tenant_reply(reply, shared_troubles[tenant->step], "{}");
}

static void trouble_that_every_group_has_ends_the_reading(void **state)
{
	static const enum gb_rc codes[] = {GB_E_ACCESS, GB_E_TRY_AGAIN};

	(void)state;
	for (unsigned i = 0; i < GB_ARRAY_SIZE(shared_troubles); i++) {
		struct tenant *tenant = tenant_new(shared_pki, shared_trouble, small_window);

		tenant->step = i;
		tenant_read_members(tenant, 30);
		assert_int_equal(tenant->rc, codes[i]);
		assert_null(strstr(tenant->log, "end"));
		talloc_free(tenant);
	}
}

static void a_caller_that_has_enough_ends_all_groups(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, all_two_pages, NULL);

	(void)state;
	tenant->stop_with = GB_E_IO;
	tenant_read_members(tenant, 30);
	assert_int_equal(tenant->rc, GB_E_IO);
	assert_string_equal(tenant->err.id, "stopped");
	assert_null(strstr(tenant->log, "end"));
	talloc_free(tenant);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_come_between_begin_and_end_of_their_group),
		cmocka_unit_test(no_more_groups_are_under_way_than_the_window_has),
		cmocka_unit_test(one_groups_trouble_does_not_end_the_others),
		cmocka_unit_test(a_group_that_was_not_found_is_asked_for_once_more),
		cmocka_unit_test(groups_that_are_named_when_another_one_has_ended_are_read),
		cmocka_unit_test(an_expired_page_begins_the_group_anew),
		cmocka_unit_test(
			a_group_that_vanishes_between_its_pages_is_not_found_and_not_short),
		cmocka_unit_test(members_that_say_too_little_are_not_readable),
		cmocka_unit_test(members_who_are_known_are_asked_for_by_id_alone),
		cmocka_unit_test(a_group_with_somebody_unknown_is_read_anew_with_all_they_say),
		cmocka_unit_test(ids_alone_are_judged_as_strictly_as_records),
		cmocka_unit_test(many_failing_groups_in_a_row_end_the_reading),
		cmocka_unit_test(trouble_that_every_group_has_ends_the_reading),
		cmocka_unit_test(a_caller_that_has_enough_ends_all_groups),
	};

	return cmocka_run_group_tests(tests, lab_set_up, lab_tear_down);
}
