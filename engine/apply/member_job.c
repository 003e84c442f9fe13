/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Members on their way. */
#include "config.h"

#include "engine/apply/member_job.h"

#include <string.h>

#include "engine/apply/readback.h"
#include "engine/apply/recover.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

static bool is_removal(const struct gb_task *task)
{
	return task->row->change.kind == GB_CHANGE_REMOVE_MEMBERS;
}

/* AD takes <GUID=…> and DNs, other servers DNs alone. */
static bool can_be_named(const struct gb_task *task, const struct gb_directory_reference *member)
{
	bool takes_guids = gb_directory_facts(task->apply->directory)->dialect == GB_DIALECT_AD;

	return member->dn || (takes_guids && !gb_guid_is_none(&member->guid));
}

/*
 * A domain controller finds objects of other domains by their DN alone, unless it is a global catalog
 * itself (MS-ADTS 3.1.1.1.6).
 */
static bool is_of_other_domain(const struct gb_task *task, const struct gb_sid *sid)
{
	const struct gb_sid *domain = &gb_directory_facts(task->apply->directory)->domain_sid;
	size_t length = domain->length;

	return length > 8 && sid->length == length + 4 &&
	       memcmp(sid->bytes + 2, domain->bytes + 2, length - 2) != 0;
}

void gb_member_job_missing(struct gb_task *task, size_t position)
{
	struct gb_member_job *job = task->members;

	if (job->missing++ == 0) {
		job->first_missing = position;
	}
	gb_chunk_mark(job->chunk, position, GB_CHUNK_FAILED);
}

void gb_member_job_prepare(struct gb_task *task)
{
	size_t count = task->row->change.member_count;
	struct gb_member_job *job = gb_new(task, struct gb_member_job);

	task->members = job;
	job->chunk = gb_chunk_new(job, count);
	job->references = gb_new_array(job, struct gb_directory_reference, count);
	job->positions = gb_new_array(job, size_t, count);
	for (size_t i = 0; i < count; i++) {
		const struct gb_state_ref *ref = &task->row->members[i];

		job->references[i] = (struct gb_directory_reference){
			.guid = ref->guid, .sid = ref->sid, .dn = ref->dn};
		if (ref->dn && is_of_other_domain(task, &ref->sid)) {
			job->references[i].guid = (struct gb_guid){{0}};
		}
		if (can_be_named(task, &job->references[i])) {
			continue;
		}
		if (is_removal(task)) {
			gb_chunk_mark(job->chunk, i,
				      GB_CHUNK_DONE); /* gone, and its link with it */
		} else {
			gb_member_job_missing(task, i);
		}
	}
}

void gb_member_job_begin(struct gb_task *task)
{
	gb_member_job_prepare(task);
	gb_member_job_run(task);
}

size_t gb_member_job_done(const struct gb_task *task)
{
	return gb_chunk_count(task->members->chunk, GB_CHUNK_DONE);
}

struct gb_directory_reference *gb_member_job_piece(struct gb_task *task, size_t *ret_count)
{
	struct gb_member_job *job = task->members;
	struct gb_directory_reference *piece;

	job->position_count = gb_chunk_next(job->chunk, job->positions);
	*ret_count = job->position_count;
	if (job->position_count == 0) {
		return NULL;
	}
	piece = gb_new_array(task, struct gb_directory_reference, job->position_count);
	for (size_t i = 0; i < job->position_count; i++) {
		piece[i] = job->references[job->positions[i]];
	}
	return piece;
}

/* Everybody is decided. */
static void finish(struct gb_task *task)
{
	struct gb_member_job *job = task->members;

	if (gb_member_job_done(task) > 0 || task->is_created ||
	    gb_chunk_count(job->chunk, GB_CHUNK_FAILED) == 0) {
		gb_readback_and_end(task);
	} else {
		gb_member_job_collect(task);
		gb_task_failed(task, &task->err);
	}
}

void gb_member_job_refused(struct gb_task *task)
{
	struct gb_member_job *job = task->members;

	if (job->err.rc == GB_OK) {
		job->err = task->err;
	}
	gb_chunk_refused(job->chunk);
}

/* One member alone: the answer itself says how it stands, without a look. */
static bool decide_single(struct gb_task *task)
{
	struct gb_member_job *job = task->members;

	if (job->position_count != 1 || is_removal(task) || !gb_answer_is_there(job->result)) {
		return false;
	}
	gb_chunk_mark(job->chunk, job->positions[0], GB_CHUNK_DONE);
	return true;
}

static void refused(struct gb_task *task)
{
	struct gb_member_job *job = task->members;

	if (decide_single(task)) {
		gb_member_job_run(task);
	} else if (job->looks < GB_MEMBER_JOB_MAX_LOOKS) {
		job->looks++;
		gb_member_job_look(task);
	} else {
		gb_member_job_refused(task);
		gb_member_job_run(task);
	}
}

static void answered(void *user, const struct gb_directory_outcome *answer)
{
	struct gb_task *task = user;
	struct gb_member_job *job = task->members;

	switch (gb_task_answered(task, answer)) {
	case GB_NEXT_DONE:
		gb_chunk_accepted(job->chunk);
		gb_member_job_run(task);
		break;
	case GB_NEXT_AGAIN:
		gb_recover_rest(task, gb_member_job_look_again);
		break;
	case GB_NEXT_LOOK:
		job->result = task->err.native;
		refused(task);
		break;
	case GB_NEXT_STOP:
		gb_task_stop(task);
		break;
	case GB_NEXT_FAIL:
		gb_task_failed(task, &task->err);
		break;
	}
}

void gb_member_job_run(struct gb_task *task)
{
	size_t count = 0;
	struct gb_directory_reference *piece = gb_member_job_piece(task, &count);

	if (count == 0) {
		finish(task);
		return;
	}
	if (task->apply->is_stopping) {
		gb_task_give_up(task);
		return;
	}
	gb_task_sending(task, count);
	gb_directory_change_members(task->apply->directory,
				    &(struct gb_directory_members){
					    .group = &task->target,
					    .remove = is_removal(task),
					    .members = piece,
					    .member_count = count,
				    },
				    answered, task);
	talloc_free(piece);
}

void gb_member_job_abandon(struct gb_task *task, const struct gb_err *err)
{
	struct gb_member_job *job = task->members;

	if (gb_chunk_count(job->chunk, GB_CHUNK_TODO) > 0 && job->err.rc == GB_OK) {
		job->err = *err;
	}
	gb_chunk_mark_rest(job->chunk, GB_CHUNK_FAILED);
}

/* "2 members do not exist, for example CN=…". */
static void explain_missing(struct gb_task *task)
{
	const struct gb_member_job *job = task->members;
	const struct gb_directory_reference *example = &job->references[job->first_missing];
	char *shown = gb_text_display(task, example->dn ? example->dn : _("a group that failed"));

	gb_err_set(&task->err, GB_E_NOT_FOUND, "apply-member-missing",
		   P_("%zu member does not exist in the directory (%s).",
		      "%zu members do not exist in the directory (%s and others).", job->missing),
		   job->missing, shown);
	gb_err_undone(&task->err, "%s",
		      _("They were not added; all other members of the group are not affected."));
	gb_err_remedy(
		&task->err, "%s",
		_("If they were deleted there is nothing to do: the next cycle leaves them out. "
		  "Members that are groups follow when these could be created."));
	talloc_free(shown);
}

void gb_member_job_collect(struct gb_task *task)
{
	struct gb_member_job *job = task->members;
	size_t failed = gb_chunk_count(job->chunk, GB_CHUNK_FAILED);
	int64_t *numbers;
	size_t filled = 0;

	if (failed == 0) {
		return;
	}
	numbers = gb_new_array(task, int64_t, failed);
	for (size_t i = 0; i < task->row->change.member_count; i++) {
		if (gb_chunk_fate(job->chunk, i) == GB_CHUNK_FAILED) {
			numbers[filled++] = task->row->change.members[i];
		}
	}
	task->outcome.failed_members = numbers;
	task->outcome.failed_member_count = failed;
	if (job->err.rc != GB_OK) {
		task->err = job->err;
	} else {
		explain_missing(task);
	}
}
