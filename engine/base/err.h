/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Errors: one idiom for the whole engine.
 *
 * A function that can fail for an outside reason returns enum gb_rc and, on failure, fills the
 * struct gb_err that the caller gave it as last parameter. The lowest function that knows the
 * reason writes the three sentences (what failed, what was not done, what to do); callers may put
 * context in front with gb_err_prefix() and never replace them. A gb_err is a plain value: copy it
 * by assignment, keep it as long as you like, nothing to free. Libraries do not print and do not
 * exit; commands do, with gb_rc_exit_code().
 *
 * Out of memory is not an error of this kind: see mem.h.
 */
#ifndef GB_BASE_ERR_H
#define GB_BASE_ERR_H

#include <stdbool.h>

#include "engine/base/compiler.h"

/** What a caller can act on. Each has one exit code (gb_rc_exit_code). */
enum gb_rc {
	GB_OK = 0,
	GB_E_CANCELLED,   /**< a signal or the caller stopped it (143) */
	GB_E_USAGE,       /**< wrong command line (64) */
	GB_E_STATE,       /**< the state database is refused (65) */
	GB_E_UNAVAILABLE, /**< cloud or directory cannot be reached, or answers 5xx/busy for too long (69) */
	GB_E_INTERNAL,    /**< a bug of ours (70) */
	GB_E_SYSTEM,      /**< memory, descriptors, processes (71) */
	GB_E_IO,          /**< disk full, read-only, I/O error (74) */
	GB_E_TRY_AGAIN,   /**< lock held, throttled past the deadline (75) */
	GB_E_PROTOCOL,    /**< an answer that is invalid, hostile, or of the wrong TLS identity (76) */
	GB_E_ACCESS,      /**< credential or rights refused (77) */
	GB_E_CONFIG,      /**< our own configuration or files (78) */
	GB_E_GUARD,       /**< the guard stopped the run before its first write (4) */
	GB_E_NOT_FOUND,   /**< the object is not there: Graph 404, LDAP 32 (3 when it reaches a run) */
	GB_E_EXISTS,      /**< LDAP 68, 20 (3 when it reaches a run) */
	GB_E_CONSTRAINT,  /**< the server refuses these values: LDAP 19, 21, 34, 53, 65 (3) */
	GB_E_STALE_CURSOR /**< a delta or page token has expired: read anew (69 when it reaches a run) */
};

/** Size of each text of a gb_err, in bytes with the terminating NUL; longer texts are cut. */
#define GB_ERR_TEXT_BYTES 512

/** One error, by value. Texts are UTF-8, already safe to display, translated, without a newline. */
struct gb_err {
	enum gb_rc rc;                  /**< GB_OK while nothing failed */
	int native;                     /**< LDAP result, CURLcode, HTTP status, SQLite code, errno; or 0 */
	char id[48];                    /**< stable name for machines, e.g. "ldap-49-52e", "aadsts-7000215" */
	char what[GB_ERR_TEXT_BYTES];   /**< what failed */
	char undone[GB_ERR_TEXT_BYTES]; /**< what was not done because of it; may be empty */
	char remedy[GB_ERR_TEXT_BYTES]; /**< what to do about it; may be empty */
};

/** Make *err say "nothing failed". */
void gb_err_clear(struct gb_err *err);

/**
 * Fill *err and return @rc, so that `return gb_err_set(…)` ends a function.
 *
 * @param err  may be NULL: then only the code is returned.
 * @param rc   not GB_OK.
 * @param id   stable id, [a-z0-9-], up to 47 characters; borrowed.
 * @param what_fmt  printf format of "what failed"; outside text goes through gb_text_display() first.
 */
enum gb_rc gb_err_set(struct gb_err *err, enum gb_rc rc, const char *id, const char *what_fmt, ...)
	GB_PRINTF(4, 5);

/** Set "what was not done". Returns err->rc. err may be NULL (returns GB_E_INTERNAL). */
enum gb_rc gb_err_undone(struct gb_err *err, const char *fmt, ...) GB_PRINTF(2, 3);

/** Set "what to do". Returns err->rc. err may be NULL (returns GB_E_INTERNAL). */
enum gb_rc gb_err_remedy(struct gb_err *err, const char *fmt, ...) GB_PRINTF(2, 3);

/**
 * Put context and ": " in front of "what failed": "OU list" makes "OU list: …". Keeps everything else.
 * Returns err->rc.
 */
enum gb_rc gb_err_prefix(struct gb_err *err, const char *fmt, ...) GB_PRINTF(2, 3);

/** Remember the library's own code. Returns err->rc. */
enum gb_rc gb_err_native(struct gb_err *err, int native);

/** One line for people: the three sentences, joined by spaces. Allocated below @ctx. */
char *gb_err_line(const void *ctx, const struct gb_err *err);

/** Process exit code of @rc (sysexits.h where they fit): 0, 3, 4, 64 … 78, 143. */
int gb_rc_exit_code(enum gb_rc rc);

/**
 * Which of two exit codes a run reports: 70, 78, 65, 77, 76, 4, 74, 71, 69, 75, 143, 130, 3, 2, 0
 * in this order of precedence. Codes that are not in the list count as 70.
 */
int gb_exit_code_worst(int a, int b);

#endif
