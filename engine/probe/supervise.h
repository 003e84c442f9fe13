/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The supervisor: runs a question in a child, hands its answers on, and ends it.
 *
 * A child may block in a resolver, a handshake or a KDC; the supervisor never does. It kills the child
 * when the deadline is over, when a signal comes, when nobody reads any more, and writes the one
 * error that the protocol promises then; also when the child dies. Lines are handed on whole or not at
 * all. The supervisor opens no socket and reads nothing that came from the network but lines.
 */
#ifndef GB_PROBE_SUPERVISE_H
#define GB_PROBE_SUPERVISE_H

#include <stddef.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/probe/question.h"

/** Opaque: signals are caught and nothing runs yet. */
struct gb_supervisor;

/** From now on SIGTERM, SIGINT and SIGHUP are noted instead of ending the program. Below @ctx. */
struct gb_supervisor *gb_supervisor_new(const void *ctx);

/**
 * Read one line from @fd, at most GB_REQUEST_MAX_BYTES with its newline, until @timeout_ms are over.
 *
 * @param ret_line  below @ctx, without the newline; wipe it.
 * Errors: GB_E_USAGE "request-too-long", GB_E_UNAVAILABLE "probe-timeout", GB_E_CANCELLED "cancelled",
 * GB_E_IO.
 */
GB_MUST_CHECK enum gb_rc gb_supervisor_read_line(struct gb_supervisor *supervisor, const void *ctx,
						 int fd, int64_t timeout_ms, char **ret_line,
						 size_t *ret_length, struct gb_err *err);

/**
 * Answer the probe on @out_fd: fork, run, hand on, clean up. Returns the exit code of the process.
 */
int gb_supervisor_run(struct gb_supervisor *supervisor, struct gb_probe *probe, int out_fd);

/** Write an error that ends a request which is not even begun. Returns the exit code. */
int gb_supervisor_refuse(struct gb_supervisor *supervisor, const struct gb_probe *probe, int out_fd,
			 const struct gb_err *err);

#endif
