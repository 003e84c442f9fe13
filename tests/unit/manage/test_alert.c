/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/manage/alert: what is told, and how often. */
#include "config.h"

#include "engine/base/compiler.h"
#include "engine/manage/alert.h"
#include "tests/unit/unit.h"

#define HOUR_MS (INT64_C(3600) * 1000)
#define NOW_MS  (INT64_C(1790000000) * 1000)

/* One letter a run, an hour apart: T trouble, R recovered, - nothing. */
static const char *told(const int *codes, size_t count)
{
	static char letters[64];
	struct gb_alert_memory memory = {.code = 0};

	for (size_t i = 0; i < count; i++) {
		letters[i] = "-TR"[gb_alert_judge(&memory, codes[i], NOW_MS + (int64_t)i * HOUR_MS)];
	}
	letters[count] = '\0';
	return letters;
}

#define TOLD(...) told((const int[]){__VA_ARGS__}, GB_ARRAY_SIZE(((const int[]){__VA_ARGS__})))

static void trouble_is_told_once_and_its_end_too(void **state)
{
	(void)state;
	assert_string_equal(TOLD(0, 4, 4, 4, 0, 0), "-T--R-");
	assert_string_equal(TOLD(3, 3, 0, 3), "T-RT");
	assert_string_equal(TOLD(77, 78, 78, 3), "TT-T");
}

static void trouble_that_lasts_is_told_again_every_day(void **state)
{
	int codes[50];

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(codes); i++) {
		codes[i] = 4;
	}
	assert_string_equal(told(codes, GB_ARRAY_SIZE(codes)),
			    "T-----------------------T-----------------------T-");
}

static void what_passes_by_itself_is_told_the_third_time(void **state)
{
	(void)state;
	assert_string_equal(TOLD(69, 75, 0, 69, 69, 69, 69, 0), "-----T-R");
	assert_string_equal(TOLD(69, 75, 75, 0), "--TR");
}

static void who_stops_a_run_is_not_told_of_it(void **state)
{
	(void)state;
	assert_string_equal(TOLD(143, 130, 4, 143, 4, 0), "--T--R");
}

static void the_text_is_left_for_the_unit_that_waits_for_it(void **state)
{
	char *folder = unit_folder(NULL);
	char *path = gb_printf(folder, "%s/alert", folder);
	struct gb_err err;

	(void)state;
	assert_int_equal(gb_alert_note(folder, 0, "run 1", "", &err), GB_OK);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(gb_alert_note(folder, 4, "run 2", "Too much.", &err), GB_OK);
	assert_non_null(strstr(unit_read(folder, path), "\nrun 2\nToo much.\n"));
	unlink(path);
	assert_int_equal(gb_alert_note(folder, 4, "run 3", "Too much.", &err), GB_OK);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(gb_alert_note(folder, 0, "run 4", "", &err), GB_OK);
	assert_non_null(strstr(unit_read(folder, path), "well again"));
	talloc_free(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trouble_is_told_once_and_its_end_too),
		cmocka_unit_test(trouble_that_lasts_is_told_again_every_day),
		cmocka_unit_test(what_passes_by_itself_is_told_the_third_time),
		cmocka_unit_test(who_stops_a_run_is_not_told_of_it),
		cmocka_unit_test(the_text_is_left_for_the_unit_that_waits_for_it),
	};

	return cmocka_run_group_tests_name("alert", tests, NULL, NULL);
}
