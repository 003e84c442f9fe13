/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tasks: from the journal's row to the outcome. */
#include "config.h"

#include "engine/apply/task.h"

#include <assert.h>

#include "engine/apply/create.h"
#include "engine/apply/fence.h"
#include "engine/apply/member_job.h"
#include "engine/apply/object.h"
#include "engine/apply/recover.h"
#include "engine/apply/restore.h"
#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"
#include "engine/plan/naming.h"

static const struct {
	gb_task_step first;
} by_kind[] = {
	[GB_CHANGE_CREATE] = {gb_restore_begin},        [GB_CHANGE_ATTRIBUTES] = {gb_object_begin},
	[GB_CHANGE_REMOVE_MEMBERS] = {gb_object_begin}, [GB_CHANGE_ADD_MEMBERS] = {gb_object_begin},
	[GB_CHANGE_RENAME] = {gb_object_look},          [GB_CHANGE_MOVE] = {gb_object_look},
	[GB_CHANGE_DELETE] = {gb_object_look},
};

static struct gb_apply_kind_stats *kind_stats(const struct gb_task *task)
{
	return &task->apply->stats.kinds[task->row->change.kind];
}

/*
 * The end of a task.
 */

static void count_members(struct gb_task *task, enum gb_outcome_status status)
{
	struct gb_apply_stats *stats = &task->apply->stats;
	size_t all = task->row->change.member_count;
	size_t failed = status == GB_OUTCOME_APPLIED  ? task->outcome.failed_member_count
			: status == GB_OUTCOME_FAILED ? all
						      : 0;
	size_t taken = status == GB_OUTCOME_APPLIED ? all - failed : 0;

	stats->members_failed += failed;
	if (task->row->change.kind == GB_CHANGE_REMOVE_MEMBERS) {
		stats->members_removed += taken;
	} else {
		stats->members_added += taken;
	}
}

static void count(struct gb_task *task, enum gb_outcome_status status)
{
	struct gb_apply_kind_stats *stats = kind_stats(task);

	stats->applied += status == GB_OUTCOME_APPLIED;
	stats->failed += status == GB_OUTCOME_FAILED;
	stats->unknown += status == GB_OUTCOME_UNKNOWN;
	stats->skipped += status == GB_OUTCOME_SKIPPED;
	count_members(task, status);
	if (status == GB_OUTCOME_FAILED && task->err.rc == GB_E_ACCESS &&
	    task->apply->refused++ == 0) {
		task->apply->refusal = task->err;
	}
}

/* Found by its anchor: what else stands there is not known before it is read. */
static enum gb_rc distrust(struct gb_task *task, struct gb_err *err)
{
	struct gb_apply *apply = task->apply;
	int64_t object_no = task->row->change.object_no;

	apply->found = gb_mem_check(
		talloc_realloc(apply, apply->found, int64_t, gb_mem_count(apply->found_count + 1)));
	apply->found[apply->found_count++] = object_no;
	return gb_state_directory_set_members_known(apply->state, object_no, false, err);
}

static void store(struct gb_task *task, enum gb_outcome_status status)
{
	struct gb_apply *apply = task->apply;
	struct gb_err err;
	enum gb_rc rc;

	if (apply->state_failed) {
		return;
	}
	task->outcome.status = status;
	task->outcome.err = task->err.rc == GB_OK ? NULL : &task->err;
	rc = gb_state_journal_outcome(apply->state, task->row, &task->outcome, &err);
	if (rc == GB_OK && task->is_found) {
		rc = distrust(task, &err);
	}
	if (rc == GB_OK) {
		rc = gb_state_commit_soon(apply->state, &err);
	}
	if (rc != GB_OK) {
		gb_pump_state_failed(apply, &err);
	}
}

static void tell(const struct gb_task *task, enum gb_outcome_status status)
{
	struct gb_apply *apply = task->apply;
	bool is_new = gb_guid_compare(&task->grave.guid, &task->outcome.guid) != 0;
	const struct gb_apply_result result = {
		.change = &task->row->change,
		.status = status,
		.err = task->err.rc == GB_OK ? NULL : &task->err,
		.failed_members = task->outcome.failed_members,
		.failed_member_count = task->outcome.failed_member_count,
		.is_restored = task->is_restored,
		.lost_sid = is_new && task->is_created ? task->grave.sid : (struct gb_sid){0},
		.was_so = status == GB_OUTCOME_APPLIED && !task->has_written,
	};

	apply->progress.done++;
	if (apply->hooks.ended) {
		apply->hooks.ended(apply->hooks.user, &result);
	}
	if (apply->hooks.progress) {
		apply->hooks.progress(apply->hooks.user, &apply->progress);
	}
}

/* Give everything back. The change stays open unless its outcome was stored. */
static void leave(struct gb_task *task)
{
	struct gb_apply *apply = task->apply;

	gb_feed_done(apply->feed, task->row->change.object_no);
	apply->members -= task->row->change.member_count;
	talloc_free(task);
	assert(apply->busy > 0);
	apply->busy--;
	gb_pump(apply);
}

static void end(struct gb_task *task, enum gb_outcome_status status)
{
	store(task, status);
	count(task, status);
	tell(task, status);
	leave(task);
}

void gb_task_applied(struct gb_task *task)
{
	gb_err_clear(&task->err);
	if (task->members) {
		gb_member_job_collect(task);
	}
	end(task, GB_OUTCOME_APPLIED);
}

static bool is_done_in_part(const struct gb_task *task)
{
	return task->is_created || (task->members && gb_member_job_done(task) > 0);
}

/* What was not reached counts as refused: it is tried again in the next cycle. */
static void end_in_part(struct gb_task *task, const struct gb_err *err)
{
	task->err = *err;
	if (task->members) {
		gb_member_job_abandon(task, err);
		gb_member_job_collect(task);
	}
	end(task, GB_OUTCOME_APPLIED);
}

void gb_task_failed(struct gb_task *task, const struct gb_err *err)
{
	if (is_done_in_part(task)) {
		end_in_part(task, err);
		return;
	}
	task->err = *err;
	end(task, GB_OUTCOME_FAILED);
}

void gb_task_unknown(struct gb_task *task, const struct gb_err *err)
{
	task->err = *err;
	end(task, GB_OUTCOME_UNKNOWN);
}

void gb_task_give_up(struct gb_task *task)
{
	struct gb_err err = task->err;

	if (err.rc == GB_OK) {
		err = task->apply->stop;
	}
	if (task->is_unsure || (task->is_created && gb_guid_is_none(&task->outcome.guid))) {
		gb_task_unknown(task, &err);
	} else if (is_done_in_part(task)) {
		end_in_part(task, &err);
	} else if (task->apply->is_stopping) {
		leave(task);
	} else {
		gb_task_failed(task, &err);
	}
}

void gb_task_stop(struct gb_task *task)
{
	gb_pump_stop(task->apply, &task->err);
	gb_task_give_up(task);
}

/*
 * A server that took over in the middle of the run may simply not have it yet: then the state is
 * not told, and the group is not made anew (docs/failures.md, D21).
 */
void gb_task_gone(struct gb_task *task)
{
	struct gb_apply *apply = task->apply;
	struct gb_err err;

	gb_err_set(&task->err, GB_E_NOT_FOUND, "apply-object-gone", "%s",
		   _("The group is not in the directory any more."));
	gb_err_undone(&task->err, "%s", _("Its changes were not made."));
	gb_err_remedy(&task->err, "%s",
		      _("Nothing to do if it was deleted by mistake: the next cycle writes it "
			"again."));
	store(task, GB_OUTCOME_FAILED);
	if (apply->epoch == 0 && !apply->state_failed &&
	    gb_state_directory_remove(apply->state, task->row->change.object_no, &err) != GB_OK) {
		gb_pump_state_failed(apply, &err);
	}
	count(task, GB_OUTCOME_FAILED);
	tell(task, GB_OUTCOME_FAILED);
	leave(task);
}

/*
 * The beginning of a task.
 */

static void skip(struct gb_task *task)
{
	gb_err_set(&task->err, GB_E_NOT_FOUND, "apply-not-created", "%s",
		   _("The group does not exist, because creating it failed or it was deleted."));
	gb_err_undone(&task->err, "%s", _("This change of it was not sent."));
	end(task, GB_OUTCOME_SKIPPED);
}

/* The object as it was imported; the state's row is fresh: every cycle imports before it plans. */
static enum gb_rc read_object(struct gb_task *task, const struct gb_directory_object **ret_object,
			      struct gb_err *err)
{
	struct gb_state_directory_object *stored = NULL;
	enum gb_rc rc = gb_state_directory_read(task, task->apply->state,
						task->row->change.object_no, &stored, err);

	if (rc == GB_OK && stored->presence == GB_PRESENCE_SLOT) {
		rc = GB_E_NOT_FOUND;
	}
	if (rc == GB_OK) {
		*ret_object = &stored->object;
		task->known_usn = stored->object.usn_changed;
	}
	return rc;
}

static enum gb_rc announce(struct gb_task *task, struct gb_err *err)
{
	const struct gb_apply_hooks *hooks = &task->apply->hooks;

	return hooks->begins ? hooks->begins(hooks->user, task->row, err) : GB_OK;
}

static void check_and_begin(struct gb_task *task)
{
	struct gb_apply *apply = task->apply;
	const struct gb_change *change = &task->row->change;
	const struct gb_directory_object *object = NULL;
	struct gb_err err;
	enum gb_rc rc = change->kind == GB_CHANGE_CREATE ? GB_OK : read_object(task, &object, &err);

	if (rc == GB_E_NOT_FOUND) {
		skip(task);
	} else if (rc != GB_OK) {
		gb_pump_state_failed(apply, &err);
		leave(task);
	} else if (gb_fence_check(&apply->fence, change, object, &err) != GB_OK) {
		gb_task_failed(task, &err);
	} else if (announce(task, &err) != GB_OK) {
		gb_pump_stop(apply, &err);
		leave(task);
	} else {
		by_kind[change->kind].first(task);
	}
}

void gb_task_begin(struct gb_apply *apply, struct gb_state_change *row)
{
	struct gb_task *task = gb_new(apply, struct gb_task);

	task->apply = apply;
	task->row = talloc_steal(task, row);
	task->target = (struct gb_directory_reference){
		.guid = row->target.guid, .sid = row->target.sid, .dn = row->target.dn};
	task->epoch = apply->epoch;
	check_and_begin(task);
}

/*
 * Requests and answers.
 */

void gb_task_sending(struct gb_task *task, size_t members)
{
	struct gb_apply_kind_stats *stats = kind_stats(task);

	stats->sent += !task->was_sent;
	stats->retried += task->was_sent;
	task->was_sent = true;
	task->epoch = task->apply->epoch;
	task->sent_members = members;
	task->answered_usn = 0;
	task->sent_ms = gb_clock_boot_ms();
}

static void keep_error(struct gb_task *task, const struct gb_directory_outcome *answer)
{
	if (answer->err) {
		task->err = *answer->err;
	} else {
		gb_err_clear(&task->err);
	}
}

enum gb_next gb_task_answered(struct gb_task *task, const struct gb_directory_outcome *answer)
{
	struct gb_apply *apply = task->apply;
	enum gb_next next = gb_answer_decide(&(struct gb_answer){
		.kind = task->is_created ? GB_CHANGE_ADD_MEMBERS : task->row->change.kind,
		.members = task->sent_members,
		.rc = answer->rc,
		.result = answer->err ? answer->err->native : 0,
		.outcome_known = answer->outcome_known,
		.is_transient = answer->is_transient,
	});

	keep_error(task, answer);
	task->answered_usn = answer->object ? answer->object->usn_changed : 0;
	task->is_unsure = answer->rc != GB_OK && !answer->outcome_known;
	task->has_written = task->has_written || next == GB_NEXT_DONE;
	if (next == GB_NEXT_AGAIN) {
		gb_window_busy(&apply->window);
		return next;
	}
	task->attempts = 0;
	apply->answers++;
	gb_window_answered(&apply->window, gb_clock_boot_ms() - task->sent_ms, task->sent_members);
	/* The end is near: what would be looked up and repeated is left to the next run. */
	return next == GB_NEXT_LOOK && apply->is_stopping ? GB_NEXT_AGAIN : next;
}

void gb_task_read_failed(struct gb_task *task, const struct gb_err *err, gb_task_step step)
{
	bool is_passing = err->rc == GB_E_UNAVAILABLE || err->rc == GB_E_CANCELLED;

	if (!task->is_unsure || is_passing) {
		task->err = *err;
	}
	if (is_passing) {
		gb_recover_rest(task, step);
	} else {
		gb_task_give_up(task);
	}
}

const char *gb_task_anchor(struct gb_task *task)
{
	return gb_naming_anchor(task, &task->row->change.cloud_id);
}
