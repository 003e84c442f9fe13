/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In how many written security groups somebody is. */
#include "config.h"

#include "engine/state/memberships.h"

#include "engine/base/directory_object.h"
#include "engine/state/state_private.h"

/* A security group has the sign bit of groupType set (MS-ADTS 2.2.12). */
enum gb_rc gb_state_memberships(struct gb_state *state, gb_memberships_on_member on_member,
				void *user, struct gb_err *err)
{
	static const char sql[] =
		"SELECT l.member_no, count(*) FROM directory_group g"
		" JOIN directory_link l ON l.group_no = g.no"
		" WHERE g.is_ours <> 0 AND g.group_type < 0 GROUP BY l.member_no";
	struct gb_db_query query;
	bool has_row = true;
	enum gb_rc rc = gb_db_query(&state->db, sql, GB_DB_NO_VALUES, &query, err);

	while (rc == GB_OK && has_row) {
		rc = gb_db_next(&query, &has_row, err);
		if (rc == GB_OK && has_row) {
			rc = on_member(user, gb_db_int(&query, 0), gb_db_int(&query, 1));
		}
	}
	gb_db_query_end(&query);
	return rc;
}

enum gb_rc gb_state_is_security_group(struct gb_state *state, int64_t object_no, bool *ret_is,
				      struct gb_err *err)
{
	int64_t type = 0;
	enum gb_rc rc =
		gb_db_read_int(&state->db, "SELECT group_type FROM directory_group WHERE no = ?",
			       GB_DB_VALUES(GB_DB_INT(object_no)), 0, &type, err);

	*ret_is = type < 0;
	return rc;
}

enum gb_rc gb_state_person_dn(const void *ctx, struct gb_state *state, int64_t object_no,
			      const char **ret_dn, struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = false;
	enum gb_rc rc = gb_db_query(&state->db,
				    "SELECT dn FROM directory_object WHERE no = ? AND class = ?",
				    GB_DB_VALUES(GB_DB_INT(object_no), GB_DB_INT(GB_CLASS_USER)),
				    &query, err);

	*ret_dn = NULL;
	if (rc == GB_OK) {
		rc = gb_db_next(&query, &has_row, err);
	}
	if (rc == GB_OK && has_row) {
		*ret_dn = gb_db_text(ctx, &query, 0);
	}
	gb_db_query_end(&query);
	return rc;
}
