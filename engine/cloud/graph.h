/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The Graph client: reads with the token, repeats what is worth repeating, and hands out parsed
 * JSON.
 *
 * A window bounds the requests in flight. A 429 holds all of them back for as long as Graph asks,
 * halves the window, and lets it grow again with success. The token is attached in one place,
 * behind the origin check. Life cycle: gb_graph_new(), gb_graph_get(), talloc_free(); loop thread
 * only.
 */
#ifndef GB_CLOUD_GRAPH_H
#define GB_CLOUD_GRAPH_H

#include <stdint.h>
#include <tevent.h>

#include "engine/base/err.h"
#include "engine/base/json.h"
#include "engine/cloud/graph_error.h"
#include "engine/cloud/http.h"
#include "engine/cloud/origin.h"
#include "engine/cloud/retry.h"
#include "engine/cloud/token.h"

/** Largest answer that is read, in bytes, after decompression. */
#define GB_GRAPH_MAX_ANSWER_BYTES GB_HTTP_MAX_BODY_BYTES

/** Opaque. */
struct gb_graph;

/** What the client works with; borrowed, must outlive it. */
struct gb_graph_parts {
	struct tevent_context *ev;
	struct gb_http *http;
	struct gb_token *token;
	const struct gb_origin *origin; /**< where the token may go */
	struct gb_retry_policy policy;
	unsigned window; /**< most requests in flight, 1 … */
};

/** A client below @ctx. */
struct gb_graph *gb_graph_new(const void *ctx, const struct gb_graph_parts *parts);

/**
 * The end of a reading; exactly once, from the loop, unless the request was freed.
 *
 * @param root  the top object of a 200; borrowed, gone when the callback returns. NULL unless
 *              GB_OK.
 * Errors: see gb_graph_explain(), gb_http_done_fn, gb_token_fn; GB_E_PROTOCOL also for a 200 that
 * is not application/json, not acceptable to gb_json_parse(), or carries a top-level "error".
 */
typedef void (*gb_graph_done_fn)(void *user, enum gb_rc rc, const struct gb_json *root,
				 const struct gb_err *err);

/** Opaque: a reading under way. Gone after its callback. */
struct gb_graph_request;

/**
 * Read. The request is a child of @ctx; freeing it cancels in silence. @call is copied, but for its
 * permission, which is a literal. A URL that the origin check refuses ends with GB_E_PROTOCOL,
 * unsent.
 */
struct gb_graph_request *gb_graph_get(struct gb_graph *graph, const void *ctx,
				      const struct gb_graph_call *call, gb_graph_done_fn done,
				      void *user);

/** Wake what sleeps until a retry; for gb_cloud_cancel(), after gb_http_cancel(). */
void gb_graph_hurry(struct gb_graph *graph);

/** Where the token may go. Borrowed. */
const struct gb_origin *gb_graph_origin(const struct gb_graph *graph);

/** Counters since gb_graph_new(). */
struct gb_graph_stats {
	uint64_t pages;       /**< good answers */
	uint64_t retries;     /**< repetitions, those with a new token included */
	uint64_t throttled;   /**< answers with 429 */
	int64_t throttled_ms; /**< time that sending was held back because of them */
};

/** A copy of the counters. */
struct gb_graph_stats gb_graph_stats(const struct gb_graph *graph);

#endif
