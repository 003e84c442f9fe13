/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The executor against OpenLDAP: the dialect without GUIDs in writes, and a server that answers as it
 * is told. Started by test_apply_sink.sh.
 */
#include "config.h"

#include "engine/base/clock.h"
#include "engine/directory/dn.h"
#include "engine/state/directory_space.h"
#include "tests/integration/apply/world.h"
#include "tests/unit/unit.h"

static struct world *sink(void)
{
	return world_new(&(struct world_options){.kind = WORLD_SLAPD});
}

static void make_groups(struct world *world, unsigned first, unsigned count)
{
	world_plan(world);
	for (unsigned i = first; i < first + count; i++) {
		world_create(world, i, world->people, 3);
	}
	world_applies(world);
}

/* From now on every modify of this entry gets 51. */
static void make_busy(const char *dn)
{
	void *tmp = gb_new_tmp(NULL);

	world_shell(gb_printf(tmp,
			      "ldapmodify -x -H \"$GB_SLAPD_URI\" -D \"$GB_SLAPD_ADMIN_DN\" "
			      "-w \"$GB_SLAPD_ADMIN_PASSWORD\" >/dev/null <<'LDIF'\n"
			      "dn: %s\nchangetype: modify\n"
			      "add: objectClass\nobjectClass: errAuxObject\n-\n"
			      "add: errCode\nerrCode: 51\n-\nadd: errOp\nerrOp: modify\n"
			      "LDIF\n",
			      dn));
	talloc_free(tmp);
}

static void everything_works_by_dn(void **state)
{
	struct world *world = sink();
	const char *renamed = gb_printf(world, "CN=Renamed 10,%s", world->container);

	(void)state;
	make_groups(world, 10, 2);
	assert_int_equal(world_dirty(world), 0);
	world_plan(world);
	world_attribute(world, 10, "description", "changed");
	world_members(world, 10, GB_CHANGE_REMOVE_MEMBERS, world->people, 1);
	world_members(world, 10, GB_CHANGE_ADD_MEMBERS, world->people + 5, 10);
	world_rename(world, 10, "CN=Renamed 10");
	world_delete(world, 11);
	world_applies(world);
	assert_string_equal(world_read_dn(world, renamed)->description, "changed");
	assert_int_equal(world_count_members(world, renamed), 12);
	assert_null(world_read(world, 11));
	/* Under its new name, without having read it anew. */
	world_plan(world);
	world_attribute(world, 10, "description", "again");
	world_members(world, 10, GB_CHANGE_ADD_MEMBERS, world->people, 1);
	world_applies(world);
	assert_int_equal(world_count_members(world, renamed), 13);
	talloc_free(world);
}

/* 20 and 16 here, where AD and Samba say 68 and 53; and the whole chunk is refused as well. */
static void members_there_already_or_not_there_are_left_out(void **state)
{
	struct world *world = sink();

	(void)state;
	make_groups(world, 20, 1);
	world_write_member(world, world_dn(world, 20), 2, true);
	world_write_member(world, world_dn(world, 20), 10, false);
	world_plan(world);
	world_members(world, 20, GB_CHANGE_REMOVE_MEMBERS, world->people, 5);
	world_members(world, 20, GB_CHANGE_ADD_MEMBERS, world->people + 5, 10);
	world_applies(world);
	assert_int_equal(world_count_members(world, world_dn(world, 20)), 10);
	assert_int_equal(world->stats.members_failed, 0);
	talloc_free(world);
}

static void a_member_that_the_server_refuses_is_found_by_halving(void **state)
{
	struct world *world = sink();
	int64_t members[40];
	const struct world_result *result;

	(void)state;
	make_groups(world, 30, 1);
	memcpy(members, world->people + 3, sizeof(members));
	members[7] = world_import(world, world_env("GB_SVC_DN"));
	members[31] = world_import(world, world_env("GB_NOBODY_DN"));
	world_plan(world);
	world_members(world, 30, GB_CHANGE_ADD_MEMBERS, members, 40);
	world_applies(world);
	result = world_result(world, 30, GB_CHANGE_ADD_MEMBERS);
	assert_int_equal(result->failed_members, 2);
	assert_int_equal(result->err.native, 19);
	assert_int_equal(world_count_members(world, world_dn(world, 30)), 41);
	assert_int_equal(world->stats.groups_failed, 1);
	talloc_free(world);
}

static void one_busy_group_fails_and_the_others_go_on(void **state)
{
	struct world *world = sink();
	const struct world_result *result;

	(void)state;
	make_groups(world, 40, 30);
	make_busy(world_dn(world, 45));
	world_plan(world);
	for (unsigned i = 40; i < 70; i++) {
		world_attribute(world, i, "description", "changed");
	}
	assert_int_equal(world_apply(world), GB_OK);
	result = world_result(world, 45, GB_CHANGE_ATTRIBUTES);
	assert_int_equal(result->status, GB_OUTCOME_FAILED);
	assert_int_equal(result->err.native, 51);
	assert_int_equal(world->stats.kinds[GB_CHANGE_ATTRIBUTES].applied, 29);
	assert_int_equal(world->stats.kinds[GB_CHANGE_ATTRIBUTES].failed, 1);
	assert_int_equal(world->stats.kinds[GB_CHANGE_ATTRIBUTES].retried, GB_APPLY_ATTEMPTS - 1);
	assert_true(world->stats.window_lowest <= GB_APPLY_WINDOW / 2);
	assert_int_equal(world->stats.groups_failed, 1);
	talloc_free(world);
}

static void a_server_that_is_busy_for_everybody_stops_the_run(void **state)
{
	struct world *world = sink();

	(void)state;
	make_groups(world, 70, 30);
	for (unsigned i = 70; i < 100; i++) {
		make_busy(world_dn(world, i));
	}
	world_plan(world);
	for (unsigned i = 70; i < 100; i++) {
		world_attribute(world, i, "description", "changed");
	}
	assert_int_equal(world_apply(world), GB_E_UNAVAILABLE);
	assert_int_equal(world->err.native, 51);
	assert_int_equal(world->result_count, 0);
	assert_int_equal(world->stats.groups_failed, 30);
	talloc_free(world);
}

/* Not a benchmark: only that nothing waits for anything without need. */
static void thousands_of_changes_are_pipelined(void **state)
{
	struct world *world = sink();
	int64_t begun_ms;

	(void)state;
	world_plan(world);
	for (unsigned i = 1000; i < 3000; i++) {
		world_create(world, i, world->people, 10);
	}
	begun_ms = gb_clock_boot_ms();
	world_applies(world);
	print_message("# %d groups in %lld ms\n", 2000, (long long)(gb_clock_boot_ms() - begun_ms));
	assert_int_equal(world->stats.in_flight_peak, GB_APPLY_WINDOW);
	assert_int_equal(world->stats.window_lowest, GB_APPLY_WINDOW);
	assert_int_equal(world->stats.groups_cleared, 2000);
	talloc_free(world);
}

static int run(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_works_by_dn),
		cmocka_unit_test(members_there_already_or_not_there_are_left_out),
		cmocka_unit_test(a_member_that_the_server_refuses_is_found_by_halving),
		cmocka_unit_test(one_busy_group_fails_and_the_others_go_on),
		cmocka_unit_test(a_server_that_is_busy_for_everybody_stops_the_run),
		cmocka_unit_test(thousands_of_changes_are_pipelined),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return world_run_tests(argc, argv, run);
}
