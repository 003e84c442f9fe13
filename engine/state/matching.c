/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Matching: who is due, and what the answers change. */
#include "config.h"

#include "engine/state/matching.h"

#include <assert.h>

#include "engine/base/mem.h"
#include "engine/state/cloud_member.h"
#include "engine/state/links.h"
#include "engine/state/marks.h"
#include "engine/state/match.h"
#include "engine/state/sizes.h"

struct gb_state_match_iter {
	struct gb_state *state;
	bool all;
	int64_t last_no;
	struct gb_state_cloud_member *row; /* what the caller sees */
};

struct gb_state_match_iter *gb_state_match_begin(const void *ctx, struct gb_state *state, bool all)
{
	struct gb_state_match_iter *iter = gb_new(ctx, struct gb_state_match_iter);

	iter->state = state;
	iter->all = all;
	return iter;
}

/* One query a step, from the last number on: the caller changes due while it iterates. */
enum gb_rc gb_state_match_next(struct gb_state_match_iter *iter,
			       const struct gb_state_cloud_member **ret_row, struct gb_err *err)
{
	static const char next_due[] = GB_SELECT_CLOUD_MEMBER
		" WHERE o.no = (SELECT no FROM due WHERE no > ? ORDER BY no LIMIT 1)";
	static const char next_of_all[] = GB_SELECT_CLOUD_MEMBER
		" WHERE o.no > ?1 AND (o.life = 0 OR EXISTS (SELECT 1 FROM due WHERE no = o.no))"
		" ORDER BY o.no LIMIT 1";
	struct gb_db_query query;
	bool has_row = false;
	enum gb_rc rc = gb_db_query(&iter->state->db, iter->all ? next_of_all : next_due,
				    GB_DB_VALUES(GB_DB_INT(iter->last_no)), &query, err);

	TALLOC_FREE(iter->row);
	if (rc == GB_OK) {
		rc = gb_db_next(&query, &has_row, err);
	}
	if (rc == GB_OK && has_row) {
		iter->row = gb_new(iter, struct gb_state_cloud_member);
		gb_cloud_member_read(iter->row, &query, iter->row);
		iter->last_no = iter->row->no;
	}
	gb_db_query_end(&query);
	if (rc == GB_OK) {
		*ret_row = iter->row;
	}
	return rc;
}

void gb_state_match_end(struct gb_state_match_iter *iter)
{
	talloc_free(iter);
}

enum gb_rc gb_state_match_each_sid(struct gb_state *state, bool all, gb_state_on_sid on_sid,
				   void *user, struct gb_err *err)
{
	static const char of_due[] = "SELECT o.sid FROM due d CROSS JOIN cloud_object o"
				     " ON o.no = d.no WHERE o.sid IS NOT NULL";
	static const char of_all[] =
		"SELECT o.sid FROM cloud_object o WHERE o.sid IS NOT NULL"
		" AND (o.life = 0 OR EXISTS (SELECT 1 FROM due WHERE no = o.no))";
	struct gb_db_query query;
	bool has_row = true;
	enum gb_rc rc =
		gb_db_query(&state->db, all ? of_all : of_due, GB_DB_NO_VALUES, &query, err);

	while (rc == GB_OK && has_row) {
		rc = gb_db_next(&query, &has_row, err);
		if (rc == GB_OK && has_row) {
			struct gb_sid sid = gb_db_sid(&query, 0);

			rc = on_sid(user, &sid);
		}
	}
	gb_db_query_end(&query);
	return rc;
}

/** A change of one match. object_no 0: none. code 0: not looked at. */
struct change {
	int64_t cloud_no;
	int64_t old_object_no;
	int64_t new_object_no;
	int old_code;
	int new_code;
};

static enum gb_rc read_old(struct gb_state *state, struct change *change, struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = false;
	enum gb_rc rc =
		gb_db_query(&state->db, "SELECT object_no, code FROM match WHERE cloud_no = ?",
			    GB_DB_VALUES(GB_DB_INT(change->cloud_no)), &query, err);

	if (rc == GB_OK) {
		rc = gb_db_next(&query, &has_row, err);
	}
	if (rc == GB_OK && has_row) {
		change->old_object_no = gb_db_int(&query, 0);
		change->old_code = (int)gb_db_int(&query, 1);
	}
	gb_db_query_end(&query);
	return rc;
}

static enum gb_rc count_unmatched(struct gb_state *state, const struct change *change,
				  int64_t group_no, struct gb_err *err)
{
	enum gb_rc rc = GB_OK;

	if (!change->old_object_no && change->old_code) {
		rc = gb_links_count_unmatched(state, group_no, change->old_code, -1, err);
	}
	if (rc == GB_OK && !change->new_object_no && change->new_code) {
		rc = gb_links_count_unmatched(state, group_no, change->new_code, 1, err);
	}
	return rc;
}

static enum gb_rc mark_group(struct gb_state *state, const struct change *change, int64_t group_no,
			     int64_t group_object_no, struct gb_err *err)
{
	enum gb_rc rc;

	if (change->old_object_no == change->new_object_no && change->old_code) {
		/* Still unknown, for another cause: that may release or hold back removals of the
		 * group's other members. */
		return gb_mark_cloud(state, group_no, GB_DIRTY_MEMBERS, err);
	}
	rc = gb_mark_cloud_link(state, group_no, change->cloud_no, err);
	if (rc == GB_OK && change->old_object_no && group_object_no) {
		rc = gb_mark_directory_link(state, group_object_no, change->old_object_no, err);
	}
	return rc;
}

/* Every group that holds the member follows. */
static enum gb_rc tell_groups(struct gb_state *state, const struct change *change,
			      struct gb_err *err)
{
	struct gb_db_query query = {0};
	bool has_row = true;
	enum gb_rc rc = gb_links_need_member_index(state, GB_SIDE_CLOUD, err);

	if (rc == GB_OK) {
		rc = gb_db_query(&state->db,
				 "SELECT l.group_no, m.object_no FROM cloud_link l"
				 " LEFT JOIN match m ON m.cloud_no = l.group_no"
				 " WHERE l.member_no = ?",
				 GB_DB_VALUES(GB_DB_INT(change->cloud_no)), &query, err);
	}
	while (rc == GB_OK && has_row) {
		rc = gb_db_next(&query, &has_row, err);
		if (rc == GB_OK && has_row) {
			rc = count_unmatched(state, change, gb_db_int(&query, 0), err);
		}
		if (rc == GB_OK && has_row) {
			rc = mark_group(state, change, gb_db_int(&query, 0), gb_db_int(&query, 1),
					err);
		}
	}
	gb_db_query_end(&query);
	return rc;
}

/* A group that gets or loses its object must be compared as a whole, and so must the object left. */
static enum gb_rc tell_itself(struct gb_state *state, const struct change *change,
			      struct gb_err *err)
{
	int64_t is_group = 0;
	enum gb_rc rc =
		gb_db_read_int(&state->db, "SELECT 1 FROM cloud_group WHERE no = ?",
			       GB_DB_VALUES(GB_DB_INT(change->cloud_no)), 0, &is_group, err);

	if (rc != GB_OK || !is_group) {
		return rc;
	}
	rc = gb_mark_cloud(state, change->cloud_no, GB_DIRTY_ALL, err);
	if (rc == GB_OK && change->old_object_no) {
		rc = gb_mark_directory(state, change->old_object_no, GB_DIRTY_ALL, err);
	}
	if (rc == GB_OK && change->new_object_no) {
		rc = gb_db_run(&state->db,
			       "UPDATE directory_group SET dirty = 0 WHERE no = ? AND dirty <> 0",
			       GB_DB_VALUES(GB_DB_INT(change->new_object_no)), err);
	}
	return rc;
}

/*
 * A member that was never looked at has only links that are dirty already, and none of them is
 * counted: if it is found at once, its groups need not be told. That is the whole initial cycle.
 */
static bool is_first_find(const struct change *change)
{
	return change->old_code == 0 && change->old_object_no == 0 && change->new_object_no != 0;
}

static enum gb_rc store(struct gb_state *state, const struct change *change, struct gb_err *err)
{
	enum gb_rc rc =
		gb_db_run(&state->db, "REPLACE INTO match VALUES (?, ?, ?)",
			  GB_DB_VALUES(GB_DB_INT(change->cloud_no), GB_DB_NO(change->new_object_no),
				       GB_DB_INT(change->new_code)),
			  err);

	gb_sizes_add(state, &state->sizes.matched,
		     (change->new_object_no != 0) - (change->old_object_no != 0));
	if (rc == GB_OK && change->old_object_no != change->new_object_no) {
		rc = tell_itself(state, change, err);
	}
	return rc;
}

enum gb_rc gb_match_put(struct gb_state *state, int64_t cloud_no, int64_t object_no, int code,
			struct gb_err *err)
{
	struct change change = {.cloud_no = cloud_no, .new_object_no = object_no, .new_code = code};
	enum gb_rc rc = read_old(state, &change, err);
	bool moves = change.old_object_no != object_no;

	if (rc != GB_OK || (!moves && change.old_code == code)) {
		return rc;
	}
	rc = store(state, &change, err);
	/* Another rule that finds the same object changes nothing for its groups. */
	if (rc == GB_OK && (moves || !object_no) && !is_first_find(&change)) {
		rc = tell_groups(state, &change, err);
	}
	return rc;
}

enum gb_rc gb_state_match_set(struct gb_state *state, int64_t cloud_no, int64_t object_no, int code,
			      struct gb_err *err)
{
	enum gb_rc rc;

	assert(code > 0 && code <= GB_STATE_MAX_CODE);
	rc = gb_match_put(state, cloud_no, object_no, code, err);
	if (rc == GB_OK) {
		rc = gb_db_run(&state->db, "DELETE FROM due WHERE no = ?",
			       GB_DB_VALUES(GB_DB_INT(cloud_no)), err);
	}
	return rc;
}

enum gb_rc gb_match_drop_object(struct gb_state *state, int64_t object_no, struct gb_err *err)
{
	int64_t cloud_no = 0;
	enum gb_rc rc = GB_OK;

	do {
		rc = gb_db_read_int(&state->db,
				    "SELECT cloud_no FROM match WHERE object_no = ? LIMIT 1",
				    GB_DB_VALUES(GB_DB_INT(object_no)), 0, &cloud_no, err);
		if (rc == GB_OK && cloud_no) {
			rc = gb_mark_due(state, cloud_no, err);
		}
		if (rc == GB_OK && cloud_no) {
			rc = gb_match_put(state, cloud_no, 0, 0, err);
		}
	} while (rc == GB_OK && cloud_no);
	return rc;
}

enum gb_rc gb_match_group_of(struct gb_state *state, int64_t object_no, int64_t *ret_cloud_no,
			     struct gb_err *err)
{
	return gb_db_read_int(&state->db,
			      "SELECT g.no FROM match m JOIN cloud_group g ON g.no = m.cloud_no"
			      " WHERE m.object_no = ? ORDER BY g.no LIMIT 1",
			      GB_DB_VALUES(GB_DB_INT(object_no)), 0, ret_cloud_no, err);
}
