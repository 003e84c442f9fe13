/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The simulator's clock: real time plus an offset that the control endpoint advances, so that
 * seven-day tokens expire in a test of a second.
 */
#ifndef SIM_UTIL_CLOCK_H
#define SIM_UTIL_CLOCK_H

#include <stdint.h>

/** Room for any time text below, NUL included. */
#define SIM_TIME_TEXT 32

/** The clock. */
struct sim_clock {
	int64_t offset_s; /**< seconds added to real time */
};

/** Now, in seconds since 1970, offset included. */
int64_t sim_clock_now(const struct sim_clock *clock);

/** Monotonic milliseconds, for delays; the offset does not touch it. */
int64_t sim_clock_monotonic_ms(void);

/** "2026-01-02T03:04:05Z", as Graph writes properties. */
void sim_time_iso(int64_t when, char ret_text[SIM_TIME_TEXT]);

/** "2026-01-02T03:04:05", as in innerError.date. */
void sim_time_bare(int64_t when, char ret_text[SIM_TIME_TEXT]);

/** "2026-01-02 03:04:05Z", as in the token endpoint's errors. */
void sim_time_sts(int64_t when, char ret_text[SIM_TIME_TEXT]);

#endif
