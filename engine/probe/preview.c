/* SPDX-License-Identifier: GPL-3.0-or-later */
/* preview: what the first cycle would write. */
#include "config.h"

#include "engine/probe/preview.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/directory/dn.h"
#include "engine/probe/preview_facts.h"
#include "engine/state/copy.h"
#include "engine/sync/approval.h"
#include "engine/sync/change_json.h"
#include "engine/sync/cycle.h"
#include "engine/sync/decisions.h"

/* So often the count of changes is told. */
#define COUNT_EVERY 250

/* A preview under way. */
struct preview {
	struct gb_probe *probe;
	struct gb_preview_facts *facts;
	int64_t limit;
	int64_t changes;
	const char *folder; /* the installed state directory */
	bool goes_on;       /* from an installed state, and not from nothing */
	char *plan_path;    /* where the plan is left to be approved; NULL: nowhere */
	struct gb_report *report;
};

/* Where a rename or move leads. */
static char *new_dn(const void *ctx, const struct gb_change *change)
{
	const char *parent =
		change->new_parent ? change->new_parent : gb_dn_parent(ctx, change->dn);

	return change->new_rdn && parent ? gb_printf(ctx, "%s,%s", change->new_rdn, parent) : NULL;
}

static void put_values(struct gb_json_writer *w, const struct gb_change *change)
{
	gb_json_begin_array(w, "attributes");
	for (size_t i = 0; i < change->value_count; i++) {
		gb_json_begin_object(w, NULL);
		gb_json_put_text(w, "name", change->values[i].attribute);
		gb_json_put_text(w, "old", change->values[i].old_value);
		gb_json_put_text(w, "new", change->values[i].value);
		gb_json_end_object(w);
	}
	gb_json_end_array(w);
}

static void on_change(void *user, const struct gb_change *change)
{
	struct preview *preview = user;
	char text[GB_GUID_TEXT_BYTES];
	struct gb_json_writer *w;
	char *target;

	preview->changes++;
	gb_preview_facts_change(preview->facts, change);
	if (preview->changes % COUNT_EVERY == 0) {
		gb_probe_count(preview->probe, "plan", _("Planning"), preview->changes, -1);
	}
	if (preview->changes > preview->limit) {
		return;
	}
	w = gb_answer_item("change");
	target = new_dn(w, change);
	gb_json_put_text(w, "change", gb_change_json_op(change->kind));
	gb_json_put_text(w, "id", gb_guid_format(&change->cloud_id, text));
	gb_json_put_text(w, "name", change->name);
	gb_json_put_text(w, "dn", change->dn);
	gb_json_put_text(w, "newDn", target);
	gb_json_put_int(w, "members", (int64_t)change->member_count);
	put_values(w, change);
	gb_answer_send(&preview->probe->answer, w, false);
}

static void tell_problems(struct preview *preview, const struct gb_report *report)
{
	for (size_t i = 0; i < report->group_count && (int64_t)i < preview->limit; i++) {
		const struct gb_report_group *group = &report->groups[i];
		struct gb_json_writer *w = gb_answer_item("problem");

		gb_json_put_text(w, "id", group->cloud_id);
		gb_json_put_text(w, "name", group->name);
		gb_json_put_text(w, "cause", group->id);
		gb_json_put_text(w, "text", group->text);
		gb_answer_send(&preview->probe->answer, w, false);
	}
}

/* A digest names the state that it was planned from: without one there is nothing to approve. */
static const char *digest_of(const struct preview *preview)
{
	return preview->goes_on && preview->plan_path && preview->report->plan.hex[0]
		       ? preview->report->plan.hex
		       : NULL;
}

static void send_result(const struct preview *preview)
{
	const struct gb_report *report = preview->report;
	struct gb_json_writer *w = gb_answer_result(&preview->probe->answer);

	gb_json_put_int(w, "exitCode", report->exit_code);
	gb_report_put_plan(w, report);
	gb_report_put_unmatched(w, report);
	gb_answer_put_error(w, "guard", report->err.rc == GB_E_GUARD ? &report->err : NULL);
	gb_json_put_text(w, "digest", digest_of(preview));
	gb_json_put_int(w, "problems", report->problem_groups);
	gb_json_put_int(w, "changes", preview->changes);
	gb_preview_facts_put(w, preview->facts);
	gb_json_put_int(w, "durationMs", report->duration_ms);
	gb_answer_send(&preview->probe->answer, w, true);
}

static enum gb_rc make_folder(const char *scratch, struct gb_err *err)
{
	if (mkdir(scratch, 0700) == 0) {
		return GB_OK;
	}
	gb_err_set(err, GB_E_IO, "preview-folder", _("A temporary folder cannot be made: %s."),
		   strerror(errno));
	gb_err_undone(err, _("Nothing was read and nothing was written."));
	return gb_err_native(err, errno);
}

/* What people approved and paused belongs to the state: without it everything would wait. */
static enum gb_rc copy_decisions(const struct preview *preview, const char *scratch,
				 struct gb_err *err)
{
	struct gb_decisions *decisions;
	enum gb_rc rc = gb_decisions_load(preview->probe, preview->folder, &decisions, err);

	return rc == GB_OK ? gb_decisions_save(decisions, scratch, err) : rc;
}

/* In a folder of its own: neither an installed engine's state nor its lock is touched. */
static enum gb_rc copy_state(struct preview *preview, struct gb_err *err)
{
	struct gb_probe *probe = preview->probe;
	const char *scratch = probe->scratch;
	char *copy;
	enum gb_rc rc = make_folder(scratch, err);

	if (rc != GB_OK) {
		return rc;
	}
	gb_probe_begin(probe, "state", _("Copying the state"));
	preview->folder = probe->config->paths.state_directory;
	copy = gb_printf(probe, "%s/state.db", scratch);
	rc = gb_state_copy(gb_printf(probe, "%s/state.db", preview->folder), copy, err);
	preview->goes_on = rc == GB_OK;
	/* The engine begins anew with a state that is damaged, and so does this. */
	if (rc == GB_E_STATE) {
		(void)unlink(copy);
	}
	if (rc == GB_OK || rc == GB_E_NOT_FOUND || rc == GB_E_STATE) {
		rc = copy_decisions(preview, scratch, err);
	}
	probe->config->paths.state_directory = gb_strdup(probe->config, scratch);
	return rc;
}

/* Beside the engine's own plans, if we may write there: under a name that nobody looks for yet. */
static void choose_plan_path(struct preview *preview)
{
	char *plans = gb_printf(preview->probe, "%s/plans", preview->folder);

	if (preview->goes_on && (mkdir(plans, 0700) == 0 || errno == EEXIST) &&
	    access(plans, W_OK | X_OK) == 0) {
		preview->plan_path = gb_printf(preview->probe, "%s/.preview", plans);
	}
}

/* "approve DIGEST" finds it from now on. */
static void publish_plan(struct preview *preview)
{
	if (preview->plan_path && preview->report->plan.hex[0]) {
		char *path = gb_printf(preview->probe, "%s/plans/%s.json", preview->folder,
				       preview->report->plan.hex);

		if (rename(preview->plan_path, path) != 0) {
			preview->plan_path = NULL;
		}
	}
}

enum gb_rc gb_probe_preview(struct gb_probe *probe, struct gb_err *err)
{
	struct preview preview = {.probe = probe, .limit = gb_probe_number(probe, "limit")};
	struct gb_plan_viewer viewer = {.change = on_change, .user = &preview};
	struct gb_cycle_options options = {.dry_run = true, .viewer = &viewer};
	enum gb_rc rc = copy_state(&preview, err);

	if (rc != GB_OK) {
		return rc;
	}
	preview.facts = gb_preview_facts_new(probe);
	choose_plan_path(&preview);
	options.policy = preview.goes_on ? GB_CYCLE_AUTO : GB_CYCLE_INITIAL;
	options.plan_out = preview.plan_path;
	options.as_approved = preview.plan_path != NULL;
	gb_probe_begin(probe, "import", _("Reading the cloud and the directory"));
	gb_cycle_run(probe, probe->config, &options, &preview.report);
	if (preview.report->err.rc != GB_OK && preview.report->err.rc != GB_E_GUARD) {
		*err = preview.report->err;
		return preview.report->err.rc;
	}
	publish_plan(&preview);
	tell_problems(&preview, preview.report);
	send_result(&preview);
	return GB_OK;
}
