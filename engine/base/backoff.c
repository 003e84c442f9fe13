/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Waiting before another try. */
#include "config.h"

#include "engine/base/backoff.h"

int64_t gb_backoff_delay_ms(unsigned attempt, int64_t first_ms, int64_t max_ms, uint32_t chance)
{
	int64_t span_ms = first_ms < max_ms ? first_ms : max_ms;
	int64_t half_ms;

	for (unsigned i = 1; i < attempt && span_ms < max_ms; i++) {
		span_ms = span_ms > max_ms / 2 ? max_ms : span_ms * 2;
	}
	half_ms = span_ms / 2;
	return half_ms + (int64_t)((double)(span_ms - half_ms) * ((double)chance / UINT32_MAX));
}
