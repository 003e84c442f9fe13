/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/plan/explain. */
#include "config.h"

#include "engine/base/compiler.h"
#include "engine/plan/explain.h"
#include "tests/unit/unit.h"

static struct gb_plan_note note_of(enum gb_decision_action action, enum gb_cause cause)
{
	return (struct gb_plan_note){
		.cloud_id = {.bytes = {1}},
		.name = "Sales",
		.dn = "CN=Sales",
		.object_no = 7,
		.decision = {.action = action, .cause = cause},
	};
}

static void each_action_has_its_sentence(void **state)
{
	static const struct {
		enum gb_decision_action action;
		int64_t changes;
		int64_t object_no;
		const char *begins;
	} rows[] = {
		{GB_DECIDE_SKIP, 0, 0, "The group is not written."},
		{GB_DECIDE_CREATE, 1, 0, "The group will be created."},
		{GB_DECIDE_UPDATE, 0, 7, "The group is written as it should be."},
		{GB_DECIDE_UPDATE, 1, 7, "The group will be changed."},
		{GB_DECIDE_FREEZE, 0, 7, "The group is written and left as it is."},
		{GB_DECIDE_FREEZE, 0, 0, "The group should be written, but is not."},
		{GB_DECIDE_DISABLE, 0, 7, "The group is disabled: it gives no access."},
		{GB_DECIDE_DISABLE, 1, 7, "The group will be disabled: it keeps its SID"},
		{GB_DECIDE_DELETE, 1, 7, "The group will be deleted."},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct gb_plan_note note = note_of(rows[i].action, GB_CAUSE_ENABLED);
		char *text;

		note.changes = rows[i].changes;
		note.object_no = rows[i].object_no;
		text = gb_explain_decision(NULL, &note);
		assert_memory_equal(text, rows[i].begins, strlen(rows[i].begins));
		assert_non_null(strstr(text, gb_cause_sentence(GB_CAUSE_ENABLED)));
		talloc_free(text);
	}
}

static void a_planned_object_without_a_place_is_not_written_yet(void **state)
{
	struct gb_plan_note note = note_of(GB_DECIDE_FREEZE, GB_CAUSE_ANCHOR_TWINS);
	char *text;

	(void)state;
	note.dn = NULL;
	text = gb_explain_decision(NULL, &note);
	assert_non_null(strstr(text, "should be written, but is not"));
	talloc_free(text);
}

static void who_holds_it_and_what_is_fought_over_are_named(void **state)
{
	struct gb_plan_note held = note_of(GB_DECIDE_FREEZE, GB_CAUSE_DELETE_HELD);
	struct gb_plan_note fight = note_of(GB_DECIDE_FREEZE, GB_CAUSE_FIGHT);
	char *text;

	(void)state;
	held.holders = "CN=Finance\x1b[2J";
	text = gb_explain_decision(NULL, &held);
	assert_non_null(strstr(text, "CN=Finance"));
	assert_null(strchr(text, '\x1b'));
	talloc_free(text);
	fight.fight_over = "displayName, member";
	text = gb_explain_decision(NULL, &fight);
	assert_non_null(strstr(text, "It is about: displayName, member."));
	talloc_free(text);
	fight.decision.cause = GB_CAUSE_ENABLED;
	text = gb_explain_decision(NULL, &fight);
	assert_null(strstr(text, "It is about"));
	talloc_free(text);
}

static void members_are_counted_with_their_causes(void **state)
{
	int64_t unmatched[GB_CAUSE_MEMBER_COUNT] = {0};
	struct gb_plan_note note = note_of(GB_DECIDE_UPDATE, GB_CAUSE_ENABLED);
	char *text;

	(void)state;
	unmatched[0] = 2;
	unmatched[3] = 1;
	note.listed = 10;
	note.unmatched = unmatched;
	note.remark = GB_CAUSE_MAIL_TAKEN;
	note.held_cause = GB_CAUSE_CLOUD_INCOMPLETE;
	note.members.held = 1;
	note.members.unidentified = 4;
	text = gb_explain_members(NULL, &note);
	assert_memory_equal(text, gb_cause_sentence(GB_CAUSE_MAIL_TAKEN),
			    strlen(gb_cause_sentence(GB_CAUSE_MAIL_TAKEN)));
	assert_non_null(strstr(text, "The cloud lists 10 members."));
	assert_non_null(strstr(text, "3 members are not written: (2) "));
	assert_non_null(strstr(text, gb_cause_sentence(GB_CAUSE_MEMBER_FIRST + 3)));
	assert_non_null(strstr(text, "1 removal is held back."));
	assert_non_null(strstr(text, "4 members in the directory cannot be identified and stay."));
	talloc_free(text);
}

static void one_is_one_and_nothing_is_nothing(void **state)
{
	int64_t unmatched[GB_CAUSE_MEMBER_COUNT] = {1};
	struct gb_plan_note note = note_of(GB_DECIDE_UPDATE, GB_CAUSE_ENABLED);
	char *text;

	(void)state;
	text = gb_explain_members(NULL, &note);
	assert_string_equal(text, "");
	talloc_free(text);
	note.listed = 1;
	note.unmatched = unmatched;
	note.members.held = 2;
	note.members.unidentified = 1;
	text = gb_explain_members(NULL, &note);
	assert_non_null(strstr(text, "The cloud lists 1 member. 1 member is not written:"));
	assert_non_null(strstr(text, "2 removals are held back."));
	assert_non_null(strstr(text, "1 member in the directory cannot be identified and stays."));
	talloc_free(text);
	note.unmatched = NULL;
	text = gb_explain_members(NULL, &note);
	assert_null(strstr(text, "not written"));
	talloc_free(text);
}

static void a_note_is_one_line_that_begins_with_the_name_or_the_id(void **state)
{
	struct gb_plan_note note = note_of(GB_DECIDE_UPDATE, GB_CAUSE_ENABLED);
	char *text = gb_explain_note(NULL, &note);

	(void)state;
	assert_memory_equal(text, "Sales: The group", 16);
	talloc_free(text);
	note.name = NULL;
	note.listed = 3;
	text = gb_explain_note(NULL, &note);
	assert_memory_equal(text, "01000000-", 9);
	assert_non_null(strstr(text, "The cloud lists 3 members."));
	talloc_free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_action_has_its_sentence),
		cmocka_unit_test(a_planned_object_without_a_place_is_not_written_yet),
		cmocka_unit_test(who_holds_it_and_what_is_fought_over_are_named),
		cmocka_unit_test(members_are_counted_with_their_causes),
		cmocka_unit_test(one_is_one_and_nothing_is_nothing),
		cmocka_unit_test(a_note_is_one_line_that_begins_with_the_name_or_the_id),
	};

	return cmocka_run_group_tests_name("plan/explain", tests, NULL, NULL);
}
