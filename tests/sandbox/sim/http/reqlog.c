/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log of requests. */
#include "config.h"

#include "sim/http/reqlog.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/** Longest header value that is kept, bytes. */
#define VALUE_MAX 1024

struct entry {
	char *method;
	char *target;
	struct sim_pairs headers;
	unsigned status;
	int64_t when;
	size_t request_bytes;
	size_t response_bytes;
};

struct sim_request_log {
	struct entry *ring[SIM_REQLOG_MAX];
	uint64_t total;
};

struct sim_request_log *sim_reqlog_new(const void *ctx)
{
	return sim_new(ctx, struct sim_request_log);
}

static bool is_secret(const char *name)
{
	return strcasecmp(name, "authorization") == 0 || strcasecmp(name, "cookie") == 0 ||
	       strcasecmp(name, "proxy-authorization") == 0;
}

static char *without_secret(const void *ctx, const char *value)
{
	/* The scheme tells a test whether a token was sent; the token itself stays out. */
	return sim_printf(ctx, "%.*s …", (int)strcspn(value, " "), value);
}

/* Cut before a character and not through it: the log is UTF-8. */
static const char *shortened(const void *ctx, const char *value)
{
	size_t length = VALUE_MAX;

	if (strlen(value) <= VALUE_MAX) {
		return value;
	}
	while (length > 0 && ((unsigned char)value[length] & 0xC0) == 0x80) {
		length--;
	}
	return sim_strndup(ctx, value, length);
}

void sim_reqlog_add(struct sim_request_log *log, const struct sim_request *request,
		    const struct sim_response *response, int64_t now)
{
	struct entry **slot = &log->ring[log->total % SIM_REQLOG_MAX];
	struct entry *entry = sim_new(log, struct entry);

	entry->method = sim_strdup(entry, request->method);
	entry->target = sim_strdup(entry, request->target);
	entry->status = response->reset ? 0 : response->status;
	entry->when = now;
	entry->request_bytes = request->body_length;
	entry->response_bytes = response->body->length;
	for (size_t i = 0; i < request->headers.count; i++) {
		const struct sim_pair *pair = &request->headers.items[i];
		const char *value = is_secret(pair->name) ? without_secret(entry, pair->value)
							  : shortened(entry, pair->value);

		if (!sim_pairs_add(entry, &entry->headers, pair->name, value, SIM_HEADER_MAX)) {
			break;
		}
	}
	talloc_free(*slot);
	*slot = entry;
	log->total++;
}

void sim_reqlog_reset(struct sim_request_log *log)
{
	for (size_t i = 0; i < SIM_REQLOG_MAX; i++) {
		TALLOC_FREE(log->ring[i]);
	}
	log->total = 0;
}

uint64_t sim_reqlog_total(const struct sim_request_log *log)
{
	return log->total;
}

static void write_entry(struct sim_json *json, const struct entry *entry)
{
	char when[SIM_TIME_TEXT];
	size_t path = strcspn(entry->target, "?");
	char *text = sim_strndup(json->out, entry->target, path);

	sim_time_iso(entry->when, when);
	sim_json_object(json);
	sim_json_put_string(json, "method", entry->method);
	sim_json_put_string(json, "path", text);
	sim_json_put_string(json, "query", entry->target[path] ? entry->target + path + 1 : "");
	sim_json_put_int(json, "status", entry->status);
	sim_json_put_string(json, "time", when);
	sim_json_put_int(json, "requestBytes", (int64_t)entry->request_bytes);
	sim_json_put_int(json, "responseBytes", (int64_t)entry->response_bytes);
	sim_json_key(json, "headers");
	sim_json_object(json);
	for (size_t i = 0; i < entry->headers.count; i++) {
		sim_json_put_string(json, entry->headers.items[i].name,
				    entry->headers.items[i].value);
	}
	sim_json_object_end(json);
	sim_json_object_end(json);
	talloc_free(text);
}

static bool read_number(const struct sim_pairs *query, const char *name, int64_t *ret_number,
			struct sim_err *err)
{
	const char *text = sim_pairs_get(query, name);
	char *end = NULL;

	*ret_number = text ? strtoll(text, &end, 10) : 0;
	return !text || (end != text && *end == '\0' && *ret_number >= 0) ||
	       sim_fail(err, "\"%s\" must be a number.", name);
}

bool sim_reqlog_filter_read(const struct sim_pairs *query, struct sim_reqlog_filter *ret_filter,
			    struct sim_err *err)
{
	*ret_filter = (struct sim_reqlog_filter){
		.method = sim_pairs_get(query, "method"),
		.path = sim_pairs_get(query, "path"),
		.contains = sim_pairs_get(query, "contains"),
		.count_only = sim_pairs_get(query, "count") != NULL,
	};
	return read_number(query, "status", &ret_filter->status, err) &&
	       read_number(query, "after", &ret_filter->after, err);
}

static bool path_matches(const struct entry *entry, const char *pattern)
{
	char *path = sim_strndup(NULL, entry->target, strcspn(entry->target, "?"));
	bool found = fnmatch(pattern, path, 0) == 0;

	talloc_free(path);
	return found;
}

static bool matches(const struct entry *entry, const struct sim_reqlog_filter *filter)
{
	return (!filter->method || strcasecmp(entry->method, filter->method) == 0) &&
	       (!filter->status || filter->status == entry->status) &&
	       (!filter->contains || strstr(entry->target, filter->contains)) &&
	       (!filter->path || path_matches(entry, filter->path));
}

void sim_reqlog_write(const struct sim_request_log *log, struct sim_json *json,
		      const struct sim_reqlog_filter *filter)
{
	uint64_t first = log->total > SIM_REQLOG_MAX ? log->total - SIM_REQLOG_MAX : 0;
	struct sim_json list = {.out = sim_buf_new(json->out)};
	int64_t matched = 0;

	for (uint64_t i = first; i < log->total; i++) {
		const struct entry *entry = log->ring[i % SIM_REQLOG_MAX];

		if (i >= (uint64_t)filter->after && matches(entry, filter)) {
			matched++;
			if (!filter->count_only) {
				write_entry(&list, entry);
			}
		}
	}
	sim_json_object(json);
	sim_json_put_int(json, "total", (int64_t)log->total);
	sim_json_put_int(json, "dropped", (int64_t)first);
	sim_json_put_int(json, "matched", matched);
	if (!filter->count_only) {
		sim_json_key(json, "requests");
		sim_json_array(json);
		if (matched) {
			sim_json_raw(json, list.out->data);
		}
		sim_json_array_end(json);
	}
	sim_json_object_end(json);
	talloc_free(list.out);
}
