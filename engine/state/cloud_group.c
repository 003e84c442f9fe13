/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups of the cloud space: reading a row, merging a record into it, seeing what changed. */
#include "config.h"

#include <assert.h>
#include <string.h>

#include "engine/base/attributes.h"
#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/state/cloud_object.h"
#include "engine/state/cloud_space.h"
#include "engine/state/marks.h"

#define SELECT_GROUP                                                                   \
	"SELECT o.no, o.id, o.life, o.sync, o.seen, o.sid, o.display_name, g.present," \
	" g.unified, g.dynamic, g.security_enabled, g.mail_enabled, g.role, g.hidden," \
	" g.writeback_enabled, g.writeback_type, g.life_since_ms, g.members_known,"    \
	" g.description, g.mail, g.mail_nickname, m.object_no, m.code, g.link_count,"  \
	" g.extra"                                                                     \
	" FROM cloud_object o JOIN cloud_group g ON g.no = o.no"                       \
	" LEFT JOIN match m ON m.cloud_no = o.no"

/** A row and the generation that saw it last. */
struct stored_group {
	struct gb_state_cloud_group row; /* row.no is 0 if there is none */
	int64_t seen;
};

static void read_properties(const void *ctx, const struct gb_db_query *query,
			    struct gb_cloud_group *group)
{
	group->id = gb_db_guid(query, 1);
	group->on_premises_sync_enabled = (enum gb_tristate)gb_db_int(query, 3);
	group->on_premises_sid = gb_db_sid(query, 5);
	group->display_name = gb_db_text(ctx, query, 6);
	group->present = (unsigned)gb_db_int(query, 7);
	group->unified = gb_db_bool(query, 8);
	group->dynamic = gb_db_bool(query, 9);
	group->security_enabled = (enum gb_tristate)gb_db_int(query, 10);
	group->mail_enabled = (enum gb_tristate)gb_db_int(query, 11);
	group->is_assignable_to_role = (enum gb_tristate)gb_db_int(query, 12);
	group->hidden_membership = gb_db_bool(query, 13);
	group->writeback_enabled = (enum gb_tristate)gb_db_int(query, 14);
	group->writeback_type = (enum gb_writeback_type)gb_db_int(query, 15);
	group->description = gb_db_text(ctx, query, 18);
	group->mail = gb_db_text(ctx, query, 19);
	group->mail_nickname = gb_db_text(ctx, query, 20);
	group->extra = gb_db_text(ctx, query, 24);
}

static enum gb_rc load(const void *ctx, struct gb_state *state, const char *sql,
		       struct gb_db_value key, struct stored_group *ret_stored, struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = false;
	enum gb_rc rc = gb_db_query(&state->db, sql, GB_DB_VALUES(key), &query, err);

	if (rc == GB_OK) {
		rc = gb_db_next(&query, &has_row, err);
	}
	if (rc == GB_OK) {
		*ret_stored = (struct stored_group){0};
	}
	if (rc == GB_OK && has_row) {
		struct gb_state_cloud_group *row = &ret_stored->row;

		row->no = gb_db_int(&query, 0);
		row->life = (enum gb_cloud_life)gb_db_int(&query, 2);
		ret_stored->seen = gb_db_int(&query, 4);
		read_properties(ctx, &query, &row->group);
		row->life_since_ms = gb_db_int(&query, 16);
		row->members_known = gb_db_bool(&query, 17);
		row->object_no = gb_db_int(&query, 21);
		row->match_code = (int)gb_db_int(&query, 22);
		row->member_count = gb_db_int(&query, 23);
	}
	gb_db_query_end(&query);
	return rc;
}

static void merge_names(struct gb_cloud_group *group, const struct gb_cloud_group *record)
{
	if (record->present & GB_GROUP_HAS_DISPLAY_NAME) {
		group->display_name = record->display_name;
	}
	if (record->present & GB_GROUP_HAS_DESCRIPTION) {
		group->description = record->description;
	}
	if (record->present & GB_GROUP_HAS_MAIL) {
		group->mail = record->mail;
	}
	if (record->present & GB_GROUP_HAS_MAIL_NICKNAME) {
		group->mail_nickname = record->mail_nickname;
	}
}

static void merge_kind(struct gb_cloud_group *group, const struct gb_cloud_group *record)
{
	if (record->present & GB_GROUP_HAS_GROUP_TYPES) {
		group->unified = record->unified;
		group->dynamic = record->dynamic;
	}
	if (record->present & GB_GROUP_HAS_SECURITY_ENABLED) {
		group->security_enabled = record->security_enabled;
	}
	if (record->present & GB_GROUP_HAS_MAIL_ENABLED) {
		group->mail_enabled = record->mail_enabled;
	}
	if (record->present & GB_GROUP_HAS_ON_PREMISES) {
		group->on_premises_sync_enabled = record->on_premises_sync_enabled;
	}
	if (record->present & GB_GROUP_HAS_SID) {
		group->on_premises_sid = record->on_premises_sid;
	}
	if (record->present & GB_GROUP_HAS_ROLE) {
		group->is_assignable_to_role = record->is_assignable_to_role;
	}
	if (record->present & GB_GROUP_HAS_VISIBILITY) {
		group->hidden_membership = record->hidden_membership;
	}
	if (record->present & GB_GROUP_HAS_WRITEBACK) {
		group->writeback_enabled = record->writeback_enabled;
		group->writeback_type = record->writeback_type;
	}
}

/* A whole record says everything about what was asked for; a patch about what it names. */
static void merge_extra(const void *ctx, struct gb_cloud_group *group,
			const struct gb_cloud_group *record, bool whole)
{
	if (whole || !group->extra) {
		group->extra = record->extra;
	} else if (record->extra) {
		group->extra = gb_attributes_merge(ctx, group->extra, record->extra);
	}
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_sid(const struct gb_sid *a, const struct gb_sid *b)
{
	return a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

static bool same_kind(const struct gb_cloud_group *a, const struct gb_cloud_group *b)
{
	return a->present == b->present && a->unified == b->unified && a->dynamic == b->dynamic &&
	       a->security_enabled == b->security_enabled && a->mail_enabled == b->mail_enabled &&
	       a->on_premises_sync_enabled == b->on_premises_sync_enabled &&
	       a->is_assignable_to_role == b->is_assignable_to_role &&
	       a->hidden_membership == b->hidden_membership &&
	       a->writeback_enabled == b->writeback_enabled &&
	       a->writeback_type == b->writeback_type && same_text(a->extra, b->extra) &&
	       same_sid(&a->on_premises_sid, &b->on_premises_sid);
}

static bool same_names(const struct gb_cloud_group *a, const struct gb_cloud_group *b)
{
	return same_text(a->display_name, b->display_name) &&
	       same_text(a->description, b->description) && same_text(a->mail, b->mail) &&
	       same_text(a->mail_nickname, b->mail_nickname);
}

static enum gb_rc write_object(struct gb_state *state, int64_t no,
			       const struct gb_cloud_group *group, unsigned dirty,
			       struct gb_err *err)
{
	int64_t seen = gb_cloud_object_generation(state, GB_CLOUD_GROUP);

	return gb_db_run(&state->db,
			 "UPDATE cloud_object SET readable = 1, sync = ?, seen = ?,"
			 " sid = ?, display_name = ?, dirty = dirty | ? WHERE no = ?",
			 GB_DB_VALUES(GB_DB_INT(group->on_premises_sync_enabled), GB_DB_INT(seen),
				      GB_DB_SID(&group->on_premises_sid),
				      GB_DB_TEXT(group->display_name), GB_DB_INT(dirty),
				      GB_DB_INT(no)),
			 err);
}

static enum gb_rc write_group(struct gb_state *state, int64_t no,
			      const struct gb_cloud_group *group, int64_t life_since_ms,
			      struct gb_err *err)
{
	return gb_db_run(
		&state->db,
		"UPDATE cloud_group SET present = ?, unified = ?, dynamic = ?, security_enabled = "
		"?,"
		" mail_enabled = ?, role = ?, hidden = ?, writeback_enabled = ?, writeback_type = "
		"?,"
		" life_since_ms = ?, description = ?, mail = ?, mail_nickname = ?, extra = ?"
		" WHERE no = ?",
		GB_DB_VALUES(
			GB_DB_INT(group->present), GB_DB_INT(group->unified),
			GB_DB_INT(group->dynamic), GB_DB_INT(group->security_enabled),
			GB_DB_INT(group->mail_enabled), GB_DB_INT(group->is_assignable_to_role),
			GB_DB_INT(group->hidden_membership), GB_DB_INT(group->writeback_enabled),
			GB_DB_INT(group->writeback_type), GB_DB_INT(life_since_ms),
			GB_DB_TEXT(group->description), GB_DB_TEXT(group->mail),
			GB_DB_TEXT(group->mail_nickname), GB_DB_TEXT(group->extra), GB_DB_INT(no)),
		err);
}

/* A new group begins as a row of unknowns, which the record then changes. */
static enum gb_rc create(struct gb_state *state, const struct gb_guid *id, struct gb_err *err)
{
	int64_t no = 0;
	enum gb_rc rc = gb_state_cloud_put_stub(state, id, GB_CLOUD_GROUP, &no, err);

	if (rc != GB_OK) {
		return rc;
	}
	return gb_db_run(&state->db,
			 "INSERT INTO cloud_group (no, present, unified, dynamic, security_enabled,"
			 " mail_enabled, role, hidden, writeback_enabled, writeback_type,"
			 " life_since_ms) VALUES (?, 0, 0, 0, -1, -1, -1, 0, -1, 0, 0)",
			 GB_DB_VALUES(GB_DB_INT(no)), err);
}

static enum gb_rc load_or_create(const void *ctx, struct gb_state *state, const struct gb_guid *id,
				 struct stored_group *ret_stored, struct gb_err *err)
{
	static const char by_id[] = SELECT_GROUP " WHERE o.id = ?";
	enum gb_rc rc = load(ctx, state, by_id, GB_DB_GUID(id), ret_stored, err);

	if (rc != GB_OK || ret_stored->row.no != 0) {
		return rc;
	}
	rc = create(state, id, err);
	return rc == GB_OK ? load(ctx, state, by_id, GB_DB_GUID(id), ret_stored, err) : rc;
}

/* A row that was just created, or whose group was deleted until now. */
static bool begins_to_live(const struct stored_group *stored)
{
	return stored->row.life != GB_LIFE_LIVE || stored->row.life_since_ms == 0;
}

static enum gb_rc write(struct gb_state *state, const struct stored_group *stored,
			const struct gb_cloud_group *group, unsigned dirty, struct gb_err *err)
{
	int64_t no = stored->row.no;
	int64_t since_ms = begins_to_live(stored) ? gb_clock_wall_ms() : stored->row.life_since_ms;
	enum gb_rc rc = gb_cloud_object_revive(state, no, GB_CLOUD_GROUP, err);

	if (rc == GB_OK) {
		rc = write_object(state, no, group, dirty, err);
	}
	if (rc == GB_OK) {
		rc = write_group(state, no, group, since_ms, err);
	}
	/* Of what leads to a group on-premises, no part is among the names. */
	if (rc == GB_OK && (dirty & GB_DIRTY_MEMBERS)) {
		rc = gb_mark_due(state, no, err);
	}
	return rc;
}

/* Names touch the group's own attributes; anything else may bring it into or out of scope. */
static unsigned find_dirty(const struct stored_group *stored, const struct gb_cloud_group *group)
{
	if (begins_to_live(stored) || !same_kind(&stored->row.group, group)) {
		return GB_DIRTY_ALL;
	}
	return same_names(&stored->row.group, group) ? 0 : GB_DIRTY_ATTRIBUTES;
}

static void merge(const void *ctx, const struct stored_group *stored,
		  const struct gb_cloud_group *record, bool whole,
		  struct gb_cloud_group *ret_merged)
{
	static const struct gb_cloud_group unknown = {.security_enabled = GB_UNKNOWN,
						      .mail_enabled = GB_UNKNOWN,
						      .on_premises_sync_enabled = GB_UNKNOWN,
						      .is_assignable_to_role = GB_UNKNOWN,
						      .writeback_enabled = GB_UNKNOWN};

	*ret_merged = whole && record->present ? unknown : stored->row.group;
	ret_merged->id = record->id;
	ret_merged->present |= record->present;
	merge_names(ret_merged, record);
	merge_kind(ret_merged, record);
	merge_extra(ctx, ret_merged, record, whole && record->present);
}

enum gb_rc gb_state_cloud_put_group(struct gb_state *state, const struct gb_cloud_group *group,
				    bool whole, int64_t *ret_no, bool *ret_changed,
				    struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	struct stored_group stored;
	struct gb_cloud_group merged;
	int64_t generation = gb_cloud_object_generation(state, GB_CLOUD_GROUP);
	unsigned dirty = 0;
	enum gb_rc rc;

	assert(!gb_guid_is_none(&group->id));
	rc = load_or_create(tmp, state, &group->id, &stored, err);
	if (rc == GB_OK) {
		merge(tmp, &stored, group, whole, &merged);
		dirty = find_dirty(&stored, &merged);
		if (dirty) {
			rc = write(state, &stored, &merged, dirty, err);
		} else if (stored.seen != generation) {
			rc = gb_cloud_object_see(state, stored.row.no, generation, err);
		}
	}
	if (rc == GB_OK && ret_no) {
		*ret_no = stored.row.no;
	}
	if (rc == GB_OK && ret_changed) {
		*ret_changed = dirty != 0;
	}
	talloc_free(tmp);
	return rc;
}

enum gb_rc gb_state_cloud_read_group(const void *ctx, struct gb_state *state, int64_t no,
				     struct gb_state_cloud_group **ret_row, struct gb_err *err)
{
	struct stored_group *stored = gb_new(ctx, struct stored_group);
	enum gb_rc rc =
		load(stored, state, SELECT_GROUP " WHERE o.no = ?", GB_DB_INT(no), stored, err);

	if (rc == GB_OK && stored->row.no == 0) {
		rc = gb_err_set(err, GB_E_NOT_FOUND, "state-no-group",
				_("%s knows no cloud group number %lld."), state->db.name,
				(long long)no);
	}
	if (rc != GB_OK) {
		talloc_free(stored);
		return rc;
	}
	*ret_row = &stored->row;
	return GB_OK;
}

enum gb_rc gb_state_cloud_each_group(struct gb_state *state, int64_t member_of,
				     gb_state_on_group on_group, void *user, struct gb_err *err)
{
	static const char all[] = "SELECT id, display_name FROM cloud_object"
				  " WHERE type = 2 AND life = 0 AND ?1 = 0";
	static const char members[] =
		"SELECT o.id, o.display_name FROM cloud_link l"
		" JOIN cloud_object o ON o.no = l.member_no"
		" WHERE l.group_no = ?1 AND o.type = 2 AND o.life = 0";
	struct gb_db_query query;
	bool has_row = true;
	enum gb_rc rc = gb_db_query(&state->db, member_of ? members : all,
				    GB_DB_VALUES(GB_DB_INT(member_of)), &query, err);

	while (rc == GB_OK && has_row) {
		rc = gb_db_next(&query, &has_row, err);
		if (rc == GB_OK && has_row) {
			struct gb_guid id = gb_db_guid(&query, 0);

			rc = on_group(user, &id, gb_db_peek_text(&query, 1));
		}
	}
	gb_db_query_end(&query);
	return rc;
}
