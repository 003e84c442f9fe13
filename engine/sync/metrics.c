/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Metrics for Prometheus. */
#include "config.h"

#include "engine/sync/metrics.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/buffer.h"
#include "engine/base/change.h"
#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"

#define SUCCESS "groupback_last_success_timestamp_seconds"
#define EXIT_PARTIAL 3

/* Fixed words alone become labels: nothing has to be escaped. */
static const char *const operations[] = {
	[GB_CHANGE_CREATE] = "create",
	[GB_CHANGE_ATTRIBUTES] = "attributes",
	[GB_CHANGE_REMOVE_MEMBERS] = "remove_members",
	[GB_CHANGE_ADD_MEMBERS] = "add_members",
	[GB_CHANGE_RENAME] = "rename",
	[GB_CHANGE_MOVE] = "move",
	[GB_CHANGE_DELETE] = "delete",
};

static void family(struct gb_buffer *text, const char *name, const char *help)
{
	gb_buffer_add_format(text, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void put_int(struct gb_buffer *text, const char *name, const char *help, int64_t value)
{
	family(text, name, help);
	gb_buffer_add_format(text, "%s %" PRId64 "\n", name, value);
}

static void put_seconds(struct gb_buffer *text, const char *name, const char *help, int64_t ms)
{
	family(text, name, help);
	gb_buffer_add_format(text, "%s %" PRId64 ".%03" PRId64 "\n", name, ms / 1000, ms % 1000);
}

static void put_operations(struct gb_buffer *text, const struct gb_report *report)
{
	const char *name = "groupback_last_run_operations";

	family(text, name, "Changes of the last run, by kind and result.");
	for (size_t kind = GB_CHANGE_CREATE; kind < GB_ARRAY_SIZE(operations); kind++) {
		const struct gb_report_results *results = &report->results[kind];

		gb_buffer_add_format(text,
				     "%s{operation=\"%s\",result=\"applied\"} %" PRId64 "\n"
				     "%s{operation=\"%s\",result=\"failed\"} %" PRId64 "\n"
				     "%s{operation=\"%s\",result=\"unknown\"} %" PRId64 "\n",
				     name, operations[kind], results->applied, name,
				     operations[kind], results->failed, name, operations[kind],
				     results->unknown);
	}
}

static void put_responses(struct gb_buffer *text, const struct gb_report_traffic *traffic)
{
	const char *name = "groupback_last_run_http_responses";

	family(text, name, "Requests to the cloud in the last run, by HTTP status; none: no answer.");
	for (size_t i = 0; i < traffic->answer_count; i++) {
		const struct gb_report_answers *answers = &traffic->answers[i];

		if (answers->status == 0) {
			gb_buffer_add_format(text, "%s{code=\"none\"} %" PRIu64 "\n", name,
					     answers->count);
		} else {
			gb_buffer_add_format(text, "%s{code=\"%d\"} %" PRIu64 "\n", name,
					     answers->status, answers->count);
		}
	}
}

static void put_ldap(struct gb_buffer *text, const struct gb_report_traffic *traffic)
{
	const char *name = "groupback_last_run_ldap_requests";
	const struct {
		const char *operation;
		uint64_t count;
	} rows[] = {
		{"search", traffic->ldap_searches}, {"add", traffic->ldap_adds},
		{"modify", traffic->ldap_modifies}, {"rename", traffic->ldap_renames},
		{"delete", traffic->ldap_deletes},
	};

	family(text, name, "Requests to the directory in the last run, by operation.");
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		gb_buffer_add_format(text, "%s{operation=\"%s\"} %" PRIu64 "\n", name,
				     rows[i].operation, rows[i].count);
	}
}

static void put_groups(struct gb_buffer *text, const struct gb_report *report)
{
	put_int(text, "groupback_problem_groups",
		"Groups that failed or are frozen, as of the last run.", report->problem_groups);
	put_int(text, "groupback_waiting_changes", "Changes that wait for somebody's approval.",
		report->waiting.changes);
	put_int(text, "groupback_guard_stopped",
		"1: the last run was stopped before its first write (exit code 4).",
		report->exit_code == 4);
	put_int(text, "groupback_standby",
		"1: another engine holds the lease, and this one waits.", report->is_standby);
}

static void put_run(struct gb_buffer *text, const struct gb_report *report, int64_t success_ms)
{
	bool is_good = report->exit_code == 0 || report->exit_code == EXIT_PARTIAL;

	family(text, "groupback_info", "The engine that wrote this.");
	gb_buffer_add_format(text, "groupback_info{version=\"%s\"} 1\n", PACKAGE_VERSION);
	put_seconds(text, "groupback_last_run_timestamp_seconds", "When the last run ended.",
		    report->ended_ms);
	put_seconds(text, "groupback_last_run_duration_seconds", "How long it took.",
		    report->duration_ms);
	put_int(text, "groupback_last_run_exit_code", "Its exit code, see groupback-engine(8).",
		report->exit_code);
	if (is_good || success_ms > 0) {
		put_seconds(text, SUCCESS, "When a run last reached its end (exit codes 0 and 3).",
			    is_good ? report->ended_ms : success_ms);
	}
}

char *gb_metrics_text(const void *ctx, const struct gb_report *report, int64_t success_ms)
{
	struct gb_buffer *text = gb_buffer_new(NULL);
	char *copy;

	put_run(text, report, success_ms);
	put_operations(text, report);
	put_groups(text, report);
	if (report->certificate_end_ms > 0) {
		const char *name = "groupback_credential_expiry_timestamp_seconds";

		family(text, name, "When a credential ends, as far as the engine can know.");
		gb_buffer_add_format(text, "%s{credential=\"certificate\"} %" PRId64 "\n", name,
				     report->certificate_end_ms / 1000);
	}
	put_responses(text, &report->traffic);
	put_ldap(text, &report->traffic);
	copy = gb_strdup(ctx, text->text);
	talloc_free(text);
	return copy;
}

/* By hand: strtod() reads what the locale writes. */
int64_t gb_metrics_success_ms(const char *text)
{
	const char *line = strstr(text, "\n" SUCCESS " ");
	char *end = NULL;
	long long seconds = line != NULL ? strtoll(line + strlen("\n" SUCCESS " "), &end, 10) : 0;

	if (seconds <= 0 || seconds > INT64_C(1000000000000) || *end != '.') {
		return 0;
	}
	return seconds * 1000 + strtoll(end + 1, NULL, 10) % 1000;
}

enum gb_rc gb_metrics_write(const char *path, const struct gb_report *report, struct gb_err *err)
{
	void *ctx = gb_new_tmp(NULL);
	int64_t success_ms = 0;
	struct gb_err ignored;
	size_t length;
	char *text;
	enum gb_rc rc;

	/* Without the file that was there, only the time of the last success is not known. */
	if (gb_file_read_trusted(ctx, path, GB_METRICS_MAX_BYTES, &text, &length, &ignored) ==
	    GB_OK) {
		success_ms = gb_metrics_success_ms(text);
	}
	text = gb_metrics_text(ctx, report, success_ms);
	rc = gb_file_write_atomic(path, text, strlen(text), 0644, err);
	talloc_free(ctx);
	return rc;
}

void gb_metrics_leave(const char *path, const struct gb_report *report)
{
	struct gb_err err;

	if (report->dry_run || strcmp(report->err.id, "lock-held") == 0) {
		return;
	}
	if (gb_metrics_write(path, report, &err) != GB_OK) {
		gb_err_prefix(&err, "%s", _("metrics"));
		gb_log_err(GB_LOG_WARNING, "sync", &err);
	}
}
