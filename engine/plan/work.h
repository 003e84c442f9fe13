/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Work on one group, private to plan.c and work*.c: what the steps of its plan share, and the steps.
 *
 * plan.c tells the story of a group (create, update, disable, delete); each step looks at one side of it
 * (members, names and place, attributes), emits what is to be changed, and writes into the note what it found.
 * A struct gb_work lives as long as its group is planned.
 */
#ifndef GB_PLAN_WORK_H
#define GB_PLAN_WORK_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/change.h"
#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/plan/mapping.h"
#include "engine/plan/plan.h"

/** One run of the planner. */
struct gb_work_run {
	const struct gb_plan_policy *policy;
	const struct gb_plan_source *source;
	const struct gb_plan_sink *sink;
	struct gb_plan_counts counts; /**< of what was emitted so far */
	int64_t seq;                  /**< of the last change */
};

/** The group at hand. */
struct gb_work {
	struct gb_work_run *run;
	void *tmp; /**< lives as long as the group */
	const struct gb_plan_group *group;
	struct gb_plan_note note;
	struct gb_change create;  /**< what stays the same while chunks of members come in */
	enum gb_cause waits;      /**< what is emitted now waits, for this */
	const char *parent;       /**< DN of the container that it should stand in */
	bool moves;               /**< it stands in another one */
	enum gb_cause type_waits; /**< what a change of its groupType waits for */
};

/*
 * What every step needs (work.c).
 */

/** A change of @kind to the group, without values and members. It borrows from @work. */
struct gb_change gb_work_change(const struct gb_work *work, enum gb_change_kind kind);

/**
 * Emit a change: it gets its number and what it waits for, is counted, and goes to the sink. What only puts
 * somebody else's work back is reported as drift as well, or, where the policy says so, in its place.
 * Errors: those of the sink.
 */
GB_MUST_CHECK enum gb_rc gb_work_emit(struct gb_work *work, struct gb_change *change,
				      struct gb_err *err);

/** As gb_work_emit(); the change waits for @cause, if that is one. */
GB_MUST_CHECK enum gb_rc gb_work_emit_waiting(struct gb_work *work, struct gb_change *change,
					      enum gb_cause cause, struct gb_err *err);

/** True if what somebody else did to the group is reported and not put back. */
bool gb_work_is_withheld(const struct gb_work *work);

/** Nothing becomes of the group, for @cause. */
void gb_work_freeze(struct gb_work *work, enum gb_cause cause);

/** True if nothing becomes of the group. */
bool gb_work_is_frozen(const struct gb_work *work);

/** What the mapping file says about @attribute of the group; below work->tmp. */
struct gb_mapped_text gb_work_mapped_text(const struct gb_work *work, const char *attribute);

/*
 * Members (work_members.c).
 */

/** Emit work->create with its members: one change for each chunk of them. Errors: source, sink. */
GB_MUST_CHECK enum gb_rc gb_work_create_members(struct gb_work *work, struct gb_err *err);

/**
 * Compare the members of a group that exists and emit what differs; removals are held back where the
 * lists are not certain (note.held_cause). Errors: source, sink.
 */
GB_MUST_CHECK enum gb_rc gb_work_update_members(struct gb_work *work, struct gb_err *err);

/*
 * Names and place (work_names.c).
 */

/**
 * Is @name free for the group? If so, it is claimed.
 * @param kind  GB_NAME_KIND_CN is looked for in work->parent. Errors: those of the source.
 */
GB_MUST_CHECK enum gb_rc gb_work_claim(struct gb_work *work, enum gb_name_kind kind,
				       const char *name, bool *ret_free, struct gb_err *err);

/**
 * Find the container that the group should stand in: work->parent and work->moves. A place that is none
 * freezes the group. Errors: those of the source.
 */
GB_MUST_CHECK enum gb_rc gb_work_find_parent(struct gb_work *work, struct gb_err *err);

/** Names for a group that is created; without free ones it is frozen. Errors: those of the source. */
GB_MUST_CHECK enum gb_rc gb_work_new_names(struct gb_work *work, const char **ret_cn,
					   const char **ret_sam, struct gb_err *err);

/** Emit the rename or the move that the group needs, if any. Errors: source, sink. */
GB_MUST_CHECK enum gb_rc gb_work_update_name(struct gb_work *work, struct gb_err *err);

/**
 * Add a new sAMAccountName to @diff if the policy lets it follow the display name. Only a name that we
 * made follows; without a free one it stays. Errors: those of the source.
 */
GB_MUST_CHECK enum gb_rc gb_work_follow_account_name(struct gb_work *work, struct gb_mapping *diff,
						     struct gb_err *err);

/*
 * Attributes (work_attributes.c).
 */

/**
 * The attributes that the group should have. Whether its mail address is free is asked here; what is left as
 * it is, and why, goes to note.remark. Errors: those of the source.
 */
GB_MUST_CHECK enum gb_rc gb_work_wanted_values(struct gb_work *work, struct gb_mapping *ret_wanted,
					       struct gb_err *err);

/**
 * Compare the attributes and emit what differs. A type that waits is a change of its own, and a change of
 * scope takes the steps that the directory allows (conversion.h). Errors: source, sink.
 */
GB_MUST_CHECK enum gb_rc gb_work_update_attributes(struct gb_work *work, struct gb_err *err);

#endif
