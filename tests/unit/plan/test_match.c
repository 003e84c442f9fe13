/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/plan/match. */
#include "config.h"

#include "engine/plan/match.h"
#include "tests/unit/unit.h"

/* Keys by single letters: sid('a') and guid('a') are somebody's. 0 is none. */
static struct gb_sid sid(char letter)
{
	struct gb_sid value = {.length = 0};
	char text[32];

	if (letter) {
		(void)snprintf(text, sizeof(text), "S-1-5-21-1-2-3-%d", 1000 + letter);
		assert_true(gb_sid_parse(text, &value));
	}
	return value;
}

static struct gb_guid guid(char letter)
{
	struct gb_guid value = {.bytes = {0}};

	value.bytes[3] = (uint8_t)letter;
	return value;
}

struct candidate {
	int64_t object_no; /* 0: no candidate */
	char sid;
	char guid;
	char consistency;
	bool same_dn;
	enum gb_directory_class object_class; /* OTHER in a row: the class of the member's type */
	int32_t group_type;
	bool is_protected;
	bool other_domain;
	const char *mail;
};

struct row {
	const char *what;
	enum gb_cloud_type type;
	bool hidden; /* not readable */
	enum gb_tristate synced;
	char sid;
	char immutable;
	bool dn;
	struct candidate candidates[3];
	enum gb_match_nested nested;
	enum gb_group_scope scope;
	const char *mail;
	bool unsearched;
	enum gb_match_rule rule;
	int64_t object_no;
	enum gb_cause cause;
};

#define USER    GB_CLOUD_USER
#define GROUP   GB_CLOUD_GROUP
#define DEVICE  GB_CLOUD_DEVICE
#define CONTACT GB_CLOUD_CONTACT
#define APP     GB_CLOUD_SERVICE_PRINCIPAL
#define NEITHER GB_CLOUD_OTHER

#define SAID_BY(rule_, no_) .rule = GB_MATCH_##rule_, .object_no = (no_)
#define NOBODY(cause_)      .cause = GB_CAUSE_MEMBER_##cause_

static const struct row ROWS[] = {
	{"sid", USER, .sid = 'a', .candidates = {{1, 'a', 'a'}}, SAID_BY(SID, 1)},
	{"sid before anchor", USER, .sid = 'a', .immutable = 'b',
	 .candidates = {{2, 'b', 'b'}, {1, 'a', 'a'}}, SAID_BY(SID, 1)},
	{"sid before dn", USER, .sid = 'a', .dn = true,
	 .candidates = {{2, 'b', 'b', .same_dn = true}, {1, 'a', 'a'}}, SAID_BY(SID, 1)},
	{"two with one sid", USER, .sid = 'a', .candidates = {{1, 'a', 'a'}, {2, 'a', 'b'}},
	 NOBODY(AMBIGUOUS)},
	{"the same twice", USER, .sid = 'a', .candidates = {{1, 'a', 'a'}, {1, 'a', 'a'}},
	 SAID_BY(SID, 1)},
	{"object guid", USER, .immutable = 'a', .candidates = {{1, 'x', 'a'}},
	 SAID_BY(IMMUTABLE_ID, 1)},
	{"consistency guid", USER, .immutable = 'a', .candidates = {{1, 'x', 'b', 'a'}},
	 SAID_BY(IMMUTABLE_ID, 1)},
	{"sid not found, anchor is", USER, .sid = 'a', .immutable = 'a',
	 .candidates = {{1, 'b', 'c', 'a'}}, SAID_BY(IMMUTABLE_ID, 1)},
	{"moved between domains: the new account has the anchor", USER, .immutable = 'a',
	 .candidates = {{1, 'x', 'a', 'z'}, {2, 'y', 'b', 'a'}}, SAID_BY(IMMUTABLE_ID, 2)},
	{"guid of one, consistency guid of another", USER, .immutable = 'a',
	 .candidates = {{1, 'x', 'a'}, {2, 'y', 'b', 'a'}}, NOBODY(AMBIGUOUS)},
	{"consistency guid filled later", USER, .immutable = 'a',
	 .candidates = {{1, 'x', 'a', 'z'}}, SAID_BY(IMMUTABLE_ID, 1)},
	{"dn alone", USER, .synced = GB_YES, .dn = true,
	 .candidates = {{1, 'a', 'a', .same_dn = true}}, SAID_BY(DN, 1)},
	{"dn of somebody with another sid", USER, .sid = 'a', .dn = true,
	 .candidates = {{1, 'b', 'b', .same_dn = true}}, NOBODY(KEYS_DIFFER)},
	{"dn of somebody with another anchor", USER, .immutable = 'a', .dn = true,
	 .candidates = {{1, 'b', 'b', .same_dn = true}}, NOBODY(KEYS_DIFFER)},
	{"dn of a protected account", USER, .dn = true,
	 .candidates = {{1, 'a', 'a', .same_dn = true, .is_protected = true}}, NOBODY(PROTECTED)},
	{"a protected account by its sid", USER, .sid = 'a',
	 .candidates = {{1, 'a', 'a', .is_protected = true}}, SAID_BY(SID, 1)},
	{"dn that was not asked for", USER, .candidates = {{1, 'a', 'a', .same_dn = true}},
	 NOBODY(CLOUD_ONLY)},
	{"anchor of a group for a person", USER, .immutable = 'a',
	 .candidates = {{1, 'x', 'a', .object_class = GB_CLASS_GROUP}}, NOBODY(WRONG_CLASS)},
	{"dn of a computer for a person", USER, .dn = true,
	 .candidates = {{1, 'x', 'a', .same_dn = true, .object_class = GB_CLASS_COMPUTER}},
	 NOBODY(WRONG_CLASS)},
	{"cloud only", USER, NOBODY(CLOUD_ONLY)},
	{"not found by sid", USER, .sid = 'a', NOBODY(NOT_FOUND)},
	{"not found by anchor", USER, .immutable = 'a', NOBODY(NOT_FOUND)},
	{"not found by dn", USER, .dn = true, NOBODY(NOT_FOUND)},
	{"synced without a key", USER, .synced = GB_YES, NOBODY(NO_IDENTITY)},
	{"once synced without a key", USER, .synced = GB_NO, NOBODY(CLOUD_ONLY)},
	{"unreadable", USER, .hidden = true, NOBODY(UNREADABLE)},
	{"unreadable, but its keys are still known", USER, .hidden = true, .sid = 'a',
	 .candidates = {{1, 'a', 'a'}}, SAID_BY(SID, 1)},
	{"unreadable, and its keys find nobody", USER, .hidden = true, .sid = 'a',
	 NOBODY(UNREADABLE)},
	{"unreadable group", GROUP, .hidden = true, NOBODY(UNREADABLE)},
	{"unreadable device", DEVICE, .hidden = true, NOBODY(UNREADABLE)},
	{"unreadable application", APP, .hidden = true, NOBODY(SERVICE_PRINCIPAL)},
	{"application", APP, NOBODY(SERVICE_PRINCIPAL)},
	{"unknown type", NEITHER, NOBODY(OTHER_TYPE)},
	{"device", DEVICE, .sid = 'a',
	 .candidates = {{1, 'a', 'a', .object_class = GB_CLASS_COMPUTER}}, SAID_BY(SID, 1)},
	{"device without account", DEVICE, .sid = 'a', NOBODY(DEVICE)},
	{"device that names a person", DEVICE, .sid = 'a',
	 .candidates = {{1, 'a', 'a', .object_class = GB_CLASS_USER}}, NOBODY(WRONG_CLASS)},
	{"contact", CONTACT, .dn = true,
	 .candidates = {{1, 0, 'a', .same_dn = true, .object_class = GB_CLASS_CONTACT}},
	 SAID_BY(DN, 1)},
	{"contact nowhere", CONTACT, .synced = GB_YES, NOBODY(CONTACT)},
	{"group from on-premises", GROUP, .synced = GB_YES, .sid = 'a',
	 .candidates = {{1, 'a', 'a'}}, SAID_BY(SID, 1)},
	{"group from on-premises, not found", GROUP, .synced = GB_YES, .sid = 'a',
	 NOBODY(NOT_FOUND)},
	{"group from on-premises without a key", GROUP, .synced = GB_YES, NOBODY(NO_IDENTITY)},
	{"domain-local group", GROUP, .sid = 'a',
	 .candidates = {{1, 'a', 'a', .group_type = GB_GROUP_TYPE_DOMAIN_LOCAL}},
	 NOBODY(DOMAIN_LOCAL)},
	{"global group", GROUP, .sid = 'a',
	 .candidates = {{1, 'a', 'a', .group_type = GB_GROUP_TYPE_GLOBAL | GB_GROUP_TYPE_SECURITY}},
	 SAID_BY(SID, 1)},
	{"written group", GROUP, .nested = GB_NESTED_WRITTEN, SAID_BY(WRITTEN, 77)},
	{"written group that cannot be read", GROUP, .hidden = true, .nested = GB_NESTED_WRITTEN,
	 SAID_BY(WRITTEN, 77)},
	{"group that is not written", GROUP, NOBODY(GROUP_NOT_WRITTEN)},
	{"group whose scope is unknown", GROUP, .nested = GB_NESTED_UNKNOWN, NOBODY(GROUP_UNKNOWN)},
	{"contact by mail", CONTACT, .mail = "a@B.example",
	 .candidates = {{1, 0, 'a', .object_class = GB_CLASS_CONTACT, .mail = "A@b.example"}},
	 SAID_BY(MAIL, 1)},
	{"two contacts with one address", CONTACT, .mail = "a@b",
	 .candidates = {{1, 0, 'a', .mail = "a@b"}, {2, 0, 'b', .mail = "a@b"}}, NOBODY(AMBIGUOUS)},
	{"a person with the address of a contact", CONTACT, .mail = "a@b",
	 .candidates = {{1, 'a', 'a', .object_class = GB_CLASS_USER, .mail = "a@b"}},
	 NOBODY(CONTACT)},
	{"mail is no key of people", USER, .mail = "a@b",
	 .candidates = {{1, 'a', 'a', .object_class = GB_CLASS_CONTACT, .mail = "a@b"}},
	 NOBODY(CLOUD_ONLY)},
	{"group with too many members", GROUP, .nested = GB_NESTED_TOO_LARGE,
	 NOBODY(GROUP_TOO_LARGE)},
	{"somebody of another domain", USER, .sid = 'a',
	 .candidates = {{1, 'a', 'a', .other_domain = true}}, SAID_BY(SID, 1)},
	{"another domain that could not be asked", USER, .sid = 'a', .unsearched = true,
	 NOBODY(UNSEARCHED)},
	{"universal in universal", GROUP, .sid = 'a',
	 .candidates = {{1, 'a', 'a', .group_type = GB_GROUP_TYPE_UNIVERSAL}}, SAID_BY(SID, 1)},
	{"global in global", GROUP, .sid = 'a', .scope = GB_GROUP_SCOPE_GLOBAL,
	 .candidates = {{1, 'a', 'a', .group_type = GB_GROUP_TYPE_GLOBAL}}, SAID_BY(SID, 1)},
	{"universal in global", GROUP, .sid = 'a', .scope = GB_GROUP_SCOPE_GLOBAL,
	 .candidates = {{1, 'a', 'a', .group_type = GB_GROUP_TYPE_UNIVERSAL}}, NOBODY(SCOPE)},
	{"domain-local in global", GROUP, .sid = 'a', .scope = GB_GROUP_SCOPE_GLOBAL,
	 .candidates = {{1, 'a', 'a', .group_type = GB_GROUP_TYPE_DOMAIN_LOCAL}},
	 NOBODY(DOMAIN_LOCAL)},
	{"a person in global", USER, .sid = 'a', .scope = GB_GROUP_SCOPE_GLOBAL,
	 .candidates = {{1, 'a', 'a'}}, SAID_BY(SID, 1)},
	{"somebody of another domain in global", USER, .sid = 'a', .scope = GB_GROUP_SCOPE_GLOBAL,
	 .candidates = {{1, 'a', 'a', .other_domain = true}}, NOBODY(OTHER_DOMAIN)},
	{"universal in domain-local", GROUP, .sid = 'a', .scope = GB_GROUP_SCOPE_DOMAIN_LOCAL,
	 .candidates = {{1, 'a', 'a', .group_type = GB_GROUP_TYPE_UNIVERSAL}}, SAID_BY(SID, 1)},
	{"domain-local in domain-local", GROUP, .sid = 'a', .scope = GB_GROUP_SCOPE_DOMAIN_LOCAL,
	 .candidates = {{1, 'a', 'a', .group_type = GB_GROUP_TYPE_DOMAIN_LOCAL}}, SAID_BY(SID, 1)},
	{"domain-local of another domain", GROUP, .sid = 'a', .scope = GB_GROUP_SCOPE_DOMAIN_LOCAL,
	 .candidates = {{1, 'a', 'a', .group_type = GB_GROUP_TYPE_DOMAIN_LOCAL,
			 .other_domain = true}},
	 NOBODY(DOMAIN_LOCAL)},
	{"a person is never a written group", USER, .nested = GB_NESTED_WRITTEN,
	 NOBODY(CLOUD_ONLY)},
};

static enum gb_directory_class class_of(enum gb_cloud_type type)
{
	return type == GROUP     ? GB_CLASS_GROUP
	       : type == DEVICE  ? GB_CLASS_COMPUTER
	       : type == CONTACT ? GB_CLASS_CONTACT
				 : GB_CLASS_USER;
}

static size_t fill(const struct row *row, struct gb_directory_object *objects,
		   struct gb_match_candidate *candidates)
{
	size_t count = 0;

	for (; count < 3 && row->candidates[count].object_no; count++) {
		const struct candidate *from = &row->candidates[count];

		objects[count] = (struct gb_directory_object){
			.guid = guid(from->guid),
			.sid = sid(from->sid),
			.consistency_guid = guid(from->consistency),
			.object_class =
				from->object_class ? from->object_class : class_of(row->type),
			.group_type = from->group_type,
			.is_protected = from->is_protected,
			.mail = from->mail,
		};
		candidates[count] = (struct gb_match_candidate){.object_no = from->object_no,
								.object = &objects[count],
								.same_dn = from->same_dn,
								.other_domain =
									from->other_domain};
	}
	return count;
}

static struct gb_match ask(const struct row *row)
{
	struct gb_directory_object objects[3];
	struct gb_match_candidate candidates[3];
	struct gb_cloud_member member = {.type = row->type,
					 .readable = !row->hidden,
					 .on_premises_sync_enabled = row->synced,
					 .sid = sid(row->sid),
					 .immutable_id = guid(row->immutable),
					 .on_premises_dn = row->dn ? "CN=x" : NULL,
					 .mail = row->mail};
	struct gb_match_input input = {.member = &member,
				       .candidates = candidates,
				       .candidate_count = fill(row, objects, candidates),
				       .nested = row->nested,
				       .nested_object_no = 77,
				       .group_scope = row->scope,
				       .forest_unsearched = row->unsearched};

	return gb_match_member(&input);
}

static void each_rule_finds_whom_it_should(void **state)
{
	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(ROWS); i++) {
		const struct row *row = &ROWS[i];
		struct gb_match match = ask(row);

		if (match.rule != row->rule || match.object_no != row->object_no ||
		    match.cause != row->cause) {
			fail_msg("%s: rule %s, object %d, cause %s", row->what,
				 gb_match_rule_id(match.rule), (int)match.object_no,
				 gb_cause_id(match.cause));
		}
	}
}

static void somebody_unread_with_the_sid_is_taken_by_sid_only(void **state)
{
	struct gb_directory_object stub = {.sid = sid('a'), .guid = guid('a')};
	struct gb_match_candidate candidate = {.object_no = 1, .object = &stub};
	struct gb_cloud_member member = {.type = USER, .readable = true, .sid = sid('a')};
	struct gb_match_input input = {
		.member = &member, .candidates = &candidate, .candidate_count = 1};

	(void)state;
	assert_int_equal(gb_match_member(&input).rule, GB_MATCH_SID);
	member.sid = sid(0);
	member.immutable_id = guid('a');
	assert_int_equal(gb_match_member(&input).cause, GB_CAUSE_MEMBER_WRONG_CLASS);
}

static void the_order_of_candidates_does_not_matter(void **state)
{
	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(ROWS); i++) {
		struct row row = ROWS[i];
		struct candidate first = row.candidates[0];
		struct gb_match match;

		if (!row.candidates[1].object_no) {
			continue;
		}
		row.candidates[0] = row.candidates[1];
		row.candidates[1] = first;
		match = ask(&row);
		assert_int_equal(match.rule, row.rule);
		assert_int_equal(match.object_no, row.object_no);
		assert_int_equal(match.cause, row.cause);
	}
}

static char letter_of(struct unit_chance *chance)
{
	return "\0abc"[unit_below(chance, 4)];
}

static struct row random_row(struct unit_chance *chance)
{
	struct row row = {.what = "random",
			  .type = unit_below(chance, 2) ? USER : GROUP,
			  .sid = letter_of(chance),
			  .immutable = letter_of(chance),
			  .dn = unit_below(chance, 2) == 0};

	for (int64_t i = 0; i < 3; i++) {
		row.candidates[i] = (struct candidate){.object_no = 1 + i,
						       .sid = letter_of(chance),
						       .guid = letter_of(chance),
						       .consistency = letter_of(chance),
						       .same_dn = unit_below(chance, 2) == 0,
						       .is_protected = unit_below(chance, 4) == 0};
	}
	return row;
}

/* The row as it is when only these keys were looked up. */
static struct row found_by(const struct row *row, bool with_anchor)
{
	struct row found = *row;
	size_t count = 0;

	memset(found.candidates, 0, sizeof(found.candidates));
	for (size_t i = 0; i < GB_ARRAY_SIZE(row->candidates); i++) {
		const struct candidate *c = &row->candidates[i];
		bool has_sid = row->sid && c->sid == row->sid;
		bool has_anchor = row->immutable && (c->guid == row->immutable ||
						     c->consistency == row->immutable);

		if (has_sid || (with_anchor && has_anchor)) {
			found.candidates[count++] = *c;
		}
	}
	return found;
}

/* Whoever looks keys up one by one may stop there. */
static void what_a_better_key_finds_no_worse_key_changes(void **state)
{
	struct unit_chance chance = {11};
	unsigned by_sid = 0;
	unsigned by_anchor = 0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct row row = random_row(&chance);
		struct row sids = found_by(&row, false);
		struct row anchors = found_by(&row, true);
		struct gb_match all = ask(&row);
		struct gb_match sid_alone = ask(&sids);
		struct gb_match sid_and_anchor = ask(&anchors);

		if (sid_alone.rule == GB_MATCH_SID) {
			by_sid++;
			assert_int_equal(all.rule, GB_MATCH_SID);
			assert_int_equal(all.object_no, sid_alone.object_no);
		} else if (sid_and_anchor.rule == GB_MATCH_IMMUTABLE_ID) {
			by_anchor++;
			assert_int_equal(all.rule, GB_MATCH_IMMUTABLE_ID);
			assert_int_equal(all.object_no, sid_and_anchor.object_no);
		}
	}
	assert_in_range(by_sid, 2000, 18000);
	assert_in_range(by_anchor, 1000, 18000);
}

static void codes_carry_every_answer_there_and_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(ROWS); i++) {
		struct gb_match match = ask(&ROWS[i]);
		int code = gb_match_code(&match);

		assert_in_range(code, 1, 31);
		assert_int_equal(gb_match_code_rule(code), match.rule);
		assert_int_equal(gb_match_code_cause(code), match.cause);
	}
	assert_int_equal(gb_match_code_rule(0), GB_MATCH_NONE);
	assert_int_equal(gb_match_code_cause(0), GB_CAUSE_NONE);
	assert_int_equal(gb_match_code_cause(GB_MATCH_CODE_CAUSES + GB_CAUSE_MEMBER_COUNT),
			 GB_CAUSE_NONE);
}

static void rules_have_stable_ids(void **state)
{
	(void)state;
	assert_string_equal(gb_match_rule_id(GB_MATCH_NONE), "none");
	assert_string_equal(gb_match_rule_id(GB_MATCH_SID), "sid");
	assert_string_equal(gb_match_rule_id(GB_MATCH_IMMUTABLE_ID), "immutable-id");
	assert_string_equal(gb_match_rule_id(GB_MATCH_DN), "dn");
	assert_string_equal(gb_match_rule_id(GB_MATCH_WRITTEN), "written");
	assert_string_equal(gb_match_rule_id(GB_MATCH_MAIL), "mail");
}

/* The state stores codes: a stored one must mean the same for ever. */
static void codes_stay(void **state)
{
	struct gb_match sid = {.rule = GB_MATCH_SID, .object_no = 1};
	struct gb_match cloud_only = {.cause = GB_CAUSE_MEMBER_CLOUD_ONLY};
	struct gb_match deleted = {.cause = GB_CAUSE_MEMBER_DELETED};

	(void)state;
	assert_int_equal(gb_match_code(&sid), 1);
	assert_int_equal(gb_match_code(&cloud_only), 8);
	assert_int_equal(gb_match_code(&deleted), 23);
}

static void a_code_is_uncertain_if_its_cause_is(void **state)
{
	uint32_t codes = gb_match_uncertain_codes();

	(void)state;
	assert_true(codes & 1); /* not matched yet */
	for (int code = 1; code < 32; code++) {
		assert_int_equal((codes >> code) & 1,
				 gb_cause_is_uncertain(gb_match_code_cause(code)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rule_finds_whom_it_should),
		cmocka_unit_test(somebody_unread_with_the_sid_is_taken_by_sid_only),
		cmocka_unit_test(the_order_of_candidates_does_not_matter),
		cmocka_unit_test(what_a_better_key_finds_no_worse_key_changes),
		cmocka_unit_test(codes_carry_every_answer_there_and_back),
		cmocka_unit_test(rules_have_stable_ids),
		cmocka_unit_test(codes_stay),
		cmocka_unit_test(a_code_is_uncertain_if_its_cause_is),
	};

	return cmocka_run_group_tests_name("plan/match", tests, NULL, NULL);
}
