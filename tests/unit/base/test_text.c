/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/base/text. */
#include "config.h"

#include <unictype.h>
#include <unistr.h>

#include "engine/base/text.h"
#include "tests/unit/unit.h"

#define E_ACUTE  "e\xcc\x81"                                    /* e and a combining acute accent */
#define FAMILY   "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7" /* woman, joiner, girl: 5 units */
#define GRIN     "\xf0\x9f\x98\x80"                             /* U+1F600: 2 units */
#define OVERRIDE "\xe2\x80\xae"                                 /* U+202E */

struct pair {
	const char *in;
	const char *out;
};

static void what_could_mislead_is_shown_as_its_number(void **state)
{
	static const struct pair pairs[] = {
		{NULL, ""},
		{"", ""},
		{"Gr\xc3\xbc\xc3\x9f"
		 "e \xe6\x97\xa5\xe6\x9c\xac " GRIN,
		 "Gr\xc3\xbc\xc3\x9f"
		 "e \xe6\x97\xa5\xe6\x9c\xac " GRIN},
		{"a\nb\r\tc", "a\\u{a}b\\u{d}\\u{9}c"},
		{"\x1b[2J\x7f", "\\u{1b}[2J\\u{7f}"},
		{"\xc2\x9b"
		 "1m",
		 "\\u{9b}1m"},
		{"\xe2\x80\xa8\xe2\x80\xa9", "\\u{2028}\\u{2029}"},
		{OVERRIDE "gpj.exe", "\\u{202e}gpj.exe"},
		{"\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f\xe2\x81\xa6\xe2\x81\xa9",
		 "\\u{61c}\\u{200e}\\u{200f}\\u{2066}\\u{2069}"},
		{"\xe2\x80\x8b\xe2\x80\x8c\xe2\x80\x8d\xe2\x81\xa0\xef\xbb\xbf",
		 "\\u{200b}\\u{200c}\\u{200d}\\u{2060}\\u{feff}"},
		{"\xf3\xa0\x80\x81\xf3\xa0\x81\xbf", "\\u{e0001}\\u{e007f}"},
		{"\xee\x80\x80\xf4\x8f\xbf\xbd", "\\u{e000}\\u{10fffd}"},
		{"\xff"
		 "a\xc3",
		 "\\xffa\\xc3"},
		{"\xed\xa0\x80", "\\xed\\xa0\\x80"},          /* a surrogate is not UTF-8 */
		{"\xc0\xaf", "\\xc0\\xaf"},                   /* nor is an overlong form */
		{"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"}, /* nor what lies beyond U+10FFFF */
		{"\xe2\x9d\xa4\xef\xb8\x8f", "\xe2\x9d\xa4\xef\xb8\x8f"}, /* a red heart stays */
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(pairs); i++) {
		char *shown = gb_text_display(NULL, pairs[i].in);

		assert_string_equal(shown, pairs[i].out);
		talloc_free(shown);
	}
}

static char *random_text(void *ctx, struct unit_chance *chance)
{
	static const char *const parts[] = {"a",        " ",    "\\", "\n",     "\x1b",  "\xff",
					    "\xe2",     "\x80", GRIN, OVERRIDE, E_ACUTE, FAMILY,
					    "\xc2\x85", "#",    "\"", ",",      "+",     ";",
					    "<",        "=",    "*",  "("};
	char *text = gb_strdup(ctx, "");
	size_t count = unit_below(chance, 12);

	for (size_t i = 0; i < count; i++) {
		text = talloc_strdup_append(text, parts[unit_below(chance, GB_ARRAY_SIZE(parts))]);
	}
	return text;
}

static void showing_twice_changes_nothing_and_is_always_safe(void **state)
{
	struct unit_chance chance = {11};

	(void)state;
	for (int i = 0; i < 20000; i++) {
		void *tmp = gb_new_tmp(NULL);
		char *once = gb_text_display(tmp, random_text(tmp, &chance));
		char *twice = gb_text_display(tmp, once);

		assert_string_equal(once, twice);
		assert_true(gb_text_is_utf8(once, strlen(once)));
		for (const char *at = once; *at; at++) {
			assert_true((unsigned char)*at >= 0x20 && *at != 0x7f);
		}
		talloc_free(tmp);
	}
}

static void utf8_is_told_from_other_bytes(void **state)
{
	(void)state;
	assert_true(gb_text_is_utf8("", 0));
	assert_true(gb_text_is_utf8(GRIN, 4));
	assert_false(gb_text_is_utf8(GRIN, 3));
	assert_false(gb_text_is_utf8("a\0b", 3));
	assert_false(gb_text_is_utf8("\xed\xa0\x80", 3));
}

static void trimming_takes_blanks_of_any_script_off_both_ends(void **state)
{
	static const struct pair pairs[] = {
		{"", ""},
		{" \t\n", ""},
		{" a b ", "a b"},
		{"\xc2\xa0\xe3\x80\x80"
		 "a\xe2\x80\x83",
		 "a"},
		{"\x1f"
		 "a\x7f",
		 "a"},
		{" \xff ", "\xff"},
		{"a", "a"},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(pairs); i++) {
		char *trimmed = gb_text_trim(NULL, pairs[i].in);

		assert_string_equal(trimmed, pairs[i].out);
		talloc_free(trimmed);
	}
}

static void length_counts_utf16_code_units(void **state)
{
	(void)state;
	assert_int_equal(gb_text_utf16_units(""), 0);
	assert_int_equal(gb_text_utf16_units("abc"), 3);
	assert_int_equal(gb_text_utf16_units("\xc3\xbc"), 1);
	assert_int_equal(gb_text_utf16_units("\xe6\x97\xa5"), 1);
	assert_int_equal(gb_text_utf16_units(GRIN), 2);
	assert_int_equal(gb_text_utf16_units(FAMILY), 5);
}

static void cuts_fall_between_whole_characters(void **state)
{
	static const struct {
		const char *in;
		size_t max;
		const char *out;
	} cases[] = {
		{"abc", 3, "abc"},
		{"abc", 2, "ab"},
		{"abc", 0, ""},
		{"", 5, ""},
		{"a" GRIN, 2, "a"},
		{"a" GRIN, 3, "a" GRIN},
		{"a" E_ACUTE, 2, "a"},
		{"a" E_ACUTE, 3, "a" E_ACUTE},
		{"ab" FAMILY, 6, "ab"},
		{"ab" FAMILY, 7, "ab" FAMILY},
		/* The first cluster is too long by itself: cut inside it, between characters. */
		{E_ACUTE "\xcc\x81\xcc\x81", 2, E_ACUTE},
		{FAMILY, 3, "\xf0\x9f\x91\xa9\xe2\x80\x8d"},
		{GRIN, 1, ""},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(cases); i++) {
		char *cut = gb_text_cut_utf16(NULL, cases[i].in, cases[i].max);

		assert_string_equal(cut, cases[i].out);
		talloc_free(cut);
	}
}

static void a_cut_is_a_prefix_within_the_limit(void **state)
{
	struct unit_chance chance = {13};

	(void)state;
	for (int i = 0; i < 20000; i++) {
		void *tmp = gb_new_tmp(NULL);
		char *text = random_text(tmp, &chance);
		size_t max = unit_below(&chance, 12);
		char *cut = gb_text_cut_utf16(tmp, text, max);

		assert_true(gb_text_utf16_units(cut) <= max);
		assert_memory_equal(text, cut, strlen(cut));
		if (gb_text_is_utf8(text, strlen(text))) {
			assert_true(gb_text_is_utf8(cut, strlen(cut)));
		}
		if (gb_text_utf16_units(text) <= max) {
			assert_string_equal(cut, text);
		}
		talloc_free(tmp);
	}
}

static void comparing_without_case_is_about_ascii_alone(void **state)
{
	(void)state;
	assert_true(gb_text_equal_nocase("Group", "gROUP"));
	assert_false(gb_text_equal_nocase("Group", "Groups"));
	assert_false(gb_text_equal_nocase("[", "{"));
	assert_false(gb_text_equal_nocase("\xc3\x9c", "\xc3\xbc"));
	assert_true(gb_text_equal_nocase(NULL, NULL));
	assert_false(gb_text_equal_nocase(NULL, ""));
	assert_false(gb_text_equal_nocase("", NULL));
}

static void a_dn_value_is_written_as_rfc_4514_asks(void **state)
{
	static const struct pair pairs[] = {
		{"", ""},
		{"Sales", "Sales"},
		{"a,b+c\"d\\e<f>g;h", "a\\2Cb\\2Bc\\22d\\5Ce\\3Cf\\3Eg\\3Bh"},
		{"#a#", "\\23a#"},
		{" a b ", "\\20a b\\20"},
		{" ", "\\20"},
		{"  ", "\\20\\20"},
		{"a\n\x7f", "a\\0A\\7F"},
		{"Gr\xc3\xbc\xc3\x9f"
		 "e=1",
		 "Gr\xc3\xbc\xc3\x9f"
		 "e\\3D1"},
		{"\xff", "\\FF"},
	};
	char *escaped;

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(pairs); i++) {
		escaped = gb_text_dn_escape(NULL, pairs[i].in, strlen(pairs[i].in));
		assert_string_equal(escaped, pairs[i].out);
		talloc_free(escaped);
	}
	escaped = gb_text_dn_escape(NULL, "a\0b", 3);
	assert_string_equal(escaped, "a\\00b");
	talloc_free(escaped);
}

static void no_shell_finds_anything_in_an_inert_dn_value(void **state)
{
	static const struct pair pairs[] = {
		{"Cloud Groups (EU) 1.2_a-b", "Cloud Groups (EU) 1.2_a-b"},
		{"Gr\xc3\xbc\xc3\x9f"
		 "e \xd7\xa9\xd7\x9c",
		 "Gr\xc3\xbc\xc3\x9f"
		 "e \xd7\xa9\xd7\x9c"},
		{"$(id)", "\\24(id)"},
		{"`id`", "\\60id\\60"},
		{"a'b\"c", "a\\27b\\22c"},
		{"%PATH%!x!^", "\\25PATH\\25\\21x\\21\\5E"},
		{"a;b&c|d<e>f,g+h=i#\\", "a\\3Bb\\26c\\7Cd\\3Ce\\3Ef\\2Cg\\2Bh\\3Di\\23\\5C"},
		/* Typographic quotes, and a quotation mark among the letters. */
		{"a\xe2\x80\x99"
		 "b\xe2\x80\x9d"
		 "c\xca\xba",
		 "a\\E2\\80\\99b\\E2\\80\\9Dc\\CA\\BA"},
		/* Right-to-left override, a filler that is a letter, a line end, no UTF-8. */
		{"a\xe2\x80\xae\xe1\x85\x9f\n\xff", "a\\E2\\80\\AE\\E1\\85\\9F\\0A\\FF"},
		{" a b ", "\\20a b\\20"},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(pairs); i++) {
		char *inert = gb_text_dn_escape_inert(NULL, pairs[i].in, strlen(pairs[i].in));
		char *shown = gb_text_display(inert, inert);

		assert_string_equal(inert, pairs[i].out);
		assert_string_equal(shown, inert);
		talloc_free(inert);
	}
}

static void a_filter_value_is_written_as_rfc_4515_asks(void **state)
{
	char *escaped = gb_text_filter_escape(NULL, "a*(b)\\\0\xc3\xbc#,\n\x7f", 13);

	(void)state;
	assert_string_equal(escaped, "a\\2A\\28b\\29\\5C\\00\\C3\\BC#,\\0A\\7F");
	talloc_free(escaped);
}

static int hex_value(char c)
{
	return c >= 'A' ? c - 'A' + 10 : c - '0';
}

/* Undoes backslash and two hex digits, nothing else. */
static size_t unescape(const char *in, char *out)
{
	size_t used = 0;

	while (*in) {
		if (*in == '\\') {
			out[used++] = (char)(hex_value(in[1]) * 16 + hex_value(in[2]));
			in += 3;
		} else {
			out[used++] = *in++;
		}
	}
	return used;
}

static void any_value_survives_both_escapes(void **state)
{
	struct unit_chance chance = {17};
	char back[256];

	(void)state;
	for (int i = 0; i < 20000; i++) {
		void *tmp = gb_new_tmp(NULL);
		char *text = random_text(tmp, &chance);
		size_t length = strlen(text);

		assert_int_equal(unescape(gb_text_dn_escape(tmp, text, length), back), length);
		assert_memory_equal(back, text, length);
		assert_int_equal(unescape(gb_text_dn_escape_inert(tmp, text, length), back), length);
		assert_memory_equal(back, text, length);
		assert_int_equal(unescape(gb_text_filter_escape(tmp, text, length), back), length);
		assert_memory_equal(back, text, length);
		talloc_free(tmp);
	}
}

static void numbers_are_whole_and_nothing_else(void **state)
{
	static const char *const bad[] = {"", "-", "1 ", " 1", "+1", "1.0", "1x", "0x1",
					  "1234567890123456"};
	int64_t number = 7;

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(bad); i++) {
		assert_false(gb_text_to_number(bad[i], &number));
		assert_int_equal(number, 7);
	}
	assert_true(gb_text_to_number("-123456789012345", &number));
	assert_true(number == -123456789012345);
	assert_true(gb_text_to_number("007", &number));
	assert_true(number == 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_whole_and_nothing_else),
		cmocka_unit_test(what_could_mislead_is_shown_as_its_number),
		cmocka_unit_test(showing_twice_changes_nothing_and_is_always_safe),
		cmocka_unit_test(utf8_is_told_from_other_bytes),
		cmocka_unit_test(trimming_takes_blanks_of_any_script_off_both_ends),
		cmocka_unit_test(length_counts_utf16_code_units),
		cmocka_unit_test(cuts_fall_between_whole_characters),
		cmocka_unit_test(a_cut_is_a_prefix_within_the_limit),
		cmocka_unit_test(comparing_without_case_is_about_ascii_alone),
		cmocka_unit_test(a_dn_value_is_written_as_rfc_4514_asks),
		cmocka_unit_test(no_shell_finds_anything_in_an_inert_dn_value),
		cmocka_unit_test(a_filter_value_is_written_as_rfc_4515_asks),
		cmocka_unit_test(any_value_survives_both_escapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
