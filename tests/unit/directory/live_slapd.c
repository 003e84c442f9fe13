/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The second dialect against a real slapd. Started by test_live_slapd.sh. */
#include "config.h"

#include "tests/unit/directory/live.h"

static struct talk *open_slapd(void)
{
	return live_open(talk_env("GB_SLAPD_HOST"));
}

static void the_dialect_is_recognised(void **state)
{
	struct talk *talk = open_slapd();
	const struct gb_directory_facts *facts = gb_directory_facts(talk->directory);

	(void)state;
	assert_int_equal(facts->dialect, GB_DIALECT_LDAP);
	/* slapd spells attribute types in its own way. */
	assert_string_equal(gb_dn_key(talk, facts->domain_dn),
			    gb_dn_key(talk, talk_env("GB_BASE_DN")));
	assert_false(gb_guid_is_none(&facts->domain_guid));
	assert_true(gb_guid_is_none(&facts->invocation_id));
	assert_int_equal(facts->highest_usn, 0);
	assert_true(facts->has_external_id);
	assert_true(facts->has_mail_nickname);
	talloc_free(talk);
}

static void starttls_opens(void **state)
{
	struct talk *talk = talk_new();
	struct gb_directory_options options = live_options(talk, talk_env("GB_SLAPD_HOST"));

	(void)state;
	options.transport = GB_TRANSPORT_STARTTLS;
	assert_int_equal(talk_open(talk, &options), GB_OK);
	talloc_free(talk);
}

static void a_wrong_password_has_no_sub_code(void **state)
{
	struct talk *talk = talk_new();
	struct gb_directory_options options = live_options(talk, talk_env("GB_SLAPD_HOST"));

	(void)state;
	options.password = gb_secret_new(talk, "wrong", 5);
	assert_int_equal(talk_open(talk, &options), GB_E_ACCESS);
	assert_string_equal(talk->err.id, "ldap-49");
	talloc_free(talk);
}

static void people_and_groups_are_read_page_by_page(void **state)
{
	struct talk *talk = talk_new();
	struct gb_directory_options options = live_options(talk, talk_env("GB_SLAPD_HOST"));

	(void)state;
	options.page_size = 10;
	assert_int_equal(talk_open(talk, &options), GB_OK);
	assert_int_equal(talk_read_objects(talk, GB_READ_USERS, NULL), GB_OK);
	assert_true(talk->count >= 70);
	for (size_t i = 0; i < talk->count; i++) {
		assert_false(gb_guid_is_none(&talk->objects[i].guid));
		assert_int_equal(talk->objects[i].object_class, GB_CLASS_USER);
	}
	assert_int_equal(talk_read_objects(talk, 0, NULL), GB_OK);
	assert_true(talk->count > 70);
	talloc_free(talk);
}

static void the_second_dialect_writes_too(void **state)
{
	struct talk *talk = open_slapd();
	const char *dn = live_dn(talk, "Life, \"1\"");
	const char *renamed = live_dn(talk, "Renamed");
	const char *ada = live_person(talk, "ada.lovelace");
	const char *alan = live_person(talk, "alan.turing");
	const char *const both[] = {ada, alan, NULL};
	struct gb_guid guid;

	(void)state;
	assert_int_equal(talk_add_group(talk, dn, "life", (const char *const[]){ada, NULL}), GB_OK);
	assert_int_equal(talk_read_group(talk, dn), GB_OK);
	guid = talk->objects[0].guid;
	assert_true(talk->objects[0].in_container);
	assert_string_equal(talk->objects[0].cn, "Life, \"1\"");
	assert_int_equal(talk->objects[0].group_type, -2147483640);
	assert_int_equal(talk_modify(talk, dn, "displayName", "New name"), GB_OK);
	assert_int_equal(talk_members(talk, dn, false, (const char *const[]){alan, NULL}), GB_OK);
	assert_int_equal(talk_read_members(talk, dn), GB_OK);
	assert_int_equal(talk->count, 2);
	assert_true(gb_guid_is_none(&talk->members[0].guid));
	assert_non_null(talk->members[0].dn_key);
	assert_int_equal(talk_members(talk, dn, true, both), GB_OK);
	assert_int_equal(talk_read_members(talk, dn), GB_OK);
	assert_int_equal(talk->count, 0);
	assert_int_equal(talk_rename(talk, dn, "CN=Renamed", NULL), GB_OK);
	assert_int_equal(talk_read_group(talk, renamed), GB_OK);
	assert_int_equal(gb_guid_compare(&talk->objects[0].guid, &guid), 0);
	assert_string_equal(talk->objects[0].display_name, "New name");
	assert_int_equal(talk_delete(talk, renamed), GB_OK);
	assert_int_equal(talk_read_group(talk, renamed), GB_E_NOT_FOUND);
	talloc_free(talk);
}

static void an_object_is_found_by_its_entryuuid_alone(void **state)
{
	struct talk *talk = open_slapd();
	struct gb_directory_reference object = {0};
	char *dn;

	(void)state;
	dn = gb_strdup(talk, live_person(talk, "ada.lovelace"));
	object.guid = talk->objects[0].guid;
	talk_begin(talk);
	gb_directory_read_group(talk->directory, &object, talk_on_object, talk_done, talk);
	talk_await(talk, 1);
	assert_int_equal(talk->rc, GB_OK);
	assert_string_equal(talk->objects[0].dn, dn);
	talloc_free(talk);
}

/* slapd honours the permissive control for values that are there, not for those that are not. */
static void members_there_already_or_not_there(void **state)
{
	struct talk *talk = open_slapd();
	const char *dn = live_dn(talk, "Twice");
	const char *const ada[] = {live_person(talk, "ada.lovelace"), NULL};
	const char *const alan[] = {live_person(talk, "alan.turing"), NULL};

	(void)state;
	assert_int_equal(talk_add_group(talk, dn, "twice", ada), GB_OK);
	assert_int_equal(talk_members(talk, dn, false, ada), GB_OK);
	talk_members(talk, dn, true, alan);
	live_refused(talk, GB_E_CONSTRAINT, 16);
	talk_add_group(talk, dn, "twice", NULL);
	live_refused(talk, GB_E_EXISTS, 68);
	assert_int_equal(talk_delete(talk, dn), GB_OK);
	talk_delete(talk, dn);
	live_refused(talk, GB_E_NOT_FOUND, 32);
	talloc_free(talk);
}

static void without_the_right_nothing_is_written(void **state)
{
	struct talk *talk = open_slapd();

	(void)state;
	talk_add_group(talk, "CN=Elsewhere,OU=People,DC=lab,DC=test", "elsewhere", NULL);
	live_refused(talk, GB_E_ACCESS, 50);
	talloc_free(talk);
}

static void a_swap_succeeds_for_one_of_two(void **state)
{
	struct talk *talk = open_slapd();
	const char *dn = live_dn(talk, "Lease");

	(void)state;
	assert_int_equal(talk_add_group(talk, dn, "lease", NULL), GB_OK);
	assert_int_equal(talk_swap(talk, dn, &(struct gb_change_value){"info", "a", NULL}), GB_OK);
	assert_int_equal(talk_swap(talk, dn, &(struct gb_change_value){"info", "b", "a"}), GB_OK);
	assert_int_not_equal(talk_swap(talk, dn, &(struct gb_change_value){"info", "c", "a"}),
			     GB_OK);
	assert_int_equal(talk_delete(talk, dn), GB_OK);
	talloc_free(talk);
}

static bool has_object(const struct talk *talk, const char *dn)
{
	char *key = gb_dn_key(NULL, dn);
	bool found = false;

	for (size_t i = 0; i < talk->count; i++) {
		found = found || strcmp(talk->objects[i].dn_key, key) == 0;
	}
	talloc_free(key);
	return found;
}

static void a_delta_brings_what_changed(void **state)
{
	struct talk *talk = open_slapd();
	const char *dn = live_dn(talk, "Delta");
	char *cursor;

	(void)state;
	assert_int_equal(talk_read_objects(talk, 0, NULL), GB_OK);
	cursor = gb_strdup(talk, gb_directory_cursor(talk->directory));
	assert_string_not_equal(cursor, "");
	assert_int_equal(talk_add_group(talk, dn, "delta", NULL), GB_OK);
	assert_int_equal(talk_read_objects(talk, 0, cursor), GB_OK);
	assert_true(has_object(talk, dn));
	assert_int_equal(talk_read_objects(talk, 0,
					   "csn1 00000000-0000-0000-0000-000000000001 "
					   "20260102030405"),
			 GB_E_STALE_CURSOR);
	assert_int_equal(talk_delete(talk, dn), GB_OK);
	talloc_free(talk);
}

static void anchors_and_containers_are_found(void **state)
{
	struct talk *talk = open_slapd();
	const char *dn = live_dn(talk, "Anchored");

	(void)state;
	assert_int_equal(talk_find_container(talk, talk_env("GB_CONTAINER")), GB_OK);
	assert_true(talk->container.can_create_groups);
	assert_int_equal(talk_find_container(talk, "OU=Missing,DC=lab,DC=test"), GB_E_NOT_FOUND);
	assert_int_equal(talk_add_group(talk, dn, "anchored", NULL), GB_OK);
	assert_int_equal(talk_find_anchor(talk, "Group_anchored", GB_REACH_DOMAIN), GB_OK);
	assert_int_equal(talk->count, 1);
	assert_int_equal(talk_find_anchor(talk, "Group_anchored", GB_REACH_FOREST), GB_OK);
	assert_int_equal(talk->count, 1);
	assert_int_equal(talk_check_account(talk), GB_OK);
	assert_int_equal(talk_delete(talk, dn), GB_OK);
	talloc_free(talk);
}

#define MANY 300

/* More requests at once than a server likes by default, and each ends once. */
static void hundreds_of_requests_at_once_all_end(void **state)
{
	struct talk *talk = open_slapd();
	struct gb_change_value type = {.attribute = "groupType", .value = "8"};

	(void)state;
	talk_begin(talk);
	for (unsigned i = 0; i < MANY; i++) {
		struct gb_directory_entry entry = {
			.dn = live_dn(talk, gb_printf(talk, "Many %u", i)),
			.values = &type,
			.value_count = 1,
		};

		gb_directory_add(talk->directory, &entry, talk_write_done, talk);
	}
	talk_await(talk, MANY);
	assert_int_equal(gb_directory_stats(talk->directory)->failures, 0);
	talk_begin(talk);
	for (unsigned i = 0; i < MANY; i++) {
		struct gb_directory_reference object = {
			.dn = live_dn(talk, gb_printf(talk, "Many %u", i))};

		gb_directory_delete(talk->directory, &object, talk_write_done, talk);
	}
	talk_await(talk, MANY);
	assert_int_equal(gb_directory_stats(talk->directory)->failures, 0);
	talloc_free(talk);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_dialect_is_recognised),
		cmocka_unit_test(starttls_opens),
		cmocka_unit_test(a_wrong_password_has_no_sub_code),
		cmocka_unit_test(people_and_groups_are_read_page_by_page),
		cmocka_unit_test(the_second_dialect_writes_too),
		cmocka_unit_test(an_object_is_found_by_its_entryuuid_alone),
		cmocka_unit_test(members_there_already_or_not_there),
		cmocka_unit_test(without_the_right_nothing_is_written),
		cmocka_unit_test(a_swap_succeeds_for_one_of_two),
		cmocka_unit_test(a_delta_brings_what_changed),
		cmocka_unit_test(anchors_and_containers_are_found),
		cmocka_unit_test(hundreds_of_requests_at_once_all_end),
	};

	gb_process_harden();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
