/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/base/sid. */
#include "config.h"

#include "engine/base/sid.h"
#include "tests/unit/unit.h"

static void text_and_binary_form_are_the_same_sid(void **state)
{
	static const char *const texts[] = {
		"S-1-5-32-544",
		"S-1-5-21-397955417-626881126-188441444-3101912",
		"S-1-12-1-1943430372-1249052806-2496021943-3034400218",
		"S-1-0-0",
		"S-1-4294967295-4294967295",
		"S-1-0x000100000000-7",
		"S-1-0xffffffffffff-7",
		"S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15",
		"S-1-5-4294967295-4294967295-4294967295-4294967295-4294967295-4294967295-"
		"4294967295-4294967295-4294967295-4294967295-4294967295-4294967295-4294967295-"
		"4294967295-4294967295",
	};
	char text[GB_SID_TEXT_BYTES];

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(texts); i++) {
		struct gb_sid sid;
		struct gb_sid back;

		assert_true(gb_sid_parse(texts[i], &sid));
		assert_string_equal(gb_sid_format(&sid, text), texts[i]);
		assert_true(gb_sid_from_octets(sid.bytes, sid.length, &back));
		assert_true(gb_sid_equal(&sid, &back));
		assert_memory_equal(&sid, &back, sizeof(sid));
	}
}

static void the_binary_form_is_that_of_object_sid(void **state)
{
	static const uint8_t administrators[] = {1,  2, 0, 0, 0,    0, 0, 5,
						 32, 0, 0, 0, 0x20, 2, 0, 0};
	struct gb_sid sid;

	(void)state;
	assert_true(gb_sid_parse("S-1-5-32-544", &sid));
	assert_int_equal(sid.length, sizeof(administrators));
	assert_memory_equal(sid.bytes, administrators, sizeof(administrators));
	assert_int_equal(gb_sid_rid(&sid), 544);
}

static void what_is_not_exactly_a_sid_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"S-1",
		"S-1-",
		"S-1-5",
		"S-1-5-",
		"S-2-5-32",
		"s-1-5-32-544",
		"S-1-05-32",
		"S-1-5-032",
		"S-1-5-4294967296",
		"S-1-4294967296-1",
		"S-1-0x5-32",
		"S-1-0x000000000005-32",
		"S-1-0xfffffffffffff-7",
		"S-1-5--32",
		"S-1-5-+32",
		"S-1-5-32 ",
		" S-1-5-32",
		"S-1-5-32-x",
		"S-1-5-99999999999999999999999999",
		"S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16",
	};
	struct gb_sid sid = {.length = 7};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(bad); i++) {
		assert_false(gb_sid_parse(bad[i], &sid));
	}
	assert_int_equal(sid.length, 7);
}

static void octets_whose_lengths_disagree_are_refused(void **state)
{
	uint8_t octets[80] = {1, 2, 0, 0, 0, 0, 0, 5};
	struct gb_sid sid;

	(void)state;
	assert_true(gb_sid_from_octets(octets, 16, &sid));
	assert_false(gb_sid_from_octets(octets, 15, &sid));
	assert_false(gb_sid_from_octets(octets, 20, &sid));
	assert_false(gb_sid_from_octets(octets, 0, &sid));
	octets[0] = 2;
	assert_false(gb_sid_from_octets(octets, 16, &sid));
	octets[0] = 1;
	octets[1] = 0;
	assert_false(gb_sid_from_octets(octets, 8, &sid));
	octets[1] = 16;
	assert_false(gb_sid_from_octets(octets, 72, &sid));
}

static void none_equals_nothing(void **state)
{
	struct gb_sid none = {0};
	char text[GB_SID_TEXT_BYTES];

	(void)state;
	assert_true(gb_sid_is_none(&none));
	assert_false(gb_sid_equal(&none, &none));
	assert_false(gb_sid_same_domain(&none, &none));
	assert_int_equal(gb_sid_rid(&none), 0);
	assert_string_equal(gb_sid_format(&none, text), "");
}

static void accounts_of_one_domain_differ_in_the_rid_alone(void **state)
{
	struct gb_sid a;
	struct gb_sid b;
	struct gb_sid c;

	(void)state;
	assert_true(gb_sid_parse("S-1-5-21-1-2-3-500", &a));
	assert_true(gb_sid_parse("S-1-5-21-1-2-3-1104", &b));
	assert_true(gb_sid_parse("S-1-5-21-1-2-4-1104", &c));
	assert_true(gb_sid_same_domain(&a, &b));
	assert_false(gb_sid_same_domain(&b, &c));
	assert_false(gb_sid_equal(&a, &b));
	assert_true(gb_sid_parse("S-1-5-21-1-2-3", &c));
	assert_false(gb_sid_same_domain(&a, &c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_and_binary_form_are_the_same_sid),
		cmocka_unit_test(the_binary_form_is_that_of_object_sid),
		cmocka_unit_test(what_is_not_exactly_a_sid_is_refused),
		cmocka_unit_test(octets_whose_lengths_disagree_are_refused),
		cmocka_unit_test(none_equals_nothing),
		cmocka_unit_test(accounts_of_one_domain_differ_in_the_rid_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
