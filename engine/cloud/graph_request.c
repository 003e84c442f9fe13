/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One reading: origin check, token, HTTP, verdict, and perhaps again. */
#include "config.h"

#include "engine/cloud/graph_private.h"

#include <stdio.h>

#include "engine/base/clock.h"
#include "engine/base/digest.h"
#include "engine/base/i18n.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"

static int destroy_request(struct gb_graph_request *request)
{
	if (request->graph != NULL) {
		gb_graph_move(request, GB_GRAPH_NOWHERE);
	}
	return 0;
}

/* The callback may free the request, its parent, or the client: nothing is touched behind it. */
static void finish(struct gb_graph_request *request, enum gb_rc rc, const struct gb_json *root,
		   const struct gb_err *err)
{
	void *holder = gb_new_tmp(NULL);

	gb_graph_move(request, GB_GRAPH_NOWHERE);
	request->graph = NULL;
	talloc_steal(holder, request);
	request->done(request->user, rc, root, rc == GB_OK ? NULL : err);
	talloc_free(holder);
}

static void on_woken(struct tevent_context *ev, struct tevent_timer *timer, struct timeval now,
		     void *user)
{
	struct gb_graph_request *request = user;

	(void)ev;
	(void)timer;
	(void)now;
	request->timer = NULL;
	gb_graph_enqueue(request);
}

static void sleep_then_repeat(struct gb_graph_request *request, int64_t wait_ms)
{
	gb_graph_move(request, GB_GRAPH_SLEEPING);
	request->timer = gb_mem_check(
		tevent_add_timer(request->graph->parts.ev, request,
				 tevent_timeval_current_ofs((uint32_t)(wait_ms / 1000),
							    (uint32_t)(wait_ms % 1000) * 1000),
				 on_woken, request));
}

static bool decide(struct gb_graph_request *request, const char *retry_after, int64_t *ret_wait_ms)
{
	struct gb_retry_state state = {
		.elapsed_ms = gb_clock_boot_ms() - request->began_ms,
	};

	if (!gb_retry_after_parse(retry_after, gb_clock_wall_ms(), &state.asked_ms)) {
		state.asked_ms = 0;
		request->attempts++;
	}
	state.attempts = request->attempts;
	gb_digest_random(&state.chance, sizeof(state.chance));
	return gb_retry_decide(&request->graph->parts.policy, &state, ret_wait_ms);
}

static void repeat(struct gb_graph_request *request, const struct gb_http_answer *answer,
		   const struct gb_err *err)
{
	struct gb_graph *graph = request->graph;
	bool is_throttled = err->rc == GB_E_TRY_AGAIN;
	int64_t wait_ms;

	graph->stats.throttled += is_throttled ? 1 : 0;
	if (!decide(request, answer != NULL ? answer->retry_after : NULL, &wait_ms)) {
		finish(request, err->rc, NULL, err);
		return;
	}
	graph->stats.retries++;
	request->is_fresh_connection = answer != NULL && answer->status == 503;
	gb_log(GB_LOG_DEBUG, "cloud", "again in %lld ms: %s", (long long)wait_ms, err->what);
	if (is_throttled) {
		gb_graph_throttle(graph, wait_ms);
		gb_graph_enqueue(request);
	} else {
		sleep_then_repeat(request, wait_ms);
	}
}

static enum gb_rc refuse(const struct gb_graph_call *call, const char *id, const char *why,
			 struct gb_err *err)
{
	gb_err_set(err, GB_E_PROTOCOL, id, _("Reading %s failed: %s."), call->purpose, why);
	gb_err_undone(err, _("The answer was dropped, and nothing was concluded from it."));
	gb_err_remedy(err, _("Check the Graph address, and that no proxy or portal answers in its "
			     "place."));
	return gb_err_native(err, 200);
}

/*
 * A 200 alone proves little: portals answer 200 with HTML, and Graph streams its answers, so that a
 * late failure can only show as an "error" behind a good beginning.
 */
static enum gb_rc read_page(struct gb_graph_request *request, const struct gb_http_answer *answer,
			    struct gb_json_doc **ret_doc, struct gb_err *err)
{
	const struct gb_graph_call *call = &request->call;
	char *source;
	enum gb_rc rc;

	if (!gb_http_is_json(answer->content_type)) {
		return refuse(call, "graph-not-json", _("the answer is not application/json"), err);
	}
	source =
		gb_printf(NULL, _("The answer of %s"), gb_origin_url(request->graph->parts.origin));
	rc = gb_json_parse(request, answer->body, answer->body_length, source, ret_doc, err);
	talloc_free(source);
	if (rc != GB_OK) {
		gb_err_prefix(err, _("Reading %s failed"), call->purpose);
		return gb_err_native(err, answer->status);
	}
	if (gb_json_get(gb_json_root(*ret_doc), "error") != NULL) {
		return refuse(call, "graph-error-in-answer",
			      _("the answer breaks off with an error"), err);
	}
	return GB_OK;
}

static enum gb_rc judge(struct gb_graph_request *request, const struct gb_http_answer *answer,
			struct gb_json_doc **ret_doc, struct gb_err *err)
{
	if (answer->status == 200) {
		return read_page(request, answer, ret_doc, err);
	}
	return gb_graph_explain(&request->call, answer, err);
}

static bool renews_token(struct gb_graph_request *request, const struct gb_http_answer *answer)
{
	if (answer == NULL || answer->status != 401 || request->has_renewed_token) {
		return false;
	}
	request->has_renewed_token = true;
	gb_token_refused(request->graph->parts.token, request->generation);
	return true;
}

static void on_answer(void *user, enum gb_rc rc, const struct gb_http_answer *answer,
		      const struct gb_err *why)
{
	struct gb_graph_request *request = user;
	struct gb_json_doc *doc = NULL;
	struct gb_err err;

	if (rc == GB_OK) {
		rc = judge(request, answer, &doc, &err);
	} else {
		err = *why;
	}
	if (rc == GB_OK) {
		request->graph->stats.pages++;
		gb_graph_succeed(request->graph);
		finish(request, GB_OK, gb_json_root(doc), NULL);
	} else if (renews_token(request, answer)) {
		request->graph->stats.retries++;
		gb_graph_enqueue(request);
	} else if (rc == GB_E_UNAVAILABLE || rc == GB_E_TRY_AGAIN) {
		repeat(request, answer, &err);
	} else {
		finish(request, rc, NULL, &err);
	}
}

/* The only place that gives the token away. */
static void send_with_token(struct gb_graph_request *request, const struct gb_secret *bearer)
{
	char guid[GB_GUID_TEXT_BYTES];
	char id_header[64];
	struct gb_guid id = gb_digest_random_guid();
	const char *headers[] = {"Accept: application/json", "x-ms-throttle-priority: low",
				 "return-client-request-id: true", id_header, NULL};
	struct gb_http_call call = {
		.url = request->call.url,
		.headers = headers,
		.bearer = bearer,
		.max_body_bytes = GB_GRAPH_MAX_ANSWER_BYTES,
		.is_fresh_connection = request->is_fresh_connection,
	};
	struct gb_err err;
	enum gb_rc rc = gb_origin_check(request->graph->parts.origin, request->call.url,
					request->call.purpose, &err);

	if (rc != GB_OK) {
		finish(request, rc, NULL, &err);
		return;
	}
	snprintf(id_header, sizeof(id_header), "client-request-id: %s", gb_guid_format(&id, guid));
	gb_http_send(request->graph->parts.http, request, &call, on_answer, request);
}

static void on_token(void *user, enum gb_rc rc, const struct gb_secret *bearer, uint64_t generation,
		     const struct gb_err *err)
{
	struct gb_graph_request *request = user;

	if (rc != GB_OK) {
		finish(request, rc, NULL, err);
		return;
	}
	request->generation = generation;
	send_with_token(request, bearer);
}

void gb_graph_run(struct gb_graph_request *request)
{
	if (request->began_ms == 0) {
		request->began_ms = gb_clock_boot_ms();
	}
	gb_graph_move(request, GB_GRAPH_RUNNING);
	gb_token_get(request->graph->parts.token, request, on_token, request);
}

struct gb_graph_request *gb_graph_get(struct gb_graph *graph, const void *ctx,
				      const struct gb_graph_call *call, gb_graph_done_fn done,
				      void *user)
{
	struct gb_graph_request *request = gb_new(ctx, struct gb_graph_request);

	request->graph = graph;
	request->done = done;
	request->user = user;
	request->call = *call;
	request->call.purpose = gb_strdup(request, call->purpose);
	request->call.url =
		call->url[0] == '/'
			? gb_printf(request, "%s%s", gb_origin_url(graph->parts.origin), call->url)
			: gb_strdup(request, call->url);
	talloc_set_destructor(request, destroy_request);
	gb_graph_enqueue(request);
	return request;
}
