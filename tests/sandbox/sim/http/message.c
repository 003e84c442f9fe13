/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One HTTP request and its answer. */
#include "config.h"

#include "sim/http/message.h"

#include <string.h>
#include <strings.h>

#include "sim/util/encode.h"

static struct sim_pair *pairs_new(const void *ctx, struct sim_pairs *pairs, size_t max)
{
	if (pairs->count >= max) {
		return NULL;
	}
	if (pairs->count % 8 == 0) {
		pairs->items = sim_resize(ctx, pairs->items, struct sim_pair, pairs->count + 8);
	}
	memset(&pairs->items[pairs->count], 0, sizeof(struct sim_pair));
	return &pairs->items[pairs->count++];
}

bool sim_pairs_add(const void *ctx, struct sim_pairs *pairs, const char *name, const char *value,
		   size_t max)
{
	struct sim_pair *pair = pairs_new(ctx, pairs, max);

	if (!pair) {
		return false;
	}
	pair->name = sim_strdup(pairs->items, name);
	pair->value = sim_strdup(pairs->items, value ? value : "");
	return true;
}

const char *sim_pairs_get(const struct sim_pairs *pairs, const char *name)
{
	for (size_t i = 0; i < pairs->count; i++) {
		if (strcasecmp(pairs->items[i].name, name) == 0) {
			return pairs->items[i].value;
		}
	}
	return NULL;
}

static bool parse_pair(const void *ctx, const char *text, size_t length, bool plus,
		       struct sim_pairs *pairs)
{
	const char *equals = memchr(text, '=', length);
	size_t name_length = equals ? (size_t)(equals - text) : length;
	struct sim_pair *pair = pairs_new(ctx, pairs, SIM_QUERY_MAX);

	if (!pair) {
		return false;
	}
	pair->raw = sim_strndup(pairs->items, text, length);
	pair->name = sim_percent_decode(pairs->items, text, name_length, plus);
	pair->value = equals ? sim_percent_decode(pairs->items, equals + 1,
						  length - name_length - 1, plus)
			     : sim_strdup(pairs->items, "");
	if (!pair->name || !pair->value) {
		pairs->count--;
		return false;
	}
	return true;
}

bool sim_query_parse(const void *ctx, const char *text, size_t length, bool plus,
		     struct sim_pairs *pairs)
{
	const char *end = text + length;

	while (text < end) {
		const char *amp = memchr(text, '&', (size_t)(end - text));
		const char *stop = amp ? amp : end;

		if (stop > text && !parse_pair(ctx, text, (size_t)(stop - text), plus, pairs)) {
			return false;
		}
		text = stop + 1;
	}
	return true;
}

static bool parse_path(struct sim_request *request)
{
	const char *p = request->path;

	while (*p) {
		size_t length = strcspn(p, "/");

		if (length > 0) {
			char *segment = sim_percent_decode(request, p, length, false);

			if (!segment || request->segment_count == SIM_SEGMENT_MAX) {
				return false;
			}
			request->segments[request->segment_count++] = segment;
		}
		p += length + (p[length] == '/');
	}
	return true;
}

struct sim_request *sim_request_new(const void *ctx, const char *method, const char *target)
{
	struct sim_request *request = sim_new(ctx, struct sim_request);
	size_t path_length = strcspn(target, "?");
	const char *query = target[path_length] ? target + path_length + 1 : "";

	request->method = sim_strdup(request, method);
	request->target = sim_strdup(request, target);
	request->path = sim_strndup(request, target, path_length);
	request->body = "";
	request->host = "";
	request->origin = "https://";
	request->is_malformed = !parse_path(request);
	if (!sim_query_parse(request, query, strlen(query), true, &request->query)) {
		request->is_malformed = true;
	}
	return request;
}

struct sim_response *sim_response_new(const void *ctx)
{
	struct sim_response *response = sim_new(ctx, struct sim_response);

	response->status = 200;
	response->body = sim_buf_new(response);
	return response;
}

void sim_response_header(struct sim_response *response, const char *name, const char *value)
{
	for (size_t i = 0; i < response->headers.count; i++) {
		struct sim_pair *pair = &response->headers.items[i];

		if (strcasecmp(pair->name, name) == 0) {
			pair->value = sim_strdup(response->headers.items, value);
			return;
		}
	}
	if (!sim_pairs_add(response, &response->headers, name, value, SIM_HEADER_MAX)) {
		return;
	}
}
