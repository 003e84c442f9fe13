/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests: one JSON line, read with a bound, checked as a whole before anything is done. */
#ifndef GB_PROBE_REQUEST_H
#define GB_PROBE_REQUEST_H

#include <stddef.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/probe/question.h"

/** Longest request in bytes, with its newline. */
#define GB_REQUEST_MAX_BYTES 262144u
/** Limits of timeoutMs. */
#define GB_REQUEST_MIN_TIMEOUT_MS 100
#define GB_REQUEST_MAX_TIMEOUT_MS 3600000

/**
 * Make a probe of a request, below @ctx. Secrets are taken out of the text and wiped from it.
 *
 * @param line  @length bytes without a newline; overwritten.
 * @param ret_probe  set on failure, too: its question (if it is known) and its field tell where the
 *                   fault is.
 * Errors: GB_E_USAGE with the ids of docs/probe.md; GB_E_CONFIG for what the configuration's table
 * refuses.
 */
GB_MUST_CHECK enum gb_rc gb_request_parse(const void *ctx, char *line, size_t length,
					  struct gb_probe **ret_probe, struct gb_err *err);

/**
 * Put the members "config" and "secrets" of an object into a configuration: values by the table,
 * secrets held in memory and wiped from the document. For requests and jobs.
 *
 * @param probe  config and field are used, administrator is set; the rest is untouched.
 * Errors: as gb_request_parse().
 */
GB_MUST_CHECK enum gb_rc gb_request_take_draft(struct gb_probe *probe, const struct gb_json *root,
					       struct gb_err *err);

#endif
