/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Members: the difference of two ascending streams of object numbers, in chunks.
 *
 * Nothing is collected: memory is one read buffer a stream and one chunk each way, whatever the
 * size of the group.
 */
#ifndef GB_PLAN_MEMBERS_H
#define GB_PLAN_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/change.h"
#include "engine/base/compiler.h"
#include "engine/base/err.h"

/** Numbers that are asked of a stream at once. */
#define GB_MEMBERS_READ_COUNT 1024

/** One number of a stream. */
struct gb_plan_member {
	int64_t object_no; /**< > 0 */
	bool exists; /**< desired: the object stands in the directory (false: this plan creates
				it). Observed: we know who it is; false: the value is never removed */
};

/**
 * A stream of numbers, strictly ascending. Opened by the source, closed by the planner. Desired and
 * observed of one group may both be restricted to the same set of numbers (those that changed).
 */
struct gb_member_stream {
	void *user; /**< handed to the functions */
	/**
	 * Fill @buffer with the next numbers, at most @capacity; *ret_count 0 is the end.
	 * Errors: any; the plan ends with it.
	 */
	enum gb_rc (*read)(void *user, struct gb_plan_member *buffer, size_t capacity,
			   size_t *ret_count, struct gb_err *err);
	void (*close)(void *user); /**< called exactly once; may be NULL */
};

/** Where chunks go: @count is 1 … GB_CHANGE_MAX_MEMBERS; @members is borrowed for the call. */
struct gb_members_sink {
	void *user;
	/** @kind is GB_CHANGE_ADD_MEMBERS or GB_CHANGE_REMOVE_MEMBERS. */
	enum gb_rc (*chunk)(void *user, enum gb_change_kind kind, const int64_t *members,
			    size_t count, struct gb_err *err);
};

/** What came out. */
struct gb_members_counts {
	int64_t desired;      /**< numbers in the desired stream */
	int64_t added;        /**< numbers sent to be added */
	int64_t removed;      /**< numbers sent to be removed */
	int64_t held;         /**< removals held back because of @hold_removals */
	int64_t unidentified; /**< observed values that stay because we do not know who they are */
};

/**
 * Send what is desired and not observed as additions, what is observed and not desired as
 * removals.
 *
 * @param desired, observed  opened streams; the caller closes them.
 * @param hold_removals      count removals instead of sending them.
 * Errors: those of the streams and of the sink; GB_E_INTERNAL if a stream does not ascend (then
 * nothing more is sent: a removal could be wrong).
 */
GB_MUST_CHECK enum gb_rc gb_members_diff(const struct gb_member_stream *desired,
					 const struct gb_member_stream *observed,
					 bool hold_removals, const struct gb_members_sink *sink,
					 struct gb_members_counts *ret_counts, struct gb_err *err);

/**
 * For a group that is to be created: calls @create once with up to GB_CHANGE_MAX_MEMBERS members
 * that exist, then sends the rest as additions.
 *
 * @param create  like gb_members_sink.chunk with kind GB_CHANGE_CREATE; count may be 0.
 * Errors: as gb_members_diff().
 */
GB_MUST_CHECK enum gb_rc gb_members_create(const struct gb_member_stream *desired,
					   const struct gb_members_sink *sink,
					   struct gb_members_counts *ret_counts,
					   struct gb_err *err);

#endif
