/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/state: the cloud space. */
#include "config.h"

#include "tests/unit/state/world.h"

static struct gb_state_cloud_group *read_group(struct world *world, int64_t no)
{
	struct gb_state_cloud_group *row = NULL;

	OK(gb_state_cloud_read_group(world, world->state, no, &row, &err));
	return row;
}

static struct gb_state_cloud_member *read_member(struct world *world, int64_t no)
{
	struct gb_state_cloud_member *row = NULL;

	OK(gb_state_cloud_read_member(world, world->state, no, &row, &err));
	return row;
}

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

static void a_group_comes_back_as_it_was_put(void **state)
{
	struct world *world = *state;
	struct gb_cloud_group group = {.id = guid_of('g', 1),
				       .present = GB_GROUP_HAS_ALL,
				       .display_name = "Häuser & <Söhne>",
				       .description = "",
				       .mail = "a@example.com",
				       .mail_nickname = "a",
				       .unified = true,
				       .dynamic = true,
				       .security_enabled = GB_NO,
				       .mail_enabled = GB_YES,
				       .on_premises_sync_enabled = GB_NO,
				       .on_premises_sid = sid_of(7),
				       .is_assignable_to_role = GB_YES,
				       .hidden_membership = true,
				       .writeback_enabled = GB_UNKNOWN,
				       .writeback_type = GB_WRITEBACK_UNIVERSAL_SECURITY};
	struct gb_state_cloud_group *row;
	bool changed = false;
	int64_t no = 0;

	OK(gb_state_cloud_put_group(world->state, &group, false, &no, &changed, &err));
	assert_true(changed);
	OK(gb_state_commit(world->state, &err));
	world_reopen(world);
	row = read_group(world, no);
	assert_int_equal(row->no, no);
	assert_int_equal(gb_guid_compare(&row->group.id, &group.id), 0);
	assert_int_equal(row->group.present, GB_GROUP_HAS_ALL);
	assert_string_equal(row->group.display_name, group.display_name);
	assert_string_equal(row->group.description, "");
	assert_string_equal(row->group.mail, group.mail);
	assert_string_equal(row->group.mail_nickname, "a");
	assert_true(row->group.unified);
	assert_true(row->group.dynamic);
	assert_int_equal(row->group.security_enabled, GB_NO);
	assert_int_equal(row->group.mail_enabled, GB_YES);
	assert_int_equal(row->group.on_premises_sync_enabled, GB_NO);
	assert_true(gb_sid_equal(&row->group.on_premises_sid, &group.on_premises_sid));
	assert_int_equal(row->group.is_assignable_to_role, GB_YES);
	assert_true(row->group.hidden_membership);
	assert_int_equal(row->group.writeback_enabled, GB_UNKNOWN);
	assert_int_equal(row->group.writeback_type, GB_WRITEBACK_UNIVERSAL_SECURITY);
	assert_int_equal(row->life, GB_LIFE_LIVE);
	assert_true(row->life_since_ms > 0);
	assert_false(row->members_known);
	assert_int_equal(row->object_no, 0);
	assert_int_equal(row->match_code, 0);
}

static void a_replayed_record_changes_nothing(void **state)
{
	struct world *world = *state;
	struct gb_cloud_group group = group_of(1);
	bool changed = true;
	int64_t no = put_group(world, 1);
	int64_t again = 0;

	clear_all(world);
	OK(gb_state_cloud_put_group(world->state, &group, false, &again, &changed, &err));
	assert_int_equal(again, no);
	assert_false(changed);
	assert_int_equal(dirty_of(world, no, 0), 0);
}

static void absent_properties_stay_and_null_ones_go(void **state)
{
	struct world *world = *state;
	struct gb_cloud_group patch = {.id = guid_of('g', 1),
				       .present = GB_GROUP_HAS_DESCRIPTION | GB_GROUP_HAS_SID};
	struct gb_cloud_group group = group_of(1);
	struct gb_state_cloud_group *row;
	int64_t no;

	group.description = "old";
	group.on_premises_sid = sid_of(3);
	OK(gb_state_cloud_put_group(world->state, &group, false, &no, NULL, &err));
	OK(gb_state_cloud_put_group(world->state, &patch, false, NULL, NULL, &err));
	row = read_group(world, no);
	assert_null(row->group.description);
	assert_true(gb_sid_is_none(&row->group.on_premises_sid));
	assert_string_equal(row->group.display_name, "Group");
	assert_int_equal(row->group.security_enabled, GB_YES);
	assert_int_equal(row->group.writeback_enabled, GB_YES);
	assert_int_equal(row->group.present, GB_GROUP_HAS_ALL);
}

static void what_was_never_there_is_unknown(void **state)
{
	struct world *world = *state;
	struct gb_cloud_group patch = {.id = guid_of('g', 1),
				       .present = GB_GROUP_HAS_DISPLAY_NAME,
				       .display_name = "only a name"};
	struct gb_state_cloud_group *row;
	int64_t no;

	OK(gb_state_cloud_put_group(world->state, &patch, false, &no, NULL, &err));
	row = read_group(world, no);
	assert_int_equal(row->group.present, GB_GROUP_HAS_DISPLAY_NAME);
	assert_int_equal(row->group.security_enabled, GB_UNKNOWN);
	assert_int_equal(row->group.writeback_enabled, GB_UNKNOWN);
	assert_int_equal(dirty_of(world, no, 0), GB_DIRTY_ALL);
}

static void a_whole_record_knows_what_it_carries_and_no_more(void **state)
{
	struct world *world = *state;
	struct gb_cloud_group group = group_of(1);
	struct gb_cloud_group refused = {.id = guid_of('g', 1)};
	struct gb_state_cloud_group *row;
	bool changed = false;
	int64_t no;

	group.description = "old";
	OK(gb_state_cloud_put_group(world->state, &group, true, &no, NULL, &err));
	clear_all(world);
	group.present &= ~(unsigned)(GB_GROUP_HAS_WRITEBACK | GB_GROUP_HAS_DESCRIPTION);
	OK(gb_state_cloud_put_group(world->state, &group, true, NULL, &changed, &err));
	row = read_group(world, no);
	assert_true(changed);
	assert_int_equal(row->group.present, group.present);
	assert_int_equal(row->group.writeback_enabled, GB_UNKNOWN);
	assert_null(row->group.description);
	assert_int_equal(dirty_of(world, no, 0), GB_DIRTY_ALL);
	clear_all(world);
	OK(gb_state_cloud_put_group(world->state, &refused, true, NULL, &changed, &err));
	assert_false(changed);
	assert_int_equal(read_group(world, no)->group.present, group.present);
}

static void a_refused_record_of_an_unknown_group_makes_it_known(void **state)
{
	struct world *world = *state;
	struct gb_cloud_group refused = {.id = guid_of('g', 1)};
	struct gb_state_cloud_group *row;
	bool changed = false;
	int64_t no;

	OK(gb_state_cloud_put_group(world->state, &refused, true, &no, &changed, &err));
	assert_true(changed);
	row = read_group(world, no);
	assert_int_equal(row->group.present, 0);
	assert_int_equal(row->life, GB_LIFE_LIVE);
	assert_int_equal(dirty_of(world, no, 0), GB_DIRTY_ALL);
	clear_all(world);
	OK(gb_state_cloud_put_group(world->state, &refused, true, NULL, &changed, &err));
	assert_false(changed);
}

static void each_property_dirties_what_it_touches(void **state)
{
	static const struct {
		unsigned present;
		unsigned dirty;
	} cases[] = {
		{GB_GROUP_HAS_DISPLAY_NAME, GB_DIRTY_ATTRIBUTES},
		{GB_GROUP_HAS_DESCRIPTION, GB_DIRTY_ATTRIBUTES},
		{GB_GROUP_HAS_MAIL, GB_DIRTY_ATTRIBUTES},
		{GB_GROUP_HAS_MAIL_NICKNAME, GB_DIRTY_ATTRIBUTES},
		{GB_GROUP_HAS_GROUP_TYPES, GB_DIRTY_ALL},
		{GB_GROUP_HAS_SECURITY_ENABLED, GB_DIRTY_ALL},
		{GB_GROUP_HAS_MAIL_ENABLED, GB_DIRTY_ALL},
		{GB_GROUP_HAS_ON_PREMISES, GB_DIRTY_ALL},
		{GB_GROUP_HAS_SID, GB_DIRTY_ALL},
		{GB_GROUP_HAS_ROLE, GB_DIRTY_ALL},
		{GB_GROUP_HAS_VISIBILITY, GB_DIRTY_ALL},
		{GB_GROUP_HAS_WRITEBACK, GB_DIRTY_ALL},
	};
	struct world *world = *state;
	int64_t no = put_group(world, 1);

	for (size_t i = 0; i < GB_ARRAY_SIZE(cases); i++) {
		struct gb_cloud_group patch = {.id = guid_of('g', 1),
					       .present = cases[i].present,
					       .display_name = "new",
					       .description = "new",
					       .mail = "new",
					       .mail_nickname = "new",
					       .unified = true,
					       .security_enabled = GB_NO,
					       .mail_enabled = GB_YES,
					       .on_premises_sync_enabled = GB_YES,
					       .on_premises_sid = sid_of(9),
					       .is_assignable_to_role = GB_YES,
					       .hidden_membership = true,
					       .writeback_enabled = GB_NO,
					       .writeback_type = GB_WRITEBACK_TYPE_OTHER};
		bool changed = false;

		clear_all(world);
		OK(gb_state_cloud_put_group(world->state, &patch, false, NULL, &changed, &err));
		assert_true(changed);
		assert_int_equal(dirty_of(world, no, 0), cases[i].dirty);
	}
}

static void a_removed_group_can_come_back(void **state)
{
	struct world *world = *state;
	struct gb_guid id = guid_of('g', 1);
	struct gb_guid unknown = guid_of('g', 99);
	int64_t no = put_group(world, 1);
	int64_t removed = 0;

	clear_all(world);
	OK(gb_state_cloud_remove(world->state, &id, GB_REMOVED_CHANGED, &removed, &err));
	assert_int_equal(removed, no);
	assert_int_equal(read_group(world, no)->life, GB_LIFE_SOFT_DELETED);
	assert_int_equal(dirty_of(world, no, 0), GB_DIRTY_ALL);
	clear_all(world);
	OK(gb_state_cloud_remove(world->state, &id, GB_REMOVED_CHANGED, NULL, &err));
	assert_int_equal(dirty_of(world, no, 0), 0);
	OK(gb_state_cloud_remove(world->state, &id, GB_REMOVED_DELETED, NULL, &err));
	assert_int_equal(read_group(world, no)->life, GB_LIFE_GONE);
	OK(gb_state_cloud_remove(world->state, &unknown, GB_REMOVED_DELETED, &removed, &err));
	assert_int_equal(removed, 0);
	clear_all(world);
	assert_int_equal(put_group(world, 1), no);
	assert_int_equal(read_group(world, no)->life, GB_LIFE_LIVE);
	assert_int_equal(dirty_of(world, no, 0), GB_DIRTY_ALL);
}

static void a_member_comes_back_as_it_was_put(void **state)
{
	struct world *world = *state;
	struct gb_cloud_member member = person_of(1);
	struct gb_state_cloud_member *row;
	int64_t no;

	member.on_premises_dn = "CN=Bär,OU=Zoo,DC=example,DC=com";
	member.display_name = "Bär";
	OK(gb_state_cloud_put_member(world->state, &member, "cn=bär,ou=zoo,dc=example,dc=com", &no,
				     NULL, &err));
	row = read_member(world, no);
	assert_int_equal(row->member.type, GB_CLOUD_USER);
	assert_true(row->member.readable);
	assert_int_equal(row->member.on_premises_sync_enabled, GB_YES);
	assert_true(gb_sid_equal(&row->member.sid, &member.sid));
	assert_int_equal(gb_guid_compare(&row->member.immutable_id, &member.immutable_id), 0);
	assert_string_equal(row->member.on_premises_dn, member.on_premises_dn);
	assert_string_equal(row->on_premises_dn_key, "cn=bär,ou=zoo,dc=example,dc=com");
	assert_string_equal(row->member.display_name, "Bär");
}

static void the_key_of_a_dn_may_be_anything(void **state)
{
	static const struct {
		const char *dn;
		const char *key;
	} cases[] = {
		{"CN=A,DC=x", "cn=a,dc=x"}, {"CN=A, DC=x", "cn=a,dc=x"}, {"CN=A,DC=x", "CN=A,DC=x"},
		{"CN=Ä,DC=x", "cn=ä,dc=x"}, {"CN=A,DC=x", NULL},         {NULL, NULL},
	};
	struct world *world = *state;

	for (size_t i = 0; i < GB_ARRAY_SIZE(cases); i++) {
		struct gb_cloud_member member = person_of(1);
		struct gb_state_cloud_member *row;
		bool changed = true;
		int64_t no;

		member.on_premises_dn = cases[i].dn;
		OK(gb_state_cloud_put_member(world->state, &member, cases[i].key, &no, NULL, &err));
		row = read_member(world, no);
		if (cases[i].key) {
			assert_string_equal(row->on_premises_dn_key, cases[i].key);
		} else {
			assert_null(row->on_premises_dn_key);
		}
		OK(gb_state_cloud_put_member(world->state, &member, cases[i].key, &no, &changed,
					     &err));
		assert_false(changed);
	}
}

static void only_changed_keys_make_a_member_due(void **state)
{
	struct world *world = *state;
	struct gb_cloud_member member = person_of(1);
	bool changed;
	int64_t no = put_person(world, 1);

	assert_true(is_due(world, no));
	match(world, no, 0, CODE_NOT_FOUND);
	assert_false(is_due(world, no));
	OK(gb_state_cloud_put_member(world->state, &member, NULL, NULL, &changed, &err));
	assert_false(changed);
	assert_false(is_due(world, no));
	member.display_name = "Renamed";
	OK(gb_state_cloud_put_member(world->state, &member, NULL, NULL, &changed, &err));
	assert_true(changed);
	assert_false(is_due(world, no));
	member.sid = sid_of(2);
	OK(gb_state_cloud_put_member(world->state, &member, NULL, NULL, &changed, &err));
	assert_true(changed);
	assert_true(is_due(world, no));
}

static void an_unreadable_record_keeps_what_is_known(void **state)
{
	struct world *world = *state;
	struct gb_cloud_member stub = {.id = guid_of('c', 1), .type = GB_CLOUD_USER};
	struct gb_cloud_member member = person_of(1);
	int64_t no = put_person(world, 1);
	struct gb_state_cloud_member *row;

	OK(gb_state_cloud_put_member(world->state, &stub, NULL, NULL, NULL, &err));
	row = read_member(world, no);
	assert_false(row->member.readable);
	assert_true(gb_sid_equal(&row->member.sid, &member.sid));
	assert_string_equal(row->member.display_name, "Somebody");
}

static void a_patch_takes_what_it_carries(void **state)
{
	struct world *world = *state;
	struct gb_cloud_member patch = {
		.id = guid_of('c', 1), .type = GB_CLOUD_USER, .readable = true, .sid = sid_of(77)};
	struct gb_cloud_member stranger = person_of(5);
	struct gb_state_cloud_member *row;
	int64_t no = put_person(world, 1);
	int64_t patched = 0;

	match(world, no, 0, CODE_NOT_FOUND);
	OK(gb_state_cloud_update_member(world->state, &patch, GB_PERSON_HAS_SID, NULL, &patched,
					&err));
	assert_int_equal(patched, no);
	row = read_member(world, no);
	assert_true(gb_sid_equal(&row->member.sid, &patch.sid));
	assert_int_equal(row->member.on_premises_sync_enabled, GB_YES);
	assert_string_equal(row->member.display_name, "Somebody");
	assert_true(is_due(world, no));
	OK(gb_state_cloud_update_member(world->state, &stranger, GB_PERSON_HAS_ALL, NULL, &patched,
					&err));
	assert_int_equal(patched, 0);
}

static void a_stub_waits_for_its_record(void **state)
{
	struct world *world = *state;
	struct gb_guid id = guid_of('c', 1);
	int64_t no = 0;
	int64_t again = 0;

	OK(gb_state_cloud_put_stub(world->state, &id, GB_CLOUD_USER, &no, &err));
	assert_false(read_member(world, no)->member.readable);
	assert_true(is_due(world, no));
	match(world, no, 0, CODE_NOT_FOUND);
	assert_int_equal(put_person(world, 1), no);
	assert_true(read_member(world, no)->member.readable);
	assert_true(is_due(world, no));
	OK(gb_state_cloud_put_stub(world->state, &id, GB_CLOUD_USER, &again, &err));
	assert_int_equal(again, no);
	assert_true(read_member(world, no)->member.readable);
}

static void a_listed_group_is_not_described_by_member_lists(void **state)
{
	struct world *world = *state;
	struct gb_cloud_member nested = {
		.id = guid_of('g', 1), .type = GB_CLOUD_GROUP, .readable = true};
	struct gb_cloud_group group = group_of(1);
	int64_t no = 0;
	bool changed = true;

	/* Seen as a member first, listed later. */
	OK(gb_state_cloud_put_member(world->state, &nested, NULL, &no, NULL, &err));
	REFUSED(gb_state_cloud_read_group(world, world->state, no,
					  &(struct gb_state_cloud_group *){0}, &err),
		GB_E_NOT_FOUND, "state-no-group");
	group.on_premises_sid = sid_of(5);
	OK(gb_state_cloud_put_group(world->state, &group, false, NULL, NULL, &err));
	assert_true(gb_sid_equal(&read_member(world, no)->member.sid, &group.on_premises_sid));
	OK(gb_state_cloud_put_member(world->state, &nested, NULL, NULL, &changed, &err));
	assert_false(changed);
	assert_string_equal(read_group(world, no)->group.display_name, "Group");
	assert_true(gb_sid_equal(&read_member(world, no)->member.sid, &group.on_premises_sid));
}

static void links_dirty_only_themselves(void **state)
{
	struct world *world = *state;
	int64_t group = put_group(world, 1);
	int64_t person = put_person(world, 1);
	bool changed;

	clear_all(world);
	OK(gb_state_cloud_link(world->state, group, person, &changed, &err));
	assert_true(changed);
	assert_int_equal(dirty_of(world, group, 0), GB_DIRTY_LINKS);
	clear_all(world);
	OK(gb_state_cloud_link(world->state, group, person, &changed, &err));
	assert_false(changed);
	assert_int_equal(dirty_of(world, group, 0), 0);
	OK(gb_state_cloud_unlink(world->state, group, person, &changed, &err));
	assert_true(changed);
	assert_int_equal(dirty_of(world, group, 0), GB_DIRTY_LINKS);
	OK(gb_state_cloud_unlink(world->state, group, person, &changed, &err));
	assert_false(changed);
	REFUSED(gb_state_cloud_link(world->state, 4711, person, &changed, &err), GB_E_NOT_FOUND,
		"state-no-group");
}

static void a_listed_group_never_becomes_a_person(void **state)
{
	struct world *world = *state;
	int64_t no = put_group(world, 1);
	struct gb_cloud_member member = person_of(1);
	struct gb_state_cloud_member *row;
	int64_t same = 0;

	member.id = guid_of('g', 1);
	member.display_name = "x";
	OK(gb_state_cloud_put_member(world->state, &member, NULL, &same, NULL, &err));
	assert_int_equal(same, no);
	row = read_member(world, no);
	assert_int_equal(row->member.type, GB_CLOUD_GROUP);
	assert_true(gb_sid_is_none(&row->member.sid));
}

static void numbers_are_found_by_id(void **state)
{
	struct world *world = *state;
	struct gb_guid id = guid_of('c', 1);
	int64_t no = put_person(world, 1);
	int64_t found = 0;

	OK(gb_state_cloud_find(world->state, &id, &found, &err));
	assert_int_equal(found, no);
	id = guid_of('c', 2);
	OK(gb_state_cloud_find(world->state, &id, &found, &err));
	assert_int_equal(found, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(a_group_comes_back_as_it_was_put),
		IN_WORLD(a_replayed_record_changes_nothing),
		IN_WORLD(absent_properties_stay_and_null_ones_go),
		IN_WORLD(what_was_never_there_is_unknown),
		IN_WORLD(a_whole_record_knows_what_it_carries_and_no_more),
		IN_WORLD(a_refused_record_of_an_unknown_group_makes_it_known),
		IN_WORLD(each_property_dirties_what_it_touches),
		IN_WORLD(a_removed_group_can_come_back),
		IN_WORLD(a_member_comes_back_as_it_was_put),
		IN_WORLD(the_key_of_a_dn_may_be_anything),
		IN_WORLD(only_changed_keys_make_a_member_due),
		IN_WORLD(an_unreadable_record_keeps_what_is_known),
		IN_WORLD(a_patch_takes_what_it_carries),
		IN_WORLD(a_stub_waits_for_its_record),
		IN_WORLD(a_listed_group_is_not_described_by_member_lists),
		IN_WORLD(a_listed_group_never_becomes_a_person),
		IN_WORLD(links_dirty_only_themselves),
		IN_WORLD(numbers_are_found_by_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
