/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/sync/schedule: when the next cycle is due. */
#include "config.h"

#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/sync/schedule.h"
#include "engine/sync/turn.h"
#include "tests/unit/unit.h"

#define MINUTE_MS (INT64_C(60) * 1000)
#define HOUR_MS   (60 * MINUTE_MS)
#define NOW_MS    (INT64_C(1790000000) * 1000)

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

static struct gb_config *config_in(void *ctx)
{
	struct gb_config *config = gb_config_new(ctx);

	config->paths.state_directory = unit_folder(ctx);
	config->schedule.interval_s = 60;
	return config;
}

/* Groups of the tenant, with the ids that Entra would give them. */
#define GROUPS 4800

/* A week of the scheduler, with a clock of its own. */
struct week {
	struct gb_config *config;
	struct unit_chance chance;
	int64_t now_ms;
	int64_t last_full_ms;
	int64_t last_list_ms;
	int64_t last_turn_ms;
	int64_t link_ms; /* when the delta link was issued */
	unsigned cycles, fulls, lists, turns, links, tokens;
	int64_t oldest_link_ms; /* the oldest one that was used */
	struct gb_guid groups[GROUPS];
	int64_t read_ms[GROUPS]; /* when its members were read last */
	int64_t oldest_read_ms;  /* the longest time between two of these */
	unsigned most_read;      /* in one delta cycle */
};

static void read_members(struct week *week, size_t group, int64_t begun_ms)
{
	int64_t age_ms = week->read_ms[group] > 0 ? begun_ms - week->read_ms[group] : 0;

	week->read_ms[group] = begun_ms;
	week->oldest_read_ms = age_ms > week->oldest_read_ms ? age_ms : week->oldest_read_ms;
}

/* As sync/reconcile chooses. */
static void play_delta(struct week *week, int64_t begun_ms)
{
	struct gb_turn turn = gb_turn_between(week->last_turn_ms, begun_ms);
	unsigned count = 0;

	if (gb_schedule_list_is_due(week->last_list_ms, begun_ms)) {
		week->lists++;
		week->last_list_ms = begun_ms;
	}
	for (size_t i = 0; i < GROUPS; i++) {
		if (gb_turn_holds(&turn, &week->groups[i])) {
			read_members(week, i, begun_ms);
			count++;
		}
	}
	if (turn.count > 0) {
		week->turns++;
		week->last_turn_ms = begun_ms;
	}
	week->most_read = count > week->most_read ? count : week->most_read;
	if (begun_ms - week->link_ms > week->oldest_link_ms) {
		week->oldest_link_ms = begun_ms - week->link_ms;
	}
}

static void play_full(struct week *week, int64_t begun_ms)
{
	week->fulls++;
	week->last_full_ms = begun_ms;
	week->last_list_ms = begun_ms;
	week->last_turn_ms = begun_ms;
	for (size_t i = 0; i < GROUPS; i++) {
		read_members(week, i, begun_ms);
	}
}

/* As a cycle does it: a token of its own, the link used and replaced, a note at the end. */
static void play_cycle(struct week *week)
{
	int64_t begun_ms = week->now_ms;
	struct gb_err err;

	week->tokens++;
	week->cycles++;
	if (gb_schedule_full_is_due(week->last_full_ms, begun_ms)) {
		play_full(week, begun_ms);
	} else {
		play_delta(week, begun_ms);
	}
	week->link_ms = begun_ms;
	week->links++;
	week->now_ms += 5000 + (int64_t)unit_below(&week->chance, 60000);
	gb_clock_set_test(week->now_ms, week->now_ms);
	assert_int_equal(gb_schedule_note(week->config, begun_ms, 0, &err), GB_OK);
}

/* As the resident scheduler looks, every twenty seconds. */
static void play_until(struct week *week, int64_t end_ms)
{
	while (week->now_ms < end_ms) {
		struct gb_schedule schedule;
		struct gb_err err;

		gb_clock_set_test(week->now_ms, week->now_ms);
		assert_int_equal(gb_schedule_read(week->config, &schedule, &err), GB_OK);
		if (gb_schedule_next_ms(&schedule, gb_clock_wall_ms()) <= gb_clock_wall_ms()) {
			play_cycle(week);
		}
		week->now_ms += 20000;
	}
}

static void tell(const struct week *week, const char *what)
{
	char now[GB_CLOCK_TEXT_BYTES];

	printf("# %s %s: %u cycles, %u of them full, %u delta links issued, oldest used %lld min, "
	       "%u access tokens; %u lists of groups; members read again in %u cycles, of %u "
	       "groups at most, each after %lld min at most\n",
	       gb_clock_format(week->now_ms, now), what, week->cycles, week->fulls, week->links,
	       (long long)(week->oldest_link_ms / MINUTE_MS), week->tokens, week->lists,
	       week->turns, week->most_read, (long long)(week->oldest_read_ms / MINUTE_MS));
}

static struct week *week_of(void *ctx, int64_t interval_s)
{
	struct week *week = gb_new(ctx, struct week);

	week->config = config_in(ctx);
	week->config->schedule.interval_s = interval_s;
	week->chance.state = 20261127;
	week->now_ms = NOW_MS;
	for (size_t i = 0; i < GROUPS; i++) {
		for (size_t n = 0; n < sizeof(week->groups[i].bytes); n++) {
			week->groups[i].bytes[n] = (uint8_t)unit_next(&week->chance);
		}
	}
	return week;
}

static void a_week_has_336_cycles_and_everything_is_read_once_in_six_days(void **state)
{
	void *ctx = gb_new_tmp(NULL);
	struct week *week = week_of(ctx, 1800);

	(void)state;
	for (int day = 1; day <= 7; day++) {
		play_until(week, NOW_MS + day * 24 * HOUR_MS);
		tell(week, "end of a day");
	}
	gb_clock_set_test(-1, -1);
	/* Each look is up to 20 seconds late, so a week may lose a cycle or two to its rhythm. */
	assert_in_range(week->cycles, 333, 336);
	assert_int_equal(week->fulls, 2);
	assert_int_equal(week->lists, 5);
	/* Each cycle has its share of the groups, a forty-eighth, give or take chance. */
	assert_int_equal(week->turns, week->cycles - week->fulls);
	assert_in_range(week->most_read, 100, 150);
	assert_in_range(week->oldest_read_ms, 23 * HOUR_MS, 24 * HOUR_MS + 31 * MINUTE_MS);
	assert_int_equal(week->tokens, week->cycles);
	assert_int_equal(week->links, week->cycles);
	assert_in_range(week->oldest_link_ms, 30 * MINUTE_MS, 31 * MINUTE_MS);
	talloc_free(ctx);
}

static void a_week_at_a_minute_costs_only_deltas(void **state)
{
	void *ctx = gb_new_tmp(NULL);
	struct week *week = week_of(ctx, 60);

	(void)state;
	play_until(week, NOW_MS + 7 * 24 * HOUR_MS);
	tell(week, "end of the week");
	gb_clock_set_test(-1, -1);
	assert_true(week->cycles > 7000);
	assert_int_equal(week->fulls, 2);
	assert_in_range(week->turns, 6 * 68, 7 * 72);
	assert_in_range(week->most_read, 60, 110);
	assert_in_range(week->oldest_read_ms, 23 * HOUR_MS, 24 * HOUR_MS + 31 * MINUTE_MS);
	talloc_free(ctx);
}

/* The machine was off for three days: one cycle makes up for all, and it reads all members again. */
static void a_machine_that_was_off_makes_up_with_one_cycle(void **state)
{
	void *ctx = gb_new_tmp(NULL);
	struct week *week = week_of(ctx, 1800);
	unsigned cycles;

	(void)state;
	play_until(week, NOW_MS + 48 * HOUR_MS);
	cycles = week->cycles;
	tell(week, "switched off");
	week->now_ms += 72 * HOUR_MS;
	play_until(week, week->now_ms + 10 * MINUTE_MS);
	tell(week, "on again");
	gb_clock_set_test(-1, -1);
	assert_int_equal(week->cycles, cycles + 1);
	assert_int_equal(week->fulls, 1);
	assert_int_equal(week->most_read, GROUPS);
	talloc_free(ctx);
}

/* A link of Graph ends after seven days. */
static void no_delta_link_of_six_days_is_used(void **state)
{
	static const int64_t days[] = {4, 5, 6, 7, 40};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(days); i++) {
		void *ctx = gb_new_tmp(NULL);
		struct week *week = week_of(ctx, 1800);

		play_until(week, NOW_MS + 24 * HOUR_MS);
		week->now_ms += days[i] * 24 * HOUR_MS;
		play_until(week, week->now_ms + 10 * MINUTE_MS);
		assert_int_equal(week->fulls, days[i] < 5 ? 1 : 2);
		assert_true(week->oldest_link_ms < 6 * 24 * HOUR_MS);
		talloc_free(ctx);
	}
	gb_clock_set_test(-1, -1);
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
		cmocka_unit_test(a_week_has_336_cycles_and_everything_is_read_once_in_six_days),
		cmocka_unit_test(a_week_at_a_minute_costs_only_deltas),
		cmocka_unit_test(a_machine_that_was_off_makes_up_with_one_cycle),
		cmocka_unit_test(no_delta_link_of_six_days_is_used),
		cmocka_unit_test(what_was_noted_is_read_again),
		cmocka_unit_test(a_spoilt_note_is_refused_and_replaced),
	};

	return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
