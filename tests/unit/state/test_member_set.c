/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/state: complete member lists against what is stored. */
#include "config.h"

#include "engine/state/state_private.h"
#include "tests/unit/state/world.h"

#define PEOPLE 900

struct crowd {
	int64_t group;
	int64_t written;
	int64_t persons[PEOPLE];
	int64_t accounts[PEOPLE];
	bool is_in[PEOPLE];
};

static struct crowd *gather(struct world *world)
{
	struct crowd *crowd = gb_new(world, struct crowd);

	crowd->group = put_group(world, 1);
	crowd->written = put_written(world, 1);
	slot(world, crowd->group);
	for (uint32_t i = 0; i < PEOPLE; i++) {
		crowd->persons[i] = put_person(world, i + 1);
		crowd->accounts[i] = put_account(world, i + 1);
		match(world, crowd->persons[i], crowd->accounts[i], CODE_SID);
	}
	return crowd;
}

/* What the stream lists is exactly what the plain array says. */
static void compare(struct world *world, const struct crowd *crowd, bool desired)
{
	struct gb_state_group *group = NULL;
	struct gb_state_members_iter *iter = NULL;
	struct gb_state_member buffer[PEOPLE + 1];
	size_t count = 0;
	size_t i = 0;

	OK(gb_state_group_read(world, world->state, crowd->group, 0, &group, &err));
	if (desired) {
		OK(gb_state_desired_begin(world, world->state, group, GB_MEMBERS_ALL, &iter, &err));
	} else {
		OK(gb_state_observed_begin(world, world->state, group, GB_MEMBERS_ALL, &iter,
					   &err));
	}
	OK(gb_state_members_read(iter, buffer, PEOPLE + 1, &count, &err));
	gb_state_members_end(iter);
	for (size_t person = 0; person < PEOPLE; person++) {
		if (crowd->is_in[person]) {
			assert_int_equal(buffer[i++].object_no, crowd->accounts[person]);
		}
	}
	assert_int_equal(i, count);
	assert_int_equal(desired ? group->listed : group->observed, count);
	talloc_free(group);
}

static void replace(struct world *world, const struct crowd *crowd, bool cloud,
		    struct unit_chance *chance, const bool *wanted)
{
	struct gb_state_member_set *set =
		cloud ? gb_state_cloud_members_begin(world, world->state, crowd->group)
		      : gb_state_directory_members_begin(world, world->state, crowd->written);
	const int64_t *nos = cloud ? crowd->persons : crowd->accounts;
	size_t added = 0;
	size_t removed = 0;
	size_t begin = unit_below(chance, PEOPLE);

	for (size_t i = 0; i < PEOPLE; i++) {
		size_t person = (begin + i * 7) % PEOPLE;

		if (wanted[person]) {
			OK(gb_state_member_set_add(set, nos[person], &err));
			if (unit_below(chance, 10) == 0) {
				OK(gb_state_member_set_add(set, nos[person], &err));
			}
		}
	}
	OK(gb_state_member_set_finish(set, &added, &removed, &err));
	for (size_t i = 0; i < PEOPLE; i++) {
		added -= wanted[i] && !crowd->is_in[i];
		removed -= !wanted[i] && crowd->is_in[i];
	}
	assert_int_equal(added, 0);
	assert_int_equal(removed, 0);
}

static void the_difference_is_what_a_plain_comparison_finds(struct world *world, bool cloud)
{
	struct crowd *crowd = gather(world);
	struct unit_chance chance = {20261122};
	bool wanted[PEOPLE] = {false};

	for (int round = 0; round < 60; round++) {
		/* From a few changes to a wholly other list, from empty to full. */
		size_t flips = unit_below(&chance, round % 5 == 0 ? PEOPLE : 6);

		for (size_t i = 0; i < flips; i++) {
			size_t person = unit_below(&chance, PEOPLE);

			wanted[person] = !wanted[person];
		}
		if (round % 20 == 19) {
			memset(wanted, round % 40 == 39, sizeof(wanted));
		}
		replace(world, crowd, cloud, &chance, wanted);
		memcpy(crowd->is_in, wanted, sizeof(wanted));
		compare(world, crowd, cloud);
	}
}

static void cloud_lists_replace_what_was_stored(void **state)
{
	the_difference_is_what_a_plain_comparison_finds(*state, true);
}

static void directory_lists_replace_what_was_stored(void **state)
{
	the_difference_is_what_a_plain_comparison_finds(*state, false);
}

static void single_links_and_lists_agree(void **state)
{
	struct world *world = *state;
	struct crowd *crowd = gather(world);
	struct unit_chance chance = {7};

	for (int step = 0; step < 4000; step++) {
		size_t person = unit_below(&chance, PEOPLE);
		bool wanted = unit_below(&chance, 3) != 0;
		bool changed = false;

		if (wanted) {
			OK(gb_state_cloud_link(world->state, crowd->group, crowd->persons[person],
					       &changed, &err));
		} else {
			OK(gb_state_cloud_unlink(world->state, crowd->group, crowd->persons[person],
						 &changed, &err));
		}
		assert_int_equal(changed, wanted != crowd->is_in[person]);
		crowd->is_in[person] = wanted;
		if (step % 400 == 0) {
			compare(world, crowd, true);
		}
	}
	compare(world, crowd, true);
}

static void a_list_that_was_unknown_dirties_the_group(void **state)
{
	struct world *world = *state;
	int64_t group = put_group(world, 1);
	int64_t person = put_person(world, 1);
	struct gb_state_cloud_group *row = NULL;

	clear_all(world);
	set_members(gb_state_cloud_members_begin(world, world->state, group), &person, 1);
	assert_int_equal(dirty_of(world, group, 0), GB_DIRTY_MEMBERS);
	OK(gb_state_cloud_read_group(world, world->state, group, &row, &err));
	assert_true(row->members_known);
	clear_all(world);
	set_members(gb_state_cloud_members_begin(world, world->state, group), &person, 1);
	assert_int_equal(dirty_of(world, group, 0), 0);
	set_members(gb_state_cloud_members_begin(world, world->state, group), NULL, 0);
	assert_int_equal(dirty_of(world, group, 0), GB_DIRTY_LINKS);
	clear_all(world);
	OK(gb_state_cloud_set_members_known(world->state, group, false, &err));
	set_members(gb_state_cloud_members_begin(world, world->state, group), NULL, 0);
	assert_int_equal(dirty_of(world, group, 0), GB_DIRTY_MEMBERS);
}

static void a_directory_list_remembers_its_usn(void **state)
{
	struct world *world = *state;
	int64_t written = put_written(world, 1);
	int64_t account = put_account(world, 1);
	struct gb_state_directory_object *row = NULL;

	set_members(gb_state_directory_members_begin(world, world->state, written), &account, 1);
	OK(gb_state_directory_read(world, world->state, written, &row, &err));
	assert_true(row->members_known);
	assert_int_equal(row->members_usn, 1001);
	OK(gb_state_directory_set_members_known(world->state, written, false, &err));
	OK(gb_state_directory_read(world, world->state, written, &row, &err));
	assert_false(row->members_known);
}

static void an_abandoned_list_changes_nothing(void **state)
{
	struct world *world = *state;
	int64_t group = put_group(world, 1);
	int64_t person = put_person(world, 1);
	struct gb_state_member_set *set;
	struct gb_state_cloud_group *row = NULL;

	link_cloud(world, group, person);
	clear_all(world);
	set = gb_state_cloud_members_begin(world, world->state, group);
	OK(gb_state_member_set_add(set, put_person(world, 2), &err));
	talloc_free(set);
	OK(gb_state_cloud_read_group(world, world->state, group, &row, &err));
	assert_int_equal(row->member_count, 1);
	assert_false(row->members_known);
	assert_int_equal(dirty_of(world, group, 0), 0);
}

static void several_lists_grow_side_by_side(void **state)
{
	struct world *world = *state;
	int64_t groups[] = {put_group(world, 1), put_group(world, 2)};
	int64_t persons[] = {put_person(world, 1), put_person(world, 2)};
	struct gb_state_member_set *sets[2];
	struct gb_state_cloud_group *row = NULL;

	for (size_t i = 0; i < 2; i++) {
		sets[i] = gb_state_cloud_members_begin(world, world->state, groups[i]);
		OK(gb_state_member_set_add(sets[i], persons[0], &err));
	}
	OK(gb_state_member_set_add(sets[1], persons[1], &err));
	for (size_t i = 0; i < 2; i++) {
		OK(gb_state_member_set_finish(sets[i], NULL, NULL, &err));
		OK(gb_state_cloud_read_group(world, world->state, groups[i], &row, &err));
		assert_int_equal(row->member_count, i + 1);
	}
}

static uint64_t statements_of_list(struct world *world, const struct crowd *crowd, size_t members)
{
	struct gb_state_member_set *set =
		gb_state_cloud_members_begin(world, world->state, crowd->group);
	uint64_t before = world->state->db.begun;

	for (size_t i = 0; i < members; i++) {
		OK(gb_state_member_set_add(set, crowd->persons[i], &err));
	}
	OK(gb_state_member_set_finish(set, NULL, NULL, &err));
	return world->state->db.begun - before;
}

/* What a list costs apart from its members is some statements; a row holds hundreds of them. */
static void a_new_list_takes_no_statement_for_its_members(void **state)
{
	struct world *world = *state;
	struct crowd *crowd = gather(world);

	assert_in_range(statements_of_list(world, crowd, 800), 1, 20);
}

/* The same list once more: what is stored is read, and nothing is written link by link. */
static void an_unchanged_list_takes_no_statement_for_its_members(void **state)
{
	struct world *world = *state;
	struct crowd *crowd = gather(world);

	statements_of_list(world, crowd, 800);
	assert_in_range(statements_of_list(world, crowd, 800), 1, 10);
}

static void a_list_has_a_limit(void **state)
{
	struct world *world = *state;
	struct gb_state_member_set *set =
		gb_state_cloud_members_begin(world, world->state, put_group(world, 1));

	for (int64_t i = 1; i <= GB_STATE_MAX_GROUP_MEMBERS; i++) {
		OK(gb_state_member_set_add(set, i, &err));
	}
	REFUSED(gb_state_member_set_add(set, 1, &err), GB_E_CONSTRAINT, "state-group-too-large");
	talloc_free(set);
}

static void a_list_of_no_group_is_refused(void **state)
{
	struct world *world = *state;
	struct gb_state_member_set *set =
		gb_state_cloud_members_begin(world, world->state, put_person(world, 1));

	REFUSED(gb_state_member_set_finish(set, NULL, NULL, &err), GB_E_NOT_FOUND,
		"state-no-group");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(cloud_lists_replace_what_was_stored),
		IN_WORLD(directory_lists_replace_what_was_stored),
		IN_WORLD(single_links_and_lists_agree),
		IN_WORLD(a_list_that_was_unknown_dirties_the_group),
		IN_WORLD(a_directory_list_remembers_its_usn),
		IN_WORLD(an_abandoned_list_changes_nothing),
		IN_WORLD(several_lists_grow_side_by_side),
		IN_WORLD(a_new_list_takes_no_statement_for_its_members),
		IN_WORLD(an_unchanged_list_takes_no_statement_for_its_members),
		IN_WORLD(a_list_has_a_limit),
		IN_WORLD(a_list_of_no_group_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
