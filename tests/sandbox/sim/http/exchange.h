/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One exchange on the wire: from the request line to the last byte of the answer.
 *
 * The callbacks of libmicrohttpd for both listeners. An exchange is made when the request line is
 * read, collects headers and body, asks the listener's handler once, waits if the answer is to be
 * delayed, sends, and ends when libmicrohttpd says that the request is complete.
 */
#ifndef SIM_HTTP_EXCHANGE_H
#define SIM_HTTP_EXCHANGE_H

#include <microhttpd.h>

#include "sim/http/server.h"

struct sim_exchange;

/** What both listeners' callbacks get as their closure. */
struct sim_listener {
	struct sim_world *world;      /**< borrowed */
	sim_handler_fn handler;       /**< who answers */
	bool is_public;               /**< what clients see: logged, and faults apply */
	bool is_tls;                  /**< HTTPS */
	size_t body_max;              /**< largest request body */
	struct MHD_Daemon *daemon;    /**< the listener */
	struct sim_exchange *waiting; /**< exchanges that are delayed, a list */
};

/** MHD_OPTION_URI_LOG_CALLBACK: makes the exchange. */
void *sim_exchange_begin(void *listener, const char *uri, struct MHD_Connection *connection);

/** The access handler. */
enum MHD_Result sim_exchange_handle(void *listener, struct MHD_Connection *connection,
				    const char *url, const char *method, const char *version,
				    const char *upload, size_t *upload_size, void **exchange);

/** MHD_OPTION_NOTIFY_COMPLETED: frees the exchange. */
void sim_exchange_end(void *listener, struct MHD_Connection *connection, void **exchange,
		      enum MHD_RequestTerminationCode code);

/** Let those go whose delay is over, or all of them. Milliseconds to the next one; -1: none. */
int sim_exchange_wake(struct sim_listener *listener, bool all);

#endif
