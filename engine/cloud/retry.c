/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Retry-After and the decision to try again. */
#include "config.h"

#include "engine/cloud/retry.h"

#include <curl/curl.h>
#include <stddef.h>
#include <string.h>

#include "engine/base/backoff.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int64_t clamp_wait(int64_t wait_ms)
{
	return wait_ms > GB_RETRY_AFTER_MAX_MS ? GB_RETRY_AFTER_MAX_MS : wait_ms;
}

static bool parse_seconds(const char *value, int64_t *ret_wait_ms)
{
	int64_t seconds = 0;

	for (; is_digit(*value); value++) {
		seconds = clamp_wait(seconds * 10 + (*value - '0'));
	}
	if (strspn(value, " \t") != strlen(value) || seconds == 0) {
		return false;
	}
	*ret_wait_ms = clamp_wait(seconds * 1000);
	return true;
}

/*
 * curl_getdate() knows the three forms of RFC 9110 section 5.6.7 in every locale, and much more
 * besides: so a year and a time of day are asked for first.
 */
static bool parse_date(const char *value, int64_t now_wall_ms, int64_t *ret_wait_ms)
{
	time_t when;
	int64_t wait_ms;

	if (strchr(value, ':') == NULL || strlen(value) > 40) {
		return false;
	}
	when = curl_getdate(value, NULL);
	if (when < 0 || (int64_t)when > INT64_MAX / 1000) {
		return false;
	}
	wait_ms = (int64_t)when * 1000 - now_wall_ms;
	if (wait_ms <= 0) {
		return false;
	}
	*ret_wait_ms = clamp_wait(wait_ms);
	return true;
}

bool gb_retry_after_parse(const char *value, int64_t now_wall_ms, int64_t *ret_wait_ms)
{
	if (value == NULL) {
		return false;
	}
	value += strspn(value, " \t");
	if (is_digit(*value)) {
		return parse_seconds(value, ret_wait_ms);
	}
	return parse_date(value, now_wall_ms, ret_wait_ms);
}

static int64_t after_asked(int64_t asked_ms, uint32_t chance)
{
	int64_t spread_ms = asked_ms / 10 > 1000 ? 1000 : asked_ms / 10;

	return asked_ms + (int64_t)(((uint64_t)spread_ms * chance) >> 32);
}

bool gb_retry_decide(const struct gb_retry_policy *policy, const struct gb_retry_state *state,
		     int64_t *ret_wait_ms)
{
	int64_t wait_ms;

	if (state->asked_ms > 0) {
		wait_ms = after_asked(state->asked_ms, state->chance);
	} else if (state->attempts >= policy->max_attempts) {
		return false;
	} else {
		wait_ms = gb_backoff_delay_ms(state->attempts, policy->first_delay_ms,
					      GB_RETRY_MAX_DELAY_MS, state->chance);
	}
	if (wait_ms > policy->deadline_ms - state->elapsed_ms) {
		return false;
	}
	*ret_wait_ms = wait_ms;
	return true;
}
