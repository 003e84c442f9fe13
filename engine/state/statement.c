/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prepared statements, kept by the address of their SQL; values to bind and columns to read. */
#include "config.h"

#include "engine/state/database.h"

#include <assert.h>
#include <string.h>

#include "engine/base/hash.h"
#include "engine/base/mem.h"

struct gb_db_statement {
	const char *sql; /* hash key: the address */
	sqlite3_stmt *prepared;
	bool in_use;
	struct gb_db_statement *next; /* another of the same SQL */
	UT_hash_handle hh;
};

struct gb_db_value gb_db_value_no(int64_t no)
{
	return no ? GB_DB_INT(no) : (struct gb_db_value){.type = GB_DB_IS_NULL};
}

struct gb_db_value gb_db_value_text(const char *text)
{
	struct gb_db_value value = {.type = GB_DB_IS_NULL};

	if (text) {
		value = (struct gb_db_value){
			.type = GB_DB_IS_TEXT, .data = text, .length = strlen(text)};
	}
	return value;
}

struct gb_db_value gb_db_value_blob(const void *bytes, size_t length)
{
	struct gb_db_value value = {.type = GB_DB_IS_NULL};

	if (length > 0) {
		value = (struct gb_db_value){
			.type = GB_DB_IS_BLOB, .data = bytes, .length = length};
	}
	return value;
}

struct gb_db_value gb_db_value_guid(const struct gb_guid *guid)
{
	return gb_db_value_blob(guid->bytes, gb_guid_is_none(guid) ? 0 : sizeof(guid->bytes));
}

static enum gb_rc prepare(struct gb_db *db, const char *sql, struct gb_db_statement **ret_statement,
			  struct gb_err *err)
{
	struct gb_db_statement *statement = gb_new(NULL, struct gb_db_statement);
	int code = sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT,
				      &statement->prepared, NULL);

	if (code != SQLITE_OK) {
		talloc_free(statement);
		return gb_db_fail(db, code, err);
	}
	statement->sql = sql;
	*ret_statement = statement;
	return GB_OK;
}

static enum gb_rc take(struct gb_db *db, const char *sql, struct gb_db_statement **ret_statement,
		       struct gb_err *err)
{
	struct gb_db_statement *first = NULL;
	struct gb_db_statement *statement;
	enum gb_rc rc;

	HASH_FIND_PTR(db->statements, &sql, first);
	for (statement = first; statement && statement->in_use; statement = statement->next) {
	}
	if (!statement) {
		rc = prepare(db, sql, &statement, err);
		if (rc != GB_OK) {
			return rc;
		}
		if (first) {
			statement->next = first->next;
			first->next = statement;
		} else {
			HASH_ADD_PTR(db->statements, sql, statement);
		}
	}
	statement->in_use = true;
	db->begun++;
	*ret_statement = statement;
	return GB_OK;
}

static void give_back(struct gb_db_statement *statement)
{
	sqlite3_reset(statement->prepared);
	statement->in_use = false;
}

static int bind_value(sqlite3_stmt *prepared, int index, const struct gb_db_value *value,
		      sqlite3_destructor_type keep)
{
	switch (value->type) {
	case GB_DB_IS_INT:
		return sqlite3_bind_int64(prepared, index, value->integer);
	case GB_DB_IS_TEXT:
		return sqlite3_bind_text(prepared, index, value->data, (int)value->length, keep);
	case GB_DB_IS_BLOB:
		return sqlite3_bind_blob(prepared, index, value->data, (int)value->length, keep);
	case GB_DB_IS_NULL:
	default:
		return sqlite3_bind_null(prepared, index);
	}
}

static enum gb_rc take_bound(struct gb_db *db, const char *sql, struct gb_db_values values,
			     sqlite3_destructor_type keep, struct gb_db_statement **ret_statement,
			     struct gb_err *err)
{
	enum gb_rc rc = take(db, sql, ret_statement, err);
	int code = SQLITE_OK;

	if (rc != GB_OK) {
		return rc;
	}
	assert((size_t)sqlite3_bind_parameter_count((*ret_statement)->prepared) == values.count);
	for (size_t i = 0; i < values.count && code == SQLITE_OK; i++) {
		code = bind_value((*ret_statement)->prepared, (int)i + 1, &values.values[i], keep);
	}
	if (code != SQLITE_OK) {
		give_back(*ret_statement);
		return gb_db_fail(db, code, err);
	}
	return GB_OK;
}

void gb_db_drop_statements(struct gb_db *db)
{
	struct gb_db_statement *first = NULL;
	struct gb_db_statement *next = NULL;

	/* One that runs may hold another one, that of a virtual table: it lets go of it first. */
	HASH_ITER (hh, db->statements, first, next) {
		for (struct gb_db_statement *other = first; other; other = other->next) {
			sqlite3_reset(other->prepared);
		}
	}
	HASH_ITER (hh, db->statements, first, next) {
		HASH_DEL(db->statements, first);
		while (first) {
			struct gb_db_statement *other = first->next;

			sqlite3_finalize(first->prepared);
			talloc_free(first);
			first = other;
		}
	}
}

enum gb_rc gb_db_run(struct gb_db *db, const char *sql, struct gb_db_values values,
		     struct gb_err *err)
{
	struct gb_db_statement *statement = NULL;
	enum gb_rc rc = gb_db_begin(db, err);
	int code;

	if (rc == GB_OK) {
		rc = take_bound(db, sql, values, SQLITE_STATIC, &statement, err);
	}
	if (rc != GB_OK) {
		return rc;
	}
	do {
		code = sqlite3_step(statement->prepared);
	} while (code == SQLITE_ROW);
	if (code != SQLITE_DONE) {
		rc = gb_db_fail(db, code, err);
	}
	give_back(statement);
	return rc;
}

int64_t gb_db_changed(const struct gb_db *db)
{
	return sqlite3_changes64(db->handle);
}

enum gb_rc gb_db_query(struct gb_db *db, const char *sql, struct gb_db_values values,
		       struct gb_db_query *ret_query, struct gb_err *err)
{
	enum gb_rc rc = gb_db_check(db, err);

	*ret_query = (struct gb_db_query){.db = db};
	if (rc != GB_OK) {
		return rc;
	}
	return take_bound(db, sql, values, SQLITE_TRANSIENT, &ret_query->statement, err);
}

enum gb_rc gb_db_next(struct gb_db_query *query, bool *ret_row, struct gb_err *err)
{
	int code = sqlite3_step(query->statement->prepared);

	if (code != SQLITE_ROW && code != SQLITE_DONE) {
		return gb_db_fail(query->db, code, err);
	}
	*ret_row = code == SQLITE_ROW;
	return GB_OK;
}

void gb_db_query_end(struct gb_db_query *query)
{
	if (query->statement) {
		give_back(query->statement);
	}
	query->statement = NULL;
}

enum gb_rc gb_db_read_int(struct gb_db *db, const char *sql, struct gb_db_values values,
			  int64_t fallback, int64_t *ret_value, struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = false;
	enum gb_rc rc = gb_db_query(db, sql, values, &query, err);

	if (rc == GB_OK) {
		rc = gb_db_next(&query, &has_row, err);
	}
	if (rc == GB_OK) {
		*ret_value = !has_row || gb_db_is_null(&query, 0) ? fallback : gb_db_int(&query, 0);
	}
	gb_db_query_end(&query);
	return rc;
}

/* Columns. */

bool gb_db_is_null(const struct gb_db_query *query, int column)
{
	return sqlite3_column_type(query->statement->prepared, column) == SQLITE_NULL;
}

int64_t gb_db_int(const struct gb_db_query *query, int column)
{
	return sqlite3_column_int64(query->statement->prepared, column);
}

bool gb_db_bool(const struct gb_db_query *query, int column)
{
	return gb_db_int(query, column) != 0;
}

const char *gb_db_peek_text(const struct gb_db_query *query, int column)
{
	return (const char *)sqlite3_column_text(query->statement->prepared, column);
}

const char *gb_db_text(const void *ctx, const struct gb_db_query *query, int column)
{
	return gb_strdup(ctx, gb_db_peek_text(query, column));
}

const void *gb_db_peek_blob(const struct gb_db_query *query, int column, size_t *ret_length)
{
	const void *bytes = sqlite3_column_blob(query->statement->prepared, column);

	*ret_length = (size_t)sqlite3_column_bytes(query->statement->prepared, column);
	return bytes;
}

struct gb_guid gb_db_guid(const struct gb_db_query *query, int column)
{
	struct gb_guid guid = {{0}};
	size_t length;
	const void *bytes = gb_db_peek_blob(query, column, &length);

	if (bytes && length == sizeof(guid.bytes)) {
		memcpy(guid.bytes, bytes, length);
	}
	return guid;
}

struct gb_sid gb_db_sid(const struct gb_db_query *query, int column)
{
	struct gb_sid sid = {0};
	size_t length;
	const void *bytes = gb_db_peek_blob(query, column, &length);

	if (!bytes || !gb_sid_from_octets(bytes, length, &sid)) {
		sid = (struct gb_sid){0};
	}
	return sid;
}
