/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/state: full reads and what they sweep. */
#include "config.h"

#include "tests/unit/state/world.h"

static enum gb_cloud_life life_of(struct world *world, int64_t no)
{
	struct gb_state_cloud_member *row = NULL;

	OK(gb_state_cloud_read_member(world, world->state, no, &row, &err));
	return row->life;
}

static void begin(struct world *world, enum gb_state_full what)
{
	OK(gb_state_full_begin(world->state, what, &err));
}

static size_t finish(struct world *world, enum gb_state_full what)
{
	size_t swept = 99;

	OK(gb_state_full_finish(world->state, what, &swept, &err));
	return swept;
}

static bool exists(struct world *world, int64_t object_no)
{
	struct gb_state_ref ref;

	OK(gb_state_directory_ref(world, world->state, object_no, &ref, &err));
	return ref.no != 0;
}

static void soft_deleted_is_not_gone(void **state)
{
	struct world *world = *state;
	int64_t live = put_group(world, 1);
	int64_t deleted = put_group(world, 2);
	struct gb_guid ids[] = {guid_of('g', 1), guid_of('g', 2), guid_of('g', 99)};

	put_group(world, 3);
	begin(world, GB_FULL_CLOUD_GROUPS);
	put_group(world, 1);
	for (size_t i = 0; i < GB_ARRAY_SIZE(ids); i++) {
		OK(gb_state_full_deleted_group(world->state, &ids[i], &err));
	}
	assert_int_equal(finish(world, GB_FULL_CLOUD_GROUPS), 1);
	assert_int_equal(life_of(world, live), GB_LIFE_LIVE);
	assert_int_equal(life_of(world, deleted), GB_LIFE_SOFT_DELETED);
	/* Thirty days later. */
	begin(world, GB_FULL_CLOUD_GROUPS);
	put_group(world, 1);
	assert_int_equal(finish(world, GB_FULL_CLOUD_GROUPS), 1);
}

/* C15 */
static void written_groups_that_the_list_did_not_name_are_told(void **state)
{
	struct world *world = *state;
	struct gb_guid *ids;
	size_t count;
	int64_t listed = put_group(world, 1);
	int64_t unlisted = put_group(world, 2);
	int64_t gone = put_group(world, 4);
	struct gb_guid gone_id = guid_of('g', 4);
	struct gb_guid unlisted_id = guid_of('g', 2);

	put_group(world, 3); /* stands nowhere in the directory */
	match(world, listed, put_written(world, 1), CODE_SID);
	match(world, unlisted, put_written(world, 2), CODE_SID);
	match(world, gone, put_written(world, 4), CODE_SID);
	OK(gb_state_cloud_remove(world->state, &gone_id, GB_REMOVED_DELETED, NULL, &err));
	begin(world, GB_FULL_CLOUD_GROUPS);
	put_group(world, 1);
	OK(gb_state_full_unlisted_groups(world, world->state, &ids, &count, &err));
	assert_int_equal(count, 1);
	assert_int_equal(gb_guid_compare(&ids[0], &unlisted_id), 0);
	/* It answers. */
	put_group(world, 2);
	OK(gb_state_full_unlisted_groups(world, world->state, &ids, &count, &err));
	assert_int_equal(count, 0);
	assert_int_equal(finish(world, GB_FULL_CLOUD_GROUPS), 1);
	assert_int_equal(life_of(world, unlisted), GB_LIFE_LIVE);
}

static void without_the_list_of_deleted_groups_none_is_called_gone(void **state)
{
	struct world *world = *state;
	int64_t live = put_group(world, 1);
	int64_t missing = put_group(world, 2);
	struct gb_guid id = guid_of('g', 3);

	put_group(world, 3);
	OK(gb_state_cloud_remove(world->state, &id, GB_REMOVED_DELETED, NULL, &err));
	begin(world, GB_FULL_CLOUD_GROUPS);
	put_group(world, 1);
	OK(gb_state_full_deleted_unknown(world->state, &err));
	assert_int_equal(finish(world, GB_FULL_CLOUD_GROUPS), 0);
	assert_int_equal(life_of(world, live), GB_LIFE_LIVE);
	assert_int_equal(life_of(world, missing), GB_LIFE_SOFT_DELETED);
}

static void what_a_list_does_not_name_is_gone(void **state)
{
	struct world *world = *state;
	int64_t kept = put_group(world, 1);
	int64_t lost = put_group(world, 2);
	int64_t person = put_person(world, 1);

	clear_all(world);
	slot(world, lost);
	clear_all(world);
	begin(world, GB_FULL_CLOUD_GROUPS);
	put_group(world, 1);
	put_group(world, 3);
	OK(gb_state_commit(world->state, &err));
	assert_int_equal(finish(world, GB_FULL_CLOUD_GROUPS), 1);
	assert_int_equal(life_of(world, kept), GB_LIFE_LIVE);
	assert_int_equal(life_of(world, lost), GB_LIFE_GONE);
	assert_int_equal(life_of(world, person), GB_LIFE_LIVE);
	assert_int_equal(dirty_of(world, lost, 0), GB_DIRTY_ALL);
	assert_int_equal(dirty_of(world, kept, 0), 0);
}

static void an_unfinished_list_sweeps_nothing(void **state)
{
	struct world *world = *state;
	int64_t first = put_group(world, 1);
	int64_t second = put_group(world, 2);

	begin(world, GB_FULL_CLOUD_GROUPS);
	put_group(world, 1);
	OK(gb_state_commit(world->state, &err));
	world_reopen(world);
	begin(world, GB_FULL_CLOUD_GROUPS);
	put_group(world, 2);
	put_group(world, 1);
	assert_int_equal(finish(world, GB_FULL_CLOUD_GROUPS), 0);
	assert_int_equal(life_of(world, first), GB_LIFE_LIVE);
	assert_int_equal(life_of(world, second), GB_LIFE_LIVE);
}

static void a_list_goes_on_after_a_restart(void **state)
{
	struct world *world = *state;
	int64_t lost = put_group(world, 2);

	slot(world, lost);
	begin(world, GB_FULL_CLOUD_GROUPS);
	put_group(world, 1);
	OK(gb_state_commit(world->state, &err));
	world_reopen(world);
	put_group(world, 3);
	assert_int_equal(finish(world, GB_FULL_CLOUD_GROUPS), 1);
	assert_int_equal(life_of(world, lost), GB_LIFE_GONE);
}

static void what_was_not_begun_cannot_end(void **state)
{
	struct world *world = *state;

	put_group(world, 1);
	REFUSED(gb_state_full_finish(world->state, GB_FULL_CLOUD_GROUPS, NULL, &err), GB_E_INTERNAL,
		"state-full-read");
	begin(world, GB_FULL_CLOUD_GROUPS);
	put_group(world, 1);
	assert_int_equal(finish(world, GB_FULL_CLOUD_GROUPS), 0);
	REFUSED(gb_state_full_finish(world->state, GB_FULL_CLOUD_GROUPS, NULL, &err), GB_E_INTERNAL,
		"state-full-read");
}

static void people_who_left_are_due_and_devices_stay(void **state)
{
	struct world *world = *state;
	struct gb_cloud_member device = {
		.id = guid_of('c', 9), .type = GB_CLOUD_DEVICE, .readable = true};
	int64_t group = put_group(world, 1);
	int64_t person = put_person(world, 1);
	int64_t device_no = 0;
	struct gb_state_cloud_member *row = NULL;
	struct gb_guid id = guid_of('c', 2);
	int64_t stranger = put_person(world, 2);

	OK(gb_state_cloud_put_member(world->state, &device, NULL, &device_no, NULL, &err));
	link_cloud(world, group, person);
	match_due(world);
	begin(world, GB_FULL_CLOUD_PEOPLE);
	assert_int_equal(finish(world, GB_FULL_CLOUD_PEOPLE), 2);
	assert_int_equal(life_of(world, person), GB_LIFE_GONE);
	assert_int_equal(life_of(world, device_no), GB_LIFE_LIVE);
	/* Who is gone and in no group is forgotten; numbers are not used twice. */
	OK(gb_state_cloud_find(world->state, &id, &device_no, &err));
	assert_int_equal(device_no, 0);
	assert_true(put_person(world, 3) > stranger);
	match_due(world);
	OK(gb_state_cloud_read_member(world, world->state, person, &row, &err));
	assert_int_equal(row->match_code, CODE_NOT_FOUND);
}

static void a_written_group_that_left_the_container_becomes_a_slot(void **state)
{
	struct world *world = *state;
	int64_t group = put_group(world, 1);
	int64_t written = put_written(world, 1);
	int64_t orphan = put_written(world, 2);
	int64_t kept = put_written(world, 3);
	int64_t person = put_account(world, 1);
	enum gb_state_presence presence;

	slot(world, group);
	link_directory(world, kept, written);
	clear_all(world);
	begin(world, GB_FULL_CONTAINER);
	put_written(world, 3);
	assert_int_equal(finish(world, GB_FULL_CONTAINER), 2);
	OK(gb_state_presence_of(world->state, written, &presence, &err));
	assert_int_equal(presence, GB_PRESENCE_SLOT);
	assert_int_equal(dirty_of(world, group, written), GB_DIRTY_ALL | GB_DIRTY_DRIFT);
	assert_false(exists(world, orphan));
	assert_true(exists(world, kept));
	assert_true(exists(world, person));
	/* AD takes a deleted object out of its groups. */
	{
		struct gb_state_group *row = NULL;

		OK(gb_state_group_read(world, world->state, 0, kept, &row, &err));
		assert_int_equal(row->observed, 0);
	}
}

static void people_who_are_out_of_sight_stay_as_stubs_where_groups_list_them(void **state)
{
	struct world *world = *state;
	int64_t written = put_written(world, 1);
	int64_t member = put_account(world, 1);
	int64_t other = put_account(world, 2);
	int64_t person = put_person(world, 1);
	enum gb_state_presence presence;
	struct gb_state_cloud_member *row = NULL;
	struct gb_state_ref ref;

	link_directory(world, written, member);
	match(world, person, member, CODE_SID);
	begin(world, GB_FULL_PEOPLE);
	assert_int_equal(finish(world, GB_FULL_PEOPLE), 2);
	OK(gb_state_presence_of(world->state, member, &presence, &err));
	assert_int_equal(presence, GB_PRESENCE_STUB);
	assert_false(exists(world, other));
	OK(gb_state_directory_ref(world, world->state, member, &ref, &err));
	assert_false(gb_guid_is_none(&ref.guid));
	OK(gb_state_cloud_read_member(world, world->state, person, &row, &err));
	assert_int_equal(row->object_no, 0);
	/* Back in sight: the same number. */
	assert_int_equal(put_account(world, 1), member);
}

static void sizes_are_what_counting_would_give(void **state)
{
	struct world *world = *state;
	struct gb_state_sizes sizes;
	struct gb_guid id = guid_of('c', 2);

	link_cloud(world, put_group(world, 1), put_person(world, 1));
	put_person(world, 2);
	put_group(world, 2);
	put_written(world, 1);
	link_directory(world, put_written(world, 2), put_account(world, 1));
	match_due(world);
	OK(gb_state_cloud_remove(world->state, &id, GB_REMOVED_DELETED, NULL, &err));
	OK(gb_state_commit(world->state, &err));
	/* What is rolled back does not count. */
	put_person(world, 3);
	put_account(world, 3);
	gb_state_rollback(world->state);
	gb_state_sizes(world->state, &sizes);
	assert_int_equal(sizes.cloud_groups, 2);
	assert_int_equal(sizes.cloud_members, 1);
	assert_int_equal(sizes.cloud_links, 1);
	assert_int_equal(sizes.matched, 1);
	assert_int_equal(sizes.directory_objects, 3);
	assert_int_equal(sizes.directory_groups, 2);
	assert_int_equal(sizes.directory_links, 1);
	world_reopen(world);
	gb_state_sizes(world->state, &sizes);
	assert_int_equal(sizes.cloud_groups, 2);
	assert_int_equal(sizes.directory_links, 1);
}

static void the_backlog_is_what_is_left_to_do(void **state)
{
	struct world *world = *state;
	size_t dirty = 99;
	size_t due = 99;

	put_group(world, 1);
	put_person(world, 1);
	put_written(world, 2);
	OK(gb_state_backlog(world->state, &dirty, &due, &err));
	assert_int_equal(dirty, 2);
	assert_int_equal(due, 2);
	match_due(world);
	clear_all(world);
	OK(gb_state_backlog(world->state, &dirty, &due, &err));
	assert_int_equal(dirty, 0);
	assert_int_equal(due, 0);
}

static int64_t find_seen(struct world *world, struct gb_guid id, enum gb_cloud_type type)
{
	int64_t no = 99;

	OK(gb_state_cloud_find_seen(world->state, &id, type, &no, &err));
	return no;
}

static void who_was_seen_in_this_read_is_known_by_id(void **state)
{
	struct world *world = *state;
	struct gb_guid id = guid_of('c', 1);
	int64_t person = put_person(world, 1);
	int64_t group = put_group(world, 1);

	begin(world, GB_FULL_CLOUD_PEOPLE);
	begin(world, GB_FULL_CLOUD_GROUPS);
	assert_int_equal(find_seen(world, id, GB_CLOUD_USER), 0);
	assert_int_equal(find_seen(world, guid_of('g', 1), GB_CLOUD_GROUP), 0);
	put_person(world, 1);
	put_group(world, 1);
	assert_int_equal(find_seen(world, id, GB_CLOUD_USER), person);
	assert_int_equal(find_seen(world, guid_of('g', 1), GB_CLOUD_GROUP), group);
	assert_int_equal(find_seen(world, id, GB_CLOUD_DEVICE), 0);
	assert_int_equal(find_seen(world, guid_of('c', 2), GB_CLOUD_USER), 0);
	finish(world, GB_FULL_CLOUD_PEOPLE);
	assert_int_equal(find_seen(world, id, GB_CLOUD_USER), person);
	OK(gb_state_cloud_remove(world->state, &id, GB_REMOVED_CHANGED, NULL, &err));
	assert_int_equal(find_seen(world, id, GB_CLOUD_USER), 0);
}

static void who_cannot_be_read_is_not_known_by_id(void **state)
{
	struct world *world = *state;
	struct gb_cloud_member silent = {.id = guid_of('c', 2),
					 .type = GB_CLOUD_USER,
					 .readable = true,
					 .on_premises_sync_enabled = GB_UNKNOWN};
	struct gb_cloud_member person = person_of(1);

	begin(world, GB_FULL_CLOUD_PEOPLE);
	put_person(world, 1);
	person.readable = false;
	OK(gb_state_cloud_put_member(world->state, &person, NULL, NULL, NULL, &err));
	assert_int_equal(find_seen(world, person.id, GB_CLOUD_USER), 0);
	OK(gb_state_cloud_put_member(world->state, &silent, NULL, NULL, NULL, &err));
	assert_int_equal(find_seen(world, silent.id, GB_CLOUD_USER), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(soft_deleted_is_not_gone),
		IN_WORLD(written_groups_that_the_list_did_not_name_are_told),
		IN_WORLD(without_the_list_of_deleted_groups_none_is_called_gone),
		IN_WORLD(what_a_list_does_not_name_is_gone),
		IN_WORLD(an_unfinished_list_sweeps_nothing),
		IN_WORLD(a_list_goes_on_after_a_restart),
		IN_WORLD(what_was_not_begun_cannot_end),
		IN_WORLD(people_who_left_are_due_and_devices_stay),
		IN_WORLD(a_written_group_that_left_the_container_becomes_a_slot),
		IN_WORLD(people_who_are_out_of_sight_stay_as_stubs_where_groups_list_them),
		IN_WORLD(sizes_are_what_counting_would_give),
		IN_WORLD(the_backlog_is_what_is_left_to_do),
		IN_WORLD(who_was_seen_in_this_read_is_known_by_id),
		IN_WORLD(who_cannot_be_read_is_not_known_by_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
