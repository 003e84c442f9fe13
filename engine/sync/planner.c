/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Planning: plan/ over the state, into journal and report. */
#include "config.h"

#include "engine/sync/planner.h"

#include "engine/base/buffer.h"
#include "engine/base/clock.h"
#include "engine/base/digest.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"
#include "engine/state/dirty.h"
#include "engine/state/journal.h"
#include "engine/state/life.h"
#include "engine/sync/age.h"
#include "engine/sync/drift.h"
#include "engine/sync/source.h"

struct sink {
	struct gb_session *session;
	struct gb_source *source;
	struct gb_report *report;
	const struct gb_plan_viewer *viewer;
	int64_t run_no;
	struct gb_buffer *drift; /* what others did to the group at hand, as sentences */
	struct gb_buffer *what;  /* … and the names of what they changed */
};

/** Putting the same back counts as one fight as long as no week lies between two runs. */
#define FIGHT_WINDOW_MS (7 * 24 * 60 * 60 * INT64_C(1000))

static enum gb_rc on_drift(void *user, const struct gb_change *change, struct gb_err *err)
{
	struct sink *sink = user;

	gb_drift_name(sink->what, change);
	return gb_drift_describe(sink->drift, sink->session->state, change, err);
}

/* The sentences name what stood there: the same sentences are the same fight. */
static enum gb_rc note_fight(struct sink *sink, const struct gb_plan_note *note, struct gb_err *err)
{
	struct gb_digest *digest;
	char hex[GB_DIGEST_HEX_BYTES];

	if (note->drift == 0 || sink->session->policy.report_drift) {
		return GB_OK;
	}
	digest = gb_digest_new(sink->session);
	gb_digest_add(digest, sink->drift->text, sink->drift->length);
	gb_digest_end(digest, hex);
	talloc_free(digest);
	return gb_state_fight_note(sink->session->state, &note->cloud_id, hex, sink->what->text,
				   gb_clock_wall_ms(), FIGHT_WINDOW_MS, err);
}

static void report_drift(struct sink *sink, const struct gb_plan_note *note)
{
	if (note->drift > 0) {
		gb_report_notice(sink->report, &note->cloud_id, note->name, "drift",
				 sink->drift->text);
		gb_log(GB_LOG_NOTICE, "drift", "%s", sink->drift->text);
	}
	talloc_free(sink->drift);
	talloc_free(sink->what);
	sink->drift = gb_buffer_new(sink->session);
	sink->what = gb_buffer_new(sink->session);
}

static enum gb_rc on_change(void *user, const struct gb_change *change, struct gb_err *err)
{
	struct sink *sink = user;

	if (change->waits != 0) {
		sink->report->waits |= gb_report_waits_bit((enum gb_cause)change->waits);
	}
	return gb_state_journal_add(sink->session->state, sink->run_no, change, NULL, err);
}

static enum gb_rc on_hold(void *user, int64_t first_seq, enum gb_cause cause, struct gb_err *err)
{
	struct sink *sink = user;

	sink->report->waits |= gb_report_waits_bit(cause);
	return gb_state_journal_hold(sink->session->state, sink->run_no, first_seq, (int)cause,
				     err);
}

/* A group with a problem is looked at again in the next cycle, and named again. */
static bool is_settled(const struct gb_plan_note *note)
{
	return note->changes == 0 && note->held_cause == GB_CAUSE_NONE &&
	       note->remark == GB_CAUSE_NONE && !gb_cause_is_problem(note->decision.cause);
}

/* Since when: kept from the first run that finds a reason to the last one that does. */
static enum gb_rc remember_lapse(struct sink *sink, const struct gb_plan_note *note,
				 struct gb_err *err)
{
	struct gb_state *state = sink->session->state;
	const struct gb_directory_facts *facts = gb_directory_facts(sink->session->directory);

	if (note->decision.lapse != GB_LAPSE_NONE) {
		return gb_state_lapse_set(state, &note->cloud_id, (int)note->decision.lapse,
					  gb_age_begin_ms(facts, gb_clock_wall_ms()), err);
	}
	/* Unknown is not the same as "written again". */
	if (gb_source_lapse(sink->source) == GB_LAPSE_NONE ||
	    note->decision.scope.verdict == GB_SCOPE_UNKNOWN) {
		return GB_OK;
	}
	return gb_state_lapse_clear(state, &note->cloud_id, err);
}

/* A group of another tool that this run brings in line: what it was is remembered before that. */
static enum gb_rc meet_group_of_others(struct sink *sink, const struct gb_plan_note *note,
				       struct gb_err *err)
{
	struct gb_session *session = sink->session;
	const struct gb_directory_object *object = gb_source_object(sink->source);
	bool waits = note->changes > 0 && note->changes == note->waiting;
	enum gb_maker maker;

	if (note->decision.action != GB_DECIDE_UPDATE || waits || object == NULL) {
		return GB_OK;
	}
	maker = gb_maker_of(object, &note->cloud_id, session->policy.has_external_id);
	return maker == GB_MAKER_OURS
		       ? GB_OK
		       : gb_adoption_meet(session->adoption, &note->cloud_id, note->name, maker,
					  note->changes - note->waiting, err);
}

static enum gb_rc on_note(void *user, const struct gb_plan_note *note, struct gb_err *err)
{
	struct sink *sink = user;
	enum gb_rc rc = remember_lapse(sink, note, err);
	int64_t cloud_no;
	int64_t object_no;

	if (rc == GB_OK) {
		rc = meet_group_of_others(sink, note, err);
	}
	if (rc == GB_OK) {
		rc = note_fight(sink, note, err);
	}
	gb_report_note(sink->report, note);
	report_drift(sink, note);
	if (sink->viewer != NULL && sink->viewer->note != NULL) {
		sink->viewer->note(sink->viewer->user, note);
	}
	if (rc != GB_OK || !is_settled(note)) {
		return rc;
	}
	gb_source_current(sink->source, &cloud_no, &object_no);
	return gb_state_dirty_clear(sink->session->state, cloud_no, object_no, err);
}

/* Of what does not depend on changes, the counts stay. */
static struct gb_plan_counts without_changes(const struct gb_plan_counts *counts)
{
	return (struct gb_plan_counts){
		.groups = counts->groups,
		.in_scope = counts->in_scope,
		.written = counts->written,
		.lapsed = counts->lapsed,
		.unchanged = counts->unchanged,
		.frozen = counts->frozen,
		.members_held = counts->members_held,
		.unmatched = counts->unmatched,
	};
}

enum gb_rc gb_planner_recount(struct gb_session *session, int64_t run_no, struct gb_report *report,
			      struct gb_err *err)
{
	struct gb_state_changes_iter *iter =
		gb_state_changes_begin(session, session->state, run_no, 0);
	struct gb_state_change *change = NULL;
	struct gb_guid last = {{0}};
	enum gb_rc rc;

	report->planned = without_changes(&report->planned);
	report->touched_groups = 0;
	while ((rc = gb_state_changes_next(iter, session, &change, err)) == GB_OK &&
	       change != NULL) {
		gb_guard_count(&report->planned, &change->change);
		report->touched_groups += gb_guid_compare(&last, &change->change.cloud_id) != 0;
		last = change->change.cloud_id;
		talloc_free(change);
	}
	gb_state_changes_end(iter);
	return rc;
}

enum gb_rc gb_planner_show(struct gb_session *session, int64_t run_no,
			   const struct gb_plan_viewer *viewer, struct gb_err *err)
{
	struct gb_state_changes_iter *iter;
	struct gb_state_change *change = NULL;
	enum gb_rc rc = GB_OK;

	if (viewer == NULL || viewer->change == NULL) {
		return GB_OK;
	}
	iter = gb_state_changes_begin(session, session->state, run_no, 0);
	while ((rc = gb_state_changes_next(iter, session, &change, err)) == GB_OK &&
	       change != NULL) {
		viewer->change(viewer->user, &change->change);
		talloc_free(change);
	}
	gb_state_changes_end(iter);
	return rc;
}

enum gb_rc gb_planner_run(struct gb_session *session, int64_t run_no, bool all,
			  const struct gb_anchors *anchors, struct gb_report *report,
			  const struct gb_plan_viewer *viewer, struct gb_err *err)
{
	void *tmp = gb_new_tmp(session);
	struct sink sink = {
		.session = session,
		.report = report,
		.viewer = viewer,
		.run_no = run_no,
		.drift = gb_buffer_new(session),
		.what = gb_buffer_new(session),
	};
	struct gb_plan_sink out = {
		.user = &sink,
		.change = on_change,
		.hold = on_hold,
		.drift = on_drift,
		.note = on_note,
	};
	struct gb_addresses *addresses;
	enum gb_rc rc = gb_addresses_search(tmp, session, all, &addresses, err);

	if (rc == GB_OK) {
		struct gb_plan_source source;

		sink.source = gb_source_new(tmp, session, anchors, addresses, all);
		source = gb_source_functions(sink.source);
		rc = gb_plan_run(tmp, &session->policy, &source, &out, &report->planned, err);
	}
	talloc_free(sink.drift);
	talloc_free(sink.what);
	talloc_free(tmp);
	return rc;
}
