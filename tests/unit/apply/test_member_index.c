/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/apply/member_index. */
#include "config.h"

#include "engine/apply/member_index.h"
#include "tests/unit/unit.h"

static struct gb_guid guid(unsigned number)
{
	struct gb_guid made = {{0}};

	made.bytes[0] = 1;
	memcpy(made.bytes + 4, &number, sizeof(number));
	return made;
}

static struct gb_sid sid(const char *text)
{
	struct gb_sid parsed = {0};

	assert_true(gb_sid_parse(text, &parsed));
	return parsed;
}

static void a_member_is_found_by_whatever_both_sides_know(void **state)
{
	const struct gb_directory_reference ours[] = {
		{.guid = guid(1), .sid = sid("S-1-5-21-1-2-3-1001"), .dn_key = "cn=a,dc=x"},
		{.guid = guid(2)},
		{.dn_key = "cn=c,dc=x"},
		{.sid = sid("S-1-5-21-1-2-3-1004")},
	};
	const struct {
		struct gb_directory_reference found;
		int expected; /* -1: none of ours */
	} rows[] = {
		{{.guid = guid(1)}, 0},
		{{.guid = guid(1), .dn_key = "cn=renamed,dc=x"}, 0},
		{{.sid = sid("S-1-5-21-1-2-3-1001")}, 0},
		{{.dn_key = "cn=a,dc=x"}, 0},
		{{.guid = guid(2), .dn_key = "cn=b,dc=x"}, 1},
		{{.guid = guid(3), .dn_key = "cn=c,dc=x"}, 2},
		{{.guid = guid(4), .sid = sid("S-1-5-21-1-2-3-1004")}, 3},
		{{.guid = guid(9), .sid = sid("S-1-5-21-1-2-3-9"), .dn_key = "cn=z,dc=x"}, -1},
		{{.dn_key = "cn=a,dc=xy"}, -1},
		{{.dn = "cn=a,dc=x"}, -1},
	};
	struct gb_member_index *index = gb_member_index_new(NULL, ours, GB_ARRAY_SIZE(ours));

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		size_t position = 99;
		bool is_ours = gb_member_index_find(index, &rows[i].found, &position);

		assert_int_equal(is_ours ? (int)position : -1, rows[i].expected);
	}
	talloc_free(index);
}

static void a_thousand_members_are_told_apart(void **state)
{
	struct gb_directory_reference ours[1000] = {{{{0}}}};
	struct gb_member_index *index;

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		ours[i].guid = guid(i);
	}
	index = gb_member_index_new(NULL, ours, 1000);
	for (unsigned i = 0; i < 2000; i++) {
		const struct gb_directory_reference found = {.guid = guid(i)};
		size_t position = 0;

		assert_int_equal(gb_member_index_find(index, &found, &position), i < 1000);
		assert_int_equal(position, i < 1000 ? i : 0);
	}
	talloc_free(index);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_member_is_found_by_whatever_both_sides_know),
		cmocka_unit_test(a_thousand_members_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
