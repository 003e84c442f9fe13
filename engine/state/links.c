/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The link tables of both spaces. */
#include "config.h"

#include "engine/state/links.h"

#include <stdlib.h>

#include "engine/base/i18n.h"
#include "engine/state/cloud_space.h"
#include "engine/state/directory_space.h"
#include "engine/state/marks.h"
#include "engine/state/sizes.h"

static const struct {
	enum gb_list by_group;
	enum gb_list by_member;
	const char *has_index; /* is there the list by member? */
	const char *make_index;
	const char *fill_index;
	const char *count;
	const char *list;
	const char *known;
} sides[] = {
	[GB_SIDE_CLOUD] =
		{
			.by_group = GB_LIST_CLOUD_BY_GROUP,
			.by_member = GB_LIST_CLOUD_BY_MEMBER,
			.has_index = "SELECT count(*) FROM sqlite_schema"
				     " WHERE name = 'cloud_link_by_member'",
			.make_index = "CREATE TABLE cloud_link_by_member"
				      " (place INTEGER PRIMARY KEY, numbers BLOB NOT NULL) STRICT",
			.fill_index = "SELECT member_no, group_no FROM cloud_link"
				      " ORDER BY member_no, group_no",
			.count =
				"UPDATE cloud_group SET link_count = link_count + ?2 WHERE no = ?1",
			.list = "SELECT member_no FROM cloud_link WHERE group_no = ? ORDER BY "
				"member_no",
			.known = "SELECT members_known FROM cloud_group WHERE no = ?",
		},
	[GB_SIDE_DIRECTORY] =
		{
			.by_group = GB_LIST_DIRECTORY_BY_GROUP,
			.by_member = GB_LIST_DIRECTORY_BY_MEMBER,
			.has_index = "SELECT count(*) FROM sqlite_schema"
				     " WHERE name = 'directory_link_by_member'",
			.make_index = "CREATE TABLE directory_link_by_member"
				      " (place INTEGER PRIMARY KEY, numbers BLOB NOT NULL) STRICT",
			.fill_index = "SELECT member_no, group_no FROM directory_link"
				      " ORDER BY member_no, group_no",
			.count = "UPDATE directory_group SET link_count = link_count + ?2 WHERE no "
				 "= ?1",
			.list = "SELECT member_no FROM directory_link WHERE group_no = ? ORDER BY "
				"member_no",
			.known = "SELECT members_known FROM directory_group WHERE no = ?",
		},
};

enum gb_list gb_links_by_group(enum gb_side side)
{
	return sides[side].by_group;
}

enum gb_list gb_links_by_member(enum gb_side side)
{
	return sides[side].by_member;
}

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

/* One link, in the list by group and in that by member. */
static enum gb_rc change_one(struct gb_state *state, enum gb_side side, int64_t group_no,
			     int64_t member_no, bool present, int64_t *ret_changed,
			     struct gb_err *err)
{
	int64_t ignored;
	enum gb_rc rc = gb_list_change(&state->db, sides[side].by_group, group_no, &member_no, 1,
				       present, ret_changed, err);

	if (rc == GB_OK && *ret_changed > 0 && state->has_member_index[side]) {
		rc = gb_list_change(&state->db, sides[side].by_member, member_no, &group_no, 1,
				    present, &ignored, err);
	}
	return rc;
}

enum gb_rc gb_links_put(struct gb_state *state, enum gb_side side, int64_t group_no,
			int64_t member_no, bool present, bool *ret_changed, struct gb_err *err)
{
	int64_t changed = 0;
	enum gb_rc rc = change_one(state, side, group_no, member_no, present, &changed, err);

	*ret_changed = changed > 0;
	if (rc != GB_OK || !*ret_changed) {
		return rc;
	}
	gb_sizes_add(state, size_of(state, side), present ? 1 : -1);
	return side == GB_SIDE_CLOUD
		       ? follow_unmatched(state, group_no, member_no, present ? 1 : -1, err)
		       : GB_OK;
}

static int compare(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a;
	int64_t right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

/* Most lists come sorted. */
static void sort(int64_t *numbers, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		if (numbers[i] < numbers[i - 1]) {
			qsort(numbers, count, sizeof(*numbers), compare);
			return;
		}
	}
}

enum gb_rc gb_links_change(struct gb_state *state, enum gb_side side, int64_t group_no,
			   int64_t *members, size_t count, bool present, int64_t *ret_changed,
			   struct gb_err *err)
{
	int64_t changed = 0;
	enum gb_rc rc = GB_OK;

	sort(members, count);
	if (!state->has_member_index[side]) {
		rc = gb_list_change(&state->db, sides[side].by_group, group_no, members, count,
				    present, &changed, err);
	}
	for (size_t i = 0; i < count && rc == GB_OK && state->has_member_index[side]; i++) {
		int64_t one = 0;

		rc = change_one(state, side, group_no, members[i], present, &one, err);
		changed += one;
	}
	gb_sizes_add(state, size_of(state, side), present ? changed : -changed);
	if (ret_changed) {
		*ret_changed = changed;
	}
	return rc;
}

enum gb_rc gb_links_drop(struct gb_state *state, enum gb_side side, int64_t group_no,
			 struct gb_err *err)
{
	struct gb_list_chunk chunk = {.count = 1};
	struct gb_db_query query;
	int64_t dropped = 0;
	int64_t ignored;
	enum gb_rc rc = gb_list_query(&state->db, sides[side].by_group, group_no, &query, err);

	while (rc == GB_OK && chunk.count > 0) {
		rc = gb_list_next(&query, &chunk, err);
		dropped += (int64_t)chunk.count;
		for (size_t i = 0; i < chunk.count && rc == GB_OK && state->has_member_index[side];
		     i++) {
			rc = gb_list_change(&state->db, sides[side].by_member, chunk.numbers[i],
					    &group_no, 1, false, &ignored, err);
		}
	}
	gb_db_query_end(&query);
	gb_sizes_add(state, size_of(state, side), -dropped);
	return rc == GB_OK ? gb_list_clear(&state->db, sides[side].by_group, group_no, err) : rc;
}

enum gb_rc gb_links_recount_unmatched(struct gb_state *state, int64_t group_no, struct gb_err *err)
{
	enum gb_rc rc = gb_db_run(&state->db, "DELETE FROM group_unmatched WHERE group_no = ?",
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
	return gb_db_run(&state->db, sides[side].count,
			 GB_DB_VALUES(GB_DB_INT(group_no), GB_DB_INT(difference)), err);
}

enum gb_rc gb_links_query(struct gb_state *state, enum gb_side side, int64_t group_no,
			  struct gb_db_query *ret_query, struct gb_err *err)
{
	return gb_db_query(&state->db, sides[side].list, GB_DB_VALUES(GB_DB_INT(group_no)),
			   ret_query, err);
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
	enum gb_rc rc = gb_db_read_int(&state->db, sides[side].known,
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

enum gb_rc gb_links_load(struct gb_state *state, struct gb_err *err)
{
	enum gb_rc rc = GB_OK;

	for (int side = GB_SIDE_CLOUD; side <= GB_SIDE_DIRECTORY && rc == GB_OK; side++) {
		int64_t tables = 0;

		rc = gb_db_read_int(&state->db, sides[side].has_index, GB_DB_NO_VALUES, 0, &tables,
				    err);
		state->has_member_index[side] = tables > 0;
	}
	return rc;
}

enum gb_rc gb_links_need_member_index(struct gb_state *state, enum gb_side side, struct gb_err *err)
{
	enum gb_rc rc;

	if (state->has_member_index[side]) {
		return GB_OK;
	}
	rc = gb_db_run(&state->db, sides[side].make_index, GB_DB_NO_VALUES, err);
	if (rc == GB_OK) {
		rc = gb_list_fill(&state->db, sides[side].by_member, sides[side].fill_index, err);
	}
	state->has_member_index[side] = rc == GB_OK;
	return rc;
}

enum gb_rc gb_state_cloud_index_members(struct gb_state *state, struct gb_err *err)
{
	return gb_links_need_member_index(state, GB_SIDE_CLOUD, err);
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
