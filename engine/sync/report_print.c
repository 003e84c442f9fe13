/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report of one run, as JSON and for people. */
#include "config.h"

#include "engine/sync/report.h"

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

static void put_time(struct gb_json_writer *w, const char *key, int64_t wall_ms)
{
	char text[GB_CLOCK_TEXT_BYTES];

	gb_json_put_text(w, key, wall_ms > 0 ? gb_clock_format(wall_ms, text) : NULL);
}

static void put_error(struct gb_json_writer *w, const struct gb_err *err)
{
	if (err->rc == GB_OK) {
		gb_json_put_null(w, "error");
		return;
	}
	gb_json_begin_object(w, "error");
	gb_json_put_text(w, "id", err->id);
	gb_json_put_int(w, "native", err->native);
	gb_json_put_text(w, "what", err->what);
	gb_json_put_text(w, "undone", err->undone);
	gb_json_put_text(w, "remedy", err->remedy);
	gb_json_end_object(w);
}

void gb_report_put_plan(struct gb_json_writer *w, const struct gb_report *report)
{
	const struct gb_plan_counts *p = &report->planned;

	gb_json_begin_object(w, "plan");
	gb_json_put_int(w, "groups", p->groups);
	gb_json_put_int(w, "inScope", p->in_scope);
	gb_json_put_int(w, "written", p->written);
	gb_json_put_int(w, "unchanged", p->unchanged);
	gb_json_put_int(w, "frozen", p->frozen);
	gb_json_put_int(w, "kept", report->kept_groups);
	gb_json_put_int(w, "creates", p->creates);
	gb_json_put_int(w, "attributeChanges", p->attributes);
	gb_json_put_int(w, "renames", p->renames);
	gb_json_put_int(w, "typeChanges", p->type_changes);
	gb_json_put_int(w, "accessChanges", p->access_changes);
	gb_json_put_int(w, "memberAdds", p->member_adds);
	gb_json_put_int(w, "memberRemoves", p->member_removes);
	gb_json_put_int(w, "memberRemovesHeldBack", p->members_held);
	gb_json_put_int(w, "changes", p->changes);
	gb_json_put_int(w, "disables", p->disables);
	gb_json_put_int(w, "deletions", p->deletes);
	gb_json_put_int(w, "moves", p->moves);
	gb_json_put_int(w, "changesWaiting", p->waiting);
	gb_json_put_int(w, "groupsWaiting", p->waiting_groups);
	gb_json_end_object(w);
}

static void put_digest(struct gb_json_writer *w, const char *key,
		       const struct gb_plan_digest *digest)
{
	if (digest->hex[0] == '\0') {
		gb_json_put_null(w, key);
		return;
	}
	gb_json_begin_object(w, key);
	gb_json_put_text(w, "digest", digest->hex);
	gb_json_put_int(w, "changes", digest->changes);
	gb_json_end_object(w);
}

static void put_applied(struct gb_json_writer *w, const struct gb_report *report)
{
	gb_json_begin_object(w, "applied");
	gb_json_put_int(w, "applied", report->applied);
	gb_json_put_int(w, "failed", report->failed);
	gb_json_put_int(w, "unknown", report->unknown);
	gb_json_end_object(w);
}

static void put_traffic(struct gb_json_writer *w, const struct gb_report_traffic *t)
{
	gb_json_begin_object(w, "traffic");
	gb_json_put_int(w, "httpRequests", (int64_t)t->http_requests);
	gb_json_put_int(w, "httpRetries", (int64_t)t->http_retries);
	gb_json_put_int(w, "throttledMs", t->throttled_ms);
	gb_json_put_int(w, "ldapSearches", (int64_t)t->ldap_searches);
	gb_json_put_int(w, "ldapWrites", (int64_t)t->ldap_writes);
	gb_json_put_int(w, "ldapAdds", (int64_t)t->ldap_adds);
	gb_json_put_int(w, "ldapModifies", (int64_t)t->ldap_modifies);
	gb_json_put_int(w, "ldapMemberValues", (int64_t)t->ldap_values);
	gb_json_put_int(w, "ldapRenames", (int64_t)t->ldap_renames);
	gb_json_put_int(w, "ldapDeletes", (int64_t)t->ldap_deletes);
	gb_json_end_object(w);
}

void gb_report_put_unmatched(struct gb_json_writer *w, const struct gb_report *report)
{
	gb_json_begin_object(w, "membersNotWritten");
	for (int i = 0; i < GB_CAUSE_MEMBER_COUNT; i++) {
		if (report->unmatched[i] > 0) {
			gb_json_put_int(w, gb_cause_id((enum gb_cause)(GB_CAUSE_MEMBER_FIRST + i)),
					report->unmatched[i]);
		}
	}
	gb_json_end_object(w);
}

static void put_groups(struct gb_json_writer *w, const char *key,
		       const struct gb_report_group *groups, size_t count)
{
	gb_json_begin_array(w, key);
	for (size_t i = 0; i < count; i++) {
		const struct gb_report_group *group = &groups[i];

		gb_json_begin_object(w, NULL);
		gb_json_put_text(w, "group", group->cloud_id);
		gb_json_put_text(w, "name", group->name);
		gb_json_put_text(w, "id", group->id);
		gb_json_put_text(w, "text", group->text);
		gb_json_end_object(w);
	}
	gb_json_end_array(w);
}

char *gb_report_json(const void *ctx, const struct gb_report *report)
{
	struct gb_json_writer *w = gb_json_writer_new(ctx, true);
	char *text;

	gb_json_begin_object(w, NULL);
	gb_json_put_int(w, "schema", 1);
	gb_json_put_int(w, "run", report->run_no);
	gb_json_put_text(w, "state", report->state);
	gb_json_put_text(w, "policy", report->policy);
	gb_json_put_bool(w, "dryRun", report->dry_run);
	gb_json_put_bool(w, "standby", report->is_standby);
	put_time(w, "begun", report->begun_ms);
	put_time(w, "ended", report->ended_ms);
	gb_json_put_int(w, "durationMs", report->duration_ms);
	gb_json_put_int(w, "exitCode", report->exit_code);
	put_error(w, &report->err);
	gb_report_put_plan(w, report);
	put_digest(w, "savedPlan", &report->plan);
	put_digest(w, "waitingPlan", &report->waiting);
	put_applied(w, report);
	put_traffic(w, &report->traffic);
	gb_report_put_unmatched(w, report);
	gb_json_put_int(w, "problemGroups", report->problem_groups);
	put_groups(w, "problems", report->groups, report->group_count);
	gb_json_put_int(w, "noticeGroups", report->notice_total);
	put_groups(w, "notices", report->notices, report->notice_count);
	gb_json_end_object(w);
	text = gb_printf(ctx, "%s\n", gb_json_writer_text(w));
	talloc_free(w);
	return text;
}

static void append(char **text, const char *line)
{
	*text = gb_mem_check(talloc_strdup_append_buffer(*text, line));
	*text = gb_mem_check(talloc_strdup_append_buffer(*text, "\n"));
}

static void append_unmatched(char **text, const struct gb_report *report)
{
	for (int i = 0; i < GB_CAUSE_MEMBER_COUNT; i++) {
		char *line;

		if (report->unmatched[i] == 0) {
			continue;
		}
		line = gb_printf(*text, "  %6lld  %s", (long long)report->unmatched[i],
				 gb_cause_sentence((enum gb_cause)(GB_CAUSE_MEMBER_FIRST + i)));
		append(text, line);
	}
}

static int64_t unmatched_total(const struct gb_report *report)
{
	int64_t total = 0;

	for (int i = 0; i < GB_CAUSE_MEMBER_COUNT; i++) {
		total += report->unmatched[i];
	}
	return total;
}

static void append_groups(char **text, const struct gb_report_group *groups, size_t count,
			  int64_t total)
{
	for (size_t i = 0; i < count; i++) {
		append(text, gb_printf(*text, "  %s \"%s\": %s", groups[i].cloud_id, groups[i].name,
				       groups[i].text));
	}
	if (total > (int64_t)count) {
		append(text, _("  The list ends here; the counts above hold all of them."));
	}
}

static void append_digests(char **text, const struct gb_report *report)
{
	if (report->plan.hex[0] != '\0' && report->plan.changes > 0) {
		append(text, gb_printf(*text, _("Digest of this plan: %s"), report->plan.hex));
	}
	if (report->waiting.hex[0] != '\0') {
		append(text, gb_printf(*text,
				       P_("Waits for approval: %lld change.",
					  "Waits for approval: %lld changes.",
					  (unsigned long)report->waiting.changes),
				       (long long)report->waiting.changes));
		append(text,
		       gb_printf(*text, "  groupback-engine approve %s", report->waiting.hex));
	}
}

char *gb_report_text(const void *ctx, const struct gb_report *report)
{
	char *text = gb_strdup(ctx, "");

	if (unmatched_total(report) > 0) {
		append(&text, _("Members that are not written, and why:"));
		append_unmatched(&text, report);
	}
	if (report->problem_groups > 0) {
		append(&text, _("Groups that failed or are left as they are:"));
		append_groups(&text, report->groups, report->group_count, report->problem_groups);
	}
	if (report->notice_total > 0) {
		append(&text, _("Worth knowing:"));
		append_groups(&text, report->notices, report->notice_count, report->notice_total);
	}
	append_digests(&text, report);
	if (report->err.rc != GB_OK) {
		append(&text, gb_err_line(text, &report->err));
	}
	return text;
}
