/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SQLite behind the room's other files: the connection, its errors, its one transaction. */
#include "config.h"

#include "engine/state/database.h"

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

static int configure(sqlite3 *handle)
{
	static const struct {
		int option;
		int value;
	} options[] = {
		{SQLITE_DBCONFIG_DEFENSIVE, 1},      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
		{SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
		{SQLITE_DBCONFIG_DQS_DDL, 0},        {SQLITE_DBCONFIG_DQS_DML, 0},
		{SQLITE_DBCONFIG_ENABLE_FKEY, 1},    {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
	};
	int code = SQLITE_OK;

	for (size_t i = 0; i < GB_ARRAY_SIZE(options) && code == SQLITE_OK; i++) {
		code = sqlite3_db_config(handle, options[i].option, options[i].value, NULL);
	}
	sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
	return code != SQLITE_OK ? code : sqlite3_busy_timeout(handle, GB_DB_BUSY_MS);
}

/*
 * Before the first connection of the process: one thread uses SQLite, and nobody asks how much memory
 * it has. Each of its allocations would take a mutex for either.
 */
static void set_up_library(void)
{
	static bool done;

	if (!done) {
		sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
		sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
		done = true;
	}
}

enum gb_rc gb_db_open(struct gb_db *db, const char *name, const char *uri, int flags,
		      struct gb_err *err)
{
	int code;

	db->name = name;
	set_up_library();
	code = sqlite3_open_v2(uri, &db->handle,
			       flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW |
				       SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE,
			       NULL);
	if (code == SQLITE_OK) {
		code = configure(db->handle);
	}
	if (code != SQLITE_OK) {
		return gb_db_fail(db, code, err);
	}
	return gb_db_execute(db, "PRAGMA cell_size_check = ON", err);
}

void gb_db_close(struct gb_db *db)
{
	gb_db_drop_statements(db);
	sqlite3_close_v2(db->handle);
	db->handle = NULL;
	db->in_transaction = false;
}

enum gb_rc gb_db_execute(struct gb_db *db, const char *sql, struct gb_err *err)
{
	int code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);

	return code == SQLITE_OK ? GB_OK : gb_db_fail(db, code, err);
}

/* Errors. */

static enum gb_rc describe_io(const struct gb_db *db, int code, const char *reason,
			      struct gb_err *err)
{
	if ((code & 0xff) == SQLITE_FULL) {
		gb_err_set(err, GB_E_IO, "state-full", _("The disk is full: %s cannot grow."),
			   db->name);
	} else if ((code & 0xff) == SQLITE_READONLY) {
		gb_err_set(err, GB_E_IO, "state-read-only", _("%s cannot be written: %s."),
			   db->name, reason);
	} else {
		gb_err_set(err, GB_E_IO, "state-io", _("%s cannot be read or written: %s."),
			   db->name, reason);
	}
	gb_err_undone(err, _("What was not yet committed is given up; the file is as it was."));
	gb_err_remedy(err, _("Check free space, permissions and the disk below it, then run the "
			     "engine again."));
	return GB_E_IO;
}

static enum gb_rc describe_state(const struct gb_db *db, const char *reason, struct gb_err *err)
{
	gb_err_set(err, GB_E_STATE, "state-corrupt", _("%s is damaged: %s."), db->name, reason);
	gb_err_undone(err, _("Nothing is planned or written from a damaged state."));
	gb_err_remedy(err, _("The next cycle moves the file away, reads everything anew and deletes "
			     "nothing for it. If it happens again, check the disk."));
	return GB_E_STATE;
}

static enum gb_rc describe_busy(const struct gb_db *db, struct gb_err *err)
{
	gb_err_set(err, GB_E_TRY_AGAIN, "state-locked",
		   _("%s is locked by another program for more than %d seconds."), db->name,
		   GB_DB_BUSY_MS / 1000);
	gb_err_undone(err, _("Nothing was changed."));
	gb_err_remedy(err, _("Close whatever has it open (sqlite3, a backup) and run again."));
	return GB_E_TRY_AGAIN;
}

static enum gb_rc describe_bug(const struct gb_db *db, int code, const char *reason,
			       struct gb_err *err)
{
	gb_err_set(err, GB_E_INTERNAL, "state-internal", _("The state %s refused a statement: %s."),
		   db->name, reason);
	gb_err_undone(err, _("What was not yet committed is given up."));
	gb_err_remedy(err, _("Please report this with the number %d."), code);
	return GB_E_INTERNAL;
}

static enum gb_rc describe(const struct gb_db *db, int code, struct gb_err *err)
{
	char *reason = gb_text_display(NULL, db->handle ? sqlite3_errmsg(db->handle)
							: sqlite3_errstr(code));
	enum gb_rc rc;

	switch (code & 0xff) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_FORMAT:
		rc = describe_state(db, reason, err);
		break;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		rc = describe_busy(db, err);
		break;
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
	case SQLITE_NOLFS:
		rc = describe_io(db, code, reason, err);
		break;
	default:
		rc = describe_bug(db, code, reason, err);
		break;
	}
	talloc_free(reason);
	return rc;
}

enum gb_rc gb_db_fail(struct gb_db *db, int code, struct gb_err *err)
{
	struct gb_err failure;

	if ((code & 0xff) == SQLITE_NOMEM) {
		gb_oom();
	}
	gb_err_clear(&failure);
	describe(db, code, &failure);
	gb_err_native(&failure, code);
	if (db->in_transaction) {
		db->broken = failure;
	}
	if (err) {
		*err = failure;
	}
	return failure.rc;
}

enum gb_rc gb_db_check(const struct gb_db *db, struct gb_err *err)
{
	if (db->broken.rc != GB_OK && err) {
		*err = db->broken;
	}
	return db->broken.rc;
}

/* The transaction. */

enum gb_rc gb_db_begin(struct gb_db *db, struct gb_err *err)
{
	enum gb_rc rc = gb_db_check(db, err);

	if (rc != GB_OK || db->in_transaction) {
		return rc;
	}
	/* IMMEDIATE takes the write lock now: later in the transaction nothing can be busy. */
	rc = gb_db_execute(db, "BEGIN IMMEDIATE", err);
	if (rc == GB_OK) {
		db->in_transaction = true;
		db->begun_ms = gb_clock_boot_ms();
		db->begun_changes = sqlite3_total_changes64(db->handle);
	}
	return rc;
}

enum gb_rc gb_db_commit(struct gb_db *db, struct gb_err *err)
{
	enum gb_rc rc = gb_db_check(db, err);

	if (rc != GB_OK || !db->in_transaction) {
		return rc;
	}
	rc = gb_db_execute(db, "COMMIT", err);
	if (rc == GB_OK) {
		db->in_transaction = false;
	}
	return rc;
}

void gb_db_rollback(struct gb_db *db)
{
	/* After some failures SQLite has rolled back by itself. */
	if (db->handle && !sqlite3_get_autocommit(db->handle)) {
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	}
	db->in_transaction = false;
	gb_err_clear(&db->broken);
}

int64_t gb_db_pending_changes(const struct gb_db *db)
{
	return db->in_transaction ? sqlite3_total_changes64(db->handle) - db->begun_changes : 0;
}
