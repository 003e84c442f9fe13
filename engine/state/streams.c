/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The groups that the planner looks at. */
#include "config.h"

#include "engine/state/streams.h"

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/state/directory_object.h"
#include "engine/state/match.h"

/** Cloud groups come first, then groups that only the directory knows. */
enum stage {
	STAGE_CLOUD,
	STAGE_DIRECTORY,
	STAGE_END
};

struct gb_state_groups_iter {
	struct gb_state *state;
	enum gb_state_groups which;
	enum stage stage;
	struct gb_guid last_id; /* cloud id of the last group */
	int64_t last_no;        /* its number, since anchors need not be unique */
	struct gb_state_group *row;
};

struct gb_state_groups_iter *gb_state_groups_begin(const void *ctx, struct gb_state *state,
						   enum gb_state_groups which)
{
	struct gb_state_groups_iter *iter = gb_new(ctx, struct gb_state_groups_iter);

	iter->state = state;
	iter->which = which;
	return iter;
}

void gb_state_groups_end(struct gb_state_groups_iter *iter)
{
	talloc_free(iter);
}

static enum gb_rc read_unmatched(struct gb_state *state, struct gb_state_group *group,
				 struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = true;
	enum gb_rc rc = gb_db_query(&state->db,
				    "SELECT code, count FROM group_unmatched WHERE group_no = ?"
				    " ORDER BY code",
				    GB_DB_VALUES(GB_DB_INT(group->cloud_no)), &query, err);

	while (rc == GB_OK && has_row) {
		rc = gb_db_next(&query, &has_row, err);
		if (rc == GB_OK && has_row) {
			bool is_full = group->unmatched_count == GB_STATE_MAX_CODE_COUNTS;
			size_t i = is_full ? group->unmatched_count - 1 : group->unmatched_count++;

			group->unmatched[i].code = (int)gb_db_int(&query, 0);
			group->unmatched[i].count += (size_t)gb_db_int(&query, 1);
		}
	}
	gb_db_query_end(&query);
	return rc;
}

static enum gb_rc read_size(struct gb_state *state, const char *sql, int64_t no, size_t *ret_size,
			    struct gb_err *err)
{
	int64_t size = 0;
	enum gb_rc rc = gb_db_read_int(&state->db, sql, GB_DB_VALUES(GB_DB_INT(no)), 0, &size, err);

	if (rc == GB_OK) {
		*ret_size = size > 0 ? (size_t)size : 0;
	}
	return rc;
}

static enum gb_rc read_dirty(struct gb_state *state, struct gb_state_group *group,
			     struct gb_err *err)
{
	int64_t cloud = 0;
	int64_t directory = 0;
	enum gb_rc rc = gb_db_read_int(&state->db, "SELECT dirty FROM cloud_object WHERE no = ?",
				       GB_DB_VALUES(GB_DB_INT(group->cloud_no)), 0, &cloud, err);

	if (rc == GB_OK) {
		rc = gb_db_read_int(&state->db, "SELECT dirty FROM directory_group WHERE no = ?",
				    GB_DB_VALUES(GB_DB_INT(group->object_no)), 0, &directory, err);
	}
	if (rc == GB_OK) {
		group->dirty = (unsigned)(cloud | directory);
	}
	return rc;
}

static enum gb_rc read_cloud(struct gb_state *state, struct gb_state_group *group,
			     struct gb_err *err)
{
	struct gb_state_cloud_group *cloud = NULL;
	enum gb_rc rc = gb_state_cloud_read_group(group, state, group->cloud_no, &cloud, err);

	if (rc == GB_OK) {
		group->cloud = cloud;
		group->object_no = cloud->object_no;
		group->listed = (size_t)cloud->member_count;
	}
	return rc == GB_OK ? read_unmatched(state, group, err) : rc;
}

static enum gb_rc read_directory(struct gb_state *state, struct gb_state_group *group,
				 struct gb_err *err)
{
	struct gb_state_directory_object *directory = NULL;
	enum gb_rc rc = gb_state_directory_read(group, state, group->object_no, &directory, err);

	if (rc == GB_OK) {
		group->directory = directory;
		rc = read_size(state, "SELECT link_count FROM directory_group WHERE no = ?",
			       group->object_no, &group->observed, err);
	}
	return rc;
}

enum gb_rc gb_state_group_read(const void *ctx, struct gb_state *state, int64_t cloud_no,
			       int64_t object_no, struct gb_state_group **ret_group,
			       struct gb_err *err)
{
	struct gb_state_group *group = gb_new(ctx, struct gb_state_group);
	enum gb_rc rc = GB_OK;

	group->cloud_no = cloud_no;
	group->object_no = object_no;
	if (cloud_no == 0) {
		rc = gb_match_group_of(state, object_no, &group->cloud_no, err);
	}
	if (rc == GB_OK && group->cloud_no != 0) {
		rc = read_cloud(state, group, err);
	}
	if (rc == GB_OK && group->object_no != 0) {
		rc = read_directory(state, group, err);
	}
	if (rc == GB_OK) {
		rc = read_dirty(state, group, err);
	}
	if (rc != GB_OK) {
		talloc_free(group);
		return rc;
	}
	*ret_group = group;
	return GB_OK;
}

/* In a damaged file an index can be out of order; the iteration would then go round for ever. */
static enum gb_rc go_on_to(struct gb_state_groups_iter *iter, const struct gb_guid *id, int64_t no,
			   struct gb_err *err)
{
	int order = gb_guid_compare(id, &iter->last_id);

	if (order < 0 || (order == 0 && no <= iter->last_no)) {
		return gb_db_fail(&iter->state->db, SQLITE_CORRUPT, err);
	}
	iter->last_id = *id;
	iter->last_no = no;
	return GB_OK;
}

/* One query a step, from the last id on: the caller matches, marks and clears while it iterates. */
static enum gb_rc next_number(struct gb_state_groups_iter *iter, int64_t *ret_no,
			      struct gb_err *err)
{
	static const char cloud_dirty[] = "SELECT no, id FROM cloud_object WHERE dirty <> 0"
					  " AND (id, no) > (?, ?) ORDER BY id, no LIMIT 1";
	static const char cloud_all[] =
		"SELECT no, id FROM cloud_object o WHERE type = 2 AND (id, no) > (?, ?)"
		" AND EXISTS (SELECT 1 FROM cloud_group g WHERE g.no = o.no)"
		" ORDER BY id, no LIMIT 1";
	static const char directory_dirty[] =
		"SELECT no, cloud_id FROM directory_group g WHERE dirty <> 0 AND is_ours"
		" AND (cloud_id, no) > (?, ?)"
		" AND NOT EXISTS (SELECT 1 FROM match m WHERE m.object_no = g.no)"
		" ORDER BY cloud_id, no LIMIT 1";
	static const char directory_all[] =
		"SELECT no, cloud_id FROM directory_group g WHERE is_ours"
		" AND (cloud_id, no) > (?, ?)"
		" AND NOT EXISTS (SELECT 1 FROM match m WHERE m.object_no = g.no)"
		" ORDER BY cloud_id, no LIMIT 1";
	static const char *const sql[][2] = {
		[STAGE_CLOUD] = {[GB_GROUPS_DIRTY] = cloud_dirty, [GB_GROUPS_ALL] = cloud_all},
		[STAGE_DIRECTORY] =
			{[GB_GROUPS_DIRTY] = directory_dirty, [GB_GROUPS_ALL] = directory_all},
	};
	struct gb_db_query query;
	bool has_row = false;
	enum gb_rc rc = gb_db_query(
		&iter->state->db, sql[iter->stage][iter->which],
		GB_DB_VALUES(GB_DB_BLOB(iter->last_id.bytes, sizeof(iter->last_id.bytes)),
			     GB_DB_INT(iter->last_no)),
		&query, err);

	if (rc == GB_OK) {
		rc = gb_db_next(&query, &has_row, err);
	}
	*ret_no = 0;
	if (rc == GB_OK && has_row) {
		struct gb_guid id = gb_db_guid(&query, 1);

		*ret_no = gb_db_int(&query, 0);
		rc = go_on_to(iter, &id, *ret_no, err);
	}
	gb_db_query_end(&query);
	return rc;
}

enum gb_rc gb_state_groups_next(struct gb_state_groups_iter *iter,
				const struct gb_state_group **ret_group, struct gb_err *err)
{
	int64_t no = 0;
	enum gb_rc rc = GB_OK;

	TALLOC_FREE(iter->row);
	while (rc == GB_OK && no == 0 && iter->stage != STAGE_END) {
		rc = next_number(iter, &no, err);
		if (rc == GB_OK && no == 0) {
			iter->stage++;
			iter->last_id = (struct gb_guid){{0}};
			iter->last_no = 0;
		}
	}
	if (rc == GB_OK && no != 0) {
		bool is_cloud = iter->stage == STAGE_CLOUD;

		rc = gb_state_group_read(iter, iter->state, is_cloud ? no : 0, is_cloud ? 0 : no,
					 &iter->row, err);
	}
	if (rc == GB_OK) {
		*ret_group = iter->row;
	}
	return rc;
}
