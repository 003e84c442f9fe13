/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A streaming JSON writer: commas and escapes, nothing else.
 *
 * struct sim_json lives on the stack around a buffer. Values follow keys inside objects and stand
 * alone inside arrays; the writer puts the commas. Text must be UTF-8 (the tenant is checked when
 * it is read).
 */
#ifndef SIM_UTIL_JSON_WRITE_H
#define SIM_UTIL_JSON_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/util/buf.h"

/** The writer's state. */
struct sim_json {
	struct sim_buf *out; /**< where the text goes; borrowed */
	bool comma;          /**< a comma is due before the next key or element */
};

/** Begin an object. */
void sim_json_object(struct sim_json *json);
/** End an object. */
void sim_json_object_end(struct sim_json *json);
/** Begin an array. */
void sim_json_array(struct sim_json *json);
/** End an array. */
void sim_json_array_end(struct sim_json *json);
/** The key of the next value. */
void sim_json_key(struct sim_json *json, const char *key);
/** A string; NULL writes null. */
void sim_json_string(struct sim_json *json, const char *text);
/** A whole number. */
void sim_json_int(struct sim_json *json, int64_t number);
/** true or false. */
void sim_json_bool(struct sim_json *json, bool value);
/** null. */
void sim_json_null(struct sim_json *json);
/** A value that is JSON text already. */
void sim_json_raw(struct sim_json *json, const char *text);

/** Key and string in one call. */
void sim_json_put_string(struct sim_json *json, const char *key, const char *text);
/** Key and number in one call. */
void sim_json_put_int(struct sim_json *json, const char *key, int64_t number);
/** Key and truth value in one call. */
void sim_json_put_bool(struct sim_json *json, const char *key, bool value);
/** Key and array of @count strings in one call. */
void sim_json_put_strings(struct sim_json *json, const char *key, const char *const *items,
			  size_t count);

/** Append @text as a JSON string, quotes included, to @out. */
void sim_json_quote(struct sim_buf *out, const char *text);

#endif
