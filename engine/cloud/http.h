/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * HTTPS requests on the event loop: libcurl's multi interface under tevent.
 *
 * What every request has, and no caller can change: https only (but for a machine's own token service), certificates and names verified,
 * TLS 1.2 or newer, no redirects, no cookies, no netrc, no proxy but the configured one (the
 * environment's variables are not read), bounded header, body, connect time and total time, and an
 * end when the peer goes silent. HTTP/2 where the server offers it, requests sharing connections.
 *
 * Life cycle: gb_http_new(), any number of gb_http_send(), talloc_free(). Loop thread only.
 */
#ifndef GB_CLOUD_HTTP_H
#define GB_CLOUD_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <tevent.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/secret.h"

/** Most bytes of an answer's header, all lines together. */
#define GB_HTTP_MAX_HEADER_BYTES (64u * 1024u)
/** Most bytes of an answer's body after decompression, whatever the caller allows. */
#define GB_HTTP_MAX_BODY_BYTES (8u * 1024u * 1024u)
/** Time for DNS, TCP, proxy and TLS together. */
#define GB_HTTP_CONNECT_MS 10000
/** Slower than this many bytes a second for so many seconds is silence. */
#define GB_HTTP_LOW_SPEED_BYTES   100
#define GB_HTTP_LOW_SPEED_SECONDS 30
/** Time for one request, connecting included. */
#define GB_HTTP_TIMEOUT_MS 120000
/** Connections live no longer, so that DNS changes are followed. */
#define GB_HTTP_CONNECTION_LIFE_S 600

/** Opaque: the connection pool. */
struct gb_http;

/** Settings of a pool; copied. */
struct gb_http_options {
	const char *ca_file; /**< PEM bundle that replaces the system's; NULL or "": none */
	const char *ca_pem;  /**< its content, instead of the file; or NULL */
	const char *proxy;   /**< "http://host:port" or "https://host:port"; NULL or "": none */
	unsigned max_connections; /**< at once, 1 … */
	int64_t connect_ms;       /**< 0: GB_HTTP_CONNECT_MS */
	int64_t low_speed_s;      /**< 0: GB_HTTP_LOW_SPEED_SECONDS */
};

/**
 * A pool below @ctx. Initialises libcurl at first use: gb_process_harden() must have run.
 *
 * Errors: GB_E_CONFIG (the CA file cannot be read or can be written by others, see
 * gb_file_read_trusted(); the proxy is no address).
 */
GB_MUST_CHECK enum gb_rc gb_http_new(const void *ctx, struct tevent_context *ev,
				     const struct gb_http_options *options,
				     struct gb_http **ret_http, struct gb_err *err);

/** What to send. Everything is copied by gb_http_send(). */
struct gb_http_call {
	const char *url; /**< absolute https URL without user and fragment */
	/**
	 * "Name: value" lines, NULL behind the last; or NULL. No CR, no LF (asserted): never build
	 * them from outside text.
	 */
	const char *const *headers;
	const char *method; /**< "PATCH", "DELETE" …; NULL: POST with a body, GET without one */
	const char *body; /**< what is sent (may hold a secret: is wiped); NULL: nothing */
	size_t body_length;             /**< bytes of body, up to GB_SECRET_MAX_BYTES */
	const struct gb_secret *bearer; /**< token for Authorization; NULL: none */
	size_t max_body_bytes;          /**< largest answer, 1 … GB_HTTP_MAX_BODY_BYTES */
	int64_t timeout_ms;             /**< total time; 0: GB_HTTP_TIMEOUT_MS */
	bool is_answer_secret;          /**< the answer holds a token: its memory is wiped */
	bool is_near; /**< http, never by a proxy: for machine.h, which checks where it goes */
	bool is_fresh_connection;       /**< open a new connection (Graph's advice after a 503) */
};

/** A whole answer, of any status. Borrowed until the callback returns. */
struct gb_http_answer {
	int status;               /**< 100 … 999 */
	const char *body;         /**< decompressed, with a NUL behind it */
	size_t body_length;       /**< bytes */
	const char *content_type; /**< header value, or NULL */
	const char *retry_after;  /**< header value, or NULL */
	const char *date;         /**< header value, or NULL */
	const char *request_id;   /**< Graph's request-id, or NULL */
	const char *authenticate; /**< WWW-Authenticate, or NULL */
};

/**
 * The end of a request; exactly once, from the loop, unless the request was freed before.
 *
 * @answer is NULL unless @rc is GB_OK, @err NULL if it is. Errors: GB_E_UNAVAILABLE (DNS, connect,
 * time, a connection cut: worth another try), GB_E_PROTOCOL (TLS identity, too large), GB_E_ACCESS
 * (the proxy wants a login), GB_E_CONFIG (CA file), GB_E_CANCELLED. err->native is the CURLcode.
 */
typedef void (*gb_http_done_fn)(void *user, enum gb_rc rc, const struct gb_http_answer *answer,
				const struct gb_err *err);

/** Opaque: a request under way. Gone after its callback. */
struct gb_http_request;

/**
 * Send. talloc_free() of the request, or of @ctx, cancels it in silence.
 *
 * @param ctx  talloc parent of the request.
 */
struct gb_http_request *gb_http_send(struct gb_http *http, const void *ctx,
				     const struct gb_http_call *call, gb_http_done_fn done,
				     void *user);

/** True if a Content-Type says application/json, with or without parameters. NULL: false. */
bool gb_http_is_json(const char *content_type);

/** End all requests, and all that are sent later, with GB_E_CANCELLED. */
void gb_http_cancel(struct gb_http *http);

/** Requests sent since gb_http_new(). */
uint64_t gb_http_sent(const struct gb_http *http);

/** Status codes are below this (RFC 9110 section 15). */
#define GB_HTTP_STATUS_END 600

/** Answers with this status since gb_http_new(), 100 … 599; 0: requests that got none. */
uint64_t gb_http_answered(const struct gb_http *http, int status);

#endif
