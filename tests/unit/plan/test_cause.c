/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/plan/cause. */
#include "config.h"

#include "engine/plan/cause.h"
#include "tests/unit/unit.h"

#define HIGHEST 1000

static bool is_known(unsigned cause)
{
	return strcmp(gb_cause_id(cause), "unknown") != 0;
}

static void every_cause_but_none_has_a_full_sentence(void **state)
{
	(void)state;
	assert_string_equal(gb_cause_sentence(GB_CAUSE_NONE), "");
	for (unsigned cause = 1; cause < HIGHEST; cause++) {
		const char *sentence = gb_cause_sentence(cause);
		size_t length = strlen(sentence);

		if (is_known(cause)) {
			assert_in_range(length, 20, 300);
			assert_int_equal(sentence[length - 1], '.');
		} else {
			assert_int_equal(length, 0);
		}
	}
}

static void ids_are_for_machines_and_differ(void **state)
{
	(void)state;
	for (unsigned one = 0; one < HIGHEST; one++) {
		const char *id = gb_cause_id(one);

		assert_int_equal(strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-"), strlen(id));
		for (unsigned two = 0; is_known(one) && two < one; two++) {
			assert_string_not_equal(id, gb_cause_id(two));
		}
	}
}

/* The state stores these numbers. */
static void numbers_of_causes_stay(void **state)
{
	(void)state;
	assert_string_equal(gb_cause_id(0), "none");
	assert_string_equal(gb_cause_id(100), "enabled");
	assert_string_equal(gb_cause_id(110), "disabled");
	assert_string_equal(gb_cause_id(120), "on-premises");
	assert_string_equal(gb_cause_id(130), "writeback-missing");
	assert_string_equal(gb_cause_id(200), "protected");
	assert_string_equal(gb_cause_id(211), "no-free-name");
	assert_string_equal(gb_cause_id(250), "cloud-incomplete");
	assert_string_equal(gb_cause_id(300), "cloud-only");
	assert_string_equal(gb_cause_id(301), "unreadable");
	assert_string_equal(gb_cause_id(304), "ambiguous");
	assert_string_equal(gb_cause_id(314), "protected-by-dn");
	assert_string_equal(gb_cause_id(999), "unknown");
}

static void the_member_block_has_no_gap(void **state)
{
	(void)state;
	for (unsigned cause = 0; cause < HIGHEST; cause++) {
		bool inside = cause >= GB_CAUSE_MEMBER_FIRST &&
			      cause < GB_CAUSE_MEMBER_FIRST + GB_CAUSE_MEMBER_COUNT;

		assert_int_equal(gb_cause_is_member(cause), inside);
		assert_true(!inside || is_known(cause));
		assert_true(inside || cause < GB_CAUSE_MEMBER_FIRST || !is_known(cause));
	}
}

static void only_members_whose_identity_is_open_are_uncertain(void **state)
{
	(void)state;
	for (unsigned cause = 0; cause < HIGHEST; cause++) {
		assert_int_equal(gb_cause_is_uncertain(cause),
				 cause == GB_CAUSE_MEMBER_UNREADABLE ||
					 cause == GB_CAUSE_MEMBER_NO_IDENTITY ||
					 cause == GB_CAUSE_MEMBER_AMBIGUOUS);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cause_but_none_has_a_full_sentence),
		cmocka_unit_test(ids_are_for_machines_and_differ),
		cmocka_unit_test(numbers_of_causes_stay),
		cmocka_unit_test(the_member_block_has_no_gap),
		cmocka_unit_test(only_members_whose_identity_is_open_are_uncertain),
	};

	return cmocka_run_group_tests_name("plan/cause", tests, NULL, NULL);
}
