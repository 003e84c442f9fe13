/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One cycle, end to end. */
#include "config.h"

#include "engine/sync/cycle.h"

#include <string.h>

#include "engine/base/clock.h"
#include "engine/base/hash.h"
#include "engine/base/i18n.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"
#include "engine/state/cloud_space.h"
#include "engine/state/cursors.h"
#include "engine/state/directory_space.h"
#include "engine/state/dirty.h"
#include "engine/state/runs.h"
#include "engine/sync/anchors.h"
#include "engine/sync/approval.h"
#include "engine/sync/audit.h"
#include "engine/sync/find_group.h"
#include "engine/sync/import_cloud.h"
#include "engine/sync/import_directory.h"
#include "engine/sync/lease.h"
#include "engine/sync/lock.h"
#include "engine/sync/match.h"
#include "engine/sync/metrics.h"
#include "engine/sync/policy.h"
#include "engine/sync/schedule.h"
#include "engine/sync/session.h"
#include "engine/sync/settle.h"
#include "engine/sync/tally.h"
#include "engine/sync/undo.h"

/* A group that failed, counted once. */
struct failed_group {
	struct gb_guid id; /* the key */
	UT_hash_handle hh;
};

/* A cycle under way. */
struct cycle {
	const struct gb_cycle_options *options;
	struct gb_session *session;
	struct gb_report *report;
	bool initial;                /* everything is read and compared */
	bool full_directory;         /* the directory side at least */
	bool policy_changed;         /* scope or names are not what they were */
	unsigned pending;            /* imports under way */
	bool imported;               /* both have ended */
	struct failed_group *failed; /* groups with a change that failed */
	struct gb_apply *apply;      /* while it is at work */
	struct gb_audit *audit;      /* likewise */
	struct gb_lease *lease;      /* NULL: a run that writes nothing */
	struct gb_err err;           /* first error */
};

static bool writes_nothing(const struct cycle *cycle)
{
	return cycle->options->dry_run || cycle->session->config->safety.staging ||
	       (cycle->lease != NULL && gb_lease_is_standby(cycle->lease));
}

static void on_lease_lost(void *user, const struct gb_err *err)
{
	struct cycle *cycle = user;

	if (cycle->apply != NULL) {
		gb_apply_stop(cycle->apply, err);
	}
}

/*
 * One engine writes. Whoever waits for it to go keeps the state warm meanwhile; what somebody asked for
 * by name is refused instead of being left undone in silence.
 */
static enum gb_rc open_lease(struct cycle *cycle, struct gb_err *err)
{
	struct gb_session *session = cycle->session;
	bool may_wait = session->config->safety.standby && cycle->options->approved == NULL &&
			cycle->options->undo_run == 0 && cycle->options->group == NULL;
	enum gb_rc rc;

	if (writes_nothing(cycle)) {
		return GB_OK;
	}
	rc = gb_lease_open(session, may_wait, &cycle->lease, err);
	if (rc == GB_OK) {
		gb_lease_watch(cycle->lease, on_lease_lost, cycle);
		cycle->report->is_standby = gb_lease_is_standby(cycle->lease);
	}
	return rc;
}

static enum gb_rc notice_policy_change(struct cycle *cycle, struct gb_err *err)
{
	struct gb_session *session = cycle->session;
	char *digest = gb_policy_digest(cycle, &session->policy, session->files);
	const char *known;
	enum gb_rc rc =
		gb_state_fact_get(cycle, session->state, GB_FACT_CONFIGURATION, &known, err);

	if (rc != GB_OK || (known != NULL && strcmp(known, digest) == 0)) {
		return rc;
	}
	cycle->policy_changed = true;
	rc = gb_state_dirty_mark_all(session->state, err);
	return rc == GB_OK ? gb_state_fact_set(session->state, GB_FACT_CONFIGURATION, digest, err)
			   : rc;
}

static enum gb_rc full_read_is_due(struct cycle *cycle, bool *ret_due, struct gb_err *err)
{
	int64_t last_ms = 0;
	enum gb_rc rc = gb_state_fact_get_int(cycle->session->state, GB_FACT_RECONCILED_MS, 0,
					      &last_ms, err);

	*ret_due = gb_schedule_full_is_due(last_ms, gb_clock_wall_ms());
	return rc;
}

static enum gb_rc choose_policy(struct cycle *cycle, struct gb_err *err)
{
	enum gb_cycle_policy policy = cycle->options->policy;
	bool can_delta = false;
	bool due = false;
	enum gb_rc rc = gb_import_cloud_can_delta(cycle->session, &can_delta, err);

	if (rc == GB_OK && policy == GB_CYCLE_AUTO) {
		rc = full_read_is_due(cycle, &due, err);
	}
	if (rc != GB_OK) {
		return rc;
	}
	cycle->initial = policy == GB_CYCLE_INITIAL || !can_delta || due;
	cycle->report->policy = cycle->initial ? "initial" : "delta";
	return GB_OK;
}

static void import_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct cycle *cycle = user;

	if (rc != GB_OK && cycle->err.rc == GB_OK) {
		cycle->err = *err;
		cycle->err.rc = rc;
		gb_cloud_cancel(cycle->session->cloud);
		gb_directory_cancel(cycle->session->directory);
	}
	cycle->pending--;
	cycle->imported = cycle->pending == 0;
}

static enum gb_rc import_both_sides(struct cycle *cycle, struct gb_err *err)
{
	struct gb_session *session = cycle->session;

	cycle->pending = 2;
	gb_import_directory_begin(session, session, cycle->initial || cycle->full_directory,
				  import_done, cycle);
	gb_import_cloud_begin(session, session, cycle->initial, cycle->report, import_done, cycle);
	gb_session_wait(session, &cycle->imported);
	if (gb_session_alive(session, err) != GB_OK) {
		return err->rc;
	}
	*err = cycle->err;
	return cycle->err.rc;
}

static enum gb_rc prepare(struct cycle *cycle, struct gb_err *err)
{
	struct gb_session *session = cycle->session;
	enum gb_rc rc = gb_session_open_state(session, err);

	if (rc == GB_OK) {
		rc = gb_session_open_decisions(session, err);
	}
	if (rc == GB_OK) {
		rc = gb_state_fact_get(cycle->report, session->state, GB_FACT_INSTANCE,
				       &cycle->report->state, err);
	}
	if (rc == GB_OK && cycle->options->undo_run > 0) {
		rc = gb_undo_check(session, cycle->options->undo_run, err);
	}
	if (rc == GB_OK) {
		rc = gb_session_open_cloud(session, err);
	}
	if (rc == GB_OK) {
		rc = gb_session_open_directory(session, err);
	}
	if (rc == GB_OK) {
		rc = gb_session_check_container(session, err);
	}
	if (rc == GB_OK) {
		rc = open_lease(cycle, err);
	}
	if (rc == GB_OK) {
		rc = notice_policy_change(cycle, err);
	}
	if (rc == GB_OK) {
		rc = choose_policy(cycle, err);
	}
	return rc == GB_OK ? gb_session_alive(session, err) : rc;
}

/*
 * One group now: its lists are read again in full on both sides. It may be new: then it is found when
 * the cloud was read.
 */
static enum gb_rc read_group_anew(struct cycle *cycle, struct gb_err *err)
{
	struct gb_session *session = cycle->session;
	struct gb_found_group group;
	enum gb_rc rc = gb_find_group(cycle, session->state, cycle->options->group, &group, err);

	if (rc == GB_E_USAGE) {
		gb_err_clear(err);
		return GB_OK;
	}
	if (rc == GB_OK) {
		rc = gb_state_dirty_mark(session->state, group.cloud_no, group.object_no,
					 GB_DIRTY_ALL, err);
	}
	if (rc == GB_OK && group.cloud_no != 0) {
		rc = gb_state_cloud_set_members_known(session->state, group.cloud_no, false, err);
	}
	if (rc == GB_OK && group.object_no != 0) {
		session->reread_no = group.object_no;
		rc = gb_state_directory_set_members_known(session->state, group.object_no, false,
							  err);
	}
	return rc;
}

static enum gb_rc choose_group(struct cycle *cycle, struct gb_err *err)
{
	struct gb_found_group group;
	enum gb_rc rc =
		gb_find_group(cycle, cycle->session->state, cycle->options->group, &group, err);

	if (rc != GB_OK) {
		return rc;
	}
	cycle->session->only = group.id;
	return gb_state_dirty_mark(cycle->session->state, group.cloud_no, group.object_no,
				   GB_DIRTY_ALL, err);
}

static enum gb_rc read_everything_needed(struct cycle *cycle, struct gb_err *err)
{
	struct gb_state *state = cycle->session->state;
	enum gb_rc rc = gb_settle_prepare(cycle->session, &cycle->full_directory, err);

	if (rc == GB_OK && cycle->options->group != NULL) {
		rc = read_group_anew(cycle, err);
	}
	if (rc == GB_OK) {
		rc = import_both_sides(cycle, err);
	}
	if (rc == GB_OK && cycle->options->group != NULL) {
		rc = choose_group(cycle, err);
	}
	if (rc == GB_OK) {
		rc = gb_settle_finish(cycle->session, err);
	}
	if (rc == GB_OK) {
		rc = gb_match_all_due(cycle->session, cycle->initial || cycle->policy_changed, err);
	}
	if (rc == GB_OK && cycle->initial) {
		rc = gb_state_fact_set_int(state, GB_FACT_RECONCILED_MS, gb_clock_wall_ms(), err);
	}
	return rc == GB_OK ? gb_state_commit(state, err) : rc;
}

static void on_changed(void *user, const struct gb_guid *cloud_id, const char *name)
{
	struct cycle *cycle = user;

	gb_report_problem(cycle->report, cloud_id, name, "plan-changed",
			  _("The group, or what should become of it, changed since the plan was "
			    "made; it was left out and is planned anew."));
}

/* Of an approved plan only that remains which is planned again, word for word. */
static enum gb_rc keep_what_was_approved(struct cycle *cycle, struct gb_err *err)
{
	struct gb_session *session = cycle->session;
	struct gb_plan_match match;
	char *configuration = gb_policy_digest(cycle, &session->policy, session->files);
	enum gb_rc rc = gb_plan_file_check(cycle->options->approved, session, configuration, err);

	if (rc == GB_OK) {
		rc = gb_plan_file_restrict(cycle->options->approved, session, cycle->report->run_no,
					   on_changed, cycle, &match, err);
	}
	if (rc != GB_OK) {
		return rc;
	}
	gb_log(GB_LOG_NOTICE, "sync",
	       "approved plan: %lld groups as planned, %lld changed since, %lld done already",
	       (long long)match.same, (long long)match.changed, (long long)match.done);
	return gb_planner_recount(session, cycle->report->run_no, cycle->report, err);
}

static enum gb_rc plan_undo(struct cycle *cycle, struct gb_err *err)
{
	struct gb_session *session = cycle->session;
	struct gb_report *report = cycle->report;
	enum gb_rc rc = gb_state_run_begin(session->state, "undo", &report->run_no, err);

	report->policy = "undo";
	gb_log_set_run(report->run_no);
	if (rc == GB_OK) {
		rc = gb_undo_plan(session, cycle->options->undo_run, report->run_no, report, err);
	}
	return rc == GB_OK ? gb_planner_show(session, report->run_no, cycle->options->viewer, err)
			   : rc;
}

static enum gb_rc make_plan(struct cycle *cycle, struct gb_err *err)
{
	bool lifted = cycle->options->approved != NULL;
	bool all = cycle->initial || cycle->policy_changed || lifted;
	struct gb_session *session = cycle->session;
	struct gb_anchors *anchors;
	enum gb_rc rc = gb_anchors_search(session, session, all, &anchors, err);

	gb_approval_fill_hold(session, lifted);
	if (rc == GB_OK) {
		rc = gb_state_run_begin(session->state, cycle->report->policy,
					&cycle->report->run_no, err);
	}
	gb_log_set_run(cycle->report->run_no);
	if (rc == GB_OK) {
		rc = gb_planner_run(session, cycle->report->run_no, all, anchors, cycle->report,
				    cycle->options->viewer, err);
	}
	if (rc == GB_OK && lifted) {
		rc = keep_what_was_approved(cycle, err);
	}
	return rc == GB_OK ? gb_planner_show(session, cycle->report->run_no, cycle->options->viewer,
					     err)
			   : rc;
}

static enum gb_rc check_plan(struct cycle *cycle, struct gb_err *err)
{
	if (cycle->options->approved != NULL || cycle->options->undo_run > 0) {
		return GB_OK;
	}
	return gb_approval_check(cycle->session, cycle->report,
				 cycle->options->approve_first && cycle->options->group == NULL,
				 err);
}

static void on_progress(void *user, const struct gb_apply_progress *progress)
{
	struct cycle *cycle = user;

	if (cycle->options->progress != NULL) {
		cycle->options->progress(cycle->options->progress_user, progress);
	}
}

static bool is_first_failure(struct cycle *cycle, const struct gb_guid *id)
{
	struct failed_group *group;

	HASH_FIND(hh, cycle->failed, id, sizeof(*id), group);
	if (group != NULL) {
		return false;
	}
	group = gb_new(cycle, struct failed_group);
	group->id = *id;
	HASH_ADD(hh, cycle->failed, id, sizeof(group->id), group);
	return true;
}

/* So many failures are no matter of single groups any more. */
static void count_failed_group(struct cycle *cycle, const struct gb_guid *id)
{
	const struct gb_limit *limit = &cycle->session->config->safety.max_failed_groups;
	int64_t groups = cycle->report->touched_groups;
	struct gb_err err;

	if (!is_first_failure(cycle, id) ||
	    !gb_limit_is_exceeded(limit, (int64_t)HASH_COUNT(cycle->failed), groups)) {
		return;
	}
	gb_err_set(&err, GB_E_CONSTRAINT, "guard-failures",
		   _("Groups that failed: %lld of %lld; allowed in one run: %lld."),
		   (long long)HASH_COUNT(cycle->failed), (long long)groups,
		   (long long)gb_limit_allows(limit, groups));
	gb_err_undone(&err, _("The run was stopped; what was not written yet is left for the next "
			      "one."));
	gb_err_remedy(&err, _("Look at the failures in the report; what they have in common is the "
			      "cause."));
	gb_apply_stop(cycle->apply, &err);
}

static enum gb_rc on_begins(void *user, const struct gb_state_change *change, struct gb_err *err)
{
	struct cycle *cycle = user;
	enum gb_rc rc = gb_lease_check(cycle->lease, err);

	return rc == GB_OK ? gb_audit_intent(cycle->audit, change, err) : rc;
}

/* A write without its line in the audit is the last one. */
static void note_result(struct cycle *cycle, const struct gb_apply_result *result)
{
	struct gb_err err;

	if (gb_audit_result(cycle->audit, result, &err) != GB_OK) {
		gb_apply_stop(cycle->apply, &err);
	}
}

/* A group that came back has its old SID again, or it has not: access lists depend on it. */
static void tell_comeback(struct gb_report *report, const struct gb_apply_result *result)
{
	const struct gb_change *change = result->change;
	char sid[GB_SID_TEXT_BYTES];
	char *text;

	if (result->is_restored) {
		gb_report_notice(report, &change->cloud_id, change->name, "restored",
				 _("The deleted group was taken back with its SID."));
	} else if (!gb_sid_is_none(&result->lost_sid)) {
		text = gb_printf(report,
				 _("The deleted group could not be taken back, so a new one was "
				   "made: its SID changed. Access that was granted to %s must be "
				   "granted again."),
				 gb_sid_format(&result->lost_sid, sid));
		gb_report_notice(report, &change->cloud_id, change->name, "new-sid", text);
		gb_log(GB_LOG_WARNING, "apply", "%s", text);
		talloc_free(text);
	}
}

static void on_ended(void *user, const struct gb_apply_result *result)
{
	struct cycle *cycle = user;
	struct gb_report *report = cycle->report;

	gb_tally_result(report, result);
	note_result(cycle, result);
	if (result->status == GB_OUTCOME_APPLIED) {
		tell_comeback(report, result);
	}
	if (result->err != NULL) {
		char *text = gb_err_line(report, result->err);

		gb_report_problem(report, &result->change->cloud_id, result->change->name,
				  result->err->id, text);
		gb_log_group_err(GB_LOG_WARNING, "apply", &result->change->cloud_id, result->err);
		talloc_free(text);
		count_failed_group(cycle, &result->change->cloud_id);
	}
}

static void on_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	(void)user;
	(void)rc;
	(void)err;
}

static void cancel_apply(void *user)
{
	gb_apply_cancel(user);
}

static enum gb_rc send_everything(struct cycle *cycle, struct gb_err *err)
{
	struct gb_session *session = cycle->session;
	struct gb_apply_options options = {
		.run_no = cycle->report->run_no,
		.container_dn = session->config->writeback.container,
		.former_keys = session->former_keys,
	};
	struct gb_apply_hooks hooks = {
		.user = cycle,
		.progress = on_progress,
		.begins = on_begins,
		.ended = on_ended,
		.done = on_done,
	};
	enum gb_rc rc;

	cycle->apply = gb_apply_begin(session, session->ev, session->state, session->directory,
				      &options, &hooks);
	session->on_cancel = cancel_apply;
	session->on_cancel_user = cycle->apply;
	rc = gb_apply_wait(cycle->apply, err);
	session->on_cancel = NULL;
	TALLOC_FREE(cycle->apply);
	HASH_CLEAR(hh, cycle->failed);
	return rc;
}

/* A run that has nothing to write leaves no line in the audit. */
static enum gb_rc carry_out(struct cycle *cycle, struct gb_err *err)
{
	struct gb_session *session = cycle->session;
	struct gb_err later;
	enum gb_rc rc;

	if (cycle->report->planned.changes == 0) {
		return GB_OK;
	}
	rc = gb_audit_open(cycle, session->config->paths.state_directory, session->state,
			   cycle->report->run_no, &cycle->audit, err);
	if (rc == GB_OK) {
		rc = gb_audit_note(cycle->audit, "begin", cycle->report->policy, err);
	}
	if (rc != GB_OK) {
		return rc;
	}
	rc = send_everything(cycle, err);
	if (gb_audit_close(cycle->audit, &later) != GB_OK && rc == GB_OK) {
		*err = later;
		rc = later.rc;
	}
	return rc;
}

/* Save the whole plan where it can be approved by its digest, and where the caller wants it. */
static enum gb_rc save_whole_plan(struct cycle *cycle, struct gb_err *err)
{
	struct gb_session *session = cycle->session;
	struct gb_report *report = cycle->report;
	const char *out = cycle->options->plan_out;
	char *configuration = gb_policy_digest(cycle, &session->policy, session->files);
	enum gb_rc rc =
		gb_approval_save_plan(session, report->run_no, GB_PLAN_WHOLE, &report->plan, err);

	if (rc == GB_OK && out != NULL) {
		rc = gb_plan_file_write(session, report->run_no, configuration, GB_PLAN_WHOLE, out,
					&report->plan, err);
	}
	return rc;
}

/*
 * The guard said no: the plan is saved for whoever may approve it, and given up. The run stays in the
 * history, without changes.
 */
static enum gb_rc stop_before_writing(struct cycle *cycle, struct gb_err *err)
{
	struct gb_session *session = cycle->session;
	struct gb_report *report = cycle->report;
	struct gb_err stop = *err;
	enum gb_rc rc = save_whole_plan(cycle, err);

	gb_state_rollback(session->state);
	report->run_no = 0;
	if (rc != GB_OK) {
		return rc;
	}
	if (!writes_nothing(cycle)) {
		report->waiting = report->plan;
		rc = gb_approval_note_waiting(session, &report->plan, stop.id, stop.what, err);
		if (rc == GB_OK) {
			rc = gb_state_run_begin(session->state, report->policy, &report->run_no,
						err);
		}
	}
	if (rc == GB_OK) {
		*err = stop;
		rc = stop.rc;
	}
	return rc;
}

/* A dry run gives the plan up, and keeps what was read. */
static enum gb_rc show_only(struct cycle *cycle, struct gb_err *err)
{
	enum gb_rc rc = save_whole_plan(cycle, err);

	gb_state_rollback(cycle->session->state);
	cycle->report->run_no = 0;
	return rc;
}

/* What waits after the rest was written: read again by then, so that the next cycle plans the same. */
static enum gb_rc save_what_waits(struct cycle *cycle, struct gb_err *err)
{
	struct gb_report *report = cycle->report;
	struct gb_session *session = cycle->session;
	enum gb_rc rc = GB_OK;

	if (cycle->options->group != NULL) {
		/* What waits elsewhere is not known, and stays noted. */
		return gb_state_journal_drop_waiting(session->state, report->run_no, err);
	}
	if (report->planned.waiting > 0) {
		rc = gb_approval_save_plan(session, report->run_no, GB_PLAN_WAITING,
					   &report->waiting, err);
	}
	if (rc == GB_OK) {
		rc = gb_approval_note_waiting(session, &report->waiting, "changes-wait",
					      _("Some changes wait for approval."), err);
	}
	if (rc == GB_OK) {
		rc = gb_state_journal_drop_waiting(session->state, report->run_no, err);
	}
	if (report->planned.waiting > 0) {
		gb_log(GB_LOG_WARNING, "sync", "%lld changes of %lld groups wait for approval: %s",
		       (long long)report->planned.waiting,
		       (long long)report->planned.waiting_groups, report->waiting.hex);
	}
	return rc;
}

/* The plan is durable before the first write. */
static enum gb_rc write_plan(struct cycle *cycle, struct gb_err *err)
{
	struct gb_session *session = cycle->session;
	enum gb_rc rc = gb_state_commit(session->state, err);

	if (rc == GB_OK && cycle->options->undo_run > 0) {
		rc = gb_decisions_save(session->decisions, session->config->paths.state_directory,
				       err);
	} else if (rc == GB_OK && cycle->options->approved != NULL) {
		gb_approval_grant(session, cycle->report);
		session->decisions->waiting = (struct gb_waiting_plan){0};
		rc = gb_decisions_save(session->decisions, session->config->paths.state_directory,
				       err);
	} else if (rc == GB_OK && cycle->options->group == NULL) {
		rc = gb_approval_settle(session, cycle->report, cycle->options->approve_first, err);
	}
	if (rc == GB_OK) {
		rc = carry_out(cycle, err);
	}
	return rc == GB_OK && cycle->options->approved == NULL && cycle->options->undo_run == 0
		       ? save_what_waits(cycle, err)
		       : rc;
}

static enum gb_rc plan_and_apply(struct cycle *cycle, struct gb_err *err)
{
	enum gb_rc rc =
		cycle->options->undo_run > 0 ? plan_undo(cycle, err) : make_plan(cycle, err);

	if (rc == GB_OK) {
		rc = gb_session_alive(cycle->session, err);
	}
	if (rc == GB_OK) {
		rc = check_plan(cycle, err);
		if (rc == GB_E_GUARD) {
			return stop_before_writing(cycle, err);
		}
	}
	if (rc == GB_OK && cycle->report->is_standby) {
		/* When it takes over, nobody may be there to ask. */
		rc = gb_approval_settle(cycle->session, cycle->report,
					cycle->options->approve_first, err);
	}
	if (rc == GB_OK && writes_nothing(cycle)) {
		return show_only(cycle, err);
	}
	if (rc == GB_OK && cycle->report->planned.changes > cycle->report->planned.waiting) {
		rc = gb_lease_take(cycle->lease, err);
	}
	if (rc != GB_OK) {
		gb_state_rollback(cycle->session->state);
		cycle->report->run_no = 0;
		return rc;
	}
	return write_plan(cycle, err);
}

/* Keeps the first failure: what comes later is its consequence. */
static void also(struct gb_err *err, enum gb_rc rc, const struct gb_err *later)
{
	if (rc != GB_OK && err->rc == GB_OK) {
		*err = *later;
		err->rc = rc;
	}
}

/* A run that looked at everything that is due names every problem that there is. */
static bool is_whole(const struct cycle *cycle, const struct gb_err *end)
{
	return end->rc == GB_OK && cycle->options->group == NULL && cycle->options->undo_run == 0;
}

static void end_run(struct cycle *cycle, struct gb_err *err)
{
	struct gb_report *report = cycle->report;
	struct gb_state *state = cycle->session->state;
	struct gb_err later;
	char *summary;

	gb_err_clear(&later);
	gb_tally_traffic(cycle->session, cycle->lease, report);
	gb_report_finish(report, err);
	if (state == NULL) {
		return;
	}
	if (err->rc == GB_E_IO || err->rc == GB_E_STATE) {
		gb_state_rollback(state);
		return;
	}
	if (!cycle->options->dry_run && (report->run_no > 0 || err->rc == GB_OK)) {
		also(err,
		     gb_tally_problems(report, state, is_whole(cycle, err), &later), &later);
	}
	if (report->run_no > 0) {
		summary = gb_report_summary(report, report);
		also(err,
		     gb_state_run_end(state, report->run_no, report->exit_code, summary, &later),
		     &later);
		also(err, gb_state_run_prune(state, GB_CYCLE_KEEP_RUNS, &later), &later);
	} else if (err->rc != GB_OK) {
		gb_state_rollback(state);
	}
	also(err, gb_session_close_state(cycle->session, &later), &later);
}

static void run_locked(struct cycle *cycle, struct gb_err *err)
{
	enum gb_rc rc = prepare(cycle, err);

	if (rc == GB_OK) {
		rc = read_everything_needed(cycle, err);
	}
	if (rc == GB_OK) {
		rc = plan_and_apply(cycle, err);
	}
	err->rc = rc;
	if (rc == GB_E_CANCELLED && cycle->session->is_cancelled) {
		err->rc = gb_session_alive(cycle->session, err);
	}
	end_run(cycle, err);
	gb_report_finish(cycle->report, err);
	rc = gb_report_write(cycle->report, cycle->session->config->paths.state_directory,
			     &cycle->err);
	if (rc != GB_OK) {
		gb_log_err(GB_LOG_ERROR, "sync", &cycle->err);
		also(err, rc, &cycle->err);
		gb_report_finish(cycle->report, err);
	}
}

static enum gb_rc writeback_is_on(const struct gb_config *config, struct gb_err *err)
{
	if (config->features.group_writeback) {
		return GB_OK;
	}
	gb_err_set(err, GB_E_CONFIG, "feature-off", _("Group writeback is not enabled."));
	gb_err_undone(err, _("Nothing was read or written."));
	return gb_err_remedy(err, _("Set 'group writeback = yes' in section [features]."));
}

void gb_cycle_run(const void *ctx, const struct gb_config *config,
		  const struct gb_cycle_options *options, struct gb_report **ret_report)
{
	struct gb_report *report = gb_report_new(
		ctx, options->policy == GB_CYCLE_INITIAL ? "initial" : "delta", options->dry_run);
	struct cycle *cycle = gb_new(NULL, struct cycle);
	struct gb_lock *lock = NULL;
	struct gb_err err;

	gb_err_clear(&err);
	cycle->options = options;
	cycle->report = report;
	cycle->session = gb_session_new(cycle, config);
	if (writeback_is_on(config, &err) == GB_OK &&
	    gb_lock_take(cycle, config->paths.state_directory, &lock, &err) == GB_OK) {
		run_locked(cycle, &err);
	} else {
		gb_report_finish(report, &err);
	}
	talloc_free(lock);
	talloc_free(cycle);
	if (config->paths.metrics_file != NULL) {
		gb_metrics_leave(config->paths.metrics_file, report);
	}
	*ret_report = report;
}
