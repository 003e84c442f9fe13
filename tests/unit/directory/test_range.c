/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/directory/range. */
#include "config.h"

#include "engine/directory/range.h"
#include "tests/unit/unit.h"

static void range_options_are_parsed(void **state)
{
	struct gb_range_part part;

	(void)state;
	assert_true(gb_range_parse("member;range=0-1499", &part));
	assert_int_equal(part.name_length, 6);
	assert_int_equal(part.first, 0);
	assert_int_equal(part.last, 1499);
	assert_false(part.is_last);
	assert_true(gb_range_parse("member;Range=1500-*", &part));
	assert_int_equal(part.first, 1500);
	assert_true(part.is_last);
}

static void everything_else_is_no_range(void **state)
{
	static const char *const bad[] = {
		"member",
		"member;binary",
		"member;range=",
		"member;range=-",
		"member;range=0-",
		"member;range=-5",
		"member;range=5-4",
		"member;range=0-1x",
		"member;range=0-*x",
		"member;range=x-1",
		"member;range=0-99999999999999999999",
	};
	struct gb_range_part part;

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(bad); i++) {
		assert_false(gb_range_parse(bad[i], &part));
	}
}

struct step {
	const char *description; /* NULL: without a range */
	size_t count;
};

static enum gb_rc take(const struct step *steps, size_t count, struct gb_range *range)
{
	enum gb_rc rc = GB_OK;

	*range = (struct gb_range){0};
	for (size_t i = 0; i < count && rc == GB_OK; i++) {
		struct gb_range_part part;
		struct gb_err err;

		if (steps[i].description) {
			assert_true(gb_range_parse(steps[i].description, &part));
		}
		rc = gb_range_take(range, steps[i].description ? &part : NULL, steps[i].count,
				   &err);
	}
	return rc;
}

static void ranges_that_follow_each_other_are_complete_at_the_star(void **state)
{
	static const struct step steps[] = {
		{"member;range=0-1499", 1500},
		{"member;range=1500-2999", 1500},
		{"member;range=3000-*", 7},
	};
	struct gb_range range;
	char *next;

	(void)state;
	assert_int_equal(take(steps, 2, &range), GB_OK);
	assert_false(range.is_complete);
	next = gb_range_request(NULL, &range, "member");
	assert_string_equal(next, "member;range=3000-12999");
	talloc_free(next);
	assert_int_equal(take(steps, 3, &range), GB_OK);
	assert_true(range.is_complete);
	assert_int_equal(range.next, 3007);
}

static void an_attribute_without_range_is_everything(void **state)
{
	static const struct step steps[] = {{NULL, 20000}};
	struct gb_range range;

	(void)state;
	assert_int_equal(take(steps, 1, &range), GB_OK);
	assert_true(range.is_complete);
}

static void an_empty_last_range_is_the_end(void **state)
{
	static const struct step steps[] = {{"member;range=0-4", 5}, {"member;range=5-*", 0}};
	struct gb_range range;

	(void)state;
	assert_int_equal(take(steps, 2, &range), GB_OK);
	assert_true(range.is_complete);
	assert_int_equal(range.next, 5);
}

static void gaps_overlaps_and_wrong_counts_are_refused(void **state)
{
	static const struct step bad[][2] = {
		{{"member;range=0-4", 5}, {"member;range=6-*", 1}}, /* a gap */
		{{"member;range=0-4", 5}, {"member;range=4-*", 1}}, /* an overlap */
		{{"member;range=0-4", 5}, {"member;range=0-4", 5}}, /* no progress */
		{{"member;range=0-4", 5}, {NULL, 3}},               /* everything, after a part */
		{{"member;range=0-4", 5}, {"member;range=5-9", 4}}, /* a value short */
		{{"member;range=0-4", 5}, {"member;range=5-9", 6}}, /* one too many */
		{{"member;range=0-*", 5}, {"member;range=5-*", 1}}, /* something after the end */
	};
	struct gb_range range;

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(bad); i++) {
		assert_int_equal(take(bad[i], 2, &range), GB_E_PROTOCOL);
	}
	assert_int_equal(take((const struct step[]){{"member;range=0-4", 0}}, 1, &range),
			 GB_E_PROTOCOL);
	assert_int_equal(take((const struct step[]){{NULL, GB_RANGE_MAX_VALUES + 1u}}, 1, &range),
			 GB_E_PROTOCOL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(range_options_are_parsed),
		cmocka_unit_test(everything_else_is_no_range),
		cmocka_unit_test(ranges_that_follow_each_other_are_complete_at_the_star),
		cmocka_unit_test(an_attribute_without_range_is_everything),
		cmocka_unit_test(an_empty_last_range_is_the_end),
		cmocka_unit_test(gaps_overlaps_and_wrong_counts_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
