/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers of runs, as people give them to `undo` and `history`. */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "engine/commands/common.h"
#include "tests/unit/unit.h"

/* What is refused is said on standard error; nobody reads that here. */
static bool is_number(const char *word, int64_t *ret_number)
{
	int kept = dup(STDERR_FILENO);
	FILE *aside = tmpfile();
	bool result;

	assert_true(kept >= 0 && aside != NULL);
	assert_true(dup2(fileno(aside), STDERR_FILENO) >= 0);
	result = gb_common_run_number(word, ret_number);
	assert_true(dup2(kept, STDERR_FILENO) >= 0);
	close(kept);
	fclose(aside);
	return result;
}

static void a_run_is_named_by_its_number(void **state)
{
	static const struct {
		const char *word;
		int64_t number;
	} rows[] = {
		{"1", 1},
		{"4711", 4711},
		{"9223372036854775807", INT64_MAX},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		int64_t number = 0;

		assert_true(is_number(rows[i].word, &number));
		assert_true(number == rows[i].number);
	}
}

static void everything_else_names_no_run(void **state)
{
	static const char *const words[] = {
		"",
		" ",
		"0",
		"00",
		"01",
		"-1",
		"+1",
		" 1",
		"1 ",
		"1\n",
		"\n1",
		"1\r",
		"1\t",
		"1 2",
		"1,2",
		"1.0",
		"1e3",
		"0x1",
		"1x",
		"x1",
		"one",
		"9223372036854775808",
		"99999999999999999999999999999999",
		"-9223372036854775809",
		"../runs/1",
		"../../etc/passwd",
		"1/../2",
		"runs/1.json",
		"/1",
		"%31",
		"1%00",
		"1;id",
		"$(id)",
		"\033[2J1",
		"\xef\xbc\x91",  /* a full-width 1 */
		"\xd9\xa1",      /* an Arabic-Indic 1 */
		"1\xe2\x80\x8b", /* a space without width */
		"\xff",          /* no UTF-8 */
		"1\xc0\x80",     /* a NUL in disguise */
		"nan",
		"inf",
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(words); i++) {
		int64_t number = 0;

		if (is_number(words[i], &number)) {
			fail_msg("row %zu was taken for %" PRId64, i, number);
		}
	}
}

static void a_word_of_any_length_is_answered(void **state)
{
	void *ctx = gb_new_tmp(NULL);
	size_t length = 1 << 20;
	char *word = gb_new_array(ctx, char, length + 1);
	int64_t number;

	(void)state;
	memset(word, '9', length);
	assert_false(is_number(word, &number));
	memset(word, '\xff', length);
	assert_false(is_number(word, &number));
	talloc_free(ctx);
}

/* The rule once more, written differently: a digit that is no 0, digits, and no more than fits. */
static bool is_number_by_the_rule(const char *word)
{
	size_t digits = strspn(word, "0123456789");

	return word[0] != '0' && digits > 0 && word[digits] == '\0' &&
	       (digits < 19 || (digits == 19 && strcmp(word, "9223372036854775807") <= 0));
}

static void words_by_chance_are_numbers_by_the_rule_or_none(void **state)
{
	static const char letters[] = "0123456789012345678998765 +-x.\n/";
	struct unit_chance chance = {.state = 77};
	size_t taken = 0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char word[24];
		size_t length = unit_below(&chance, sizeof(word));
		bool is_wild = unit_below(&chance, 4) == 0;
		int64_t number = 0;
		bool is_taken;

		for (size_t n = 0; n < length; n++) {
			word[n] = is_wild ? (char)(1 + unit_below(&chance, 255))
					  : letters[unit_below(&chance, i % 2 ? 10 : 32)];
		}
		word[length] = '\0';
		is_taken = is_number(word, &number);
		assert_int_equal(is_taken, is_number_by_the_rule(word));
		assert_true(!is_taken || number > 0);
		taken += is_taken;
	}
	assert_true(taken > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_is_named_by_its_number),
		cmocka_unit_test(everything_else_names_no_run),
		cmocka_unit_test(a_word_of_any_length_is_answered),
		cmocka_unit_test(words_by_chance_are_numbers_by_the_rule_or_none),
	};

	return cmocka_run_group_tests_name("run_number", tests, NULL, NULL);
}
