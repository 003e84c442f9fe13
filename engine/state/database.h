/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SQLite behind the room's other files: statements, values, errors, the one open transaction.
 * Private to engine/state.
 *
 * Statements are given as string literals and kept prepared, by the address of the literal; the
 * same literal may be in use several times at once (an iteration inside another).
 *
 * The first write begins a transaction. Whatever fails while it is open breaks it: every later call
 * returns the same error until gb_db_rollback(). So nothing half done can ever be committed, and no
 * function needs to undo what it did.
 */
#ifndef GB_STATE_DATABASE_H
#define GB_STATE_DATABASE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/guid.h"
#include "engine/base/sid.h"

/** How long a call waits for somebody else's lock. */
#define GB_DB_BUSY_MS 5000
/** SQLite's page cache. Twice as much gains nothing (measured), and the whole engine has 32 MiB. */
#define GB_DB_CACHE_KIB 4096

/** A prepared statement. Opaque. */
struct gb_db_statement;

/** The database. */
struct gb_db {
	sqlite3 *handle;                    /**< NULL once closed */
	const char *name;                   /**< its path, safe to show */
	struct gb_db_statement *statements; /**< hash of lists, by address of the SQL */
	uint64_t begun;                     /**< statements that were begun; tests count them */
	bool in_transaction;                /**< a write transaction is open */
	struct gb_err broken;               /**< why it cannot be committed; GB_OK if it can */
	int64_t begun_ms;                   /**< boot time at which it began */
	int64_t begun_changes;              /**< rows changed by the connection until then */
};

/** One value to bind. Made by the macros below; data is borrowed for the call. */
struct gb_db_value {
	enum {
		GB_DB_IS_NULL,
		GB_DB_IS_INT,
		GB_DB_IS_TEXT,
		GB_DB_IS_BLOB
	} type;
	int64_t integer;  /**< GB_DB_IS_INT */
	const void *data; /**< GB_DB_IS_TEXT, GB_DB_IS_BLOB */
	size_t length;    /**< of data in bytes */
};

/** The values of a statement, in the order of its parameters. */
struct gb_db_values {
	const struct gb_db_value *values; /**< borrowed for the call */
	size_t count;
};

/** An integer. */
#define GB_DB_INT(x) ((struct gb_db_value){.type = GB_DB_IS_INT, .integer = (int64_t)(x)})
/** The number of an object; 0 is NULL. */
#define GB_DB_NO(x) gb_db_value_no(x)
/** Text; NULL is NULL. */
#define GB_DB_TEXT(x) gb_db_value_text(x)
/** Bytes; none is NULL. */
#define GB_DB_BLOB(x, size) gb_db_value_blob((x), (size))
/** A GUID; none is NULL. */
#define GB_DB_GUID(x) gb_db_value_guid(x)
/** A SID; none is NULL. */
#define GB_DB_SID(x) gb_db_value_blob((x)->bytes, (x)->length)

/** All values of a statement: GB_DB_VALUES(GB_DB_INT(1), GB_DB_TEXT("x")). */
#define GB_DB_VALUES(...)                                                          \
	((struct gb_db_values){(const struct gb_db_value[]){__VA_ARGS__},          \
			       sizeof((const struct gb_db_value[]){__VA_ARGS__}) / \
				       sizeof(struct gb_db_value)})
/** No values. */
#define GB_DB_NO_VALUES ((struct gb_db_values){NULL, 0})

/** See GB_DB_NO. */
struct gb_db_value gb_db_value_no(int64_t no);
/** See GB_DB_TEXT. */
struct gb_db_value gb_db_value_text(const char *text);
/** See GB_DB_BLOB. */
struct gb_db_value gb_db_value_blob(const void *bytes, size_t length);
/** See GB_DB_GUID. */
struct gb_db_value gb_db_value_guid(const struct gb_guid *guid);

/**
 * Open the file with everything switched off that a hostile file could use (docs/failures.md, F-05):
 * trusted_schema, views, triggers, extensions, double-quoted strings; cell_size_check and
 * foreign_keys on.
 *
 * @param db     zeroed.
 * @param name   the path, safe to show; borrowed for the life of @db.
 * @param uri    the path, or a file: URI.
 * @param flags  SQLITE_OPEN_READWRITE, SQLITE_OPEN_READONLY, SQLITE_OPEN_URI.
 */
GB_MUST_CHECK enum gb_rc gb_db_open(struct gb_db *db, const char *name, const char *uri, int flags,
				    struct gb_err *err);

/** Finalize all kept statements: of gb_db_close(). */
void gb_db_drop_statements(struct gb_db *db);

/** Finalize all statements and close. An open transaction is rolled back. Fine on a zeroed @db. */
void gb_db_close(struct gb_db *db);

/** Run statements of a literal, outside any transaction of ours: pragmas, migrations. */
GB_MUST_CHECK enum gb_rc gb_db_execute(struct gb_db *db, const char *sql, struct gb_err *err);

/** Begin the write transaction, unless it is open. Every write does this itself. */
GB_MUST_CHECK enum gb_rc gb_db_begin(struct gb_db *db, struct gb_err *err);

/** Commit the write transaction, if it is open. */
GB_MUST_CHECK enum gb_rc gb_db_commit(struct gb_db *db, struct gb_err *err);

/** Give the write transaction up, broken or not. */
void gb_db_rollback(struct gb_db *db);

/** GB_OK, or the error that broke the open transaction. */
GB_MUST_CHECK enum gb_rc gb_db_check(const struct gb_db *db, struct gb_err *err);

/** Rows changed since the transaction began. */
int64_t gb_db_pending_changes(const struct gb_db *db);

/** Write: run @sql (a literal) to its end inside the transaction. */
GB_MUST_CHECK enum gb_rc gb_db_run(struct gb_db *db, const char *sql, struct gb_db_values values,
				   struct gb_err *err);

/** Rows that the last gb_db_run() changed. */
int64_t gb_db_changed(const struct gb_db *db);

/** A running query. A plain value; end it with gb_db_query_end(), also after an error. */
struct gb_db_query {
	struct gb_db *db;
	struct gb_db_statement *statement; /**< NULL: ended, or never begun */
};

/** Begin a query; on failure *ret_query is ended. @values are copied. */
GB_MUST_CHECK enum gb_rc gb_db_query(struct gb_db *db, const char *sql, struct gb_db_values values,
				     struct gb_db_query *ret_query, struct gb_err *err);

/** Go to the next row; *ret_row false: there is none. */
GB_MUST_CHECK enum gb_rc gb_db_next(struct gb_db_query *query, bool *ret_row, struct gb_err *err);

/** End a query. */
void gb_db_query_end(struct gb_db_query *query);

/** The only integer of a query's first row; @fallback if there is no row or it is NULL. */
GB_MUST_CHECK enum gb_rc gb_db_read_int(struct gb_db *db, const char *sql,
					struct gb_db_values values, int64_t fallback,
					int64_t *ret_value, struct gb_err *err);

/** True if column @column of the row is NULL. */
bool gb_db_is_null(const struct gb_db_query *query, int column);

/** Column @column of the row as an integer; NULL is 0. */
int64_t gb_db_int(const struct gb_db_query *query, int column);

/** … as a boolean. */
bool gb_db_bool(const struct gb_db_query *query, int column);

/** … as text, valid until the next call on the query; NULL stays NULL. */
const char *gb_db_peek_text(const struct gb_db_query *query, int column);

/** … as text below @ctx. */
const char *gb_db_text(const void *ctx, const struct gb_db_query *query, int column);

/** … as bytes, valid until the next call on the query; NULL if there are none. */
const void *gb_db_peek_blob(const struct gb_db_query *query, int column, size_t *ret_length);

/** … as a GUID; anything but 16 bytes is none. */
struct gb_guid gb_db_guid(const struct gb_db_query *query, int column);

/** … as a SID; anything that is no SID is none. */
struct gb_sid gb_db_sid(const struct gb_db_query *query, int column);

/**
 * Fill @err from an SQLite result code (extended) and the connection's message, and break the open
 * transaction. Returns GB_E_IO, GB_E_STATE, GB_E_TRY_AGAIN or GB_E_INTERNAL.
 */
enum gb_rc gb_db_fail(struct gb_db *db, int code, struct gb_err *err);

#endif
