/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/sync/turn: whose memberships are read again. */
#include "config.h"

#include "engine/sync/turn.h"
#include "tests/unit/unit.h"

#define MINUTE_MS   (INT64_C(60) * 1000)
#define HOUR_MS     (60 * MINUTE_MS)
#define DAY_MS      (24 * HOUR_MS)
#define MIDNIGHT_MS (INT64_C(20000) * DAY_MS)

static struct gb_guid id_at(uint32_t place)
{
	struct gb_guid id = {{0}};

	for (int i = 0; i < 4; i++) {
		id.bytes[i] = (uint8_t)(place >> (24 - 8 * i));
	}
	id.bytes[15] = 1;
	return id;
}

static bool holds(int64_t from_ms, int64_t to_ms, uint32_t place)
{
	struct gb_turn turn = gb_turn_between(MIDNIGHT_MS + from_ms, MIDNIGHT_MS + to_ms);
	struct gb_guid id = id_at(place);

	return gb_turn_holds(&turn, &id);
}

static void every_group_has_its_time_of_day(void **state)
{
	(void)state;
	assert_true(holds(0, 6 * HOUR_MS, 0));
	assert_true(holds(0, 6 * HOUR_MS, 0x3fffffff));
	assert_false(holds(0, 6 * HOUR_MS, 0x40000000));
	assert_true(holds(6 * HOUR_MS, 12 * HOUR_MS, 0x40000000));
	assert_false(holds(0, 6 * HOUR_MS, 0xffffffff));
}

static void a_turn_goes_round_midnight(void **state)
{
	(void)state;
	assert_true(holds(-HOUR_MS, HOUR_MS, 0xffffffff));
	assert_true(holds(-HOUR_MS, HOUR_MS, 0));
	assert_true(holds(-HOUR_MS, HOUR_MS, 0x0a000000));
	assert_false(holds(-HOUR_MS, HOUR_MS, 0x0b000000));
	assert_false(holds(-HOUR_MS, HOUR_MS, 0x80000000));
}

static void shortly_after_a_turn_it_is_nobodys(void **state)
{
	struct gb_turn turn;

	(void)state;
	turn = gb_turn_between(MIDNIGHT_MS, MIDNIGHT_MS + GB_TURN_MIN_MS - 1);
	assert_int_equal(turn.count, 0);
	turn = gb_turn_between(MIDNIGHT_MS, MIDNIGHT_MS + GB_TURN_MIN_MS);
	assert_true(turn.count > 0);
}

/* A machine that was off, a clock that was set back by days, a state that does not know. */
static void when_in_doubt_it_is_everybodys_turn(void **state)
{
	static const int64_t lasts[] = {0,
					-1,
					MIDNIGHT_MS - DAY_MS,
					MIDNIGHT_MS - 30 * DAY_MS,
					MIDNIGHT_MS + 1,
					MIDNIGHT_MS + 3 * DAY_MS};
	static const uint32_t places[] = {0, 1, 0x7fffffff, 0x80000000, 0xffffffff};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(lasts); i++) {
		struct gb_turn turn = gb_turn_between(lasts[i], MIDNIGHT_MS);

		for (size_t n = 0; n < GB_ARRAY_SIZE(places); n++) {
			struct gb_guid id = id_at(places[n]);

			assert_true(gb_turn_holds(&turn, &id));
		}
	}
}

static bool is_between(const struct gb_turn_range *range, const struct gb_guid *id)
{
	return gb_guid_compare(&range->first, id) <= 0 && gb_guid_compare(id, &range->last) <= 0;
}

/* What the state is asked for by range is what the imports ask one by one. */
static void ranges_hold_whom_the_turn_holds(void **state)
{
	struct unit_chance chance = {.state = 20261127};

	(void)state;
	for (int i = 0; i < 20000; i++) {
		int64_t last_ms = MIDNIGHT_MS + (int64_t)unit_below(&chance, (size_t)DAY_MS);
		int64_t now_ms = last_ms + (int64_t)unit_below(&chance, (size_t)DAY_MS + 10000);
		struct gb_turn turn = gb_turn_between(last_ms, now_ms);
		struct gb_turn_range ranges[2];
		size_t count = gb_turn_ranges(&turn, ranges);
		struct gb_guid id =
			id_at(i % 3 == 0 ? turn.first + (uint32_t)turn.count - (uint32_t)(i % 2)
					 : unit_next(&chance));
		bool is_in = false;

		for (size_t n = 0; n < count; n++) {
			is_in = is_in || is_between(&ranges[n], &id);
		}
		assert_int_equal(gb_turn_holds(&turn, &id), is_in);
	}
}

/* One turn after the other leaves nobody out and takes nobody twice, whatever the interval. */
static void turns_that_follow_each_other_make_a_round(void **state)
{
	struct unit_chance chance = {.state = 4};
	uint64_t places = 0;
	int64_t last_ms = MIDNIGHT_MS + 5 * HOUR_MS;
	int64_t end_ms = last_ms + DAY_MS;

	(void)state;
	while (last_ms < end_ms) {
		int64_t now_ms =
			last_ms + GB_TURN_MIN_MS + (int64_t)unit_below(&chance, 90 * MINUTE_MS);
		struct gb_turn turn;

		/* What is left must be long enough for a turn of its own. */
		now_ms = end_ms - now_ms < GB_TURN_MIN_MS ? end_ms : now_ms;
		turn = gb_turn_between(last_ms, now_ms);
		places += turn.count;
		last_ms = now_ms;
	}
	assert_int_equal(last_ms, end_ms);
	assert_true(places == UINT64_C(1) << 32);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_group_has_its_time_of_day),
		cmocka_unit_test(a_turn_goes_round_midnight),
		cmocka_unit_test(shortly_after_a_turn_it_is_nobodys),
		cmocka_unit_test(when_in_doubt_it_is_everybodys_turn),
		cmocka_unit_test(ranges_hold_whom_the_turn_holds),
		cmocka_unit_test(turns_that_follow_each_other_make_a_round),
	};

	return cmocka_run_group_tests_name("turn", tests, NULL, NULL);
}
