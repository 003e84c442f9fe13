/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When to try again: Retry-After (RFC 9110 section 10.2.3) and the patience of one request. Pure:
 * the caller brings time and chance.
 */
#ifndef GB_CLOUD_RETRY_H
#define GB_CLOUD_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/compiler.h"

/** Longest backoff between two tries without Retry-After (Graph SDKs: 180 s; ours is gentler). */
#define GB_RETRY_MAX_DELAY_MS 60000
/** A longer Retry-After reads as this: no reply asks for more than a week in earnest. */
#define GB_RETRY_AFTER_MAX_MS (7LL * 24 * 3600 * 1000)

/**
 * Read a Retry-After header: whole seconds, or an HTTP date in any of its three forms.
 *
 * @param value        the header's value; NULL if there was none.
 * @param now_wall_ms  the time now, in milliseconds since 1970.
 * @param ret_wait_ms  1 … GB_RETRY_AFTER_MAX_MS.
 * Returns false if the header says nothing useful: absent, garbage, negative, zero, or a date that
 * is past. Back off as without it, then.
 */
GB_MUST_CHECK bool gb_retry_after_parse(const char *value, int64_t now_wall_ms,
					int64_t *ret_wait_ms);

/** The patience of one request. */
struct gb_retry_policy {
	unsigned max_attempts;  /**< sendings, the first included; at least 1 */
	int64_t deadline_ms;    /**< from the first sending to the last */
	int64_t first_delay_ms; /**< backoff before the first repetition; doubles each time */
};

/** How far a request is. */
struct gb_retry_state {
	unsigned attempts;  /**< sendings that count; those answered with Retry-After do not */
	int64_t elapsed_ms; /**< since its first sending */
	int64_t asked_ms;   /**< what Retry-After asks for; 0 if it said nothing */
	uint32_t chance;    /**< 0 … UINT32_MAX, uniformly random */
};

/**
 * Whether to send again, and when.
 *
 * Retry-After wins over the backoff: never sooner, later by up to a tenth (at most a second), so
 * that many clients do not come back in one moment. False if patience or deadline would be
 * exceeded.
 */
GB_MUST_CHECK bool gb_retry_decide(const struct gb_retry_policy *policy,
				   const struct gb_retry_state *state, int64_t *ret_wait_ms);

#endif
