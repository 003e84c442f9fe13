/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/base/err and of the phases in engine/base/change.h. */
#include "config.h"

#include "engine/base/change.h"
#include "engine/base/err.h"
#include "engine/base/text.h"
#include "tests/unit/unit.h"

static void an_error_says_what_failed_what_was_not_done_and_what_to_do(void **state)
{
	struct gb_err err;
	char *line;

	(void)state;
	assert_int_equal(gb_err_set(&err, GB_E_ACCESS, "ldap-49", "The bind of %s failed.", "x"),
			 GB_E_ACCESS);
	assert_int_equal(gb_err_undone(&err, "Nothing was written."), GB_E_ACCESS);
	assert_int_equal(gb_err_remedy(&err, "Check the password."), GB_E_ACCESS);
	assert_int_equal(gb_err_native(&err, 49), GB_E_ACCESS);
	assert_int_equal(gb_err_prefix(&err, "%s", "OU list"), GB_E_ACCESS);
	line = gb_err_line(NULL, &err);
	assert_string_equal(
		line, "OU list: The bind of x failed. Nothing was written. Check the password.");
	assert_string_equal(err.id, "ldap-49");
	assert_int_equal(err.native, 49);
	talloc_free(line);
}

static void setting_an_error_forgets_the_one_before(void **state)
{
	struct gb_err err;
	char *line;

	(void)state;
	gb_err_set(&err, GB_E_IO, "a", "A.");
	gb_err_remedy(&err, "Old remedy.");
	gb_err_set(&err, GB_E_IO, "b", "B.");
	line = gb_err_line(NULL, &err);
	assert_string_equal(line, "B.");
	talloc_free(line);
}

static void no_error_structure_is_fine(void **state)
{
	(void)state;
	assert_int_equal(gb_err_set(NULL, GB_E_IO, "a", "A."), GB_E_IO);
	assert_int_equal(gb_err_undone(NULL, "x"), GB_E_INTERNAL);
	assert_int_equal(gb_err_remedy(NULL, "x"), GB_E_INTERNAL);
	assert_int_equal(gb_err_prefix(NULL, "x"), GB_E_INTERNAL);
	assert_int_equal(gb_err_native(NULL, 1), GB_E_INTERNAL);
}

static void long_texts_are_cut_between_characters(void **state)
{
	static const char *const characters[] = {"x", "\xc3\xa9", "\xe2\x82\xac",
						 "\xf0\x9f\x98\x80"};
	char text[2048];

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(characters); i++) {
		for (size_t shift = 0; shift < 4; shift++) {
			struct gb_err err;
			size_t used = shift;

			memset(text, 'a', sizeof(text));
			while (used < 1000) {
				memcpy(text + used, characters[i], strlen(characters[i]));
				used += strlen(characters[i]);
			}
			text[used] = '\0';
			gb_err_set(&err, GB_E_IO, "a", "%s", text);
			assert_true(strlen(err.what) > GB_ERR_TEXT_BYTES - 5);
			assert_true(gb_text_is_utf8(err.what, strlen(err.what)));
			gb_err_prefix(&err, "%s", characters[i]);
			assert_true(gb_text_is_utf8(err.what, strlen(err.what)));
		}
	}
}

static void every_code_has_its_exit_code(void **state)
{
	static const int expected[] = {0,  143, 64, 65, 69, 70, 71, 74, 75,
				       76, 77,  78, 4,  3,  3,  3,  69};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(expected); i++) {
		assert_int_equal(gb_rc_exit_code((enum gb_rc)i), expected[i]);
	}
	assert_int_equal(gb_rc_exit_code((enum gb_rc)99), 70);
}

static void the_worse_exit_code_wins_whichever_comes_first(void **state)
{
	static const int order[] = {70, 78, 65, 77, 76, 4, 74, 71, 69, 75, 143, 130, 3, 2, 0};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(order); i++) {
		for (size_t j = i; j < GB_ARRAY_SIZE(order); j++) {
			assert_int_equal(gb_exit_code_worst(order[i], order[j]), order[i]);
			assert_int_equal(gb_exit_code_worst(order[j], order[i]), order[i]);
		}
	}
	assert_int_equal(gb_exit_code_worst(1, 0), 70);
	assert_int_equal(gb_exit_code_worst(0, 255), 70);
}

static void creations_come_first_and_deletions_last(void **state)
{
	(void)state;
	assert_int_equal(gb_change_phase(GB_CHANGE_CREATE), GB_PHASE_CREATE);
	assert_int_equal(gb_change_phase(GB_CHANGE_ATTRIBUTES), GB_PHASE_MEMBERSHIP);
	assert_int_equal(gb_change_phase(GB_CHANGE_REMOVE_MEMBERS), GB_PHASE_MEMBERSHIP);
	assert_int_equal(gb_change_phase(GB_CHANGE_ADD_MEMBERS), GB_PHASE_MEMBERSHIP);
	assert_int_equal(gb_change_phase(GB_CHANGE_RENAME), GB_PHASE_RENAME);
	assert_int_equal(gb_change_phase(GB_CHANGE_MOVE), GB_PHASE_RENAME);
	assert_int_equal(gb_change_phase(GB_CHANGE_DELETE), GB_PHASE_DELETE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_error_says_what_failed_what_was_not_done_and_what_to_do),
		cmocka_unit_test(setting_an_error_forgets_the_one_before),
		cmocka_unit_test(no_error_structure_is_fine),
		cmocka_unit_test(long_texts_are_cut_between_characters),
		cmocka_unit_test(every_code_has_its_exit_code),
		cmocka_unit_test(the_worse_exit_code_wins_whichever_comes_first),
		cmocka_unit_test(creations_come_first_and_deletions_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
