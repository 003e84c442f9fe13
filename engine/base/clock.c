/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clocks: real ones, and the ones that tests set. */
#include "config.h"

#include "engine/base/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t test_wall_ms = -1;
static int64_t test_boot_ms = -1;

static int64_t read_ms(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now); /* fails for unknown clocks only */
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t gb_clock_wall_ms(void)
{
	return test_wall_ms >= 0 ? test_wall_ms : read_ms(CLOCK_REALTIME);
}

int64_t gb_clock_boot_ms(void)
{
	return test_boot_ms >= 0 ? test_boot_ms : read_ms(CLOCK_BOOTTIME);
}

const char *gb_clock_format(int64_t wall_ms, char text[GB_CLOCK_TEXT_BYTES])
{
	/* 9999-12-31T23:59:59Z: a broken clock must not make a longer text. */
	static const int64_t last_ms = 253402300799000;
	int64_t shown_ms = wall_ms < 0 ? 0 : wall_ms > last_ms ? last_ms : wall_ms;
	time_t seconds = (time_t)(shown_ms / 1000);
	struct tm parts;

	gmtime_r(&seconds, &parts);
	strftime(text, GB_CLOCK_TEXT_BYTES, "%Y-%m-%dT%H:%M:%SZ", &parts);
	return text;
}

void gb_clock_set_test(int64_t wall_ms, int64_t boot_ms)
{
	test_wall_ms = wall_ms;
	test_boot_ms = boot_ms;
}
