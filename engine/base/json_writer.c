/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON: the writer of json.h. */
#include "config.h"

#include "engine/base/json.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>
#include <unictype.h>
#include <unistr.h>

#include "engine/base/buffer.h"
#include "engine/base/mem.h"

struct level {
	bool is_array;
	bool has_items;
};

struct gb_json_writer {
	struct gb_buffer *out;
	struct level levels[GB_JSON_MAX_DEPTH];
	unsigned depth;
	bool pretty;
	bool complete; /* a top value has been written */
};

struct gb_json_writer *gb_json_writer_new(const void *ctx, bool pretty)
{
	struct gb_json_writer *w = gb_new(ctx, struct gb_json_writer);

	w->out = gb_buffer_new(w);
	w->pretty = pretty;
	return w;
}

static void new_line(struct gb_json_writer *w)
{
	if (w->pretty) {
		gb_buffer_add_char(w->out, '\n');
		for (unsigned i = 0; i < w->depth; i++) {
			gb_buffer_add(w->out, "  ", 2);
		}
	}
}

/* Controls could act on a terminal; U+2028 and U+2029 end a line for some readers. */
static bool needs_escape(ucs4_t c)
{
	return c < 0x20 || c == '"' || c == '\\' || (c >= 0x7f && c <= 0x9f) || c == 0x2028 ||
	       c == 0x2029;
}

static void add_escaped(struct gb_buffer *out, ucs4_t c)
{
	if (c == '"' || c == '\\') {
		gb_buffer_add_char(out, '\\');
		gb_buffer_add_char(out, (char)c);
	} else if (c == '\n') {
		gb_buffer_add_text(out, "\\n");
	} else {
		gb_buffer_add_format(out, "\\u%04x", (unsigned)c);
	}
}

/* Bytes at the beginning of @text that stand as they are: ASCII, as the most texts. */
static size_t plain_bytes(const uint8_t *text, size_t length)
{
	size_t at = 0;

	while (at < length && text[at] >= 0x20 && text[at] < 0x7f && text[at] != '"' &&
	       text[at] != '\\') {
		at++;
	}
	return at;
}

/* Returns the bytes that it took. */
static size_t add_character(struct gb_buffer *out, const uint8_t *at, size_t left)
{
	ucs4_t c;
	int size = u8_mbtoucr(&c, at, left);

	if (size <= 0) {
		gb_buffer_add_text(out, "\xef\xbf\xbd"); /* U+FFFD */
		return 1;
	}
	if (needs_escape(c)) {
		add_escaped(out, c);
	} else {
		gb_buffer_add(out, at, (size_t)size);
	}
	return (size_t)size;
}

static void add_string(struct gb_buffer *out, const char *text)
{
	const uint8_t *at = (const uint8_t *)text;
	size_t left = strlen(text);

	gb_buffer_add_char(out, '"');
	while (left > 0) {
		size_t step = plain_bytes(at, left);

		if (step > 0) {
			gb_buffer_add(out, at, step);
		} else {
			step = add_character(out, at, left);
		}
		at += step;
		left -= step;
	}
	gb_buffer_add_char(out, '"');
}

/* What stands before any value: comma, new line, name. Asserts that a value may stand here. */
static void begin_value(struct gb_json_writer *w, const char *key)
{
	struct level *level;

	if (w->depth == 0) {
		assert(!key && !w->complete);
		w->complete = true;
		return;
	}
	level = &w->levels[w->depth - 1];
	assert(level->is_array == !key);
	if (level->has_items) {
		gb_buffer_add_char(w->out, ',');
	}
	level->has_items = true;
	new_line(w);
	if (key) {
		add_string(w->out, key);
		gb_buffer_add_text(w->out, w->pretty ? ": " : ":");
	}
}

static void begin_level(struct gb_json_writer *w, const char *key, bool is_array)
{
	begin_value(w, key);
	assert(w->depth < GB_JSON_MAX_DEPTH);
	w->levels[w->depth++] = (struct level){.is_array = is_array};
	gb_buffer_add_char(w->out, is_array ? '[' : '{');
}

static void end_level(struct gb_json_writer *w, bool is_array)
{
	struct level level;

	assert(w->depth > 0);
	level = w->levels[--w->depth];
	assert(level.is_array == is_array);
	if (level.has_items) {
		new_line(w);
	}
	gb_buffer_add_char(w->out, is_array ? ']' : '}');
}

void gb_json_begin_object(struct gb_json_writer *w, const char *key)
{
	begin_level(w, key, false);
}

void gb_json_end_object(struct gb_json_writer *w)
{
	end_level(w, false);
}

void gb_json_begin_array(struct gb_json_writer *w, const char *key)
{
	begin_level(w, key, true);
}

void gb_json_end_array(struct gb_json_writer *w)
{
	end_level(w, true);
}

void gb_json_put_text(struct gb_json_writer *w, const char *key, const char *text)
{
	begin_value(w, key);
	if (text) {
		add_string(w->out, text);
	} else {
		gb_buffer_add_text(w->out, "null");
	}
}

void gb_json_put_int(struct gb_json_writer *w, const char *key, int64_t value)
{
	begin_value(w, key);
	gb_buffer_add_format(w->out, "%" PRId64, value);
}

void gb_json_put_bool(struct gb_json_writer *w, const char *key, bool value)
{
	begin_value(w, key);
	gb_buffer_add_text(w->out, value ? "true" : "false");
}

void gb_json_put_null(struct gb_json_writer *w, const char *key)
{
	begin_value(w, key);
	gb_buffer_add_text(w->out, "null");
}

static void copy_number(struct gb_json_writer *w, const char *key, const struct gb_json *value)
{
	int64_t number;

	if (gb_json_int(value, &number)) {
		gb_json_put_int(w, key, number);
	} else {
		gb_json_put_null(w, key); /* nothing of ours writes fractions */
	}
}

static void copy_members(struct gb_json_writer *w, const struct gb_json *value)
{
	for (const struct gb_json *m = gb_json_first(value); m; m = gb_json_next(m)) {
		gb_json_put_copy(w, gb_json_name(m), m);
	}
}

/* As deep as the gate lets a document be (GB_JSON_MAX_DEPTH). */
void gb_json_put_copy(struct gb_json_writer *w, const char *key, const struct gb_json *value)
{
	switch (gb_json_kind(value)) {
	case GB_JSON_BOOL:
		gb_json_put_bool(w, key, gb_json_bool(value));
		break;
	case GB_JSON_NUMBER:
		copy_number(w, key, value);
		break;
	case GB_JSON_STRING:
		gb_json_put_text(w, key, gb_json_text(value));
		break;
	case GB_JSON_ARRAY:
		gb_json_begin_array(w, key);
		copy_members(w, value);
		gb_json_end_array(w);
		break;
	case GB_JSON_OBJECT:
		gb_json_begin_object(w, key);
		copy_members(w, value);
		gb_json_end_object(w);
		break;
	case GB_JSON_ABSENT:
	case GB_JSON_NULL:
	default:
		gb_json_put_null(w, key);
		break;
	}
}

const char *gb_json_writer_text(const struct gb_json_writer *w)
{
	return w->out->text;
}
