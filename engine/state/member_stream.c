/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The members that a group should have and the members that it has, as ascending numbers. */
#include "config.h"

#include "engine/base/mem.h"
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

static enum gb_rc begin(const void *ctx, struct gb_state *state, const char *sql,
			const struct gb_state_group *group, struct gb_state_members_iter **ret_iter,
			struct gb_err *err)
{
	struct gb_state_members_iter *iter = gb_new(ctx, struct gb_state_members_iter);
	enum gb_rc rc =
		gb_db_query(&state->db, sql,
			    GB_DB_VALUES(GB_DB_INT(group->cloud_no), GB_DB_INT(group->object_no)),
			    &iter->query, err);

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
	return begin(ctx, state, is_restricted(group, which) ? desired_dirty : desired_all, group,
		     ret_iter, err);
}

enum gb_rc gb_state_observed_begin(const void *ctx, struct gb_state *state,
				   const struct gb_state_group *group, enum gb_state_members which,
				   struct gb_state_members_iter **ret_iter, struct gb_err *err)
{
	return begin(ctx, state, is_restricted(group, which) ? observed_dirty : observed_all, group,
		     ret_iter, err);
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
