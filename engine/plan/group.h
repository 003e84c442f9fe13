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
	bool skip_members;        /**< members need not be compared (nothing changed) */
	bool is_paused;           /**< somebody paused it */
	int64_t observed_members; /**< members that its object has, compared or not */
	int64_t listed;           /**< members that the cloud lists, matched or not */
	bool counted; /**< the next field is filled in (it costs a look at each member) */
	int64_t unmatched[GB_CAUSE_MEMBER_COUNT]; /**< listed members that are not written, by
						       cause - GB_CAUSE_MEMBER_FIRST */
};

#endif
