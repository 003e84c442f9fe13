/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The gate in front of cJSON, which takes duplicate keys, \u0000, raw control bytes, bad UTF-8 and
 * unbounded trees without a word. Used by json.c alone. Pure.
 */
#ifndef GB_BASE_JSON_SCAN_H
#define GB_BASE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/compiler.h"

/** Why a text was refused. */
struct gb_json_scan_fault {
	size_t offset;      /**< byte at which it stopped, from 0 */
	const char *reason; /**< static text marked with N_(), to be translated by the caller */
};

/**
 * True if @length bytes are one JSON object (RFC 8259) within the caps of json.h: UTF-8 without a
 * byte order mark, no duplicate key in any object (compared after unescaping), no \u0000, no unpaired
 * surrogate, no number beyond the range of a double, nothing behind the object but white space.
 * Time is O(n log n) for any input. False fills @ret_fault.
 */
GB_MUST_CHECK bool gb_json_scan(const char *bytes, size_t length,
				struct gb_json_scan_fault *ret_fault);

#endif
