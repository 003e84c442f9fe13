/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Plan files: a plan as text that a person can read, sign and approve.
 *
 * JSON, one value a line: a header that binds the plan to its tenant, domain, container, state and
 * configuration; one line a change, in the plan's order; a last line with the number of changes and
 * the digest, SHA-256 over all lines before it. No run number and no time is inside: the same plan
 * has the same digest.
 *
 * A file is never carried out. It says what somebody agreed to: the cycle plans anew, and what it
 * finds is done for those groups whose changes are word for word those of the file. So a file cannot
 * make the engine write anything that it would not write by itself, whoever edited it.
 */
#ifndef GB_SYNC_PLAN_FILE_H
#define GB_SYNC_PLAN_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/sync/report.h"
#include "engine/sync/session.h"

/** Largest plan file that is read, in bytes (a million memberships take about 50 MB). */
#define GB_PLAN_FILE_MAX_BYTES (1024u * 1024u * 1024u)
/** Longest line in bytes. */
#define GB_PLAN_FILE_MAX_LINE_BYTES (1024u * 1024u)

/** Which changes of a run go into the file. */
enum gb_plan_part {
	GB_PLAN_WHOLE,  /**< all */
	GB_PLAN_WAITING /**< those that wait for approval */
};

/** A plan file that was read. Opaque; talloc_free() it. */
struct gb_plan_file;

/**
 * Write the journal of @run_no, sent or not, as a plan file.
 *
 * @param configuration  digest of what decides scope, names and place.
 * @param path        replaced in one step, mode 0600; NULL: only the digest is wanted.
 * @param ret_digest  always set on success.
 * Errors: GB_E_IO, and those of state/.
 */
GB_MUST_CHECK enum gb_rc gb_plan_file_write(struct gb_session *session, int64_t run_no,
					    const char *configuration, enum gb_plan_part part,
					    const char *path, struct gb_plan_digest *ret_digest,
					    struct gb_err *err);

/**
 * Read a plan file and check its digest.
 *
 * Errors: GB_E_PROTOCOL (no plan file, edited, cut short), GB_E_CONFIG (a file that others may
 * write), GB_E_IO.
 */
GB_MUST_CHECK enum gb_rc gb_plan_file_read(const void *ctx, const char *path,
					   struct gb_plan_file **ret_file, struct gb_err *err);

/** Its digest in hex; borrowed. */
const char *gb_plan_file_digest(const struct gb_plan_file *file);

/**
 * Is it a plan for this tenant, domain, container, state and configuration?
 *
 * Errors: GB_E_GUARD with the first that differs.
 */
GB_MUST_CHECK enum gb_rc gb_plan_file_check(const struct gb_plan_file *file,
					    struct gb_session *session, const char *configuration,
					    struct gb_err *err);

/** What became of the groups of a plan file in a fresh plan. */
struct gb_plan_match {
	int64_t same;    /**< groups that go on, with exactly the changes of the file */
	int64_t changed; /**< groups of the file that are planned differently now: left out */
	int64_t done;    /**< groups of the file that nothing is planned for any more */
	int64_t others;  /**< groups of the fresh plan that are not in the file: left out */
};

/** Who is told about groups that were left out because they changed. */
typedef void (*gb_plan_changed_fn)(void *user, const struct gb_guid *cloud_id, const char *name);

/**
 * Take everything out of the journal of @run_no that is not word for word in @file. Groups that are
 * taken out stay dirty: the next cycle plans them again.
 *
 * Errors: those of state/.
 */
GB_MUST_CHECK enum gb_rc gb_plan_file_restrict(struct gb_plan_file *file,
					       struct gb_session *session, int64_t run_no,
					       gb_plan_changed_fn changed, void *user,
					       struct gb_plan_match *ret_match, struct gb_err *err);

#endif
