/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The gate, which hands over the values that it has looked at, in one pass. A library's parser behind
 * it would look at every byte again, and took most of the time of reading a page. Used by json.c alone;
 * the tests compare it with cJSON, value by value. Pure.
 */
#ifndef GB_BASE_JSON_SCAN_H
#define GB_BASE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/compiler.h"
#include "engine/base/json.h"

/** A value. Its texts and children live as long as what it was read below. */
struct gb_json {
	struct gb_json *next; /**< sibling; NULL: the last */
	const char *name;     /**< of a member of an object, unescaped; else NULL */
	union {
		const char *text;      /**< GB_JSON_STRING: unescaped, without NUL inside */
		struct gb_json *first; /**< GB_JSON_ARRAY, GB_JSON_OBJECT: NULL if it is empty */
		double number;         /**< GB_JSON_NUMBER: finite */
		bool truth;            /**< GB_JSON_BOOL */
	};
	enum gb_json_kind kind; /**< never GB_JSON_ABSENT */
};

/** Why a text was refused. */
struct gb_json_scan_fault {
	size_t offset;      /**< byte at which it stopped, from 0 */
	const char *reason; /**< static text marked with N_(), to be translated by the caller */
};

/**
 * Read @length bytes that are one JSON object (RFC 8259) within the caps of json.h: UTF-8 without a
 * byte order mark, no duplicate name in any object (compared after unescaping), no \u0000, no unpaired
 * surrogate, no number beyond the range of a double, nothing behind the object but white space.
 * Time is O(n log n) for any input.
 *
 * @param ctx       holds a copy of the text, in which strings are unescaped, and the values.
 * @param ret_root  zeroed by the caller.
 *
 * False fills @ret_fault; what is below @ctx and in @ret_root means nothing then.
 */
GB_MUST_CHECK bool gb_json_scan(const void *ctx, const char *bytes, size_t length,
				struct gb_json *ret_root, struct gb_json_scan_fault *ret_fault);

#endif
