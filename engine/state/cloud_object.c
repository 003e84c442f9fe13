/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What groups and other objects of the cloud space have in common. */
#include "config.h"

#include "engine/state/cloud_object.h"

#include "engine/base/clock.h"
#include "engine/state/cloud_space.h"
#include "engine/state/marks.h"
#include "engine/state/sizes.h"

int64_t gb_cloud_object_generation(const struct gb_state *state, enum gb_cloud_type type)
{
	return state
		->generations[type == GB_CLOUD_GROUP ? GB_FULL_CLOUD_GROUPS : GB_FULL_CLOUD_PEOPLE];
}

static void count(struct gb_state *state, enum gb_cloud_type type, enum gb_cloud_life life,
		  int difference)
{
	int64_t *size =
		type == GB_CLOUD_GROUP ? &state->sizes.cloud_groups : &state->sizes.cloud_members;

	gb_sizes_add(state, size, life == GB_LIFE_LIVE ? difference : 0);
}

enum gb_rc gb_cloud_object_inserted(struct gb_state *state, enum gb_cloud_type type,
				    int64_t *ret_no, struct gb_err *err)
{
	*ret_no = sqlite3_last_insert_rowid(state->db.handle);
	count(state, type, GB_LIFE_LIVE, 1);
	return gb_mark_due(state, *ret_no, err);
}

enum gb_rc gb_cloud_object_insert(struct gb_state *state, const struct gb_guid *id,
				  enum gb_cloud_type type, int64_t *ret_no, struct gb_err *err)
{
	enum gb_rc rc = gb_db_run(&state->db,
				  "INSERT INTO cloud_object (id, type, life, readable, sync, seen)"
				  " VALUES (?, ?, 0, 0, -1, ?)",
				  GB_DB_VALUES(GB_DB_GUID(id), GB_DB_INT(type),
					       GB_DB_INT(gb_cloud_object_generation(state, type))),
				  err);

	return rc == GB_OK ? gb_cloud_object_inserted(state, type, ret_no, err) : rc;
}

enum gb_rc gb_cloud_object_see(struct gb_state *state, int64_t no, int64_t generation,
			       struct gb_err *err)
{
	return gb_db_run(&state->db, "UPDATE cloud_object SET seen = ? WHERE no = ?",
			 GB_DB_VALUES(GB_DB_INT(generation), GB_DB_INT(no)), err);
}

enum gb_rc gb_state_cloud_find(struct gb_state *state, const struct gb_guid *id, int64_t *ret_no,
			       struct gb_err *err)
{
	return gb_db_read_int(&state->db, "SELECT no FROM cloud_object WHERE id = ?",
			      GB_DB_VALUES(GB_DB_GUID(id)), 0, ret_no, err);
}

enum gb_rc gb_state_cloud_find_seen(struct gb_state *state, const struct gb_guid *id,
				    enum gb_cloud_type type, int64_t *ret_no, struct gb_err *err)
{
	return gb_db_read_int(
		&state->db,
		"SELECT no FROM cloud_object WHERE id = ? AND type = ? AND seen = ? AND life = 0"
		" AND readable AND (sync <> -1 OR display_name IS NOT NULL OR sid IS NOT NULL"
		" OR immutable_id IS NOT NULL OR dn IS NOT NULL)",
		GB_DB_VALUES(GB_DB_GUID(id), GB_DB_INT(type),
			     GB_DB_INT(gb_cloud_object_generation(state, type))),
		0, ret_no, err);
}

enum gb_rc gb_state_cloud_put_stub(struct gb_state *state, const struct gb_guid *id,
				   enum gb_cloud_type type, int64_t *ret_no, struct gb_err *err)
{
	enum gb_rc rc = gb_state_cloud_find(state, id, ret_no, err);

	return rc == GB_OK && *ret_no == 0 ? gb_cloud_object_insert(state, id, type, ret_no, err)
					   : rc;
}

/* Type and life of an object; *ret_life -1 if there is none. */
static enum gb_rc read_life(struct gb_state *state, int64_t no, enum gb_cloud_type *ret_type,
			    int *ret_life, struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = false;
	enum gb_rc rc = gb_db_query(&state->db, "SELECT type, life FROM cloud_object WHERE no = ?",
				    GB_DB_VALUES(GB_DB_INT(no)), &query, err);

	if (rc == GB_OK) {
		rc = gb_db_next(&query, &has_row, err);
	}
	if (rc == GB_OK) {
		*ret_type = has_row ? (enum gb_cloud_type)gb_db_int(&query, 0) : GB_CLOUD_OTHER;
		*ret_life = has_row ? (int)gb_db_int(&query, 1) : -1;
	}
	gb_db_query_end(&query);
	return rc;
}

static enum gb_rc end_group(struct gb_state *state, int64_t no, struct gb_err *err)
{
	enum gb_rc rc =
		gb_db_run(&state->db, "UPDATE cloud_group SET life_since_ms = ? WHERE no = ?",
			  GB_DB_VALUES(GB_DB_INT(gb_clock_wall_ms()), GB_DB_INT(no)), err);

	return rc == GB_OK ? gb_mark_cloud(state, no, GB_DIRTY_ALL, err) : rc;
}

enum gb_rc gb_cloud_object_revive(struct gb_state *state, int64_t no, enum gb_cloud_type type,
				  struct gb_err *err)
{
	enum gb_cloud_type old_type = GB_CLOUD_OTHER;
	int old_life = -1;
	enum gb_rc rc = read_life(state, no, &old_type, &old_life, err);

	if (rc != GB_OK || (old_type == type && old_life == GB_LIFE_LIVE)) {
		return rc;
	}
	count(state, old_type, (enum gb_cloud_life)old_life, -1);
	count(state, type, GB_LIFE_LIVE, 1);
	return gb_db_run(&state->db, "UPDATE cloud_object SET type = ?, life = 0 WHERE no = ?",
			 GB_DB_VALUES(GB_DB_INT(type), GB_DB_INT(no)), err);
}

enum gb_rc gb_cloud_object_end(struct gb_state *state, int64_t no, enum gb_cloud_life life,
			       struct gb_err *err)
{
	enum gb_cloud_type type = GB_CLOUD_OTHER;
	int old_life = -1;
	enum gb_rc rc = read_life(state, no, &type, &old_life, err);

	if (rc != GB_OK || old_life < 0 || old_life == (int)life) {
		return rc;
	}
	count(state, type, (enum gb_cloud_life)old_life, -1);
	count(state, type, life, 1);
	rc = gb_db_run(&state->db, "UPDATE cloud_object SET life = ? WHERE no = ?",
		       GB_DB_VALUES(GB_DB_INT(life), GB_DB_INT(no)), err);
	if (rc == GB_OK && type == GB_CLOUD_GROUP) {
		rc = end_group(state, no, err);
	}
	return rc == GB_OK ? gb_mark_due(state, no, err) : rc;
}

enum gb_rc gb_state_cloud_remove(struct gb_state *state, const struct gb_guid *id,
				 enum gb_cloud_removed removed, int64_t *ret_no, struct gb_err *err)
{
	enum gb_cloud_life life =
		removed == GB_REMOVED_CHANGED ? GB_LIFE_SOFT_DELETED : GB_LIFE_GONE;
	int64_t no = 0;
	enum gb_rc rc = gb_state_cloud_find(state, id, &no, err);

	if (rc == GB_OK && no != 0) {
		rc = gb_cloud_object_end(state, no, life, err);
	}
	if (rc == GB_OK && ret_no) {
		*ret_no = no;
	}
	return rc;
}
