/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cursors, USNs and facts. */
#include "config.h"

#include "engine/state/cursors.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/state/state_private.h"

static enum gb_rc check_length(const char *name, const char *value, struct gb_err *err)
{
	if (!value || strlen(value) <= GB_STATE_MAX_VALUE_BYTES) {
		return GB_OK;
	}
	gb_err_set(err, GB_E_CONSTRAINT, "state-value-too-long",
		   _("The value of %s is longer than %d bytes."), name, GB_STATE_MAX_VALUE_BYTES);
	gb_err_undone(err,
		      _("It was not stored; the next import reads from where the last one did."));
	return GB_E_CONSTRAINT;
}

enum gb_rc gb_state_cursor_set(struct gb_state *state, const char *name,
			       const struct gb_state_cursor *cursor, struct gb_err *err)
{
	enum gb_rc rc = check_length(name, cursor->value, err);

	if (rc == GB_OK) {
		rc = check_length(name, cursor->context, err);
	}
	if (rc != GB_OK) {
		return rc;
	}
	return gb_db_run(&state->db, "REPLACE INTO cursor VALUES (?, ?, ?, ?)",
			 GB_DB_VALUES(GB_DB_TEXT(name), GB_DB_TEXT(cursor->value),
				      GB_DB_TEXT(cursor->context), GB_DB_INT(cursor->issued_ms)),
			 err);
}

enum gb_rc gb_state_cursor_get(const void *ctx, struct gb_state *state, const char *name,
			       struct gb_state_cursor **ret_cursor, struct gb_err *err)
{
	struct gb_state_cursor *cursor = NULL;
	struct gb_db_query query;
	bool has_row = false;
	enum gb_rc rc = gb_db_query(&state->db,
				    "SELECT value, context, issued_ms FROM cursor WHERE name = ?",
				    GB_DB_VALUES(GB_DB_TEXT(name)), &query, err);

	if (rc == GB_OK) {
		rc = gb_db_next(&query, &has_row, err);
	}
	if (rc == GB_OK && has_row) {
		cursor = gb_new(ctx, struct gb_state_cursor);
		cursor->value = gb_db_text(cursor, &query, 0);
		cursor->context = gb_db_text(cursor, &query, 1);
		cursor->issued_ms = gb_db_int(&query, 2);
	}
	gb_db_query_end(&query);
	if (rc == GB_OK) {
		*ret_cursor = cursor;
	}
	return rc;
}

enum gb_rc gb_state_cursor_clear(struct gb_state *state, const char *name, struct gb_err *err)
{
	return gb_db_run(&state->db, "DELETE FROM cursor WHERE name = ?",
			 GB_DB_VALUES(GB_DB_TEXT(name)), err);
}

/* None is a key like any other here, so it is bound as its 16 zeros. */
static struct gb_db_value replica(const struct gb_guid *invocation_id)
{
	return GB_DB_BLOB(invocation_id->bytes, sizeof(invocation_id->bytes));
}

enum gb_rc gb_state_usn_set(struct gb_state *state, const struct gb_guid *invocation_id,
			    int64_t usn, struct gb_err *err)
{
	return gb_db_run(&state->db, "REPLACE INTO usn VALUES (?, ?)",
			 GB_DB_VALUES(replica(invocation_id), GB_DB_INT(usn)), err);
}

enum gb_rc gb_state_usn_get(struct gb_state *state, const struct gb_guid *invocation_id,
			    int64_t *ret_usn, struct gb_err *err)
{
	return gb_db_read_int(&state->db, "SELECT usn FROM usn WHERE invocation_id = ?",
			      GB_DB_VALUES(replica(invocation_id)), -1, ret_usn, err);
}

enum gb_rc gb_state_usn_clear(struct gb_state *state, struct gb_err *err)
{
	return gb_db_run(&state->db, "DELETE FROM usn", GB_DB_NO_VALUES, err);
}

enum gb_rc gb_state_fact_set(struct gb_state *state, const char *name, const char *value,
			     struct gb_err *err)
{
	enum gb_rc rc = check_length(name, value, err);

	if (rc != GB_OK) {
		return rc;
	}
	if (!value) {
		return gb_db_run(&state->db, "DELETE FROM fact WHERE name = ?",
				 GB_DB_VALUES(GB_DB_TEXT(name)), err);
	}
	return gb_db_run(&state->db, "REPLACE INTO fact VALUES (?, ?)",
			 GB_DB_VALUES(GB_DB_TEXT(name), GB_DB_TEXT(value)), err);
}

enum gb_rc gb_state_fact_get(const void *ctx, struct gb_state *state, const char *name,
			     const char **ret_value, struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = false;
	enum gb_rc rc = gb_db_query(&state->db, "SELECT value FROM fact WHERE name = ?",
				    GB_DB_VALUES(GB_DB_TEXT(name)), &query, err);

	if (rc == GB_OK) {
		rc = gb_db_next(&query, &has_row, err);
	}
	if (rc == GB_OK) {
		*ret_value = has_row ? gb_db_text(ctx, &query, 0) : NULL;
	}
	gb_db_query_end(&query);
	return rc;
}

enum gb_rc gb_state_fact_set_int(struct gb_state *state, const char *name, int64_t value,
				 struct gb_err *err)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", (long long)value);
	return gb_state_fact_set(state, name, text, err);
}

enum gb_rc gb_state_fact_get_int(struct gb_state *state, const char *name, int64_t fallback,
				 int64_t *ret_value, struct gb_err *err)
{
	return gb_db_read_int(&state->db, "SELECT CAST(value AS INTEGER) FROM fact WHERE name = ?",
			      GB_DB_VALUES(GB_DB_TEXT(name)), fallback, ret_value, err);
}
