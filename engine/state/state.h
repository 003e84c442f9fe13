/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The state: one SQLite file that remembers what both sides looked like and what we wrote.
 *
 * It holds two spaces, both keyed by small integers that never change and are never used twice:
 * the cloud space (cloud_space.h) and the directory space (directory_space.h); what joins them
 * (matching.h); what has changed since it was last written (dirty.h); what the planner reads
 * (streams.h); where the imports stand (cursors.h, full_read.h); and the journal of planned writes
 * and their outcomes (journal.h, runs.h). It is a cache plus a journal: losing it costs a full
 * read, never a deletion.
 *
 * Life cycle: gb_state_open(), work, gb_state_close(). Only this room includes sqlite3.h.
 *
 * Transactions: writes collect in one open transaction, which the first write begins. Nothing is
 * durable before gb_state_commit(); gb_state_commit_soon() commits when enough has collected;
 * gb_state_rollback() gives up everything since the last commit. A function that refuses (with one of
 * the codes it names itself) has changed nothing. Whatever else fails breaks the transaction: every
 * later call returns that same error until gb_state_rollback(). So nothing half done is committed.
 *
 * Errors of every function of this room, besides those that it names: GB_E_IO (full disk, read-only
 * file system, I/O error), GB_E_STATE (the file turns out to be corrupt), GB_E_TRY_AGAIN (somebody
 * else holds the file locked for more than 5 seconds), GB_E_INTERNAL (a bug). Pointers that a
 * function takes are borrowed for the call. Rows that a function returns are copies below the given
 * talloc parent.
 */
#ifndef GB_STATE_STATE_H
#define GB_STATE_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"

/** The open state. Opaque; one per process. */
struct gb_state;

/** How a state is opened. */
enum gb_state_mode {
	GB_STATE_READ_WRITE, /**< the engine: creates the file if it is missing */
	GB_STATE_READ_ONLY   /**< status and history: while an engine is at work, too */
};

/** gb_state_commit_soon() commits when so many rows were changed … */
#define GB_STATE_BATCH_ROWS 20000
/** … or the transaction is so old: what a crash makes us read again. */
#define GB_STATE_BATCH_MS 500

/** Largest number of members of one group that the state takes; Entra writes back 250,000. */
#define GB_STATE_MAX_GROUP_MEMBERS (1u << 20)

/**
 * Open (and create or migrate) the state.
 *
 * The file is created with mode 0600 in a folder that must exist; it must be a regular file, no
 * link, that belongs to us (docs/failures.md, F-05). After an unclean stop the whole file is checked.
 *
 * @param path       the file, e.g. "/var/lib/groupback/state.db".
 * @param ret_state  below @ctx.
 * Errors: GB_E_STATE: not a state of ours, corrupt, its -wal file was lost, or written by a newer
 * version (id "state-newer"): nothing was changed; every other id may be put right with
 * gb_state_set_aside() and a full read. GB_E_CONFIG: the file is not ours alone, or lies on a
 * network file system. GB_E_NOT_FOUND: read-only and there is none. GB_E_IO, GB_E_TRY_AGAIN.
 */
GB_MUST_CHECK enum gb_rc gb_state_open(const void *ctx, const char *path, enum gb_state_mode mode,
				       struct gb_state **ret_state, struct gb_err *err);

/**
 * Close it and leave the mark of a clean stop. What was not committed is given up. The state is
 * freed whatever the result. talloc_free() without it is what a crash looks like.
 */
GB_MUST_CHECK enum gb_rc gb_state_close(struct gb_state *state, struct gb_err *err);

/** True if gb_state_open() created the file: everything must be read from both sides. */
bool gb_state_is_new(const struct gb_state *state);

/** True if the last engine did not call gb_state_close(). */
bool gb_state_was_unclean(const struct gb_state *state);

/** Make everything durable that was written so far. No-op if nothing was. */
GB_MUST_CHECK enum gb_rc gb_state_commit(struct gb_state *state, struct gb_err *err);

/** As gb_state_commit(), but only once enough has collected. Cheap otherwise. */
GB_MUST_CHECK enum gb_rc gb_state_commit_soon(struct gb_state *state, struct gb_err *err);

/** Give up everything since the last commit. Iterators that are open then must only be ended. */
void gb_state_rollback(struct gb_state *state);

/**
 * Move a refused state out of the way, with its -wal and -shm, so that the next gb_state_open()
 * begins a new one: "state.db" becomes "state.db.refused-<UTC time>".
 *
 * @param ret_path  the new name, below @ctx.
 * Errors: GB_E_IO.
 */
GB_MUST_CHECK enum gb_rc gb_state_set_aside(const void *ctx, const char *path, char **ret_path,
					    struct gb_err *err);

#endif
