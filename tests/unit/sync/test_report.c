/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/sync/report. */
#include "config.h"

#include "engine/base/clock.h"
#include "engine/base/json.h"
#include "engine/sync/report.h"
#include "tests/unit/unit.h"

static const struct gb_guid some_id = {.bytes = {1, 2, 3}};

static struct gb_plan_note note_with(enum gb_decision_action action, enum gb_cause cause)
{
	return (struct gb_plan_note){
		.cloud_id = some_id,
		.name = "Sales\x1b[31m",
		.decision = {.action = action, .cause = cause},
	};
}

static int exit_code_of(struct gb_report *report, enum gb_rc rc)
{
	struct gb_err err;

	gb_err_clear(&err);
	err.rc = rc;
	gb_report_finish(report, &err);
	return report->exit_code;
}

static void a_run_without_problems_ends_with_0(void **state)
{
	struct gb_report *report = gb_report_new(NULL, "delta", false);

	(void)state;
	assert_int_equal(exit_code_of(report, GB_OK), 0);
	talloc_free(report);
}

static void a_frozen_group_makes_it_3_and_a_kept_one_does_not(void **state)
{
	struct gb_report *report = gb_report_new(NULL, "delta", false);
	struct gb_plan_note kept = note_with(GB_DECIDE_FREEZE, GB_CAUSE_DISABLED);
	struct gb_plan_note frozen = note_with(GB_DECIDE_FREEZE, GB_CAUSE_ANCHOR_TWINS);

	(void)state;
	gb_report_note(report, &kept);
	assert_int_equal(report->kept_groups, 1);
	assert_int_equal(exit_code_of(report, GB_OK), 0);
	gb_report_note(report, &frozen);
	assert_int_equal(report->problem_groups, 1);
	assert_int_equal(exit_code_of(report, GB_OK), 3);
	assert_string_equal(report->groups[0].id, gb_cause_id(GB_CAUSE_ANCHOR_TWINS));
	talloc_free(report);
}

static void removals_that_are_held_back_are_a_problem_of_their_group(void **state)
{
	struct gb_report *report = gb_report_new(NULL, "delta", false);
	struct gb_plan_note note = note_with(GB_DECIDE_UPDATE, GB_CAUSE_ENABLED);

	(void)state;
	note.held_cause = GB_CAUSE_CLOUD_INCOMPLETE;
	gb_report_note(report, &note);
	assert_string_equal(report->groups[0].id, gb_cause_id(GB_CAUSE_CLOUD_INCOMPLETE));
	talloc_free(report);
}

static void what_ended_the_run_weighs_more_than_what_happened_to_groups(void **state)
{
	struct gb_report *report = gb_report_new(NULL, "delta", false);

	(void)state;
	gb_report_problem(report, &some_id, "x", "some-id", "text");
	assert_int_equal(exit_code_of(report, GB_E_ACCESS), 77);
	talloc_free(report);
}

static void names_are_safe_to_show(void **state)
{
	struct gb_report *report = gb_report_new(NULL, "delta", false);

	(void)state;
	gb_report_problem(report, &some_id, "a\x1b[31m\nb", "some-id", "text");
	assert_null(strchr(report->groups[0].name, '\x1b'));
	assert_null(strchr(report->groups[0].name, '\n'));
	talloc_free(report);
}

static void the_list_of_groups_is_bounded_and_the_count_goes_on(void **state)
{
	struct gb_report *report = gb_report_new(NULL, "delta", false);

	(void)state;
	for (int i = 0; i < GB_REPORT_MAX_GROUPS + 5; i++) {
		gb_report_problem(report, &some_id, "x", "some-id", "text");
	}
	assert_int_equal(report->group_count, GB_REPORT_MAX_GROUPS);
	assert_int_equal(report->problem_groups, GB_REPORT_MAX_GROUPS + 5);
	talloc_free(report);
}

static void the_json_is_json_and_says_the_same(void **state)
{
	struct gb_report *report = gb_report_new(NULL, "initial", true);
	struct gb_json_doc *doc;
	struct gb_err err;
	int64_t code;
	char *json;

	(void)state;
	gb_report_problem(report, &some_id, "N\"ame", "some-id", "text");
	(void)exit_code_of(report, GB_OK);
	json = gb_report_json(report, report);
	assert_int_equal(gb_json_parse(report, json, strlen(json), "report", &doc, &err), GB_OK);
	assert_string_equal(gb_json_get_text(gb_json_root(doc), "policy"), "initial");
	assert_true(gb_json_get_bool(gb_json_root(doc), "dryRun", false));
	assert_true(gb_json_get_int(gb_json_root(doc), "exitCode", &code));
	assert_int_equal(code, 3);
	assert_int_equal(gb_json_member_kind(gb_json_root(doc), "error"), GB_JSON_NULL);
	talloc_free(report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_without_problems_ends_with_0),
		cmocka_unit_test(a_frozen_group_makes_it_3_and_a_kept_one_does_not),
		cmocka_unit_test(removals_that_are_held_back_are_a_problem_of_their_group),
		cmocka_unit_test(what_ended_the_run_weighs_more_than_what_happened_to_groups),
		cmocka_unit_test(names_are_safe_to_show),
		cmocka_unit_test(the_list_of_groups_is_bounded_and_the_count_goes_on),
		cmocka_unit_test(the_json_is_json_and_says_the_same),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
