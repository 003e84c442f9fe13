/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/plan/plan: one small world a test. */
#include "config.h"

#include "tests/unit/plan/world.h"

static int set_up(void **state)
{
	*state = world_new(NULL, 4096);
	return 0;
}

static int tear_down(void **state)
{
	talloc_free(*state);
	return 0;
}

static const char *value_of(const struct gb_change *change, const char *attribute)
{
	for (size_t i = 0; i < change->value_count; i++) {
		if (strcmp(change->values[i].attribute, attribute) == 0) {
			return change->values[i].value;
		}
	}
	return NULL;
}

static void add_people(struct world *world, struct world_group *group, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		group->people[group->person_count++] = world_add_person(world);
	}
}

static void a_new_group_is_created_with_everything_it_needs(void **state)
{
	struct world *world = *state;
	struct world_group *group = world_add_group(world, "Sales");
	const struct gb_change *create;

	group->group.cloud.description = " For everybody in sales. ";
	add_people(world, group, 3);
	world_plan(world);
	assert_int_equal(world->change_count, 1);
	create = world_first(world, GB_CHANGE_CREATE);
	assert_non_null(create);
	assert_string_equal(create->dn, "CN=Group_aa000000-0000-0000-0000-000000000001,OU=c,DC=x");
	assert_string_equal(create->name, "Sales");
	assert_int_equal(create->value_count, 6);
	assert_string_equal(value_of(create, "sAMAccountName"), "Sales_000000000001");
	assert_string_equal(value_of(create, "displayName"), "Sales");
	assert_string_equal(value_of(create, "description"), "For everybody in sales.");
	assert_string_equal(value_of(create, "groupType"), "-2147483640");
	assert_string_equal(value_of(create, "adminDescription"),
			    "Group_aa000000-0000-0000-0000-000000000001");
	assert_string_equal(value_of(create, "msDS-ExternalDirectoryObjectId"),
			    "Group_aa000000-0000-0000-0000-000000000001");
	assert_int_equal(create->member_count, 3);
}

static void empty_values_are_left_out_of_a_create(void **state)
{
	struct world *world = *state;
	struct world_group *group = world_add_group(world, "");
	const struct gb_change *create;

	group->group.cloud.description = "  ";
	world->policy.has_external_id = false;
	world_plan(world);
	create = world_first(world, GB_CHANGE_CREATE);
	assert_non_null(create);
	assert_int_equal(create->value_count, 3);
	assert_null(value_of(create, "displayName"));
	assert_null(value_of(create, "description"));
	assert_string_equal(value_of(create, "sAMAccountName"), "Group_000000000001");
}

static void a_group_in_line_needs_nothing(void **state)
{
	struct world *world = *state;
	struct world_group *group = world_add_group(world, "Sales");
	struct world_object *object = world_add_object(world, group);

	add_people(world, group, 2);
	world_link(object, group->people[0]);
	world_link(object, group->people[1]);
	world_plan(world);
	assert_int_equal(world->change_count, 0);
	assert_int_equal(world->counts.unchanged, 1);
	assert_int_equal(world->claim_count, 0); /* a look-up less for every group */
	assert_int_equal(world_note_of(world, group)->decision.action, GB_DECIDE_UPDATE);
}

static void one_new_member_is_one_change_with_one_value(void **state)
{
	struct world *world = *state;
	struct world_group *group = world_add_group(world, "Sales");
	struct world_object *object = world_add_object(world, group);

	add_people(world, group, 500);
	for (size_t i = 0; i < 499; i++) {
		world_link(object, group->people[i]);
	}
	world_plan(world);
	assert_int_equal(world->change_count, 1);
	assert_int_equal(world->changes[0].change.kind, GB_CHANGE_ADD_MEMBERS);
	assert_int_equal(world->changes[0].change.member_count, 1);
	assert_int_equal(world->changes[0].change.members[0], group->people[499]);
}

static void a_new_display_name_renames_in_place(void **state)
{
	struct world *world = *state;
	struct world_group *group;
	struct world_object *object;

	world->policy.name = GB_NAME_DISPLAY_NAME;
	group = world_add_group(world, "Sales");
	object = world_add_object(world, group);
	group->group.cloud.display_name = "Marketing";
	world_plan(world);
	assert_int_equal(world->change_count, 2);
	assert_string_equal(value_of(world_first(world, GB_CHANGE_ATTRIBUTES), "displayName"),
			    "Marketing");
	assert_string_equal(world_first(world, GB_CHANGE_RENAME)->new_rdn,
			    "CN=Marketing_000000000001");
	assert_int_equal(world_first(world, GB_CHANGE_RENAME)->object_no, group->object_no);
	world_apply(world);
	assert_string_equal(object->object.cn, "Marketing_000000000001");
}

static void another_case_is_a_rename_too(void **state)
{
	struct world *world = *state;
	struct world_group *group;

	world->policy.name = GB_NAME_DISPLAY_NAME;
	group = world_add_group(world, "Sales");
	world_add_object(world, group);
	group->group.cloud.display_name = "SALES";
	world_plan(world);
	assert_int_equal(world_count(world, GB_CHANGE_RENAME), 1);
}

static void a_name_kept_from_us_changes_nothing(void **state)
{
	struct world *world = *state;
	struct world_group *group;

	world->policy.name = GB_NAME_DISPLAY_NAME;
	group = world_add_group(world, "Sales");
	world_add_object(world, group);
	group->group.cloud.display_name = NULL;
	world_plan(world);
	assert_int_equal(world->change_count, 0);
	group->group.cloud.display_name = "Other";
	group->group.cloud.present &= ~(unsigned)GB_GROUP_HAS_DISPLAY_NAME;
	world_plan(world);
	assert_int_equal(world->change_count, 0);
}

static void a_description_that_was_not_read_stays(void **state)
{
	struct world *world = *state;
	struct world_group *group = world_add_group(world, "Sales");
	struct world_object *object = world_add_object(world, group);

	object->object.description = "by hand";
	group->group.cloud.present &= ~(unsigned)GB_GROUP_HAS_DESCRIPTION;
	world_plan(world);
	assert_int_equal(world->change_count, 0);
	group->group.cloud.present |= GB_GROUP_HAS_DESCRIPTION;
	world_plan(world);
	assert_int_equal(world->change_count, 1);
	assert_null(world->changes[0].change.values[0].value);
	assert_string_equal(world->changes[0].change.values[0].old_value, "by hand");
}

static void groups_may_hold_each_other_and_be_created_together(void **state)
{
	struct world *world = *state;
	struct world_group *outer = world_add_group(world, "Outer");
	struct world_group *inner = world_add_group(world, "Inner");

	outer->nested[outer->nested_count++] = 1;
	inner->nested[inner->nested_count++] = 0;
	add_people(world, outer, 1);
	world_plan(world);
	assert_int_equal(world_count(world, GB_CHANGE_CREATE), 2);
	assert_int_equal(world_count(world, GB_CHANGE_ADD_MEMBERS), 2);
	assert_int_equal(world_first(world, GB_CHANGE_CREATE)->member_count, 1);
	world_apply(world);
	assert_int_equal(world->objects[outer->object_no].member_count, 2);
	world_plan(world);
	assert_int_equal(world->change_count, 0);
}

static void a_nested_group_that_is_not_created_is_not_added(void **state)
{
	struct world *world = *state;
	struct world_group *outer = world_add_group(world, "Outer");
	struct world_group *inner = world_add_group(world, "Inner");

	outer->nested[outer->nested_count++] = 1;
	inner->object_no = world->object_count++; /* reserved by a run that failed */
	inner->group.anchor = GB_ANCHOR_ELSEWHERE;
	world_plan(world);
	assert_int_equal(world->change_count, 1);
	assert_int_equal(world_first(world, GB_CHANGE_CREATE)->member_count, 0);
	assert_int_equal(world_note_of(world, outer)->members.absent, 1);
	assert_int_equal(world_note_of(world, inner)->decision.cause, GB_CAUSE_ANCHOR_ELSEWHERE);
}

static void big_groups_come_in_chunks(void **state)
{
	struct world *world = *state;
	struct world_group *group = world_add_group(world, "Big");

	add_people(world, group, 2500);
	world_plan(world);
	assert_int_equal(world->change_count, 3);
	assert_int_equal(world->changes[0].change.kind, GB_CHANGE_CREATE);
	assert_int_equal(world->changes[0].change.member_count, 1000);
	assert_int_equal(world->changes[1].change.member_count, 1000);
	assert_int_equal(world->changes[2].change.member_count, 500);
	assert_int_equal(world->counts.member_adds, 2500);
}

static void a_group_above_the_limit_is_frozen_not_cut(void **state)
{
	struct world *world = *state;
	struct world_group *group = world_add_group(world, "Big");

	add_people(world, group, 11);
	world->policy.member_limit = 10;
	group->group.listed = 10;
	world_plan(world);
	assert_int_equal(world_count(world, GB_CHANGE_CREATE), 1);
	group->group.listed = 11;
	world_plan(world);
	assert_int_equal(world->change_count, 0);
	assert_int_equal(world_note_of(world, group)->decision.cause, GB_CAUSE_MEMBER_LIMIT);
	assert_int_equal(world->counts.frozen, 1);
}

static void removals_that_are_held_back_are_counted(void **state)
{
	struct world *world = *state;
	struct world_group *group = world_add_group(world, "Sales");
	struct world_object *object = world_add_object(world, group);

	world_link(object, world_add_person(world));
	world_link(object, world_add_person(world));
	add_people(world, group, 1);
	group->group.uncertain = true;
	world_plan(world);
	assert_int_equal(world->change_count, 1);
	assert_int_equal(world_count(world, GB_CHANGE_ADD_MEMBERS), 1);
	assert_int_equal(world_note_of(world, group)->members.held, 2);
	assert_int_equal(world_note_of(world, group)->held_cause, GB_CAUSE_MEMBERS_UNCERTAIN);
	assert_int_equal(world->counts.members_held, 2);
	group->group.uncertain = false;
	world_plan(world);
	assert_int_equal(world->counts.member_removes, 2);
}

static void a_taken_name_gives_way_to_the_next_candidate(void **state)
{
	struct world *world = *state;
	struct world_group *group = world_add_group(world, "Sales");
	int64_t foreign = world_add_person(world);
	const struct gb_change *create;

	world->policy.name = GB_NAME_DISPLAY_NAME;
	world->objects[foreign].object.cn = "sales_000000000001";
	world->objects[foreign].object.sam_account_name = "SALES_000000000001";
	world_plan(world);
	create = world_first(world, GB_CHANGE_CREATE);
	assert_non_null(create);
	assert_string_equal(create->dn, "CN=Group_aa000000-0000-0000-0000-000000000001,OU=c,DC=x");
	assert_string_equal(value_of(create, "sAMAccountName"), "Sales-2_000000000001");
	(void)group;
}

static void without_a_free_name_the_group_is_frozen(void **state)
{
	struct world *world = *state;
	struct world_group *group = world_add_group(world, "Sales");
	int64_t foreign = world_add_person(world);

	world->objects[foreign].object.cn = "Group_aa000000-0000-0000-0000-000000000001";
	world_plan(world);
	assert_int_equal(world->change_count, 0);
	assert_int_equal(world_note_of(world, group)->decision.cause, GB_CAUSE_NO_FREE_NAME);
	assert_int_equal(world->counts.frozen, 1);
}

static void a_group_without_a_free_name_keeps_the_one_it_has(void **state)
{
	struct world *world = *state;
	struct world_group *group = world_add_group(world, "Sales");
	int64_t foreign = world_add_person(world);

	world_add_object(world, group)->object.cn = "by hand";
	world->objects[foreign].object.cn = "Group_aa000000-0000-0000-0000-000000000001";
	world_plan(world);
	assert_int_equal(world->change_count, 0);
	assert_int_equal(world_note_of(world, group)->decision.action, GB_DECIDE_UPDATE);
}

static void two_groups_that_swap_names_both_get_theirs(void **state)
{
	struct world *world = *state;
	struct world_group *one;
	struct world_group *two;

	world->policy.name = GB_NAME_DISPLAY_NAME;
	one = world_add_group(world, "Sales");
	two = world_add_group(world, "Marketing");
	world_add_object(world, one);
	world_add_object(world, two);
	one->group.cloud.display_name = "Marketing";
	two->group.cloud.display_name = "Sales";
	world_plan(world);
	world_apply(world);
	assert_string_equal(world->objects[one->object_no].object.cn, "Marketing_000000000001");
	assert_string_equal(world->objects[two->object_no].object.cn, "Sales_000000000002");
	world_plan(world);
	assert_int_equal(world->change_count, 0);
}

static void a_type_that_gives_access_is_counted(void **state)
{
	struct world *world = *state;
	struct world_group *group = world_add_group(world, "Sales");

	world_add_object(world, group)->object.group_type = GB_GROUP_TYPE_UNIVERSAL;
	world_plan(world);
	assert_int_equal(world->change_count, 1);
	assert_int_equal(world->counts.type_changes, 1);
	assert_int_equal(world->counts.access_changes, 1);
	group->group.cloud.writeback_type = GB_WRITEBACK_UNIVERSAL_DISTRIBUTION;
	world->objects[group->object_no].object.group_type =
		GB_GROUP_TYPE_UNIVERSAL | GB_GROUP_TYPE_SECURITY;
	world_plan(world);
	assert_int_equal(world->counts.type_changes, 1);
	assert_int_equal(world->counts.access_changes, 0);
}

static void members_are_not_compared_where_the_source_says_so(void **state)
{
	struct world *world = *state;
	struct world_group *group = world_add_group(world, "Sales");

	world_add_object(world, group);
	add_people(world, group, 3);
	group->group.skip_members = true;
	world_plan(world);
	assert_int_equal(world->change_count, 0);
}

static void a_number_out_of_order_ends_the_plan(void **state)
{
	struct world *world = *state;
	struct world_group *group = world_add_group(world, "Sales");
	struct world_object *object = world_add_object(world, group);
	struct gb_err err;

	add_people(world, group, 3);
	object->members[0] = group->people[2];
	object->members[1] = group->people[1];
	object->member_count = 2;
	gb_err_clear(&err);
	assert_int_equal(world_try_plan(world, &err), GB_E_INTERNAL);
	assert_string_equal(err.id, "plan-stream-order");
	assert_int_equal(world->open_streams, 0);
	assert_int_equal(world_count(world, GB_CHANGE_REMOVE_MEMBERS), 0);
}

static void unmatched_members_are_counted(void **state)
{
	struct world *world = *state;
	struct world_group *group = world_add_group(world, "Sales");

	group->group.counted = true;
	group->group.unmatched[0] = 4;
	group->group.unmatched[7] = 2;
	world_plan(world);
	assert_int_equal(world->counts.unmatched, 6);
}

int main(void)
{
#define in_a_world(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		in_a_world(a_new_group_is_created_with_everything_it_needs),
		in_a_world(empty_values_are_left_out_of_a_create),
		in_a_world(a_group_in_line_needs_nothing),
		in_a_world(one_new_member_is_one_change_with_one_value),
		in_a_world(a_new_display_name_renames_in_place),
		in_a_world(another_case_is_a_rename_too),
		in_a_world(a_name_kept_from_us_changes_nothing),
		in_a_world(a_description_that_was_not_read_stays),
		in_a_world(groups_may_hold_each_other_and_be_created_together),
		in_a_world(a_nested_group_that_is_not_created_is_not_added),
		in_a_world(big_groups_come_in_chunks),
		in_a_world(a_group_above_the_limit_is_frozen_not_cut),
		in_a_world(removals_that_are_held_back_are_counted),
		in_a_world(a_taken_name_gives_way_to_the_next_candidate),
		in_a_world(without_a_free_name_the_group_is_frozen),
		in_a_world(a_group_without_a_free_name_keeps_the_one_it_has),
		in_a_world(two_groups_that_swap_names_both_get_theirs),
		in_a_world(a_type_that_gives_access_is_counted),
		in_a_world(members_are_not_compared_where_the_source_says_so),
		in_a_world(a_number_out_of_order_ends_the_plan),
		in_a_world(unmatched_members_are_counted),
	};

	return cmocka_run_group_tests_name("plan/plan", tests, NULL, NULL);
}
