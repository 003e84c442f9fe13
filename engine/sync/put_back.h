/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Putting back: what undo and release have in common. Changes of one group after the other into the
 * journal of a run, past the planner.
 *
 * Life cycle: gb_put_back_new(); for each group gb_put_back_group(), then its changes. Everything
 * that is handed in is borrowed until the next group.
 */
#ifndef GB_SYNC_PUT_BACK_H
#define GB_SYNC_PUT_BACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/change.h"
#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/state/directory_space.h"
#include "engine/sync/report.h"
#include "engine/sync/session.h"

/** Putting back under way. */
struct gb_put_back {
	struct gb_session *session;
	struct gb_report *report;
	int64_t run_no;
	void *tmp;               /**< emptied at each group */
	struct gb_guid cloud_id; /**< of the group at hand */
	const char *name;        /**< its display name; or NULL */
	int64_t object_no;       /**< number of its object */
	/** Its object as it was just read; NULL: it is not there. */
	const struct gb_state_directory_object *object;
	struct gb_guid last; /**< group of the last change */
	int64_t members_of;  /**< whose members `members` are; 0: nobody's */
	int64_t *members;    /**< present members, ascending */
	size_t member_count;
};

/** Into the journal of @run_no; counts and problems go into @report. Below @ctx. */
struct gb_put_back *gb_put_back_new(const void *ctx, struct gb_session *session,
				    struct gb_report *report, int64_t run_no);

/**
 * The group whose changes come now. Reads its object.
 *
 * Errors: those of state/.
 */
GB_MUST_CHECK enum gb_rc gb_put_back_group(struct gb_put_back *back, const struct gb_guid *cloud_id,
					   const char *name, int64_t object_no, struct gb_err *err);

/** One change of it; kind and what belongs to the kind are set. Errors: those of state/. */
GB_MUST_CHECK enum gb_rc gb_put_back_emit(struct gb_put_back *back, struct gb_change *change,
					  struct gb_err *err);

/** Is @member_no a member of it now? Errors: those of state/. */
GB_MUST_CHECK enum gb_rc gb_put_back_has_member(struct gb_put_back *back, int64_t member_no,
						bool *ret_has, struct gb_err *err);

/** Pause it, so that the next cycle does not do it all again. False: too many are paused. */
bool gb_put_back_pause(struct gb_put_back *back, const char *why);

/** Something of it is left as it is: a problem of the report, by @id and in words. */
void gb_put_back_leave(struct gb_put_back *back, const char *id, const char *text);

#endif
