/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What `explain` asks the state: who is meant, which members are not written, which groups hold
 * somebody, and the last change. Works on a state that is open for reading only.
 */
#ifndef GB_STATE_EXPLAIN_H
#define GB_STATE_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/change.h"
#include "engine/base/cloud_object.h"
#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/state/journal.h"
#include "engine/state/state.h"

/** A cloud object as it is shown; strings are borrowed for the call. */
struct gb_explain_object {
	int64_t no;
	struct gb_guid id;
	enum gb_cloud_type type;
	enum gb_cloud_life life;
	const char *display_name; /**< or NULL */
	int64_t object_no;        /**< whom it is matched to; 0: nobody */
	int code;                 /**< match code: rule or cause; 0: not looked at yet */
	bool is_member; /**< where a group is asked about: the directory has it as a member */
};

/** One object; anything but GB_OK stops. */
typedef enum gb_rc (*gb_explain_on_object)(void *user, const struct gb_explain_object *object);

/**
 * Objects that @text may mean: by object id, by display name (ASCII letters of either case), or by the
 * sAMAccountName of their account. At most 20.
 */
GB_MUST_CHECK enum gb_rc gb_state_explain_find(struct gb_state *state, const char *text,
					       gb_explain_on_object on_object, void *user,
					       struct gb_err *err);

/**
 * Members that the cloud lists for a group and that are not members in the directory, in order of
 * their numbers, at most 1,000.
 */
GB_MUST_CHECK enum gb_rc gb_state_explain_missing(struct gb_state *state, int64_t group_no,
						  int64_t group_object_no,
						  gb_explain_on_object on_object, void *user,
						  struct gb_err *err);

/** Groups that the cloud lists @member_no in, at most 1,000. */
GB_MUST_CHECK enum gb_rc gb_state_explain_groups(struct gb_state *state, int64_t member_no,
						 int64_t member_object_no,
						 gb_explain_on_object on_object, void *user,
						 struct gb_err *err);

/** The last change of an object, or of somebody's membership. */
struct gb_explain_change {
	int64_t run_no;   /**< 0: there is none in the journal */
	int64_t begun_ms; /**< of the run */
	enum gb_change_kind kind;
	enum gb_outcome_status status;
	int64_t member_count;
	const char *dn;       /**< of the object that was changed; below ctx */
	const char *err_text; /**< or NULL; below ctx */
};

/** The last change of the object @object_no, or (@as_member) the last that added or removed it. */
GB_MUST_CHECK enum gb_rc gb_state_explain_change(const void *ctx, struct gb_state *state,
						 int64_t object_no, bool as_member,
						 struct gb_explain_change *ret_change,
						 struct gb_err *err);

#endif
