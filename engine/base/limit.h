/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A limit such as "5 5%": so many, or that share of a whole; the larger counts. A plain value.
 */
#ifndef GB_BASE_LIMIT_H
#define GB_BASE_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/compiler.h"

/** Largest count of a limit. */
#define GB_LIMIT_MAX_COUNT 1000000000
/** Value of count that means: no limit. */
#define GB_LIMIT_NONE (-1)

/** So many or that share, whichever is larger. All zero: nothing at all. */
struct gb_limit {
	int64_t count;   /**< 0 … GB_LIMIT_MAX_COUNT, or GB_LIMIT_NONE */
	int64_t percent; /**< 0 … 100, of a whole that the user of the limit names */
};

/** How many are allowed of @whole: INT64_MAX without a limit. Shares are rounded down. */
int64_t gb_limit_allows(const struct gb_limit *limit, int64_t whole);

/** True if @count is more than the limit allows of @whole. */
bool gb_limit_is_exceeded(const struct gb_limit *limit, int64_t count, int64_t whole);

/**
 * Read "5", "5%", "5 5%" or "none". No sign, no leading zero, one blank between the two.
 * False leaves *ret_limit alone.
 */
GB_MUST_CHECK bool gb_limit_parse(const char *text, struct gb_limit *ret_limit);

/** The canonical text, below @ctx: reading it gives the same limit. */
char *gb_limit_format(const void *ctx, const struct gb_limit *limit);

#endif
