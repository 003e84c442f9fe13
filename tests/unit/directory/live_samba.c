/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading from and writing to a real Samba domain controller. Started by test_live_samba.sh. */
#include "config.h"

#include "engine/base/clock.h"
#include "tests/unit/directory/live.h"

/* People whom the sandbox puts into the domain. */
#define PEOPLE 70

static struct gb_directory_options account_options(const void *ctx, const char *who)
{
	struct gb_directory_options options = live_options(ctx, talk_env("GB_DC_HOST"));
	const char *password = talk_env(gb_printf(ctx, "GB_%s_PASSWORD", who));

	options.account = talk_env(gb_printf(ctx, "GB_%s_UPN", who));
	options.password = gb_secret_new(ctx, password, strlen(password));
	return options;
}

/* Reading. */

static size_t count_class(const struct talk *talk, enum gb_directory_class object_class)
{
	size_t count = 0;

	for (size_t i = 0; i < talk->count; i++) {
		count += talk->objects[i].object_class == object_class;
	}
	return count;
}

static void all_objects_come_page_by_page(void **state)
{
	struct talk *talk = talk_new();
	struct gb_directory_options options = live_options(talk, talk_env("GB_DC_HOST"));
	uint64_t searches;

	(void)state;
	options.page_size = 20;
	assert_int_equal(talk_open(talk, &options), GB_OK);
	if (talk_read_objects(talk, 0, NULL) != GB_OK) {
		fail_msg("%s", gb_err_line(talk, &talk->err));
	}
	searches = gb_directory_stats(talk->directory)->searches;
	/* People, three service accounts, Administrator, Guest, krbtgt; the DC is a computer. */
	assert_true(count_class(talk, GB_CLASS_USER) >= PEOPLE + 5);
	assert_true(count_class(talk, GB_CLASS_GROUP) > 20);
	assert_true(count_class(talk, GB_CLASS_COMPUTER) >= 1);
	assert_int_equal(count_class(talk, GB_CLASS_OTHER), 0);
	assert_true(searches >= talk->count / 20);
	for (size_t i = 0; i < talk->count; i++) {
		assert_false(gb_guid_is_none(&talk->objects[i].guid));
		assert_false(gb_sid_is_none(&talk->objects[i].sid));
		assert_true(talk->objects[i].usn_changed > 0);
		assert_non_null(talk->objects[i].cn);
	}
	talloc_free(talk);
}

static void classes_can_be_chosen(void **state)
{
	struct talk *talk = live_open(talk_env("GB_DC_HOST"));

	(void)state;
	assert_int_equal(talk_read_objects(talk, GB_READ_USERS, NULL), GB_OK);
	assert_int_equal(count_class(talk, GB_CLASS_USER), talk->count);
	assert_int_equal(talk_read_objects(talk, GB_READ_COMPUTERS, NULL), GB_OK);
	assert_int_equal(count_class(talk, GB_CLASS_COMPUTER), talk->count);
	assert_int_equal(talk_read_objects(talk, GB_READ_GROUPS, NULL), GB_OK);
	assert_int_equal(count_class(talk, GB_CLASS_GROUP), talk->count);
	talloc_free(talk);
}

static void built_in_groups_are_protected_and_others_not(void **state)
{
	struct talk *talk = live_open(talk_env("GB_DC_HOST"));

	(void)state;
	assert_int_equal(talk_find_name(talk, "Domain Admins"), GB_OK);
	assert_true(talk->objects[0].is_protected);
	assert_int_equal(talk_find_name(talk, "Finance Staff"), GB_OK);
	assert_false(talk->objects[0].is_protected);
	assert_int_equal(talk->objects[0].group_type,
			 GB_GROUP_TYPE_SECURITY | GB_GROUP_TYPE_GLOBAL);
	talloc_free(talk);
}

static void a_delta_brings_what_changed_members_included(void **state)
{
	struct talk *talk = live_open(talk_env("GB_DC_HOST"));
	const char *dn = live_dn(talk, "Delta");
	const char *ada = live_person(talk, "ada.lovelace");
	char *cursor;

	(void)state;
	assert_int_equal(talk_add_group(talk, dn, "delta", NULL), GB_OK);
	assert_string_equal(gb_directory_cursor(talk->directory), "");
	assert_int_equal(talk_read_objects(talk, 0, NULL), GB_OK);
	cursor = gb_strdup(talk, gb_directory_cursor(talk->directory));
	assert_int_equal(talk_read_objects(talk, 0, cursor), GB_OK);
	assert_int_equal(talk->count, 0);
	assert_int_equal(talk_members(talk, dn, false, (const char *const[]){ada, NULL}), GB_OK);
	assert_int_equal(talk_read_objects(talk, 0, cursor), GB_OK);
	assert_int_equal(talk->count, 1);
	assert_string_equal(talk->objects[0].dn, dn);
	assert_true(talk->objects[0].in_container);
	assert_int_equal(talk_read_objects(talk, 0, "usn1 00000000-0000-0000-0000-000000000001 5"),
			 GB_E_STALE_CURSOR);
	assert_int_equal(talk_delete(talk, dn), GB_OK);
	talloc_free(talk);
}

static void members_come_with_guid_sid_and_dn(void **state)
{
	struct talk *talk = live_open(talk_env("GB_DC_HOST"));
	bool found = false;
	struct gb_sid ada;

	(void)state;
	live_person(talk, "ada.lovelace");
	ada = talk->objects[0].sid;
	assert_int_equal(talk_read_members(talk, "CN=Lisbon Office,OU=Groups,DC=lab,DC=test"),
			 GB_OK);
	assert_int_equal(talk->count, 18);
	for (size_t i = 0; i < talk->count; i++) {
		assert_false(gb_guid_is_none(&talk->members[i].guid));
		assert_true(gb_sid_same_domain(&talk->members[i].sid, &ada));
		found = found || strcmp(talk->members[i].dn,
					"CN=Andr\xc3\xa9 Gon\xc3\xa7"
					"alves,OU=Lisbon,OU=People,DC=lab,DC=test") == 0;
	}
	assert_true(found);
	assert_int_equal(talk_read_members(talk, "CN=Empty Shell,OU=Groups,DC=lab,DC=test"), GB_OK);
	assert_int_equal(talk->count, 0);
	assert_int_equal(talk_read_members(talk, "CN=No Such Group,DC=lab,DC=test"),
			 GB_E_NOT_FOUND);
	talloc_free(talk);
}

static void a_callback_can_stop_a_read(void **state)
{
	struct talk *talk = live_open(talk_env("GB_DC_HOST"));

	(void)state;
	talk->stop_after = 3;
	assert_int_equal(talk_read_objects(talk, 0, NULL), GB_E_CANCELLED);
	assert_int_equal(talk->count, 3);
	assert_int_equal(gb_directory_pending(talk->directory), 0);
	talk->stop_after = 0;
	assert_int_equal(talk_find_name(talk, "ada.lovelace"), GB_OK);
	assert_int_equal(talk->count, 1);
	talloc_free(talk);
}

static void anchors_are_found_in_domain_and_forest(void **state)
{
	struct talk *talk = live_open(talk_env("GB_DC_HOST"));
	const char *dn = live_dn(talk, "Anchored");

	(void)state;
	assert_int_equal(talk_add_group(talk, dn, "anchored-1", NULL), GB_OK);
	assert_int_equal(talk_find_anchor(talk, "Group_anchored-1", GB_REACH_DOMAIN), GB_OK);
	assert_int_equal(talk->count, 1);
	assert_string_equal(talk->objects[0].external_directory_id, "Group_anchored-1");
	assert_int_equal(talk_find_anchor(talk, "Group_anchored-1", GB_REACH_FOREST), GB_OK);
	assert_int_equal(talk->count, 1);
	assert_string_equal(talk->objects[0].dn, dn);
	assert_int_equal(talk_find_anchor(talk, "Group_anchored-2", GB_REACH_FOREST), GB_OK);
	assert_int_equal(talk->count, 0);
	assert_int_equal(talk_find_anchor(talk, "*", GB_REACH_DOMAIN), GB_OK);
	assert_int_equal(talk->count, 0);
	assert_int_equal(talk_find_anchor(talk, NULL, GB_REACH_DOMAIN), GB_OK);
	assert_true(talk->count >= 1);
	assert_int_equal(talk_delete(talk, dn), GB_OK);
	talloc_free(talk);
}

static void people_are_found_by_sid_in_the_forest(void **state)
{
	struct talk *talk = live_open(talk_env("GB_DC_HOST"));
	const char *dn = live_person(talk, "ada.lovelace");
	struct gb_sid sid = talk->objects[0].sid;

	(void)state;
	talk_begin(talk);
	gb_directory_find_sid(talk->directory, &sid, GB_REACH_FOREST, talk_on_object, talk_done,
			      talk);
	talk_await(talk, 1);
	assert_int_equal(talk->rc, GB_OK);
	assert_int_equal(talk->count, 1);
	assert_string_equal(talk->objects[0].dn, dn);
	talloc_free(talk);
}

/* Containers and rights. */

static void the_container_tells_what_the_account_may_do(void **state)
{
	struct talk *svc = live_open(talk_env("GB_DC_HOST"));
	struct talk *nobody = talk_new();
	struct gb_directory_options options = account_options(nobody, "NOBODY");
	struct gb_directory_reference by_guid = {0};

	(void)state;
	assert_int_equal(talk_find_container(svc, talk_env("GB_CONTAINER")), GB_OK);
	assert_true(svc->container.can_create_groups);
	assert_false(svc->container.can_create_units);
	assert_true(svc->container.is_unit);
	assert_string_equal(svc->container.name, "Cloud Groups");
	by_guid.guid = svc->container.guid;
	talk_begin(svc);
	gb_directory_find_container(svc->directory, &by_guid, talk_on_container, talk_done, svc);
	talk_await(svc, 1);
	assert_int_equal(svc->rc, GB_OK);
	assert_string_equal(svc->container.dn, talk_env("GB_CONTAINER"));
	assert_int_equal(talk_open(nobody, &options), GB_OK);
	assert_int_equal(talk_find_container(nobody, talk_env("GB_CONTAINER")), GB_OK);
	assert_false(nobody->container.can_create_groups);
	talloc_free(nobody);
	talloc_free(svc);
}

static void what_is_no_container_is_refused(void **state)
{
	struct talk *talk = live_open(talk_env("GB_DC_HOST"));

	(void)state;
	assert_int_equal(talk_find_container(talk, "OU=Missing,DC=lab,DC=test"), GB_E_NOT_FOUND);
	assert_int_equal(talk_find_container(talk, talk_env("GB_SVC_DN")), GB_E_CONFIG);
	assert_string_equal(talk->err.id, "directory-no-container");
	assert_int_equal(talk_find_container(talk, "DC=other,DC=test"), GB_E_NOT_FOUND);
	talloc_free(talk);
}

static void containers_are_listed_level_by_level(void **state)
{
	struct talk *talk = live_open(talk_env("GB_DC_HOST"));

	(void)state;
	talk_begin(talk);
	gb_directory_list_containers(talk->directory, NULL, talk_on_container, talk_done, talk);
	talk_await(talk, 1);
	assert_true(talk_has_text(talk, "Cloud Groups"));
	assert_true(talk_has_text(talk, "People"));
	assert_false(talk_has_text(talk, "Lisbon"));
	talk_begin(talk);
	gb_directory_list_containers(talk->directory, "OU=People,DC=lab,DC=test", talk_on_container,
				     talk_done, talk);
	talk_await(talk, 1);
	assert_true(talk_has_text(talk, "Lisbon"));
	talloc_free(talk);
}

static void administrators_are_refused(void **state)
{
	struct talk *svc = live_open(talk_env("GB_DC_HOST"));
	struct talk *admin = talk_new();
	struct gb_directory_options options = account_options(admin, "ADMIN");

	(void)state;
	assert_int_equal(talk_check_account(svc), GB_OK);
	assert_int_equal(talk_open(admin, &options), GB_OK);
	assert_int_equal(talk_check_account(admin), GB_E_ACCESS);
	assert_string_equal(admin->err.id, "directory-account-privileged");
	assert_non_null(strstr(admin->err.what, "Admin"));
	talloc_free(admin);
	talloc_free(svc);
}

static void rights_on_a_group_are_listed(void **state)
{
	struct talk *talk = live_open(talk_env("GB_DC_HOST"));
	const char *dn = live_dn(talk, "Rights");
	struct gb_directory_reference ours = {.dn = dn};
	struct gb_directory_reference other = {.dn = "CN=Finance Staff,OU=Groups,DC=lab,DC=test"};

	(void)state;
	assert_int_equal(talk_add_group(talk, dn, "rights", NULL), GB_OK);
	talk_begin(talk);
	gb_directory_read_rights(talk->directory, &ours, talk_on_rights, talk_done, talk);
	talk_await(talk, 1);
	assert_int_equal(talk->rc, GB_OK);
	assert_true(talk_has_text(talk, "member"));
	talk_begin(talk);
	gb_directory_read_rights(talk->directory, &other, talk_on_rights, talk_done, talk);
	talk_await(talk, 1);
	assert_false(talk_has_text(talk, "member"));
	assert_int_equal(talk_delete(talk, dn), GB_OK);
	talloc_free(talk);
}

/* Writing. */

static void a_group_lives_through_all_writes(void **state)
{
	struct talk *talk = live_open(talk_env("GB_DC_HOST"));
	const char *dn = live_dn(talk, "Life, \"1\" #");
	const char *renamed = live_dn(talk, "Renamed + more");
	char *new_rdn = gb_dn_rdn(talk, "Renamed + more");
	const char *ada = live_person(talk, "ada.lovelace");
	const char *alan = live_person(talk, "alan.turing");
	const struct gb_directory_stats *stats = gb_directory_stats(talk->directory);
	struct gb_guid guid;
	struct gb_sid sid;

	(void)state;
	assert_int_equal(talk_add_group(talk, dn, "life", (const char *const[]){ada, NULL}), GB_OK);
	assert_int_equal(talk_read_group(talk, dn), GB_OK);
	guid = talk->objects[0].guid;
	sid = talk->objects[0].sid;
	assert_string_equal(talk->objects[0].cn, "Life, \"1\" #");
	assert_string_equal(talk->objects[0].display_name, "life");
	assert_null(talk->objects[0].description);
	assert_int_equal(talk_modify(talk, dn, "displayName",
				     "Gr\xc3\xb6\xc3\x9f"
				     "e"),
			 GB_OK);
	assert_int_equal(talk_members(talk, dn, false, (const char *const[]){alan, NULL}), GB_OK);
	assert_int_equal(talk_read_members(talk, dn), GB_OK);
	assert_int_equal(talk->count, 2);
	assert_int_equal(talk_members(talk, dn, true, (const char *const[]){ada, alan, NULL}),
			 GB_OK);
	assert_int_equal(talk_read_members(talk, dn), GB_OK);
	assert_int_equal(talk->count, 0);
	assert_int_equal(talk_rename(talk, dn, new_rdn, NULL), GB_OK);
	assert_int_equal(talk_read_group(talk, dn), GB_E_NOT_FOUND);
	assert_int_equal(talk_read_group(talk, renamed), GB_OK);
	assert_int_equal(gb_guid_compare(&talk->objects[0].guid, &guid), 0);
	assert_true(gb_sid_equal(&talk->objects[0].sid, &sid));
	assert_string_equal(talk->objects[0].display_name, "Gr\xc3\xb6\xc3\x9f"
							   "e");
	assert_int_equal(talk_modify(talk, renamed, "displayName", NULL), GB_OK);
	assert_int_equal(talk_delete(talk, renamed), GB_OK);
	assert_int_equal(talk_read_group(talk, renamed), GB_E_NOT_FOUND);
	assert_int_equal(stats->adds, 1);
	assert_int_equal(stats->modifies, 4);
	assert_int_equal(stats->values, 4);
	assert_int_equal(stats->renames, 1);
	assert_int_equal(stats->deletes, 1);
	talloc_free(talk);
}

static void objects_and_members_are_written_by_guid(void **state)
{
	struct talk *talk = live_open(talk_env("GB_DC_HOST"));
	const char *dn = live_dn(talk, "By guid");
	struct gb_directory_reference member = {0};
	struct gb_directory_reference group = {.dn = "CN=not used,DC=x"};
	struct gb_directory_members change = {
		.group = &group, .members = &member, .member_count = 1};

	(void)state;
	live_person(talk, "ada.lovelace");
	member.guid = talk->objects[0].guid;
	assert_int_equal(talk_add_group(talk, dn, "byguid", NULL), GB_OK);
	assert_int_equal(talk_read_group(talk, dn), GB_OK);
	group.guid = talk->objects[0].guid;
	talk_begin(talk);
	gb_directory_change_members(talk->directory, &change, talk_write_done, talk);
	talk_await(talk, 1);
	assert_int_equal(talk->rc, GB_OK);
	talk_begin(talk);
	gb_directory_read_members(talk->directory, &group, talk_on_member, talk_done, talk);
	talk_await(talk, 1);
	assert_int_equal(talk->count, 1);
	assert_int_equal(gb_guid_compare(&talk->members[0].guid, &member.guid), 0);
	talk_begin(talk);
	gb_directory_delete(talk->directory, &group, talk_write_done, talk);
	talk_await(talk, 1);
	assert_int_equal(talk->rc, GB_OK);
	talloc_free(talk);
}

static void what_the_server_refuses_is_told_apart(void **state)
{
	struct talk *talk = live_open(talk_env("GB_DC_HOST"));
	const char *dn = live_dn(talk, "Refused");
	const char *ada = live_person(talk, "ada.lovelace");
	const char *const ada_only[] = {ada, NULL};
	const char *const nobody[] = {"CN=No Such Person,DC=lab,DC=test", NULL};

	(void)state;
	talk_add_group(talk, dn, "refused", nobody);
	live_refused(talk, GB_E_NOT_FOUND, 32);
	assert_int_equal(talk_read_group(talk, dn), GB_E_NOT_FOUND);
	assert_int_equal(talk_add_group(talk, dn, "refused", ada_only), GB_OK);
	talk_add_group(talk, dn, "refused2", NULL);
	live_refused(talk, GB_E_EXISTS, 68);
	talk_add_group(talk, live_dn(talk, "Refused 2"), "refused", NULL);
	live_refused(talk, GB_E_EXISTS, 68);
	talk_members(talk, dn, false, ada_only);
	live_refused(talk, GB_E_EXISTS, 68);
	assert_int_equal(talk_members(talk, dn, true, ada_only), GB_OK);
	talk_members(talk, dn, true, ada_only);
	live_refused(talk, GB_E_CONSTRAINT, 53);
	talk_members(talk, dn, false, nobody);
	live_refused(talk, GB_E_NOT_FOUND, 32);
	talk_modify(talk, dn, "noSuchAttribute", "x");
	live_refused(talk, GB_E_CONSTRAINT, 16);
	talk_modify(talk, dn, "sAMAccountName", "a/b");
	live_refused(talk, GB_E_CONSTRAINT, 19);
	talk_delete(talk, live_dn(talk, "Missing"));
	live_refused(talk, GB_E_NOT_FOUND, 32);
	assert_int_equal(talk_delete(talk, dn), GB_OK);
	talloc_free(talk);
}

static void without_the_right_nothing_is_written(void **state)
{
	struct talk *svc = live_open(talk_env("GB_DC_HOST"));
	struct talk *nobody = talk_new();
	struct gb_directory_options options = account_options(nobody, "NOBODY");
	const char *dn = live_dn(svc, "No right");

	(void)state;
	talk_add_group(svc, "CN=Elsewhere,OU=Groups,DC=lab,DC=test", "elsewhere", NULL);
	live_refused(svc, GB_E_ACCESS, 50);
	assert_string_equal(svc->err.id, "ldap-50");
	assert_int_equal(talk_open(nobody, &options), GB_OK);
	talk_add_group(nobody, dn, "noright", NULL);
	live_refused(nobody, GB_E_ACCESS, 50);
	assert_int_equal(talk_add_group(svc, dn, "noright", NULL), GB_OK);
	talk_modify(nobody, dn, "displayName", "x");
	live_refused(nobody, GB_E_ACCESS, 50);
	talk_delete(nobody, dn);
	live_refused(nobody, GB_E_ACCESS, 50);
	assert_int_equal(talk_delete(svc, dn), GB_OK);
	talloc_free(nobody);
	talloc_free(svc);
}

static void a_swap_succeeds_for_one_of_two(void **state)
{
	struct talk *talk = live_open(talk_env("GB_DC_HOST"));
	const char *dn = live_dn(talk, "Lease");

	(void)state;
	assert_int_equal(talk_add_group(talk, dn, "lease", NULL), GB_OK);
	assert_int_equal(talk_swap(talk, dn, &(struct gb_change_value){"info", "a", NULL}), GB_OK);
	assert_int_equal(talk_swap(talk, dn, &(struct gb_change_value){"info", "b", NULL}),
			 GB_E_EXISTS);
	assert_int_equal(talk_swap(talk, dn, &(struct gb_change_value){"info", "b", "a"}), GB_OK);
	assert_int_equal(talk_swap(talk, dn, &(struct gb_change_value){"info", "c", "a"}),
			 GB_E_CONSTRAINT);
	assert_int_equal(talk_swap(talk, dn, &(struct gb_change_value){"info", NULL, "b"}), GB_OK);
	assert_int_equal(talk_delete(talk, dn), GB_OK);
	talloc_free(talk);
}

/* Many requests at once, and each ends once. */
static void writes_are_pipelined(void **state)
{
	struct talk *talk = live_open(talk_env("GB_DC_HOST"));
	int64_t begin_ms;

	(void)state;
	talk_begin(talk);
	begin_ms = gb_clock_boot_ms();
	for (unsigned i = 0; i < 32; i++) {
		struct gb_change_value values[] = {
			{.attribute = "sAMAccountName", .value = gb_printf(talk, "pipe%u", i)},
			{.attribute = "groupType", .value = "8"},
		};
		struct gb_directory_entry entry = {
			.dn = live_dn(talk, gb_printf(talk, "Pipe %u", i)),
			.values = values,
			.value_count = 2,
		};

		gb_directory_add(talk->directory, &entry, talk_write_done, talk);
	}
	assert_int_equal(gb_directory_pending(talk->directory), 32);
	talk_await(talk, 32);
	print_message("32 groups in %d ms\n", (int)(gb_clock_boot_ms() - begin_ms));
	assert_int_equal(talk->rc, GB_OK);
	assert_int_equal(gb_directory_stats(talk->directory)->failures, 0);
	for (unsigned i = 0; i < 32; i++) {
		assert_int_equal(talk_delete(talk, live_dn(talk, gb_printf(talk, "Pipe %u", i))),
				 GB_OK);
	}
	talloc_free(talk);
}

static void cancelled_requests_end_once_and_unknown(void **state)
{
	struct talk *talk = live_open(talk_env("GB_DC_HOST"));
	struct gb_directory_reference object = {.dn = talk_env("GB_CONTAINER")};
	struct gb_change_value value = {.attribute = "info", .value = "x"};

	(void)state;
	talk_begin(talk);
	gb_directory_modify(talk->directory, &object, &value, 1, talk_write_done, talk);
	gb_directory_cancel(talk->directory);
	assert_int_equal(talk->ends, 0);
	talk_await(talk, 1);
	assert_int_equal(talk->rc, GB_E_CANCELLED);
	assert_false(talk->outcome_known);
	assert_int_equal(talk_find_name(talk, "ada.lovelace"), GB_OK);
	assert_int_equal(talk->ends, 1);
	talloc_free(talk);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_objects_come_page_by_page),
		cmocka_unit_test(classes_can_be_chosen),
		cmocka_unit_test(built_in_groups_are_protected_and_others_not),
		cmocka_unit_test(a_delta_brings_what_changed_members_included),
		cmocka_unit_test(members_come_with_guid_sid_and_dn),
		cmocka_unit_test(a_callback_can_stop_a_read),
		cmocka_unit_test(anchors_are_found_in_domain_and_forest),
		cmocka_unit_test(people_are_found_by_sid_in_the_forest),
		cmocka_unit_test(the_container_tells_what_the_account_may_do),
		cmocka_unit_test(what_is_no_container_is_refused),
		cmocka_unit_test(containers_are_listed_level_by_level),
		cmocka_unit_test(administrators_are_refused),
		cmocka_unit_test(rights_on_a_group_are_listed),
		cmocka_unit_test(a_group_lives_through_all_writes),
		cmocka_unit_test(objects_and_members_are_written_by_guid),
		cmocka_unit_test(what_the_server_refuses_is_told_apart),
		cmocka_unit_test(without_the_right_nothing_is_written),
		cmocka_unit_test(a_swap_succeeds_for_one_of_two),
		cmocka_unit_test(writes_are_pipelined),
		cmocka_unit_test(cancelled_requests_end_once_and_unknown),
	};

	gb_process_harden();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
