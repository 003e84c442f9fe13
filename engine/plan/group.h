/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One group as the planner sees it: what the cloud says, what the directory says, and how sure both
 * are. Filled by the source (plan.h); plain values, strings borrowed until the next group.
 */
#ifndef GB_PLAN_GROUP_H
#define GB_PLAN_GROUP_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/cloud_object.h"
#include "engine/base/directory_object.h"
#include "engine/plan/cause.h"

/** What a search for the group's anchor in the forest says. */
enum gb_anchor_state {
	GB_ANCHOR_UNSEARCHED = 0, /**< not searched, or not to the end: nothing is created */
	GB_ANCHOR_ABSENT = 1,     /**< no object carries it */
	GB_ANCHOR_OURS = 2,       /**< one object, in the container */
	GB_ANCHOR_ELSEWHERE = 3,  /**< one object, outside the container */
	GB_ANCHOR_TWINS = 4       /**< several objects */
};

/** Why a written group is to be written no more. The state stores the number. */
enum gb_lapse {
	GB_LAPSE_NONE = 0,         /**< it is to be written, or nobody can tell */
	GB_LAPSE_NOT_ENABLED = 1,  /**< writeback is not enabled (any more) */
	GB_LAPSE_FILTERED_OUT = 2, /**< the configuration leaves it out */
	GB_LAPSE_SOFT_DELETED = 3, /**< deleted in the cloud, can be restored */
	GB_LAPSE_HARD_DELETED = 4, /**< gone from the cloud */
	GB_LAPSE_ORPHAN = 5,       /**< this state has never seen its group in the cloud */
	GB_LAPSE_NEVER = 6,        /**< it has become a group that is never written */
	GB_LAPSE_SWITCHED_OFF = 7  /**< group writeback itself is off */
};

/** One group. */
struct gb_plan_group {
	struct gb_cloud_group cloud; /**< as last known; or its id alone */
	enum gb_cloud_life life;     /**< GB_LIFE_GONE also if it is not known (any more) */
	int64_t object_no;           /**< the object's number, or the reserved one; 0 if neither */
	const struct gb_directory_object *observed; /**< its object (by GUID, else by anchor), or
							 NULL. Borrowed until the next group */
	enum gb_anchor_state anchor; /**< with an object of ours: GB_ANCHOR_OURS or _TWINS */
	bool cloud_complete;         /**< its member list was read to the end and is valid */
	bool directory_complete;     /**< its member attribute was read to the end, and so were the
				      people and groups of the forest */
	bool uncertain;           /**< one of its members has an uncertain cause, or was not matched
				      yet */
	const char
		*new_parent_dn; /**< where the object has to be moved to; NULL: it stands right */
	bool drifted;           /**< its object was changed or deleted by somebody else since we
				      wrote it */
	int fight_runs;         /**< runs that put the same back on it one after the other, the last
				     one not long ago */
	const char *fight_over; /**< what they put back: names of attributes; or NULL */
	bool is_orphan;         /**< only its object is known: the cloud never showed this state
				      the group that its anchor names */
	enum gb_lapse lapse;    /**< what an earlier run found; GB_LAPSE_NONE if nothing */
	int64_t lapse_age_ms;   /**< since that run; never negative */
	const char *holders;    /**< DNs of groups outside the container that it is a member of,
				      for people; NULL if there are none or nobody looked */
	bool holders_known;     /**< somebody looked; only then is it deleted */
	bool skip_members;        /**< members need not be compared (nothing changed) */
	bool is_paused;           /**< somebody paused it */
	int64_t observed_members; /**< members that its object has, compared or not */
	int64_t listed;           /**< members that the cloud lists, matched or not */
	bool counted; /**< the next field is filled in (it costs a look at each member) */
	int64_t unmatched[GB_CAUSE_MEMBER_COUNT]; /**< listed members that are not written, by
						       cause - GB_CAUSE_MEMBER_FIRST */
};

#endif
