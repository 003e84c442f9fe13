/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A small HTTPS server for what the simulator does not do: cut bodies, silence, wrong certificates,
 * redirects, any answer a test thinks of. It runs in threads of its own, on a free port of
 * loopback.
 */
#ifndef GB_TESTS_CLOUD_SERVER_H
#define GB_TESTS_CLOUD_SERVER_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/unit/cloud/certificates.h"

/** Most header lines of a reply. */
#define SERVER_MAX_HEADERS 8

/** What came in. */
struct server_request {
	const char *method;
	const char *uri;           /**< path and query as they were sent */
	const char *authorization; /**< or NULL */
	const char *body;          /**< of a POST; "" without */
	unsigned number;           /**< 1 for the server's first request */
};

/** How a reply goes wrong. */
enum server_fault {
	SERVER_FINE = 0,
	SERVER_CUT,   /**< announces the whole body, sends half of it, closes */
	SERVER_DRIP,  /**< sends a byte now and then */
	SERVER_SILENT /**< does not answer for a second */
};

/** What goes out. Strings are copied. */
struct server_reply {
	int status;               /**< 200 unless set */
	const char *content_type; /**< application/json unless set */
	const char *body;         /**< "" unless set */
	size_t length;            /**< strlen(body) if 0 */
	struct {
		const char *name;
		const char *value;
	} headers[SERVER_MAX_HEADERS]; /**< up to the first without a name */
	enum server_fault fault;
	char *owned; /**< body that is freed with free(), or NULL */
};

/** Answers one request; runs in a thread of the server, one at a time. */
typedef void (*server_fn)(void *user, const struct server_request *request,
			  struct server_reply *reply);

/** Opaque. */
struct server;

/** Start below @ctx; talloc_free() stops it. @certificate may be NULL: plain HTTP. */
struct server *server_start(const void *ctx, const struct certificate *certificate,
			    const char *chain, server_fn fn, void *user);

/** Its port. */
unsigned server_port(const struct server *server);

/** Requests so far. */
unsigned server_requests(struct server *server);

/** TCP connections so far, also those that never made a request. */
unsigned server_connections(struct server *server);

/** Whether any request brought an Authorization header. */
bool server_saw_authorization(struct server *server);

/** printf into reply->body. */
void server_printf(struct server_reply *reply, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
