/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A copy of the state. */
#include "config.h"

#include "engine/state/copy.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/state/database.h"
#include "engine/state/location.h"

/* A file that nobody writes may lie where its -shm cannot be made. */
static enum gb_rc open_source(const void *ctx, struct gb_db *db, const char *from,
			      struct gb_err *err)
{
	const char *name = gb_text_display(ctx, from);
	bool has_wal = false;
	enum gb_rc rc = gb_location_check(from, false, &has_wal, err);

	if (rc != GB_OK) {
		return rc;
	}
	rc = gb_db_open(db, name, from, SQLITE_OPEN_READONLY, err);
	if (rc == GB_E_IO && !has_wal) {
		gb_db_close(db);
		rc = gb_db_open(db, name, gb_location_immutable_uri(ctx, from),
				SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, err);
	}
	return rc;
}

static enum gb_rc open_target(const void *ctx, struct gb_db *db, const char *to, struct gb_err *err)
{
	bool has_wal = false;
	enum gb_rc rc = gb_location_check(to, true, &has_wal, err);

	return rc == GB_OK ? gb_db_open(db, gb_text_display(ctx, to), to, SQLITE_OPEN_READWRITE,
					err)
			   : rc;
}

/* All pages in one step: one moment of the source, whatever is written to it meanwhile. */
static enum gb_rc copy_pages(struct gb_db *from, struct gb_db *to, struct gb_err *err)
{
	sqlite3_backup *backup = sqlite3_backup_init(to->handle, "main", from->handle, "main");
	int code;

	if (!backup) {
		return gb_db_fail(to, sqlite3_extended_errcode(to->handle), err);
	}
	code = sqlite3_backup_step(backup, -1);
	if (code == SQLITE_DONE) {
		code = SQLITE_OK;
	}
	(void)sqlite3_backup_finish(backup);
	return code == SQLITE_OK ? GB_OK : gb_db_fail(to, code, err);
}

enum gb_rc gb_state_copy(const char *from, const char *to, struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_db source = {0};
	struct gb_db target = {0};
	enum gb_rc rc = open_source(tmp, &source, from, err);

	if (rc == GB_OK) {
		rc = open_target(tmp, &target, to, err);
	}
	if (rc == GB_OK) {
		rc = copy_pages(&source, &target, err);
	}
	if (rc == GB_OK) {
		rc = gb_db_execute(&target, "UPDATE fact SET value = '0' WHERE name = 'in-use'",
				   err);
	}
	gb_db_close(&target);
	gb_db_close(&source);
	talloc_free(tmp);
	return rc;
}
