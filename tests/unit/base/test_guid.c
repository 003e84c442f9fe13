/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/base/guid. */
#include "config.h"

#include <strings.h>

#include "engine/base/digest.h"
#include "engine/base/guid.h"
#include "tests/unit/unit.h"

#define TEXT "73d664e4-0886-4a73-b745-c694da45ddb4"

static struct gb_guid parsed(const char *text)
{
	struct gb_guid guid;

	assert_true(gb_guid_parse(text, &guid));
	return guid;
}

static void text_of_either_case_is_read_and_written_in_lower_case(void **state)
{
	struct gb_guid guid = parsed("73D664E4-0886-4a73-B745-C694DA45DDB4");
	char text[GB_GUID_TEXT_BYTES];

	(void)state;
	assert_string_equal(gb_guid_format(&guid, text), TEXT);
}

static void what_is_not_exactly_a_guid_is_refused(void **state)
{
	static const char *const bad[] = {"",
					  "73d664e4",
					  "{" TEXT "}",
					  TEXT "0",
					  " " TEXT,
					  TEXT "\n",
					  "73d664e408864a73b745c694da45ddb4",
					  "73d664e4-0886-4a73-b745-c694da45ddb",
					  "73d664e4-0886-4a73-b745-c694da45ddbg",
					  "73d664e-40886-4a73-b745-c694da45ddb4",
					  "+3d664e4-0886-4a73-b745-c694da45ddb4"};
	struct gb_guid guid = {{1}};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(bad); i++) {
		assert_false(gb_guid_parse(bad[i], &guid));
	}
	assert_int_equal(guid.bytes[0], 1);
}

static void octets_are_in_the_order_of_active_directory(void **state)
{
	static const uint8_t octets[16] = {0xe4, 0x64, 0xd6, 0x73, 0x86, 0x08, 0x73, 0x4a,
					   0xb7, 0x45, 0xc6, 0x94, 0xda, 0x45, 0xdd, 0xb4};
	struct gb_guid guid = parsed(TEXT);
	struct gb_guid back;
	uint8_t written[16];

	(void)state;
	gb_guid_to_octets(&guid, written);
	assert_memory_equal(written, octets, 16);
	assert_true(gb_guid_from_octets(octets, 16, &back));
	assert_int_equal(gb_guid_compare(&guid, &back), 0);
	assert_false(gb_guid_from_octets(octets, 15, &back));
	assert_false(gb_guid_from_octets(octets, 0, &back));
}

static void an_immutable_id_is_base64_of_the_octets(void **state)
{
	struct gb_guid expected = parsed(TEXT);
	struct gb_guid guid;

	(void)state;
	assert_true(gb_guid_from_immutable_id("5GTWc4YIc0q3RcaU2kXdtA==", &guid));
	assert_int_equal(gb_guid_compare(&guid, &expected), 0);
	assert_false(gb_guid_from_immutable_id("", &guid));
	assert_false(gb_guid_from_immutable_id("5GTWc4YIc0q3RcaU2kXdtA", &guid));
	assert_false(gb_guid_from_immutable_id("5GTWc4YIc0q3RcaU2kXdtAA=", &guid));
	assert_false(gb_guid_from_immutable_id("somebody@contoso.example", &guid));
}

static void an_anchor_is_group_and_the_guid(void **state)
{
	struct gb_guid expected = parsed(TEXT);
	struct gb_guid guid;

	(void)state;
	assert_true(gb_guid_from_anchor("Group_" TEXT, &guid));
	assert_true(gb_guid_from_anchor("gROUP_" TEXT, &guid));
	assert_int_equal(gb_guid_compare(&guid, &expected), 0);
	assert_false(gb_guid_from_anchor("User_" TEXT, &guid));
	assert_false(gb_guid_from_anchor("Group_" TEXT " ", &guid));
	assert_false(gb_guid_from_anchor("Group_", &guid));
	assert_false(gb_guid_from_anchor("", &guid));
}

static void bytes_sort_as_text_sorts(void **state)
{
	(void)state;
	for (int i = 0; i < 1000; i++) {
		struct gb_guid a = gb_digest_random_guid();
		struct gb_guid b = gb_digest_random_guid();
		char text_a[GB_GUID_TEXT_BYTES];
		char text_b[GB_GUID_TEXT_BYTES];
		int by_text = strcmp(gb_guid_format(&a, text_a), gb_guid_format(&b, text_b));

		assert_true((gb_guid_compare(&a, &b) < 0) == (by_text < 0));
		assert_false(gb_guid_is_none(&a));
		a = parsed(text_a);
		gb_guid_format(&a, text_b);
		assert_string_equal(text_a, text_b);
	}
}

static void all_zero_means_none(void **state)
{
	struct gb_guid none = {0};

	(void)state;
	assert_true(gb_guid_is_none(&none));
	none.bytes[15] = 1;
	assert_false(gb_guid_is_none(&none));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_of_either_case_is_read_and_written_in_lower_case),
		cmocka_unit_test(what_is_not_exactly_a_guid_is_refused),
		cmocka_unit_test(octets_are_in_the_order_of_active_directory),
		cmocka_unit_test(an_immutable_id_is_base64_of_the_octets),
		cmocka_unit_test(an_anchor_is_group_and_the_guid),
		cmocka_unit_test(bytes_sort_as_text_sorts),
		cmocka_unit_test(all_zero_means_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
