/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The listeners (libmicrohttpd, one thread): HTTPS for Entra and Graph, HTTP for control, and, if
 * wanted, HTTP for the metadata service of a machine in Azure.
 *
 * sim_server_new() binds both; sim_server_run() serves until SIGTERM or SIGINT; talloc_free()
 * closes everything. Handlers run to the end one after the other, so a request sees all of a list
 * of changes or nothing of it.
 */
#ifndef SIM_HTTP_SERVER_H
#define SIM_HTTP_SERVER_H

#include "sim/http/message.h"
#include "sim/world.h"

/** Largest request body of the public side, bytes. */
#define SIM_BODY_MAX ((size_t)4 << 20)
/** Largest request body of the control side, bytes. */
#define SIM_CONTROL_BODY_MAX ((size_t)256 << 20)

/** Answers one request. */
typedef void (*sim_handler_fn)(struct sim_world *world, const struct sim_request *request,
			       struct sim_response *response);

/** What to listen on, and who answers. */
struct sim_server_options {
	const char *address;     /**< IPv4 or IPv6 address */
	unsigned port;           /**< HTTPS port; 0: any */
	unsigned control_port;   /**< HTTP port of control; 0: any */
	int metadata_port;       /**< HTTP port of the metadata service; 0: any; -1: none */
	const char *cert_pem;    /**< certificate chain, PEM text */
	const char *key_pem;     /**< its key, PEM text */
	sim_handler_fn handler;  /**< the public side */
	sim_handler_fn control;  /**< the control side */
	sim_handler_fn metadata; /**< the metadata service */
};

/** The listeners. */
struct sim_server;

/** Bind and listen on all. False with a sentence in @err. */
bool sim_server_new(const void *ctx, struct sim_world *world,
		    const struct sim_server_options *options, struct sim_server **ret_server,
		    struct sim_err *err) SIM_MUST_CHECK;

/** One of the listeners. */
enum sim_side {
	SIM_PUBLIC,
	SIM_CONTROL,
	SIM_METADATA
};

/** The port that a side has got; 0: it does not listen. */
unsigned sim_server_port(const struct sim_server *server, enum sim_side side);

/** Serve until SIGTERM or SIGINT. */
void sim_server_run(struct sim_server *server);

#endif
