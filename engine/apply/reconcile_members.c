/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands there after a chunk of members was refused, or its answer was lost.
 *
 * Samba ignores the permissive control for `member`, so one value that is there already (or not
 * there) refuses the whole chunk, and nothing of it was done (AD heeds it: MS-ADTS 3.1.1.3.4.1.8). Two
 * looks tell who is to be left out: the group's member list (who is there already), and base
 * searches for the members themselves (who does not exist). Which one comes first depends on the
 * refusal; the other one follows if the first one explains nothing.
 */
#include "config.h"

#include "engine/apply/member_job.h"

#include "engine/apply/member_index.h"
#include "engine/apply/recover.h"
#include "engine/base/mem.h"
#include "engine/directory/dn.h"

/* Base searches under way at once (m: 50-70 us each). */
#define PROBES 64

/* A look under way; child of the task. */
struct look {
	struct gb_task *task;
	struct gb_member_index *index;
	bool *is_there;     /* by position: seen in the member list */
	bool is_second;     /* the other look has explained nothing */
	bool is_after_loss; /* the answer was lost, nothing was refused */
	size_t next_probe;  /* index into job->positions */
	size_t open_probes;
	size_t missing_before;
	struct gb_err err; /* of a probe that failed; rc GB_OK if none did */
};

static void read_list(struct look *look);
static void probe_members(struct look *look);

static bool is_removal(const struct gb_task *task)
{
	return task->row->change.kind == GB_CHANGE_REMOVE_MEMBERS;
}

static struct look *look_new(struct gb_task *task)
{
	struct look *look = gb_new(task, struct look);

	look->task = task;
	return look;
}

/* Keys are needed for comparing alone; most chunks are never compared. */
static void fill_in_keys(struct gb_task *task)
{
	struct gb_member_job *job = task->members;

	for (size_t i = 0; i < task->row->change.member_count && !job->has_keys; i++) {
		struct gb_directory_reference *reference = &job->references[i];

		reference->dn_key = reference->dn ? gb_dn_key(job, reference->dn) : NULL;
	}
	job->has_keys = true;
}

/* The look is over and has decided somebody, or nobody. */
static void go_on(struct look *look, bool has_explained)
{
	struct gb_task *task = look->task;
	struct gb_member_job *job = task->members;

	if (!has_explained && !look->is_after_loss && !look->is_second && !is_removal(task)) {
		look->is_second = true;
		if (gb_answer_is_missing(job->result)) {
			read_list(look);
		} else {
			probe_members(look);
		}
		return;
	}
	if (!has_explained && !look->is_after_loss) {
		gb_member_job_refused(task);
	}
	task->is_unsure = false;
	talloc_free(look);
	gb_member_job_run(task);
}

/*
 * The member list.
 */

static enum gb_rc see_member(void *user, const struct gb_directory_reference *member)
{
	struct look *look = user;
	size_t position;

	if (gb_member_index_find(look->index, member, &position)) {
		look->is_there[position] = true;
	}
	return GB_OK;
}

/* To be added and there, or to be removed and not there: done. */
static bool drop_done(struct look *look)
{
	struct gb_member_job *job = look->task->members;
	size_t before = gb_chunk_count(job->chunk, GB_CHUNK_DONE);

	for (size_t i = 0; i < look->task->row->change.member_count; i++) {
		if (look->is_there[i] != is_removal(look->task)) {
			gb_chunk_mark(job->chunk, i, GB_CHUNK_DONE);
		}
	}
	return gb_chunk_count(job->chunk, GB_CHUNK_DONE) > before;
}

static void list_read(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct look *look = user;
	struct gb_task *task = look->task;

	if (rc == GB_OK) {
		go_on(look, drop_done(look));
		return;
	}
	talloc_free(look);
	if (rc == GB_E_NOT_FOUND && !task->is_created) {
		gb_task_gone(task);
	} else {
		gb_task_read_failed(task, err, gb_member_job_look_again);
	}
}

static void read_list(struct look *look)
{
	struct gb_task *task = look->task;

	fill_in_keys(task);
	talloc_free(look->index);
	look->index = gb_member_index_new(look, task->members->references,
					  task->row->change.member_count);
	look->is_there = gb_new_array(look, bool, task->row->change.member_count);
	gb_directory_read_members(task->apply->directory, &task->target, see_member, list_read,
				  look);
}

/*
 * The members themselves, many at once; the group first, because 32 may mean it.
 */

struct probe {
	struct look *look;
	size_t position;
};

static enum gb_rc ignore_object(void *user, const struct gb_directory_object *object)
{
	(void)user;
	(void)object;
	return GB_OK;
}

static void probes_over(struct look *look)
{
	struct gb_task *task = look->task;
	struct gb_err err = look->err;

	if (err.rc == GB_OK) {
		go_on(look, task->members->missing > look->missing_before);
		return;
	}
	talloc_free(look);
	gb_task_read_failed(task, &err, gb_member_job_look_again);
}

static void begin_probes(struct look *look);

/* The next cycle must not want it again: no change tells that an object went. */
static void forget(struct gb_task *task, size_t position)
{
	struct gb_apply *apply = task->apply;
	struct gb_err err;

	if (!apply->state_failed &&
	    gb_state_directory_remove(apply->state, task->row->change.members[position], &err) !=
		    GB_OK) {
		gb_pump_state_failed(apply, &err);
	}
}

static void probe_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct probe *probe = user;
	struct look *look = probe->look;
	struct gb_member_job *job = look->task->members;

	if (rc == GB_E_NOT_FOUND) {
		gb_member_job_missing(look->task, probe->position);
		forget(look->task, probe->position);
	} else if (rc != GB_OK && look->err.rc == GB_OK) {
		look->err = *err;
		look->next_probe = job->position_count;
	}
	talloc_free(probe);
	look->open_probes--;
	begin_probes(look);
}

static void begin_probes(struct look *look)
{
	struct gb_member_job *job = look->task->members;

	while (look->open_probes < PROBES && look->next_probe < job->position_count) {
		struct probe *probe = gb_new(look, struct probe);

		probe->look = look;
		probe->position = job->positions[look->next_probe++];
		look->open_probes++;
		gb_directory_read_group(look->task->apply->directory,
					&job->references[probe->position], ignore_object,
					probe_done, probe);
	}
	if (look->open_probes == 0) {
		probes_over(look);
	}
}

static void group_probed(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct look *look = user;
	struct gb_task *task = look->task;

	if (rc == GB_OK) {
		begin_probes(look);
		return;
	}
	talloc_free(look);
	if (rc == GB_E_NOT_FOUND) {
		gb_task_gone(task);
	} else {
		gb_task_read_failed(task, err, gb_member_job_look_again);
	}
}

static void probe_members(struct look *look)
{
	struct gb_task *task = look->task;

	look->next_probe = 0;
	look->missing_before = task->members->missing;
	if (task->is_created) {
		begin_probes(look);
	} else {
		gb_directory_read_group(task->apply->directory, &task->target, ignore_object,
					group_probed, look);
	}
}

/*
 * The two ways in.
 */

void gb_member_job_look(struct gb_task *task)
{
	struct look *look = look_new(task);

	if (gb_answer_is_missing(task->members->result) && !is_removal(task)) {
		probe_members(look);
	} else {
		read_list(look);
	}
}

void gb_member_job_look_again(struct gb_task *task)
{
	struct look *look = look_new(task);

	look->is_after_loss = true;
	read_list(look);
}
