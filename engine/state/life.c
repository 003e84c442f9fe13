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

static enum gb_rc count_lapses(struct gb_state *state, size_t *ret_total, struct gb_err *err)
{
	int64_t total = 0;
	enum gb_rc rc = gb_db_read_int(&state->db, "SELECT count(*) FROM lapse", GB_DB_NO_VALUES, 0,
				       &total, err);

	*ret_total = (size_t)total;
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
	enum gb_rc rc = count_lapses(state, ret_total, err);

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

enum gb_rc gb_state_grave_clear(struct gb_state *state, const struct gb_guid *cloud_id,
				struct gb_err *err)
{
	return gb_db_run(&state->db, "DELETE FROM grave WHERE cloud_id = ?",
			 GB_DB_VALUES(GB_DB_GUID(cloud_id)), err);
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
