/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The members that a group should have and the members that it has, as ascending numbers. */
#include "config.h"

#include "engine/base/mem.h"
#include "engine/state/links.h"
#include "engine/state/state_private.h"
#include "engine/state/streams.h"

/*
 * Who is not READ is a slot or a stub: few, and in an index of their own, so that a million members
 * need no look at their rows.
 */
#define PRESENCE_OF(NO)                                                               \
	"(SELECT presence FROM directory_object d INDEXED BY directory_object_unread" \
	" WHERE d.no = " NO " AND d.presence <> 2)"

/* Numbers whose link is dirty on either side. ?1: cloud group, ?2: its directory object. */
#define DIRTY_NUMBERS                                                                         \
	"WITH number (no) AS MATERIALIZED (SELECT m.object_no FROM dirty_cloud_link c"        \
	" JOIN match m ON m.cloud_no = c.member_no WHERE c.group_no = ?1 AND m.object_no > 0" \
	" UNION SELECT member_no FROM dirty_directory_link WHERE group_no = ?2)"              \
	" SELECT no, " PRESENCE_OF("number.no") " FROM number WHERE EXISTS "

static const char desired_all[] = "SELECT member.no, " PRESENCE_OF(
	"member.no") " FROM (SELECT DISTINCT m.object_no AS no"
		     " FROM cloud_link l CROSS JOIN match m ON m.cloud_no = l.member_no"
		     " WHERE l.group_no = ?1 AND m.object_no > 0 AND ?2 = ?2 ORDER BY m.object_no) "
		     "AS member";

static const char observed_all[] = "SELECT l.member_no, " PRESENCE_OF(
	"l.member_no") " FROM directory_link l"
		       " WHERE ?1 = ?1 AND l.group_no = ?2 ORDER BY l.member_no";

static const char desired_dirty[] =
	DIRTY_NUMBERS "(SELECT 1 FROM match m CROSS JOIN cloud_link l ON l.group_no = ?1"
		      " AND l.member_no = m.cloud_no WHERE m.object_no = number.no) ORDER BY no";

static const char observed_dirty[] =
	DIRTY_NUMBERS "(SELECT 1 FROM directory_link l WHERE l.group_no = ?2"
		      " AND l.member_no = number.no) ORDER BY no";

struct gb_state_members_iter {
	struct gb_db_query query;
	bool at_end;
};

static int end_query(struct gb_state_members_iter *iter)
{
	gb_db_query_end(&iter->query);
	return 0;
}

/*
 * A group and the groups nested in it. UNION leaves out what was met before, so circles end; SQLite
 * keeps the list in a temporary table, which goes to disk when it grows. ?1: the group, ?3: open hidden
 * membership, too.
 */
#define NESTED                                                                              \
	"WITH RECURSIVE nested (no) AS (VALUES (?1) UNION SELECT l.member_no FROM nested n" \
	" CROSS JOIN cloud_link l ON l.group_no = n.no"                                     \
	" CROSS JOIN cloud_object o ON o.no = l.member_no AND o.type = 2 AND o.life = 0"    \
	" CROSS JOIN cloud_group g ON g.no = o.no AND (g.hidden = 0 OR ?3)) "

/* ?4: direct members that are groups stay. */
static const char desired_flat[] = NESTED "SELECT member.no, " PRESENCE_OF(
	"member.no") " FROM (SELECT DISTINCT m.object_no AS no FROM nested n"
		     " CROSS JOIN cloud_link l ON l.group_no = n.no"
		     " CROSS JOIN match m ON m.cloud_no = l.member_no AND m.object_no > 0"
		     " CROSS JOIN cloud_object o ON o.no = l.member_no"
		     " WHERE ?2 = ?2 AND (o.type <> 2 OR (?4 AND n.no = ?1))"
		     " ORDER BY m.object_no) AS member";

static enum gb_rc begin(const void *ctx, struct gb_state *state, const char *sql,
			struct gb_db_values values, struct gb_state_members_iter **ret_iter,
			struct gb_err *err)
{
	struct gb_state_members_iter *iter = gb_new(ctx, struct gb_state_members_iter);
	enum gb_rc rc = gb_db_query(&state->db, sql, values, &iter->query, err);

	if (rc != GB_OK) {
		talloc_free(iter);
		return rc;
	}
	talloc_set_destructor(iter, end_query);
	*ret_iter = iter;
	return GB_OK;
}

/* A group that is dirty as a whole has no complete list of dirty links. */
static bool is_restricted(const struct gb_state_group *group, enum gb_state_members which)
{
	return which == GB_MEMBERS_DIRTY && !(group->dirty & GB_DIRTY_MEMBERS);
}

enum gb_rc gb_state_desired_begin(const void *ctx, struct gb_state *state,
				  const struct gb_state_group *group, enum gb_state_members which,
				  struct gb_state_members_iter **ret_iter, struct gb_err *err)
{
	return begin(ctx, state, is_restricted(group, which) ? desired_dirty : desired_all,
		     GB_DB_VALUES(GB_DB_INT(group->cloud_no), GB_DB_INT(group->object_no)),
		     ret_iter, err);
}

enum gb_rc gb_state_observed_begin(const void *ctx, struct gb_state *state,
				   const struct gb_state_group *group, enum gb_state_members which,
				   struct gb_state_members_iter **ret_iter, struct gb_err *err)
{
	return begin(ctx, state, is_restricted(group, which) ? observed_dirty : observed_all,
		     GB_DB_VALUES(GB_DB_INT(group->cloud_no), GB_DB_INT(group->object_no)),
		     ret_iter, err);
}

enum gb_rc gb_state_flat_begin(const void *ctx, struct gb_state *state,
			       const struct gb_state_group *group, const struct gb_state_flat *flat,
			       struct gb_state_members_iter **ret_iter, struct gb_err *err)
{
	return begin(ctx, state, desired_flat,
		     GB_DB_VALUES(GB_DB_INT(group->cloud_no), GB_DB_INT(group->object_no),
				  GB_DB_INT(flat->with_hidden), GB_DB_INT(flat->keeps_groups)),
		     ret_iter, err);
}

static enum gb_rc look_at_codes(struct gb_state *state, struct gb_db_values values,
				struct gb_state_flat_facts *facts, struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = true;
	enum gb_rc rc = gb_db_query(&state->db,
				    NESTED "SELECT u.code, sum(u.count) FROM nested n"
					   " CROSS JOIN group_unmatched u ON u.group_no = n.no"
					   " GROUP BY u.code ORDER BY u.code",
				    values, &query, err);

	while (rc == GB_OK && has_row) {
		rc = gb_db_next(&query, &has_row, err);
		if (rc == GB_OK && has_row) {
			bool is_full = facts->unmatched_count == GB_STATE_MAX_CODE_COUNTS;
			size_t i = is_full ? facts->unmatched_count - 1 : facts->unmatched_count++;

			facts->unmatched[i].code = (int)gb_db_int(&query, 0);
			facts->unmatched[i].count += (size_t)gb_db_int(&query, 1);
		}
	}
	gb_db_query_end(&query);
	return rc;
}

/* A nested group that no list of groups named (no row of its own) is not known either. */
static const char flat_unknown[] =
	NESTED "SELECT count(*) FROM nested n CROSS JOIN cloud_group g ON g.no = n.no"
	       " WHERE NOT g.members_known OR EXISTS (SELECT 1 FROM cloud_link l"
	       " JOIN cloud_object o ON o.no = l.member_no WHERE l.group_no = n.no AND o.type = 2"
	       " AND o.life = 0 AND NOT EXISTS (SELECT 1 FROM cloud_group c WHERE c.no = o.no))";

static const char flat_listed[] =
	NESTED "SELECT count(DISTINCT l.member_no) FROM nested n"
	       " CROSS JOIN cloud_link l ON l.group_no = n.no"
	       " CROSS JOIN cloud_object o ON o.no = l.member_no WHERE o.type <> 2";

enum gb_rc gb_state_flat_look(struct gb_state *state, int64_t cloud_no,
			      const struct gb_state_flat *flat,
			      struct gb_state_flat_facts *ret_facts, struct gb_err *err)
{
	struct gb_db_values values =
		GB_DB_VALUES(GB_DB_INT(cloud_no), GB_DB_INT(0), GB_DB_INT(flat->with_hidden));
	int64_t unknown = 0;
	int64_t listed = 0;
	enum gb_rc rc = gb_db_read_int(&state->db, flat_unknown, values, 0, &unknown, err);

	*ret_facts = (struct gb_state_flat_facts){.members_known = unknown == 0};
	if (rc == GB_OK) {
		rc = gb_db_read_int(&state->db, flat_listed, values, 0, &listed, err);
		ret_facts->listed = (size_t)listed;
	}
	return rc == GB_OK ? look_at_codes(state, values, ret_facts, err) : rc;
}

enum gb_rc gb_state_flat_each(struct gb_state *state, int64_t cloud_no,
			      const struct gb_state_flat *flat, gb_state_on_number on_number,
			      void *user, struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = true;
	enum gb_rc rc = gb_db_query(
		&state->db, NESTED "SELECT no FROM nested WHERE no <> ?1",
		GB_DB_VALUES(GB_DB_INT(cloud_no), GB_DB_INT(0), GB_DB_INT(flat->with_hidden)),
		&query, err);

	while (rc == GB_OK && has_row) {
		rc = gb_db_next(&query, &has_row, err);
		if (rc == GB_OK && has_row) {
			rc = on_number(user, gb_db_int(&query, 0));
		}
	}
	gb_db_query_end(&query);
	return rc;
}

enum gb_rc gb_state_flat_spread(struct gb_state *state, struct gb_err *err)
{
	enum gb_rc rc = gb_links_need_member_index(state, GB_SIDE_CLOUD, err);

	if (rc != GB_OK) {
		return rc;
	}
	return gb_db_run(
		&state->db,
		"WITH RECURSIVE above (no) AS (SELECT l.group_no FROM cloud_object o"
		" CROSS JOIN cloud_link l ON l.member_no = o.no WHERE o.dirty <> 0 AND o.type = 2"
		" UNION SELECT l.group_no FROM above a CROSS JOIN cloud_link l"
		" ON l.member_no = a.no)"
		" UPDATE cloud_object SET dirty = dirty | ?1 WHERE dirty & ?1 <> ?1"
		" AND no IN (SELECT no FROM above)",
		GB_DB_VALUES(GB_DB_INT(GB_DIRTY_MEMBERS)), err);
}

enum gb_rc gb_state_members_read(struct gb_state_members_iter *iter, struct gb_state_member *buffer,
				 size_t capacity, size_t *ret_count, struct gb_err *err)
{
	enum gb_rc rc = GB_OK;
	bool has_row = true;
	size_t count = 0;

	while (rc == GB_OK && !iter->at_end && count < capacity) {
		rc = gb_db_next(&iter->query, &has_row, err);
		if (rc == GB_OK && has_row) {
			buffer[count].object_no = gb_db_int(&iter->query, 0);
			buffer[count].presence =
				gb_db_is_null(&iter->query, 1)
					? GB_PRESENCE_READ
					: (enum gb_state_presence)gb_db_int(&iter->query, 1);
			count++;
		}
		iter->at_end = rc == GB_OK && !has_row;
	}
	if (rc == GB_OK) {
		*ret_count = count;
	}
	return rc;
}

void gb_state_members_end(struct gb_state_members_iter *iter)
{
	talloc_free(iter);
}
