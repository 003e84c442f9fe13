/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading JSON with cJSON: the tenant file, control requests, batch bodies.
 *
 * sim_json_parse() gives a tree that belongs to a talloc parent (a destructor calls
 * cJSON_Delete). The input must be UTF-8 and one value; depth is capped by cJSON (1000).
 */
#ifndef SIM_UTIL_JSON_READ_H
#define SIM_UTIL_JSON_READ_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/util/buf.h"

/** Parse @length bytes. The tree lives as long as @ctx. False with a sentence in @err. */
bool sim_json_parse(const void *ctx, const char *text, size_t length, const cJSON **ret_root,
		    struct sim_err *err) SIM_MUST_CHECK;

/** True if @length bytes are well-formed UTF-8 without NUL (RFC 3629). */
bool sim_utf8_is_valid(const char *bytes, size_t length);

/** The string below @key of @object, or @fallback if it is absent or no string; borrowed. */
const char *sim_json_get_string(const cJSON *object, const char *key, const char *fallback);

/** The whole number below @key, or @fallback if it is absent, no number or beyond 2^53. */
int64_t sim_json_get_int(const cJSON *object, const char *key, int64_t fallback);

/** The truth value below @key, or @fallback. */
bool sim_json_get_bool(const cJSON *object, const char *key, bool fallback);

/** The array below @key, or NULL; borrowed. */
const cJSON *sim_json_get_array(const cJSON *object, const char *key);

/** Write @value as compact JSON text into @out. */
void sim_json_print(struct sim_buf *out, const cJSON *value);

#endif
