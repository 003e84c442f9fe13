/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one line that a probe is asked with (docs/probe.md); what is secret in it stays in locked memory. */
#ifndef WZ_REQUEST_H
#define WZ_REQUEST_H

#include <stdint.h>

#include "engine/base/json.h"
#include "engine/base/secret.h"
#include "wizard/draft.h"

/** A request in the making. Opaque. */
struct wz_request;

/**
 * A request below @ctx with the settings of @draft that a key takes and that are not wrong.
 *
 * @param question   NULL: none (the job of configure).
 * @param arguments  name of the object that wz_request_writer() is inside of.
 */
struct wz_request *wz_request_new(const void *ctx, const struct wz_draft *draft,
				  const char *question, const char *arguments);

/** Inside the object of arguments. */
struct gb_json_writer *wz_request_writer(struct wz_request *request);

/** Put a secret in. */
void wz_request_secret(struct wz_request *request, const char *name,
		       const struct gb_secret *secret);

/** The deadline that is asked for; 0: none. */
void wz_request_deadline(struct wz_request *request, int64_t deadline_ms);

/** The line with its newline, below @ctx. The request is spent. */
struct gb_secret *wz_request_finish(const void *ctx, struct wz_request *request);

#endif
