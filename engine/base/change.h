/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One planned write. The planner emits changes, the journal stores them, apply/ carries them out;
 * what `plan` prints and what `sync` does is the same list.
 *
 * Plain values; strings and arrays are borrowed from whoever filled them in.
 */
#ifndef GB_BASE_CHANGE_H
#define GB_BASE_CHANGE_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/guid.h"

/** Largest number of members in one change (reference: AD takes 5,000, 1,000 is the fair chunk). */
#define GB_CHANGE_MAX_MEMBERS 1000

/** What is done. The order of the numbers is the order of the phases (gb_change_phase). */
enum gb_change_kind {
	GB_CHANGE_CREATE = 1,     /**< add the group, with its people (first chunk of members) */
	GB_CHANGE_ATTRIBUTES = 2, /**< replace or remove attribute values, groupType included */
	GB_CHANGE_REMOVE_MEMBERS = 3, /**< delete values of member */
	GB_CHANGE_ADD_MEMBERS = 4,    /**< add values of member */
	GB_CHANGE_RENAME = 5,         /**< new RDN in place; objectGUID and objectSid stay */
	GB_CHANGE_MOVE = 6,           /**< new parent; objectGUID and objectSid stay */
	GB_CHANGE_DELETE = 7          /**< delete the group */
};

/** Phases of a run; all changes of a phase end before the next phase begins. */
enum gb_change_phase {
	GB_PHASE_CREATE = 1,     /**< creates, so that nested groups exist when they are used */
	GB_PHASE_MEMBERSHIP = 2, /**< attributes and members */
	GB_PHASE_RENAME = 3,     /**< renames and moves */
	GB_PHASE_DELETE = 4,     /**< deletions */
	GB_PHASE_END = 5
};

/** The phase of a kind. */
static inline enum gb_change_phase gb_change_phase(enum gb_change_kind kind)
{
	return kind == GB_CHANGE_CREATE        ? GB_PHASE_CREATE
	       : kind <= GB_CHANGE_ADD_MEMBERS ? GB_PHASE_MEMBERSHIP
	       : kind <= GB_CHANGE_MOVE        ? GB_PHASE_RENAME
					       : GB_PHASE_DELETE;
}

/** One attribute of a change. */
struct gb_change_value {
	const char *attribute; /**< LDAP attribute description, e.g. "displayName" */
	const char *value;     /**< UTF-8 text; NULL removes the attribute */
	const char *old_value; /**< what stands there now, for the diff; NULL if nothing */
};

/** One planned write on one object. */
struct gb_change {
	int64_t seq; /**< number inside the plan, from 1; 0 before it is stored */
	enum gb_change_kind kind;
	int64_t object_no;       /**< the state's number of the directory object */
	struct gb_guid cloud_id; /**< objectId of the cloud group */
	const char *name;        /**< display name of the group, for people; or NULL */
	const char *dn;          /**< CREATE: DN of the new object; else its DN when planned */
	const char *new_rdn;     /**< RENAME, MOVE: new RDN ("CN=…", escaped); else NULL */
	const char *new_parent;  /**< MOVE: DN of the new parent; else NULL */
	const struct gb_change_value *values; /**< CREATE, ATTRIBUTES; DELETE: what stood there */
	size_t value_count;
	const int64_t *members; /**< object numbers; CREATE, ADD_MEMBERS, REMOVE_MEMBERS */
	size_t member_count;    /**< 0 … GB_CHANGE_MAX_MEMBERS */
	int waits; /**< 0; or the cause (plan/cause.h) for which it waits for somebody's approval:
			planned and shown, not sent */
};

#endif
