/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Waiting before another try: exponential, half of it by chance. Pure: the caller brings the chance. */
#ifndef GB_BASE_BACKOFF_H
#define GB_BASE_BACKOFF_H

#include <stdint.h>

/**
 * Delay before try number @attempt (1 for the first repetition). The span is
 * first_ms × 2^(attempt-1), at most @max_ms; the delay lies between half of it and all of it, so
 * that clients spread out and no two tries ever follow at once.
 *
 * @param chance  0 … UINT32_MAX, uniformly random: 0 gives half of the span, UINT32_MAX all of it.
 */
int64_t gb_backoff_delay_ms(unsigned attempt, int64_t first_ms, int64_t max_ms, uint32_t chance);

#endif
