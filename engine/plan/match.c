/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Match: who in the directory is this cloud member? */
#include "config.h"

#include "engine/plan/match.h"

#include <assert.h>

#include "engine/base/text.h"

static struct gb_match matched(enum gb_match_rule rule, int64_t object_no)
{
	return (struct gb_match){.rule = rule, .object_no = object_no, .cause = GB_CAUSE_NONE};
}

static struct gb_match unmatched(enum gb_cause cause)
{
	return (struct gb_match){.rule = GB_MATCH_NONE, .object_no = 0, .cause = cause};
}

/* "Not decided by this rule". */
static struct gb_match undecided(void)
{
	return unmatched(GB_CAUSE_NONE);
}

static bool is_decided(const struct gb_match *match)
{
	return match->rule != GB_MATCH_NONE || match->cause != GB_CAUSE_NONE;
}

/* Immutable ids can be set by hand in the cloud: one that names an object of another kind is none. */
static bool is_class_of(enum gb_cloud_type type, enum gb_directory_class object_class)
{
	switch (type) {
	case GB_CLOUD_USER:
		return object_class == GB_CLASS_USER;
	case GB_CLOUD_GROUP:
		return object_class == GB_CLASS_GROUP;
	case GB_CLOUD_DEVICE:
		return object_class == GB_CLASS_COMPUTER;
	case GB_CLOUD_CONTACT:
		return object_class == GB_CLASS_CONTACT;
	case GB_CLOUD_OTHER:
	case GB_CLOUD_SERVICE_PRINCIPAL:
		return object_class != GB_CLASS_OTHER;
	}
	return false;
}

/*
 * What a group of the configured scope can hold ("Active Directory security groups", group scopes).
 * Universal groups hold people of the forest, global and universal groups; global groups people and
 * global groups of their domain; domain-local groups these and domain-local groups of their domain.
 */
static enum gb_cause unfit(const struct gb_match_input *input,
			   const struct gb_match_candidate *candidate)
{
	const struct gb_directory_object *object = candidate->object;
	int32_t type = object->object_class == GB_CLASS_GROUP ? object->group_type : 0;
	bool is_local = (type & GB_GROUP_TYPE_DOMAIN_LOCAL) != 0;

	if (is_local && (input->group_scope != GB_GROUP_SCOPE_DOMAIN_LOCAL ||
			 candidate->other_domain)) {
		return GB_CAUSE_MEMBER_DOMAIN_LOCAL;
	}
	if (input->group_scope != GB_GROUP_SCOPE_GLOBAL) {
		return GB_CAUSE_NONE;
	}
	if (candidate->other_domain) {
		return GB_CAUSE_MEMBER_OTHER_DOMAIN;
	}
	return (type & GB_GROUP_TYPE_UNIVERSAL) != 0 ? GB_CAUSE_MEMBER_SCOPE : GB_CAUSE_NONE;
}

/* Found by a key that nobody else has: is it something that can be a member? */
static struct gb_match accept(const struct gb_match_input *input,
			      const struct gb_match_candidate *candidate, enum gb_match_rule rule)
{
	const struct gb_directory_object *object = candidate->object;
	/* A SID is proof enough for an object that we could not read, or one of another forest. */
	bool class_is_open = rule == GB_MATCH_SID && object->object_class == GB_CLASS_OTHER;
	enum gb_cause cause;

	if (!class_is_open && !is_class_of(input->member->type, object->object_class)) {
		return unmatched(GB_CAUSE_MEMBER_WRONG_CLASS);
	}
	cause = unfit(input, candidate);
	return cause == GB_CAUSE_NONE ? matched(rule, candidate->object_no) : unmatched(cause);
}

typedef bool (*has_key)(const struct gb_cloud_member *member,
			const struct gb_match_candidate *candidate);

/* The one candidate with this key; several different ones are ambiguous; none is undecided. */
static struct gb_match by_key(const struct gb_match_input *input, has_key has,
			      enum gb_match_rule rule)
{
	const struct gb_match_candidate *found = NULL;

	for (size_t i = 0; i < input->candidate_count; i++) {
		const struct gb_match_candidate *candidate = &input->candidates[i];

		if (!has(input->member, candidate)) {
			continue;
		}
		if (found && found->object_no != candidate->object_no) {
			return unmatched(GB_CAUSE_MEMBER_AMBIGUOUS);
		}
		found = candidate;
	}
	return found ? accept(input, found, rule) : undecided();
}

static bool has_sid(const struct gb_cloud_member *member,
		    const struct gb_match_candidate *candidate)
{
	return gb_sid_equal(&member->sid, &candidate->object->sid);
}

static bool is_same_guid(const struct gb_guid *a, const struct gb_guid *b)
{
	return !gb_guid_is_none(a) && gb_guid_compare(a, b) == 0;
}

/* The source anchor of Entra Connect: mS-DS-ConsistencyGuid where it is set, else objectGUID. */
static bool has_anchor(const struct gb_cloud_member *member,
		       const struct gb_match_candidate *candidate)
{
	const struct gb_directory_object *object = candidate->object;

	return is_same_guid(&member->immutable_id, gb_guid_is_none(&object->consistency_guid)
							   ? &object->guid
							   : &object->consistency_guid);
}

/* An older anchor: synchronized by objectGUID, and the other one was filled with something else. */
static bool has_object_guid(const struct gb_cloud_member *member,
			    const struct gb_match_candidate *candidate)
{
	return is_same_guid(&member->immutable_id, &candidate->object->guid);
}

/* An address is nobody's identity, but a contact has no other. */
static bool has_mail(const struct gb_cloud_member *member,
		     const struct gb_match_candidate *candidate)
{
	return member->type == GB_CLOUD_CONTACT && member->mail && candidate->object->mail &&
	       candidate->object->object_class == GB_CLASS_CONTACT &&
	       gb_text_equal_nocase(member->mail, candidate->object->mail);
}

static bool has_dn(const struct gb_cloud_member *member, const struct gb_match_candidate *candidate)
{
	return member->on_premises_dn != NULL && candidate->same_dn;
}

/*
 * A DN is no identity: whoever was made anew in the place of somebody who left has the same. So it
 * counts only if every key that the member carries agrees. A SID or anchor that agreed would have
 * matched before; one that was not found does not agree.
 */
static struct gb_match by_dn(const struct gb_match_input *input)
{
	const struct gb_cloud_member *member = input->member;
	struct gb_match match = by_key(input, has_dn, GB_MATCH_DN);

	if (match.rule != GB_MATCH_DN) {
		return match;
	}
	if (!gb_sid_is_none(&member->sid) || !gb_guid_is_none(&member->immutable_id)) {
		return unmatched(GB_CAUSE_MEMBER_KEYS_DIFFER);
	}
	for (size_t i = 0; i < input->candidate_count; i++) {
		const struct gb_match_candidate *candidate = &input->candidates[i];

		if (candidate->object_no == match.object_no && candidate->object->is_protected) {
			return unmatched(GB_CAUSE_MEMBER_PROTECTED);
		}
	}
	return match;
}

static struct gb_match by_keys(const struct gb_match_input *input)
{
	static const struct {
		has_key has;
		enum gb_match_rule rule;
	} rules[] = {
		{has_sid, GB_MATCH_SID},
		{has_anchor, GB_MATCH_IMMUTABLE_ID},
		{has_object_guid, GB_MATCH_IMMUTABLE_ID},
		{has_mail, GB_MATCH_MAIL},
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		struct gb_match match = by_key(input, rules[i].has, rules[i].rule);

		if (is_decided(&match)) {
			return match;
		}
	}
	return by_dn(input);
}

static bool has_any_key(const struct gb_cloud_member *member)
{
	return !gb_sid_is_none(&member->sid) || !gb_guid_is_none(&member->immutable_id) ||
	       member->on_premises_dn != NULL;
}

/* People and groups: who says to be synced and carries no key may be anybody. */
static enum gb_cause cause_of_account(const struct gb_match_input *input)
{
	const struct gb_cloud_member *member = input->member;

	if (input->forest_unsearched) {
		return GB_CAUSE_MEMBER_UNSEARCHED;
	}
	if (has_any_key(member)) {
		return GB_CAUSE_MEMBER_NOT_FOUND;
	}
	return member->on_premises_sync_enabled == GB_YES ? GB_CAUSE_MEMBER_NO_IDENTITY
							  : GB_CAUSE_MEMBER_CLOUD_ONLY;
}

static enum gb_cause cause_of_group(const struct gb_match_input *input)
{
	enum gb_cause cause = cause_of_account(input);

	if (cause != GB_CAUSE_MEMBER_CLOUD_ONLY) {
		return cause;
	}
	switch (input->nested) {
	case GB_NESTED_UNKNOWN:
		return GB_CAUSE_MEMBER_GROUP_UNKNOWN;
	case GB_NESTED_TOO_LARGE:
		return GB_CAUSE_MEMBER_GROUP_TOO_LARGE;
	case GB_NESTED_NOT_WRITTEN:
	case GB_NESTED_WRITTEN:
		break;
	}
	return GB_CAUSE_MEMBER_GROUP_NOT_WRITTEN;
}

static enum gb_cause cause_of(const struct gb_match_input *input)
{
	const struct gb_cloud_member *member = input->member;

	switch (member->type) {
	case GB_CLOUD_USER:
		return cause_of_account(input);
	case GB_CLOUD_GROUP:
		return cause_of_group(input);
	case GB_CLOUD_DEVICE:
		return GB_CAUSE_MEMBER_DEVICE;
	case GB_CLOUD_CONTACT:
		return GB_CAUSE_MEMBER_CONTACT;
	case GB_CLOUD_SERVICE_PRINCIPAL:
		return GB_CAUSE_MEMBER_SERVICE_PRINCIPAL;
	case GB_CLOUD_OTHER:
		break;
	}
	return GB_CAUSE_MEMBER_OTHER_TYPE;
}

struct gb_match gb_match_member(const struct gb_match_input *input)
{
	const struct gb_cloud_member *member = input->member;
	struct gb_match match;

	assert(input->candidate_count <= GB_MATCH_MAX_CANDIDATES);
	match = by_keys(input);
	if (is_decided(&match)) {
		return match;
	}
	if (member->type == GB_CLOUD_GROUP && input->nested == GB_NESTED_WRITTEN) {
		return matched(GB_MATCH_WRITTEN, input->nested_object_no);
	}
	if (!member->readable && member->type != GB_CLOUD_SERVICE_PRINCIPAL) {
		return unmatched(GB_CAUSE_MEMBER_UNREADABLE);
	}
	return unmatched(cause_of(input));
}

int gb_match_code(const struct gb_match *match)
{
	if (match->rule != GB_MATCH_NONE) {
		return (int)match->rule;
	}
	assert(gb_cause_is_member(match->cause));
	return GB_MATCH_CODE_CAUSES + (int)match->cause - (int)GB_CAUSE_MEMBER_FIRST;
}

enum gb_match_rule gb_match_code_rule(int code)
{
	return code >= GB_MATCH_SID && code <= GB_MATCH_MAIL ? (enum gb_match_rule)code
								: GB_MATCH_NONE;
}

enum gb_cause gb_match_code_cause(int code)
{
	if (code < GB_MATCH_CODE_CAUSES || code >= GB_MATCH_CODE_CAUSES + GB_CAUSE_MEMBER_COUNT) {
		return GB_CAUSE_NONE;
	}
	return (enum gb_cause)(code - GB_MATCH_CODE_CAUSES + (int)GB_CAUSE_MEMBER_FIRST);
}

uint32_t gb_match_uncertain_codes(void)
{
	uint32_t bits = 1;

	for (int code = GB_MATCH_CODE_CAUSES; code < GB_MATCH_CODE_CAUSES + GB_CAUSE_MEMBER_COUNT;
	     code++) {
		if (gb_cause_is_uncertain(gb_match_code_cause(code))) {
			bits |= 1u << code;
		}
	}
	return bits;
}

const char *gb_match_rule_id(enum gb_match_rule rule)
{
	switch (rule) {
	case GB_MATCH_NONE:
		return "none";
	case GB_MATCH_SID:
		return "sid";
	case GB_MATCH_IMMUTABLE_ID:
		return "immutable-id";
	case GB_MATCH_DN:
		return "dn";
	case GB_MATCH_WRITTEN:
		return "written";
	case GB_MATCH_MAIL:
		return "mail";
	}
	return "none";
}
