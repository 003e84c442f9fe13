/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/state: who is due for matching, and what answers change. */
#include "config.h"

#include "tests/unit/state/world.h"

/** Whether somebody is due. */
static bool is_due(struct world *world, int64_t no)
{
	struct gb_state_match_iter *iter = gb_state_match_begin(NULL, world->state, false);
	const struct gb_state_cloud_member *row = NULL;
	bool due = false;

	do {
		OK(gb_state_match_next(iter, &row, &err));
		due = due || (row && row->no == no);
	} while (row);
	gb_state_match_end(iter);
	return due;
}

static size_t unmatched(struct world *world, int64_t group_no, int code)
{
	struct gb_state_group *group = NULL;
	size_t count = 0;

	OK(gb_state_group_read(world, world->state, group_no, 0, &group, &err));
	for (size_t i = 0; i < group->unmatched_count; i++) {
		count += group->unmatched[i].code == code ? group->unmatched[i].count : 0;
	}
	return count;
}

static void everybody_new_is_due_once(void **state)
{
	struct world *world = *state;
	int64_t nos[] = {put_person(world, 1), put_group(world, 1), put_person(world, 2)};
	struct gb_state_match_iter *iter = gb_state_match_begin(NULL, world->state, false);
	const struct gb_state_cloud_member *row = NULL;

	for (size_t i = 0; i < 3; i++) {
		OK(gb_state_match_next(iter, &row, &err));
		assert_int_equal(row->no, nos[i]);
		match(world, row->no, 0, CODE_NOT_FOUND);
	}
	OK(gb_state_match_next(iter, &row, &err));
	assert_null(row);
	gb_state_match_end(iter);
	assert_false(is_due(world, nos[0]));
}

static void all_means_the_living_and_the_due(void **state)
{
	struct world *world = *state;
	struct gb_guid dead = guid_of('c', 2);
	struct gb_guid dying = guid_of('c', 3);
	struct gb_state_match_iter *iter;
	const struct gb_state_cloud_member *row = NULL;
	int64_t expected[2];

	expected[0] = put_person(world, 1);
	put_person(world, 2);
	expected[1] = put_person(world, 3);
	OK(gb_state_cloud_remove(world->state, &dead, GB_REMOVED_DELETED, NULL, &err));
	match_due(world);
	OK(gb_state_cloud_remove(world->state, &dying, GB_REMOVED_CHANGED, NULL, &err));
	iter = gb_state_match_begin(NULL, world->state, true);
	for (size_t i = 0; i < 2; i++) {
		OK(gb_state_match_next(iter, &row, &err));
		assert_int_equal(row->no, expected[i]);
	}
	OK(gb_state_match_next(iter, &row, &err));
	assert_null(row);
	gb_state_match_end(iter);
}

static enum gb_rc count_sid(void *user, const struct gb_sid *sid)
{
	size_t *count = user;

	assert_false(gb_sid_is_none(sid));
	(*count)++;
	return GB_OK;
}

static size_t count_sids(struct world *world, bool all)
{
	size_t count = 0;

	OK(gb_state_match_each_sid(world->state, all, count_sid, &count, &err));
	return count;
}

static void sids_are_those_of_whom_the_list_names(void **state)
{
	struct world *world = *state;
	int64_t known = put_person(world, 1);

	put_person(world, 2);
	put_group(world, 1);
	assert_int_equal(count_sids(world, false), 2);
	match(world, known, 0, CODE_NOT_FOUND);
	assert_int_equal(count_sids(world, false), 1);
	assert_int_equal(count_sids(world, true), 2);
}

static void an_answer_is_kept(void **state)
{
	struct world *world = *state;
	int64_t person = put_person(world, 1);
	int64_t account = put_account(world, 1);
	struct gb_state_cloud_member *row = NULL;
	struct gb_state_directory_object *object = NULL;
	struct gb_state_sizes sizes;

	match(world, person, account, CODE_SID);
	OK(gb_state_cloud_read_member(world, world->state, person, &row, &err));
	assert_int_equal(row->object_no, account);
	assert_int_equal(row->match_code, CODE_SID);
	OK(gb_state_directory_read(world, world->state, account, &object, &err));
	assert_int_equal(object->cloud_no, person);
	gb_state_sizes(world->state, &sizes);
	assert_int_equal(sizes.matched, 1);
	match(world, person, 0, CODE_NOT_FOUND);
	gb_state_sizes(world->state, &sizes);
	assert_int_equal(sizes.matched, 0);
}

static void a_new_account_calls_those_whom_it_may_concern(void **state)
{
	struct world *world = *state;
	struct gb_cloud_member by_dn = {.id = guid_of('c', 3),
					.type = GB_CLOUD_USER,
					.readable = true,
					.on_premises_dn =
						"CN=Account 1,OU=People,DC=example,DC=com"};
	struct gb_cloud_member by_anchor = {.id = guid_of('c', 4),
					    .type = GB_CLOUD_USER,
					    .readable = true,
					    .immutable_id = guid_of('a', 1)};
	struct gb_cloud_member by_consistency = {.id = guid_of('c', 5),
						 .type = GB_CLOUD_USER,
						 .readable = true,
						 .immutable_id = guid_of('k', 1)};
	struct gb_directory_object object = account_of(world, 1);
	int64_t nos[4];
	int64_t other = put_person(world, 2);

	nos[0] = put_person(world, 1);
	OK(gb_state_cloud_put_member(world->state, &by_dn,
				     "cn=account 1,ou=people,dc=example,dc=com", &nos[1], NULL,
				     &err));
	OK(gb_state_cloud_put_member(world->state, &by_anchor, NULL, &nos[2], NULL, &err));
	OK(gb_state_cloud_put_member(world->state, &by_consistency, NULL, &nos[3], NULL, &err));
	match_due(world);
	object.consistency_guid = guid_of('k', 1);
	OK(gb_state_directory_put(world->state, &object, NULL, NULL, &err));
	for (size_t i = 0; i < 4; i++) {
		assert_true(is_due(world, nos[i]));
	}
	assert_false(is_due(world, other));
}

static void a_lost_key_calls_who_was_found_by_it(void **state)
{
	struct world *world = *state;
	struct gb_directory_object object = account_of(world, 1);
	int64_t person = put_person(world, 1);
	int64_t account = put_account(world, 1);

	match(world, person, account, CODE_SID);
	object.sid = sid_of(99);
	OK(gb_state_directory_put(world->state, &object, NULL, NULL, &err));
	assert_true(is_due(world, person));
}

static void an_untouched_account_calls_nobody(void **state)
{
	struct world *world = *state;
	struct gb_directory_object object = account_of(world, 1);
	int64_t person = put_person(world, 1);
	int64_t account = put_account(world, 1);

	match(world, person, account, CODE_SID);
	object.usn_changed += 5;
	object.sam_account_name = "renamed";
	OK(gb_state_directory_put(world->state, &object, NULL, NULL, &err));
	assert_false(is_due(world, person));
}

static void a_moved_match_dirties_both_places_in_every_group(void **state)
{
	struct world *world = *state;
	int64_t groups[] = {put_group(world, 1), put_group(world, 2), put_group(world, 3)};
	int64_t written[] = {put_written(world, 1), put_written(world, 2), put_written(world, 3)};
	int64_t person = put_person(world, 1);
	int64_t first = put_account(world, 1);
	int64_t second = put_account(world, 2);

	for (size_t i = 0; i < 3; i++) {
		slot(world, groups[i]);
	}
	link_cloud(world, groups[0], person);
	link_cloud(world, groups[1], person);
	match(world, person, first, CODE_SID);
	clear_all(world);
	match(world, person, second, CODE_SID);
	assert_int_equal(dirty_of(world, groups[0], written[0]), GB_DIRTY_LINKS);
	assert_int_equal(dirty_of(world, groups[1], written[1]), GB_DIRTY_LINKS);
	assert_int_equal(dirty_of(world, groups[2], written[2]), 0);
}

static void another_rule_for_the_same_account_dirties_nothing(void **state)
{
	struct world *world = *state;
	int64_t group = put_group(world, 1);
	int64_t person = put_person(world, 1);
	int64_t account = put_account(world, 1);

	link_cloud(world, group, person);
	match(world, person, account, CODE_SID);
	clear_all(world);
	match(world, person, account, CODE_ANCHOR);
	assert_int_equal(dirty_of(world, group, 0), 0);
}

static void another_cause_looks_at_the_whole_group_again(void **state)
{
	struct world *world = *state;
	int64_t group = put_group(world, 1);
	int64_t person = put_person(world, 1);

	link_cloud(world, group, person);
	match(world, person, 0, CODE_NOT_FOUND);
	clear_all(world);
	match(world, person, 0, CODE_NOT_FOUND);
	assert_int_equal(dirty_of(world, group, 0), 0);
	match(world, person, 0, CODE_CLOUD_ONLY);
	assert_int_equal(dirty_of(world, group, 0), GB_DIRTY_MEMBERS);
}

static void members_without_a_match_are_counted_by_cause(void **state)
{
	struct world *world = *state;
	int64_t group = put_group(world, 1);
	int64_t persons[4];

	for (uint32_t i = 0; i < 4; i++) {
		persons[i] = put_person(world, i + 1);
		link_cloud(world, group, persons[i]);
	}
	match(world, persons[0], put_account(world, 1), CODE_SID);
	match(world, persons[1], 0, CODE_NOT_FOUND);
	match(world, persons[2], 0, CODE_NOT_FOUND);
	match(world, persons[3], 0, CODE_CLOUD_ONLY);
	assert_int_equal(unmatched(world, group, CODE_NOT_FOUND), 2);
	assert_int_equal(unmatched(world, group, CODE_CLOUD_ONLY), 1);
	clear_all(world);
	match(world, persons[1], put_account(world, 2), CODE_SID);
	match(world, persons[2], 0, CODE_CLOUD_ONLY);
	assert_int_equal(unmatched(world, group, CODE_NOT_FOUND), 0);
	assert_int_equal(unmatched(world, group, CODE_CLOUD_ONLY), 2);
	OK(gb_state_cloud_unlink(world->state, group, persons[3], NULL, &err));
	assert_int_equal(unmatched(world, group, CODE_CLOUD_ONLY), 1);
	link_cloud(world, group, persons[3]);
	assert_int_equal(unmatched(world, group, CODE_CLOUD_ONLY), 2);
}

static void a_group_that_gets_an_object_is_dirty_with_its_parents(void **state)
{
	struct world *world = *state;
	int64_t parent = put_group(world, 1);
	int64_t child = put_group(world, 2);

	link_cloud(world, parent, child);
	match(world, child, 0, CODE_NOT_FOUND);
	match(world, parent, 0, CODE_NOT_FOUND);
	clear_all(world);
	slot(world, child);
	assert_int_equal(dirty_of(world, child, 0), GB_DIRTY_ALL);
	assert_int_equal(dirty_of(world, parent, 0), GB_DIRTY_LINKS);
}

static void an_object_that_loses_its_group_is_dirty_itself(void **state)
{
	struct world *world = *state;
	int64_t group = put_group(world, 1);
	int64_t written = put_written(world, 1);

	slot(world, group);
	clear_all(world);
	match(world, group, 0, CODE_NOT_FOUND);
	assert_int_equal(dirty_of(world, 0, written), GB_DIRTY_ALL);
	assert_int_equal(dirty_of(world, group, 0), GB_DIRTY_ALL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(everybody_new_is_due_once),
		IN_WORLD(all_means_the_living_and_the_due),
		IN_WORLD(sids_are_those_of_whom_the_list_names),
		IN_WORLD(an_answer_is_kept),
		IN_WORLD(a_new_account_calls_those_whom_it_may_concern),
		IN_WORLD(a_lost_key_calls_who_was_found_by_it),
		IN_WORLD(an_untouched_account_calls_nobody),
		IN_WORLD(a_moved_match_dirties_both_places_in_every_group),
		IN_WORLD(another_rule_for_the_same_account_dirties_nothing),
		IN_WORLD(another_cause_looks_at_the_whole_group_again),
		IN_WORLD(members_without_a_match_are_counted_by_cause),
		IN_WORLD(a_group_that_gets_an_object_is_dirty_with_its_parents),
		IN_WORLD(an_object_that_loses_its_group_is_dirty_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
