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

/** Life of the group in the cloud. */
enum gb_cloud_life {
	GB_LIFE_LIVE = 0,
	GB_LIFE_SOFT_DELETED = 1, /**< @removed "changed": can be restored for 30 days */
	GB_LIFE_GONE = 2          /**< @removed "deleted", or twice 404 */
};

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
	struct gb_cloud_group cloud; /**< for a group that is gone: the last that we knew */
	enum gb_cloud_life life;
	int64_t object_no; /**< the object's number, or the reserved one; 0 if neither */
	const struct gb_directory_object *observed; /**< its object (by GUID, else by anchor); or
							 NULL. Borrowed until the next group */
	enum gb_anchor_state anchor; /**< with an object of ours: GB_ANCHOR_OURS, or TWINS */
	bool cloud_complete;         /**< its member list was read to the end and is valid */
	bool directory_complete;     /**< its member attribute, and the people and groups of the
					      forest, were read to the end */
	bool skip_members;           /**< members need not be compared (nothing changed) */
	int64_t listed;              /**< members that the cloud lists, matched or not */
	int64_t unmatched[GB_CAUSE_MEMBER_COUNT]; /**< listed members that are not written, by
						       cause - GB_CAUSE_MEMBER_FIRST */
};

#endif
