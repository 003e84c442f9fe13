/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups that failed or are frozen. */
#include "config.h"

#include "engine/state/problems.h"

#include "engine/base/mem.h"
#include "engine/state/state_private.h"

enum gb_rc gb_state_problems_put(struct gb_state *state, const struct gb_state_problem *problem,
				 int64_t now_ms, struct gb_err *err)
{
	/* A time in the future is of a clock that was wrong. */
	return gb_db_run(&state->db,
			 "INSERT INTO problem VALUES (?1, ?2, ?3, ?4, ?4) ON CONFLICT DO UPDATE"
			 " SET name = ?3, seen_ms = ?4, since_ms = min(since_ms, ?4)",
			 GB_DB_VALUES(GB_DB_GUID(&problem->cloud_id), GB_DB_TEXT(problem->cause),
				      GB_DB_TEXT(problem->name), GB_DB_INT(now_ms)),
			 err);
}

enum gb_rc gb_state_problems_end(struct gb_state *state, int64_t now_ms, struct gb_err *err)
{
	return gb_db_run(&state->db, "DELETE FROM problem WHERE seen_ms <> ?",
			 GB_DB_VALUES(GB_DB_INT(now_ms)), err);
}

static enum gb_rc count(struct gb_state *state, size_t *ret_total, struct gb_err *err)
{
	int64_t total = 0;
	enum gb_rc rc = gb_db_read_int(&state->db, "SELECT count(*) FROM problem", GB_DB_NO_VALUES,
				       0, &total, err);

	*ret_total = (size_t)total;
	return rc;
}

static struct gb_state_problem read_row(const void *ctx, const struct gb_db_query *query)
{
	return (struct gb_state_problem){
		.cloud_id = gb_db_guid(query, 0),
		.cause = gb_db_text(ctx, query, 1),
		.name = gb_db_text(ctx, query, 2),
		.since_ms = gb_db_int(query, 3),
	};
}

enum gb_rc gb_state_problems_list(const void *ctx, struct gb_state *state, size_t max,
				  struct gb_state_problem **ret_problems, size_t *ret_count,
				  size_t *ret_total, struct gb_err *err)
{
	struct gb_state_problem *problems = gb_new_array(ctx, struct gb_state_problem, max);
	struct gb_db_query query = {0};
	bool has_row = true;
	size_t filled = 0;
	enum gb_rc rc = count(state, ret_total, err);

	if (rc == GB_OK) {
		rc = gb_db_query(&state->db,
				 "SELECT cloud_id, cause, name, since_ms FROM problem"
				 " ORDER BY since_ms, cloud_id, cause LIMIT ?",
				 GB_DB_VALUES(GB_DB_INT(max)), &query, err);
	}
	while (rc == GB_OK && has_row && filled < max) {
		rc = gb_db_next(&query, &has_row, err);
		if (rc == GB_OK && has_row) {
			problems[filled++] = read_row(problems, &query);
		}
	}
	gb_db_query_end(&query);
	*ret_problems = problems;
	*ret_count = filled;
	return rc;
}
