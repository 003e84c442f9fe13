/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One cycle, end to end. */
#include "config.h"

#include "engine/sync/cycle.h"

#include <string.h>

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
#include "engine/sync/carry.h"
#include "engine/sync/find_group.h"
#include "engine/sync/import_cloud.h"
#include "engine/sync/import_directory.h"
#include "engine/sync/lease.h"
#include "engine/sync/lock.h"
#include "engine/sync/match.h"
#include "engine/sync/metrics.h"
#include "engine/sync/policy.h"
#include "engine/sync/reconcile.h"
#include "engine/sync/release.h"
#include "engine/sync/session.h"
#include "engine/sync/settle.h"
#include "engine/sync/tally.h"
#include "engine/sync/undo.h"

/* A cycle under way. */
struct cycle {
	const struct gb_cycle_options *options;
	struct gb_session *session;
	struct gb_report *report;
	bool initial;           /* everything is read and compared */
	bool full_directory;    /* the directory side at least */
	bool policy_changed;    /* scope or names are not what they were */
	unsigned pending;       /* imports under way */
	bool imported;          /* both have ended */
	struct gb_carry *carry; /* what was carried out; or NULL */
	struct gb_lease *lease; /* NULL: a run that writes nothing */
	struct gb_err err;      /* first error */
};

static bool writes_nothing(const struct cycle *cycle)
{
	return cycle->options->dry_run || cycle->session->config->safety.staging ||
	       (cycle->lease != NULL && gb_lease_is_standby(cycle->lease));
}

/* Not a plan of the planner's, but what was done before turned round. */
static bool is_way_back(const struct cycle *cycle)
{
	return cycle->options->undo_run > 0 || cycle->options->release;
}

/* Most groups are not looked at. */
static bool is_restricted(const struct cycle *cycle)
{
	return cycle->options->group != NULL || cycle->options->adopt;
}

/*
 * One engine writes. Whoever waits for it to go keeps the state warm meanwhile; what somebody asked for
 * by name is refused instead of being left undone in silence.
 */
static enum gb_rc open_lease(struct cycle *cycle, struct gb_err *err)
{
	struct gb_session *session = cycle->session;
	bool may_wait = session->config->safety.standby && cycle->options->approved == NULL &&
			!is_way_back(cycle) && !is_restricted(cycle);
	enum gb_rc rc;

	if (writes_nothing(cycle)) {
		return GB_OK;
	}
	rc = gb_lease_open(session, may_wait, &cycle->lease, err);
	if (rc == GB_OK) {
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

static enum gb_rc choose_policy(struct cycle *cycle, struct gb_err *err)
{
	enum gb_cycle_policy policy = cycle->options->policy;
	bool can_delta = false;
	bool due = false;
	enum gb_rc rc = gb_import_cloud_can_delta(cycle->session, &can_delta, err);

	if (rc == GB_OK && policy == GB_CYCLE_AUTO) {
		rc = gb_reconcile_is_due(cycle->session, &due, err);
	}
	if (rc != GB_OK) {
		return rc;
	}
	cycle->initial = policy == GB_CYCLE_INITIAL || !can_delta || due || cycle->options->adopt;
	cycle->report->policy = cycle->initial ? "initial" : "delta";
	return cycle->initial || is_restricted(cycle) || is_way_back(cycle)
		       ? GB_OK
		       : gb_reconcile_choose(cycle->session, err);
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
	cycle->imported = false;
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
	if (rc == GB_OK && (cycle->options->adopt || cycle->options->release)) {
		session->only_adoptable = cycle->options->adopt;
		rc = gb_adoption_load(session->adoption, err);
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

/* Losses that no change told, and too many of them: the limits must see the whole. */
static enum gb_rc read_all_if_doubtful(struct cycle *cycle, struct gb_err *err)
{
	bool is_doubtful = false;
	enum gb_rc rc = cycle->session->turn.count > 0
				? gb_reconcile_judge(cycle->session, &is_doubtful, err)
				: GB_OK;

	if (rc != GB_OK || !is_doubtful) {
		return rc;
	}
	cycle->initial = true;
	cycle->report->policy = "initial";
	return import_both_sides(cycle, err);
}

static enum gb_rc read_everything_needed(struct cycle *cycle, struct gb_err *err)
{
	struct gb_session *session = cycle->session;
	enum gb_rc rc = gb_settle_prepare(session, &cycle->full_directory, err);

	if (rc == GB_OK) {
		rc = gb_reconcile_mark(session, err);
	}
	if (rc == GB_OK && cycle->options->group != NULL) {
		rc = read_group_anew(cycle, err);
	}
	if (rc == GB_OK) {
		rc = import_both_sides(cycle, err);
	}
	if (rc == GB_OK) {
		rc = read_all_if_doubtful(cycle, err);
	}
	if (rc == GB_OK && cycle->options->group != NULL) {
		rc = choose_group(cycle, err);
	}
	if (rc == GB_OK) {
		rc = gb_settle_finish(session, err);
	}
	if (rc == GB_OK) {
		rc = gb_match_all_due(session, cycle->initial || cycle->policy_changed, err);
	}
	if (rc == GB_OK && !is_restricted(cycle)) {
		rc = gb_reconcile_keep(session, cycle->initial, err);
	}
	return rc == GB_OK ? gb_state_commit(session->state, err) : rc;
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

static enum gb_rc plan_way_back(struct cycle *cycle, struct gb_err *err)
{
	struct gb_session *session = cycle->session;
	struct gb_report *report = cycle->report;
	int64_t undone = cycle->options->undo_run;
	enum gb_rc rc;

	report->policy = undone > 0 ? "undo" : "release";
	rc = gb_state_run_begin(session->state, report->policy, &report->run_no, err);
	gb_log_set_run(report->run_no);
	if (rc == GB_OK) {
		rc = undone > 0 ? gb_undo_plan(session, undone, report->run_no, report, err)
				: gb_release_plan(session, report->run_no, report, err);
	}
	return rc == GB_OK ? gb_planner_show(session, report->run_no, cycle->options->viewer, err)
			   : rc;
}

/* Taking over ends nobody's life: what is not to be written is left to the other tool. */
static enum gb_rc run_planner(struct cycle *cycle, bool all, const struct gb_anchors *anchors,
			      struct gb_err *err)
{
	struct gb_session *session = cycle->session;
	struct gb_plan_policy policy = session->policy;
	enum gb_rc rc;

	if (cycle->options->adopt) {
		session->policy.when_not_enabled = GB_WHEN_KEEP;
		session->policy.when_filtered_out = GB_WHEN_KEEP;
		session->policy.when_soft_deleted = GB_WHEN_KEEP;
		session->policy.when_hard_deleted = GB_WHEN_KEEP;
	}
	rc = gb_planner_run(session, cycle->report->run_no, all, anchors, cycle->report,
			    cycle->options->viewer, err);
	session->policy = policy;
	return rc;
}

static enum gb_rc make_plan(struct cycle *cycle, struct gb_err *err)
{
	bool lifted = cycle->options->approved != NULL || cycle->options->as_approved;
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
		rc = run_planner(cycle, all, anchors, err);
	}
	if (rc == GB_OK && cycle->options->approved != NULL) {
		rc = keep_what_was_approved(cycle, err);
	}
	if (rc == GB_OK && cycle->options->survey != NULL) {
		rc = gb_survey_fill(cycle->options->survey, session, cycle->report->run_no, err);
	}
	return rc == GB_OK ? gb_planner_show(session, cycle->report->run_no, cycle->options->viewer,
					     err)
			   : rc;
}

static enum gb_rc check_plan(struct cycle *cycle, struct gb_err *err)
{
	const struct gb_plan_counts *planned = &cycle->report->planned;

	if (cycle->options->approved != NULL || is_way_back(cycle) ||
	    (is_restricted(cycle) && planned->changes + planned->waiting == 0)) {
		return GB_OK;
	}
	return gb_approval_check(cycle->session, cycle->report,
				 cycle->options->approve_first && cycle->options->group == NULL,
				 err);
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

	if (is_restricted(cycle) &&
	    (cycle->options->group != NULL || report->planned.waiting == 0)) {
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

/* What people decided by starting this cycle. */
static enum gb_rc settle_decisions(struct cycle *cycle, struct gb_err *err)
{
	struct gb_session *session = cycle->session;

	if (!is_way_back(cycle) && cycle->options->approved == NULL) {
		return is_restricted(cycle)
			       ? GB_OK
			       : gb_approval_settle(session, cycle->report,
						    cycle->options->approve_first, err);
	}
	if (cycle->options->approved != NULL) {
		gb_approval_grant(session, cycle->report);
		session->decisions->waiting = (struct gb_waiting_plan){0};
	}
	return gb_decisions_save(session->decisions, session->config->paths.state_directory, err);
}

/* What stood in a former container was moved, or is moved some day. */
static void leave_former_containers(struct cycle *cycle)
{
	bool moved = cycle->report->results[GB_CHANGE_MOVE].applied > 0;

	if (cycle->lease != NULL && (cycle->initial || moved) && !writes_nothing(cycle)) {
		gb_lease_leave_former(cycle->lease);
	}
}

/* The plan is durable before the first write. */
static enum gb_rc write_plan(struct cycle *cycle, struct gb_err *err)
{
	struct gb_session *session = cycle->session;
	enum gb_rc rc = gb_state_commit(session->state, err);

	if (rc == GB_OK) {
		rc = settle_decisions(cycle, err);
	}
	if (rc == GB_OK && !is_way_back(cycle)) {
		rc = gb_adoption_keep(session->adoption, session->state, cycle->report->run_no,
				      err);
	}
	if (rc == GB_OK) {
		cycle->carry = gb_carry_new(cycle, session, cycle->report, cycle->lease);
		rc = gb_carry_out(cycle->carry, cycle->options->progress,
				  cycle->options->progress_user, err);
	}
	if (rc == GB_OK && cycle->options->release) {
		rc = gb_release_keep(session, cycle->carry, err);
	}
	return rc == GB_OK && cycle->options->approved == NULL && !is_way_back(cycle)
		       ? save_what_waits(cycle, err)
		       : rc;
}

static enum gb_rc plan_and_apply(struct cycle *cycle, struct gb_err *err)
{
	enum gb_rc rc = is_way_back(cycle) ? plan_way_back(cycle, err) : make_plan(cycle, err);

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
	if (rc == GB_OK && cycle->report->planned.changes > 0) {
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
	return end->rc == GB_OK && !is_restricted(cycle) && !is_way_back(cycle);
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
		if (strcmp(err->id, "state-corrupt") == 0) {
			also(err, gb_session_drop_state(cycle->session, &later), &later);
		}
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
	if (rc == GB_OK) {
		leave_former_containers(cycle);
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
	if (config->features.group_writeback || gb_config_undoes_writeback(config)) {
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
