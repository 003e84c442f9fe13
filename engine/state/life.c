/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lapses and graves. */
#include "config.h"

#include "engine/state/life.h"

#include "engine/base/mem.h"
#include "engine/state/state_private.h"

enum gb_rc gb_state_lapse_set(struct gb_state *state, const struct gb_guid *cloud_id, int lapse,
			      int64_t now_ms, struct gb_err *err)
{
	return gb_db_run(&state->db,
			 "INSERT INTO lapse VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE"
			 " SET lapse = ?2, since_ms = ?3 WHERE lapse <> ?2 OR since_ms > ?3",
			 GB_DB_VALUES(GB_DB_GUID(cloud_id), GB_DB_INT(lapse), GB_DB_INT(now_ms)),
			 err);
}

enum gb_rc gb_state_lapse_clear(struct gb_state *state, const struct gb_guid *cloud_id,
				struct gb_err *err)
{
	return gb_db_run(&state->db, "DELETE FROM lapse WHERE cloud_id = ?",
			 GB_DB_VALUES(GB_DB_GUID(cloud_id)), err);
}

static void read_lapse(const struct gb_db_query *query, struct gb_state_lapse *ret_lapse)
{
	ret_lapse->cloud_id = gb_db_guid(query, 0);
	ret_lapse->lapse = (int)gb_db_int(query, 1);
	ret_lapse->since_ms = gb_db_int(query, 2);
}

enum gb_rc gb_state_lapse_get(struct gb_state *state, const struct gb_guid *cloud_id,
			      struct gb_state_lapse *ret_lapse, struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = false;
	enum gb_rc rc = gb_db_query(
		&state->db, "SELECT cloud_id, lapse, since_ms FROM lapse WHERE cloud_id = ?",
		GB_DB_VALUES(GB_DB_GUID(cloud_id)), &query, err);

	*ret_lapse = (struct gb_state_lapse){.cloud_id = *cloud_id};
	if (rc == GB_OK) {
		rc = gb_db_next(&query, &has_row, err);
	}
	if (rc == GB_OK && has_row) {
		read_lapse(&query, ret_lapse);
	}
	gb_db_query_end(&query);
	return rc;
}

enum gb_rc gb_state_lapse_count(struct gb_state *state, size_t *ret_count, struct gb_err *err)
{
	int64_t total = 0;
	enum gb_rc rc = gb_db_read_int(&state->db, "SELECT count(*) FROM lapse", GB_DB_NO_VALUES, 0,
				       &total, err);

	*ret_count = (size_t)total;
	return rc;
}

enum gb_rc gb_state_lapse_list(const void *ctx, struct gb_state *state, size_t max,
			       struct gb_state_lapse **ret_lapses, size_t *ret_count,
			       size_t *ret_total, struct gb_err *err)
{
	struct gb_state_lapse *lapses = gb_new_array(ctx, struct gb_state_lapse, max);
	struct gb_db_query query = {0};
	bool has_row = true;
	size_t count = 0;
	enum gb_rc rc = gb_state_lapse_count(state, ret_total, err);

	if (rc == GB_OK) {
		rc = gb_db_query(&state->db,
				 "SELECT cloud_id, lapse, since_ms FROM lapse"
				 " ORDER BY since_ms, cloud_id LIMIT ?",
				 GB_DB_VALUES(GB_DB_INT(max)), &query, err);
	}
	while (rc == GB_OK && has_row && count < max) {
		rc = gb_db_next(&query, &has_row, err);
		if (rc == GB_OK && has_row) {
			read_lapse(&query, &lapses[count++]);
		}
	}
	gb_db_query_end(&query);
	*ret_lapses = lapses;
	*ret_count = count;
	return rc;
}

enum gb_rc gb_state_grave_set(struct gb_state *state, const struct gb_guid *cloud_id,
			      const struct gb_state_grave *grave, struct gb_err *err)
{
	return gb_db_run(&state->db, "REPLACE INTO grave VALUES (?, ?, ?, ?, ?)",
			 GB_DB_VALUES(GB_DB_GUID(cloud_id), GB_DB_GUID(&grave->guid),
				      GB_DB_SID(&grave->sid), GB_DB_TEXT(grave->dn),
				      GB_DB_INT(grave->buried_ms)),
			 err);
}

static enum gb_rc forget(struct gb_state *state, const char *sql, const struct gb_guid *cloud_id,
			 struct gb_err *err)
{
	return gb_db_run(&state->db, sql, GB_DB_VALUES(GB_DB_GUID(cloud_id)), err);
}

enum gb_rc gb_state_grave_clear(struct gb_state *state, const struct gb_guid *cloud_id,
				struct gb_err *err)
{
	enum gb_rc rc = forget(state, "DELETE FROM grave WHERE cloud_id = ?", cloud_id, err);

	if (rc == GB_OK) {
		rc = forget(state, "DELETE FROM grave_member WHERE cloud_id = ?", cloud_id, err);
	}
	return rc == GB_OK
		       ? forget(state, "DELETE FROM grave_parent WHERE cloud_id = ?", cloud_id, err)
		       : rc;
}

enum gb_rc gb_state_grave_keep_members(struct gb_state *state, const struct gb_guid *cloud_id,
				       int64_t object_no, struct gb_err *err)
{
	enum gb_rc rc = forget(state, "DELETE FROM grave_member WHERE cloud_id = ?", cloud_id, err);

	return rc == GB_OK
		       ? gb_db_run(&state->db,
				   "INSERT INTO grave_member SELECT ?, member_no"
				   " FROM directory_link WHERE group_no = ?",
				   GB_DB_VALUES(GB_DB_GUID(cloud_id), GB_DB_INT(object_no)), err)
		       : rc;
}

/* One column of numbers, all of them or none. */
static enum gb_rc read_numbers(const void *ctx, struct gb_state *state, const char *sql,
			       const struct gb_guid *cloud_id, int64_t **ret_numbers,
			       size_t *ret_count, struct gb_err *err)
{
	int64_t *numbers = gb_new_array(ctx, int64_t, 16);
	struct gb_db_query query;
	bool has_row = true;
	size_t count = 0;
	enum gb_rc rc =
		gb_db_query(&state->db, sql, GB_DB_VALUES(GB_DB_GUID(cloud_id)), &query, err);

	while (rc == GB_OK && has_row) {
		rc = gb_db_next(&query, &has_row, err);
		if (rc != GB_OK || !has_row) {
			break;
		}
		if (count == talloc_array_length(numbers)) {
			numbers = gb_mem_check(
				talloc_realloc(ctx, numbers, int64_t, gb_mem_count(count * 2)));
		}
		numbers[count++] = gb_db_int(&query, 0);
	}
	gb_db_query_end(&query);
	*ret_numbers = numbers;
	*ret_count = count;
	return rc;
}

enum gb_rc gb_state_grave_members(const void *ctx, struct gb_state *state,
				  const struct gb_guid *cloud_id, int64_t **ret_members,
				  size_t *ret_count, struct gb_err *err)
{
	return read_numbers(ctx, state,
			    "SELECT member_no FROM grave_member WHERE cloud_id = ?"
			    " AND member_no IN (SELECT no FROM directory_object)"
			    " ORDER BY member_no",
			    cloud_id, ret_members, ret_count, err);
}

enum gb_rc gb_state_grave_parents(const void *ctx, struct gb_state *state,
				  const struct gb_guid *cloud_id, int64_t **ret_groups,
				  size_t *ret_count, struct gb_err *err)
{
	return read_numbers(ctx, state,
			    "SELECT group_no FROM grave_parent WHERE cloud_id = ?"
			    " AND group_no IN (SELECT no FROM directory_object)"
			    " ORDER BY group_no",
			    cloud_id, ret_groups, ret_count, err);
}

enum gb_rc gb_state_grave_prune(struct gb_state *state, int64_t before_ms, struct gb_err *err)
{
	struct gb_db_values values = GB_DB_VALUES(GB_DB_INT(before_ms));
	enum gb_rc rc = gb_db_run(&state->db,
				  "DELETE FROM grave_member WHERE cloud_id IN"
				  " (SELECT cloud_id FROM grave WHERE buried_ms < ?)",
				  values, err);

	return rc == GB_OK ? gb_db_run(&state->db,
				       "DELETE FROM grave_parent WHERE cloud_id IN"
				       " (SELECT cloud_id FROM grave WHERE buried_ms < ?)",
				       values, err)
			   : rc;
}

enum gb_rc gb_state_grave_get(const void *ctx, struct gb_state *state,
			      const struct gb_guid *cloud_id, struct gb_state_grave *ret_grave,
			      struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = false;
	enum gb_rc rc = gb_db_query(&state->db,
				    "SELECT guid, sid, dn, buried_ms FROM grave WHERE cloud_id = ?",
				    GB_DB_VALUES(GB_DB_GUID(cloud_id)), &query, err);

	*ret_grave = (struct gb_state_grave){0};
	if (rc == GB_OK) {
		rc = gb_db_next(&query, &has_row, err);
	}
	if (rc == GB_OK && has_row) {
		ret_grave->guid = gb_db_guid(&query, 0);
		ret_grave->sid = gb_db_sid(&query, 1);
		ret_grave->dn = gb_db_text(ctx, &query, 2);
		ret_grave->buried_ms = gb_db_int(&query, 3);
	}
	gb_db_query_end(&query);
	return rc;
}

enum gb_rc gb_state_fight_note(struct gb_state *state, const struct gb_guid *cloud_id,
			       const char *digest, const char *what, int64_t now_ms,
			       int64_t window_ms, struct gb_err *err)
{
	return gb_db_run(&state->db,
			 "INSERT INTO fight VALUES (?1, ?2, ?3, 1, ?4) ON CONFLICT DO UPDATE SET"
			 " runs = CASE WHEN digest = ?2 AND ?4 - last_ms BETWEEN 0 AND ?5"
			 " THEN runs + 1 ELSE 1 END, digest = ?2, what = ?3, last_ms = ?4",
			 GB_DB_VALUES(GB_DB_GUID(cloud_id), GB_DB_TEXT(digest), GB_DB_TEXT(what),
				      GB_DB_INT(now_ms), GB_DB_INT(window_ms)),
			 err);
}

enum gb_rc gb_state_fight_get(const void *ctx, struct gb_state *state,
			      const struct gb_guid *cloud_id, struct gb_state_fight *ret_fight,
			      struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = false;
	enum gb_rc rc =
		gb_db_query(&state->db, "SELECT what, runs, last_ms FROM fight WHERE cloud_id = ?",
			    GB_DB_VALUES(GB_DB_GUID(cloud_id)), &query, err);

	*ret_fight = (struct gb_state_fight){.what = NULL};
	if (rc == GB_OK) {
		rc = gb_db_next(&query, &has_row, err);
	}
	if (rc == GB_OK && has_row) {
		ret_fight->what = gb_db_text(ctx, &query, 0);
		ret_fight->runs = (int)gb_db_int(&query, 1);
		ret_fight->last_ms = gb_db_int(&query, 2);
	}
	gb_db_query_end(&query);
	return rc;
}

enum gb_rc gb_state_fight_clear(struct gb_state *state, const struct gb_guid *cloud_id,
				struct gb_err *err)
{
	return gb_db_run(&state->db, "DELETE FROM fight WHERE cloud_id = ?",
			 GB_DB_VALUES(GB_DB_GUID(cloud_id)), err);
}
