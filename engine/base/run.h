/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Running another program: systemd-creds, systemctl, ourselves. No shell, an environment of its own
 * (of ours only KRB5_CONFIG, which says where the realm is), input by a pipe (so secrets are in no
 * argument), bounded output, bounded time.
 */
#ifndef GB_BASE_RUN_H
#define GB_BASE_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/secret.h"

/** Most bytes of standard output that are taken. */
#define GB_RUN_MAX_OUTPUT_BYTES GB_SECRET_MAX_BYTES

/** What to run. */
struct gb_run_call {
	const char *const *argv;       /**< [0] is an absolute path; ends with NULL */
	const struct gb_secret *input; /**< its standard input; NULL: empty */
	int64_t timeout_ms;            /**< then it is killed; 0: 30 seconds */
	bool cuts_output;              /**< output beyond the limit is dropped, and no error */
};

/** How it went. */
struct gb_run_result {
	int exit_code;            /**< its exit code; 128 and the signal if one ended it */
	struct gb_secret *output; /**< standard output; below the context that was given */
	char *said;               /**< first lines of standard error, safe to show */
};

/**
 * Run it and wait. A program that ends with any exit code is GB_OK here.
 *
 * Errors: GB_E_SYSTEM "run-failed" (not there, no process), GB_E_UNAVAILABLE "run-timeout",
 * GB_E_PROTOCOL "run-output" (more output than is taken).
 */
GB_MUST_CHECK enum gb_rc gb_run(const void *ctx, const struct gb_run_call *call,
				struct gb_run_result *ret_result, struct gb_err *err);

#endif
