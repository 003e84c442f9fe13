/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/apply/window. */
#include "config.h"

#include "engine/apply/window.h"
#include "tests/unit/unit.h"

static void answer(struct gb_window *window, unsigned times, int64_t elapsed_ms)
{
	for (unsigned i = 0; i < times; i++) {
		gb_window_answered(window, elapsed_ms, 0);
	}
}

static void it_begins_full_and_never_grows_beyond_its_maximum(void **state)
{
	struct gb_window window;

	(void)state;
	gb_window_init(&window, 16);
	assert_int_equal(window.size, 16);
	answer(&window, 1000, 5);
	assert_int_equal(window.size, 16);
	assert_int_equal(window.lowest, 16);
}

static void busy_halves_it_once_for_all_requests_that_were_under_way(void **state)
{
	struct gb_window window;

	(void)state;
	gb_window_init(&window, 16);
	for (int i = 0; i < 16; i++) {
		gb_window_busy(&window);
	}
	assert_int_equal(window.size, 8);
	answer(&window, 16, 5);
	gb_window_busy(&window);
	assert_int_equal(window.size, 4);
	assert_int_equal(window.lowest, 4);
}

static void it_never_falls_below_one(void **state)
{
	struct gb_window window;

	(void)state;
	gb_window_init(&window, 3);
	for (int i = 0; i < 50; i++) {
		gb_window_busy(&window);
		assert_in_range(window.size, 1, 3);
		gb_window_answered(&window, 5, 0);
	}
	gb_window_busy(&window);
	assert_int_equal(window.size, 1);
	gb_window_init(&window, 0);
	assert_int_equal(window.size, 1);
}

static void it_grows_by_one_after_each_window_of_successes(void **state)
{
	struct gb_window window;

	(void)state;
	gb_window_init(&window, 16);
	gb_window_busy(&window);
	assert_int_equal(window.size, 8);
	answer(&window, 16, 5); /* those that were under way */
	answer(&window, 7, 5);
	assert_int_equal(window.size, 8);
	answer(&window, 1, 5);
	assert_int_equal(window.size, 9);
	answer(&window, 8, 5);
	assert_int_equal(window.size, 9);
	answer(&window, 1, 5);
	assert_int_equal(window.size, 10);
}

static void answers_five_times_slower_than_usual_halve_it(void **state)
{
	struct gb_window window;

	(void)state;
	gb_window_init(&window, 16);
	answer(&window, 100, 60);
	answer(&window, 40, 200); /* slower, not five times */
	assert_int_equal(window.size, 16);
	answer(&window, 30, 2000);
	assert_true(window.size < 16);
}

static void short_times_are_noise(void **state)
{
	struct gb_window window;

	(void)state;
	gb_window_init(&window, 16);
	answer(&window, 100, 1);
	answer(&window, 100, 100);
	assert_int_equal(window.size, 16);
}

static void a_chunk_of_members_may_take_its_time(void **state)
{
	struct gb_window window;

	(void)state;
	gb_window_init(&window, 16);
	answer(&window, 100, 32);
	for (int i = 0; i < 100; i++) {
		gb_window_answered(&window, 1600, 1000);
	}
	assert_int_equal(window.size, 16);
}

static void it_stays_between_one_and_its_maximum_whatever_happens(void **state)
{
	struct unit_chance chance = {.state = 7};
	struct gb_window window;

	(void)state;
	gb_window_init(&window, 16);
	for (int i = 0; i < 100000; i++) {
		if (unit_below(&chance, 20) == 0) {
			gb_window_busy(&window);
		} else {
			gb_window_answered(&window, (int64_t)unit_below(&chance, 60000),
					   unit_below(&chance, 1001));
		}
		assert_in_range(window.size, 1, 16);
		assert_true(window.lowest <= window.size);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_begins_full_and_never_grows_beyond_its_maximum),
		cmocka_unit_test(busy_halves_it_once_for_all_requests_that_were_under_way),
		cmocka_unit_test(it_never_falls_below_one),
		cmocka_unit_test(it_grows_by_one_after_each_window_of_successes),
		cmocka_unit_test(answers_five_times_slower_than_usual_halve_it),
		cmocka_unit_test(short_times_are_noise),
		cmocka_unit_test(a_chunk_of_members_may_take_its_time),
		cmocka_unit_test(it_stays_between_one_and_its_maximum_whatever_happens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
