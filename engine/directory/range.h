/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ranged retrieval of an attribute with many values (MS-ADTS 3.1.1.3.1.3.3).
 *
 * Asked for `member` of a large group, AD answers an empty `member` beside `member;range=0-1499`;
 * the rest is fetched as `member;range=1500-*` and so on, until a range ends with "*". A gb_range
 * keeps account: which values have been seen, what to ask for next, and that nothing is missing or
 * doubled. Pure; a plain value.
 */
#ifndef GB_DIRECTORY_RANGE_H
#define GB_DIRECTORY_RANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"

/**
 * Values asked for in one request. AD gives what its MaxValRange allows (1,500; at most 5,000);
 * Samba has no limit of its own, so this bounds the size of one answer.
 */
#define GB_RANGE_VALUES 10000

/** Most values of one attribute that are read. */
#define GB_RANGE_MAX_VALUES 10000000

/** What an attribute description says about a range. */
struct gb_range_part {
	size_t name_length; /**< bytes of the attribute's name in front of ";range=" */
	uint32_t first;     /**< index of the first value */
	uint32_t last;      /**< index of the last value; meaningless if is_last */
	bool is_last;       /**< "*": this is the end */
};

/**
 * Parse "member;range=0-1499" or "member;range=1500-*"; false if there is no valid range option.
 */
GB_MUST_CHECK bool gb_range_parse(const char *description, struct gb_range_part *ret_part);

/** Account of one attribute that is being read. Zero-initialise. */
struct gb_range {
	uint32_t next;    /**< index of the next value that is missing */
	bool is_complete; /**< the last value has been seen */
};

/**
 * Take note of one answer.
 *
 * @param part   the range it carried, or NULL if the attribute came without one (everything).
 * @param count  number of values that came with it.
 * Errors: GB_E_PROTOCOL if it leaves a gap, overlaps, brings another number of values than it says,
 *         makes no progress, or exceeds GB_RANGE_MAX_VALUES.
 */
GB_MUST_CHECK enum gb_rc gb_range_take(struct gb_range *range, const struct gb_range_part *part,
				       size_t count, struct gb_err *err);

/** "member;range=1500-11499": what to ask for next, below @ctx. */
char *gb_range_request(const void *ctx, const struct gb_range *range, const char *attribute);

#endif
