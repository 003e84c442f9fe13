/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A limit such as "5 5%". */
#include "config.h"

#include "engine/base/limit.h"

#include <string.h>

#include "engine/base/mem.h"

int64_t gb_limit_allows(const struct gb_limit *limit, int64_t whole)
{
	int64_t share;

	if (limit->count == GB_LIMIT_NONE) {
		return INT64_MAX;
	}
	/* Divided first where the product could overflow; a whole of that size has no use for rests. */
	share = whole > INT64_MAX / 100 ? whole / 100 * limit->percent
					: whole * limit->percent / 100;
	return share > limit->count ? share : limit->count;
}

bool gb_limit_is_exceeded(const struct gb_limit *limit, int64_t count, int64_t whole)
{
	return count > gb_limit_allows(limit, whole);
}

/* Digits at *text, at most @max; *text moves behind them. */
static bool parse_number(const char **text, int64_t max, int64_t *ret_number)
{
	const char *at = *text;
	int64_t number = 0;

	if (*at == '0' && at[1] >= '0' && at[1] <= '9') {
		return false;
	}
	while (*at >= '0' && *at <= '9' && number <= max) {
		number = number * 10 + (*at++ - '0');
	}
	if (at == *text || number > max) {
		return false;
	}
	*text = at;
	*ret_number = number;
	return true;
}

static bool parse_percent(const char *text, int64_t *ret_percent)
{
	int64_t percent;

	if (!parse_number(&text, 100, &percent) || strcmp(text, "%") != 0) {
		return false;
	}
	*ret_percent = percent;
	return true;
}

bool gb_limit_parse(const char *text, struct gb_limit *ret_limit)
{
	struct gb_limit limit = {0};
	const char *at = text;

	if (strcmp(text, "none") == 0) {
		*ret_limit = (struct gb_limit){.count = GB_LIMIT_NONE};
		return true;
	}
	if (!parse_percent(text, &limit.percent)) {
		if (!parse_number(&at, GB_LIMIT_MAX_COUNT, &limit.count)) {
			return false;
		}
		if (*at != '\0' && (*at != ' ' || !parse_percent(at + 1, &limit.percent))) {
			return false;
		}
	}
	*ret_limit = limit;
	return true;
}

char *gb_limit_format(const void *ctx, const struct gb_limit *limit)
{
	if (limit->count == GB_LIMIT_NONE) {
		return gb_strdup(ctx, "none");
	}
	if (limit->percent == 0) {
		return gb_printf(ctx, "%lld", (long long)limit->count);
	}
	if (limit->count == 0) {
		return gb_printf(ctx, "%lld%%", (long long)limit->percent);
	}
	return gb_printf(ctx, "%lld %lld%%", (long long)limit->count, (long long)limit->percent);
}
