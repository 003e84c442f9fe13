/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Waiting before another try: exponential with full jitter. Pure: the caller brings the chance. */
#ifndef GB_BASE_BACKOFF_H
#define GB_BASE_BACKOFF_H

#include <stdint.h>

/**
 * Delay before try number @attempt (1 for the first repetition): a random share of
 * first_ms × 2^(attempt-1), at most @max_ms.
 *
 * @param chance  0 … UINT32_MAX, uniformly random; 0 gives half of the span, so that no two tries
 *                ever follow at once.
 */
int64_t gb_backoff_delay_ms(unsigned attempt, int64_t first_ms, int64_t max_ms, uint32_t chance);

#endif
