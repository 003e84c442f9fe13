/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/state/life and engine/state/problems. */
#include "config.h"

#include "engine/state/life.h"
#include "engine/state/problems.h"
#include "tests/unit/state/world.h"

static void a_lapse_keeps_the_time_at_which_it_began(void **state)
{
	struct world *world = *state;
	struct gb_guid id = guid_of('g', 1);
	struct gb_state_lapse lapse;

	OK(gb_state_lapse_get(world->state, &id, &lapse, &err));
	assert_int_equal(lapse.lapse, 0);
	OK(gb_state_lapse_set(world->state, &id, 3, 1000, &err));
	OK(gb_state_lapse_set(world->state, &id, 3, 2000, &err));
	OK(gb_state_commit(world->state, &err));
	world_reopen(world);
	OK(gb_state_lapse_get(world->state, &id, &lapse, &err));
	assert_int_equal(lapse.lapse, 3);
	assert_int_equal(lapse.since_ms, 1000);
}

static void another_reason_and_a_clock_that_was_wrong_begin_anew(void **state)
{
	struct world *world = *state;
	struct gb_guid id = guid_of('g', 1);
	struct gb_state_lapse lapse;

	OK(gb_state_lapse_set(world->state, &id, 3, 1000, &err));
	OK(gb_state_lapse_set(world->state, &id, 4, 2000, &err));
	OK(gb_state_lapse_get(world->state, &id, &lapse, &err));
	assert_int_equal(lapse.lapse, 4);
	assert_int_equal(lapse.since_ms, 2000);
	OK(gb_state_lapse_set(world->state, &id, 4, 500, &err));
	OK(gb_state_lapse_get(world->state, &id, &lapse, &err));
	assert_int_equal(lapse.since_ms, 500);
}

static void lapses_are_listed_from_the_oldest(void **state)
{
	struct world *world = *state;
	struct gb_state_lapse *lapses;
	size_t count = 0;
	size_t total = 0;

	for (uint8_t i = 1; i <= 3; i++) {
		struct gb_guid id = guid_of('g', i);

		OK(gb_state_lapse_set(world->state, &id, 3, 1000 - i, &err));
	}
	OK(gb_state_lapse_list(world, world->state, 2, &lapses, &count, &total, &err));
	assert_int_equal(count, 2);
	assert_int_equal(total, 3);
	assert_int_equal(lapses[0].since_ms, 997);
	assert_int_equal(lapses[1].since_ms, 998);
	OK(gb_state_lapse_clear(world->state, &lapses[0].cloud_id, &err));
	OK(gb_state_lapse_list(world, world->state, 9, &lapses, &count, &total, &err));
	assert_int_equal(count, 2);
	assert_int_equal(lapses[0].since_ms, 998);
}

static void a_grave_says_who_lies_there(void **state)
{
	struct world *world = *state;
	struct gb_guid id = guid_of('g', 1);
	struct gb_state_grave grave = {.guid = guid_of('d', 1), .dn = "CN=a", .buried_ms = 5};
	struct gb_state_grave back;

	OK(gb_state_grave_get(world, world->state, &id, &back, &err));
	assert_true(gb_guid_is_none(&back.guid));
	OK(gb_state_grave_set(world->state, &id, &grave, &err));
	OK(gb_state_grave_get(world, world->state, &id, &back, &err));
	assert_int_equal(gb_guid_compare(&back.guid, &grave.guid), 0);
	assert_string_equal(back.dn, "CN=a");
	assert_int_equal(back.buried_ms, 5);
	OK(gb_state_grave_clear(world->state, &id, &err));
	OK(gb_state_grave_get(world, world->state, &id, &back, &err));
	assert_true(gb_guid_is_none(&back.guid));
}

/* Two groups, one in the other, with an account in each; both are deleted, the inner one first. */
static void a_grave_keeps_members_and_places_until_the_object_is_back(void **state)
{
	struct world *world = *state;
	int64_t account = put_account(world, 7);
	int64_t inner = put_written(world, 1);
	int64_t outer = put_written(world, 2);
	int64_t cloud_inner = put_group(world, 1);
	int64_t cloud_outer = put_group(world, 2);
	struct gb_guid id_inner = group_of(1).id;
	struct gb_guid id_outer = group_of(2).id;
	int64_t *found = NULL;
	size_t count = 0;

	match(world, cloud_inner, inner, 1);
	match(world, cloud_outer, outer, 1);
	link_directory(world, inner, account);
	link_directory(world, outer, account);
	link_directory(world, outer, inner);
	OK(gb_state_directory_remove(world->state, inner, &err));
	OK(gb_state_directory_remove(world->state, outer, &err));
	OK(gb_state_grave_members(world, world->state, &id_inner, &found, &count, &err));
	assert_int_equal(count, 1);
	assert_int_equal(found[0], account);
	OK(gb_state_grave_parents(world, world->state, &id_inner, &found, &count, &err));
	assert_int_equal(count, 1);
	assert_int_equal(found[0], outer);
	OK(gb_state_grave_members(world, world->state, &id_outer, &found, &count, &err));
	assert_int_equal(count, 1);
	assert_int_equal(found[0], account);
	OK(gb_state_grave_prune(world->state, INT64_MAX, &err));
	OK(gb_state_grave_parents(world, world->state, &id_inner, &found, &count, &err));
	assert_int_equal(count, 0);
	OK(gb_state_grave_members(world, world->state, &id_inner, &found, &count, &err));
	assert_int_equal(count, 0);
	OK(gb_state_grave_clear(world->state, &id_outer, &err));
	OK(gb_state_grave_members(world, world->state, &id_outer, &found, &count, &err));
	assert_int_equal(count, 0);
}

static void a_fight_is_the_same_thing_put_back_again(void **state)
{
	struct world *world = *state;
	struct gb_guid id = guid_of('g', 1);
	struct gb_state_fight fight;

	OK(gb_state_fight_get(world, world->state, &id, &fight, &err));
	assert_null(fight.what);
	OK(gb_state_fight_note(world->state, &id, "one", "displayName", 1000, 500, &err));
	OK(gb_state_fight_note(world->state, &id, "one", "displayName", 1500, 500, &err));
	OK(gb_state_fight_get(world, world->state, &id, &fight, &err));
	assert_int_equal(fight.runs, 2);
	assert_int_equal(fight.last_ms, 1500);
	assert_string_equal(fight.what, "displayName");
	OK(gb_state_fight_note(world->state, &id, "one", "displayName", 2001, 500, &err));
	OK(gb_state_fight_get(world, world->state, &id, &fight, &err));
	assert_int_equal(fight.runs, 1); /* too long ago */
	OK(gb_state_fight_note(world->state, &id, "one", "displayName", 1900, 500, &err));
	OK(gb_state_fight_get(world, world->state, &id, &fight, &err));
	assert_int_equal(fight.runs, 1); /* the clock went back */
	OK(gb_state_fight_note(world->state, &id, "two", "member", 1950, 500, &err));
	OK(gb_state_fight_get(world, world->state, &id, &fight, &err));
	assert_int_equal(fight.runs, 1); /* something else */
	assert_string_equal(fight.what, "member");
	OK(gb_state_fight_clear(world->state, &id, &err));
	OK(gb_state_fight_get(world, world->state, &id, &fight, &err));
	assert_null(fight.what);
}

static size_t problems_of(struct world *world, struct gb_state_problem **ret_problems)
{
	size_t count = 0;
	size_t total = 0;

	OK(gb_state_problems_list(world, world->state, 9, ret_problems, &count, &total, &err));
	assert_int_equal(count, total);
	return count;
}

static void a_problem_keeps_its_time_until_a_whole_run_does_not_find_it(void **state)
{
	struct world *world = *state;
	struct gb_state_problem a = {.cloud_id = guid_of('g', 1), .cause = "ldap-50", .name = "A"};
	struct gb_state_problem b = {.cloud_id = guid_of('g', 2), .cause = "member-limit"};
	struct gb_state_problem *found;

	OK(gb_state_problems_put(world->state, &a, 1000, &err));
	OK(gb_state_problems_put(world->state, &b, 2000, &err));
	OK(gb_state_problems_put(world->state, &a, 3000, &err));
	assert_int_equal(problems_of(world, &found), 2);
	assert_int_equal(found[0].since_ms, 1000);
	assert_string_equal(found[0].cause, "ldap-50");
	assert_string_equal(found[0].name, "A");
	assert_int_equal(found[1].since_ms, 2000);
	OK(gb_state_problems_end(world->state, 3000, &err));
	assert_int_equal(problems_of(world, &found), 1);
	assert_int_equal(found[0].since_ms, 1000);
	/* The clock was wrong then. */
	OK(gb_state_problems_put(world->state, &a, 500, &err));
	assert_int_equal(problems_of(world, &found), 1);
	assert_int_equal(found[0].since_ms, 500);
	OK(gb_state_problems_end(world->state, 600, &err));
	assert_int_equal(problems_of(world, &found), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(a_lapse_keeps_the_time_at_which_it_began),
		IN_WORLD(another_reason_and_a_clock_that_was_wrong_begin_anew),
		IN_WORLD(lapses_are_listed_from_the_oldest),
		IN_WORLD(a_grave_says_who_lies_there),
		IN_WORLD(a_grave_keeps_members_and_places_until_the_object_is_back),
		IN_WORLD(a_fight_is_the_same_thing_put_back_again),
		IN_WORLD(a_problem_keeps_its_time_until_a_whole_run_does_not_find_it),
	};

	return cmocka_run_group_tests_name("state/life", tests, NULL, NULL);
}
