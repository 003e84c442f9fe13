/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Objects that left the directory, one or many at once. */
#include "config.h"

#include "engine/state/directory_remove.h"

#include "engine/base/clock.h"
#include "engine/base/mem.h"
#include "engine/state/cloud_space.h"
#include "engine/state/directory_object.h"
#include "engine/state/life.h"
#include "engine/state/links.h"
#include "engine/state/marks.h"
#include "engine/state/match.h"
#include "engine/state/matching.h"
#include "engine/state/sizes.h"

static enum gb_rc run_for(struct gb_state *state, const char *sql, int64_t no, struct gb_err *err)
{
	return gb_db_run(&state->db, sql, GB_DB_VALUES(GB_DB_INT(no)), err);
}

enum gb_rc gb_leavers_begin(struct gb_state *state, struct gb_err *err)
{
	enum gb_rc rc = gb_db_run(&state->db,
				  "CREATE TEMP TABLE IF NOT EXISTS leaver"
				  " (no INTEGER PRIMARY KEY, is_linked INTEGER NOT NULL DEFAULT 0)",
				  GB_DB_NO_VALUES, err);

	if (rc == GB_OK) {
		rc = gb_db_run(&state->db,
			       "CREATE TEMP TABLE IF NOT EXISTS leaver_link"
			       " (group_no INTEGER NOT NULL, member_no INTEGER NOT NULL)",
			       GB_DB_NO_VALUES, err);
	}
	if (rc == GB_OK) {
		rc = gb_db_run(&state->db, "DELETE FROM temp.leaver_link", GB_DB_NO_VALUES, err);
	}
	return rc == GB_OK ? gb_db_run(&state->db, "DELETE FROM temp.leaver", GB_DB_NO_VALUES, err)
			   : rc;
}

enum gb_rc gb_leavers_add(struct gb_state *state, int64_t no, struct gb_err *err)
{
	return run_for(state, "INSERT OR IGNORE INTO temp.leaver (no) VALUES (?)", no, err);
}

static enum gb_rc note_links(struct gb_state *state, struct gb_err *err)
{
	return gb_db_run(&state->db,
			 "UPDATE temp.leaver SET is_linked = 1 WHERE no IN"
			 " (SELECT member_no FROM directory_link)",
			 GB_DB_NO_VALUES, err);
}

static enum gb_rc find_links_to(struct gb_state *state, int64_t *ret_count, struct gb_err *err)
{
	enum gb_rc rc = gb_db_run(&state->db,
				  "INSERT INTO temp.leaver_link"
				  " SELECT group_no, member_no FROM directory_link"
				  " WHERE member_no IN (SELECT no FROM temp.leaver)",
				  GB_DB_NO_VALUES, err);

	*ret_count = gb_db_changed(&state->db);
	return rc;
}

/* Where a written group was a member, it must be one again once it is made again. */
static enum gb_rc mark_and_delete(struct gb_state *state, struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = true;
	bool changed;
	enum gb_rc rc = gb_db_query(&state->db, "SELECT group_no, member_no FROM temp.leaver_link",
				    GB_DB_NO_VALUES, &query, err);

	while (rc == GB_OK && has_row) {
		int64_t group_no;
		int64_t member_no;

		rc = gb_db_next(&query, &has_row, err);
		if (rc != GB_OK || !has_row) {
			break;
		}
		group_no = gb_db_int(&query, 0);
		member_no = gb_db_int(&query, 1);
		rc = gb_mark_directory_link(state, group_no, member_no, err);
		if (rc == GB_OK) {
			rc = gb_links_put(state, GB_SIDE_DIRECTORY, group_no, member_no, false,
					  &changed, err);
		}
	}
	gb_db_query_end(&query);
	return rc;
}

/* Where they were members, for an undo. */
static enum gb_rc keep_parents(struct gb_state *state, struct gb_err *err)
{
	return gb_db_run(&state->db,
			 "INSERT OR IGNORE INTO grave_parent"
			 " SELECT g.cloud_id, l.group_no FROM temp.leaver_link l"
			 " JOIN directory_group g ON g.no = l.member_no"
			 " WHERE g.is_ours AND g.cloud_id IS NOT NULL",
			 GB_DB_NO_VALUES, err);
}

static enum gb_rc delete_links_to(struct gb_state *state, struct gb_err *err)
{
	int64_t count = 0;
	enum gb_rc rc = find_links_to(state, &count, err);

	if (rc != GB_OK || count == 0) {
		return rc;
	}
	rc = keep_parents(state, err);
	if (rc != GB_OK) {
		return rc;
	}
	rc = gb_db_run(&state->db,
		       "UPDATE directory_group SET link_count = link_count - found.count"
		       " FROM (SELECT group_no, count(*) AS count FROM temp.leaver_link"
		       " GROUP BY group_no) AS found WHERE no = found.group_no",
		       GB_DB_NO_VALUES, err);
	return rc == GB_OK ? mark_and_delete(state, err) : rc;
}

static enum gb_rc delete_links_of(struct gb_state *state, int64_t no, struct gb_err *err)
{
	enum gb_rc rc = gb_links_drop(state, GB_SIDE_DIRECTORY, no, err);

	if (rc == GB_OK) {
		rc = run_for(state, "DELETE FROM dirty_directory_link WHERE group_no = ?", no, err);
	}
	if (rc == GB_OK) {
		rc = run_for(state, "UPDATE directory_group SET link_count = 0 WHERE no = ?", no,
			     err);
	}
	return rc;
}

/* A group that we write keeps its number and its anchor, so that it can be made again; its object is
 * remembered, so that it can be had back. */
static enum gb_rc become_slot(struct gb_state *state, const struct gb_stored_object *old,
			      struct gb_err *err)
{
	struct gb_state_directory_object row = {
		.no = old->row.no,
		.presence = GB_PRESENCE_SLOT,
		.object = {.object_class = GB_CLASS_GROUP, .in_container = true},
		.cloud_id = old->row.cloud_id};
	struct gb_state_grave grave = {.guid = old->row.object.guid,
				       .sid = old->row.object.sid,
				       .dn = old->row.object.dn,
				       .buried_ms = gb_clock_wall_ms()};
	enum gb_rc rc = gb_state_grave_set(state, &row.cloud_id, &grave, err);

	if (rc == GB_OK) {
		rc = gb_directory_object_write(state, old, &row, err);
	}
	return rc == GB_OK ? gb_mark_directory(state, row.no, GB_DIRTY_ALL | GB_DIRTY_DRIFT, err)
			   : rc;
}

/* Somebody made the group again by hand, with our anchor: that one is the group's object from now on,
 * whether it was read before or after the old one was missed. */
static enum gb_rc find_heir(struct gb_state *state, const struct gb_stored_object *old,
			    int64_t *ret_no, struct gb_err *err)
{
	return gb_db_read_int(
		&state->db,
		"SELECT g.no FROM directory_group g JOIN directory_object d USING (no)"
		" WHERE g.cloud_id = ? AND g.is_ours AND g.no <> ? AND d.presence = 2"
		" AND g.no NOT IN (SELECT no FROM temp.leaver) ORDER BY g.no LIMIT 1",
		GB_DB_VALUES(GB_DB_GUID(&old->row.cloud_id), GB_DB_INT(old->row.no)), 0, ret_no,
		err);
}

static enum gb_rc pass_on(struct gb_state *state, int64_t cloud_group_no, int64_t heir_no,
			  struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_state_cloud_group *group = NULL;
	enum gb_rc rc = gb_state_cloud_read_group(tmp, state, cloud_group_no, &group, err);

	if (rc == GB_OK) {
		rc = gb_state_match_set(state, cloud_group_no, heir_no, group->match_code, err);
	}
	if (rc == GB_OK) {
		rc = gb_mark_cloud(state, cloud_group_no, GB_DIRTY_ALL, err);
	}
	talloc_free(tmp);
	return rc;
}

/* We do not know any more who it is, only how its groups name it. */
static enum gb_rc become_stub(struct gb_state *state, const struct gb_stored_object *old,
			      struct gb_err *err)
{
	struct gb_state_directory_object row = {.no = old->row.no,
						.presence = GB_PRESENCE_STUB,
						.object = {.guid = old->row.object.guid,
							   .sid = old->row.object.sid,
							   .dn = old->row.object.dn,
							   .dn_key = old->row.object.dn_key}};

	return gb_directory_object_write(state, old, &row, err);
}

static enum gb_rc delete_rows(struct gb_state *state, const struct gb_stored_object *old,
			      struct gb_err *err)
{
	enum gb_rc rc =
		run_for(state, "DELETE FROM directory_group WHERE no = ?", old->row.no, err);

	if (rc == GB_OK) {
		rc = run_for(state, "DELETE FROM directory_object WHERE no = ?", old->row.no, err);
	}
	if (rc == GB_OK) {
		gb_sizes_add(state, &state->sizes.directory_objects,
			     old->row.presence == GB_PRESENCE_SLOT ? 0 : -1);
		gb_sizes_add(state, &state->sizes.directory_groups, -old->row.is_ours);
	}
	return rc;
}

static enum gb_rc let_go(struct gb_state *state, int64_t no, bool is_linked, struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_stored_object old = {0};
	int64_t cloud_group_no = 0;
	int64_t heir_no = 0;
	enum gb_rc rc = gb_directory_object_load(tmp, state, no, &old, err);

	if (rc == GB_OK && old.row.is_ours) {
		rc = gb_match_group_of(state, no, &cloud_group_no, err);
	}
	if (rc == GB_OK && cloud_group_no != 0) {
		rc = find_heir(state, &old, &heir_no, err);
	}
	if (rc == GB_OK && heir_no != 0) {
		rc = pass_on(state, cloud_group_no, heir_no, err);
		cloud_group_no = 0;
	}
	if (rc == GB_OK && cloud_group_no != 0) {
		rc = gb_state_grave_keep_members(state, &old.row.cloud_id, no, err);
	}
	if (rc == GB_OK && old.row.no != 0) {
		rc = delete_links_of(state, no, err);
	}
	if (rc == GB_OK && cloud_group_no == 0) {
		rc = gb_match_drop_object(state, no, err);
	}
	if (rc == GB_OK && old.row.presence == GB_PRESENCE_READ) {
		/* Who found two candidates may have one left. */
		rc = gb_mark_due_for(state, no, &old.row.object, err);
	}
	if (rc == GB_OK && old.row.no != 0) {
		rc = cloud_group_no ? become_slot(state, &old, err)
		     : is_linked    ? become_stub(state, &old, err)
				    : delete_rows(state, &old, err);
	}
	talloc_free(tmp);
	return rc;
}

static enum gb_rc next_leaver(struct gb_state *state, int64_t after, int64_t *ret_no,
			      bool *ret_is_linked, struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = false;
	enum gb_rc rc = gb_db_query(&state->db,
				    "SELECT no, is_linked FROM temp.leaver WHERE no > ?"
				    " ORDER BY no LIMIT 1",
				    GB_DB_VALUES(GB_DB_INT(after)), &query, err);

	if (rc == GB_OK) {
		rc = gb_db_next(&query, &has_row, err);
	}
	if (rc == GB_OK) {
		*ret_no = has_row ? gb_db_int(&query, 0) : 0;
		*ret_is_linked = has_row && gb_db_bool(&query, 1);
	}
	gb_db_query_end(&query);
	return rc;
}

enum gb_rc gb_leavers_go(struct gb_state *state, bool links_go, struct gb_err *err)
{
	bool is_linked = false;
	int64_t no = 0;
	enum gb_rc rc = links_go ? delete_links_to(state, err) : note_links(state, err);

	if (rc == GB_OK) {
		rc = next_leaver(state, 0, &no, &is_linked, err);
	}
	while (rc == GB_OK && no != 0) {
		rc = let_go(state, no, is_linked, err);
		if (rc == GB_OK) {
			rc = next_leaver(state, no, &no, &is_linked, err);
		}
	}
	return rc;
}

enum gb_rc gb_state_directory_remove(struct gb_state *state, int64_t no, struct gb_err *err)
{
	enum gb_rc rc = gb_leavers_begin(state, err);

	if (rc == GB_OK) {
		rc = gb_leavers_add(state, no, err);
	}
	return rc == GB_OK ? gb_leavers_go(state, true, err) : rc;
}
