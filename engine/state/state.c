/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening, committing and closing the state. */
#include "config.h"

#include "engine/state/state.h"

#include <string.h>

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/state/link_table.h"
#include "engine/state/links.h"
#include "engine/state/location.h"
#include "engine/state/schema.h"
#include "engine/state/sizes.h"
#include "engine/state/state_private.h"

/*
 * WAL: `status` reads while a run writes, and a commit is one fsync; synchronous = FULL makes that
 * fsync happen, since an intent must be on disk before we send. The limit cuts the -wal back to
 * size after an initial run.
 */
static const char pragmas[] = "PRAGMA synchronous = FULL;"
			      "PRAGMA cache_size = -4096;"
			      "PRAGMA journal_size_limit = 4194304;";
_Static_assert(GB_DB_CACHE_KIB == 4096, "pragmas says the same");

static int close_database(struct gb_state *state)
{
	gb_db_close(&state->db);
	return 0;
}

static enum gb_rc use_wal(struct gb_db *db, struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = false;
	enum gb_rc rc;

	rc = gb_db_query(db, "PRAGMA journal_mode = WAL", GB_DB_NO_VALUES, &query, err);
	if (rc == GB_OK) {
		rc = gb_db_next(&query, &has_row, err);
	}
	if (rc == GB_OK && (!has_row || strcmp(gb_db_peek_text(&query, 0), "wal") != 0)) {
		rc = gb_db_fail(db, SQLITE_IOERR, err);
	}
	gb_db_query_end(&query);
	return rc;
}

static enum gb_rc refuse_without_wal(const struct gb_db *db, struct gb_err *err)
{
	gb_err_set(err, GB_E_STATE, "state-wal-lost",
		   _("%s was in use when it was copied, and its -wal file is missing: it may lack "
		     "the latest writes."),
		   db->name);
	gb_err_undone(err, _("Nothing is planned or written from it."));
	gb_err_remedy(err, _("Move the file away; the next run reads everything anew."));
	return GB_E_STATE;
}

static enum gb_rc quick_check(struct gb_db *db, struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = false;
	enum gb_rc rc = gb_db_query(db, "PRAGMA quick_check(1)", GB_DB_NO_VALUES, &query, err);

	if (rc == GB_OK) {
		rc = gb_db_next(&query, &has_row, err);
	}
	if (rc == GB_OK && (!has_row || strcmp(gb_db_peek_text(&query, 0), "ok") != 0)) {
		rc = gb_db_fail(db, SQLITE_CORRUPT, err);
	}
	gb_db_query_end(&query);
	return rc;
}

static enum gb_rc check_last_stop(struct gb_state *state, bool has_wal, struct gb_err *err)
{
	int64_t in_use = 0;
	enum gb_rc rc = gb_db_read_int(&state->db, "SELECT value FROM fact WHERE name = 'in-use'",
				       GB_DB_NO_VALUES, 0, &in_use, err);

	state->was_unclean = in_use != 0;
	if (rc != GB_OK || !state->was_unclean) {
		return rc;
	}
	return has_wal ? quick_check(&state->db, err) : refuse_without_wal(&state->db, err);
}

static enum gb_rc mark_in_use(struct gb_state *state, bool in_use, struct gb_err *err)
{
	enum gb_rc rc = gb_db_run(&state->db, "REPLACE INTO fact VALUES ('in-use', ?)",
				  GB_DB_VALUES(GB_DB_TEXT(in_use ? "1" : "0")), err);

	if (rc == GB_OK) {
		rc = gb_db_commit(&state->db, err);
	}
	if (rc == GB_OK && in_use) {
		/* Into the file itself, so that a copy of it without its -wal carries the mark. */
		rc = gb_db_execute(&state->db, "PRAGMA wal_checkpoint(TRUNCATE)", err);
	}
	return rc;
}

static enum gb_rc open_to_write(struct gb_state *state, const char *path, bool has_wal,
				struct gb_err *err)
{
	struct gb_db *db = &state->db;
	int version = 0;
	enum gb_rc rc = gb_db_open(db, db->name, path, SQLITE_OPEN_READWRITE, err);

	if (rc == GB_OK) {
		rc = gb_link_tables_register(state, err);
	}
	if (rc == GB_OK) {
		/* The -wal belongs to a crash until gb_state_close() says otherwise. */
		sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
		rc = gb_schema_version(db, &version, err);
	}
	if (rc == GB_OK && version > 0) {
		rc = check_last_stop(state, has_wal, err);
	}
	if (rc == GB_OK) {
		rc = use_wal(db, err);
	}
	if (rc == GB_OK) {
		rc = gb_db_execute(db, pragmas, err);
	}
	if (rc == GB_OK) {
		rc = gb_schema_migrate(db, version, GB_SCHEMA_VERSION, err);
	}
	state->is_new = version == 0;
	return rc == GB_OK ? mark_in_use(state, true, err) : rc;
}

static enum gb_rc check_readable(struct gb_state *state, struct gb_err *err)
{
	int version = 0;
	enum gb_rc rc = gb_link_tables_register(state, err);

	if (rc == GB_OK) {
		rc = gb_schema_version(&state->db, &version, err);
	}
	if (rc == GB_OK && version < GB_SCHEMA_VERSION) {
		rc = gb_err_set(err, GB_E_STATE, "state-older",
				_("%s was written by an older groupback."), state->db.name);
		gb_err_undone(err, _("It was not read."));
		gb_err_remedy(err, _("The next run of the engine brings it up to date."));
	}
	return rc;
}

/*
 * Reading a file in WAL mode needs its -shm, which we may not be able to make (read-only file
 * system). Without a -wal nobody is at work and the file holds everything: then it can be read as
 * it stands.
 */
static enum gb_rc open_to_read(struct gb_state *state, const char *path, bool has_wal,
			       struct gb_err *err)
{
	struct gb_err failure;
	enum gb_rc rc =
		gb_db_open(&state->db, state->db.name, path, SQLITE_OPEN_READONLY, &failure);

	if (rc == GB_OK) {
		rc = check_readable(state, &failure);
	}
	if (rc == GB_E_IO && !has_wal) {
		char *uri = gb_location_immutable_uri(state, path);

		gb_db_close(&state->db);
		rc = gb_db_open(&state->db, state->db.name, uri,
				SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, &failure);
		if (rc == GB_OK) {
			rc = check_readable(state, &failure);
		}
	}
	if (rc != GB_OK && err) {
		*err = failure;
	}
	return rc;
}

enum gb_rc gb_state_open(const void *ctx, const char *path, enum gb_state_mode mode,
			 struct gb_state **ret_state, struct gb_err *err)
{
	struct gb_state *state;
	bool has_wal = false;
	enum gb_rc rc = gb_location_check(path, mode == GB_STATE_READ_WRITE, &has_wal, err);

	if (rc != GB_OK) {
		return rc;
	}
	state = gb_new(ctx, struct gb_state);
	talloc_set_destructor(state, close_database);
	state->mode = mode;
	state->db.name = gb_text_display(state, path);
	rc = mode == GB_STATE_READ_WRITE ? open_to_write(state, path, has_wal, err)
					 : open_to_read(state, path, has_wal, err);
	if (rc == GB_OK) {
		rc = gb_state_load(state, err);
	}
	if (rc != GB_OK) {
		talloc_free(state);
		return rc;
	}
	*ret_state = state;
	return GB_OK;
}

enum gb_rc gb_state_close(struct gb_state *state, struct gb_err *err)
{
	enum gb_rc rc = GB_OK;

	gb_db_rollback(&state->db);
	if (state->mode == GB_STATE_READ_WRITE) {
		rc = mark_in_use(state, false, err);
	}
	if (rc == GB_OK) {
		sqlite3_db_config(state->db.handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
	}
	talloc_free(state);
	return rc;
}

bool gb_state_is_new(const struct gb_state *state)
{
	return state->is_new;
}

bool gb_state_was_unclean(const struct gb_state *state)
{
	return state->was_unclean;
}

enum gb_rc gb_state_load(struct gb_state *state, struct gb_err *err)
{
	enum gb_rc rc = gb_sizes_load(state, err);

	for (int what = 0; what < GB_FULL_COUNT && rc == GB_OK; what++) {
		rc = gb_db_read_int(&state->db, "SELECT generation FROM full_read WHERE what = ?",
				    GB_DB_VALUES(GB_DB_INT(what)), 0, &state->generations[what],
				    err);
	}
	return rc == GB_OK ? gb_links_load(state, err) : rc;
}

enum gb_rc gb_state_commit(struct gb_state *state, struct gb_err *err)
{
	enum gb_rc rc = gb_sizes_store(state, err);

	return rc == GB_OK ? gb_db_commit(&state->db, err) : rc;
}

enum gb_rc gb_state_commit_soon(struct gb_state *state, struct gb_err *err)
{
	int64_t pending = gb_db_pending_changes(&state->db);

	if (pending == 0 || (pending < GB_STATE_BATCH_ROWS &&
			     gb_clock_boot_ms() - state->db.begun_ms < GB_STATE_BATCH_MS)) {
		return GB_OK;
	}
	return gb_state_commit(state, err);
}

void gb_state_rollback(struct gb_state *state)
{
	struct gb_err ignored;

	gb_db_rollback(&state->db);
	/* If this fails, the next read of the file fails as well, and says so. */
	if (gb_state_load(state, &ignored) != GB_OK) {
		state->db.broken = ignored;
	}
}
