/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal: storing intents and reading them back with their references. */
#include "config.h"

#include "engine/state/journal.h"

#include <assert.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/state/journal_key.h"
#include "engine/state/pack.h"
#include "engine/state/state_private.h"

/* Storing. */

static enum gb_rc add_values(struct gb_state *state, int64_t no, const struct gb_change *change,
			     struct gb_err *err)
{
	enum gb_rc rc = GB_OK;

	for (size_t i = 0; i < change->value_count && rc == GB_OK; i++) {
		const struct gb_change_value *value = &change->values[i];

		rc = gb_db_run(&state->db, "INSERT INTO change_value VALUES (?, ?, ?, ?, ?)",
			       GB_DB_VALUES(GB_DB_INT(no), GB_DB_INT(i),
					    GB_DB_TEXT(value->attribute), GB_DB_TEXT(value->value),
					    GB_DB_TEXT(value->old_value)),
			       err);
	}
	return rc;
}

static enum gb_rc add_change(struct gb_state *state, int64_t no, const struct gb_change *change,
			     struct gb_err *err)
{
	uint8_t members[GB_PACK_MAX_BYTES(GB_CHANGE_MAX_MEMBERS)];
	size_t length = gb_pack(change->members, change->member_count, members);

	return gb_db_run(
		&state->db,
		"INSERT INTO change (no, kind, object_no, cloud_id, name, dn, new_rdn,"
		" new_parent, member_count, members, status, waits)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		GB_DB_VALUES(GB_DB_INT(no), GB_DB_INT(change->kind), GB_DB_INT(change->object_no),
			     GB_DB_GUID(&change->cloud_id), GB_DB_TEXT(change->name),
			     GB_DB_TEXT(change->dn), GB_DB_TEXT(change->new_rdn),
			     GB_DB_TEXT(change->new_parent), GB_DB_INT(change->member_count),
			     GB_DB_BLOB(members, length),
			     GB_DB_INT(change->waits ? GB_OUTCOME_WAITING : GB_OUTCOME_OPEN),
			     GB_DB_INT(change->waits)),
		err);
}

enum gb_rc gb_state_journal_add(struct gb_state *state, int64_t run_no,
				const struct gb_change *change, int64_t *ret_seq,
				struct gb_err *err)
{
	int64_t last = 0;
	enum gb_rc rc;

	assert(change->object_no > 0 && change->member_count <= GB_CHANGE_MAX_MEMBERS);
	rc = gb_db_read_int(&state->db, "SELECT max(no) FROM change WHERE no BETWEEN ? AND ?",
			    GB_DB_VALUES(GB_DB_INT(gb_journal_key(run_no, 0)),
					 GB_DB_INT(gb_journal_key(run_no + 1, 0))),
			    gb_journal_key(run_no, 0), &last, err);
	if (rc == GB_OK) {
		rc = add_change(state, last + 1, change, err);
	}
	if (rc == GB_OK) {
		rc = add_values(state, last + 1, change, err);
	}
	if (rc == GB_OK && ret_seq) {
		*ret_seq = gb_journal_seq(last + 1);
	}
	return rc;
}

enum gb_rc gb_state_journal_hold(struct gb_state *state, int64_t run_no, int64_t first_seq,
				 int waits, struct gb_err *err)
{
	return gb_db_run(&state->db,
			 "UPDATE change SET status = ?3, waits = ?4 WHERE no >= ?1 AND no < ?2",
			 GB_DB_VALUES(GB_DB_INT(gb_journal_key(run_no, first_seq)),
				      GB_DB_INT(gb_journal_key(run_no + 1, 0)),
				      GB_DB_INT(waits ? GB_OUTCOME_WAITING : GB_OUTCOME_OPEN),
				      GB_DB_INT(waits)),
			 err);
}

/* Changes between the keys ?1 and ?2 that satisfy a condition on ?3. */
static enum gb_rc drop(struct gb_state *state, int64_t run_no, const char *values_sql,
		       const char *changes_sql, int64_t parameter, struct gb_err *err)
{
	struct gb_db_values values =
		GB_DB_VALUES(GB_DB_INT(gb_journal_key(run_no, 0)),
			     GB_DB_INT(gb_journal_key(run_no + 1, 0)), GB_DB_INT(parameter));
	enum gb_rc rc = gb_db_run(&state->db, values_sql, values, err);

	return rc == GB_OK ? gb_db_run(&state->db, changes_sql, values, err) : rc;
}

#define DROP_VALUES(what)                                                  \
	"DELETE FROM change_value WHERE change_no > ?1 AND change_no < ?2" \
	" AND change_no IN (SELECT no FROM change WHERE no > ?1 AND no < ?2 AND " what ")"
#define DROP_CHANGES(what) "DELETE FROM change WHERE no > ?1 AND no < ?2 AND " what

enum gb_rc gb_state_journal_drop(struct gb_state *state, int64_t run_no, int64_t object_no,
				 struct gb_err *err)
{
	return drop(state, run_no, DROP_VALUES("object_no = ?3"), DROP_CHANGES("object_no = ?3"),
		    object_no, err);
}

enum gb_rc gb_state_journal_drop_waiting(struct gb_state *state, int64_t run_no, struct gb_err *err)
{
	return drop(state, run_no, DROP_VALUES("status = ?3"), DROP_CHANGES("status = ?3"),
		    GB_OUTCOME_WAITING, err);
}

/* Reading. */

struct gb_state_changes_iter {
	struct gb_state *state;
	const char *sql;
	int64_t last_object_no; /* open changes are in order of objects */
	int64_t last_no;
	int64_t end_no;
	int first_kind;
	int last_kind;
};

#define SELECT_CHANGE                                                                  \
	"SELECT no, kind, status, object_no, cloud_id, name, dn, new_rdn, new_parent," \
	" member_count, members, err_id, err_text, failed_count, failed, waits FROM change"

static const char to_send[] = SELECT_CHANGE " WHERE no > ?1 AND no < ?2 AND status = 0"
					    " AND kind BETWEEN ?3 AND ?4 AND ?5 = ?5"
					    " ORDER BY no LIMIT 1";
static const char to_show[] = SELECT_CHANGE " WHERE no > ?1 AND no < ?2"
					    " AND kind BETWEEN ?3 AND ?4 AND ?5 = ?5"
					    " ORDER BY no LIMIT 1";
static const char left_open[] = SELECT_CHANGE " INDEXED BY change_open WHERE status IN (0, 3)"
					      " AND (object_no, no) > (?5, ?1) AND no < ?2"
					      " AND kind BETWEEN ?3 AND ?4"
					      " ORDER BY object_no, no LIMIT 1";

static struct gb_state_changes_iter *begin(const void *ctx, struct gb_state *state, const char *sql)
{
	struct gb_state_changes_iter *iter = gb_new(ctx, struct gb_state_changes_iter);

	iter->state = state;
	iter->sql = sql;
	iter->end_no = INT64_MAX;
	iter->first_kind = GB_CHANGE_CREATE;
	iter->last_kind = GB_CHANGE_DELETE;
	return iter;
}

struct gb_state_changes_iter *gb_state_changes_begin(const void *ctx, struct gb_state *state,
						     int64_t run_no, int phase)
{
	struct gb_state_changes_iter *iter = begin(ctx, state, phase ? to_send : to_show);

	iter->last_no = gb_journal_key(run_no, 0);
	iter->end_no = gb_journal_key(run_no + 1, 0);
	if (phase) {
		/* The kinds of a phase follow each other (change.h). */
		while (gb_change_phase((enum gb_change_kind)iter->first_kind) != (unsigned)phase) {
			iter->first_kind++;
		}
		while (gb_change_phase((enum gb_change_kind)iter->last_kind) != (unsigned)phase) {
			iter->last_kind--;
		}
	}
	return iter;
}

struct gb_state_changes_iter *gb_state_open_changes_begin(const void *ctx, struct gb_state *state)
{
	return begin(ctx, state, left_open);
}

static enum gb_rc refuse_row(const struct gb_state *state, int64_t no, struct gb_err *err)
{
	gb_err_set(err, GB_E_STATE, "state-corrupt", _("%s is damaged: change %lld of run %lld."),
		   state->db.name, (long long)gb_journal_seq(no), (long long)gb_journal_run(no));
	gb_err_undone(err, _("Nothing is written from it."));
	gb_err_remedy(err, _("Move the file away; the next run reads everything anew."));
	return GB_E_STATE;
}

/* A packed list of @count numbers in column @column, below @ctx. */
static bool read_numbers(const void *ctx, const struct gb_db_query *query, int column,
			 int64_t count, const int64_t **ret_numbers)
{
	size_t length;
	const void *bytes = gb_db_peek_blob(query, column, &length);
	int64_t *numbers;

	if (count < 0 || count > GB_CHANGE_MAX_MEMBERS) {
		return false;
	}
	numbers = gb_new_array(ctx, int64_t, (size_t)count);
	*ret_numbers = numbers;
	return gb_unpack(bytes, length, numbers, (size_t)count);
}

static bool read_row(const struct gb_db_query *query, struct gb_state_change *row)
{
	struct gb_change *change = &row->change;
	int64_t no = gb_db_int(query, 0);

	row->run_no = gb_journal_run(no);
	change->seq = gb_journal_seq(no);
	change->kind = (enum gb_change_kind)gb_db_int(query, 1);
	row->status = (enum gb_outcome_status)gb_db_int(query, 2);
	change->object_no = gb_db_int(query, 3);
	change->cloud_id = gb_db_guid(query, 4);
	change->name = gb_db_text(row, query, 5);
	change->dn = gb_db_text(row, query, 6);
	change->new_rdn = gb_db_text(row, query, 7);
	change->new_parent = gb_db_text(row, query, 8);
	change->member_count = (size_t)gb_db_int(query, 9);
	row->err_id = gb_db_text(row, query, 11);
	row->err_text = gb_db_text(row, query, 12);
	row->failed_member_count = (size_t)gb_db_int(query, 13);
	change->waits = (int)gb_db_int(query, 15);
	return read_numbers(row, query, 10, gb_db_int(query, 9), &change->members) &&
	       read_numbers(row, query, 14, gb_db_int(query, 13), &row->failed_members);
}

static enum gb_rc next_row(struct gb_state_changes_iter *iter, const void *ctx,
			   struct gb_state_change **ret_row, struct gb_err *err)
{
	struct gb_state_change *row = NULL;
	struct gb_db_query query;
	bool has_row = false;
	enum gb_rc rc =
		gb_db_query(&iter->state->db, iter->sql,
			    GB_DB_VALUES(GB_DB_INT(iter->last_no), GB_DB_INT(iter->end_no),
					 GB_DB_INT(iter->first_kind), GB_DB_INT(iter->last_kind),
					 GB_DB_INT(iter->last_object_no)),
			    &query, err);

	if (rc == GB_OK) {
		rc = gb_db_next(&query, &has_row, err);
	}
	if (rc == GB_OK && has_row) {
		row = gb_new(ctx, struct gb_state_change);
		iter->last_no = gb_db_int(&query, 0);
		iter->last_object_no = gb_db_int(&query, 3);
		if (!read_row(&query, row)) {
			TALLOC_FREE(row);
			rc = refuse_row(iter->state, iter->last_no, err);
		}
	}
	gb_db_query_end(&query);
	*ret_row = row;
	return rc;
}

static enum gb_rc count_values(struct gb_state *state, int64_t no, int64_t *ret_count,
			       struct gb_err *err)
{
	return gb_db_read_int(&state->db, "SELECT count(*) FROM change_value WHERE change_no = ?",
			      GB_DB_VALUES(GB_DB_INT(no)), 0, ret_count, err);
}

static enum gb_rc read_values(struct gb_state *state, int64_t no, struct gb_state_change *row,
			      struct gb_err *err)
{
	struct gb_change_value *values;
	struct gb_db_query query = {0};
	int64_t count = 0;
	bool has_row = true;
	enum gb_rc rc = count_values(state, no, &count, err);

	if (rc != GB_OK) {
		return rc;
	}
	values = gb_new_array(row, struct gb_change_value, (size_t)count);
	rc = gb_db_query(&state->db,
			 "SELECT attribute, value, old_value FROM change_value"
			 " WHERE change_no = ? ORDER BY position",
			 GB_DB_VALUES(GB_DB_INT(no)), &query, err);
	for (int64_t i = 0; i < count && rc == GB_OK && has_row; i++) {
		rc = gb_db_next(&query, &has_row, err);
		if (rc == GB_OK && has_row) {
			values[i].attribute = gb_db_text(values, &query, 0);
			values[i].value = gb_db_text(values, &query, 1);
			values[i].old_value = gb_db_text(values, &query, 2);
		}
	}
	gb_db_query_end(&query);
	row->change.values = values;
	row->change.value_count = (size_t)count;
	return rc;
}

static enum gb_rc read_references(struct gb_state *state, struct gb_state_change *row,
				  struct gb_err *err)
{
	const struct gb_change *change = &row->change;
	struct gb_state_ref *members = gb_new_array(row, struct gb_state_ref, change->member_count);
	enum gb_rc rc = gb_state_directory_ref(row, state, change->object_no, &row->target, err);

	for (size_t i = 0; i < change->member_count && rc == GB_OK; i++) {
		rc = gb_state_directory_ref(members, state, change->members[i], &members[i], err);
	}
	row->members = members;
	return rc;
}

enum gb_rc gb_state_changes_next(struct gb_state_changes_iter *iter, const void *ctx,
				 struct gb_state_change **ret_change, struct gb_err *err)
{
	struct gb_state_change *row = NULL;
	enum gb_rc rc = next_row(iter, ctx, &row, err);

	if (rc == GB_OK && row) {
		rc = read_values(iter->state, iter->last_no, row, err);
	}
	if (rc == GB_OK && row) {
		rc = read_references(iter->state, row, err);
	}
	if (rc != GB_OK) {
		talloc_free(row);
		return rc;
	}
	*ret_change = row;
	return GB_OK;
}

void gb_state_changes_end(struct gb_state_changes_iter *iter)
{
	talloc_free(iter);
}

enum gb_rc gb_state_open_changes_settle(struct gb_state *state, struct gb_err *err)
{
	return gb_db_run(&state->db, "UPDATE change SET status = 5 WHERE status IN (0, 3)",
			 GB_DB_NO_VALUES, err);
}
