/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The directory room against servers that cut, repeat or leave out what is read. */
#include "config.h"

#include <ldap.h>

#include "engine/base/process.h"
#include "tests/unit/directory/fake.h"
#include "tests/unit/directory/talk.h"
#include "tests/unit/unit.h"

#define GROUP "CN=g1," FAKE_DOMAIN

/* Ranges. */

#define MEMBERS 3700

/* Values @first to @last of member, as AD cuts them; @claimed_first is what the option says. */
static void answer_range(struct fake_connection *connection, const struct fake_request *request,
			 int first, int last, int claimed_first)
{
	const char **texts = gb_new_array(NULL, const char *, (size_t)(last - first) + 2);
	char name[64];
	struct fake_attribute attributes[] = {
		{.name = "member"},
		{.name = name, .texts = texts},
		{.name = "uSNChanged", .text = "7"},
		{0},
	};

	for (int i = first; i <= last; i++) {
		texts[i - first] = gb_printf(texts,
					     "<GUID=00000000-0000-0000-0000-%012d>;"
					     "<SID=S-1-5-21-1-2-3-%d>;CN=u%d," FAKE_DOMAIN,
					     i + 1, i + 1000, i);
	}
	if (last == MEMBERS - 1) {
		snprintf(name, sizeof(name), "member;range=%d-*", claimed_first);
	} else {
		snprintf(name, sizeof(name), "member;range=%d-%d", claimed_first, last);
	}
	fake_entry(connection, request, GROUP, attributes);
	fake_result(connection, request, LDAP_SUCCESS, NULL);
	talloc_free(texts);
}

/* The index that "member;range=N-M" asks from; -1 if something else is asked for. */
static int asked_from(const struct fake_request *request)
{
	int first;

	if (request->type != LDAP_REQ_SEARCH || !request->attribute ||
	    sscanf(request->attribute, "member;range=%d-", &first) != 1) {
		return -1;
	}
	return first;
}

static void cut_ranges(struct fake_connection *connection, const struct fake_request *request)
{
	int first = asked_from(request);

	if (first < 0) {
		fake_default(connection, request);
		return;
	}
	answer_range(connection, request, first,
		     first + 1499 < MEMBERS ? first + 1499 : MEMBERS - 1, first);
}

static void leave_a_gap(struct fake_connection *connection, const struct fake_request *request)
{
	int first = asked_from(request);

	if (first < 0) {
		fake_default(connection, request);
		return;
	}
	answer_range(connection, request, first, first + 999, first == 0 ? 0 : first + 1);
}

static void members_cut_at_1500_come_completely(void **state)
{
	struct fake *fake;
	struct talk *talk = fake_open(cut_ranges, &fake);
	int searches = fake->counts->searches;

	(void)state;
	assert_int_equal(talk_read_members(talk, GROUP), GB_OK);
	assert_int_equal(talk->count, MEMBERS);
	assert_int_equal(fake->counts->searches - searches, 3);
	for (size_t i = 0; i < MEMBERS; i++) {
		assert_int_equal(gb_sid_rid(&talk->members[i].sid), i + 1000);
	}
	talloc_free(talk);
}

static void a_gap_between_ranges_is_an_error(void **state)
{
	struct fake *fake;
	struct talk *talk = fake_open(leave_a_gap, &fake);

	(void)state;
	assert_int_equal(talk_read_members(talk, GROUP), GB_E_PROTOCOL);
	assert_string_equal(talk->err.id, "directory-broken-range");
	talloc_free(talk);
}

static void change_between_ranges(struct fake_connection *connection,
				  const struct fake_request *request)
{
	static const char *const values[] = {"CN=a,DC=x", "CN=b,DC=x", NULL};
	int first = asked_from(request);
	struct fake_attribute attributes[] = {
		{.name = first ? "member;range=2-*" : "member;range=0-1", .texts = values},
		{.name = "uSNChanged", .text = first ? "8" : "7"},
		{0},
	};

	if (first < 0) {
		fake_default(connection, request);
		return;
	}
	fake_entry(connection, request, GROUP, attributes);
	fake_result(connection, request, LDAP_SUCCESS, NULL);
}

static void a_group_that_changes_between_ranges_is_read_again(void **state)
{
	struct fake *fake;
	struct talk *talk = fake_open(change_between_ranges, &fake);

	(void)state;
	assert_int_equal(talk_read_members(talk, GROUP), GB_E_TRY_AGAIN);
	assert_string_equal(talk->err.id, "directory-group-changed");
	talloc_free(talk);
}

/* Pages and limits. */

/* Three pages of two groups. @on_second_page is the code that meets the first cookie. */
static void answer_pages(struct fake_connection *connection, const struct fake_request *request,
			 int on_second_page)
{
	int page = request->cookie[0] ? atoi(request->cookie) : 0;

	if (request->page_size == 0) {
		fake_default(connection, request);
		return;
	}
	if (page == 1 && on_second_page != LDAP_SUCCESS) {
		fake_result(connection, request, on_second_page, NULL);
		return;
	}
	fake_group(connection, request, page * 2 + 1);
	fake_group(connection, request, page * 2 + 2);
	fake_page(connection, request, page == 0 ? "1" : page == 1 ? "2" : "");
}

static void serve_pages(struct fake_connection *connection, const struct fake_request *request)
{
	answer_pages(connection, request, LDAP_SUCCESS);
}

static void refuse_the_first_cookie(struct fake_connection *connection,
				    const struct fake_request *request)
{
	answer_pages(connection, request,
		     request->page_size == 1000 ? LDAP_UNWILLING_TO_PERFORM : LDAP_SUCCESS);
}

static void refuse_every_cookie(struct fake_connection *connection,
				const struct fake_request *request)
{
	answer_pages(connection, request, LDAP_UNWILLING_TO_PERFORM);
}

static int limit_to_meet;

static void exceed_a_limit(struct fake_connection *connection, const struct fake_request *request)
{
	if (request->page_size == 0) {
		fake_default(connection, request);
		return;
	}
	fake_group(connection, request, 1);
	fake_result(connection, request, limit_to_meet, NULL);
}

static void go_round_in_circles(struct fake_connection *connection,
				const struct fake_request *request)
{
	if (request->page_size == 0) {
		fake_default(connection, request);
		return;
	}
	fake_page(connection, request, "again");
}

static void all_pages_are_read(void **state)
{
	struct fake *fake;
	struct talk *talk = fake_open(serve_pages, &fake);

	(void)state;
	assert_int_equal(talk_read_objects(talk, 0, NULL), GB_OK);
	assert_int_equal(talk->count, 6);
	assert_int_equal(fake->counts->page_size, 1000);
	assert_int_equal(gb_directory_stats(talk->directory)->retries, 0);
	talloc_free(talk);
}

static void a_refused_cookie_begins_anew_with_half_the_page(void **state)
{
	struct fake *fake;
	struct talk *talk = fake_open(refuse_the_first_cookie, &fake);

	(void)state;
	assert_int_equal(talk_read_objects(talk, 0, NULL), GB_OK);
	assert_int_equal(talk->count, 2 + 6);
	assert_int_equal(fake->counts->page_size, 500);
	assert_int_equal(gb_directory_stats(talk->directory)->retries, 1);
	talloc_free(talk);
}

static void cookies_that_are_always_refused_are_an_error(void **state)
{
	struct fake *fake;
	struct talk *talk = fake_open(refuse_every_cookie, &fake);

	(void)state;
	assert_int_equal(talk_read_objects(talk, 0, NULL), GB_E_PROTOCOL);
	assert_int_equal(talk->err.native, LDAP_UNWILLING_TO_PERFORM);
	assert_int_equal(gb_directory_stats(talk->directory)->retries, 2);
	assert_string_equal(gb_directory_cursor(talk->directory), "");
	talloc_free(talk);
}

/* D05 */
static void a_limit_of_the_server_is_never_a_short_success(void **state)
{
	static const struct {
		int code;
		const char *id;
	} rows[] = {{LDAP_TIMELIMIT_EXCEEDED, "ldap-3"},
		    {LDAP_SIZELIMIT_EXCEEDED, "ldap-4"},
		    {LDAP_ADMINLIMIT_EXCEEDED, "ldap-11"}};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct fake *fake;
		struct talk *talk;

		limit_to_meet = rows[i].code;
		talk = fake_open(exceed_a_limit, &fake);
		assert_int_equal(talk_read_objects(talk, 0, NULL), GB_E_UNAVAILABLE);
		assert_string_equal(talk->err.id, rows[i].id);
		assert_int_equal(gb_directory_stats(talk->directory)->retries, 2);
		assert_string_equal(gb_directory_cursor(talk->directory), "");
		talloc_free(talk);
	}
}

/* The second range of a group's members meets the limit: what the first one brought is no list. */
static void limit_the_second_range(struct fake_connection *connection,
				   const struct fake_request *request)
{
	int first = asked_from(request);

	if (first < 0) {
		fake_default(connection, request);
	} else if (first == 0) {
		answer_range(connection, request, 0, 1499, 0);
	} else {
		fake_result(connection, request, limit_to_meet, NULL);
	}
}

static void a_limit_in_the_middle_of_a_group_is_never_a_short_list(void **state)
{
	static const int codes[] = {LDAP_TIMELIMIT_EXCEEDED, LDAP_SIZELIMIT_EXCEEDED,
				    LDAP_ADMINLIMIT_EXCEEDED};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(codes); i++) {
		struct fake *fake;
		struct talk *talk;

		limit_to_meet = codes[i];
		talk = fake_open(limit_the_second_range, &fake);
		assert_int_equal(talk_read_members(talk, GROUP), GB_E_UNAVAILABLE);
		assert_int_equal(talk->err.native, codes[i]);
		talloc_free(talk);
	}
}

static void empty_pages_without_end_are_an_error(void **state)
{
	struct fake *fake;
	struct talk *talk = fake_open(go_round_in_circles, &fake);

	(void)state;
	assert_int_equal(talk_read_objects(talk, 0, NULL), GB_E_PROTOCOL);
	assert_true(fake->counts->searches < 20);
	talloc_free(talk);
}

static void forget_the_control(struct fake_connection *connection,
			       const struct fake_request *request)
{
	if (request->page_size == 0 || !request->cookie[0]) {
		answer_pages(connection, request, LDAP_SUCCESS);
		return;
	}
	fake_group(connection, request, 3);
	fake_result(connection, request, LDAP_SUCCESS, NULL);
}

static void a_second_page_that_does_not_say_where_it_ends_is_an_error(void **state)
{
	struct fake *fake;
	struct talk *talk = fake_open(forget_the_control, &fake);

	(void)state;
	assert_int_equal(talk_read_objects(talk, 0, NULL), GB_E_PROTOCOL);
	assert_string_equal(gb_directory_cursor(talk->directory), "");
	talloc_free(talk);
}

/* Attributes. */

static void leave_out_the_guid(struct fake_connection *connection,
			       const struct fake_request *request)
{
	static const struct fake_attribute attributes[] = {{.name = "objectClass", .text = "group"},
							   {0}};

	if (request->page_size == 0) {
		fake_default(connection, request);
		return;
	}
	fake_entry(connection, request, "CN=no guid," FAKE_DOMAIN, attributes);
	fake_page(connection, request, "");
}

static void an_entry_without_guid_ends_the_read(void **state)
{
	struct fake *fake;
	struct talk *talk = fake_open(leave_out_the_guid, &fake);

	(void)state;
	assert_int_equal(talk_read_objects(talk, 0, NULL), GB_E_PROTOCOL);
	assert_non_null(strstr(talk->err.what, "CN=no guid"));
	assert_int_equal(talk->count, 0);
	talloc_free(talk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_cut_at_1500_come_completely),
		cmocka_unit_test(a_gap_between_ranges_is_an_error),
		cmocka_unit_test(a_group_that_changes_between_ranges_is_read_again),
		cmocka_unit_test(all_pages_are_read),
		cmocka_unit_test(a_refused_cookie_begins_anew_with_half_the_page),
		cmocka_unit_test(cookies_that_are_always_refused_are_an_error),
		cmocka_unit_test(a_limit_of_the_server_is_never_a_short_success),
		cmocka_unit_test(a_limit_in_the_middle_of_a_group_is_never_a_short_list),
		cmocka_unit_test(empty_pages_without_end_are_an_error),
		cmocka_unit_test(a_second_page_that_does_not_say_where_it_ends_is_an_error),
		cmocka_unit_test(an_entry_without_guid_ends_the_read),
	};

	gb_process_harden();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
