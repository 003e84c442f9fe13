/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `explain` asks the state. */
#include "config.h"

#include "engine/state/explain.h"

#include "engine/base/mem.h"
#include "engine/state/pack.h"
#include "engine/state/state_private.h"

#define SELECT_OBJECT                                                                  \
	"SELECT o.no, o.id, o.type, o.life, o.display_name, coalesce(m.object_no, 0)," \
	" coalesce(m.code, 0)"
#define FROM_OBJECT " FROM cloud_object o LEFT JOIN match m ON m.cloud_no = o.no"

static enum gb_rc each(struct gb_state *state, const char *sql, struct gb_db_values values,
		       gb_explain_on_object on_object, void *user, struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = true;
	enum gb_rc rc = gb_db_query(&state->db, sql, values, &query, err);

	while (rc == GB_OK && has_row) {
		rc = gb_db_next(&query, &has_row, err);
		if (rc == GB_OK && has_row) {
			struct gb_explain_object object = {
				.no = gb_db_int(&query, 0),
				.id = gb_db_guid(&query, 1),
				.type = (enum gb_cloud_type)gb_db_int(&query, 2),
				.life = (enum gb_cloud_life)gb_db_int(&query, 3),
				.display_name = gb_db_peek_text(&query, 4),
				.object_no = gb_db_int(&query, 5),
				.code = (int)gb_db_int(&query, 6),
				.is_member = gb_db_bool(&query, 7),
			};

			rc = on_object(user, &object);
		}
	}
	gb_db_query_end(&query);
	return rc;
}

enum gb_rc gb_state_explain_find(struct gb_state *state, const char *text,
				 gb_explain_on_object on_object, void *user, struct gb_err *err)
{
	struct gb_guid id;

	if (gb_guid_parse(text, &id)) {
		return each(state, SELECT_OBJECT ", 0" FROM_OBJECT " WHERE o.id = ?",
			    GB_DB_VALUES(GB_DB_GUID(&id)), on_object, user, err);
	}
	return each(state,
		    SELECT_OBJECT ", 0" FROM_OBJECT " WHERE o.display_name = ?1 COLLATE NOCASE"
				  " OR m.object_no IN (SELECT d.no FROM directory_object d"
				  " WHERE d.sam = ?1 COLLATE NOCASE) ORDER BY o.id LIMIT 20",
		    GB_DB_VALUES(GB_DB_TEXT(text)), on_object, user, err);
}

enum gb_rc gb_state_explain_missing(struct gb_state *state, int64_t group_no,
				    int64_t group_object_no, gb_explain_on_object on_object,
				    void *user, struct gb_err *err)
{
	return each(state,
		    SELECT_OBJECT ", 0 FROM cloud_link l JOIN cloud_object o ON o.no = l.member_no"
				  " LEFT JOIN match m ON m.cloud_no = o.no WHERE l.group_no = ?1"
				  " AND NOT EXISTS (SELECT 1 FROM directory_link d"
				  " WHERE d.group_no = ?2 AND d.member_no = m.object_no)"
				  " ORDER BY o.no LIMIT 1000",
		    GB_DB_VALUES(GB_DB_INT(group_no), GB_DB_INT(group_object_no)), on_object, user,
		    err);
}

enum gb_rc gb_state_explain_groups(struct gb_state *state, int64_t member_no,
				   int64_t member_object_no, gb_explain_on_object on_object,
				   void *user, struct gb_err *err)
{
	return each(state,
		    SELECT_OBJECT ", EXISTS (SELECT 1 FROM directory_link d"
				  " WHERE d.group_no = m.object_no AND d.member_no = ?2)"
				  " FROM cloud_link l JOIN cloud_object o ON o.no = l.group_no"
				  " LEFT JOIN match m ON m.cloud_no = o.no WHERE l.member_no = ?1"
				  " ORDER BY o.id LIMIT 1000",
		    GB_DB_VALUES(GB_DB_INT(member_no), GB_DB_INT(member_object_no)), on_object,
		    user, err);
}

static bool names(const struct gb_db_query *query, int64_t member_no)
{
	int64_t members[GB_CHANGE_MAX_MEMBERS];
	int64_t count = gb_db_int(query, 4);
	size_t length;
	const void *packed = gb_db_peek_blob(query, 7, &length);

	if (count < 1 || count > GB_CHANGE_MAX_MEMBERS ||
	    !gb_unpack(packed, length, members, (size_t)count)) {
		return false;
	}
	for (int64_t i = 0; i < count; i++) {
		if (members[i] == member_no) {
			return true;
		}
	}
	return false;
}

static void take(const void *ctx, const struct gb_db_query *query,
		 struct gb_explain_change *ret_change)
{
	*ret_change = (struct gb_explain_change){
		.run_no = gb_db_int(query, 0),
		.begun_ms = gb_db_int(query, 1),
		.kind = (enum gb_change_kind)gb_db_int(query, 2),
		.status = (enum gb_outcome_status)gb_db_int(query, 3),
		.member_count = gb_db_int(query, 4),
		.dn = gb_db_text(ctx, query, 5),
		.err_text = gb_db_text(ctx, query, 6),
	};
}

enum gb_rc gb_state_explain_change(const void *ctx, struct gb_state *state, int64_t object_no,
				   bool as_member, struct gb_explain_change *ret_change,
				   struct gb_err *err)
{
	/* change.no is run_no × 2^32 + the number inside the run. */
	static const char of_object[] =
		"SELECT r.no, r.begun_ms, c.kind, c.status, c.member_count, c.dn, c.err_text,"
		" c.members FROM change c JOIN run r ON r.no = c.no >> 32 WHERE c.object_no = ?"
		" ORDER BY c.no DESC";
	static const char of_members[] =
		"SELECT r.no, r.begun_ms, c.kind, c.status, c.member_count, c.dn, c.err_text,"
		" c.members FROM change c JOIN run r ON r.no = c.no >> 32"
		" WHERE c.member_count > 0 AND ?1 = ?1 ORDER BY c.no DESC";
	struct gb_db_query query;
	bool has_row = true;
	enum gb_rc rc = gb_db_query(&state->db, as_member ? of_members : of_object,
				    GB_DB_VALUES(GB_DB_INT(object_no)), &query, err);

	*ret_change = (struct gb_explain_change){.run_no = 0};
	while (rc == GB_OK && has_row && ret_change->run_no == 0) {
		rc = gb_db_next(&query, &has_row, err);
		if (rc == GB_OK && has_row && (!as_member || names(&query, object_no))) {
			take(ctx, &query, ret_change);
		}
	}
	gb_db_query_end(&query);
	return rc;
}
