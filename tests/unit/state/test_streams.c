/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/state: what the planner reads. */
#include "config.h"

#include "tests/unit/state/world.h"

#define MOST 8

/** The numbers of a stream, read two at a time. */
struct numbers {
	int64_t nos[MOST];
	enum gb_state_presence presence[MOST];
	size_t count;
};

static struct numbers read_stream(struct world *world, int64_t cloud_no, int64_t object_no,
				  bool desired, enum gb_state_members which)
{
	struct gb_state_group *group = NULL;
	struct gb_state_members_iter *iter = NULL;
	struct gb_state_member buffer[2];
	struct numbers numbers = {.count = 0};
	size_t count;

	OK(gb_state_group_read(world, world->state, cloud_no, object_no, &group, &err));
	if (desired) {
		OK(gb_state_desired_begin(world, world->state, group, which, &iter, &err));
	} else {
		OK(gb_state_observed_begin(world, world->state, group, which, &iter, &err));
	}
	do {
		OK(gb_state_members_read(iter, buffer, 2, &count, &err));
		for (size_t i = 0; i < count; i++) {
			assert_in_range(numbers.count, 0, MOST - 1);
			numbers.nos[numbers.count] = buffer[i].object_no;
			numbers.presence[numbers.count++] = buffer[i].presence;
		}
	} while (count > 0);
	OK(gb_state_members_read(iter, buffer, 2, &count, &err));
	assert_int_equal(count, 0);
	gb_state_members_end(iter);
	talloc_free(group);
	return numbers;
}

static void expect(struct numbers numbers, const int64_t *nos, size_t count)
{
	assert_int_equal(numbers.count, count);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(numbers.nos[i], nos[i]);
	}
}

static void desired_members_are_distinct_and_ascending(void **state)
{
	struct world *world = *state;
	int64_t accounts[3] = {put_account(world, 1), put_account(world, 2), put_account(world, 3)};
	int64_t group = put_group(world, 1);
	int64_t persons[4];

	for (uint32_t i = 0; i < 4; i++) {
		persons[i] = put_person(world, i + 1);
		link_cloud(world, group, persons[i]);
	}
	match(world, persons[0], accounts[2], CODE_SID);
	match(world, persons[1], accounts[0], CODE_SID);
	match(world, persons[2], accounts[2], CODE_SID);
	match(world, persons[3], 0, CODE_NOT_FOUND);
	expect(read_stream(world, group, 0, true, GB_MEMBERS_ALL),
	       (int64_t[]){accounts[0], accounts[2]}, 2);
	expect(read_stream(world, group, 0, false, GB_MEMBERS_ALL), NULL, 0);
}

static void streams_say_who_is_there(void **state)
{
	struct world *world = *state;
	struct gb_state_ref ref = {.sid = sid_of(77)};
	int64_t written = put_written(world, 1);
	int64_t account = put_account(world, 1);
	int64_t group = put_group(world, 1);
	int64_t nested = put_group(world, 2);
	int64_t person = put_person(world, 1);
	struct numbers numbers;
	int64_t stub = 0;

	OK(gb_state_directory_put_stub(world->state, &ref, NULL, &stub, &err));
	slot(world, group);
	link_cloud(world, group, nested);
	link_cloud(world, group, person);
	match(world, person, account, CODE_SID);
	slot(world, nested);
	link_directory(world, written, stub);
	link_directory(world, written, account);
	numbers = read_stream(world, group, written, true, GB_MEMBERS_ALL);
	expect(numbers, (int64_t[]){account, slot(world, nested)}, 2);
	assert_int_equal(numbers.presence[0], GB_PRESENCE_READ);
	assert_int_equal(numbers.presence[1], GB_PRESENCE_SLOT);
	numbers = read_stream(world, group, written, false, GB_MEMBERS_ALL);
	expect(numbers, (int64_t[]){account, stub}, 2);
	assert_int_equal(numbers.presence[0], GB_PRESENCE_READ);
	assert_int_equal(numbers.presence[1], GB_PRESENCE_STUB);
}

/* A written group with three members on both sides, nothing dirty. */
struct settled {
	int64_t group;
	int64_t written;
	int64_t persons[4];
	int64_t accounts[4];
};

static struct settled settle(struct world *world)
{
	struct settled settled = {.written = put_written(world, 1), .group = put_group(world, 1)};

	slot(world, settled.group);
	for (uint32_t i = 0; i < 4; i++) {
		settled.accounts[i] = put_account(world, i + 1);
		settled.persons[i] = put_person(world, i + 1);
		match(world, settled.persons[i], settled.accounts[i], CODE_SID);
		if (i < 3) {
			link_cloud(world, settled.group, settled.persons[i]);
			link_directory(world, settled.written, settled.accounts[i]);
		}
	}
	clear_all(world);
	return settled;
}

static size_t count_dirty(struct world *world)
{
	struct gb_state_groups_iter *iter =
		gb_state_groups_begin(world, world->state, GB_GROUPS_DIRTY);
	const struct gb_state_group *group = NULL;
	size_t count = 0;

	do {
		OK(gb_state_groups_next(iter, &group, &err));
		count += group != NULL;
	} while (group != NULL);
	gb_state_groups_end(iter);
	return count;
}

static enum gb_rc count_own(void *user, int64_t object_no)
{
	size_t *count = user;

	(void)object_no;
	(*count)++;
	return GB_OK;
}

/* The first of all ids is a limit like others. */
static void a_range_of_ids_marks_the_groups_in_it(void **state)
{
	struct world *world = *state;
	struct settled s = settle(world);
	struct gb_guid none = {{0}};
	struct gb_guid id = guid_of('g', 1);
	struct gb_guid before = id;
	struct gb_guid last;
	size_t own = 0;

	(void)s;
	memset(&last, 0xff, sizeof(last));
	before.bytes[15]--;
	OK(gb_state_dirty_mark_range(world->state, &none, &before, &err));
	assert_int_equal(count_dirty(world), 0);
	OK(gb_state_dirty_mark_range(world->state, &none, &last, &err));
	assert_int_equal(count_dirty(world), 1);
	OK(gb_state_directory_each_own(world->state, &none, &last, count_own, &own, &err));
	assert_int_equal(own, 1);
	clear_all(world);
	OK(gb_state_dirty_mark_range(world->state, &id, &id, &err));
	assert_int_equal(count_dirty(world), 1);
}

static void only_dirty_links_are_listed_when_asked(void **state)
{
	struct world *world = *state;
	struct settled s = settle(world);

	expect(read_stream(world, s.group, s.written, true, GB_MEMBERS_DIRTY), NULL, 0);
	expect(read_stream(world, s.group, s.written, false, GB_MEMBERS_DIRTY), NULL, 0);
	expect(read_stream(world, s.group, s.written, true, GB_MEMBERS_ALL), s.accounts, 3);
	/* The cloud adds one and drops another. */
	link_cloud(world, s.group, s.persons[3]);
	OK(gb_state_cloud_unlink(world->state, s.group, s.persons[0], NULL, &err));
	expect(read_stream(world, s.group, s.written, true, GB_MEMBERS_DIRTY),
	       (int64_t[]){s.accounts[3]}, 1);
	expect(read_stream(world, s.group, s.written, false, GB_MEMBERS_DIRTY),
	       (int64_t[]){s.accounts[0]}, 1);
}

static void drift_shows_on_both_streams(void **state)
{
	struct world *world = *state;
	struct settled s = settle(world);

	link_directory(world, s.written, s.accounts[3]);
	OK(gb_state_directory_unlink(world->state, s.written, s.accounts[1], NULL, &err));
	expect(read_stream(world, s.group, s.written, true, GB_MEMBERS_DIRTY),
	       (int64_t[]){s.accounts[1]}, 1);
	expect(read_stream(world, s.group, s.written, false, GB_MEMBERS_DIRTY),
	       (int64_t[]){s.accounts[3]}, 1);
}

static void a_moved_match_takes_the_old_one_out(void **state)
{
	struct world *world = *state;
	struct settled s = settle(world);

	match(world, s.persons[1], s.accounts[3], CODE_ANCHOR);
	expect(read_stream(world, s.group, s.written, true, GB_MEMBERS_DIRTY),
	       (int64_t[]){s.accounts[3]}, 1);
	expect(read_stream(world, s.group, s.written, false, GB_MEMBERS_DIRTY),
	       (int64_t[]){s.accounts[1]}, 1);
}

static void who_is_desired_through_two_people_stays(void **state)
{
	struct world *world = *state;
	struct settled s = settle(world);

	/* Two cloud people are one account; one of them leaves. */
	match(world, s.persons[1], s.accounts[0], CODE_ANCHOR);
	clear_all(world);
	OK(gb_state_cloud_unlink(world->state, s.group, s.persons[1], NULL, &err));
	expect(read_stream(world, s.group, s.written, true, GB_MEMBERS_DIRTY),
	       (int64_t[]){s.accounts[0]}, 1);
	expect(read_stream(world, s.group, s.written, false, GB_MEMBERS_DIRTY),
	       (int64_t[]){s.accounts[0]}, 1);
}

static void a_group_that_is_dirty_as_a_whole_lists_all(void **state)
{
	struct world *world = *state;
	struct settled s = settle(world);

	OK(gb_state_dirty_mark(world->state, s.group, s.written, GB_DIRTY_MEMBERS, &err));
	expect(read_stream(world, s.group, s.written, true, GB_MEMBERS_DIRTY), s.accounts, 3);
	expect(read_stream(world, s.group, s.written, false, GB_MEMBERS_DIRTY), s.accounts, 3);
}

static void dirty_groups_come_in_order_of_their_ids(void **state)
{
	struct world *world = *state;
	struct gb_state_groups_iter *iter;
	const struct gb_state_group *group = NULL;
	struct gb_guid last = {{0}};
	size_t clouds = 0;
	size_t orphans = 0;

	for (uint32_t i = 1; i <= 20; i++) {
		put_group(world, i);
	}
	for (uint32_t i = 15; i <= 25; i++) {
		put_written(world, i);
	}
	for (uint32_t i = 15; i <= 20; i++) {
		struct gb_guid id = guid_of('g', i);
		int64_t no = 0;

		OK(gb_state_cloud_find(world->state, &id, &no, &err));
		slot(world, no);
	}
	put_person(world, 1);
	iter = gb_state_groups_begin(world, world->state, GB_GROUPS_DIRTY);
	for (;;) {
		OK(gb_state_groups_next(iter, &group, &err));
		if (!group) {
			break;
		}
		if (group->cloud) {
			assert_int_equal(orphans, 0);
			assert_true(gb_guid_compare(&last, &group->cloud->group.id) < 0);
			last = group->cloud->group.id;
			clouds++;
			assert_true((group->object_no != 0) == (group->directory != NULL));
		} else {
			last = orphans++ ? last : (struct gb_guid){{0}};
			assert_true(gb_guid_compare(&last, &group->directory->cloud_id) < 0);
			last = group->directory->cloud_id;
		}
		/* Clearing while iterating is what callers do. */
		OK(gb_state_dirty_clear(world->state, group->cloud_no, group->object_no, &err));
	}
	gb_state_groups_end(iter);
	assert_int_equal(clouds, 20);
	assert_int_equal(orphans, 5);
	iter = gb_state_groups_begin(world, world->state, GB_GROUPS_DIRTY);
	OK(gb_state_groups_next(iter, &group, &err));
	assert_null(group);
	gb_state_groups_end(iter);
}

static void all_groups_are_listed_dirty_or_not(void **state)
{
	struct world *world = *state;
	struct gb_state_groups_iter *iter;
	const struct gb_state_group *group = NULL;
	size_t count = 0;

	for (uint32_t i = 1; i <= 5; i++) {
		put_group(world, i);
		put_written(world, i + 3);
	}
	clear_all(world);
	OK(gb_state_dirty_mark_all(world->state, &err));
	clear_all(world);
	iter = gb_state_groups_begin(world, world->state, GB_GROUPS_ALL);
	for (;;) {
		OK(gb_state_groups_next(iter, &group, &err));
		if (!group) {
			break;
		}
		assert_int_equal(group->dirty, 0);
		count++;
	}
	gb_state_groups_end(iter);
	assert_int_equal(count, 10);
}

static void marking_all_dirties_every_group(void **state)
{
	struct world *world = *state;
	int64_t group = put_group(world, 1);
	int64_t orphan = put_written(world, 2);

	clear_all(world);
	OK(gb_state_dirty_mark_all(world->state, &err));
	assert_int_equal(dirty_of(world, group, 0), GB_DIRTY_ALL);
	assert_int_equal(dirty_of(world, 0, orphan), GB_DIRTY_ALL);
}

static void a_group_is_read_with_its_counts(void **state)
{
	struct world *world = *state;
	struct settled s = settle(world);
	struct gb_state_group *group = NULL;
	struct gb_state_group *same = NULL;

	match(world, s.persons[0], 0, CODE_NOT_FOUND);
	OK(gb_state_group_read(world, world->state, s.group, 0, &group, &err));
	OK(gb_state_group_read(world, world->state, 0, s.written, &same, &err));
	assert_int_equal(group->object_no, s.written);
	assert_int_equal(same->cloud_no, s.group);
	assert_int_equal(group->listed, 3);
	assert_int_equal(group->cloud->member_count, 3);
	assert_int_equal(group->observed, 3);
	assert_int_equal(group->unmatched_count, 1);
	assert_int_equal(group->unmatched[0].code, CODE_NOT_FOUND);
	assert_int_equal(group->unmatched[0].count, 1);
	REFUSED(gb_state_group_read(world, world->state, 4711, 0, &group, &err), GB_E_NOT_FOUND,
		"state-no-group");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(desired_members_are_distinct_and_ascending),
		IN_WORLD(streams_say_who_is_there),
		IN_WORLD(a_range_of_ids_marks_the_groups_in_it),
		IN_WORLD(only_dirty_links_are_listed_when_asked),
		IN_WORLD(drift_shows_on_both_streams),
		IN_WORLD(a_moved_match_takes_the_old_one_out),
		IN_WORLD(who_is_desired_through_two_people_stays),
		IN_WORLD(a_group_that_is_dirty_as_a_whole_lists_all),
		IN_WORLD(dirty_groups_come_in_order_of_their_ids),
		IN_WORLD(all_groups_are_listed_dirty_or_not),
		IN_WORLD(marking_all_dirties_every_group),
		IN_WORLD(a_group_is_read_with_its_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
