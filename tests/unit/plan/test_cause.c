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
	assert_string_equal(gb_cause_id(315), "deleted");
	assert_string_equal(gb_cause_id(320), "unsearched");
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
					 cause == GB_CAUSE_MEMBER_AMBIGUOUS ||
					 cause == GB_CAUSE_MEMBER_UNSEARCHED);
	}
}

static void what_is_the_rule_is_no_problem(void **state)
{
	static const enum gb_cause rule[] = {GB_CAUSE_NONE,
					     GB_CAUSE_ENABLED,
					     GB_CAUSE_TENANT_DEFAULT,
					     GB_CAUSE_KIND_SELECTED,
					     GB_CAUSE_SELECTED,
					     GB_CAUSE_FILTER_MATCHED,
					     GB_CAUSE_NOT_SELECTED,
					     GB_CAUSE_FILTERED_OUT,
					     GB_CAUSE_DISABLED,
					     GB_CAUSE_NOT_ENABLED,
					     GB_CAUSE_KIND_NOT_SELECTED,
					     GB_CAUSE_ON_PREMISES,
					     GB_CAUSE_DISTRIBUTION_LIST,
					     GB_CAUSE_MAIL_ENABLED_SECURITY,
					     GB_CAUSE_HIDDEN_MEMBERSHIP,
					     GB_CAUSE_ROLE_ASSIGNABLE,
					     GB_CAUSE_AUTHORITY_CONVERTED,
					     GB_CAUSE_NO_KIND,
					     GB_CAUSE_SOFT_DELETED,
					     GB_CAUSE_HARD_DELETED,
					     GB_CAUSE_MEMBER_CLOUD_ONLY,
					     GB_CAUSE_MEMBER_NOT_FOUND,
					     GB_CAUSE_MEMBER_DELETED};
	static const enum gb_cause problem[] = {
		GB_CAUSE_WRITEBACK_MISSING,  GB_CAUSE_WRITEBACK_TYPE,
		GB_CAUSE_PROPERTIES_MISSING, GB_CAUSE_PROTECTED,
		GB_CAUSE_ANCHOR_ELSEWHERE,   GB_CAUSE_ANCHOR_TWINS,
		GB_CAUSE_ANCHOR_UNSEARCHED,  GB_CAUSE_ANCHOR_CONFLICT,
		GB_CAUSE_ANCHOR_REMOVED,     GB_CAUSE_MOVED_AWAY,
		GB_CAUSE_NOT_A_GROUP,        GB_CAUSE_MEMBER_LIMIT,
		GB_CAUSE_NO_FREE_NAME,       GB_CAUSE_CLOUD_INCOMPLETE,
		GB_CAUSE_MEMBERS_UNCERTAIN,  GB_CAUSE_DIRECTORY_INCOMPLETE,
		GB_CAUSE_MEMBER_UNREADABLE,  GB_CAUSE_MEMBER_NO_IDENTITY,
		GB_CAUSE_MEMBER_AMBIGUOUS};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rule); i++) {
		assert_false(gb_cause_is_problem(rule[i]));
	}
	for (size_t i = 0; i < GB_ARRAY_SIZE(problem); i++) {
		assert_true(gb_cause_is_problem(problem[i]));
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
		cmocka_unit_test(what_is_the_rule_is_no_problem),
	};

	return cmocka_run_group_tests_name("plan/cause", tests, NULL, NULL);
}
