/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking objects of the directory space up by their keys. */
#include "config.h"

#include <string.h>

#include "engine/base/mem.h"
#include "engine/state/directory_space.h"
#include "engine/state/dn_key.h"
#include "engine/state/links.h"
#include "engine/state/state_private.h"
#include "engine/state/streams.h"

_Static_assert(GB_STATE_MAX_CANDIDATES == 4, "the statements say LIMIT 4");

static const char by_dn[] = "SELECT no FROM directory_object WHERE dn_hash = ?"
			    " AND coalesce(dn_key, lower(dn)) = ? ORDER BY no LIMIT 4";

static enum gb_rc collect(struct gb_state *state, const char *sql, struct gb_db_values values,
			  int64_t ret_nos[GB_STATE_MAX_CANDIDATES], size_t *ret_count,
			  struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = true;
	size_t count = 0;
	enum gb_rc rc = gb_db_query(&state->db, sql, values, &query, err);

	while (rc == GB_OK && has_row && count < GB_STATE_MAX_CANDIDATES) {
		rc = gb_db_next(&query, &has_row, err);
		if (rc == GB_OK && has_row) {
			ret_nos[count++] = gb_db_int(&query, 0);
		}
	}
	gb_db_query_end(&query);
	if (rc == GB_OK) {
		*ret_count = count;
	}
	return rc;
}

enum gb_rc gb_state_directory_find(struct gb_state *state, enum gb_state_key key, const void *value,
				   int64_t ret_nos[GB_STATE_MAX_CANDIDATES], size_t *ret_count,
				   struct gb_err *err)
{
	static const char *const sql[] = {
		[GB_STATE_KEY_GUID] = "SELECT no FROM directory_object WHERE guid = ?",
		[GB_STATE_KEY_SID] =
			"SELECT no FROM directory_object WHERE sid = ? ORDER BY no LIMIT 4",
		[GB_STATE_KEY_CONSISTENCY_GUID] = "SELECT no FROM directory_object"
						  " WHERE consistency_guid = ? ORDER BY no LIMIT 4",
		[GB_STATE_KEY_DN] = by_dn,
		[GB_STATE_KEY_SAM_ACCOUNT_NAME] =
			"SELECT no FROM directory_object"
			" WHERE sam = ? COLLATE NOCASE ORDER BY no LIMIT 4",
		[GB_STATE_KEY_CLOUD_ID] = "SELECT no FROM directory_group"
					  " WHERE cloud_id = ? ORDER BY no LIMIT 4",
		[GB_STATE_KEY_MAIL] = "SELECT no FROM directory_object"
				      " WHERE mail = ? COLLATE NOCASE ORDER BY no LIMIT 4",
	};
	struct gb_db_value bound;

	switch (key) {
	case GB_STATE_KEY_SID:
		bound = GB_DB_SID((const struct gb_sid *)value);
		break;
	case GB_STATE_KEY_SAM_ACCOUNT_NAME:
	case GB_STATE_KEY_MAIL:
		bound = GB_DB_TEXT(value);
		break;
	case GB_STATE_KEY_DN:
		return collect(state, by_dn,
			       GB_DB_VALUES(gb_dn_key_hash_value(value), GB_DB_TEXT(value)),
			       ret_nos, ret_count, err);
	case GB_STATE_KEY_GUID:
	case GB_STATE_KEY_CONSISTENCY_GUID:
	case GB_STATE_KEY_CLOUD_ID:
	default:
		bound = GB_DB_GUID((const struct gb_guid *)value);
		break;
	}
	return collect(state, sql[key], GB_DB_VALUES(bound), ret_nos, ret_count, err);
}

static enum gb_rc is_taken(struct gb_state *state, enum gb_state_key key, const char *value,
			   int64_t object_no, bool *ret_taken, struct gb_err *err)
{
	int64_t nos[GB_STATE_MAX_CANDIDATES];
	size_t count = 0;
	enum gb_rc rc = gb_state_directory_find(state, key, value, nos, &count, err);

	if (rc == GB_OK) {
		*ret_taken = false;
		for (size_t i = 0; i < count; i++) {
			*ret_taken = *ret_taken || nos[i] != object_no;
		}
	}
	return rc;
}

enum gb_rc gb_state_name_taken(struct gb_state *state, const char *sam_account_name,
			       int64_t object_no, bool *ret_taken, struct gb_err *err)
{
	return is_taken(state, GB_STATE_KEY_SAM_ACCOUNT_NAME, sam_account_name, object_no,
			ret_taken, err);
}

enum gb_rc gb_state_dn_taken(struct gb_state *state, const char *dn_key, int64_t object_no,
			     bool *ret_taken, struct gb_err *err)
{
	return is_taken(state, GB_STATE_KEY_DN, dn_key, object_no, ret_taken, err);
}

enum gb_rc gb_state_presence_of(struct gb_state *state, int64_t object_no,
				enum gb_state_presence *ret_presence, struct gb_err *err)
{
	int64_t presence = GB_PRESENCE_SLOT;
	enum gb_rc rc = gb_db_read_int(
		&state->db, "SELECT presence FROM directory_object WHERE no = ?",
		GB_DB_VALUES(GB_DB_INT(object_no)), GB_PRESENCE_SLOT, &presence, err);

	if (rc == GB_OK) {
		*ret_presence = (enum gb_state_presence)presence;
	}
	return rc;
}

static enum gb_rc or_types(struct gb_state *state, const char *sql, int64_t object_no,
			   int32_t *ret_types, struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = true;
	int32_t types = 0;
	enum gb_rc rc =
		gb_db_query(&state->db, sql, GB_DB_VALUES(GB_DB_INT(object_no)), &query, err);

	while (rc == GB_OK && has_row) {
		rc = gb_db_next(&query, &has_row, err);
		if (rc == GB_OK && has_row) {
			types |= (int32_t)gb_db_int(&query, 0);
		}
	}
	gb_db_query_end(&query);
	*ret_types = types;
	return rc;
}

enum gb_rc gb_state_nested_types(struct gb_state *state, int64_t object_no, int32_t *ret_members,
				 int32_t *ret_parents, struct gb_err *err)
{
	static const char members[] =
		"SELECT DISTINCT g.group_type FROM directory_link l"
		" JOIN directory_group g ON g.no = l.member_no WHERE l.group_no = ?";
	static const char parents[] =
		"SELECT DISTINCT g.group_type FROM directory_link l"
		" JOIN directory_group g ON g.no = l.group_no WHERE l.member_no = ?";
	enum gb_rc rc = gb_links_need_member_index(state, GB_SIDE_DIRECTORY, err);

	if (rc == GB_OK) {
		rc = or_types(state, members, object_no, ret_members, err);
	}
	return rc == GB_OK ? or_types(state, parents, object_no, ret_parents, err) : rc;
}

enum gb_rc gb_state_directory_each_stranger(struct gb_state *state, gb_state_on_dn on_dn,
					    void *user, struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = true;
	enum gb_rc rc =
		gb_db_query(&state->db,
			    "SELECT dn FROM directory_object JOIN directory_group USING (no)"
			    " WHERE in_container AND presence = 2 AND NOT is_ours"
			    " AND dn IS NOT NULL ORDER BY dn",
			    GB_DB_NO_VALUES, &query, err);

	while (rc == GB_OK && has_row) {
		rc = gb_db_next(&query, &has_row, err);
		if (rc == GB_OK && has_row) {
			void *tmp = gb_new_tmp(NULL);

			rc = on_dn(user, gb_db_text(tmp, &query, 0));
			talloc_free(tmp);
		}
	}
	gb_db_query_end(&query);
	return rc;
}

enum gb_rc gb_state_directory_each_stub(struct gb_state *state, gb_state_on_sid on_sid, void *user,
					struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = true;
	enum gb_rc rc = gb_db_query(&state->db,
				    "SELECT sid FROM directory_object INDEXED BY"
				    " directory_object_unread WHERE presence <> 2"
				    " AND presence = 1 AND sid IS NOT NULL",
				    GB_DB_NO_VALUES, &query, err);

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

enum gb_rc gb_state_directory_each_own(struct gb_state *state, const struct gb_guid *first,
				       const struct gb_guid *last,
				       gb_state_on_object_no on_object_no, void *user,
				       struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = true;
	enum gb_rc rc = gb_db_query(&state->db,
				    "SELECT g.no FROM directory_group g"
				    " JOIN directory_object d USING (no)"
				    " WHERE g.cloud_id BETWEEN ? AND ? AND g.is_ours"
				    " AND d.presence = 2 ORDER BY g.cloud_id, g.no",
				    GB_DB_VALUES(GB_DB_BLOB(first->bytes, sizeof(first->bytes)),
						 GB_DB_BLOB(last->bytes, sizeof(last->bytes))),
				    &query, err);

	while (rc == GB_OK && has_row) {
		rc = gb_db_next(&query, &has_row, err);
		if (rc == GB_OK && has_row) {
			rc = on_object_no(user, gb_db_int(&query, 0));
		}
	}
	gb_db_query_end(&query);
	return rc;
}
