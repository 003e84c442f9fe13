/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The queue of readings, the window, and the gate that a 429 closes for all of them. */
#include "config.h"

#include "engine/cloud/graph_private.h"

#include <utlist.h>

#include "engine/base/clock.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"

static struct gb_graph_request **list_of(struct gb_graph *graph, enum gb_graph_state state)
{
	if (state == GB_GRAPH_QUEUED) {
		return &graph->queue;
	}
	return state == GB_GRAPH_SLEEPING ? &graph->sleepers : &graph->running;
}

static void pump(struct tevent_context *ev, struct tevent_immediate *immediate, void *user)
{
	struct gb_graph *graph = user;

	(void)ev;
	(void)immediate;
	while (graph->gate == NULL && graph->queue != NULL && graph->in_flight < graph->limit) {
		gb_graph_run(graph->queue);
	}
}

static void schedule_pump(struct gb_graph *graph)
{
	tevent_schedule_immediate(graph->pump, graph->parts.ev, pump, graph);
}

static void leave_list(struct gb_graph_request *request)
{
	struct gb_graph *graph = request->graph;
	struct gb_graph_request **list = list_of(graph, request->state);

	if (request->state != GB_GRAPH_NOWHERE) {
		DL_DELETE(*list, request);
	}
	if (request->state == GB_GRAPH_RUNNING) {
		graph->in_flight--;
		schedule_pump(graph);
	}
	request->state = GB_GRAPH_NOWHERE;
}

void gb_graph_move(struct gb_graph_request *request, enum gb_graph_state state)
{
	struct gb_graph_request **list = list_of(request->graph, state);

	leave_list(request);
	request->state = state;
	if (state == GB_GRAPH_RUNNING) {
		request->graph->in_flight++;
	}
	/* What was begun goes first: page tokens live for minutes only. */
	if (state == GB_GRAPH_QUEUED && request->began_ms > 0) {
		DL_PREPEND(*list, request);
	} else if (state != GB_GRAPH_NOWHERE) {
		DL_APPEND(*list, request);
	}
}

void gb_graph_enqueue(struct gb_graph_request *request)
{
	gb_graph_move(request, GB_GRAPH_QUEUED);
	schedule_pump(request->graph);
}

void gb_graph_succeed(struct gb_graph *graph)
{
	/* Answers to what was sent before the 429 do not tell that it is over. */
	if (graph->gate != NULL) {
		return;
	}
	graph->successes++;
	if (graph->limit < graph->parts.window && graph->successes >= graph->limit) {
		graph->limit++;
		graph->successes = 0;
	}
}

static void open_gate(struct tevent_context *ev, struct tevent_timer *timer, struct timeval now,
		      void *user)
{
	struct gb_graph *graph = user;

	(void)ev;
	(void)timer;
	(void)now;
	graph->gate = NULL;
	schedule_pump(graph);
}

void gb_graph_throttle(struct gb_graph *graph, int64_t wait_ms)
{
	int64_t now_ms = gb_clock_boot_ms();
	int64_t from_ms = graph->gate != NULL ? graph->gate_until_ms : now_ms;

	/* One wave of 429s halves the window once. */
	if (graph->gate == NULL) {
		graph->limit = graph->limit > 1 ? graph->limit / 2 : 1;
		graph->successes = 0;
	}
	if (now_ms + wait_ms <= from_ms) {
		return;
	}
	graph->stats.throttled_ms += now_ms + wait_ms - from_ms;
	graph->gate_until_ms = now_ms + wait_ms;
	talloc_free(graph->gate);
	graph->gate = gb_mem_check(
		tevent_add_timer(graph->parts.ev, graph,
				 tevent_timeval_current_ofs((uint32_t)(wait_ms / 1000),
							    (uint32_t)(wait_ms % 1000) * 1000),
				 open_gate, graph));
	gb_log(GB_LOG_INFO, "cloud", "throttled by Graph, waiting %lld ms, window %u",
	       (long long)wait_ms, graph->limit);
}

static int orphan_requests(struct gb_graph *graph)
{
	static const enum gb_graph_state states[] = {GB_GRAPH_QUEUED, GB_GRAPH_SLEEPING,
						     GB_GRAPH_RUNNING};

	for (size_t i = 0; i < GB_ARRAY_SIZE(states); i++) {
		struct gb_graph_request **list = list_of(graph, states[i]);

		while (*list != NULL) {
			struct gb_graph_request *request = *list;

			leave_list(request);
			talloc_free_children(request);
			request->graph = NULL;
		}
	}
	return 0;
}

struct gb_graph *gb_graph_new(const void *ctx, const struct gb_graph_parts *parts)
{
	struct gb_graph *graph = gb_new(ctx, struct gb_graph);

	graph->parts = *parts;
	graph->limit = parts->window;
	graph->pump = gb_mem_check(tevent_create_immediate(graph));
	talloc_set_destructor(graph, orphan_requests);
	return graph;
}

void gb_graph_hurry(struct gb_graph *graph)
{
	struct gb_graph_request *request;
	struct gb_graph_request *next;

	TALLOC_FREE(graph->gate);
	DL_FOREACH_SAFE(graph->sleepers, request, next)
	{
		TALLOC_FREE(request->timer);
		gb_graph_enqueue(request);
	}
	schedule_pump(graph);
}

const struct gb_origin *gb_graph_origin(const struct gb_graph *graph)
{
	return graph->parts.origin;
}

struct gb_graph_stats gb_graph_stats(const struct gb_graph *graph)
{
	return graph->stats;
}
