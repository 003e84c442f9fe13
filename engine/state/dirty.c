/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks that changes leave, and clearing them. */
#include "config.h"

#include "engine/state/dirty.h"

#include "engine/state/dn_key.h"
#include "engine/state/marks.h"

enum gb_rc gb_mark_cloud(struct gb_state *state, int64_t cloud_no, unsigned bits,
			 struct gb_err *err)
{
	return gb_db_run(&state->db,
			 "UPDATE cloud_object SET dirty = dirty | ?2"
			 " WHERE no = ?1 AND dirty & ?2 <> ?2",
			 GB_DB_VALUES(GB_DB_INT(cloud_no), GB_DB_INT(bits)), err);
}

enum gb_rc gb_mark_directory(struct gb_state *state, int64_t object_no, unsigned bits,
			     struct gb_err *err)
{
	struct gb_db_values values = GB_DB_VALUES(GB_DB_INT(object_no), GB_DB_INT(bits));
	enum gb_rc rc =
		gb_db_run(&state->db,
			  "UPDATE cloud_object SET dirty = dirty | ?2 WHERE no IN"
			  " (SELECT g.no FROM match m JOIN cloud_group g ON g.no = m.cloud_no"
			  " WHERE m.object_no = ?1)",
			  values, err);

	if (rc != GB_OK || gb_db_changed(&state->db) > 0) {
		return rc;
	}
	return gb_db_run(&state->db,
			 "UPDATE directory_group SET dirty = dirty | ?2"
			 " WHERE no = ?1 AND dirty & ?2 <> ?2",
			 values, err);
}

enum gb_rc gb_mark_cloud_link(struct gb_state *state, int64_t group_no, int64_t member_no,
			      struct gb_err *err)
{
	int64_t dirty = 0;
	enum gb_rc rc = gb_db_read_int(&state->db, "SELECT dirty FROM cloud_object WHERE no = ?",
				       GB_DB_VALUES(GB_DB_INT(group_no)), 0, &dirty, err);

	if (rc != GB_OK || (dirty & GB_DIRTY_MEMBERS)) {
		return rc;
	}
	rc = gb_db_run(&state->db, "INSERT OR IGNORE INTO dirty_cloud_link VALUES (?, ?)",
		       GB_DB_VALUES(GB_DB_INT(group_no), GB_DB_INT(member_no)), err);
	return rc == GB_OK ? gb_mark_cloud(state, group_no, GB_DIRTY_LINKS, err) : rc;
}

enum gb_rc gb_mark_directory_link(struct gb_state *state, int64_t group_no, int64_t member_no,
				  struct gb_err *err)
{
	enum gb_rc rc =
		gb_db_run(&state->db, "INSERT OR IGNORE INTO dirty_directory_link VALUES (?, ?)",
			  GB_DB_VALUES(GB_DB_INT(group_no), GB_DB_INT(member_no)), err);

	return rc == GB_OK ? gb_mark_directory(state, group_no, GB_DIRTY_LINKS, err) : rc;
}

enum gb_rc gb_mark_due(struct gb_state *state, int64_t cloud_no, struct gb_err *err)
{
	return gb_db_run(&state->db, "INSERT OR IGNORE INTO due VALUES (?)",
			 GB_DB_VALUES(GB_DB_INT(cloud_no)), err);
}

static enum gb_rc mark_due_where(struct gb_state *state, const char *sql, struct gb_db_value key,
				 struct gb_err *err)
{
	if (key.type == GB_DB_IS_NULL) {
		return GB_OK;
	}
	return gb_db_run(&state->db, sql, GB_DB_VALUES(key), err);
}

/* A key leads to the same cloud objects whichever rule it serves; who is due for nothing is cheap. */
enum gb_rc gb_mark_due_for(struct gb_state *state, int64_t object_no,
			   const struct gb_directory_object *object, struct gb_err *err)
{
	static const char by_immutable_id[] =
		"INSERT OR IGNORE INTO due SELECT no FROM cloud_object WHERE immutable_id = ?";
	struct gb_db_value dn_hash = gb_dn_key_hash_value(object->dn_key);
	const struct {
		const char *sql;
		struct gb_db_value key;
	} marks[] = {
		{"INSERT OR IGNORE INTO due SELECT cloud_no FROM match WHERE object_no = ?",
		 GB_DB_INT(object_no)},
		{"INSERT OR IGNORE INTO due SELECT no FROM cloud_object WHERE sid = ?",
		 GB_DB_SID(&object->sid)},
		{by_immutable_id, GB_DB_GUID(&object->guid)},
		{by_immutable_id, GB_DB_GUID(&object->consistency_guid)},
		{"INSERT OR IGNORE INTO due SELECT no FROM cloud_object WHERE dn_hash = ?",
		 dn_hash},
		{"INSERT OR IGNORE INTO due SELECT no FROM cloud_object"
		 " WHERE mail = ? COLLATE NOCASE",
		 GB_DB_TEXT(object->mail)},
	};
	enum gb_rc rc = GB_OK;

	for (size_t i = 0; i < GB_ARRAY_SIZE(marks) && rc == GB_OK; i++) {
		rc = mark_due_where(state, marks[i].sql, marks[i].key, err);
	}
	return rc;
}

enum gb_rc gb_state_dirty_mark(struct gb_state *state, int64_t cloud_no, int64_t object_no,
			       unsigned what, struct gb_err *err)
{
	return cloud_no ? gb_mark_cloud(state, cloud_no, what, err)
			: gb_mark_directory(state, object_no, what, err);
}

enum gb_rc gb_state_dirty_mark_all(struct gb_state *state, struct gb_err *err)
{
	enum gb_rc rc = gb_db_run(&state->db,
				  "UPDATE cloud_object SET dirty = dirty | ?"
				  " WHERE no IN (SELECT no FROM cloud_group)",
				  GB_DB_VALUES(GB_DB_INT(GB_DIRTY_ALL)), err);

	if (rc != GB_OK) {
		return rc;
	}
	return gb_db_run(&state->db,
			 "UPDATE directory_group SET dirty = dirty | ? WHERE is_ours AND NOT EXISTS"
			 " (SELECT 1 FROM match m WHERE m.object_no = directory_group.no)",
			 GB_DB_VALUES(GB_DB_INT(GB_DIRTY_ALL)), err);
}

enum gb_rc gb_state_dirty_mark_range(struct gb_state *state, const struct gb_guid *first,
				     const struct gb_guid *last, struct gb_err *err)
{
	/* The first of all ids is a limit here, and not "none". */
	struct gb_db_values values = GB_DB_VALUES(GB_DB_INT(GB_DIRTY_ALL),
						  GB_DB_BLOB(first->bytes, sizeof(first->bytes)),
						  GB_DB_BLOB(last->bytes, sizeof(last->bytes)));
	enum gb_rc rc = gb_db_run(&state->db,
				  "UPDATE cloud_object SET dirty = dirty | ?1"
				  " WHERE type = 2 AND id BETWEEN ?2 AND ?3 AND EXISTS"
				  " (SELECT 1 FROM cloud_group g WHERE g.no = cloud_object.no)",
				  values, err);

	if (rc != GB_OK) {
		return rc;
	}
	return gb_db_run(&state->db,
			 "UPDATE directory_group SET dirty = dirty | ?1"
			 " WHERE is_ours AND cloud_id BETWEEN ?2 AND ?3 AND NOT EXISTS"
			 " (SELECT 1 FROM match m WHERE m.object_no = directory_group.no)",
			 values, err);
}

static enum gb_rc run_for(struct gb_state *state, const char *sql, int64_t no, struct gb_err *err)
{
	return gb_db_run(&state->db, sql, GB_DB_VALUES(GB_DB_INT(no)), err);
}

enum gb_rc gb_state_dirty_clear(struct gb_state *state, int64_t cloud_no, int64_t object_no,
				struct gb_err *err)
{
	enum gb_rc rc =
		run_for(state, "UPDATE cloud_object SET dirty = 0 WHERE no = ? AND dirty <> 0",
			cloud_no, err);

	if (rc == GB_OK) {
		rc = run_for(state, "DELETE FROM dirty_cloud_link WHERE group_no = ?", cloud_no,
			     err);
	}
	if (rc == GB_OK) {
		rc = run_for(state,
			     "UPDATE directory_group SET dirty = 0 WHERE no = ? AND dirty <> 0",
			     object_no, err);
	}
	if (rc == GB_OK) {
		rc = run_for(state, "DELETE FROM dirty_directory_link WHERE group_no = ?",
			     object_no, err);
	}
	return rc;
}
