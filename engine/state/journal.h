/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The journal: what a run is going to write, and what became of it.
 *
 * Order of a run: gb_state_run_begin(); gb_state_journal_add() for the whole plan; gb_state_commit();
 * then, phase by phase, gb_state_changes_next(), send, gb_state_journal_outcome(),
 * gb_state_commit_soon(); at last gb_state_run_end(). So an intent is durable before anything is
 * sent. An outcome brings the directory space up to date in the same transaction: nothing that we
 * wrote ourselves has to be read again. After a crash the objects of intents without an outcome are
 * read again first: gb_state_open_changes_next(), then gb_state_open_changes_settle().
 */
#ifndef GB_STATE_JOURNAL_H
#define GB_STATE_JOURNAL_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/change.h"
#include "engine/state/directory_space.h"
#include "engine/state/state.h"

/** What became of a change. */
enum gb_outcome_status {
	GB_OUTCOME_OPEN = 0,    /**< no outcome yet */
	GB_OUTCOME_APPLIED = 1, /**< done, or found to be so already; failed_members may be left */
	GB_OUTCOME_FAILED = 2,  /**< refused: nothing of it is done */
	GB_OUTCOME_UNKNOWN = 3, /**< sent, no answer: the object must be read again */
	GB_OUTCOME_SKIPPED = 4, /**< never sent: the run stopped, or an earlier change failed */
	GB_OUTCOME_SETTLED = 5, /**< was OPEN or UNKNOWN after a crash; the object was read again */
	GB_OUTCOME_WAITING = 6  /**< planned, and never sent in this run: it waits for approval */
};

/** The outcome of one change. */
struct gb_state_outcome {
	enum gb_outcome_status status; /**< APPLIED, FAILED, UNKNOWN or SKIPPED */
	const struct gb_err *err;      /**< why it, or some of its members, failed; or NULL */
	const int64_t *failed_members; /**< APPLIED: members of the change that were refused */
	size_t failed_member_count;
	/* What is known of the entry after it; each may be left out. */
	struct gb_guid guid; /**< CREATE: objectGUID; none: not known */
	struct gb_sid sid;   /**< CREATE: objectSid; none: not known */
	const char *dn;      /**< CREATE, RENAME, MOVE: its DN now */
	const char *dn_key;  /**< comparable form of dn */
	const char *cn;      /**< CREATE, RENAME: value of the RDN, unescaped */
	int64_t usn_changed; /**< uSNChanged after the write (post-read); 0: not known. The links as
				  they are stored then count as read at it (members_usn) */
};

/** A change of the journal with what is needed to send it. */
struct gb_state_change {
	struct gb_change change; /**< as it was planned */
	int64_t run_no;          /**< its run */
	enum gb_outcome_status status;
	const char *err_id;                 /**< of a failed change; or NULL */
	const char *err_text;               /**< one line; or NULL */
	struct gb_state_ref target;         /**< the object as it can be named now */
	const struct gb_state_ref *members; /**< change.member_count of them, in the same order */
	const int64_t *failed_members;      /**< from the outcome */
	size_t failed_member_count;
};

/** Opaque: an iteration over changes. */
struct gb_state_changes_iter;

/**
 * Changes of a plan that is not sent yet, from number @first_seq on, become WAITING for @waits (a cause
 * of the planner), or, with 0, go after all.
 */
GB_MUST_CHECK enum gb_rc gb_state_journal_hold(struct gb_state *state, int64_t run_no,
					       int64_t first_seq, int waits, struct gb_err *err);

/** Forget the changes of one object in a plan that is not sent yet. */
GB_MUST_CHECK enum gb_rc gb_state_journal_drop(struct gb_state *state, int64_t run_no,
					       int64_t object_no, struct gb_err *err);

/** Forget the WAITING changes of a run: the plan that waits is a file of its own. */
GB_MUST_CHECK enum gb_rc gb_state_journal_drop_waiting(struct gb_state *state, int64_t run_no,
						       struct gb_err *err);

/**
 * Store one planned write as an intent of @run_no; WAITING if change->waits says so.
 *
 * @param change   copied; change->seq is ignored.
 * @param ret_seq  its number inside the run, from 1; may be NULL.
 */
GB_MUST_CHECK enum gb_rc gb_state_journal_add(struct gb_state *state, int64_t run_no,
					      const struct gb_change *change, int64_t *ret_seq,
					      struct gb_err *err);

/**
 * Begin to iterate over the changes of a run, in order of their numbers.
 *
 * @param phase  enum gb_change_phase: only that phase, and only changes without an outcome, to send
 *               them; 0: all, to show them.
 */
struct gb_state_changes_iter *gb_state_changes_begin(const void *ctx, struct gb_state *state,
						     int64_t run_no, int phase);

/**
 * The next change as a row of its own below @ctx, which the caller frees when its answer is in; NULL
 * at the end. References are looked up now, so that a group that was created a phase earlier has its
 * GUID. Outcomes may be stored while iterating.
 */
GB_MUST_CHECK enum gb_rc gb_state_changes_next(struct gb_state_changes_iter *iter, const void *ctx,
					       struct gb_state_change **ret_change,
					       struct gb_err *err);

/** End the iteration. NULL is fine. */
void gb_state_changes_end(struct gb_state_changes_iter *iter);

/**
 * Store what became of a change, and bring the directory space up to date: CREATE fills the slot
 * and its links; ATTRIBUTES, RENAME and MOVE change the object; ADD and REMOVE_MEMBERS its links;
 * DELETE empties it to a slot. Dirties nothing.
 *
 * @param change  a row of gb_state_changes_next().
 */
GB_MUST_CHECK enum gb_rc gb_state_journal_outcome(struct gb_state *state,
						  const struct gb_state_change *change,
						  const struct gb_state_outcome *outcome,
						  struct gb_err *err);

/**
 * Clear the dirtiness (gb_state_dirty_clear()) of every group of which all changes of the run are
 * APPLIED without a refused member. The others stay dirty and are planned again.
 *
 * @param ret_cleared, ret_left  how many groups; may be NULL.
 */
GB_MUST_CHECK enum gb_rc gb_state_journal_clear_applied(struct gb_state *state, int64_t run_no,
							size_t *ret_cleared, size_t *ret_left,
							struct gb_err *err);

/**
 * Iterate over the changes, of any run, that have no outcome (a crash) or UNKNOWN (an answer that was
 * lost), in
 * order of object numbers. Use gb_state_changes_next() and _end(). Several may concern one object.
 */
struct gb_state_changes_iter *gb_state_open_changes_begin(const void *ctx, struct gb_state *state);

/** All those objects were read again: their changes become SETTLED. */
GB_MUST_CHECK enum gb_rc gb_state_open_changes_settle(struct gb_state *state, struct gb_err *err);

#endif
