/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/sync/schedule: when the next cycle is due. */
#include "config.h"

#include "engine/base/file.h"
#include "engine/sync/schedule.h"
#include "tests/unit/unit.h"

#define MINUTE_MS (INT64_C(60) * 1000)
#define HOUR_MS (60 * MINUTE_MS)
#define NOW_MS (INT64_C(1790000000) * 1000)

static int64_t next(int64_t interval_ms, int64_t age_ms, unsigned refusals)
{
	struct gb_schedule schedule = {
		.interval_ms = interval_ms,
		.begun_ms = NOW_MS - age_ms,
		.exit_code = refusals > 0 ? 77 : 0,
		.refusals = refusals,
	};

	return gb_schedule_next_ms(&schedule, NOW_MS) - NOW_MS;
}

static void a_first_run_is_due_at_once(void **state)
{
	struct gb_schedule schedule = {.interval_ms = 30 * MINUTE_MS};

	(void)state;
	assert_int_equal(gb_schedule_next_ms(&schedule, NOW_MS), NOW_MS);
}

static void runs_keep_their_rhythm(void **state)
{
	(void)state;
	assert_int_equal(next(30 * MINUTE_MS, 0, 0), 30 * MINUTE_MS);
	assert_int_equal(next(30 * MINUTE_MS, 29 * MINUTE_MS, 0), MINUTE_MS);
	assert_int_equal(next(30 * MINUTE_MS, 30 * MINUTE_MS, 0), 0);
	assert_int_equal(next(30 * MINUTE_MS, 90 * MINUTE_MS, 0), 0);
}

static void refused_credentials_are_tried_less_and_less_often(void **state)
{
	(void)state;
	assert_int_equal(next(MINUTE_MS, 0, 1), 2 * MINUTE_MS);
	assert_int_equal(next(MINUTE_MS, 0, 5), 32 * MINUTE_MS);
	assert_int_equal(next(MINUTE_MS, 0, 12), 6 * HOUR_MS);
	assert_int_equal(next(MINUTE_MS, 0, 4000000000u), 6 * HOUR_MS);
	assert_int_equal(next(12 * HOUR_MS, 0, 3), 12 * HOUR_MS);
}

static void a_clock_that_was_set_back_delays_nothing(void **state)
{
	(void)state;
	assert_int_equal(next(30 * MINUTE_MS, -HOUR_MS, 0), 0);
}

/* A week at half an hour, each cycle a minute long, looked at every twenty seconds. */
static void a_week_has_336_cycles(void **state)
{
	struct gb_schedule schedule = {.interval_ms = 30 * MINUTE_MS};
	int64_t end_ms = NOW_MS + 7 * 24 * HOUR_MS;
	unsigned cycles = 0;

	(void)state;
	for (int64_t now_ms = NOW_MS; now_ms < end_ms; now_ms += 20000) {
		if (gb_schedule_next_ms(&schedule, now_ms) > now_ms) {
			continue;
		}
		schedule.begun_ms = now_ms;
		cycles++;
		now_ms += MINUTE_MS;
	}
	assert_int_equal(cycles, 336);
}

static struct gb_config *config_in(void *ctx)
{
	struct gb_config *config = gb_config_new(ctx);

	config->paths.state_directory = unit_folder(ctx);
	config->schedule.interval_s = 60;
	return config;
}

static void what_was_noted_is_read_again(void **state)
{
	void *ctx = gb_new_tmp(NULL);
	struct gb_config *config = config_in(ctx);
	struct gb_schedule schedule;
	struct gb_err err;

	(void)state;
	assert_int_equal(gb_schedule_read(config, &schedule, &err), GB_OK);
	assert_int_equal(schedule.begun_ms, 0);
	assert_int_equal(gb_schedule_note(config, NOW_MS, 77, &err), GB_OK);
	assert_int_equal(gb_schedule_note(config, NOW_MS + 1, 77, &err), GB_OK);
	assert_int_equal(gb_schedule_read(config, &schedule, &err), GB_OK);
	assert_int_equal(schedule.begun_ms, NOW_MS + 1);
	assert_int_equal(schedule.exit_code, 77);
	assert_int_equal(schedule.refusals, 2);
	assert_int_equal(schedule.interval_ms, MINUTE_MS);
	assert_int_equal(gb_schedule_note(config, NOW_MS + 2, 0, &err), GB_OK);
	assert_int_equal(gb_schedule_read(config, &schedule, &err), GB_OK);
	assert_int_equal(schedule.refusals, 0);
	talloc_free(ctx);
}

static void a_spoilt_note_is_refused_and_replaced(void **state)
{
	void *ctx = gb_new_tmp(NULL);
	struct gb_config *config = config_in(ctx);
	char *path = gb_printf(ctx, "%s/schedule.json", config->paths.state_directory);
	struct gb_schedule schedule;
	struct gb_err err;

	(void)state;
	assert_int_equal(gb_file_write_atomic(path, "{\"begunMs\": \"x\"}", 16, 0600, &err), GB_OK);
	assert_int_equal(gb_schedule_read(config, &schedule, &err), GB_E_PROTOCOL);
	assert_non_null(strstr(err.what, path));
	assert_int_equal(gb_schedule_note(config, NOW_MS, 0, &err), GB_OK);
	assert_int_equal(gb_schedule_read(config, &schedule, &err), GB_OK);
	talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_first_run_is_due_at_once),
		cmocka_unit_test(runs_keep_their_rhythm),
		cmocka_unit_test(refused_credentials_are_tried_less_and_less_often),
		cmocka_unit_test(a_clock_that_was_set_back_delays_nothing),
		cmocka_unit_test(a_week_has_336_cycles),
		cmocka_unit_test(what_was_noted_is_read_again),
		cmocka_unit_test(a_spoilt_note_is_refused_and_replaced),
	};

	return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
