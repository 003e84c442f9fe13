/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What graph.c (queue and throttle) and graph_request.c (one request) share; nobody else includes
 * it.
 */
#ifndef GB_CLOUD_GRAPH_PRIVATE_H
#define GB_CLOUD_GRAPH_PRIVATE_H

#include <stdbool.h>

#include "engine/cloud/graph.h"

/** The client. */
struct gb_graph {
	struct gb_graph_parts parts;
	struct gb_graph_request *queue;    /**< ready to be sent, first come first served */
	struct gb_graph_request *sleepers; /**< waiting for a repetition */
	struct gb_graph_request *running;  /**< waiting for the token or an answer */
	struct tevent_immediate *pump;
	struct tevent_timer *gate; /**< no request is sent before it fires; NULL: open */
	int64_t gate_until_ms;     /**< boot clock */
	unsigned in_flight;        /**< requests in running */
	unsigned limit;            /**< the window as throttling left it, 1 … parts.window */
	unsigned successes;        /**< since the limit changed */
	struct gb_graph_stats stats;
};

/** Which list a request is in. */
enum gb_graph_state {
	GB_GRAPH_NOWHERE = 0,
	GB_GRAPH_QUEUED,
	GB_GRAPH_SLEEPING,
	GB_GRAPH_RUNNING
};

/** One reading. */
struct gb_graph_request {
	struct gb_graph *graph; /**< NULL once the client is gone */
	struct gb_graph_request *prev, *next;
	enum gb_graph_state state;
	struct gb_graph_call call; /**< own copies; url is absolute */
	gb_graph_done_fn done;
	void *user;
	unsigned attempts;      /**< that count, see gb_retry_state */
	int64_t began_ms;       /**< boot clock of the first sending; 0: not yet */
	bool has_renewed_token; /**< a 401 was answered with a new token already */
	bool is_fresh_connection;
	uint64_t generation; /**< of the token it was sent with */
	struct tevent_timer *timer;
};

/** Move @request to the list of @state. One that stops running lets the next be sent. */
void gb_graph_move(struct gb_graph_request *request, enum gb_graph_state state);

/** Put @request into the queue; in front if it was sent before. Sending follows from the loop. */
void gb_graph_enqueue(struct gb_graph_request *request);

/** Send @request: token, then HTTP. Called by the queue. */
void gb_graph_run(struct gb_graph_request *request);

/** A good answer came: the window may grow. */
void gb_graph_succeed(struct gb_graph *graph);

/** A 429 came: hold everything back for @wait_ms. */
void gb_graph_throttle(struct gb_graph *graph, int64_t wait_ms);

#endif
