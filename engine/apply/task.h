/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A task: one change on its way, from the journal's row to its outcome.
 *
 * What a task does next is its step. A step begins at most one request and returns; the answer calls
 * into the file that began it, which ends the task, lets it rest, or begins the next request. No
 * step may touch a task that it has ended or put to rest. Private to engine/apply.
 */
#ifndef GB_APPLY_TASK_H
#define GB_APPLY_TASK_H

#include "engine/apply/executor.h"
#include "engine/apply/answer.h"
#include "engine/directory/reference.h"
#include "engine/state/life.h"

struct gb_task;
struct gb_member_job;

/** What a task does next. */
typedef void (*gb_task_step)(struct gb_task *task);

/** One change on its way; child of the gb_apply. */
struct gb_task {
	TAILQ_ENTRY(gb_task) link; /**< in ready or resting while it has no slot */
	struct gb_apply *apply;
	struct gb_state_change *row;          /**< child */
	struct gb_directory_reference target; /**< the object; borrowed from row or outcome */
	gb_task_step step;                    /**< next, when it gets a slot */
	struct tevent_timer *pause;           /**< running while it rests for a time of its own */

	int64_t known_usn;       /**< uSNChanged that the plan was made from; 0: not known, or
				      this run has written the object since */
	unsigned attempts;       /**< answers in a row that asked to come again */
	uint64_t answers_before; /**< apply->answers at the first of them */
	unsigned epoch;          /**< server that the last write was sent to */
	int64_t sent_ms;         /**< when */
	size_t sent_members;     /**< values of member in it */
	int64_t answered_usn;    /**< uSNChanged that its answer told; 0: it told none */
	unsigned looks;          /**< looks after a refusal, bounded by each kind */

	bool was_sent;    /**< a write was sent */
	bool has_written; /**< a write was carried out */
	bool is_unsure;   /**< the last write was sent, and nobody knows whether it was done */
	bool is_created;  /**< CREATE: the entry exists now, by us or found */
	bool is_restored; /**< CREATE: it is the deleted object of before, had back */
	struct gb_state_grave grave; /**< CREATE: the group's deleted object, if there is one */
	bool is_found;     /**< CREATE: it was found with our anchor; its rest is not known */
	struct gb_err err; /**< of the last answer that was no success; rc GB_OK if none */

	struct gb_member_job *members;   /**< its members, while they are written; or NULL */
	struct gb_state_outcome outcome; /**< filled in on the way; strings are below the task */
};

/** Begin with @row, which becomes the task's. The caller has counted its slot. */
void gb_task_begin(struct gb_apply *apply, struct gb_state_change *row);

/** Note that a write with @members values of member is sent now. Call before every write. */
void gb_task_sending(struct gb_task *task, size_t members);

/** Take in the answer to a write: means, counts, errors. Returns what comes next. */
enum gb_next gb_task_answered(struct gb_task *task, const struct gb_directory_outcome *answer);

/**
 * A read failed for another reason than that there is nothing: rest and go on with @step, or fail.
 */
void gb_task_read_failed(struct gb_task *task, const struct gb_err *err, gb_task_step step);

/** It is done: store the outcome APPLIED and end. */
void gb_task_applied(struct gb_task *task);

/** It failed, for @err: FAILED; or what part of it is done. */
void gb_task_failed(struct gb_task *task, const struct gb_err *err);

/** Nobody knows whether it is done, and it cannot be found out in this run. */
void gb_task_unknown(struct gb_task *task, const struct gb_err *err);

/** Give up without being able to go on: unknown, done in part, failed; or open, if nothing is done
 * and the run stops. */
void gb_task_give_up(struct gb_task *task);

/** task->err is fatal for the whole run: give up, and stop. */
void gb_task_stop(struct gb_task *task);

/** The object is not there any more: FAILED, and the state forgets it (if the server is the one
 * that the import has read from). */
void gb_task_gone(struct gb_task *task);

/** The text of the cloud group's anchor, below the task. */
const char *gb_task_anchor(struct gb_task *task);

#endif
