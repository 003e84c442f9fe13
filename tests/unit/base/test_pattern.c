/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/base/pattern. */
#include "config.h"

#include "engine/base/pattern.h"
#include "tests/unit/unit.h"

static struct gb_pattern *compiled(const char *text)
{
	struct gb_pattern *pattern;
	struct gb_err err;

	if (gb_pattern_new(NULL, text, &pattern, NULL, &err) != GB_OK) {
		fail_msg("%s", err.what);
	}
	return pattern;
}

static void a_pattern_says_yes_no_or_that_it_gave_up(void **state)
{
	static const struct {
		const char *pattern;
		const char *subject;
		enum gb_pattern_answer answer;
	} rows[] = {
		{"^a.c$", "abc", GB_PATTERN_YES},
		{"^a.c$", "aöc", GB_PATTERN_YES},
		{"^A", "abc", GB_PATTERN_NO},
		{"(?i)^Ö", "öl", GB_PATTERN_YES},
		{"", "", GB_PATTERN_YES},
		{"a", "\xff", GB_PATTERN_NO},
		{"^(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
		 GB_PATTERN_GAVE_UP},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct gb_pattern *pattern = compiled(rows[i].pattern);

		assert_int_equal(gb_pattern_match(pattern, rows[i].subject), rows[i].answer);
		talloc_free(pattern);
	}
}

static void a_wrong_pattern_is_refused_with_its_place(void **state)
{
	char *long_pattern = gb_new_array(NULL, char, GB_PATTERN_MAX_BYTES + 2);
	struct gb_pattern *pattern;
	struct gb_err err;
	size_t offset = 0;

	(void)state;
	assert_int_equal(gb_pattern_new(NULL, "ab(", &pattern, &offset, &err), GB_E_CONFIG);
	assert_int_equal(offset, 3);
	assert_non_null(strstr(err.what, "\"ab(\""));
	assert_int_equal(gb_pattern_new(NULL, "\\C", &pattern, &offset, &err), GB_E_CONFIG);
	memset(long_pattern, 'a', GB_PATTERN_MAX_BYTES + 1);
	assert_int_equal(gb_pattern_new(NULL, long_pattern, &pattern, NULL, &err), GB_E_CONFIG);
	talloc_free(long_pattern);
}

static void check_replace(const char *pattern, const char *group, const char *text,
			  const char *subject, enum gb_pattern_answer answer, const char *result)
{
	struct gb_pattern *compiled_pattern = compiled(pattern);
	struct gb_pattern_replacement replacement = {.group = group, .text = text};
	char *out;

	assert_int_equal(gb_pattern_replace(NULL, compiled_pattern, subject, &replacement, &out),
			 answer);
	if (result) {
		assert_string_equal(out, result);
	} else {
		assert_null(out);
	}
	talloc_free(out);
	talloc_free(compiled_pattern);
}

static void matches_are_replaced(void **state)
{
	(void)state;
	check_replace("[0-9]+", NULL, "#", "a1b22", GB_PATTERN_YES, "a#b#");
	check_replace("x", NULL, "#", "ab", GB_PATTERN_NO, "ab");
	check_replace("(?<n>[0-9])", NULL, "<${n}>", "a1b", GB_PATTERN_YES, "a<1>b");
	check_replace("[0-9]", NULL, "${none}", "a1b", GB_PATTERN_GAVE_UP, NULL);
	check_replace("-(?<n>[0-9]*)-", "n", "#", "-1- -- -22-", GB_PATTERN_YES, "-#- -#- -#-");
	check_replace("(?<n>ö*)", "n", ".", "öaö", GB_PATTERN_YES, "..a..");
	check_replace("a", "n", "#", "a", GB_PATTERN_GAVE_UP, NULL);
	check_replace("^(a+)+$", NULL, "#", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
		      GB_PATTERN_GAVE_UP, NULL);
	check_replace("(?<n>^(a+)+$)", "n", "#", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
		      GB_PATTERN_GAVE_UP, NULL);
}

static void a_group_is_extracted(void **state)
{
	struct gb_pattern *pattern = compiled("@(?<domain>.+)|(?<none>x)");
	char *out;

	(void)state;
	assert_true(gb_pattern_has_group(pattern, "domain"));
	assert_false(gb_pattern_has_group(pattern, "other"));
	assert_int_equal(gb_pattern_extract(NULL, pattern, "a@b.c", "domain", &out),
			 GB_PATTERN_YES);
	assert_string_equal(out, "b.c");
	talloc_free(out);
	assert_int_equal(gb_pattern_extract(NULL, pattern, "a@b.c", "none", &out), GB_PATTERN_YES);
	assert_null(out);
	assert_int_equal(gb_pattern_extract(NULL, pattern, "abc", "domain", &out), GB_PATTERN_NO);
	assert_null(out);
	talloc_free(pattern);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pattern_says_yes_no_or_that_it_gave_up),
		cmocka_unit_test(a_wrong_pattern_is_refused_with_its_place),
		cmocka_unit_test(matches_are_replaced),
		cmocka_unit_test(a_group_is_extracted),
	};

	return cmocka_run_group_tests_name("base/pattern", tests, NULL, NULL);
}
