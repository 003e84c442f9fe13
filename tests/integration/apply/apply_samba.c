/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The executor against a real Samba domain controller. Started by test_apply_samba.sh. */
#include "config.h"

#include "engine/state/directory_space.h"
#include "tests/integration/apply/world.h"
#include "tests/unit/unit.h"

static struct world *world_as(const char *account)
{
	return world_new(&(struct world_options){.kind = WORLD_SAMBA, .account = account});
}

static struct world *svc_world(void)
{
	return world_as("SVC");
}

/* One group with the first @count people, made by the executor. */
static void make_group(struct world *world, unsigned number, size_t count)
{
	world_plan(world);
	world_create(world, number, world->people, count);
	world_applies(world);
}

static void is_failure(const struct world_result *result, const char *id)
{
	assert_int_equal(result->status, GB_OUTCOME_FAILED);
	assert_string_equal(result->err.id, id);
	assert_true(result->err.what[0] && result->err.undone[0] && result->err.remedy[0]);
}

/*
 * Plain days.
 */

static void fifty_groups_are_created_with_their_members(void **state)
{
	struct world *world = svc_world();

	(void)state;
	world_plan(world);
	for (unsigned i = 100; i < 150; i++) {
		world_create(world, i, world->people, 3);
	}
	assert_true(world_dirty(world) >= 50);
	world_applies(world);
	assert_int_equal(world->stats.kinds[GB_CHANGE_CREATE].sent, 50);
	assert_int_equal(world->stats.kinds[GB_CHANGE_CREATE].applied, 50);
	assert_int_equal(world->stats.kinds[GB_CHANGE_CREATE].retried, 0);
	assert_int_equal(world->stats.members_added, 150);
	assert_int_equal(world->stats.groups_cleared, 50);
	assert_int_equal(world->stats.groups_failed, 0);
	assert_true(world->stats.in_flight_peak > 4);
	assert_int_equal(world_dirty(world), 0);
	for (unsigned i = 100; i < 150; i++) {
		assert_int_equal(world_count_members(world, world_dn(world, i)), 3);
		assert_string_equal(world_read(world, i)->display_name,
				    gb_printf(world, "Apply %u", i));
	}
	talloc_free(world);
}

static void the_state_learns_who_the_new_group_is(void **state)
{
	struct world *world = svc_world();
	struct gb_state_directory_object *row;
	const struct gb_directory_object *object;
	struct gb_err err;

	(void)state;
	make_group(world, 200, 2);
	object = world_read(world, 200);
	assert_int_equal(
		gb_state_directory_read(world, world->state, world_group(world, 200), &row, &err),
		GB_OK);
	assert_int_equal(row->presence, GB_PRESENCE_READ);
	assert_true(row->is_ours && row->members_known);
	assert_int_equal(gb_guid_compare(&row->object.guid, &object->guid), 0);
	assert_true(gb_sid_equal(&row->object.sid, &object->sid));
	assert_string_equal(row->object.dn, object->dn);
	assert_int_equal(row->object.usn_changed, object->usn_changed);
	talloc_free(world);
}

static void our_own_writes_are_read_back(void **state)
{
	struct world *world = svc_world();
	struct gb_state_directory_object *row;
	struct gb_err err;

	(void)state;
	make_group(world, 201, 2);
	world_plan(world);
	world_attribute(world, 201, "description", "changed");
	world_members(world, 201, GB_CHANGE_REMOVE_MEMBERS, world->people, 1);
	world_members(world, 201, GB_CHANGE_ADD_MEMBERS, world->people + 5, 3);
	world_applies(world);
	assert_int_equal(
		gb_state_directory_read(world, world->state, world_group(world, 201), &row, &err),
		GB_OK);
	assert_int_equal(row->object.usn_changed, world_read(world, 201)->usn_changed);
	assert_int_equal(row->members_usn, row->object.usn_changed);
	assert_string_equal(world_read(world, 201)->description, "changed");
	assert_int_equal(world_count_members(world, world_dn(world, 201)), 4);
	talloc_free(world);
}

static void a_nested_group_joins_in_the_phase_after_its_creation(void **state)
{
	struct world *world = svc_world();
	int64_t inner = world_group(world, 211);

	(void)state;
	world_plan(world);
	world_create(world, 210, NULL, 0);
	world_members(world, 210, GB_CHANGE_ADD_MEMBERS, &inner, 1);
	world_create(world, 211, world->people, 1);
	world_applies(world);
	assert_int_equal(world_count_members(world, world_dn(world, 210)), 1);
	assert_int_equal(world_dirty(world), 0);
	talloc_free(world);
}

static void a_rename_keeps_guid_and_sid(void **state)
{
	struct world *world = svc_world();
	const struct gb_directory_object *before;
	const struct gb_directory_object *after;

	(void)state;
	make_group(world, 220, 2);
	before = world_read(world, 220);
	world_plan(world);
	world_attribute(world, 220, "displayName", "New name");
	world_rename(world, 220, "CN=New\\2C name 220");
	world_applies(world);
	after = world_read_dn(world, gb_printf(world, "CN=New\\2C name 220,%s", world->container));
	assert_non_null(after);
	assert_int_equal(gb_guid_compare(&before->guid, &after->guid), 0);
	assert_true(gb_sid_equal(&before->sid, &after->sid));
	assert_string_equal(after->display_name, "New name");
	assert_null(world_read(world, 220));
	/* Once more: it is so already, and nothing is written. */
	world_plan(world);
	world_rename(world, 220, "CN=New\\2C name 220");
	world_applies(world);
	assert_true(world_result(world, 220, GB_CHANGE_RENAME)->was_so);
	/* A change of case is a rename. */
	world_plan(world);
	world_rename(world, 220, "CN=NEW\\2C name 220");
	world_applies(world);
	assert_false(world_result(world, 220, GB_CHANGE_RENAME)->was_so);
	talloc_free(world);
}

static void a_deleted_group_may_be_deleted_again(void **state)
{
	struct world *world = svc_world();

	(void)state;
	make_group(world, 225, 1);
	make_group(world, 226, 1);
	world_write_delete(world, world_dn(world, 226));
	world_plan(world);
	world_delete(world, 225);
	world_delete(world, 226);
	world_applies(world);
	assert_null(world_read(world, 225));
	assert_false(world_result(world, 225, GB_CHANGE_DELETE)->was_so);
	assert_true(world_result(world, 226, GB_CHANGE_DELETE)->was_so);
	talloc_free(world);
}

/*
 * Members that are not what we think. Samba ignores the permissive control for them.
 */

static void members_that_are_there_already_are_no_error(void **state)
{
	struct world *world = svc_world();

	(void)state;
	make_group(world, 300, 0);
	world_write_member(world, world_dn(world, 300), 1, false);
	world_write_member(world, world_dn(world, 300), 3, false);
	world_plan(world);
	world_members(world, 300, GB_CHANGE_ADD_MEMBERS, world->people, 6);
	world_applies(world);
	assert_int_equal(world_result(world, 300, GB_CHANGE_ADD_MEMBERS)->failed_members, 0);
	assert_int_equal(world_count_members(world, world_dn(world, 300)), 6);
	assert_int_equal(world_dirty(world), 0);
	/* All of them: nothing is left to write. */
	world_plan(world);
	world_members(world, 300, GB_CHANGE_ADD_MEMBERS, world->people, 6);
	world_applies(world);
	assert_true(world_result(world, 300, GB_CHANGE_ADD_MEMBERS)->was_so);
	/* One alone is told by the answer itself. */
	world_plan(world);
	world_members(world, 300, GB_CHANGE_ADD_MEMBERS, world->people + 2, 1);
	world_applies(world);
	assert_int_equal(world_count_members(world, world_dn(world, 300)), 6);
	talloc_free(world);
}

static void members_that_are_not_there_need_no_removal(void **state)
{
	struct world *world = svc_world();

	(void)state;
	make_group(world, 301, 6);
	world_write_member(world, world_dn(world, 301), 1, true);
	world_write_member(world, world_dn(world, 301), 3, true);
	world_plan(world);
	world_members(world, 301, GB_CHANGE_REMOVE_MEMBERS, world->people, 5);
	world_applies(world);
	assert_int_equal(world_count_members(world, world_dn(world, 301)), 1);
	world_plan(world);
	world_members(world, 301, GB_CHANGE_REMOVE_MEMBERS, world->people, 5);
	world_applies(world);
	assert_true(world_result(world, 301, GB_CHANGE_REMOVE_MEMBERS)->was_so);
	talloc_free(world);
}

/* A person whom the state knows and the directory does not know any more. */
static int64_t ghost(struct world *world, const char *name)
{
	struct world *admin = world_as("ADMIN");
	const char *dn = gb_printf(world, "CN=%s,CN=Users,%s", name, world_env("GB_BASE_DN"));
	int64_t no;

	world_write_user(admin, dn, name);
	no = world_import(world, dn);
	world_write_delete(admin, dn);
	talloc_free(admin);
	return no;
}

static void a_member_that_is_gone_does_not_keep_the_others_out(void **state)
{
	struct world *world = svc_world();
	int64_t members[5];
	const struct world_result *result;

	(void)state;
	make_group(world, 302, 0);
	memcpy(members, world->people, sizeof(members));
	members[2] = ghost(world, "ghost-302");
	world_plan(world);
	world_members(world, 302, GB_CHANGE_ADD_MEMBERS, members, 5);
	world_applies(world);
	result = world_result(world, 302, GB_CHANGE_ADD_MEMBERS);
	assert_int_equal(result->failed_members, 1);
	assert_string_equal(result->err.id, "apply-member-missing");
	assert_non_null(strstr(result->err.what, "ghost-302"));
	assert_int_equal(world_count_members(world, world_dn(world, 302)), 4);
	assert_int_equal(world->stats.members_failed, 1);
	assert_int_equal(world->stats.groups_failed, 1);
	talloc_free(world);
}

static void a_group_is_created_without_a_member_that_is_gone(void **state)
{
	struct world *world = svc_world();
	int64_t members[5];
	const struct world_result *result;

	(void)state;
	memcpy(members, world->people, sizeof(members));
	members[0] = ghost(world, "ghost-303");
	world_plan(world);
	world_create(world, 303, members, 5);
	world_create(world, 304, members, 1);
	world_applies(world);
	result = world_result(world, 303, GB_CHANGE_CREATE);
	assert_int_equal(result->failed_members, 1);
	assert_int_equal(world_count_members(world, world_dn(world, 303)), 4);
	assert_int_equal(world_result(world, 304, GB_CHANGE_CREATE)->failed_members, 1);
	assert_int_equal(world_count_members(world, world_dn(world, 304)), 0);
	assert_int_equal(world_dirty(world), 2);
	talloc_free(world);
}

static void there_already_and_gone_in_one_chunk_are_both_found(void **state)
{
	struct world *world = svc_world();
	int64_t members[20];

	(void)state;
	make_group(world, 305, 2);
	memcpy(members, world->people, sizeof(members));
	members[10] = ghost(world, "ghost-305");
	members[15] = ghost(world, "ghost-305b");
	world_plan(world);
	world_members(world, 305, GB_CHANGE_ADD_MEMBERS, members, 20);
	world_applies(world);
	assert_int_equal(world_result(world, 305, GB_CHANGE_ADD_MEMBERS)->failed_members, 2);
	assert_int_equal(world_count_members(world, world_dn(world, 305)), 18);
	talloc_free(world);
}

static void a_nested_group_that_was_not_created_is_left_out(void **state)
{
	struct world *world = svc_world();
	struct world *admin = world_as("ADMIN");
	int64_t members[2] = {world_group(world, 308), world->people[0]};

	(void)state;
	world_write_group(admin, world_dn(world, 308), "somebody-308", "none");
	world_plan(world);
	world_create(world, 307, NULL, 0);
	world_members(world, 307, GB_CHANGE_ADD_MEMBERS, members, 2);
	world_create(world, 308, NULL, 0);
	world_members(world, 308, GB_CHANGE_ADD_MEMBERS, world->people, 1);
	assert_int_equal(world_apply(world), GB_OK);
	assert_int_equal(world_result(world, 307, GB_CHANGE_ADD_MEMBERS)->failed_members, 1);
	assert_int_equal(world_count_members(world, world_dn(world, 307)), 1);
	is_failure(world_result(world, 308, GB_CHANGE_CREATE), "apply-name-taken");
	assert_int_equal(world_result(world, 308, GB_CHANGE_ADD_MEMBERS)->status,
			 GB_OUTCOME_SKIPPED);
	talloc_free(admin);
	talloc_free(world);
}

/*
 * Names and anchors.
 */

static void a_taken_name_is_never_taken_over(void **state)
{
	struct world *world = svc_world();
	struct world *admin = world_as("ADMIN");
	const char *elsewhere =
		gb_printf(world, "CN=Same account 401,CN=Users,%s", world_env("GB_BASE_DN"));

	(void)state;
	world_write_group(admin, world_dn(world, 400), "somebody-400", "not an anchor");
	world_write_group(admin, elsewhere, world_account(world, 401), "not an anchor");
	world_plan(world);
	world_create(world, 400, world->people, 2);
	world_create(world, 401, world->people, 2);
	world_create(world, 402, world->people, 2);
	assert_int_equal(world_apply(world), GB_OK);
	is_failure(world_result(world, 400, GB_CHANGE_CREATE), "apply-name-taken");
	is_failure(world_result(world, 401, GB_CHANGE_CREATE), "apply-account-name-taken");
	assert_non_null(
		strstr(world_result(world, 401, GB_CHANGE_CREATE)->err.what, "Same account 401"));
	assert_int_equal(world_result(world, 402, GB_CHANGE_CREATE)->status, GB_OUTCOME_APPLIED);
	assert_string_equal(world_read(world, 400)->admin_description, "not an anchor");
	assert_int_equal(world_count_members(world, world_dn(world, 400)), 0);
	assert_int_equal(world->stats.groups_failed, 2);
	talloc_free(admin);
	talloc_free(world);
}

static void a_rename_onto_a_taken_name_names_who_has_it(void **state)
{
	struct world *world = svc_world();

	(void)state;
	make_group(world, 410, 0);
	make_group(world, 411, 0);
	world_plan(world);
	world_rename(world, 410, "CN=Apply 411");
	assert_int_equal(world_apply(world), GB_OK);
	is_failure(world_result(world, 410, GB_CHANGE_RENAME), "apply-name-taken");
	assert_non_null(strstr(world->results[0].err.what, "Apply 411"));
	assert_non_null(world_read(world, 410));
	talloc_free(world);
}

/* A run that crashed after the create, and a state that was lost. */
static void our_own_group_of_before_is_found_by_its_anchor(void **state)
{
	struct world *world = svc_world();
	struct gb_state_directory_object *row;
	struct gb_err err;

	(void)state;
	world_write_group(world, world_dn(world, 420), world_account(world, 420),
			  world_anchor(world, 420));
	world_plan(world);
	world_create(world, 420, world->people, 3);
	world_applies(world);
	assert_true(world_result(world, 420, GB_CHANGE_CREATE)->was_so);
	assert_int_equal(world_count_anchor(world, 420), 1);
	assert_int_equal(
		gb_state_directory_read(world, world->state, world_group(world, 420), &row, &err),
		GB_OK);
	assert_int_equal(gb_guid_compare(&row->object.guid, &world_read(world, 420)->guid), 0);
	/* What else stands there nobody has read: its members are not known, its USN neither. */
	assert_false(row->members_known);
	assert_int_not_equal(row->object.usn_changed, world_read(world, 420)->usn_changed);
	assert_int_equal(world_dirty(world), 1);
	talloc_free(world);
}

static void an_anchor_outside_the_container_is_never_twinned(void **state)
{
	struct world *world = svc_world();
	struct world *admin = world_as("ADMIN");
	const char *dn = gb_printf(world, "CN=Apply 421,CN=Users,%s", world_env("GB_BASE_DN"));

	(void)state;
	world_write_group(admin, dn, world_account(world, 421), world_anchor(world, 421));
	world_plan(world);
	world_create(world, 421, world->people, 1);
	assert_int_equal(world_apply(world), GB_OK);
	is_failure(world_result(world, 421, GB_CHANGE_CREATE), "fence-outside");
	assert_int_equal(world_count_anchor(world, 421), 1);
	talloc_free(admin);
	talloc_free(world);
}

/*
 * Rights and the fence.
 */

static void without_rights_every_change_fails_and_so_does_the_run(void **state)
{
	struct world *world = world_as("NOBODY");

	(void)state;
	world_plan(world);
	for (unsigned i = 500; i < 505; i++) {
		world_create(world, i, world->people, 1);
	}
	assert_int_equal(world_apply(world), GB_E_ACCESS);
	assert_int_equal(world->result_count, 5);
	assert_int_equal(world->stats.kinds[GB_CHANGE_CREATE].failed, 5);
	assert_int_equal(world->err.native, 50);
	is_failure(world_result(world, 500, GB_CHANGE_CREATE), "ldap-50");
	talloc_free(world);
}

static void one_group_without_rights_does_not_stop_the_others(void **state)
{
	struct world *world = svc_world();

	(void)state;
	make_group(world, 510, 1);
	make_group(world, 511, 1);
	world_shell(gb_printf(world,
			      "samba-tool dsacl set -H \"$GB_DC_LDAPI\" --objectdn='%s' "
			      "--action=deny --sddl='(D;;WP;;;WD)' >/dev/null",
			      world_dn(world, 510)));
	world_plan(world);
	world_attribute(world, 510, "description", "never");
	world_attribute(world, 511, "description", "written");
	assert_int_equal(world_apply(world), GB_OK);
	is_failure(world_result(world, 510, GB_CHANGE_ATTRIBUTES), "ldap-50");
	assert_int_equal(world_result(world, 511, GB_CHANGE_ATTRIBUTES)->status,
			 GB_OUTCOME_APPLIED);
	assert_int_equal(world->stats.groups_failed, 1);
	assert_int_equal(world->stats.groups_cleared, 1);
	talloc_free(world);
}

/* With a domain admin's rights nothing but the fence holds us back. */
static void the_fence_holds_even_an_administrator(void **state)
{
	struct world *admin = world_as("ADMIN");
	uint64_t modifies;

	(void)state;
	for (unsigned i = 520; i < 524; i++) {
		make_group(admin, i, 1);
	}
	world_write_value(admin, world_dn(admin, 520), "adminCount", "1");
	world_write_value(admin, world_dn(admin, 521), "adminDescription",
			  "Group_"
			  "99999999-9999-9999-9999-999999999999");
	world_write_value(admin, world_dn(admin, 522), "adminDescription", NULL);
	world_write_value(admin, world_dn(admin, 522), "msDS-ExternalDirectoryObjectId", NULL);
	for (unsigned i = 520; i < 523; i++) {
		world_import(admin, world_dn(admin, i));
	}
	world_plan(admin);
	for (unsigned i = 520; i < 524; i++) {
		world_attribute(admin, i, "description", "through the fence");
	}
	modifies = gb_directory_stats(admin->directory)->modifies;
	assert_int_equal(world_apply(admin), GB_OK);
	is_failure(world_result(admin, 520, GB_CHANGE_ATTRIBUTES), "fence-protected");
	is_failure(world_result(admin, 523 - 2, GB_CHANGE_ATTRIBUTES), "fence-anchor-other");
	assert_int_equal(gb_directory_stats(admin->directory)->modifies, modifies + 1);
	assert_null(world_read(admin, 520)->description);
	assert_string_equal(world_read(admin, 523)->description, "through the fence");
	talloc_free(admin);
}

/* Created in the same run, protected before the rename: what the import said is out of date. */
static void a_rename_asks_the_fence_again_with_what_stands_there_now(void **state)
{
	struct world *world = svc_world();
	struct world *admin = world_as("ADMIN");

	(void)state;
	make_group(world, 530, 0);
	world_write_value(admin, world_dn(world, 530), "adminCount", "1");
	world_plan(world);
	world_rename(world, 530, "CN=Never");
	assert_int_equal(world_apply(world), GB_OK);
	is_failure(world_result(world, 530, GB_CHANGE_RENAME), "fence-protected");
	assert_non_null(world_read(world, 530));
	talloc_free(admin);
	talloc_free(world);
}

static void a_missing_container_stops_the_run(void **state)
{
	struct world *world = svc_world();

	(void)state;
	world->container = gb_printf(world, "OU=Never,%s", world_env("GB_CONTAINER"));
	world_plan(world);
	for (unsigned i = 540; i < 580; i++) {
		world_create(world, i, world->people, 0);
	}
	world->window = 2;
	assert_int_equal(world_apply(world), GB_E_CONFIG);
	assert_true(world->result_count <= 2);
	assert_non_null(strstr(world->err.what, "container"));
	talloc_free(world);
}

static void a_group_that_was_deleted_by_hand_is_noticed(void **state)
{
	struct world *world = svc_world();
	struct gb_state_directory_object *row;
	struct gb_err err;

	(void)state;
	for (unsigned i = 590; i < 593; i++) {
		make_group(world, i, 1);
		world_write_delete(world, world_dn(world, i));
	}
	world_plan(world);
	world_attribute(world, 590, "description", "x");
	world_members(world, 591, GB_CHANGE_ADD_MEMBERS, world->people + 3, 2);
	world_rename(world, 592, "CN=x");
	assert_int_equal(world_apply(world), GB_OK);
	is_failure(world_result(world, 590, GB_CHANGE_ATTRIBUTES), "apply-object-gone");
	is_failure(world_result(world, 591, GB_CHANGE_ADD_MEMBERS), "apply-object-gone");
	is_failure(world_result(world, 592, GB_CHANGE_RENAME), "apply-object-gone");
	for (unsigned i = 590; i < 593; i++) {
		assert_int_equal(gb_state_directory_read(world, world->state, world_group(world, i),
							 &row, &err),
				 GB_OK);
		assert_int_equal(row->presence, GB_PRESENCE_SLOT);
		world_plan(world);
		world_create(world, i, world->people, 1);
		world_applies(world);
	}
	talloc_free(world);
}

static int run(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(fifty_groups_are_created_with_their_members),
		cmocka_unit_test(the_state_learns_who_the_new_group_is),
		cmocka_unit_test(our_own_writes_are_read_back),
		cmocka_unit_test(a_nested_group_joins_in_the_phase_after_its_creation),
		cmocka_unit_test(a_rename_keeps_guid_and_sid),
		cmocka_unit_test(a_deleted_group_may_be_deleted_again),
		cmocka_unit_test(members_that_are_there_already_are_no_error),
		cmocka_unit_test(members_that_are_not_there_need_no_removal),
		cmocka_unit_test(a_member_that_is_gone_does_not_keep_the_others_out),
		cmocka_unit_test(a_group_is_created_without_a_member_that_is_gone),
		cmocka_unit_test(there_already_and_gone_in_one_chunk_are_both_found),
		cmocka_unit_test(a_nested_group_that_was_not_created_is_left_out),
		cmocka_unit_test(a_taken_name_is_never_taken_over),
		cmocka_unit_test(a_rename_onto_a_taken_name_names_who_has_it),
		cmocka_unit_test(our_own_group_of_before_is_found_by_its_anchor),
		cmocka_unit_test(an_anchor_outside_the_container_is_never_twinned),
		cmocka_unit_test(without_rights_every_change_fails_and_so_does_the_run),
		cmocka_unit_test(one_group_without_rights_does_not_stop_the_others),
		cmocka_unit_test(the_fence_holds_even_an_administrator),
		cmocka_unit_test(a_rename_asks_the_fence_again_with_what_stands_there_now),
		cmocka_unit_test(a_missing_container_stops_the_run),
		cmocka_unit_test(a_group_that_was_deleted_by_hand_is_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return world_run_tests(argc, argv, run);
}
