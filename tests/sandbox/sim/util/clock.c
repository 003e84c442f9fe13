/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The simulator's clock. */
#include "config.h"

#include "sim/util/clock.h"

#include <string.h>
#include <time.h>

void sim_clock_stop(struct sim_clock *clock)
{
	if (!clock->is_stopped) {
		clock->stopped_s = (int64_t)time(NULL);
		clock->stopped_monotonic_ms = sim_clock_monotonic_ms();
		clock->is_stopped = true;
	}
}

void sim_clock_run(struct sim_clock *clock)
{
	clock->is_stopped = false;
}

int64_t sim_clock_now(const struct sim_clock *clock)
{
	return (clock->is_stopped ? clock->stopped_s : (int64_t)time(NULL)) + clock->offset_s;
}

int64_t sim_clock_elapsed_ms(const struct sim_clock *clock)
{
	return (clock->is_stopped ? clock->stopped_monotonic_ms : sim_clock_monotonic_ms()) +
	       clock->offset_s * 1000;
}

int64_t sim_clock_monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct tm broken_down(int64_t when)
{
	time_t seconds = (time_t)when;
	struct tm tm;

	/* gmtime_r refuses years beyond an int; a clock that far is held at the epoch. */
	if (!gmtime_r(&seconds, &tm) || tm.tm_year > 8099 || tm.tm_year < -1899) {
		memset(&tm, 0, sizeof(tm));
		tm.tm_year = 70;
		tm.tm_mday = 1;
	}
	return tm;
}

void sim_time_iso(int64_t when, char ret_text[SIM_TIME_TEXT])
{
	struct tm tm = broken_down(when);

	strftime(ret_text, SIM_TIME_TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

void sim_time_bare(int64_t when, char ret_text[SIM_TIME_TEXT])
{
	struct tm tm = broken_down(when);

	strftime(ret_text, SIM_TIME_TEXT, "%Y-%m-%dT%H:%M:%S", &tm);
}

void sim_time_sts(int64_t when, char ret_text[SIM_TIME_TEXT])
{
	struct tm tm = broken_down(when);

	strftime(ret_text, SIM_TIME_TEXT, "%Y-%m-%d %H:%M:%SZ", &tm);
}
