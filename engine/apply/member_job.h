/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Members on their way: the chunk of one change, sent as a whole, and in smaller pieces only when
 * the server refuses it. What refusals are about is found out in reconcile_members.c. Private to
 * engine/apply.
 */
#ifndef GB_APPLY_MEMBER_JOB_H
#define GB_APPLY_MEMBER_JOB_H

#include <stddef.h>

#include "engine/apply/chunk.h"
#include "engine/apply/task.h"

/** Looks at the directory for one chunk: the list, the members, and the list again. */
#define GB_MEMBER_JOB_MAX_LOOKS 3

/** The members of a task; child of the task. */
struct gb_member_job {
	struct gb_chunk *chunk;
	struct gb_directory_reference *references; /**< of all members, in the change's order;
						    dn_key is filled in by the first look */
	bool has_keys;                             /**< it was */
	size_t *positions;                         /**< the piece that was sent last … */
	size_t position_count;                     /**< … and how many they are */
	int result;                                /**< LDAP result of its refusal */
	unsigned looks;                            /**< so far */
	size_t missing;       /**< members that failed because they do not exist */
	size_t first_missing; /**< position of one of them */
	struct gb_err err;    /**< why others failed: the first reason; rc GB_OK if none did */
};

/** Make task->members. Members that cannot be named (not created, gone) are decided at once. */
void gb_member_job_prepare(struct gb_task *task);

/** First step of ADD_MEMBERS and REMOVE_MEMBERS. */
void gb_member_job_begin(struct gb_task *task);

/** Send the next piece; when everybody is decided, end the change. */
void gb_member_job_run(struct gb_task *task);

/** The piece at hand as references, to be freed; NULL and 0 if everybody is decided. */
struct gb_directory_reference *gb_member_job_piece(struct gb_task *task, size_t *ret_count);

/** The member at @position does not exist: it has failed. */
void gb_member_job_missing(struct gb_task *task, size_t position);

/** The piece at hand was refused with task->err, and no look explains it: halve it. */
void gb_member_job_refused(struct gb_task *task);

/** How many are written or were so. */
size_t gb_member_job_done(const struct gb_task *task);

/** Everybody undecided has failed, for @err. */
void gb_member_job_abandon(struct gb_task *task, const struct gb_err *err);

/** Put those who failed into task->outcome, and the reason into task->err. */
void gb_member_job_collect(struct gb_task *task);

/** Find out what stands there after a refusal with job->result; goes on with gb_member_job_run(). */
void gb_member_job_look(struct gb_task *task);

/** Find out what is done of a chunk whose answer never came; goes on with gb_member_job_run(). */
void gb_member_job_look_again(struct gb_task *task);

#endif
