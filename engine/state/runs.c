/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs: beginning, ending, counting, listing and pruning them. */
#include "config.h"

#include "engine/state/runs.h"

#include "engine/base/clock.h"
#include "engine/base/mem.h"
#include "engine/state/journal_key.h"
#include "engine/state/life.h"
#include "engine/state/state_private.h"

/** Members of a deleted object are kept as long as a tombstone is (MS-ADTS 3.1.1.1.5: 180 days). */
#define GRAVE_MEMBERS_MS (180 * 24 * 60 * 60 * INT64_C(1000))

enum gb_rc gb_state_run_begin(struct gb_state *state, const char *policy, int64_t *ret_run_no,
			      struct gb_err *err)
{
	enum gb_rc rc =
		gb_db_run(&state->db, "INSERT INTO run (begun_ms, policy) VALUES (?, ?)",
			  GB_DB_VALUES(GB_DB_INT(gb_clock_wall_ms()), GB_DB_TEXT(policy)), err);

	if (rc == GB_OK) {
		*ret_run_no = sqlite3_last_insert_rowid(state->db.handle);
	}
	return rc;
}

/* The range of a run's changes. */
static struct gb_db_value after_first(int64_t run_no)
{
	return GB_DB_INT(gb_journal_key(run_no, 0));
}

static struct gb_db_value before_next(int64_t run_no)
{
	return GB_DB_INT(gb_journal_key(run_no + 1, 0));
}

enum gb_rc gb_state_run_end(struct gb_state *state, int64_t run_no, int exit_code,
			    const char *summary, struct gb_err *err)
{
	enum gb_rc rc = gb_db_run(&state->db,
				  "UPDATE change SET status = 4 WHERE no > ? AND no < ?"
				  " AND status = 0",
				  GB_DB_VALUES(after_first(run_no), before_next(run_no)), err);

	if (rc == GB_OK) {
		rc = gb_db_run(&state->db,
			       "REPLACE INTO run_count SELECT no >> 32, kind, status, count(*),"
			       " sum(member_count) FROM change WHERE no > ? AND no < ?"
			       " GROUP BY kind, status",
			       GB_DB_VALUES(after_first(run_no), before_next(run_no)), err);
	}
	if (rc == GB_OK) {
		rc = gb_db_run(
			&state->db,
			"UPDATE run SET ended_ms = ?, exit_code = ?, summary = ? WHERE no = ?",
			GB_DB_VALUES(GB_DB_INT(gb_clock_wall_ms()), GB_DB_INT(exit_code),
				     GB_DB_TEXT(summary), GB_DB_INT(run_no)),
			err);
	}
	return rc;
}

static enum gb_rc read_counts(struct gb_state *state, const char *sql, struct gb_db_values values,
			      struct gb_state_run_counts *ret_counts, struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = true;
	enum gb_rc rc = gb_db_query(&state->db, sql, values, &query, err);

	*ret_counts = (struct gb_state_run_counts){0};
	while (rc == GB_OK && has_row) {
		rc = gb_db_next(&query, &has_row, err);
		if (rc == GB_OK && has_row) {
			uint64_t kind = (uint64_t)gb_db_int(&query, 0);
			uint64_t status = (uint64_t)gb_db_int(&query, 1);

			if (kind < GB_RUN_KINDS && status < GB_RUN_STATUSES) {
				ret_counts->changes[kind][status] = (size_t)gb_db_int(&query, 2);
				ret_counts->members[kind][status] = (size_t)gb_db_int(&query, 3);
			}
		}
	}
	gb_db_query_end(&query);
	return rc;
}

enum gb_rc gb_state_run_count(struct gb_state *state, int64_t run_no,
			      struct gb_state_run_counts *ret_counts, struct gb_err *err)
{
	return read_counts(state,
			   "SELECT kind, status, count(*), sum(member_count) FROM change"
			   " WHERE no > ? AND no < ? GROUP BY kind, status",
			   GB_DB_VALUES(after_first(run_no), before_next(run_no)), ret_counts, err);
}

static enum gb_rc read_run(const void *ctx, struct gb_state *state, const struct gb_db_query *query,
			   struct gb_state_run *ret_run, struct gb_err *err)
{
	*ret_run = (struct gb_state_run){
		.no = gb_db_int(query, 0),
		.begun_ms = gb_db_int(query, 1),
		.ended_ms = gb_db_int(query, 2),
		.exit_code = (int)gb_db_int(query, 3),
		.policy = gb_db_text(ctx, query, 4),
		.summary = gb_db_text(ctx, query, 5),
	};
	return read_counts(state,
			   "SELECT kind, status, changes, members FROM run_count WHERE run_no = ?",
			   GB_DB_VALUES(GB_DB_INT(ret_run->no)), &ret_run->counts, err);
}

/* Runs from @run_no down. */
static enum gb_rc list(const void *ctx, struct gb_state *state, int64_t run_no, size_t max,
		       struct gb_state_run **ret_runs, size_t *ret_count, struct gb_err *err)
{
	struct gb_state_run *runs = gb_new_array(ctx, struct gb_state_run, max);
	struct gb_db_query query;
	bool has_row = true;
	size_t count = 0;
	enum gb_rc rc = gb_db_query(&state->db,
				    "SELECT no, begun_ms, ended_ms, exit_code, policy, summary"
				    " FROM run WHERE no <= ? ORDER BY no DESC",
				    GB_DB_VALUES(GB_DB_INT(run_no)), &query, err);

	while (rc == GB_OK && has_row && count < max) {
		rc = gb_db_next(&query, &has_row, err);
		if (rc == GB_OK && has_row) {
			rc = read_run(runs, state, &query, &runs[count++], err);
		}
	}
	gb_db_query_end(&query);
	if (rc != GB_OK) {
		talloc_free(runs);
		return rc;
	}
	*ret_runs = runs;
	*ret_count = count;
	return GB_OK;
}

enum gb_rc gb_state_run_read(const void *ctx, struct gb_state *state, int64_t run_no,
			     struct gb_state_run **ret_run, struct gb_err *err)
{
	struct gb_state_run *runs = NULL;
	size_t count = 0;
	enum gb_rc rc = list(ctx, state, run_no ? run_no : INT64_MAX, 1, &runs, &count, err);

	if (rc == GB_OK && (count == 0 || (run_no != 0 && runs[0].no != run_no))) {
		TALLOC_FREE(runs);
	}
	if (rc == GB_OK) {
		*ret_run = runs;
	}
	return rc;
}

enum gb_rc gb_state_run_list(const void *ctx, struct gb_state *state, size_t max,
			     struct gb_state_run **ret_runs, size_t *ret_count, struct gb_err *err)
{
	return list(ctx, state, INT64_MAX, max, ret_runs, ret_count, err);
}

/* The number of the oldest run of the last @keep; 0 if there are fewer. */
static enum gb_rc oldest_of_last(struct gb_state *state, int64_t keep, int64_t *ret_no,
				 struct gb_err *err)
{
	return gb_db_read_int(&state->db, "SELECT no FROM run ORDER BY no DESC LIMIT 1 OFFSET ?",
			      GB_DB_VALUES(GB_DB_INT(keep - 1)), 0, ret_no, err);
}

static enum gb_rc prune_journals(struct gb_state *state, int64_t first_kept, struct gb_err *err)
{
	struct gb_db_value limit = GB_DB_INT(gb_journal_key(first_kept, 0));
	/* What is still open has to be read again first, however old it is. */
	enum gb_rc rc = gb_db_run(&state->db,
				  "DELETE FROM change_value WHERE change_no < ? AND change_no"
				  " NOT IN (SELECT no FROM change WHERE status IN (0, 3))",
				  GB_DB_VALUES(limit), err);

	return rc == GB_OK ? gb_db_run(&state->db,
				       "DELETE FROM change WHERE no < ? AND status NOT IN (0, 3)",
				       GB_DB_VALUES(limit), err)
			   : rc;
}

static enum gb_rc prune_runs(struct gb_state *state, int64_t first_kept, struct gb_err *err)
{
	enum gb_rc rc = gb_db_run(&state->db, "DELETE FROM run_count WHERE run_no < ?",
				  GB_DB_VALUES(GB_DB_INT(first_kept)), err);

	return rc == GB_OK ? gb_db_run(&state->db, "DELETE FROM run WHERE no < ?",
				       GB_DB_VALUES(GB_DB_INT(first_kept)), err)
			   : rc;
}

enum gb_rc gb_state_run_prune(struct gb_state *state, unsigned keep, struct gb_err *err)
{
	int64_t first_journal = 0;
	int64_t first_run = 0;
	enum gb_rc rc = oldest_of_last(state, keep ? keep : 1, &first_journal, err);

	if (rc == GB_OK) {
		rc = oldest_of_last(state, (keep ? keep : 1) * INT64_C(100), &first_run, err);
	}
	if (rc == GB_OK) {
		rc = prune_journals(state, first_journal, err);
	}
	if (rc == GB_OK) {
		rc = prune_runs(state, first_run, err);
	}
	return rc == GB_OK ? gb_state_grave_prune(state, gb_clock_wall_ms() - GRAVE_MEMBERS_MS, err)
			   : rc;
}
