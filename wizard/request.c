/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line that a probe is asked with. */
#include "config.h"

#include "wizard/request.h"

#include <assert.h>
#include <string.h>

#include "engine/base/mem.h"
#include "engine/config/keys.h"
#include "engine/config/value.h"

struct request_secret {
	const char *name;
	const struct gb_secret *secret;
};

struct wz_request {
	struct gb_json_writer *writer;
	struct request_secret *secrets;
	size_t secret_count;
	int64_t deadline_ms;
};

/* All that the draft sets; what has its default need not be said. */
static void put_config(struct gb_json_writer *w, const struct wz_draft *draft)
{
	struct gb_config *config = wz_draft_config(w, draft);
	const char *section = NULL;
	size_t count;
	const struct gb_key *keys = gb_keys(&count);

	gb_json_begin_object(w, "config");
	for (size_t i = 0; i < count; i++) {
		char *text = gb_config_get(config, config, &keys[i]);

		if (!section || strcmp(section, keys[i].section) != 0) {
			if (section) {
				gb_json_end_object(w);
			}
			section = keys[i].section;
			gb_json_begin_object(w, section);
		}
		if (text) {
			gb_json_put_text(w, keys[i].name, text);
		}
	}
	gb_json_end_object(w);
	gb_json_end_object(w);
	talloc_free(config);
}

struct wz_request *wz_request_new(const void *ctx, const struct wz_draft *draft,
				  const char *question, const char *arguments)
{
	struct wz_request *request = gb_new(ctx, struct wz_request);
	struct gb_json_writer *w = gb_json_writer_new(request, false);

	request->writer = w;
	gb_json_begin_object(w, NULL);
	gb_json_put_int(w, "schema", 1);
	if (question) {
		gb_json_put_text(w, "question", question);
	}
	put_config(w, draft);
	gb_json_begin_object(w, arguments);
	return request;
}

struct gb_json_writer *wz_request_writer(struct wz_request *request)
{
	return request->writer;
}

void wz_request_secret(struct wz_request *request, const char *name, const struct gb_secret *secret)
{
	struct request_secret *added;
	size_t count = request->secret_count;

	request->secrets = gb_mem_check(talloc_realloc(
		request, request->secrets, struct request_secret, gb_mem_count(count + 1)));
	added = &request->secrets[request->secret_count++];
	added->name = gb_strdup(request, name);
	added->secret = gb_secret_new(request, gb_secret_bytes(secret), gb_secret_length(secret));
}

void wz_request_deadline(struct wz_request *request, int64_t deadline_ms)
{
	request->deadline_ms = deadline_ms;
}

/* Locked memory that is written from front to end. */
struct pen {
	struct gb_secret *paper;
	size_t length;
};

static void put_bytes(struct pen *pen, const char *bytes, size_t length)
{
	memcpy(gb_secret_room(pen->paper) + pen->length, bytes, length);
	pen->length += length;
}

static void put_text(struct pen *pen, const char *text)
{
	put_bytes(pen, text, strlen(text));
}

/* RFC 8259 section 7; bytes above 0x7e are the caller's UTF-8. */
static void put_escaped(struct pen *pen, const char *bytes, size_t length)
{
	static const char digits[] = "0123456789abcdef";

	put_text(pen, "\"");
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)bytes[i];
		char escape[6] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};

		if (c < 0x20 || c == 0x7f || c == '"' || c == '\\') {
			put_bytes(pen, escape, sizeof(escape));
		} else {
			put_bytes(pen, bytes + i, 1);
		}
	}
	put_text(pen, "\"");
}

static void put_secrets(struct pen *pen, const struct wz_request *request)
{
	put_text(pen, ",\"secrets\":{");
	for (size_t i = 0; i < request->secret_count; i++) {
		const struct request_secret *s = &request->secrets[i];

		put_text(pen, i ? "," : "");
		put_escaped(pen, s->name, strlen(s->name));
		put_text(pen, ":");
		put_escaped(pen, gb_secret_bytes(s->secret), gb_secret_length(s->secret));
	}
	put_text(pen, "}}\n");
}

/* An escaped byte takes six. */
static size_t room_for_secrets(const struct wz_request *request)
{
	size_t room = 32;

	for (size_t i = 0; i < request->secret_count; i++) {
		room += 6 * (gb_secret_length(request->secrets[i].secret) +
			     strlen(request->secrets[i].name)) +
			8;
	}
	return room;
}

struct gb_secret *wz_request_finish(const void *ctx, struct wz_request *request)
{
	struct gb_json_writer *w = request->writer;
	struct pen pen = {NULL, 0};
	const char *text;

	gb_json_end_object(w);
	if (request->deadline_ms) {
		gb_json_put_int(w, "timeoutMs", request->deadline_ms);
	}
	gb_json_end_object(w);
	text = gb_json_writer_text(w);
	pen.paper = gb_secret_new_empty(ctx, strlen(text) + room_for_secrets(request));
	assert(text[strlen(text) - 1] == '}');
	put_bytes(&pen, text, strlen(text) - 1);
	put_secrets(&pen, request);
	gb_secret_set_length(pen.paper, pen.length);
	return pen.paper;
}
