/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/plan/print and engine/plan/explain. */
#include "config.h"

#include "engine/plan/explain.h"
#include "engine/plan/print.h"
#include "tests/unit/unit.h"

#define ESCAPE "\x1b[2J\xe2\x80\xae"

static const int64_t NUMBERS[] = {1, 2, 3};

static void check_print(const struct gb_change *change, const char *expected)
{
	char *text = gb_print_change(NULL, change);

	assert_string_equal(text, expected);
	talloc_free(text);
}

static void each_kind_of_change_has_its_lines(void **state)
{
	struct gb_change_value values[] = {{"displayName", "New", "Old"},
					   {"description", NULL, "gone"},
					   {"groupType", "8", NULL}};
	struct gb_change change = {.kind = GB_CHANGE_CREATE,
				   .name = "Sales",
				   .dn = "CN=a,DC=x",
				   .new_rdn = "CN=b",
				   .values = values,
				   .value_count = 1,
				   .members = NUMBERS,
				   .member_count = 3};

	(void)state;
	check_print(&change, "+ group \"Sales\"  CN=a,DC=x\n    displayName: New\n"
			     "+ \"Sales\" 3 members\n");
	change.kind = GB_CHANGE_ATTRIBUTES;
	change.value_count = 3;
	check_print(&change, "~ \"Sales\" displayName: \"Old\" → \"New\"\n"
			     "~ \"Sales\" description: \"gone\" → (nothing)\n"
			     "~ \"Sales\" groupType: (nothing) → \"8\"\n");
	change.kind = GB_CHANGE_ADD_MEMBERS;
	change.member_count = 1;
	check_print(&change, "+ \"Sales\" 1 member\n");
	change.kind = GB_CHANGE_REMOVE_MEMBERS;
	change.member_count = 2;
	check_print(&change, "- \"Sales\" 2 members\n");
	change.kind = GB_CHANGE_RENAME;
	check_print(&change, "> \"Sales\" CN=a,DC=x → CN=b\n");
	change.kind = GB_CHANGE_MOVE;
	change.new_parent = "OU=y,DC=x";
	check_print(&change, "> \"Sales\" CN=a,DC=x → CN=b,OU=y,DC=x\n");
	change.kind = GB_CHANGE_DELETE;
	check_print(&change, "- group \"Sales\"  CN=a,DC=x\n");
}

static void a_group_without_a_name_is_shown_by_its_id(void **state)
{
	struct gb_change change = {.kind = GB_CHANGE_ADD_MEMBERS, .member_count = 1};

	(void)state;
	check_print(&change, "+ 00000000-0000-0000-0000-000000000000 1 member\n");
}

static void hostile_text_reaches_no_terminal(void **state)
{
	struct gb_change_value value = {"displayName", ESCAPE "\n", ESCAPE};
	struct gb_change change = {.name = ESCAPE,
				   .dn = "CN=" ESCAPE ",DC=x",
				   .new_rdn = "CN=" ESCAPE,
				   .new_parent = "OU=" ESCAPE,
				   .values = &value,
				   .value_count = 1,
				   .members = NUMBERS,
				   .member_count = 1};

	(void)state;
	for (unsigned kind = GB_CHANGE_CREATE; kind <= GB_CHANGE_DELETE; kind++) {
		char *text;
		size_t lines = kind == GB_CHANGE_CREATE ? 3 : 1;

		change.kind = kind;
		text = gb_print_change(NULL, &change);
		assert_null(strpbrk(text, "\x1b\r"));
		assert_null(strstr(text, "\xe2\x80\xae"));
		for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++) {
			lines--;
		}
		assert_int_equal(lines, 0);
		talloc_free(text);
	}
}

static void a_note_says_what_why_and_about_whom(void **state)
{
	int64_t unmatched[GB_CAUSE_MEMBER_COUNT] = {2, 0, 0, 1};
	struct gb_plan_note note = {
		.name = "Sales\n",
		.decision = {.action = GB_DECIDE_CREATE, .cause = GB_CAUSE_ENABLED},
		.listed = 5,
		.unmatched = unmatched};
	char *text = gb_explain_note(NULL, &note);

	(void)state;
	assert_string_equal(
		text, "Sales\\u{a}: The group will be created. Writeback is enabled for the group. "
		      "The cloud lists 5 members. 3 members are not written: "
		      "(2) The member exists in the cloud alone and has no account on-premises. "
		      "(1) The account of the member was not found in the directory.");
	talloc_free(text);
}

static void held_removals_and_strangers_are_told(void **state)
{
	struct gb_plan_note note = {
		.decision = {.action = GB_DECIDE_UPDATE, .cause = GB_CAUSE_ENABLED},
		.held_cause = GB_CAUSE_CLOUD_INCOMPLETE,
		.members = {.held = 1, .unidentified = 2}};
	char *text = gb_explain_members(NULL, &note);

	(void)state;
	assert_string_equal(text, "The list of members was not read to its end, so nobody is "
				  "removed. 1 removal is held back. 2 members in the directory "
				  "cannot be identified and stay.");
	talloc_free(text);
}

static void decisions_read_as_sentences(void **state)
{
	static const struct {
		struct gb_plan_note note;
		const char *begins;
	} rows[] = {
		{{.decision = {.action = GB_DECIDE_UPDATE}},
		 "The group is written as it should be."},
		{{.decision = {.action = GB_DECIDE_UPDATE}, .changes = 1},
		 "The group will be changed."},
		{{.decision = {.action = GB_DECIDE_FREEZE}, .object_no = 1, .dn = "CN=x"},
		 "The group is written and left as it is."},
		{{.decision = {.action = GB_DECIDE_FREEZE}, .object_no = 1},
		 "The group should be written, but is not."},
		{{.decision = {.action = GB_DECIDE_SKIP}}, "The group is not written."},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct gb_plan_note note = rows[i].note;
		char *text;

		note.decision.cause = GB_CAUSE_DISABLED;
		text = gb_explain_decision(NULL, &note);
		assert_memory_equal(text, rows[i].begins, strlen(rows[i].begins));
		assert_non_null(strstr(text, " Writeback is disabled for the group."));
		talloc_free(text);
	}
}

static void nothing_to_say_about_members_is_nothing(void **state)
{
	struct gb_plan_note note = {
		.decision = {.action = GB_DECIDE_SKIP, .cause = GB_CAUSE_NOT_ENABLED}};
	char *text = gb_explain_note(NULL, &note);

	(void)state;
	assert_string_equal(text, "00000000-0000-0000-0000-000000000000: The group is not "
				  "written. Writeback is not enabled for the group.");
	talloc_free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_of_change_has_its_lines),
		cmocka_unit_test(a_group_without_a_name_is_shown_by_its_id),
		cmocka_unit_test(hostile_text_reaches_no_terminal),
		cmocka_unit_test(a_note_says_what_why_and_about_whom),
		cmocka_unit_test(held_removals_and_strangers_are_told),
		cmocka_unit_test(decisions_read_as_sentences),
		cmocka_unit_test(nothing_to_say_about_members_is_nothing),
	};

	return cmocka_run_group_tests_name("plan/print", tests, NULL, NULL);
}
