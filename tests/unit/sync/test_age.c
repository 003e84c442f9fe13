/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/sync/age: a wrong clock ends no time of grace. */
#include "config.h"

#include "engine/sync/age.h"
#include "tests/unit/unit.h"

#define DAY_MS (INT64_C(86400) * 1000)
#define NOW_MS (INT64_C(1790000000) * 1000)

static const struct gb_directory_facts NO_CLOCK = {.has_clock = false, .clock_ahead_ms = DAY_MS};

static struct gb_directory_facts ahead(int64_t ms)
{
	return (struct gb_directory_facts){.has_clock = true, .clock_ahead_ms = ms};
}

static void with_two_right_clocks_time_is_time(void **state)
{
	struct gb_directory_facts facts = ahead(0);

	(void)state;
	assert_true(gb_age_begin_ms(&facts, NOW_MS) == NOW_MS);
	assert_true(gb_age_ms(&facts, NOW_MS + 30 * DAY_MS, NOW_MS) == 30 * DAY_MS);
	assert_true(gb_age_begin_ms(&NO_CLOCK, NOW_MS) == NOW_MS);
	assert_true(gb_age_ms(&NO_CLOCK, NOW_MS + 30 * DAY_MS, NOW_MS) == 30 * DAY_MS);
}

/* One day has passed; each clock in turn is wrong by so many days, when it begins, afterwards, or both times. */
static void h22_a_clock_that_is_wrong_makes_nothing_older_than_it_is(void **state)
{
	static const int64_t wrong_days[] = {-4000, -40, -1, 0, 1, 40, 4000};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(wrong_days); i++) {
		for (size_t n = 0; n < GB_ARRAY_SIZE(wrong_days); n++) {
			int64_t then_ms = wrong_days[i] * DAY_MS;
			int64_t later_ms = wrong_days[n] * DAY_MS;
			struct gb_directory_facts ours_then = ahead(-then_ms);
			struct gb_directory_facts ours_later = ahead(-later_ms);
			struct gb_directory_facts theirs_then = ahead(then_ms);
			struct gb_directory_facts theirs_later = ahead(later_ms);
			int64_t since = gb_age_begin_ms(&ours_then, NOW_MS + then_ms);

			assert_true(gb_age_ms(&ours_later, NOW_MS + DAY_MS + later_ms, since) <=
				    DAY_MS);
			since = gb_age_begin_ms(&theirs_then, NOW_MS);
			assert_true(gb_age_ms(&theirs_later, NOW_MS + DAY_MS, since) <= DAY_MS);
		}
	}
}

static void what_lies_in_the_future_has_no_age(void **state)
{
	struct gb_directory_facts facts = ahead(0);

	(void)state;
	assert_true(gb_age_ms(&facts, NOW_MS, NOW_MS + DAY_MS) == 0);
	assert_true(gb_age_ms(&NO_CLOCK, NOW_MS, NOW_MS + 1) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(with_two_right_clocks_time_is_time),
		cmocka_unit_test(h22_a_clock_that_is_wrong_makes_nothing_older_than_it_is),
		cmocka_unit_test(what_lies_in_the_future_has_no_age),
	};

	return cmocka_run_group_tests_name("age", tests, NULL, NULL);
}
