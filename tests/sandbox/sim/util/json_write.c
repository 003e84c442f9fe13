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

void sim_json_quote(struct sim_buf *out, const char *text)
{
	const char *run = text;

	sim_buf_byte(out, '"');
	for (const char *p = text; *p; p++) {
		unsigned char c = (unsigned char)*p;
		const char *escape = NULL;

		if (c >= 0x20 && c != '"' && c != '\\') {
			continue;
		}
		sim_buf_add(out, run, (size_t)(p - run));
		run = p + 1;
		escape = short_escape(c);
		if (escape) {
			sim_buf_text(out, escape);
		} else {
			sim_buf_printf(out, "\\u%04x", c);
		}
	}
	sim_buf_text(out, run);
	sim_buf_byte(out, '"');
}

void sim_json_key(struct sim_json *json, const char *key)
{
	before_value(json);
	sim_json_quote(json->out, key);
	sim_buf_byte(json->out, ':');
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
