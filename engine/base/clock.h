/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Clocks: wall time for records, boot time for durations and expiry (it runs on through suspend and
 * does not jump). Tests replace both with gb_clock_set_test().
 */
#ifndef GB_BASE_CLOCK_H
#define GB_BASE_CLOCK_H

#include <stdint.h>

/** Milliseconds since 1970-01-01 UTC. */
int64_t gb_clock_wall_ms(void);

/** Milliseconds of CLOCK_BOOTTIME. */
int64_t gb_clock_boot_ms(void);

/** Length of "2026-01-02T03:04:05Z" with its NUL, for years up to 9999. */
#define GB_CLOCK_TEXT_BYTES 32

/** Write @wall_ms as RFC 3339 UTC with seconds into @text. Returns @text. */
const char *gb_clock_format(int64_t wall_ms, char text[GB_CLOCK_TEXT_BYTES]);

/** Make both clocks return these values until called again; -1, -1 goes back to the real ones. */
void gb_clock_set_test(int64_t wall_ms, int64_t boot_ms);

#endif
