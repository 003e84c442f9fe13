/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pump: slots to tasks, phase after phase, until the run is over. */
#include "config.h"

#include <assert.h>

#include "engine/apply/executor.h"
#include "engine/apply/recover.h"
#include "engine/apply/task.h"
#include "engine/base/i18n.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"
#include "engine/state/dirty.h"
#include "engine/state/streams.h"

static enum gb_rc fetch(void *user, const void *ctx, struct gb_state_change **ret_change,
			struct gb_err *err)
{
	struct gb_apply *apply = user;

	return gb_state_changes_next(apply->rows, ctx, ret_change, err);
}

static void close_phase(struct gb_apply *apply)
{
	TALLOC_FREE(apply->feed);
	gb_state_changes_end(apply->rows);
	apply->rows = NULL;
}

static void open_phase(struct gb_apply *apply)
{
	apply->rows = gb_state_changes_begin(apply, apply->state, apply->options.run_no,
					     (int)apply->progress.phase);
	apply->feed = gb_feed_new(apply, fetch, apply);
	if (apply->hooks.progress) {
		apply->hooks.progress(apply->hooks.user, &apply->progress);
	}
}

/* Every change of the run was refused, and for lack of rights: that is no matter of some groups. */
static void blame_rights(struct gb_apply *apply)
{
	size_t applied = 0;
	size_t failed = 0;

	for (size_t kind = 0; kind < GB_ARRAY_SIZE(apply->stats.kinds); kind++) {
		applied += apply->stats.kinds[kind].applied + apply->stats.kinds[kind].unknown;
		failed += apply->stats.kinds[kind].failed;
	}
	if (applied == 0 && failed > 0 && apply->refused == failed) {
		apply->stop = apply->refusal;
		gb_err_prefix(
			&apply->stop, "%s",
			P_("the only change was refused", "all changes were refused", failed));
	}
}

/* Applied, but not by us: the next cycle compares everything of these groups. */
static enum gb_rc mark_found(struct gb_apply *apply, struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	enum gb_rc rc = GB_OK;

	for (size_t i = 0; i < apply->found_count && rc == GB_OK; i++) {
		struct gb_state_group *group = NULL;

		rc = gb_state_group_read(tmp, apply->state, 0, apply->found[i], &group, err);
		if (rc == GB_OK) {
			rc = gb_state_dirty_mark(apply->state, group->cloud_no, apply->found[i],
						 GB_DIRTY_ALL, err);
		}
	}
	talloc_free(tmp);
	return rc;
}

/* The outcomes are made durable, and groups that are as they should be are no longer dirty. */
static enum gb_rc settle(struct gb_apply *apply, struct gb_err *err)
{
	enum gb_rc rc = gb_state_journal_clear_applied(apply->state, apply->options.run_no,
						       &apply->stats.groups_cleared,
						       &apply->stats.groups_failed, err);

	if (rc == GB_OK) {
		rc = mark_found(apply, err);
	}
	return rc == GB_OK ? gb_state_commit(apply->state, err) : rc;
}

static void finish(struct gb_apply *apply)
{
	struct gb_err err;

	close_phase(apply);
	if (!apply->state_failed && settle(apply, &err) != GB_OK) {
		gb_pump_state_failed(apply, &err);
	}
	if (apply->stop.rc == GB_OK) {
		blame_rights(apply);
	}
	apply->stats.window_lowest = apply->window.lowest;
	apply->is_over = true;
	gb_apply_announce(apply);
}

static void take_slot(struct gb_apply *apply, const struct gb_state_change *row)
{
	struct gb_apply_stats *stats = &apply->stats;

	apply->busy++;
	apply->members += row->change.member_count;
	if (apply->busy > stats->in_flight_peak) {
		stats->in_flight_peak = apply->busy;
	}
	if (apply->members > stats->members_peak) {
		stats->members_peak = apply->members;
	}
}

static bool drop_resting(struct gb_task_list *list, struct gb_apply *apply)
{
	struct gb_task *task = TAILQ_FIRST(list);

	if (!task) {
		return false;
	}
	TAILQ_REMOVE(list, task, link);
	take_slot(apply, task->row); /* ending it gives the slot back */
	gb_task_give_up(task);
	return true;
}

static bool wind_down(struct gb_apply *apply)
{
	if (drop_resting(&apply->ready, apply) || drop_resting(&apply->resting, apply)) {
		return true;
	}
	if (apply->busy == 0) {
		finish(apply);
	}
	return false;
}

static bool resume_one(struct gb_apply *apply)
{
	struct gb_task *task = TAILQ_FIRST(&apply->ready);

	if (!task) {
		return false;
	}
	TAILQ_REMOVE(&apply->ready, task, link);
	take_slot(apply, task->row);
	task->step(task);
	return true;
}

static bool begin_one(struct gb_apply *apply)
{
	struct gb_state_change *row = NULL;
	struct gb_err err;

	if (apply->members >= GB_APPLY_MAX_MEMBERS) {
		return false;
	}
	if (gb_feed_next(apply->feed, &row, &err) != GB_OK) {
		gb_pump_state_failed(apply, &err);
		return true;
	}
	if (row) {
		take_slot(apply, row);
		gb_task_begin(apply, row);
	}
	return row != NULL;
}

/* All changes of the phase have ended: make that durable, then go on. */
static bool next_phase(struct gb_apply *apply)
{
	struct gb_err err;

	assert(apply->busy == 0);
	close_phase(apply);
	if (gb_state_commit(apply->state, &err) != GB_OK) {
		gb_pump_state_failed(apply, &err);
		return true;
	}
	if (apply->progress.phase + 1 == GB_PHASE_END) {
		finish(apply);
		return false;
	}
	apply->progress.phase++;
	open_phase(apply);
	return true;
}

/* One step; false: nothing can be done before something answers. */
static bool pump_once(struct gb_apply *apply)
{
	if (apply->is_over) {
		return false;
	}
	if (apply->is_stopping) {
		return wind_down(apply);
	}
	if (!apply->feed) {
		open_phase(apply);
	}
	if (gb_feed_is_empty(apply->feed)) {
		return next_phase(apply);
	}
	if (!gb_directory_is_connected(apply->directory)) {
		gb_recover_connection(apply);
		return false;
	}
	if (apply->busy >= apply->window.size) {
		return false;
	}
	return resume_one(apply) || begin_one(apply) || gb_feed_is_empty(apply->feed);
}

void gb_pump(struct gb_apply *apply)
{
	/* A task that ends at once (the fence) calls back here: the loop below goes on with it. */
	if (apply->is_pumping) {
		return;
	}
	apply->is_pumping = true;
	while (pump_once(apply)) {
	}
	apply->is_pumping = false;
}

static void grace_over(struct tevent_context *ev, struct tevent_timer *timer, struct timeval now,
		       void *user)
{
	struct gb_apply *apply = user;

	(void)ev;
	(void)timer;
	(void)now;
	if (!apply->is_over) {
		gb_log(GB_LOG_WARNING, "apply",
		       "%u answers of the directory did not come in time; their outcome is unknown",
		       apply->busy);
		gb_directory_cancel(apply->directory);
	}
}

void gb_pump_stop(struct gb_apply *apply, const struct gb_err *err)
{
	if (apply->is_stopping || apply->is_over) {
		return;
	}
	apply->is_stopping = true;
	apply->stop = *err;
	gb_mem_check(
		tevent_add_timer(apply->ev, apply,
				 tevent_timeval_current_ofs(GB_APPLY_CANCEL_GRACE_MS / 1000,
							    GB_APPLY_CANCEL_GRACE_MS % 1000 * 1000),
				 grace_over, apply));
}

void gb_pump_state_failed(struct gb_apply *apply, const struct gb_err *err)
{
	apply->state_failed = true;
	if (apply->is_stopping) {
		apply->stop = *err; /* worse than why it was stopping */
	} else {
		gb_pump_stop(apply, err);
	}
}
