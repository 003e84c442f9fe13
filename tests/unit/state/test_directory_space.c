/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/state: the directory space and its slots. */
#include "config.h"

#include "tests/unit/state/world.h"

static struct gb_state_directory_object *read_object(struct world *world, int64_t no)
{
	struct gb_state_directory_object *row = NULL;

	OK(gb_state_directory_read(world, world->state, no, &row, &err));
	return row;
}

static size_t find(struct world *world, enum gb_state_key key, const void *value, int64_t *ret_no)
{
	int64_t nos[GB_STATE_MAX_CANDIDATES] = {0};
	size_t count = 99;

	OK(gb_state_directory_find(world->state, key, value, nos, &count, &err));
	*ret_no = nos[0];
	return count;
}

static void is_found(struct world *world, enum gb_state_key key, const void *value, int64_t no)
{
	int64_t found = 0;

	assert_int_equal(find(world, key, value, &found), 1);
	assert_int_equal(found, no);
}

static void is_not_found(struct world *world, enum gb_state_key key, const void *value)
{
	int64_t found = 0;

	assert_int_equal(find(world, key, value, &found), 0);
}

static void an_entry_comes_back_as_it_was_put(void **state)
{
	struct world *world = *state;
	struct gb_directory_object object = written_of(world, 1);
	struct gb_state_directory_object *row;
	struct gb_guid id = guid_of('g', 1);
	bool changed = false;
	int64_t no = 0;

	object.consistency_guid = guid_of('k', 1);
	object.description = "What it is for";
	object.external_directory_id = object.admin_description;
	object.is_protected = true;
	OK(gb_state_directory_put(world->state, &object, &no, &changed, &err));
	assert_true(changed);
	OK(gb_state_commit(world->state, &err));
	world_reopen(world);
	row = read_object(world, no);
	assert_int_equal(row->presence, GB_PRESENCE_READ);
	assert_int_equal(gb_guid_compare(&row->object.guid, &object.guid), 0);
	assert_true(gb_sid_equal(&row->object.sid, &object.sid));
	assert_int_equal(gb_guid_compare(&row->object.consistency_guid, &object.consistency_guid),
			 0);
	assert_int_equal(row->object.object_class, GB_CLASS_GROUP);
	assert_string_equal(row->object.dn, object.dn);
	assert_string_equal(row->object.dn_key, object.dn_key);
	assert_string_equal(row->object.sam_account_name, object.sam_account_name);
	assert_true(row->object.in_container);
	assert_int_equal(row->object.group_type, object.group_type);
	assert_string_equal(row->object.cn, object.cn);
	assert_string_equal(row->object.display_name, "Group");
	assert_string_equal(row->object.description, "What it is for");
	assert_string_equal(row->object.admin_description, object.admin_description);
	assert_string_equal(row->object.external_directory_id, object.admin_description);
	assert_true(row->object.is_protected);
	assert_int_equal(row->object.usn_changed, 1001);
	assert_true(row->is_ours);
	assert_int_equal(gb_guid_compare(&row->cloud_id, &id), 0);
	assert_false(row->members_known);
	assert_int_equal(row->cloud_no, 0);
	OK(gb_state_directory_put(world->state, &object, NULL, &changed, &err));
	assert_false(changed);
}

static void only_groups_with_an_anchor_in_the_container_are_ours(void **state)
{
	struct world *world = *state;
	struct gb_directory_object object = written_of(world, 1);
	const char *anchor = object.admin_description;
	int64_t no = 0;

	OK(gb_state_directory_put(world->state, &object, &no, NULL, &err));
	assert_true(read_object(world, no)->is_ours);
	object.admin_description = "Group_not-a-guid";
	OK(gb_state_directory_put(world->state, &object, &no, NULL, &err));
	assert_false(read_object(world, no)->is_ours);
	object.external_directory_id = anchor;
	OK(gb_state_directory_put(world->state, &object, &no, NULL, &err));
	assert_true(read_object(world, no)->is_ours);
	object.in_container = false;
	OK(gb_state_directory_put(world->state, &object, &no, NULL, &err));
	assert_false(read_object(world, no)->is_ours);
	object.in_container = true;
	object.object_class = GB_CLASS_USER;
	OK(gb_state_directory_put(world->state, &object, &no, NULL, &err));
	assert_false(read_object(world, no)->is_ours);
}

static void entries_are_found_by_every_key(void **state)
{
	struct world *world = *state;
	struct gb_directory_object object = account_of(world, 1);
	struct gb_guid id = guid_of('g', 2);
	int64_t no = 0;
	int64_t group;

	put_account(world, 2);
	object.consistency_guid = guid_of('k', 1);
	OK(gb_state_directory_put(world->state, &object, &no, NULL, &err));
	group = put_written(world, 2);
	is_found(world, GB_STATE_KEY_GUID, &object.guid, no);
	is_found(world, GB_STATE_KEY_SID, &object.sid, no);
	is_found(world, GB_STATE_KEY_CONSISTENCY_GUID, &object.consistency_guid, no);
	is_found(world, GB_STATE_KEY_DN, object.dn_key, no);
	is_found(world, GB_STATE_KEY_SAM_ACCOUNT_NAME, "ACCOUNT1", no);
	is_found(world, GB_STATE_KEY_CLOUD_ID, &id, group);
	is_not_found(world, GB_STATE_KEY_GUID, &object.consistency_guid);
	is_not_found(world, GB_STATE_KEY_DN, "cn=account 11,ou=people,dc=example,dc=com");
	is_not_found(world, GB_STATE_KEY_SAM_ACCOUNT_NAME, "account11");
}

static void a_changed_key_is_not_found_any_more(void **state)
{
	struct world *world = *state;
	struct gb_directory_object old = account_of(world, 1);
	struct gb_directory_object new = account_of(world, 2);
	int64_t no = put_account(world, 1);

	new.guid = old.guid;
	OK(gb_state_directory_put(world->state, &new, NULL, NULL, &err));
	is_not_found(world, GB_STATE_KEY_SID, &old.sid);
	is_not_found(world, GB_STATE_KEY_DN, old.dn_key);
	is_not_found(world, GB_STATE_KEY_SAM_ACCOUNT_NAME, old.sam_account_name);
	is_found(world, GB_STATE_KEY_SID, &new.sid, no);
	is_found(world, GB_STATE_KEY_DN, new.dn_key, no);
	is_found(world, GB_STATE_KEY_SAM_ACCOUNT_NAME, new.sam_account_name, no);
}

static void several_with_one_key_are_all_named(void **state)
{
	struct world *world = *state;
	struct gb_guid same = guid_of('k', 1);
	int64_t nos[GB_STATE_MAX_CANDIDATES];
	int64_t last = 0;
	size_t count = 0;

	for (uint32_t i = 1; i <= GB_STATE_MAX_CANDIDATES + 2; i++) {
		struct gb_directory_object object = account_of(world, i);

		object.consistency_guid = same;
		OK(gb_state_directory_put(world->state, &object, NULL, NULL, &err));
	}
	OK(gb_state_directory_find(world->state, GB_STATE_KEY_CONSISTENCY_GUID, &same, nos, &count,
				   &err));
	assert_int_equal(count, GB_STATE_MAX_CANDIDATES);
	for (size_t i = 0; i < count; i++) {
		assert_true(nos[i] > last);
		last = nos[i];
	}
}

static void a_dn_belongs_to_who_was_read_last(void **state)
{
	struct world *world = *state;
	struct gb_directory_object first = account_of(world, 1);
	struct gb_directory_object second = account_of(world, 2);
	int64_t first_no = put_account(world, 1);
	int64_t second_no = 0;

	second.dn = first.dn;
	second.dn_key = first.dn_key;
	OK(gb_state_directory_put(world->state, &second, &second_no, NULL, &err));
	is_found(world, GB_STATE_KEY_DN, first.dn_key, second_no);
	assert_null(read_object(world, first_no)->object.dn_key);
	/* The first one is read again at its new place. */
	first = account_of(world, 3);
	first.guid = guid_of('a', 1);
	OK(gb_state_directory_put(world->state, &first, NULL, NULL, &err));
	is_found(world, GB_STATE_KEY_DN, first.dn_key, first_no);
}

static void a_stub_becomes_who_it_is(void **state)
{
	struct world *world = *state;
	struct gb_directory_object by_sid = account_of(world, 1);
	struct gb_directory_object by_dn = account_of(world, 2);
	struct gb_state_ref ref = {.sid = by_sid.sid};
	int64_t first = 0;
	int64_t second = 0;
	int64_t no = 0;

	OK(gb_state_directory_put_stub(world->state, &ref, NULL, &first, &err));
	assert_int_equal(read_object(world, first)->presence, GB_PRESENCE_STUB);
	ref = (struct gb_state_ref){.dn = by_dn.dn};
	OK(gb_state_directory_put_stub(world->state, &ref, by_dn.dn_key, &second, &err));
	assert_int_not_equal(first, second);
	OK(gb_state_directory_put_stub(world->state, &ref, by_dn.dn_key, &no, &err));
	assert_int_equal(no, second);
	assert_int_equal(put_account(world, 1), first);
	assert_int_equal(put_account(world, 2), second);
	assert_int_equal(read_object(world, first)->presence, GB_PRESENCE_READ);
	OK(gb_state_directory_put_stub(world->state, &ref, by_dn.dn_key, &no, &err));
	assert_int_equal(no, second);
	assert_int_equal(read_object(world, second)->presence, GB_PRESENCE_READ);
}

static void somebody_with_the_same_sid_but_another_guid_is_another(void **state)
{
	struct world *world = *state;
	struct gb_directory_object twin = account_of(world, 2);
	int64_t first = put_account(world, 1);
	int64_t second = 0;

	twin.sid = sid_of(1);
	OK(gb_state_directory_put(world->state, &twin, &second, NULL, &err));
	assert_int_not_equal(first, second);
}

static void a_slot_waits_for_its_group(void **state)
{
	struct world *world = *state;
	int64_t group = put_group(world, 1);
	int64_t no = slot(world, group);
	struct gb_state_directory_object *row = read_object(world, no);
	struct gb_guid id = guid_of('g', 1);

	assert_int_equal(row->presence, GB_PRESENCE_SLOT);
	assert_true(gb_guid_is_none(&row->object.guid));
	assert_int_equal(gb_guid_compare(&row->cloud_id, &id), 0);
	assert_int_equal(row->cloud_no, group);
	assert_false(row->is_ours);
	assert_int_equal(slot(world, group), no);
	is_found(world, GB_STATE_KEY_CLOUD_ID, &id, no);
	/* Created, and the engine stopped before it knew. */
	assert_int_equal(put_written(world, 1), no);
	row = read_object(world, no);
	assert_int_equal(row->presence, GB_PRESENCE_READ);
	assert_true(row->is_ours);
	assert_int_equal(row->cloud_no, group);
	assert_int_equal(dirty_of(world, group, no), GB_DIRTY_ALL);
}

static void a_group_that_carries_the_anchor_is_taken(void **state)
{
	struct world *world = *state;
	int64_t written = put_written(world, 1);
	int64_t group = put_group(world, 1);

	assert_int_equal(slot(world, group), written);
	assert_int_equal(read_object(world, written)->cloud_no, group);
}

static void twins_get_no_slot(void **state)
{
	struct world *world = *state;
	struct gb_directory_object twin = written_of(world, 2);
	int64_t group = put_group(world, 1);
	struct gb_state_cloud_group *row = NULL;
	int64_t no = 4711;

	put_written(world, 1);
	twin.admin_description = written_of(world, 1).admin_description;
	OK(gb_state_directory_put(world->state, &twin, NULL, NULL, &err));
	REFUSED(gb_state_slot_get(world->state, group, CODE_WRITTEN, &no, &err), GB_E_CONSTRAINT,
		"anchor-twice");
	assert_int_equal(no, 4711);
	OK(gb_state_cloud_read_group(world, world->state, group, &row, &err));
	assert_int_equal(row->object_no, 0);
}

static void changes_by_hand_dirty_what_they_touch(void **state)
{
	struct world *world = *state;
	struct gb_directory_object object = written_of(world, 1);
	int64_t group = put_group(world, 1);
	int64_t written = put_written(world, 1);

	slot(world, group);
	clear_all(world);
	object.usn_changed++;
	OK(gb_state_directory_put(world->state, &object, NULL, NULL, &err));
	assert_int_equal(dirty_of(world, group, written), 0);
	assert_int_equal(read_object(world, written)->object.usn_changed, object.usn_changed);
	object.description = "by hand";
	OK(gb_state_directory_put(world->state, &object, NULL, NULL, &err));
	assert_int_equal(dirty_of(world, group, written), GB_DIRTY_ATTRIBUTES | GB_DIRTY_DRIFT);
	clear_all(world);
	object.group_type = GB_GROUP_TYPE_UNIVERSAL;
	OK(gb_state_directory_put(world->state, &object, NULL, NULL, &err));
	assert_int_equal(dirty_of(world, group, written), GB_DIRTY_ALL | GB_DIRTY_DRIFT);
	clear_all(world);
	object.admin_description = NULL;
	OK(gb_state_directory_put(world->state, &object, NULL, NULL, &err));
	assert_int_equal(dirty_of(world, group, written), GB_DIRTY_ALL | GB_DIRTY_DRIFT);
}

static void drift_of_a_link_dirties_the_link(void **state)
{
	struct world *world = *state;
	int64_t group = put_group(world, 1);
	int64_t written = put_written(world, 1);
	int64_t account = put_account(world, 1);
	bool changed = false;

	slot(world, group);
	clear_all(world);
	OK(gb_state_directory_link(world->state, written, account, &changed, &err));
	assert_true(changed);
	assert_int_equal(dirty_of(world, group, written), GB_DIRTY_LINKS);
	clear_all(world);
	OK(gb_state_directory_unlink(world->state, written, account, &changed, &err));
	assert_true(changed);
	assert_int_equal(dirty_of(world, group, written), GB_DIRTY_LINKS);
}

static void a_group_nobody_matches_is_dirty_itself(void **state)
{
	struct world *world = *state;
	int64_t written = put_written(world, 1);
	int64_t account = put_account(world, 1);

	assert_int_equal(dirty_of(world, 0, written), GB_DIRTY_ALL);
	clear_all(world);
	assert_int_equal(dirty_of(world, 0, written), 0);
	link_directory(world, written, account);
	assert_int_equal(dirty_of(world, 0, written), GB_DIRTY_LINKS);
}

static void a_person_who_is_gone_is_forgotten(void **state)
{
	struct world *world = *state;
	struct gb_state_directory_object *row = NULL;
	struct gb_state_cloud_member *member = NULL;
	struct gb_state_sizes sizes;
	int64_t group = put_group(world, 1);
	int64_t written = put_written(world, 1);
	int64_t account = put_account(world, 1);
	int64_t person = put_person(world, 1);

	slot(world, group);
	match(world, person, account, CODE_SID);
	link_cloud(world, group, person);
	link_directory(world, written, account);
	clear_all(world);
	OK(gb_state_directory_remove(world->state, account, &err));
	REFUSED(gb_state_directory_read(world, world->state, account, &row, &err), GB_E_NOT_FOUND,
		"state-no-object");
	OK(gb_state_cloud_read_member(world, world->state, person, &member, &err));
	assert_int_equal(member->object_no, 0);
	assert_int_equal(member->match_code, 0);
	assert_int_equal(dirty_of(world, group, written), GB_DIRTY_LINKS);
	gb_state_sizes(world->state, &sizes);
	assert_int_equal(sizes.directory_links, 0);
	assert_int_equal(sizes.directory_objects, 1);
	assert_int_equal(sizes.matched, 1);
	OK(gb_state_directory_remove(world->state, account, &err));
}

static void a_written_group_that_is_gone_becomes_a_slot(void **state)
{
	struct world *world = *state;
	int64_t group = put_group(world, 1);
	int64_t written = put_written(world, 1);
	int64_t account = put_account(world, 1);
	struct gb_state_directory_object *row;
	struct gb_state_group *pair = NULL;

	slot(world, group);
	link_directory(world, written, account);
	clear_all(world);
	OK(gb_state_directory_remove(world->state, written, &err));
	row = read_object(world, written);
	assert_int_equal(row->presence, GB_PRESENCE_SLOT);
	assert_int_equal(row->cloud_no, group);
	OK(gb_state_group_read(world, world->state, group, 0, &pair, &err));
	assert_int_equal(pair->dirty, GB_DIRTY_ALL | GB_DIRTY_DRIFT);
	assert_int_equal(pair->observed, 0);
	assert_int_equal(pair->object_no, written);
}

static void references_name_what_is_known(void **state)
{
	struct world *world = *state;
	struct gb_directory_object object = account_of(world, 1);
	int64_t no = put_account(world, 1);
	struct gb_state_ref ref = {0};

	OK(gb_state_directory_ref(world, world->state, no, &ref, &err));
	assert_int_equal(ref.no, no);
	assert_int_equal(gb_guid_compare(&ref.guid, &object.guid), 0);
	assert_true(gb_sid_equal(&ref.sid, &object.sid));
	assert_string_equal(ref.dn, object.dn);
	OK(gb_state_directory_ref(world, world->state, 4711, &ref, &err));
	assert_int_equal(ref.no, 0);
	assert_null(ref.dn);
}

static void names_of_others_are_taken(void **state)
{
	struct world *world = *state;
	int64_t no = put_account(world, 1);
	bool taken = true;

	OK(gb_state_name_taken(world->state, "Account1", no, &taken, &err));
	assert_false(taken);
	OK(gb_state_name_taken(world->state, "Account1", 0, &taken, &err));
	assert_true(taken);
	OK(gb_state_dn_taken(world->state, "cn=account 1,ou=people,dc=example,dc=com", no, &taken,
			     &err));
	assert_false(taken);
	OK(gb_state_dn_taken(world->state, "cn=account 1,ou=people,dc=example,dc=com", 99, &taken,
			     &err));
	assert_true(taken);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(an_entry_comes_back_as_it_was_put),
		IN_WORLD(only_groups_with_an_anchor_in_the_container_are_ours),
		IN_WORLD(entries_are_found_by_every_key),
		IN_WORLD(a_changed_key_is_not_found_any_more),
		IN_WORLD(several_with_one_key_are_all_named),
		IN_WORLD(a_dn_belongs_to_who_was_read_last),
		IN_WORLD(a_stub_becomes_who_it_is),
		IN_WORLD(somebody_with_the_same_sid_but_another_guid_is_another),
		IN_WORLD(a_slot_waits_for_its_group),
		IN_WORLD(a_group_that_carries_the_anchor_is_taken),
		IN_WORLD(twins_get_no_slot),
		IN_WORLD(changes_by_hand_dirty_what_they_touch),
		IN_WORLD(drift_of_a_link_dirties_the_link),
		IN_WORLD(a_group_nobody_matches_is_dirty_itself),
		IN_WORLD(a_person_who_is_gone_is_forgotten),
		IN_WORLD(a_written_group_that_is_gone_becomes_a_slot),
		IN_WORLD(references_name_what_is_known),
		IN_WORLD(names_of_others_are_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
