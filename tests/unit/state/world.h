/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A state in a folder of its own, and short ways to fill both spaces: objects are named by small
 * numbers, from which their GUIDs, SIDs and DNs follow. Include it last.
 */
#ifndef GB_TESTS_UNIT_STATE_WORLD_H
#define GB_TESTS_UNIT_STATE_WORLD_H

#include "engine/state/cloud_space.h"
#include "engine/state/cursors.h"
#include "engine/state/directory_space.h"
#include "engine/state/dirty.h"
#include "engine/state/full_read.h"
#include "engine/state/journal.h"
#include "engine/state/matching.h"
#include "engine/state/runs.h"
#include "engine/state/state.h"
#include "engine/state/status.h"
#include "engine/state/streams.h"
#include "tests/unit/unit.h"

/** Match codes of these tests. */
enum {
	CODE_SID = 1,
	CODE_ANCHOR = 2,
	CODE_WRITTEN = 4,
	CODE_CLOUD_ONLY = 300,
	CODE_NOT_FOUND = 303
};

struct world {
	char *folder;
	char *path;
	struct gb_state *state;
};

/** Fail with the error's own words. */
static inline void expect_ok(enum gb_rc rc, const struct gb_err *err, const char *what, int line)
{
	if (rc != GB_OK) {
		fail_msg("line %d: %s: %s", line, what, gb_err_line(NULL, err));
	}
}

/** Call something whose last argument is &err, and expect GB_OK. */
#define OK(call)                                         \
	do {                                             \
		struct gb_err err = {0};                 \
		enum gb_rc ok_rc = call;                 \
		expect_ok(ok_rc, &err, #call, __LINE__); \
	} while (0)

/** … and expect this code and id. */
#define REFUSED(call, code, name)                  \
	do {                                       \
		struct gb_err err = {0};           \
		assert_int_equal(call, code);      \
		assert_string_equal(err.id, name); \
		assert_true(err.what[0] != '\0');  \
	} while (0)

static inline void world_open(struct world *world)
{
	OK(gb_state_open(world, world->path, GB_STATE_READ_WRITE, &world->state, &err));
}

static inline void world_close(struct world *world)
{
	OK(gb_state_close(world->state, &err));
	world->state = NULL;
}

static inline void world_reopen(struct world *world)
{
	world_close(world);
	world_open(world);
}

static inline int world_begin(void **state)
{
	struct world *world = gb_new(NULL, struct world);

	world->folder = unit_folder(world);
	world->path = gb_printf(world, "%s/state.db", world->folder);
	world_open(world);
	*state = world;
	return 0;
}

static inline int world_end(void **state)
{
	struct world *world = *state;

	TALLOC_FREE(world->state);
	talloc_free(world);
	return 0;
}

/** One test with a world of its own. */
#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, world_begin, world_end)

/** GUID number @number of a family (cloud 'c', directory 'd', source anchors 'a' …). */
static inline struct gb_guid guid_of(char family, uint32_t number)
{
	struct gb_guid guid = {{(uint8_t)(number * 2654435761u >> 24), (uint8_t)family}};

	/* The first byte scatters them, as real ones are. */
	memcpy(guid.bytes + 12, &(uint32_t){__builtin_bswap32(number)}, 4);
	return guid;
}

/** SID of account @number. */
static inline struct gb_sid sid_of(uint32_t number)
{
	struct gb_sid sid;
	char text[GB_SID_TEXT_BYTES];

	snprintf(text, sizeof(text), "S-1-5-21-1004336348-1177238915-682003330-%u", number);
	assert_true(gb_sid_parse(text, &sid));
	return sid;
}

/** A cloud person that is synced from on-premises account @number. */
static inline struct gb_cloud_member person_of(uint32_t number)
{
	return (struct gb_cloud_member){.id = guid_of('c', number),
					.type = GB_CLOUD_USER,
					.readable = true,
					.on_premises_sync_enabled = GB_YES,
					.sid = sid_of(number),
					.immutable_id = guid_of('a', number),
					.display_name = "Somebody"};
}

static inline int64_t put_person(struct world *world, uint32_t number)
{
	struct gb_cloud_member member = person_of(number);
	int64_t no = 0;

	OK(gb_state_cloud_put_member(world->state, &member, NULL, &no, NULL, &err));
	return no;
}

/** A security group that is enabled for writeback. */
static inline struct gb_cloud_group group_of(uint32_t number)
{
	return (struct gb_cloud_group){.id = guid_of('g', number),
				       .present = GB_GROUP_HAS_ALL,
				       .display_name = "Group",
				       .security_enabled = GB_YES,
				       .mail_enabled = GB_NO,
				       .on_premises_sync_enabled = GB_UNKNOWN,
				       .is_assignable_to_role = GB_NO,
				       .writeback_enabled = GB_YES};
}

static inline int64_t put_group(struct world *world, uint32_t number)
{
	struct gb_cloud_group group = group_of(number);
	int64_t no = 0;

	OK(gb_state_cloud_put_group(world->state, &group, false, &no, NULL, &err));
	return no;
}

/** A directory account that belongs to person_of(@number). Strings live below @ctx. */
static inline struct gb_directory_object account_of(const void *ctx, uint32_t number)
{
	return (struct gb_directory_object){
		.guid = guid_of('a', number),
		.sid = sid_of(number),
		.object_class = GB_CLASS_USER,
		.dn = gb_printf(ctx, "CN=Account %u,OU=People,DC=example,DC=com", number),
		.dn_key = gb_printf(ctx, "cn=account %u,ou=people,dc=example,dc=com", number),
		.sam_account_name = gb_printf(ctx, "account%u", number),
		.usn_changed = 1000 + number};
}

static inline int64_t put_account(struct world *world, uint32_t number)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_directory_object object = account_of(tmp, number);
	int64_t no = 0;

	OK(gb_state_directory_put(world->state, &object, &no, NULL, &err));
	talloc_free(tmp);
	return no;
}

/** The directory group that group_of(@number) is written to. Strings live below @ctx. */
static inline struct gb_directory_object written_of(const void *ctx, uint32_t number)
{
	struct gb_guid id = guid_of('g', number);
	char text[GB_GUID_TEXT_BYTES];

	gb_guid_format(&id, text);
	return (struct gb_directory_object){
		.guid = guid_of('w', number),
		.sid = sid_of(500000 + number),
		.object_class = GB_CLASS_GROUP,
		.dn = gb_printf(ctx, "CN=Group_%s,OU=Groups,DC=example,DC=com", text),
		.dn_key = gb_printf(ctx, "cn=group_%s,ou=groups,dc=example,dc=com", text),
		.sam_account_name = gb_printf(ctx, "Group_%u", number),
		.in_container = true,
		.group_type = GB_GROUP_TYPE_UNIVERSAL | GB_GROUP_TYPE_SECURITY,
		.cn = gb_printf(ctx, "Group_%s", text),
		.display_name = "Group",
		.admin_description = gb_printf(ctx, "Group_%s", text),
		.usn_changed = 1000 + number};
}

static inline int64_t put_written(struct world *world, uint32_t number)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_directory_object object = written_of(tmp, number);
	int64_t no = 0;

	OK(gb_state_directory_put(world->state, &object, &no, NULL, &err));
	talloc_free(tmp);
	return no;
}

static inline void match(struct world *world, int64_t cloud_no, int64_t object_no, int code)
{
	OK(gb_state_match_set(world->state, cloud_no, object_no, code, &err));
}

static inline void link_cloud(struct world *world, int64_t group_no, int64_t member_no)
{
	OK(gb_state_cloud_link(world->state, group_no, member_no, NULL, &err));
}

static inline void link_directory(struct world *world, int64_t group_no, int64_t member_no)
{
	OK(gb_state_directory_link(world->state, group_no, member_no, NULL, &err));
}

static inline int64_t slot(struct world *world, int64_t cloud_no)
{
	int64_t no = 0;

	OK(gb_state_slot_get(world->state, cloud_no, CODE_WRITTEN, &no, &err));
	return no;
}

/** Replace the members of a group by these @count numbers. */
static inline void set_members(struct gb_state_member_set *set, const int64_t *members,
			       size_t count)
{
	for (size_t i = 0; i < count; i++) {
		OK(gb_state_member_set_add(set, members[i], &err));
	}
	OK(gb_state_member_set_finish(set, NULL, NULL, &err));
}

/** Match everybody who is due by SID, as a caller would. */
static inline void match_due(struct world *world)
{
	struct gb_state_match_iter *iter = gb_state_match_begin(NULL, world->state, false);
	const struct gb_state_cloud_member *row = NULL;
	int64_t nos[GB_STATE_MAX_CANDIDATES];
	size_t count;

	for (;;) {
		OK(gb_state_match_next(iter, &row, &err));
		if (!row) {
			break;
		}
		count = 0;
		if (row->life == GB_LIFE_LIVE && !gb_sid_is_none(&row->member.sid)) {
			OK(gb_state_directory_find(world->state, GB_STATE_KEY_SID, &row->member.sid,
						   nos, &count, &err));
		}
		if (row->member.type == GB_CLOUD_GROUP && row->object_no != 0) {
			match(world, row->no, row->object_no, CODE_WRITTEN);
		} else if (count == 1) {
			match(world, row->no, nos[0], CODE_SID);
		} else {
			match(world, row->no, 0,
			      gb_sid_is_none(&row->member.sid) ? CODE_CLOUD_ONLY : CODE_NOT_FOUND);
		}
	}
	gb_state_match_end(iter);
}

/** Every group is as it should be. */
static inline void clear_all(struct world *world)
{
	struct gb_state_groups_iter *iter =
		gb_state_groups_begin(NULL, world->state, GB_GROUPS_DIRTY);
	const struct gb_state_group *group = NULL;

	for (;;) {
		OK(gb_state_groups_next(iter, &group, &err));
		if (!group) {
			break;
		}
		OK(gb_state_dirty_clear(world->state, group->cloud_no, group->object_no, &err));
	}
	gb_state_groups_end(iter);
}

/** The dirtiness of a group. */
static inline unsigned dirty_of(struct world *world, int64_t cloud_no, int64_t object_no)
{
	struct gb_state_group *group = NULL;
	unsigned dirty;

	OK(gb_state_group_read(NULL, world->state, cloud_no, object_no, &group, &err));
	dirty = group->dirty;
	talloc_free(group);
	return dirty;
}

#endif
