/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Causes: why a group is (not) written, why a member is not, why removals are held back.
 *
 * One fixed list for reports, `explain`, `status` and the state, which stores the number: numbers
 * and ids never change their meaning; new ones are added at the end of their block. Pure.
 */
#ifndef GB_PLAN_CAUSE_H
#define GB_PLAN_CAUSE_H

#include <stdbool.h>

/** Every cause. The blocks of a hundred say what it speaks about. */
enum gb_cause {
	GB_CAUSE_NONE = 0, /**< nothing to explain */

	/* 100: a group is in scope, by this rule. */
	GB_CAUSE_ENABLED = 100, /**< writebackConfiguration.isEnabled is true */
	GB_CAUSE_TENANT_DEFAULT =
		101,                  /**< scope = tenant: Microsoft 365 group, isEnabled is null */
	GB_CAUSE_KIND_SELECTED = 102, /**< scope = kinds: every group of this kind */
	GB_CAUSE_SELECTED = 103, /**< scope = selected: named there, or a member of the marker */
	GB_CAUSE_FILTER_MATCHED = 104, /**< scope = filter: a clause group matches */

	/* 110: a group is out of scope; somebody can change that. */
	GB_CAUSE_DISABLED = 110,          /**< isEnabled is false */
	GB_CAUSE_NOT_ENABLED = 111,       /**< isEnabled is null, and the rule asks for true */
	GB_CAUSE_KIND_NOT_SELECTED = 112, /**< `kinds` leaves this kind out */
	GB_CAUSE_NOT_SELECTED = 113,      /**< scope = selected: not among them */
	GB_CAUSE_FILTERED_OUT = 114,      /**< scope = filter: no clause group matches */
	GB_CAUSE_SWITCHED_OFF = 115,      /**< group writeback itself is switched off */

	/* 120: a group is never written. */
	GB_CAUSE_ON_PREMISES = 120,       /**< mastered on-premises (onPremisesSyncEnabled) */
	GB_CAUSE_DISTRIBUTION_LIST = 121, /**< mail-enabled, not security-enabled, not unified */
	GB_CAUSE_MAIL_ENABLED_SECURITY = 122, /**< mail-enabled security group made in Exchange */
	GB_CAUSE_HIDDEN_MEMBERSHIP = 123,     /**< AD would show its members to everybody */
	GB_CAUSE_ROLE_ASSIGNABLE = 124,       /**< isAssignableToRole */
	GB_CAUSE_AUTHORITY_CONVERTED = 125,   /**< born on-premises; its first object may live on */
	GB_CAUSE_NO_KIND = 126, /**< neither security-enabled nor mail-enabled nor unified */

	/* 130: scope cannot be told; what is written stays as it is. */
	GB_CAUSE_WRITEBACK_MISSING = 130, /**< no writebackConfiguration object in the answer */
	GB_CAUSE_WRITEBACK_TYPE = 131, /**< onPremisesGroupType has a value that we do not know */
	GB_CAUSE_PROPERTIES_MISSING = 132, /**< a property that scope needs was not in the answer */
	GB_CAUSE_SELECTION_UNKNOWN = 133,  /**< the members of the marker group are not known */
	GB_CAUSE_SELECTION_AMBIGUOUS = 134, /**< selected by a name that several groups have */
	GB_CAUSE_FILTER_UNDECIDED =
		135, /**< the filter needs something that the cloud left out, or a
					      pattern gave up */

	/* 200: a group in scope, or written once, that is left alone. */
	GB_CAUSE_PROTECTED = 200,         /**< AD protects it (adminCount, critical, RID < 1000) */
	GB_CAUSE_ANCHOR_ELSEWHERE = 201,  /**< another tool's group outside the container */
	GB_CAUSE_ANCHOR_TWINS = 202,      /**< several objects carry its anchor */
	GB_CAUSE_ANCHOR_UNSEARCHED = 203, /**< the forest could not be searched for its anchor */
	GB_CAUSE_ANCHOR_CONFLICT = 204,   /**< its two anchors name different groups */
	GB_CAUSE_ANCHOR_REMOVED = 205,    /**< our object carries no anchor any more */
	GB_CAUSE_MOVED_AWAY = 206,        /**< our object is outside the container */
	GB_CAUSE_NOT_A_GROUP = 207,       /**< the object with its anchor is no group */
	GB_CAUSE_MEMBER_LIMIT = 208,      /**< more members than the limit; never truncated */
	GB_CAUSE_SOFT_DELETED = 209,      /**< soft-deleted in the cloud */
	GB_CAUSE_HARD_DELETED = 210,      /**< gone from the cloud */
	GB_CAUSE_NO_FREE_NAME = 211,      /**< every candidate name is taken */

	/* 220: life of a written group. */
	GB_CAUSE_ORPHAN = 220,      /**< its group has never been seen in the cloud */
	GB_CAUSE_DELETE_HELD = 221, /**< to be deleted, but groups outside the container hold it */
	GB_CAUSE_NEW_SERVER = 223,  /**< waits until replication has reached the new server */
	GB_CAUSE_DRIFT = 222,       /**< changed by hand, and drift is only reported */
	GB_CAUSE_FIGHT = 224,       /**< somebody else undoes each time what is put back */

	/* 230: a group in scope that the configuration gives no place or shape. */
	GB_CAUSE_PARENT_OUTSIDE = 230, /**< the mapping puts it outside the container */
	GB_CAUSE_PARENT_MISSING =
		231, /**< the mapping puts it into a container that is not there */
	GB_CAUSE_MAPPING_FAILED = 232, /**< an expression of the mapping has no value for it */

	/* 250: removals of a group are held back. */
	GB_CAUSE_CLOUD_INCOMPLETE = 250,     /**< its member list was not read to the end */
	GB_CAUSE_MEMBERS_UNCERTAIN = 251,    /**< members that we cannot tell who they are */
	GB_CAUSE_DIRECTORY_INCOMPLETE = 252, /**< the directory was not read to the end */

	/* 270: something about a written group is left as it is; the rest is written. */
	GB_CAUSE_MAIL_TAKEN = 270,          /**< another object of the forest has its address */
	GB_CAUSE_TYPE_BLOCKED = 271,        /**< its scope in the directory cannot change yet */
	GB_CAUSE_ATTRIBUTE_UNDECIDED = 272, /**< an expression needs what the cloud left out */

	/* 280: changes of a group wait for somebody's approval. */
	GB_CAUSE_WAITS_REMOVALS = 280,  /**< it would lose too many of its members at once */
	GB_CAUSE_WAITS_ACCESS = 281,    /**< its new type gives access */
	GB_CAUSE_WAITS_CONTAINER = 282, /**< the container is not the one that was approved */
	GB_CAUSE_WAITS_SCOPE = 283,     /**< scope or kinds are not what was approved */
	GB_CAUSE_WAITS_NAMING = 284,    /**< names are not made as was approved */
	GB_CAUSE_WAITS_NEW_STATE = 285, /**< the state is new: nothing is taken away on its word */

	/* 290: what people decided about a group. */
	GB_CAUSE_PAUSED = 290, /**< somebody paused it */

	/* 300: a member is not written. */
	GB_CAUSE_MEMBER_CLOUD_ONLY = 300, /**< a person who exists in the cloud alone */
	GB_CAUSE_MEMBER_UNREADABLE =
		301, /**< Graph did not say who it is (permission); uncertain */
	GB_CAUSE_MEMBER_NO_IDENTITY = 302, /**< synced, but carries no key; uncertain */
	GB_CAUSE_MEMBER_NOT_FOUND = 303,   /**< its keys are not in the directory */
	GB_CAUSE_MEMBER_AMBIGUOUS = 304,   /**< several objects carry its key; uncertain */
	GB_CAUSE_MEMBER_KEYS_DIFFER = 305, /**< somebody else now stands at its DN */
	GB_CAUSE_MEMBER_WRONG_CLASS = 306, /**< its key belongs to an object of another kind */
	GB_CAUSE_MEMBER_SERVICE_PRINCIPAL = 307, /**< applications have no account on-premises */
	GB_CAUSE_MEMBER_DEVICE = 308,            /**< device without a computer account */
	GB_CAUSE_MEMBER_CONTACT = 309,           /**< contact without an object */
	GB_CAUSE_MEMBER_OTHER_TYPE = 310,        /**< a type of object that we do not know */
	GB_CAUSE_MEMBER_GROUP_NOT_WRITTEN = 311, /**< nested group that is not written */
	GB_CAUSE_MEMBER_GROUP_UNKNOWN = 312,     /**< nested group whose scope is unknown */
	GB_CAUSE_MEMBER_DOMAIN_LOCAL = 313,      /**< a universal group cannot hold it */
	GB_CAUSE_MEMBER_PROTECTED = 314,         /**< found by DN only, and AD protects it */
	GB_CAUSE_MEMBER_DELETED = 315,           /**< deleted in the cloud; only its link is left */
	GB_CAUSE_MEMBER_FLATTENED = 316, /**< nested group whose members are written in its place */
	GB_CAUSE_MEMBER_SCOPE =
		317, /**< its scope does not fit into a group of the configured one */
	GB_CAUSE_MEMBER_OTHER_DOMAIN =
		318, /**< a global group takes members of its own domain only */
	GB_CAUSE_MEMBER_GROUP_TOO_LARGE = 319, /**< nested group over the member limit */
	GB_CAUSE_MEMBER_UNSEARCHED = 320 /**< the forest could not be asked for it; uncertain */
};

/** First cause of the member block. */
#define GB_CAUSE_MEMBER_FIRST GB_CAUSE_MEMBER_CLOUD_ONLY
/** Number of causes in the member block. */
#define GB_CAUSE_MEMBER_COUNT 21

/** Stable id for machines, [a-z0-9-]; "none" for GB_CAUSE_NONE, "unknown" for a foreign number. */
const char *gb_cause_id(enum gb_cause cause);

/** One full sentence for people, translated; "" for GB_CAUSE_NONE. Static. */
const char *gb_cause_sentence(enum gb_cause cause);

/** True for 280 … 289: changes that wait for somebody's approval. */
bool gb_cause_is_waiting(enum gb_cause cause);

/** True for 300 … : the cause speaks about a member. */
bool gb_cause_is_member(enum gb_cause cause);

/**
 * True if a member with this cause may stand in the directory without our knowing it (unreadable,
 * no identity, ambiguous, not searched): then no member of its group is removed. "Unknown is not absent."
 */
bool gb_cause_is_uncertain(enum gb_cause cause);

/**
 * True if somebody should look at it: the run that reports it ends with exit code 3. False for what
 * is the rule (in scope, out of scope, never written, deleted in the cloud and kept) and for members
 * that are known to have no account.
 */
bool gb_cause_is_problem(enum gb_cause cause);

#endif
