/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report of one run: collected, counted, written. */
#include "config.h"

#include "engine/sync/report.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/plan/explain.h"

/** Exit code of a run in which some groups failed or are frozen. */
#define EXIT_PARTIAL 3
/** Exit code of a run that SIGINT stopped (SIGTERM: gb_rc_exit_code()). */
#define EXIT_INTERRUPTED 130

struct gb_report *gb_report_new(const void *ctx, const char *policy, bool dry_run)
{
	struct gb_report *report = gb_new(ctx, struct gb_report);

	report->policy = gb_strdup(report, policy);
	report->dry_run = dry_run;
	report->begun_ms = gb_clock_wall_ms();
	report->boot_begun_ms = gb_clock_boot_ms();
	return report;
}

static void add_group(struct gb_report *report, struct gb_report_group **list, size_t *count,
		      const struct gb_guid *cloud_id, const char *name, const char *id,
		      const char *text)
{
	struct gb_report_group *group;

	if (*count >= GB_REPORT_MAX_GROUPS) {
		return;
	}
	if (*count == talloc_array_length(*list)) {
		size_t room = *count < 16 ? 32 : *count * 2;

		*list = gb_mem_check(
			talloc_realloc(report, *list, struct gb_report_group, (unsigned)room));
	}
	group = &(*list)[(*count)++];
	gb_guid_format(cloud_id, group->cloud_id);
	group->name = gb_text_display(report, name);
	group->id = gb_strdup(report, id);
	group->text = gb_strdup(report, text);
}

void gb_report_problem(struct gb_report *report, const struct gb_guid *cloud_id, const char *name,
		       const char *id, const char *text)
{
	report->problem_groups++;
	add_group(report, &report->groups, &report->group_count, cloud_id, name, id, text);
}

void gb_report_notice(struct gb_report *report, const struct gb_guid *cloud_id, const char *name,
		      const char *id, const char *text)
{
	report->notice_total++;
	add_group(report, &report->notices, &report->notice_count, cloud_id, name, id, text);
}

unsigned gb_report_waits_bit(enum gb_cause cause)
{
	return 1u << (unsigned)(cause - GB_CAUSE_WAITS_REMOVALS);
}

static bool is_kept(const struct gb_plan_note *note)
{
	return note->decision.action == GB_DECIDE_FREEZE &&
	       !gb_cause_is_problem(note->decision.cause);
}

void gb_report_note(struct gb_report *report, const struct gb_plan_note *note)
{
	enum gb_cause cause = note->decision.cause;

	for (int i = 0; note->unmatched != NULL && i < GB_CAUSE_MEMBER_COUNT; i++) {
		report->unmatched[i] += note->unmatched[i];
	}
	report->touched_groups += note->changes > note->waiting;
	if (is_kept(note)) {
		report->kept_groups++;
		return;
	}
	if (note->waiting > 0) {
		gb_report_problem(report, &note->cloud_id, note->name, gb_cause_id(note->waits),
				  gb_cause_sentence(note->waits));
		return;
	}
	if (!gb_cause_is_problem(cause)) {
		cause = note->held_cause != GB_CAUSE_NONE ? note->held_cause : note->remark;
	}
	if (cause != GB_CAUSE_NONE) {
		char *text = gb_explain_decision(report, note);

		gb_report_problem(report, &note->cloud_id, note->name, gb_cause_id(cause),
				  cause == note->decision.cause ? text : gb_cause_sentence(cause));
		talloc_free(text);
	}
}

void gb_report_finish(struct gb_report *report, const struct gb_err *err)
{
	report->err = *err;
	report->ended_ms = gb_clock_wall_ms();
	report->duration_ms = gb_clock_boot_ms() - report->boot_begun_ms;
	report->exit_code = err->rc == GB_E_CANCELLED && err->native == SIGINT
				    ? EXIT_INTERRUPTED
				    : gb_rc_exit_code(err->rc);
	if (report->problem_groups > 0 || report->failed > 0 || report->unknown > 0) {
		report->exit_code = gb_exit_code_worst(report->exit_code, EXIT_PARTIAL);
	}
}

char *gb_report_summary(const void *ctx, const struct gb_report *report)
{
	const struct gb_plan_counts *p = &report->planned;

	return gb_printf(ctx,
			 "run %lld %s%s: %lld groups looked at, %lld created, %lld renamed, %lld "
			 "members added, %lld removed, %lld problems, %lld waiting, %lld kept; "
			 "%llu LDAP writes, "
			 "%llu HTTP requests, %lld ms; exit %d",
			 (long long)report->run_no, report->policy,
			 report->dry_run	    ? " (dry run)"
			 : report->is_standby ? " (standby)"
					      : "", (long long)p->groups,
			 (long long)p->creates, (long long)p->renames, (long long)p->member_adds,
			 (long long)p->member_removes, (long long)report->problem_groups,
			 (long long)report->waiting.changes, (long long)report->kept_groups,
			 (unsigned long long)report->traffic.ldap_writes,
			 (unsigned long long)report->traffic.http_requests,
			 (long long)report->duration_ms, report->exit_code);
}

static char *path_of(const void *ctx, const char *state_directory, int64_t run_no)
{
	return gb_printf(ctx, "%s/runs/%lld.json", state_directory, (long long)run_no);
}

static enum gb_rc make_runs_folder(const char *state_directory, struct gb_err *err)
{
	char *path = gb_printf(NULL, "%s/runs", state_directory);
	enum gb_rc rc = GB_OK;

	if (mkdir(path, 0700) != 0 && errno != EEXIST) {
		int saved = errno;

		rc = gb_err_set(err, GB_E_IO, "report-folder",
				_("The folder %s cannot be made: %s."), path, strerror(saved));
		gb_err_native(err, saved);
		gb_err_undone(err, _("The report of this run was not written."));
	}
	talloc_free(path);
	return rc;
}

enum gb_rc gb_report_write(const struct gb_report *report, const char *state_directory,
			   struct gb_err *err)
{
	char *json = gb_report_json(NULL, report);
	size_t length = strlen(json);
	char *last = gb_printf(json, "%s/last.json", state_directory);
	enum gb_rc rc = make_runs_folder(state_directory, err);

	if (rc == GB_OK && report->run_no > 0) {
		rc = gb_file_write_atomic(path_of(json, state_directory, report->run_no), json,
					  length, 0600, err);
	}
	if (rc == GB_OK) {
		rc = gb_file_write_atomic(last, json, length, 0600, err);
	}
	talloc_free(json);
	return rc;
}
