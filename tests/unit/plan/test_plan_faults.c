/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The planner when something goes wrong around it, and where a map or a type stands in its way. */
#include "config.h"

#include "engine/base/directory_object.h"
#include "engine/plan/map.h"
#include "tests/unit/plan/world.h"

#define WORLDS 300

static void set_map(struct world *world, const char *text)
{
	struct gb_map *map = NULL;
	struct gb_err err;

	assert_int_equal(gb_map_parse(world, "map", text, &map, &err), GB_OK);
	world->policy.map = map;
}

static void random_circumstances(struct world *world, struct unit_chance *chance)
{
	world->parent = (enum gb_parent_state)unit_below(chance, 2);
	world->policy.hold.creates = unit_below(chance, 3) == 0 ? GB_CAUSE_WAITS_SCOPE : 0;
	world->policy.account_name = (enum gb_account_name)unit_below(chance, 2);
	world->policy.when_soft_deleted = (enum gb_when_rule)unit_below(chance, 4);
	for (size_t i = 0; i < world->group_count; i++) {
		world->groups[i].group.drifted = unit_below(chance, 3) == 0;
		world->groups[i].group.holders_known = true;
	}
}

/* Whatever fails, and when: its error comes out, and every stream is closed. */
static void a_call_that_fails_ends_the_plan_with_its_error(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= WORLDS; seed++) {
		struct unit_chance chance = {.state = seed * 0x9e3779b97f4a7c15u};
		struct world *world = world_random(NULL, &chance);
		size_t calls;
		struct gb_err err;

		random_circumstances(world, &chance);
		world_plan(world);
		calls = world->calls;
		for (size_t call = 1; call <= calls; call++) {
			gb_err_clear(&err);
			world->fails_at = call;
			assert_int_equal(world_try_plan(world, &err), GB_E_IO);
			assert_string_equal(err.id, "world");
			assert_int_equal(world->calls, call);
			assert_int_equal(world->open_streams, 0);
		}
		world->fails_at = 0;
		world_plan(world);
		talloc_free(world);
	}
}

/* Places. */

static void each_place_that_a_map_gives_has_its_outcome(void **state)
{
	static const struct {
		enum gb_parent_state parent;
		bool is_written;
		enum gb_decision_action action;
		enum gb_cause cause;
		enum gb_change_kind change; /* 0: none */
	} rows[] = {
		{GB_PARENT_IS_THERE, true, GB_DECIDE_UPDATE, GB_CAUSE_ENABLED, 0},
		{GB_PARENT_ELSEWHERE, true, GB_DECIDE_UPDATE, GB_CAUSE_ENABLED, GB_CHANGE_MOVE},
		{GB_PARENT_OUTSIDE, true, GB_DECIDE_FREEZE, GB_CAUSE_PARENT_OUTSIDE, 0},
		{GB_PARENT_MISSING, true, GB_DECIDE_FREEZE, GB_CAUSE_PARENT_MISSING, 0},
		{GB_PARENT_ELSEWHERE, false, GB_DECIDE_CREATE, GB_CAUSE_ENABLED, GB_CHANGE_CREATE},
		{GB_PARENT_OUTSIDE, false, GB_DECIDE_FREEZE, GB_CAUSE_PARENT_OUTSIDE, 0},
		{GB_PARENT_MISSING, false, GB_DECIDE_FREEZE, GB_CAUSE_PARENT_MISSING, 0},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct world *world = world_new(NULL, 20);
		struct world_group *group = world_add_group(world, "Sales");

		set_map(world, "parentDistinguishedName = \"OU=b,OU=c,DC=x\"\n");
		world->parent = rows[i].parent;
		if (rows[i].is_written) {
			world_add_object(world, group);
		}
		world_plan(world);
		assert_int_equal(world_note_of(world, group)->decision.action, rows[i].action);
		assert_int_equal(world_note_of(world, group)->decision.cause, rows[i].cause);
		assert_int_equal(world->change_count, rows[i].change != 0);
		if (rows[i].change != 0) {
			assert_int_equal(world->changes[0].change.kind, rows[i].change);
		}
		talloc_free(world);
	}
}

/* A map may say nothing for a group: then it is written to the container, or stays. */
static void an_empty_place_is_the_container(void **state)
{
	struct world *world = world_new(NULL, 20);

	(void)state;
	set_map(world, "parentDistinguishedName = [description]\n");
	world_add_group(world, "Sales");
	world_plan(world);
	assert_string_equal(strstr(world_first(world, GB_CHANGE_CREATE)->dn, ","), ",OU=c,DC=x");
	talloc_free(world);
}

/* What a map needs and the cloud left out is no reason to guess. */
static void a_map_that_cannot_be_decided_makes_nothing_and_changes_no_name(void **state)
{
	static const char *const maps[] = {"cn = [description]\n",
					   "sAMAccountName = [description]\n",
					   "parentDistinguishedName = [description]\n"};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(maps); i++) {
		struct world *world = world_new(NULL, 20);
		struct world_group *fresh = world_add_group(world, "Sales");
		struct world_group *written = world_add_group(world, "Written");

		set_map(world, maps[i]);
		world->policy.account_name = GB_ACCOUNT_NAME_FOLLOW;
		world_add_object(world, written);
		fresh->group.cloud.present &= ~(unsigned)GB_GROUP_HAS_DESCRIPTION;
		written->group.cloud.present &= ~(unsigned)GB_GROUP_HAS_DESCRIPTION;
		world_plan(world);
		assert_int_equal(world_note_of(world, fresh)->decision.cause,
				 GB_CAUSE_MAPPING_FAILED);
		assert_int_equal(world_count(world, GB_CHANGE_RENAME), 0);
		assert_int_equal(world_count(world, GB_CHANGE_MOVE), 0);
		talloc_free(world);
	}
}

/* In the new container the name may be taken: then the group stays where it is. */
static void a_move_needs_a_free_name_there(void **state)
{
	struct world *world = world_new(NULL, 20);
	struct world_group *group = world_add_group(world, "Sales");
	struct world_group *other = world_add_group(world, "Other");

	(void)state;
	world->policy.keep_names = true;
	world_add_object(world, group);
	world_add_object(world, other)->object.cn = world->objects[group->object_no].object.cn;
	group->group.new_parent_dn = "OU=new,DC=x";
	world_plan(world);
	assert_int_equal(world_count(world, GB_CHANGE_MOVE), 0);
	world->objects[other->object_no].object.cn = "another";
	world_plan(world);
	assert_int_equal(world_count(world, GB_CHANGE_MOVE), 1);
	talloc_free(world);
}

/* A move that also renames waits for whichever of both is not approved yet. */
static void a_move_with_a_new_name_waits_for_both(void **state)
{
	struct world *world = world_new(NULL, 20);
	struct world_group *group = world_add_group(world, "Sales");

	(void)state;
	world_add_object(world, group)->object.cn = "as it was";
	group->group.new_parent_dn = "OU=new,DC=x";
	world->policy.hold.names = GB_CAUSE_WAITS_NAMING;
	world_plan(world);
	assert_int_equal(world_first(world, GB_CHANGE_MOVE)->waits, GB_CAUSE_WAITS_NAMING);
	world->policy.hold.places = GB_CAUSE_WAITS_CONTAINER;
	world_plan(world);
	assert_int_equal(world_first(world, GB_CHANGE_MOVE)->waits, GB_CAUSE_WAITS_CONTAINER);
	world->objects[group->object_no].object.cn = NULL;
	world->policy.keep_names = true;
	world_plan(world);
	assert_int_equal(world_count(world, GB_CHANGE_MOVE), 0);
	talloc_free(world);
}

/* Types. */

static struct world_group *group_of_type(struct world *world, int32_t type)
{
	struct world_group *group = world_add_group(world, "Sales");

	world_add_object(world, group)->object.group_type = type;
	return group;
}

static void a_scope_that_nesting_stands_against_stays_and_is_named(void **state)
{
	struct world *world = world_new(NULL, 20);
	struct world_group *group =
		group_of_type(world, GB_GROUP_TYPE_SECURITY | GB_GROUP_TYPE_UNIVERSAL);

	(void)state;
	world->policy.group_scope = GB_GROUP_SCOPE_GLOBAL;
	world->nested.members = GB_GROUP_TYPE_UNIVERSAL;
	group->group.cloud.description = "written all the same";
	world_plan(world);
	assert_int_equal(world_note_of(world, group)->remark, GB_CAUSE_TYPE_BLOCKED);
	assert_int_equal(world->change_count, 1);
	assert_string_equal(world->changes[0].change.values[0].attribute, "description");
	talloc_free(world);
}

static void global_becomes_domain_local_in_two_changes_that_wait_together(void **state)
{
	struct world *world = world_new(NULL, 20);
	struct world_group *group = group_of_type(world, GB_GROUP_TYPE_GLOBAL);

	(void)state;
	group->group.cloud.unified = true;
	group->group.cloud.writeback_type = GB_WRITEBACK_UNIVERSAL_SECURITY;
	world->policy.group_scope = GB_GROUP_SCOPE_DOMAIN_LOCAL;
	world->policy.scope = GB_SCOPE_TENANT;
	world->policy.hold.access = GB_CAUSE_WAITS_ACCESS;
	world_plan(world);
	assert_int_equal(world_count(world, GB_CHANGE_ATTRIBUTES), 2);
	assert_int_equal(world->changes[0].change.waits, GB_CAUSE_WAITS_ACCESS);
	assert_int_equal(world->changes[1].change.waits, GB_CAUSE_WAITS_ACCESS);
	assert_string_equal(world->changes[1].change.values[0].old_value,
			    world->changes[0].change.values[0].value);
	talloc_free(world);
}

/* Drift and fights. */

static void a_fight_freezes_only_what_was_changed_again(void **state)
{
	static const struct {
		bool drifted;
		int runs;
		enum gb_decision_action action;
	} rows[] = {
		{true, GB_DECIDE_MAX_FIGHT_RUNS - 1, GB_DECIDE_UPDATE},
		{true, GB_DECIDE_MAX_FIGHT_RUNS, GB_DECIDE_FREEZE},
		{true, GB_DECIDE_MAX_FIGHT_RUNS + 1, GB_DECIDE_FREEZE},
		{false, GB_DECIDE_MAX_FIGHT_RUNS, GB_DECIDE_UPDATE},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct world *world = world_new(NULL, 20);
		struct world_group *group = world_add_group(world, "Sales");

		world_add_object(world, group)->object.display_name = "by hand";
		group->group.drifted = rows[i].drifted;
		group->group.fight_runs = rows[i].runs;
		group->group.fight_over = "displayName";
		world_plan(world);
		assert_int_equal(world_note_of(world, group)->decision.action, rows[i].action);
		assert_int_equal(world->change_count, rows[i].action == GB_DECIDE_UPDATE);
		if (rows[i].action == GB_DECIDE_FREEZE) {
			assert_int_equal(world_note_of(world, group)->decision.cause,
					 GB_CAUSE_FIGHT);
		}
		talloc_free(world);
	}
}

static void a_deletion_says_what_is_lost(void **state)
{
	struct world *world = world_new(NULL, 20);
	struct world_group *group = world_add_group(world, "Sales");
	const struct gb_change *change;

	(void)state;
	world_add_object(world, group)->object.description = "words";
	group->group.life = GB_LIFE_GONE;
	group->group.holders_known = true;
	world->policy.when_hard_deleted = GB_WHEN_DELETE;
	world_plan(world);
	change = world_first(world, GB_CHANGE_DELETE);
	assert_non_null(change);
	for (size_t i = 0; i < change->value_count; i++) {
		assert_null(change->values[i].value);
		assert_non_null(change->values[i].old_value);
		if (strcmp(change->values[i].attribute, "description") == 0) {
			assert_string_equal(change->values[i].old_value, "words");
		}
	}
	assert_in_range(change->value_count, 5, 6);
	talloc_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_that_fails_ends_the_plan_with_its_error),
		cmocka_unit_test(each_place_that_a_map_gives_has_its_outcome),
		cmocka_unit_test(an_empty_place_is_the_container),
		cmocka_unit_test(a_map_that_cannot_be_decided_makes_nothing_and_changes_no_name),
		cmocka_unit_test(a_move_needs_a_free_name_there),
		cmocka_unit_test(a_move_with_a_new_name_waits_for_both),
		cmocka_unit_test(a_scope_that_nesting_stands_against_stays_and_is_named),
		cmocka_unit_test(global_becomes_domain_local_in_two_changes_that_wait_together),
		cmocka_unit_test(a_fight_freezes_only_what_was_changed_again),
		cmocka_unit_test(a_deletion_says_what_is_lost),
	};

	return cmocka_run_group_tests_name("plan/plan_faults", tests, NULL, NULL);
}
