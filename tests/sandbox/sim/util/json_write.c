/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A streaming JSON writer. */
#include "config.h"

#include "sim/util/json_write.h"

#include <string.h>

static void before_value(struct sim_json *json)
{
	if (json->comma) {
		sim_buf_byte(json->out, ',');
	}
	json->comma = true;
}

void sim_json_object(struct sim_json *json)
{
	before_value(json);
	sim_buf_byte(json->out, '{');
	json->comma = false;
}

void sim_json_object_end(struct sim_json *json)
{
	sim_buf_byte(json->out, '}');
	json->comma = true;
}

void sim_json_array(struct sim_json *json)
{
	before_value(json);
	sim_buf_byte(json->out, '[');
	json->comma = false;
}

void sim_json_array_end(struct sim_json *json)
{
	sim_buf_byte(json->out, ']');
	json->comma = true;
}

static const char *short_escape(unsigned char c)
{
	switch (c) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\b':
		return "\\b";
	case '\f':
		return "\\f";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\t':
		return "\\t";
	default:
		return NULL;
	}
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c != '"' && c != '\\';
}

/** A byte in each of eight places. */
#define EACH(byte) (0x0101010101010101u * (uint64_t)(byte))

/* True if none of eight bytes needs an escape: bits 7 show a zero byte, or one below 0x20. */
static bool are_plain(const char *bytes)
{
	uint64_t word = 0;
	uint64_t quote = 0;
	uint64_t slash = 0;

	memcpy(&word, bytes, sizeof(word));
	quote = word ^ EACH('"');
	slash = word ^ EACH('\\');
	word = (word - EACH(0x20)) & ~word;
	quote = (quote - EACH(1)) & ~quote;
	slash = (slash - EACH(1)) & ~slash;
	return ((word | quote | slash) & EACH(0x80)) == 0;
}

static size_t plain_length(const char *text)
{
	size_t size = strlen(text);
	size_t length = 0;

	while (length + sizeof(uint64_t) <= size && are_plain(text + length)) {
		length += sizeof(uint64_t);
	}

	while (is_plain((unsigned char)text[length])) {
		length++;
	}
	return length;
}

/* The rule: one copy, for nearly all texts need no escape. */
static void quote_plain(struct sim_buf *out, const char *text, size_t length, const char *end,
			size_t end_length)
{
	char *at = NULL;

	sim_buf_reserve(out, length + end_length + 2);
	at = out->data + out->length;
	*at++ = '"';
	memcpy(at, text, length);
	memcpy(at + length, end, end_length);
	out->length += length + end_length + 1;
	out->data[out->length] = '\0';
}

static void quote_escaped(struct sim_buf *out, const char *text)
{
	sim_buf_byte(out, '"');
	while (*text) {
		size_t length = plain_length(text);
		const char *escape = NULL;

		sim_buf_add(out, text, length);
		text += length;
		if (!*text) {
			break;
		}
		escape = short_escape((unsigned char)*text);
		if (escape) {
			sim_buf_text(out, escape);
		} else {
			sim_buf_printf(out, "\\u%04x", (unsigned char)*text);
		}
		text++;
	}
	sim_buf_byte(out, '"');
}

void sim_json_quote(struct sim_buf *out, const char *text)
{
	size_t length = plain_length(text);

	if (text[length] == '\0') {
		quote_plain(out, text, length, "\"", 1);
	} else {
		quote_escaped(out, text);
	}
}

void sim_json_key(struct sim_json *json, const char *key)
{
	size_t length = plain_length(key);

	before_value(json);
	if (key[length] == '\0') {
		quote_plain(json->out, key, length, "\":", 2);
	} else {
		quote_escaped(json->out, key);
		sim_buf_byte(json->out, ':');
	}
	json->comma = false;
}

void sim_json_string(struct sim_json *json, const char *text)
{
	before_value(json);
	if (text) {
		sim_json_quote(json->out, text);
	} else {
		sim_buf_text(json->out, "null");
	}
}

void sim_json_int(struct sim_json *json, int64_t number)
{
	before_value(json);
	sim_buf_printf(json->out, "%lld", (long long)number);
}

void sim_json_bool(struct sim_json *json, bool value)
{
	sim_json_raw(json, value ? "true" : "false");
}

void sim_json_null(struct sim_json *json)
{
	sim_json_raw(json, "null");
}

void sim_json_raw(struct sim_json *json, const char *text)
{
	before_value(json);
	sim_buf_text(json->out, text);
}

void sim_json_put_string(struct sim_json *json, const char *key, const char *text)
{
	sim_json_key(json, key);
	sim_json_string(json, text);
}

void sim_json_put_int(struct sim_json *json, const char *key, int64_t number)
{
	sim_json_key(json, key);
	sim_json_int(json, number);
}

void sim_json_put_bool(struct sim_json *json, const char *key, bool value)
{
	sim_json_key(json, key);
	sim_json_bool(json, value);
}

void sim_json_put_strings(struct sim_json *json, const char *key, const char *const *items,
			  size_t count)
{
	sim_json_key(json, key);
	sim_json_array(json);
	for (size_t i = 0; i < count; i++) {
		sim_json_string(json, items[i]);
	}
	sim_json_array_end(json);
}
