/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/base/clock and engine/base/backoff. */
#include "config.h"

#include "engine/base/backoff.h"
#include "engine/base/clock.h"
#include "tests/unit/unit.h"

static void tests_can_set_both_clocks(void **state)
{
	(void)state;
	gb_clock_set_test(1000, 50);
	assert_int_equal(gb_clock_wall_ms(), 1000);
	assert_int_equal(gb_clock_boot_ms(), 50);
	gb_clock_set_test(-1, -1);
	assert_true(gb_clock_wall_ms() > 1600000000000);
	assert_true(gb_clock_boot_ms() > 0);
}

static void boot_time_does_not_go_back(void **state)
{
	int64_t before = gb_clock_boot_ms();

	(void)state;
	usleep(2000);
	assert_true(gb_clock_boot_ms() > before);
}

static void times_are_written_in_utc(void **state)
{
	char text[GB_CLOCK_TEXT_BYTES];

	(void)state;
	setenv("TZ", "Asia/Kolkata", 1);
	assert_string_equal(gb_clock_format(0, text), "1970-01-01T00:00:00Z");
	assert_string_equal(gb_clock_format(1767323045999, text), "2026-01-02T03:04:05Z");
	assert_string_equal(gb_clock_format(253402300799999, text), "9999-12-31T23:59:59Z");
	assert_string_equal(gb_clock_format(INT64_MAX, text), "9999-12-31T23:59:59Z");
	assert_string_equal(gb_clock_format(-5, text), "1970-01-01T00:00:00Z");
}

static void each_try_waits_twice_as_long_up_to_the_limit(void **state)
{
	static const int64_t spans[] = {100, 200, 400, 800, 1000, 1000};

	(void)state;
	for (unsigned i = 0; i < 6; i++) {
		assert_int_equal(gb_backoff_delay_ms(i + 1, 100, 1000, UINT32_MAX), spans[i]);
		assert_int_equal(gb_backoff_delay_ms(i + 1, 100, 1000, 0), spans[i] / 2);
	}
	assert_int_equal(gb_backoff_delay_ms(UINT32_MAX, 1, INT64_MAX / 1024, 0),
			 INT64_MAX / 1024 / 2);
	assert_int_equal(gb_backoff_delay_ms(1, 5000, 1000, UINT32_MAX), 1000);
}

static void a_delay_stays_between_half_and_all_of_its_span(void **state)
{
	struct unit_chance chance = {42};

	(void)state;
	for (int i = 0; i < 10000; i++) {
		int64_t delay = gb_backoff_delay_ms(3, 100, 60000, unit_next(&chance));

		assert_in_range(delay, 200, 400);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tests_can_set_both_clocks),
		cmocka_unit_test(boot_time_does_not_go_back),
		cmocka_unit_test(times_are_written_in_utc),
		cmocka_unit_test(each_try_waits_twice_as_long_up_to_the_limit),
		cmocka_unit_test(a_delay_stays_between_half_and_all_of_its_span),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
