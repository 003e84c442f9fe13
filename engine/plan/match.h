/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Match: who in the directory is this cloud member?
 *
 * By SID, then by immutable id (objectGUID or mS-DS-ConsistencyGuid), then by DN; a contact by its
 * mail address; never by name.
 * The best key that finds anybody decides: candidates whom only worse keys would find change nothing
 * about an answer by SID or by immutable id. So import looks candidates up key by key, as far as it has
 * to, and asks here; the state keeps the answer. Pure.
 */
#ifndef GB_PLAN_MATCH_H
#define GB_PLAN_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/cloud_object.h"
#include "engine/base/directory_object.h"
#include "engine/plan/cause.h"
#include "engine/plan/policy.h"

/** Most candidates that are looked at; more of them mean "ambiguous" anyway. */
#define GB_MATCH_MAX_CANDIDATES 16

/** Which rule found the member. Stored in the state: numbers stay. */
enum gb_match_rule {
	GB_MATCH_NONE = 0,
	GB_MATCH_SID = 1,          /**< objectSid = onPremisesSecurityIdentifier */
	GB_MATCH_IMMUTABLE_ID = 2, /**< source anchor = onPremisesImmutableId */
	GB_MATCH_DN = 3,           /**< DN = onPremisesDistinguishedName, and no key contradicts */
	GB_MATCH_WRITTEN = 4,      /**< a cloud group that we write ourselves */
	GB_MATCH_MAIL = 5          /**< a contact with the mail address of the cloud's contact */
};

/** What we know of a member that is a cloud group. */
enum gb_match_nested {
	GB_NESTED_NOT_WRITTEN = 0, /**< no object, and none is to be made */
	GB_NESTED_WRITTEN = 1,     /**< has an object of ours, or this plan makes it */
	GB_NESTED_UNKNOWN = 2,     /**< no object, and its scope is unknown */
	GB_NESTED_TOO_LARGE = 3    /**< no object, and none is made: it has too many members */
};

/** An object of the directory that carries one of the member's keys. */
struct gb_match_candidate {
	int64_t object_no;                        /**< the state's number */
	const struct gb_directory_object *object; /**< borrowed; guid, sid, consistency_guid,
						       object_class, group_type, is_protected */
	bool same_dn;      /**< its dn_key is the member's (SIDs and GUIDs are compared here) */
	bool other_domain; /**< it stands in another domain than the groups that we write */
};

/** One question. */
struct gb_match_input {
	const struct gb_cloud_member *member;
	const struct gb_match_candidate
		*candidates;             /**< found by any key; twice the same is fine */
	size_t candidate_count;          /**< 0 … GB_MATCH_MAX_CANDIDATES */
	enum gb_match_nested nested;     /**< read for GB_CLOUD_GROUP only */
	int64_t nested_object_no;        /**< for GB_NESTED_WRITTEN; else 0 */
	enum gb_group_scope group_scope; /**< of the groups that it would be a member of */
	bool forest_unsearched; /**< its SID is of another domain, which could not be asked */
};

/** The answer: either a rule and a number, or a cause. */
struct gb_match {
	enum gb_match_rule rule; /**< GB_MATCH_NONE: not matched */
	int64_t object_no;       /**< who it is; 0 if not matched */
	enum gb_cause cause;     /**< member cause (300 …) if not matched; else GB_CAUSE_NONE */
};

/** Answer one question. gb_cause_is_uncertain(cause) says whether it holds back removals. */
struct gb_match gb_match_member(const struct gb_match_input *input);

/** First code of a cause; below it codes are rules. */
#define GB_MATCH_CODE_CAUSES 8

/**
 * An answer as one small number, 1 … GB_MATCH_CODE_CAUSES + GB_CAUSE_MEMBER_COUNT - 1 (≤ 31), for
 * the state: the rule, or GB_MATCH_CODE_CAUSES + (cause - GB_CAUSE_MEMBER_FIRST). Numbers stay.
 */
int gb_match_code(const struct gb_match *match);

/** The rule in a code; GB_MATCH_NONE if it holds a cause, is 0 or foreign. */
enum gb_match_rule gb_match_code_rule(int code);

/** The cause in a code; GB_CAUSE_NONE if it holds a rule, is 0 or foreign. */
enum gb_cause gb_match_code_cause(int code);

/** Bits 1 << code of all codes that make a group uncertain: those causes and 0. */
uint32_t gb_match_uncertain_codes(void);

/** Stable id of a rule: "none", "sid", "immutable-id", "dn", "written", "mail". */
const char *gb_match_rule_id(enum gb_match_rule rule);

#endif
