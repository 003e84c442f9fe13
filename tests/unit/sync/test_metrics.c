/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/sync/metrics. The syntax is tested with Prometheus' own parser: test_metrics.sh. */
#include "config.h"

#include "engine/sync/metrics.h"
#include "tests/unit/unit.h"

#define NOW_MS (INT64_C(1790000000) * 1000 + 7)

static struct gb_report *report_with(int exit_code)
{
	struct gb_report *report = gb_report_new(NULL, "delta", false);

	report->ended_ms = NOW_MS;
	report->duration_ms = 1234;
	report->exit_code = exit_code;
	return report;
}

static bool has_line(const char *text, const char *line)
{
	char *needle = gb_printf(NULL, "\n%s\n", line);
	bool has = strstr(text, needle) != NULL;

	talloc_free(needle);
	return has;
}

static void a_failed_run_keeps_the_time_of_the_last_success(void **state)
{
	struct gb_report *good = report_with(3);
	struct gb_report *bad = report_with(69);
	const char *text = gb_metrics_text(good, good, 0);

	(void)state;
	assert_int_equal(gb_metrics_success_ms(text), NOW_MS);
	bad->ended_ms = NOW_MS + 60000;
	text = gb_metrics_text(bad, bad, gb_metrics_success_ms(text));
	assert_int_equal(gb_metrics_success_ms(text), NOW_MS);
	assert_true(has_line(text, "groupback_last_run_timestamp_seconds 1790000060.007"));
	assert_true(has_line(text, "groupback_last_run_duration_seconds 1.234"));
	assert_true(has_line(text, "groupback_last_run_exit_code 69"));
	talloc_free(good);
	talloc_free(bad);
}

static void without_a_success_its_time_is_absent(void **state)
{
	struct gb_report *bad = report_with(4);
	const char *text = gb_metrics_text(bad, bad, 0);

	(void)state;
	assert_null(strstr(text, "last_success"));
	assert_int_equal(gb_metrics_success_ms(text), 0);
	assert_int_equal(gb_metrics_success_ms("\ngroupback_last_success_timestamp_seconds x\n"), 0);
	assert_true(has_line(text, "groupback_guard_stopped 1"));
	talloc_free(bad);
}

static void what_was_done_is_counted_by_kind_and_answers_by_status(void **state)
{
	struct gb_report *report = report_with(0);
	const char *text;

	(void)state;
	report->results[GB_CHANGE_ADD_MEMBERS] =
		(struct gb_report_results){.applied = 5, .failed = 1, .unknown = 2};
	report->traffic.answers[0] = (struct gb_report_answers){.status = 0, .count = 1};
	report->traffic.answers[1] = (struct gb_report_answers){.status = 429, .count = 3};
	report->traffic.answer_count = 2;
	report->traffic.ldap_searches = 17;
	report->certificate_end_ms = NOW_MS;
	text = gb_metrics_text(report, report, 0);
	assert_true(has_line(
		text, "groupback_last_run_operations{operation=\"add_members\",result=\"applied\"} 5"));
	assert_true(has_line(
		text, "groupback_last_run_operations{operation=\"add_members\",result=\"failed\"} 1"));
	assert_true(has_line(
		text, "groupback_last_run_operations{operation=\"add_members\",result=\"unknown\"} 2"));
	assert_true(has_line(text, "groupback_last_run_http_responses{code=\"none\"} 1"));
	assert_true(has_line(text, "groupback_last_run_http_responses{code=\"429\"} 3"));
	assert_true(has_line(text, "groupback_last_run_ldap_requests{operation=\"search\"} 17"));
	assert_true(has_line(text, "groupback_credential_expiry_timestamp_seconds{credential="
				   "\"certificate\"} 1790000000"));
	talloc_free(report);
}

static void the_file_is_for_everybody_and_remembers(void **state)
{
	char *folder = unit_folder(NULL);
	char *path = gb_printf(folder, "%s/groupback.prom", folder);
	struct gb_report *good = report_with(0);
	struct gb_report *bad = report_with(77);
	struct stat st;
	struct gb_err err;

	(void)state;
	assert_int_equal(gb_metrics_write(path, good, &err), GB_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_equal(gb_metrics_write(path, bad, &err), GB_OK);
	assert_int_equal(gb_metrics_success_ms(unit_read(folder, path)), NOW_MS);
	talloc_free(good);
	talloc_free(bad);
	talloc_free(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_failed_run_keeps_the_time_of_the_last_success),
		cmocka_unit_test(without_a_success_its_time_is_absent),
		cmocka_unit_test(what_was_done_is_counted_by_kind_and_answers_by_status),
		cmocka_unit_test(the_file_is_for_everybody_and_remembers),
	};

	return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
