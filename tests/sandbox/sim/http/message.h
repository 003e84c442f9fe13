/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One HTTP request and its answer, as the endpoint families see them.
 *
 * The server fills a request; a family fills the response; a request inside a $batch is made with
 * sim_request_new() and never touches a socket. Both live below one talloc parent and end with it.
 */
#ifndef SIM_HTTP_MESSAGE_H
#define SIM_HTTP_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/util/buf.h"

/** Most headers of a request or an answer. */
#define SIM_HEADER_MAX 100
/** Most query options of a request. */
#define SIM_QUERY_MAX 100
/** Most segments of a path. */
#define SIM_SEGMENT_MAX 16

/** A name and a value. */
struct sim_pair {
	char *name;  /**< decoded */
	char *value; /**< decoded; "" if there was no '=' */
	char *raw;   /**< the pair as it was sent (query options), else NULL */
};

/** A list of pairs, in order. */
struct sim_pairs {
	struct sim_pair *items; /**< count of them */
	size_t count;           /**< used items */
};

/** A request. */
struct sim_request {
	const char *method;              /**< "GET" */
	const char *target;              /**< path and query as sent */
	char *path;                      /**< target without the query, as sent */
	char *segments[SIM_SEGMENT_MAX]; /**< path split at '/', decoded, empty ones left out */
	size_t segment_count;            /**< used segments */
	struct sim_pairs query;          /**< query options */
	struct sim_pairs headers;        /**< headers */
	const char *origin;              /**< "https://host:port" from the Host header */
	const char *host;                /**< the Host header */
	const char *body;                /**< request body, NUL behind it */
	size_t body_length;              /**< bytes of body */
	bool is_too_large; /**< the body was longer than the service takes, and is not here */
	bool is_encoded;   /**< the body has a content coding that the service does not take */
	bool is_malformed; /**< path or query cannot be decoded, or has too many parts */
};

/** An answer. */
struct sim_response {
	unsigned status;          /**< HTTP status */
	struct sim_pairs headers; /**< headers, Content-Type included */
	struct sim_buf *body;     /**< body, perhaps empty */
	size_t promised;          /**< Content-Length beyond the body, to cut it short; 0: honest */
	bool reset;               /**< close the connection instead of answering */
	unsigned delay_ms;        /**< wait before answering */
	size_t drip_bytes;        /**< bytes of the body that are sent at a time; 0: all */
	unsigned drip_ms;         /**< time between them */
};

/** A request below @ctx with path, segments and query taken from @target. */
struct sim_request *sim_request_new(const void *ctx, const char *method, const char *target);

/** An empty answer with status 200 below @ctx. */
struct sim_response *sim_response_new(const void *ctx);

/** Append a pair; false if there are @max already. Copies both below @ctx. */
bool sim_pairs_add(const void *ctx, struct sim_pairs *pairs, const char *name, const char *value,
		   size_t max);

/** Value of the first pair with this name (any case), or NULL. */
const char *sim_pairs_get(const struct sim_pairs *pairs, const char *name);

/** Set a header of the answer, in place of one of the same name. */
void sim_response_header(struct sim_response *response, const char *name, const char *value);

/** Split and decode "a=b&c=d" into @pairs below @ctx; @plus: '+' is a space. False if malformed. */
bool sim_query_parse(const void *ctx, const char *text, size_t length, bool plus,
		     struct sim_pairs *pairs);

#endif
