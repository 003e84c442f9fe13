/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One request: its options, its bounded answer, its one callback. */
#include "config.h"

#include "engine/cloud/http_private.h"

#include <assert.h>
#include <string.h>
#include <utlist.h>

#include "engine/base/mem.h"

void gb_http_detach(struct gb_http_request *request)
{
	struct gb_http *http = request->http;

	if (http == NULL) {
		return;
	}
	(void)curl_multi_remove_handle(http->multi, request->easy);
	DL_DELETE(http->requests, request);
	request->http = NULL;
}

static int destroy_request(struct gb_http_request *request)
{
	gb_http_detach(request);
	curl_easy_cleanup(request->easy);
	curl_slist_free_all(request->headers);
	if (request->is_answer_secret && request->answer != NULL) {
		gb_secret_wipe(request->answer, request->answer_capacity);
	}
	return 0;
}

static const char *header_value(CURL *easy, const char *name)
{
	struct curl_header *header;

	if (curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK) {
		return NULL;
	}
	return header->value;
}

static void deliver_answer(struct gb_http_request *request)
{
	struct gb_http_answer answer = {
		.body = request->answer != NULL ? request->answer : "",
		.body_length = request->answer_length,
		.content_type = header_value(request->easy, "Content-Type"),
		.retry_after = header_value(request->easy, "Retry-After"),
		.date = header_value(request->easy, "Date"),
		.request_id = header_value(request->easy, "request-id"),
		.authenticate = header_value(request->easy, "WWW-Authenticate"),
	};
	long status = 0;

	(void)curl_easy_getinfo(request->easy, CURLINFO_RESPONSE_CODE, &status);
	answer.status = (int)status;
	request->done(request->user, GB_OK, &answer, NULL);
}

static void deliver_failure(struct gb_http_request *request)
{
	struct gb_err err;
	enum gb_rc rc = gb_http_explain(request, &err);

	request->done(request->user, rc, NULL, &err);
}

static void on_ended(struct tevent_context *ev, struct tevent_immediate *immediate, void *user)
{
	struct gb_http_request *request = user;
	void *holder = gb_new_tmp(NULL);

	(void)ev;
	(void)immediate;
	/* The callback may free the request's parent, or the request: it must not go twice. */
	talloc_steal(holder, request);
	if (request->result == CURLE_OK && !request->is_cancelled) {
		deliver_answer(request);
	} else {
		deliver_failure(request);
	}
	talloc_free(holder);
}

/* Detached first: nothing that libcurl still has to say can reach a request that has ended. */
void gb_http_end_later(struct gb_http_request *request, CURLcode result)
{
	struct tevent_context *ev;

	if (request->is_ended) {
		return;
	}
	ev = request->http->ev;
	request->is_ended = true;
	request->result = result;
	(void)curl_multi_remove_handle(request->http->multi, request->easy);
	tevent_schedule_immediate(request->immediate, ev, on_ended, request);
}

static size_t on_header(char *bytes, size_t size, size_t count, void *user)
{
	struct gb_http_request *request = user;

	(void)bytes;
	request->header_bytes += size * count;
	if (request->header_bytes > GB_HTTP_MAX_HEADER_BYTES) {
		request->is_header_too_large = true;
		return 0;
	}
	return size * count;
}

static void grow_answer(struct gb_http_request *request, size_t needed)
{
	size_t capacity = request->answer_capacity > 0 ? request->answer_capacity : 16384;

	while (capacity < needed) {
		capacity *= 2;
	}
	/* A secret must not stay behind in an old block: it gets its full size at once. */
	if (request->is_answer_secret) {
		capacity = request->max_body_bytes + 1;
	}
	if (capacity > request->answer_capacity) {
		request->answer = gb_mem_check(
			talloc_realloc(request, request->answer, char, gb_mem_count(capacity)));
		request->answer_capacity = capacity;
	}
}

/* Runs behind the decompression, so that the cap holds for what a small answer unpacks to. */
static size_t on_body(char *bytes, size_t size, size_t count, void *user)
{
	struct gb_http_request *request = user;
	size_t length = size * count;

	if (length > request->max_body_bytes - request->answer_length) {
		request->is_body_too_large = true;
		return 0;
	}
	grow_answer(request, request->answer_length + length + 1);
	memcpy(request->answer + request->answer_length, bytes, length);
	request->answer_length += length;
	request->answer[request->answer_length] = '\0';
	return length;
}

static void copy_headers(struct gb_http_request *request, const char *const *headers)
{
	for (; headers != NULL && *headers != NULL; headers++) {
		assert(strpbrk(*headers, "\r\n") == NULL);
		request->headers = gb_mem_check(curl_slist_append(request->headers, *headers));
	}
}

static char *host_of(const void *ctx, const char *url)
{
	CURLU *handle = gb_mem_check(curl_url());
	char *part = NULL;
	char *host;

	(void)curl_url_set(handle, CURLUPART_URL, url, 0);
	(void)curl_url_get(handle, CURLUPART_HOST, &part, 0);
	host = gb_strdup(ctx, part != NULL ? part : "?");
	curl_free(part);
	curl_url_cleanup(handle);
	return host;
}

static struct gb_http_request *new_request(const void *ctx, const struct gb_http_call *call)
{
	struct gb_http_request *request = gb_new(ctx, struct gb_http_request);

	assert(call->max_body_bytes > 0 && call->max_body_bytes <= GB_HTTP_MAX_BODY_BYTES);
	request->easy = gb_mem_check(curl_easy_init());
	request->immediate = gb_mem_check(tevent_create_immediate(request));
	request->host = host_of(request, call->url);
	request->max_body_bytes = call->max_body_bytes;
	request->is_answer_secret = call->is_answer_secret;
	if (call->body != NULL) {
		request->body = gb_secret_new(request, call->body, call->body_length);
	}
	copy_headers(request, call->headers);
	talloc_set_destructor(request, destroy_request);
	return request;
}

static CURLcode add_to_pool(struct gb_http *http, struct gb_http_request *request)
{
	if (curl_multi_add_handle(http->multi, request->easy) != CURLM_OK) {
		return CURLE_FAILED_INIT;
	}
	http->sent++;
	return CURLE_OK;
}

struct gb_http_request *gb_http_send(struct gb_http *http, const void *ctx,
				     const struct gb_http_call *call, gb_http_done_fn done,
				     void *user)
{
	struct gb_http_request *request = new_request(ctx, call);
	CURLcode code;

	request->http = http;
	request->done = done;
	request->user = user;
	request->is_cancelled = http->is_cancelled;
	DL_APPEND(http->requests, request);
	code = gb_http_set_options(request, call);
	(void)curl_easy_setopt(request->easy, CURLOPT_HEADERFUNCTION, on_header);
	(void)curl_easy_setopt(request->easy, CURLOPT_HEADERDATA, request);
	(void)curl_easy_setopt(request->easy, CURLOPT_WRITEFUNCTION, on_body);
	(void)curl_easy_setopt(request->easy, CURLOPT_WRITEDATA, request);
	if (code == CURLE_OK && !request->is_cancelled) {
		code = add_to_pool(http, request);
	}
	if (code != CURLE_OK || request->is_cancelled) {
		gb_http_end_later(request, code != CURLE_OK ? code : CURLE_ABORTED_BY_CALLBACK);
	}
	return request;
}
