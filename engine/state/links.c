/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The link tables of both spaces. */
#include "config.h"

#include "engine/state/links.h"

#include "engine/base/i18n.h"
#include "engine/state/cloud_space.h"
#include "engine/state/directory_space.h"
#include "engine/state/marks.h"
#include "engine/state/sizes.h"

_Static_assert(GB_LINKS_AT_ONCE == 16, "SIXTEEN says the same");
#define SIXTEEN                                                                         \
	" VALUES (?1, ?2), (?1, ?3), (?1, ?4), (?1, ?5), (?1, ?6), (?1, ?7), (?1, ?8)," \
	" (?1, ?9), (?1, ?10), (?1, ?11), (?1, ?12), (?1, ?13), (?1, ?14), (?1, ?15),"  \
	" (?1, ?16), (?1, ?17)"

static const struct {
	const char *insert;
	const char *insert_many;
	const char *delete;
	const char *count;
	const char *list;
	const char *known;
} sql[] = {
	[GB_SIDE_CLOUD] =
		{
			.insert = "INSERT OR IGNORE INTO cloud_link VALUES (?, ?)",
			.insert_many = "INSERT OR IGNORE INTO cloud_link" SIXTEEN,
			.delete = "DELETE FROM cloud_link WHERE group_no = ? AND member_no = ?",
			.count =
				"UPDATE cloud_group SET link_count = link_count + ?2 WHERE no = ?1",
			.list = "SELECT member_no FROM cloud_link WHERE group_no = ? ORDER BY "
				"member_no",
			.known = "SELECT members_known FROM cloud_group WHERE no = ?",
		},
	[GB_SIDE_DIRECTORY] =
		{
			.insert = "INSERT OR IGNORE INTO directory_link VALUES (?, ?)",
			.insert_many = "INSERT OR IGNORE INTO directory_link" SIXTEEN,
			.delete = "DELETE FROM directory_link WHERE group_no = ? AND member_no = ?",
			.count = "UPDATE directory_group SET link_count = link_count + ?2 WHERE no "
				 "= ?1",
			.list = "SELECT member_no FROM directory_link WHERE group_no = ? ORDER BY "
				"member_no",
			.known = "SELECT members_known FROM directory_group WHERE no = ?",
		},
};

static int64_t *size_of(struct gb_state *state, enum gb_side side)
{
	return side == GB_SIDE_CLOUD ? &state->sizes.cloud_links : &state->sizes.directory_links;
}

enum gb_rc gb_links_count_unmatched(struct gb_state *state, int64_t group_no, int64_t code,
				    int difference, struct gb_err *err)
{
	enum gb_rc rc = gb_db_run(
		&state->db,
		"INSERT INTO group_unmatched VALUES (?1, ?2, ?3)"
		" ON CONFLICT DO UPDATE SET count = count + ?3",
		GB_DB_VALUES(GB_DB_INT(group_no), GB_DB_INT(code), GB_DB_INT(difference)), err);

	if (rc != GB_OK || difference > 0) {
		return rc;
	}
	return gb_db_run(
		&state->db,
		"DELETE FROM group_unmatched WHERE group_no = ? AND code = ? AND count <= 0",
		GB_DB_VALUES(GB_DB_INT(group_no), GB_DB_INT(code)), err);
}

/* The group's count of members without a match follows its links. */
static enum gb_rc follow_unmatched(struct gb_state *state, int64_t group_no, int64_t member_no,
				   int difference, struct gb_err *err)
{
	int64_t code = 0;
	enum gb_rc rc = gb_db_read_int(
		&state->db, "SELECT code FROM match WHERE cloud_no = ? AND object_no IS NULL",
		GB_DB_VALUES(GB_DB_INT(member_no)), 0, &code, err);

	if (rc != GB_OK || code == 0) {
		return rc;
	}
	return gb_links_count_unmatched(state, group_no, code, difference, err);
}

enum gb_rc gb_links_put(struct gb_state *state, enum gb_side side, int64_t group_no,
			int64_t member_no, bool present, bool *ret_changed, struct gb_err *err)
{
	enum gb_rc rc = gb_db_run(&state->db, present ? sql[side].insert : sql[side].delete,
				  GB_DB_VALUES(GB_DB_INT(group_no), GB_DB_INT(member_no)), err);

	if (rc != GB_OK) {
		return rc;
	}
	*ret_changed = gb_db_changed(&state->db) > 0;
	if (!*ret_changed) {
		return GB_OK;
	}
	gb_sizes_add(state, size_of(state, side), present ? 1 : -1);
	return side == GB_SIDE_CLOUD
		       ? follow_unmatched(state, group_no, member_no, present ? 1 : -1, err)
		       : GB_OK;
}

static void count_added(struct gb_links_batch *batch)
{
	int64_t added = gb_db_changed(&batch->state->db);

	batch->added += added;
	gb_sizes_add(batch->state, size_of(batch->state, batch->side), added);
}

static enum gb_rc insert_many(struct gb_links_batch *batch, struct gb_err *err)
{
	struct gb_db_value values[1 + GB_LINKS_AT_ONCE] = {GB_DB_INT(batch->group_no)};
	enum gb_rc rc;

	for (size_t i = 0; i < batch->count; i++) {
		values[1 + i] = GB_DB_INT(batch->members[i]);
	}
	rc = gb_db_run(&batch->state->db, sql[batch->side].insert_many,
		       (struct gb_db_values){values, GB_ARRAY_SIZE(values)}, err);
	count_added(batch);
	batch->count = 0;
	return rc;
}

enum gb_rc gb_links_batch_add(struct gb_links_batch *batch, int64_t member_no, struct gb_err *err)
{
	batch->members[batch->count++] = member_no;
	return batch->count < GB_LINKS_AT_ONCE ? GB_OK : insert_many(batch, err);
}

enum gb_rc gb_links_batch_end(struct gb_links_batch *batch, struct gb_err *err)
{
	enum gb_rc rc = GB_OK;

	for (size_t i = 0; i < batch->count && rc == GB_OK; i++) {
		rc = gb_db_run(&batch->state->db, sql[batch->side].insert,
			       GB_DB_VALUES(GB_DB_INT(batch->group_no),
					    GB_DB_INT(batch->members[i])),
			       err);
		count_added(batch);
	}
	batch->count = 0;
	return rc;
}

enum gb_rc gb_links_recount_unmatched(struct gb_state *state, int64_t group_no, struct gb_err *err)
{
	enum gb_rc rc =
		gb_db_run(&state->db, "DELETE FROM group_unmatched WHERE group_no = ?",
			  GB_DB_VALUES(GB_DB_INT(group_no)), err);

	if (rc != GB_OK) {
		return rc;
	}
	return gb_db_run(&state->db,
			 "INSERT INTO group_unmatched SELECT l.group_no, m.code, count(*)"
			 " FROM cloud_link l CROSS JOIN match m ON m.cloud_no = l.member_no"
			 " AND m.object_no IS NULL AND m.code <> 0"
			 " WHERE l.group_no = ? GROUP BY m.code",
			 GB_DB_VALUES(GB_DB_INT(group_no)), err);
}

enum gb_rc gb_links_count(struct gb_state *state, enum gb_side side, int64_t group_no,
			  int64_t difference, struct gb_err *err)
{
	if (difference == 0) {
		return GB_OK;
	}
	return gb_db_run(&state->db, sql[side].count,
			 GB_DB_VALUES(GB_DB_INT(group_no), GB_DB_INT(difference)), err);
}

enum gb_rc gb_links_query(struct gb_state *state, enum gb_side side, int64_t group_no,
			  struct gb_db_query *ret_query, struct gb_err *err)
{
	return gb_db_query(&state->db, sql[side].list, GB_DB_VALUES(GB_DB_INT(group_no)), ret_query,
			   err);
}

static enum gb_rc refuse_group(const struct gb_state *state, int64_t group_no, struct gb_err *err)
{
	gb_err_set(err, GB_E_NOT_FOUND, "state-no-group", _("%s knows no group number %lld."),
		   state->db.name, (long long)group_no);
	gb_err_undone(err, _("Its members were not stored."));
	return GB_E_NOT_FOUND;
}

enum gb_rc gb_links_is_known(struct gb_state *state, enum gb_side side, int64_t group_no,
			     bool *ret_known, struct gb_err *err)
{
	int64_t known = 0;
	enum gb_rc rc = gb_db_read_int(&state->db, sql[side].known,
				       GB_DB_VALUES(GB_DB_INT(group_no)), -1, &known, err);

	if (rc == GB_OK && known < 0) {
		rc = refuse_group(state, group_no, err);
	}
	if (rc == GB_OK) {
		*ret_known = known > 0;
	}
	return rc;
}

/*
 * A member that left the cloud group may be matched anew before the group is planned; then nobody
 * would know any more whom to take out. So whom it stood for is marked now.
 */
static enum gb_rc mark_whom_it_stood_for(struct gb_state *state, int64_t group_no,
					 int64_t member_no, struct gb_err *err)
{
	static const char object_of[] = "SELECT object_no FROM match WHERE cloud_no = ?";
	int64_t group_object_no = 0;
	int64_t member_object_no = 0;
	enum gb_rc rc = gb_db_read_int(&state->db, object_of, GB_DB_VALUES(GB_DB_INT(group_no)), 0,
				       &group_object_no, err);

	if (rc == GB_OK) {
		rc = gb_db_read_int(&state->db, object_of, GB_DB_VALUES(GB_DB_INT(member_no)), 0,
				    &member_object_no, err);
	}
	if (rc != GB_OK || group_object_no == 0 || member_object_no == 0) {
		return rc;
	}
	return gb_mark_directory_link(state, group_object_no, member_object_no, err);
}

enum gb_rc gb_links_mark(struct gb_state *state, enum gb_side side, int64_t group_no,
			 int64_t member_no, bool present, struct gb_err *err)
{
	enum gb_rc rc;

	if (side == GB_SIDE_DIRECTORY) {
		return gb_mark_directory_link(state, group_no, member_no, err);
	}
	rc = gb_mark_cloud_link(state, group_no, member_no, err);
	return rc == GB_OK && !present ? mark_whom_it_stood_for(state, group_no, member_no, err)
				       : rc;
}

enum gb_rc gb_links_set_known(struct gb_state *state, enum gb_side side, int64_t group_no,
			      bool known, struct gb_err *err)
{
	struct gb_db_values values = GB_DB_VALUES(GB_DB_INT(group_no), GB_DB_INT(known));

	if (side == GB_SIDE_CLOUD) {
		return gb_db_run(&state->db,
				 "UPDATE cloud_group SET members_known = ?2"
				 " WHERE no = ?1 AND members_known <> ?2",
				 values, err);
	}
	return gb_db_run(&state->db,
			 "UPDATE directory_group SET members_known = ?2, members_usn = iif(?2,"
			 " (SELECT usn_changed FROM directory_object WHERE no = ?1), members_usn)"
			 " WHERE no = ?1",
			 values, err);
}

enum gb_rc gb_links_need_member_index(struct gb_state *state, struct gb_err *err)
{
	enum gb_rc rc = GB_OK;

	if (!state->has_member_index) {
		rc = gb_db_run(&state->db,
			       "CREATE INDEX IF NOT EXISTS cloud_link_member"
			       " ON cloud_link (member_no, group_no)",
			       GB_DB_NO_VALUES, err);
		state->has_member_index = rc == GB_OK;
	}
	return rc;
}

enum gb_rc gb_state_cloud_index_members(struct gb_state *state, struct gb_err *err)
{
	return gb_links_need_member_index(state, err);
}

/* News of one link from its side: keep it, count it, mark it. */
static enum gb_rc take_news(struct gb_state *state, enum gb_side side, int64_t group_no,
			    int64_t member_no, bool present, bool *ret_changed, struct gb_err *err)
{
	bool is_known;
	bool changed = false;
	enum gb_rc rc = gb_links_is_known(state, side, group_no, &is_known, err);

	if (rc == GB_OK) {
		rc = gb_links_put(state, side, group_no, member_no, present, &changed, err);
	}
	if (rc == GB_OK && changed) {
		rc = gb_links_count(state, side, group_no, present ? 1 : -1, err);
	}
	if (rc == GB_OK && changed) {
		rc = gb_links_mark(state, side, group_no, member_no, present, err);
	}
	if (rc == GB_OK && ret_changed) {
		*ret_changed = changed;
	}
	return rc;
}

enum gb_rc gb_state_cloud_set_members_known(struct gb_state *state, int64_t group_no, bool known,
					    struct gb_err *err)
{
	return gb_links_set_known(state, GB_SIDE_CLOUD, group_no, known, err);
}

enum gb_rc gb_state_directory_set_members_known(struct gb_state *state, int64_t group_no,
						bool known, struct gb_err *err)
{
	return gb_links_set_known(state, GB_SIDE_DIRECTORY, group_no, known, err);
}

enum gb_rc gb_state_cloud_link(struct gb_state *state, int64_t group_no, int64_t member_no,
			       bool *ret_changed, struct gb_err *err)
{
	return take_news(state, GB_SIDE_CLOUD, group_no, member_no, true, ret_changed, err);
}

enum gb_rc gb_state_cloud_unlink(struct gb_state *state, int64_t group_no, int64_t member_no,
				 bool *ret_changed, struct gb_err *err)
{
	return take_news(state, GB_SIDE_CLOUD, group_no, member_no, false, ret_changed, err);
}

enum gb_rc gb_state_directory_link(struct gb_state *state, int64_t group_no, int64_t member_no,
				   bool *ret_changed, struct gb_err *err)
{
	return take_news(state, GB_SIDE_DIRECTORY, group_no, member_no, true, ret_changed, err);
}

enum gb_rc gb_state_directory_unlink(struct gb_state *state, int64_t group_no, int64_t member_no,
				     bool *ret_changed, struct gb_err *err)
{
	return take_news(state, GB_SIDE_DIRECTORY, group_no, member_no, false, ret_changed, err);
}
