/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The simulator's clock: real time plus an offset that the control endpoint advances, so that
 * seven-day tokens expire in a test of a second. It can be stopped: then the offset alone moves it, and
 * how slow a machine is changes nothing.
 */
#ifndef SIM_UTIL_CLOCK_H
#define SIM_UTIL_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/** Room for any time text below, NUL included. */
#define SIM_TIME_TEXT 32

/** The clock. All zero: it runs, at real time. */
struct sim_clock {
	int64_t offset_s;             /**< seconds added to real time */
	bool is_stopped;              /**< real time stands still */
	int64_t stopped_s;            /**< real time when it was stopped, seconds since 1970 */
	int64_t stopped_monotonic_ms; /**< the same for sim_clock_elapsed_ms() */
};

/** Stop it at the present time; nothing happens if it stands. */
void sim_clock_stop(struct sim_clock *clock);

/** Let it run; the time that it stood is made up for at once. */
void sim_clock_run(struct sim_clock *clock);

/** Now, in seconds since 1970, offset included. */
int64_t sim_clock_now(const struct sim_clock *clock);

/** Monotonic milliseconds of the simulator's time, for what fills or ages as it passes. */
int64_t sim_clock_elapsed_ms(const struct sim_clock *clock);

/** Monotonic milliseconds of real time, for delays; nothing touches it. */
int64_t sim_clock_monotonic_ms(void);

/** "2026-01-02T03:04:05Z", as Graph writes properties. */
void sim_time_iso(int64_t when, char ret_text[SIM_TIME_TEXT]);

/** "2026-01-02T03:04:05", as in innerError.date. */
void sim_time_bare(int64_t when, char ret_text[SIM_TIME_TEXT]);

/** "2026-01-02 03:04:05Z", as in the token endpoint's errors. */
void sim_time_sts(int64_t when, char ret_text[SIM_TIME_TEXT]);

#endif
