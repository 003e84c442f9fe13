/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/base/limit. */
#include "config.h"

#include "engine/base/limit.h"
#include "tests/unit/unit.h"

static void the_larger_of_count_and_share_is_allowed(void **state)
{
	static const struct {
		struct gb_limit limit;
		int64_t whole;
		int64_t allowed;
	} rows[] = {
		{{5, 5}, 0, 5},
		{{5, 5}, 100, 5},
		{{5, 5}, 119, 5},
		{{5, 5}, 120, 6},
		{{5, 5}, 1000, 50},
		{{0, 0}, 1000, 0},
		{{0, 50}, 3, 1},
		{{7, 0}, 1000, 7},
		{{0, 100}, INT64_MAX, INT64_MAX / 100 * 100},
		{{GB_LIMIT_NONE, 0}, 1, INT64_MAX},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		int64_t allowed = gb_limit_allows(&rows[i].limit, rows[i].whole);

		assert_true(allowed == rows[i].allowed);
		assert_false(gb_limit_is_exceeded(&rows[i].limit, allowed, rows[i].whole));
		if (allowed < INT64_MAX) {
			assert_true(
				gb_limit_is_exceeded(&rows[i].limit, allowed + 1, rows[i].whole));
		}
	}
}

static void what_is_written_is_read(void **state)
{
	static const char *const texts[] = {
		"0", "5", "5%", "100%", "5 5%", "1 100%", "1000000000", "1000000000 1%", "none"};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(texts); i++) {
		struct gb_limit limit;
		char *text;

		assert_true(gb_limit_parse(texts[i], &limit));
		text = gb_limit_format(NULL, &limit);
		assert_string_equal(text, texts[i]);
		talloc_free(text);
	}
}

static void two_spellings_of_one_limit_have_one_text(void **state)
{
	static const char *const pairs[][2] = {{"0%", "0"}, {"5 0%", "5"}, {"0 5%", "5%"}};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(pairs); i++) {
		struct gb_limit limit;
		char *text;

		assert_true(gb_limit_parse(pairs[i][0], &limit));
		text = gb_limit_format(NULL, &limit);
		assert_string_equal(text, pairs[i][1]);
		talloc_free(text);
	}
}

static void everything_else_is_refused(void **state)
{
	static const char *const texts[] = {
		"",      " ",     "-1",   "+1",   "01",    "00",   "5 ",     " 5",
		"5  5%", "5\t5%", "5% 5", "5%5",  "5 5",   "101%", "5 101%", "1000000001",
		"5.5",   "5 %",   "%",    "None", "none ", "5%%",  "0x5",    "99999999999999999999",
		"5 05%",
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(texts); i++) {
		struct gb_limit limit = {3, 4};

		if (gb_limit_parse(texts[i], &limit)) {
			fail_msg("\"%s\" was taken", texts[i]);
		}
		assert_int_equal(limit.count, 3);
		assert_int_equal(limit.percent, 4);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_larger_of_count_and_share_is_allowed),
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(two_spellings_of_one_limit_have_one_text),
		cmocka_unit_test(everything_else_is_refused),
	};

	return cmocka_run_group_tests_name("base/limit", tests, NULL, NULL);
}
