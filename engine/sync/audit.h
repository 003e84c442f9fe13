/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The audit: audit.jsonl in the state directory, one line for each write that was intended and one for
 * what became of it, with what stood there before.
 *
 * Each line is a JSON object on one line; "n" counts lines over all files, "prev" is the SHA-256 of
 * the line before, so no line can be changed, taken out or put in unseen. The last link is kept in the
 * state as well, so a file that was cut off at its end is noticed, and a file that was rotated away
 * goes on in the next. Texts from outside are values inside JSON: no name can make a line.
 *
 * An intent is in the file before its write is sent; lines reach the disk (fsync) at least every
 * GB_AUDIT_SYNC_LINES and at the end. What a power cut takes away is in the journal of the state.
 *
 * Life cycle: gb_audit_open(), lines, gb_audit_close(). Whoever writes holds the lock (lock.h).
 */
#ifndef GB_SYNC_AUDIT_H
#define GB_SYNC_AUDIT_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/apply/apply.h"
#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/state/journal.h"
#include "engine/state/state.h"

/** Lines after which the file is synced. */
#define GB_AUDIT_SYNC_LINES 512
/** Longest line in bytes. */
#define GB_AUDIT_MAX_LINE_BYTES (1024u * 1024u)
/** Fact of the state: "<n> <sha256>" of the last line that is known. */
#define GB_FACT_AUDIT "audit-head"

/** The open audit. Opaque; talloc_free() closes it without a sync. */
struct gb_audit;

/**
 * Open it for @run_no, and make it if it is missing. Half a line at the end (a crash) is ended, and
 * the next line says so; a file that is shorter than the state remembers gets a line that says so.
 *
 * Errors: GB_E_IO, GB_E_CONFIG (a file that others may write), those of state/.
 */
GB_MUST_CHECK enum gb_rc gb_audit_open(const void *ctx, const char *state_directory,
				       struct gb_state *state, int64_t run_no,
				       struct gb_audit **ret_audit, struct gb_err *err);

/** This change is about to be sent. Errors: GB_E_IO; then it must not be sent. */
GB_MUST_CHECK enum gb_rc gb_audit_intent(struct gb_audit *audit,
					 const struct gb_state_change *change, struct gb_err *err);

/** This is what became of it. Errors: GB_E_IO. */
GB_MUST_CHECK enum gb_rc gb_audit_result(struct gb_audit *audit,
					 const struct gb_apply_result *result, struct gb_err *err);

/** The run begins or ends: @kind "begin" or "end", @text a sentence or the summary. */
GB_MUST_CHECK enum gb_rc gb_audit_note(struct gb_audit *audit, const char *kind, const char *text,
				       struct gb_err *err);

/** Sync it, and keep its last link in the state (not committed). Errors: GB_E_IO, state/. */
GB_MUST_CHECK enum gb_rc gb_audit_close(struct gb_audit *audit, struct gb_err *err);

/** What gb_audit_verify() found. */
struct gb_audit_verdict {
	int64_t lines;    /**< lines that were read */
	int64_t first_n;  /**< number of the first; above 1: older files are elsewhere */
	int64_t last_n;   /**< number of the last */
	bool has_end;     /**< the last link that the state knows was found */
	bool is_half;     /**< the last line is not whole: a crash, or an engine at work */
	int64_t repaired; /**< half lines that a later run ended */
};

/**
 * Read the audit from its beginning: @files in their order, oldest first.
 *
 * @param state  for the last link; or NULL (then only the files are held against each other).
 * Errors: GB_E_PROTOCOL names file, line and what is wrong with it (changed, missing, cut off);
 * GB_E_CONFIG, GB_E_IO: a file cannot be read.
 */
GB_MUST_CHECK enum gb_rc gb_audit_verify(struct gb_state *state, const char *const *files,
					 size_t file_count, struct gb_audit_verdict *ret_verdict,
					 struct gb_err *err);

#endif
