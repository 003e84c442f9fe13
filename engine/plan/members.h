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

/** What is known of an object that would be added or removed. */
enum gb_member_presence {
	GB_MEMBER_ABSENT = 0, /**< it does not exist, and this plan does not make it: not written */
	GB_MEMBER_PLANNED = 1, /**< it does not exist yet; this plan makes it */
	GB_MEMBER_STUB = 2,    /**< it exists, but we do not know who it is: never removed */
	GB_MEMBER_KNOWN = 3    /**< it exists and was read */
};

/**
 * A stream of numbers, strictly ascending. Opened by the source, closed by the planner. Desired and
 * observed of one group may both be restricted to the same set of numbers (those that changed).
 */
struct gb_member_stream {
	void *user; /**< handed to the functions */
	/**
	 * Fill @buffer with the next numbers (> 0), at most @capacity; *ret_count 0 is the end.
	 * Errors: any; the plan ends with it.
	 */
	enum gb_rc (*read)(void *user, int64_t *buffer, size_t capacity, size_t *ret_count,
			   struct gb_err *err);
	void (*close)(void *user); /**< called exactly once; may be NULL */
};

/** Who is asked about single numbers. */
struct gb_members_oracle {
	void *user;
	/** What is known of @object_no? Asked once for each number that the streams differ in. */
	enum gb_rc (*presence)(void *user, int64_t object_no, enum gb_member_presence *ret_presence,
			       struct gb_err *err);
};

/** Where chunks go: @count is at most GB_CHANGE_MAX_MEMBERS; @members is borrowed for the call. */
struct gb_members_sink {
	void *user;
	/** @kind is GB_CHANGE_CREATE, GB_CHANGE_ADD_MEMBERS or GB_CHANGE_REMOVE_MEMBERS. */
	enum gb_rc (*chunk)(void *user, enum gb_change_kind kind, const int64_t *members,
			    size_t count, struct gb_err *err);
	/**
	 * gb_members_diff(): additions of members that this plan makes itself. NULL: they go to
	 * chunk() with the others.
	 */
	enum gb_rc (*planned)(void *user, const int64_t *members, size_t count, struct gb_err *err);
};

/** What came out. */
struct gb_members_counts {
	int64_t desired;      /**< numbers in the desired stream */
	int64_t added;        /**< numbers sent to be added */
	int64_t removed;      /**< numbers sent to be removed */
	int64_t held;         /**< removals held back because of @hold_removals */
	int64_t unidentified; /**< observed values that stay because we do not know who they are */
	int64_t absent;       /**< desired objects that do not exist and are not made */
};

/** A question about one group. */
struct gb_members_input {
	const struct gb_member_stream *desired;  /**< opened; the caller closes it */
	const struct gb_member_stream *observed; /**< the same; not read by gb_members_create() */
	const struct gb_members_oracle *oracle;
	bool hold_removals; /**< count removals instead of sending them */
};

/**
 * Send what is desired and not observed as additions, what is observed and not desired as
 * removals.
 *
 * Errors: those of streams, oracle and sink; GB_E_INTERNAL if a stream does not ascend (then
 * nothing more is sent: a removal could be wrong).
 */
GB_MUST_CHECK enum gb_rc gb_members_diff(const struct gb_members_input *input,
					 const struct gb_members_sink *sink,
					 struct gb_members_counts *ret_counts, struct gb_err *err);

/**
 * For a group that is to be created: one chunk of kind GB_CHANGE_CREATE with up to
 * GB_CHANGE_MAX_MEMBERS members that exist (its count may be 0), then the rest as additions.
 *
 * Errors: as gb_members_diff().
 */
GB_MUST_CHECK enum gb_rc gb_members_create(const struct gb_members_input *input,
					   const struct gb_members_sink *sink,
					   struct gb_members_counts *ret_counts,
					   struct gb_err *err);

#endif
