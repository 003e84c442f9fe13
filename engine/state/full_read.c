/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Full reads: what a complete list does not name any more is gone. */
#include "config.h"

#include "engine/state/full_read.h"

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/state/cloud_object.h"
#include "engine/state/directory_remove.h"
#include "engine/state/links.h"
#include "engine/state/sizes.h"
#include "engine/state/state_private.h"

enum gb_rc gb_state_full_begin(struct gb_state *state, enum gb_state_full what, struct gb_err *err)
{
	enum gb_rc rc =
		gb_db_run(&state->db,
			  "INSERT INTO full_read VALUES (?, 1, 1)"
			  " ON CONFLICT DO UPDATE SET generation = generation + 1, is_open = 1",
			  GB_DB_VALUES(GB_DB_INT(what)), err);

	if (rc != GB_OK) {
		return rc;
	}
	return gb_db_read_int(&state->db, "SELECT generation FROM full_read WHERE what = ?",
			      GB_DB_VALUES(GB_DB_INT(what)), 0, &state->generations[what], err);
}

/* The first object after @after that the list did not name. */
static enum gb_rc next_unseen(struct gb_state *state, enum gb_state_full what, int64_t after,
			      int64_t *ret_no, struct gb_err *err)
{
	static const char groups[] =
		"SELECT o.no FROM cloud_group g JOIN cloud_object o USING (no)"
		" WHERE g.no > ? AND o.life <> 2 AND o.seen <> ? ORDER BY g.no LIMIT 1";
	static const char people[] = "SELECT no FROM cloud_object WHERE no > ? AND life <> 2"
				     " AND seen <> ? AND type = 1 ORDER BY no LIMIT 1";
	static const char container[] =
		"SELECT no FROM directory_object WHERE no > ? AND seen <> ? AND in_container = 1"
		" AND presence = 2 ORDER BY no LIMIT 1";
	static const char elsewhere[] =
		"SELECT no FROM directory_object WHERE no > ? AND seen <> ? AND in_container = 0"
		" AND presence = 2 ORDER BY no LIMIT 1";
	static const char *const sql[GB_FULL_COUNT] = {[GB_FULL_CLOUD_GROUPS] = groups,
						       [GB_FULL_CLOUD_PEOPLE] = people,
						       [GB_FULL_CONTAINER] = container,
						       [GB_FULL_PEOPLE] = elsewhere};

	return gb_db_read_int(&state->db, sql[what],
			      GB_DB_VALUES(GB_DB_INT(after), GB_DB_INT(state->generations[what])),
			      0, ret_no, err);
}

static enum gb_rc see_deleted(struct gb_state *state, int64_t no, struct gb_err *err)
{
	enum gb_rc rc = gb_cloud_object_end(state, no, GB_LIFE_SOFT_DELETED, err);

	return rc == GB_OK ? gb_cloud_object_see(state, no,
						 state->generations[GB_FULL_CLOUD_GROUPS], err)
			   : rc;
}

enum gb_rc gb_state_full_deleted_group(struct gb_state *state, const struct gb_guid *id,
				       struct gb_err *err)
{
	int64_t no = 0;
	enum gb_rc rc = gb_db_read_int(
		&state->db,
		"SELECT o.no FROM cloud_group g JOIN cloud_object o USING (no)"
		" WHERE o.id = ? AND o.seen <> ?",
		GB_DB_VALUES(GB_DB_GUID(id), GB_DB_INT(state->generations[GB_FULL_CLOUD_GROUPS])),
		0, &no, err);

	return rc == GB_OK && no != 0 ? see_deleted(state, no, err) : rc;
}

enum gb_rc gb_state_full_deleted_unknown(struct gb_state *state, struct gb_err *err)
{
	int64_t no = 0;
	enum gb_rc rc = next_unseen(state, GB_FULL_CLOUD_GROUPS, 0, &no, err);

	while (rc == GB_OK && no != 0) {
		rc = see_deleted(state, no, err);
		if (rc == GB_OK) {
			rc = next_unseen(state, GB_FULL_CLOUD_GROUPS, no, &no, err);
		}
	}
	return rc;
}

static void append(struct gb_guid **ids, size_t *count, struct gb_guid id)
{
	if (*count == talloc_array_length(*ids)) {
		*ids = gb_mem_check(
			talloc_realloc(NULL, *ids, struct gb_guid, (unsigned)*count * 2));
	}
	(*ids)[(*count)++] = id;
}

enum gb_rc gb_state_full_unlisted_groups(const void *ctx, struct gb_state *state,
					 struct gb_guid **ret_ids, size_t *ret_count,
					 struct gb_err *err)
{
	struct gb_guid *ids = gb_new_array(ctx, struct gb_guid, 16);
	struct gb_db_query query;
	bool has_row = true;
	enum gb_rc rc = gb_db_query(
		&state->db,
		"SELECT o.id FROM cloud_group g JOIN cloud_object o USING (no)"
		" JOIN match m ON m.cloud_no = o.no AND m.object_no > 0"
		" WHERE o.life = 0 AND o.seen <> ? ORDER BY o.no",
		GB_DB_VALUES(GB_DB_INT(state->generations[GB_FULL_CLOUD_GROUPS])), &query, err);

	*ret_count = 0;
	while (rc == GB_OK && has_row) {
		rc = gb_db_next(&query, &has_row, err);
		if (rc == GB_OK && has_row) {
			append(&ids, ret_count, gb_db_guid(&query, 0));
		}
	}
	gb_db_query_end(&query);
	*ret_ids = ids;
	return rc;
}

/* The first gone object after @after that nothing depends on: no match, and no group lists it. */
static enum gb_rc next_forgettable(struct gb_state *state, int64_t after, int64_t *ret_no,
				   struct gb_err *err)
{
	return gb_db_read_int(
		&state->db,
		"SELECT o.no FROM cloud_object o WHERE o.no > ? AND o.life = 2"
		" AND NOT EXISTS (SELECT 1 FROM match m WHERE m.cloud_no = o.no AND m.object_no > "
		"0)"
		" AND NOT EXISTS (SELECT 1 FROM cloud_link l WHERE l.member_no = o.no)"
		" ORDER BY o.no LIMIT 1",
		GB_DB_VALUES(GB_DB_INT(after)), 0, ret_no, err);
}

static enum gb_rc forget(struct gb_state *state, int64_t no, struct gb_err *err)
{
	static const char *const statements[] = {
		"DELETE FROM dirty_cloud_link WHERE group_no = ?",
		"DELETE FROM group_unmatched WHERE group_no = ?",
		"DELETE FROM due WHERE no = ?",
		"DELETE FROM match WHERE cloud_no = ?",
		"DELETE FROM cloud_group WHERE no = ?",
		"DELETE FROM cloud_object WHERE no = ?",
	};
	enum gb_rc rc = gb_links_drop(state, GB_SIDE_CLOUD, no, err);

	for (size_t i = 0; i < GB_ARRAY_SIZE(statements) && rc == GB_OK; i++) {
		rc = gb_db_run(&state->db, statements[i], GB_DB_VALUES(GB_DB_INT(no)), err);
	}
	return rc;
}

/*
 * What is gone and written nowhere would stay for ever otherwise. The index that tells who lists it is
 * made only if somebody is gone: in a first cycle it would be filled link by link.
 */
static enum gb_rc forget_gone(struct gb_state *state, struct gb_err *err)
{
	int64_t gone = 0;
	int64_t no = 0;
	enum gb_rc rc = gb_db_read_int(&state->db,
				       "SELECT no FROM cloud_object WHERE life = 2 LIMIT 1",
				       GB_DB_NO_VALUES, 0, &gone, err);

	if (rc == GB_OK && gone != 0) {
		rc = gb_links_need_member_index(state, GB_SIDE_CLOUD, err);
	}
	if (rc == GB_OK && gone != 0) {
		rc = next_forgettable(state, 0, &no, err);
	}
	while (rc == GB_OK && no != 0) {
		rc = forget(state, no, err);
		if (rc == GB_OK) {
			rc = next_forgettable(state, no, &no, err);
		}
	}
	return rc;
}

static enum gb_rc sweep_cloud(struct gb_state *state, enum gb_state_full what, size_t *ret_swept,
			      struct gb_err *err)
{
	int64_t no = 0;
	enum gb_rc rc = next_unseen(state, what, 0, &no, err);

	*ret_swept = 0;
	while (rc == GB_OK && no != 0) {
		rc = gb_cloud_object_end(state, no, GB_LIFE_GONE, err);
		if (rc == GB_OK) {
			(*ret_swept)++;
			rc = next_unseen(state, what, no, &no, err);
		}
	}
	return rc == GB_OK ? forget_gone(state, err) : rc;
}

static enum gb_rc sweep_directory(struct gb_state *state, enum gb_state_full what,
				  size_t *ret_swept, struct gb_err *err)
{
	int64_t no = 0;
	enum gb_rc rc = gb_leavers_begin(state, err);

	*ret_swept = 0;
	if (rc == GB_OK) {
		rc = next_unseen(state, what, 0, &no, err);
	}
	while (rc == GB_OK && no != 0) {
		rc = gb_leavers_add(state, no, err);
		if (rc == GB_OK) {
			(*ret_swept)++;
			rc = next_unseen(state, what, no, &no, err);
		}
	}
	return rc == GB_OK && *ret_swept > 0 ? gb_leavers_go(state, what == GB_FULL_CONTAINER, err)
					     : rc;
}

static enum gb_rc close_read(struct gb_state *state, enum gb_state_full what, struct gb_err *err)
{
	enum gb_rc rc = gb_db_run(&state->db,
				  "UPDATE full_read SET is_open = 0 WHERE what = ? AND is_open = 1",
				  GB_DB_VALUES(GB_DB_INT(what)), err);

	if (rc == GB_OK && gb_db_changed(&state->db) == 0) {
		rc = gb_err_set(err, GB_E_INTERNAL, "state-full-read",
				_("A full read (%d) ended that had not begun."), (int)what);
		gb_err_undone(err, _("Nothing was swept."));
	}
	return rc;
}

enum gb_rc gb_state_full_finish(struct gb_state *state, enum gb_state_full what, size_t *ret_swept,
				struct gb_err *err)
{
	bool is_cloud = what == GB_FULL_CLOUD_GROUPS || what == GB_FULL_CLOUD_PEOPLE;
	size_t swept = 0;
	enum gb_rc rc = close_read(state, what, err);

	if (rc == GB_OK) {
		rc = is_cloud ? sweep_cloud(state, what, &swept, err)
			      : sweep_directory(state, what, &swept, err);
	}
	if (rc == GB_OK && ret_swept) {
		*ret_swept = swept;
	}
	return rc;
}
