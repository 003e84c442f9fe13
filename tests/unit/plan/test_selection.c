/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/plan/selection. */
#include "config.h"

#include "engine/plan/selection.h"
#include "tests/unit/unit.h"

#define A "11111111-1111-1111-1111-111111111111"
#define B "22222222-2222-2222-2222-222222222222"
#define C "33333333-3333-3333-3333-333333333333"

static struct gb_guid id_of(const char *text)
{
	struct gb_guid id;

	assert_true(gb_guid_parse(text, &id));
	return id;
}

static struct gb_selection *parsed(const char *text)
{
	struct gb_selection *selection;
	struct gb_err err;

	if (gb_selection_parse(NULL, "s", text, &selection, &err) != GB_OK) {
		fail_msg("%s", err.what);
	}
	return selection;
}

static void check(const struct gb_selection *selection, const char *id,
		  enum gb_selection_answer answer)
{
	struct gb_guid guid = id_of(id);

	assert_int_equal(gb_selection_find(selection, &guid), answer);
}

static void tell_name(struct gb_selection *selection, const char *id, const char *name)
{
	struct gb_guid guid = id_of(id);

	gb_selection_tell_name(selection, &guid, name);
}

#define MANY 1500

static struct gb_guid numbered(unsigned number)
{
	struct gb_guid id = {.bytes = {1, 2, 3}};

	memcpy(&id.bytes[8], &number, sizeof(number));
	return id;
}

/* Names of every length from 7 to 40. */
static const char *name_of(unsigned number, char text[64])
{
	snprintf(text, 64, "%06u %.*s", number, (int)(number % 34),
		 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnop");
	return text;
}

static void an_id_selects_its_group_and_no_other(void **state)
{
	struct gb_selection *selection = parsed("# mine\n\n  " A "  \n");
	struct gb_guid marker;

	(void)state;
	assert_false(gb_selection_has_names(selection));
	assert_false(gb_selection_marker(selection, &marker));
	check(selection, A, GB_SELECTION_YES);
	check(selection, B, GB_SELECTION_NO);
	talloc_free(selection);
}

static void a_name_selects_the_one_group_that_has_it(void **state)
{
	struct gb_selection *selection = parsed("Sales Team\n\"" C "\"\n\"# odd\"\n");

	(void)state;
	assert_true(gb_selection_has_names(selection));
	check(selection, A, GB_SELECTION_NO);
	gb_selection_begin(selection);
	tell_name(selection, A, "SALES team");
	tell_name(selection, B, C);
	tell_name(selection, C, "# odd");
	gb_selection_end(selection);
	check(selection, A, GB_SELECTION_YES);
	check(selection, B, GB_SELECTION_YES);
	check(selection, C, GB_SELECTION_YES);
	talloc_free(selection);
}

static void a_name_that_two_groups_have_selects_neither(void **state)
{
	struct gb_selection *selection = parsed("Sales\n" B "\n");

	(void)state;
	gb_selection_begin(selection);
	tell_name(selection, A, "Sales");
	tell_name(selection, B, "Sales");
	gb_selection_end(selection);
	check(selection, A, GB_SELECTION_AMBIGUOUS);
	check(selection, B, GB_SELECTION_YES);
	gb_selection_begin(selection);
	tell_name(selection, A, "Sales");
	tell_name(selection, B, "Other");
	gb_selection_end(selection);
	check(selection, A, GB_SELECTION_YES);
	talloc_free(selection);
}

static void members_of_the_marker_group_are_selected(void **state)
{
	struct gb_selection *selection = parsed("members of " C "\n");
	struct gb_guid marker;
	struct gb_guid member = id_of(A);
	struct gb_guid wanted = id_of(C);

	(void)state;
	assert_true(gb_selection_marker(selection, &marker));
	assert_int_equal(gb_guid_compare(&marker, &wanted), 0);
	check(selection, A, GB_SELECTION_UNKNOWN);
	gb_selection_begin(selection);
	gb_selection_tell_member(selection, &member);
	check(selection, B, GB_SELECTION_UNKNOWN);
	gb_selection_end(selection);
	check(selection, A, GB_SELECTION_YES);
	check(selection, B, GB_SELECTION_NO);
	check(selection, C, GB_SELECTION_NO);
	gb_selection_begin(selection);
	check(selection, A, GB_SELECTION_UNKNOWN);
	talloc_free(selection);
}

static void the_fingerprint_tells_answers_apart_whatever_their_order(void **state)
{
	struct gb_selection *one = parsed(A "\n" B "\n");
	struct gb_selection *two = parsed(B "\n" A "\n");
	struct gb_selection *three = parsed(B "\n");

	(void)state;
	assert_string_equal(gb_selection_fingerprint(one, one), gb_selection_fingerprint(one, two));
	assert_string_not_equal(gb_selection_fingerprint(one, one),
				gb_selection_fingerprint(one, three));
	check(one, A, GB_SELECTION_YES);
	check(one, B, GB_SELECTION_YES);
	talloc_free(one);
	talloc_free(two);
	talloc_free(three);
}

static const struct {
	const char *text;
	const char *where;
} BAD[] = {
	{"", "s:1:1: the file selects no group"},
	{"# only this\n", "s:1:1:"},
	{A "\n  members of me\n", "s:2:3: behind \"members of\""},
	{"members of " A "\nmembers of " B, "s:2:1: there can be one"},
	{"\"open", "s:1:1: the name has no closing quote"},
	{"\"\"", "s:1:1:"},
	{"\xff\n", "s:1:1: the line is not UTF-8"},
};

static void what_is_wrong_is_named_with_line_and_column(void **state)
{
	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(BAD); i++) {
		struct gb_selection *selection;
		struct gb_err err;

		assert_int_equal(gb_selection_parse(NULL, "s", BAD[i].text, &selection, &err),
				 GB_E_CONFIG);
		if (strncmp(err.what, BAD[i].where, strlen(BAD[i].where)) != 0) {
			fail_msg("%s: %s", BAD[i].text, err.what);
		}
	}
}

/* A large file, and a tenant with more groups than it selects; told anew in each cycle. */
static void thousands_are_selected_and_nobody_else(void **state)
{
	char *text = gb_strdup(NULL, "members of " A "\n");
	struct gb_selection *selection;
	char name[64];

	(void)state;
	for (unsigned i = 0; i < MANY; i++) {
		struct gb_guid id = numbered(i);
		char shown[GB_GUID_TEXT_BYTES];

		text = talloc_asprintf_append(text, "%s\n\"%s\"\n", gb_guid_format(&id, shown),
					      name_of(i, name));
	}
	selection = parsed(text);
	for (unsigned round = 0; round < 2; round++) {
		gb_selection_begin(selection);
		for (unsigned i = 0; i < 2 * MANY; i++) {
			struct gb_guid id = numbered(MANY + i);

			gb_selection_tell_name(selection, &id, name_of(i, name));
		}
		for (unsigned i = 0; i < MANY; i++) {
			struct gb_guid id = numbered(4 * MANY + i);

			gb_selection_tell_member(selection, &id);
		}
		gb_selection_end(selection);
		for (unsigned i = 0; i < 6 * MANY; i++) {
			struct gb_guid id = numbered(i);
			bool listed = i < MANY;
			bool named = i >= MANY && i < 2 * MANY;
			bool marked = i >= 4 * MANY && i < 5 * MANY;

			assert_int_equal(gb_selection_find(selection, &id),
					 listed || named || marked ? GB_SELECTION_YES
								   : GB_SELECTION_NO);
		}
	}
	talloc_free(selection);
	talloc_free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_id_selects_its_group_and_no_other),
		cmocka_unit_test(a_name_selects_the_one_group_that_has_it),
		cmocka_unit_test(a_name_that_two_groups_have_selects_neither),
		cmocka_unit_test(members_of_the_marker_group_are_selected),
		cmocka_unit_test(the_fingerprint_tells_answers_apart_whatever_their_order),
		cmocka_unit_test(what_is_wrong_is_named_with_line_and_column),
		cmocka_unit_test(thousands_are_selected_and_nobody_else),
	};

	return cmocka_run_group_tests_name("plan/selection", tests, NULL, NULL);
}
