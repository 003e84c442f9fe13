/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Planning: plan/ over the state, into journal and report. */
#include "config.h"

#include "engine/sync/planner.h"

#include "engine/base/mem.h"
#include "engine/state/dirty.h"
#include "engine/state/journal.h"
#include "engine/sync/source.h"

struct sink {
	struct gb_session *session;
	struct gb_source *source;
	struct gb_report *report;
	const struct gb_plan_viewer *viewer;
	int64_t run_no;
};

static enum gb_rc on_change(void *user, const struct gb_change *change, struct gb_err *err)
{
	struct sink *sink = user;

	if (sink->viewer != NULL && sink->viewer->change != NULL) {
		sink->viewer->change(sink->viewer->user, change);
	}
	return gb_state_journal_add(sink->session->state, sink->run_no, change, NULL, err);
}

/* A group with a problem is looked at again in the next cycle, and named again. */
static bool is_settled(const struct gb_plan_note *note)
{
	return note->changes == 0 && note->held_cause == GB_CAUSE_NONE &&
	       !gb_cause_is_problem(note->decision.cause);
}

static enum gb_rc on_note(void *user, const struct gb_plan_note *note, struct gb_err *err)
{
	struct sink *sink = user;
	int64_t cloud_no;
	int64_t object_no;

	gb_report_note(sink->report, note);
	if (sink->viewer != NULL && sink->viewer->note != NULL) {
		sink->viewer->note(sink->viewer->user, note);
	}
	if (!is_settled(note)) {
		return GB_OK;
	}
	gb_source_current(sink->source, &cloud_no, &object_no);
	return gb_state_dirty_clear(sink->session->state, cloud_no, object_no, err);
}

enum gb_rc gb_planner_run(struct gb_session *session, int64_t run_no, bool all,
			  const struct gb_anchors *anchors, struct gb_report *report,
			  const struct gb_plan_viewer *viewer, struct gb_err *err)
{
	void *tmp = gb_new_tmp(session);
	struct sink sink = {
		.session = session,
		.source = gb_source_new(tmp, session, anchors, all),
		.report = report,
		.viewer = viewer,
		.run_no = run_no,
	};
	struct gb_plan_source source = gb_source_functions(sink.source);
	struct gb_plan_sink out = {.user = &sink, .change = on_change, .note = on_note};
	enum gb_rc rc = gb_plan_run(tmp, &session->policy, &source, &out, &report->planned, err);

	talloc_free(tmp);
	return rc;
}
