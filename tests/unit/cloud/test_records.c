/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/cloud/record, groups, people and organization: what a record may say. */
#include "config.h"

#include "engine/cloud/groups.h"
#include "engine/cloud/organization.h"
#include "engine/cloud/people.h"
#include "engine/cloud/record.h"
#include "tests/unit/unit.h"

#define ID "45b7d2e7-b882-4a80-ba97-10b7a63b8fa4"

static const char *const EXTRA[] = {"classification", "theme", "proxyAddresses", "createdDateTime",
				   "flag", NULL};

static const struct gb_json *parse(void *ctx, const char *text)
{
	struct gb_json_doc *doc = NULL;
	struct gb_err err;

	assert_int_equal(gb_json_parse(ctx, text, strlen(text), "test", &doc, &err), GB_OK);
	return gb_json_root(doc);
}

static enum gb_rc read_group(void *ctx, const char *text, struct gb_cloud_group *group,
			     bool *is_refused, struct gb_err *err)
{
	return gb_groups_record(ctx, parse(ctx, text), EXTRA, "value[3]", group, is_refused, err);
}

static void a_whole_group_is_read(void **state)
{
	static const char text[] =
		"{\"id\":\"45B7D2E7-B882-4A80-BA97-10B7A63B8FA4\",\"displayName\":\"Golf\","
		"\"description\":null,\"mail\":\"golf@contoso.test\",\"mailNickname\":\"golf\","
		"\"groupTypes\":[\"Unified\",\"DynamicMembership\"],\"securityEnabled\":true,"
		"\"mailEnabled\":false,\"onPremisesSyncEnabled\":null,"
		"\"onPremisesSecurityIdentifier\":\"S-1-5-21-1-2-3-1104\","
		"\"isAssignableToRole\":false,\"visibility\":\"Hiddenmembership\","
		"\"writebackConfiguration\":{\"isEnabled\":true,"
		"\"onPremisesGroupType\":\"universalSecurityGroup\"},\"unknown\":[1,{}]}";
	void *tmp = gb_new_tmp(NULL);
	struct gb_cloud_group group;
	char id[GB_GUID_TEXT_BYTES];
	char sid[GB_SID_TEXT_BYTES];
	bool is_refused;
	struct gb_err err;

	(void)state;
	assert_int_equal(read_group(tmp, text, &group, &is_refused, &err), GB_OK);
	assert_string_equal(gb_guid_format(&group.id, id), ID);
	assert_int_equal(group.present, GB_GROUP_HAS_ALL);
	assert_string_equal(group.display_name, "Golf");
	assert_null(group.description);
	assert_string_equal(group.mail, "golf@contoso.test");
	assert_string_equal(group.mail_nickname, "golf");
	assert_true(group.unified && group.dynamic && group.hidden_membership);
	assert_int_equal(group.security_enabled, GB_YES);
	assert_int_equal(group.mail_enabled, GB_NO);
	assert_int_equal(group.on_premises_sync_enabled, GB_UNKNOWN);
	assert_string_equal(gb_sid_format(&group.on_premises_sid, sid), "S-1-5-21-1-2-3-1104");
	assert_int_equal(group.is_assignable_to_role, GB_NO);
	assert_int_equal(group.writeback_enabled, GB_YES);
	assert_int_equal(group.writeback_type, GB_WRITEBACK_UNIVERSAL_SECURITY);
	talloc_free(tmp);
}

static void further_properties_are_packed_by_name(void **state)
{
	static const char text[] = "{\"id\":\"" ID "\",\"classification\":\"a\\nb\",\"theme\":null,"
				   "\"proxyAddresses\":[\"SMTP:x\",\"smtp:y\"],\"flag\":true}";
	void *tmp = gb_new_tmp(NULL);
	struct gb_cloud_group group;
	bool is_refused;
	struct gb_err err;

	(void)state;
	assert_int_equal(read_group(tmp, text, &group, &is_refused, &err), GB_OK);
	assert_string_equal(group.extra, "classification=a\\nb\ntheme\nproxyAddresses=SMTP:x\n"
					 "proxyAddresses=smtp:y\nflag=True\n");
	assert_int_equal(read_group(tmp, "{\"id\":\"" ID "\",\"theme\":7,\"proxyAddresses\":[]}",
				    &group, &is_refused, &err),
			 GB_OK);
	assert_string_equal(group.extra, "theme=7\nproxyAddresses\n");
	assert_int_equal(read_group(tmp, "{\"id\":\"" ID "\",\"theme\":{}}", &group, &is_refused,
				    &err),
			 GB_E_PROTOCOL);
	assert_true(is_refused);
	talloc_free(tmp);
}

static void what_a_group_leaves_out_is_not_present(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_cloud_group group;
	bool is_refused;
	struct gb_err err;

	(void)state;
	assert_int_equal(read_group(tmp, "{\"id\":\"" ID "\"}", &group, &is_refused, &err), GB_OK);
	assert_int_equal(group.present, 0);
	assert_int_equal(group.writeback_enabled, GB_UNKNOWN);
	assert_int_equal(group.security_enabled, GB_UNKNOWN);
	talloc_free(tmp);
}

static void writeback_that_is_not_an_answer_leaves_scope_unknown(void **state)
{
	static const struct {
		const char *value;
		bool is_present;
		enum gb_tristate enabled;
		enum gb_writeback_type type;
	} rows[] = {
		{"null", false, GB_UNKNOWN, GB_WRITEBACK_TYPE_UNSET},
		{"{}", false, GB_UNKNOWN, GB_WRITEBACK_TYPE_UNSET},
		{"{\"onPremisesGroupType\":null}", false, GB_UNKNOWN, GB_WRITEBACK_TYPE_UNSET},
		{"{\"isEnabled\":null,\"onPremisesGroupType\":null}", true, GB_UNKNOWN,
		 GB_WRITEBACK_TYPE_UNSET},
		{"{\"isEnabled\":false}", true, GB_NO, GB_WRITEBACK_TYPE_UNSET},
		{"{\"isEnabled\":true,\"onPremisesGroupType\":\"universalDistributionGroup\"}",
		 true, GB_YES, GB_WRITEBACK_UNIVERSAL_DISTRIBUTION},
		{"{\"isEnabled\":true,\"onPremisesGroupType\":"
		 "\"universalMailEnabledSecurityGroup\"}",
		 true, GB_YES, GB_WRITEBACK_UNIVERSAL_MAIL_ENABLED_SECURITY},
		{"{\"isEnabled\":true,\"onPremisesGroupType\":\"UniversalSecurityGroup\"}", true,
		 GB_YES, GB_WRITEBACK_TYPE_OTHER},
	};
	void *tmp = gb_new_tmp(NULL);

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		char *text = gb_printf(tmp, "{\"id\":\"" ID "\",\"writebackConfiguration\":%s}",
				       rows[i].value);
		struct gb_cloud_group group;
		bool is_refused;
		struct gb_err err;

		assert_int_equal(read_group(tmp, text, &group, &is_refused, &err), GB_OK);
		assert_int_equal((group.present & GB_GROUP_HAS_WRITEBACK) != 0, rows[i].is_present);
		assert_int_equal(group.writeback_enabled, rows[i].enabled);
		assert_int_equal(group.writeback_type, rows[i].type);
	}
	talloc_free(tmp);
}

static const char *const text_keys[] = {"displayName", "description", "mail", "mailNickname",
					"visibility"};
static const char *const bool_keys[] = {"securityEnabled", "mailEnabled", "onPremisesSyncEnabled",
					"isAssignableToRole"};
static const char *const not_text[] = {"1", "true", "[]", "{}", "[\"x\"]"};
static const char *const not_bool[] = {"1", "\"true\"", "[]", "{}", "\"\""};
static const char *const not_sid[] = {"1", "\"\"", "\"S-1\"", "\"S-1-5-21-x\"", "[]", "{}", "true"};
static const char *const not_texts[] = {"1",   "\"Unified\"", "{}",
					"[1]", "[null]",      "[\"Unified\",[]]"};
static const char *const not_writeback[] = {"1",
					    "true",
					    "\"x\"",
					    "[]",
					    "{\"isEnabled\":1}",
					    "{\"isEnabled\":\"true\"}",
					    "{\"isEnabled\":true,\"onPremisesGroupType\":1}"};

static void expect_refusals(const char *const *keys, size_t key_count, const char *const *values,
			    size_t value_count)
{
	for (size_t i = 0; i < key_count * value_count; i++) {
		void *tmp = gb_new_tmp(NULL);
		const char *key = keys[i / value_count];
		char *text = gb_printf(tmp, "{\"id\":\"" ID "\",\"%s\":%s}", key,
				       values[i % value_count]);
		struct gb_cloud_group group;
		char id[GB_GUID_TEXT_BYTES];
		bool is_refused = false;
		struct gb_err err = {0};

		if (read_group(tmp, text, &group, &is_refused, &err) != GB_E_PROTOCOL) {
			fail_msg("taken: %s", text);
		}
		assert_true(is_refused);
		assert_string_equal(gb_guid_format(&group.id, id), ID);
		assert_non_null(strstr(err.what, "value[3]"));
		assert_string_equal(err.id, "graph-record");
		talloc_free(tmp);
	}
}

static void a_wrong_type_refuses_the_record_and_keeps_its_id(void **state)
{
	static const char *const sid[] = {"onPremisesSecurityIdentifier"};
	static const char *const types[] = {"groupTypes"};
	static const char *const writeback[] = {"writebackConfiguration"};

	(void)state;
	expect_refusals(text_keys, GB_ARRAY_SIZE(text_keys), not_text, GB_ARRAY_SIZE(not_text));
	expect_refusals(bool_keys, GB_ARRAY_SIZE(bool_keys), not_bool, GB_ARRAY_SIZE(not_bool));
	expect_refusals(sid, 1, not_sid, GB_ARRAY_SIZE(not_sid));
	expect_refusals(types, 1, not_texts, GB_ARRAY_SIZE(not_texts));
	expect_refusals(writeback, 1, not_writeback, GB_ARRAY_SIZE(not_writeback));
}

static void without_an_id_that_is_a_guid_the_page_is_refused(void **state)
{
	static const char *const ids[] = {"",
					  ",\"id\":null",
					  ",\"id\":1",
					  ",\"id\":\"\"",
					  ",\"id\":\"<id>\"",
					  ",\"id\":\"632f6bb2-3ec8-4c1f-9073-0027a8c6859\"",
					  ",\"id\":\"00000000-0000-0000-0000-000000000000\"",
					  ",\"ID\":\"" ID "\""};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(ids); i++) {
		void *tmp = gb_new_tmp(NULL);
		char *text = gb_printf(tmp, "{\"displayName\":\"x\"%s}", ids[i]);
		struct gb_cloud_group group;
		struct gb_cloud_member member;
		unsigned present;
		bool is_refused;
		struct gb_err err;

		assert_int_equal(read_group(tmp, text, &group, &is_refused, &err), GB_E_PROTOCOL);
		assert_false(is_refused);
		assert_string_equal(err.id, "graph-record-id");
		assert_int_equal(gb_people_record(parse(tmp, text), "value[0]", GB_CLOUD_USER,
						  &member, &present, &err),
				 GB_E_PROTOCOL);
		talloc_free(tmp);
	}
}

static void read_person(void *ctx, const char *members, struct gb_cloud_member *member,
			unsigned *present)
{
	char *text = gb_printf(ctx, "{\"id\":\"" ID "\"%s}", members);
	struct gb_err err;

	assert_int_equal(gb_people_record(parse(ctx, text), "value[0]", GB_CLOUD_USER, member,
					  present, &err),
			 GB_OK);
}

static void a_whole_person_is_read(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_cloud_member person;
	char text[GB_SID_TEXT_BYTES];
	char guid[GB_GUID_TEXT_BYTES];
	unsigned present;

	(void)state;
	read_person(tmp,
		    ",\"displayName\":\"Ann\",\"onPremisesSyncEnabled\":true,"
		    "\"onPremisesSecurityIdentifier\":\"S-1-5-21-1-2-3-1104\","
		    "\"onPremisesImmutableId\":\"ABEiM0RVZneImaq7zN3u/w==\","
		    "\"onPremisesDistinguishedName\":\"CN=Ann,DC=x\"",
		    &person, &present);
	assert_int_equal(present, GB_PERSON_HAS_ALL);
	assert_true(person.readable);
	assert_int_equal(person.type, GB_CLOUD_USER);
	assert_int_equal(person.on_premises_sync_enabled, GB_YES);
	assert_string_equal(gb_sid_format(&person.sid, text), "S-1-5-21-1-2-3-1104");
	assert_string_equal(gb_guid_format(&person.immutable_id, guid),
			    "33221100-5544-7766-8899-aabbccddeeff");
	assert_string_equal(person.on_premises_dn, "CN=Ann,DC=x");
	assert_string_equal(person.display_name, "Ann");
	talloc_free(tmp);
}

static void an_immutable_id_that_is_no_guid_is_none(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_cloud_member person;
	unsigned present;

	(void)state;
	read_person(tmp, ",\"displayName\":\"Ann\",\"onPremisesImmutableId\":\"employee 4711\"",
		    &person, &present);
	assert_true(person.readable);
	assert_true(gb_guid_is_none(&person.immutable_id));
	assert_true((present & GB_PERSON_HAS_IMMUTABLE_ID) != 0);
	talloc_free(tmp);
}

static void a_person_with_a_wrong_type_is_not_readable(void **state)
{
	static const char *const bad[] = {",\"displayName\":1",
					  ",\"onPremisesSyncEnabled\":\"true\"",
					  ",\"onPremisesSecurityIdentifier\":\"\"",
					  ",\"onPremisesSecurityIdentifier\":\"S-1-5-x\"",
					  ",\"onPremisesImmutableId\":[]",
					  ",\"onPremisesDistinguishedName\":{}"};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(bad); i++) {
		void *tmp = gb_new_tmp(NULL);
		struct gb_cloud_member person;
		unsigned present;

		read_person(tmp, bad[i], &person, &present);
		assert_false(person.readable);
		talloc_free(tmp);
	}
}

static void a_record_of_id_and_nulls_says_nothing(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_cloud_member member;
	unsigned present;

	(void)state;
	read_person(tmp,
		    ",\"displayName\":null,\"onPremisesSyncEnabled\":null,"
		    "\"onPremisesSecurityIdentifier\":null",
		    &member, &present);
	assert_false(gb_people_says_something(&member));
	read_person(tmp, "", &member, &present);
	assert_false(gb_people_says_something(&member));
	read_person(tmp, ",\"displayName\":\"x\"", &member, &present);
	assert_true(gb_people_says_something(&member));
	read_person(tmp, ",\"onPremisesSyncEnabled\":false", &member, &present);
	assert_true(gb_people_says_something(&member));
	talloc_free(tmp);
}

static void types_are_told_exactly(void **state)
{
	static const struct {
		const char *text;
		enum gb_cloud_type type;
	} rows[] = {
		{"{\"@odata.type\":\"#microsoft.graph.user\"}", GB_CLOUD_USER},
		{"{\"@odata.type\":\"#microsoft.graph.group\"}", GB_CLOUD_GROUP},
		{"{\"@odata.type\":\"#microsoft.graph.device\"}", GB_CLOUD_DEVICE},
		{"{\"@odata.type\":\"#microsoft.graph.orgContact\"}", GB_CLOUD_CONTACT},
		{"{\"@odata.type\":\"#microsoft.graph.servicePrincipal\"}",
		 GB_CLOUD_SERVICE_PRINCIPAL},
		{"{\"@odata.type\":\"#microsoft.graph.agentUser\"}", GB_CLOUD_OTHER},
		{"{\"@odata.type\":\"microsoft.graph.user\"}", GB_CLOUD_OTHER},
		{"{\"@odata.type\":7}", GB_CLOUD_OTHER},
		{"{}", GB_CLOUD_OTHER},
	};
	void *tmp = gb_new_tmp(NULL);

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		assert_int_equal(gb_record_type(parse(tmp, rows[i].text)), rows[i].type);
	}
	talloc_free(tmp);
}

static void a_removal_needs_a_known_reason(void **state)
{
	static const struct {
		const char *text;
		enum gb_rc rc;
		enum gb_cloud_removed removed;
	} rows[] = {
		{"{}", GB_OK, GB_NOT_REMOVED},
		{"{\"@removed\":{\"reason\":\"changed\"}}", GB_OK, GB_REMOVED_CHANGED},
		{"{\"@removed\":{\"reason\":\"deleted\"}}", GB_OK, GB_REMOVED_DELETED},
		{"{\"@removed\":{\"reason\":\"Deleted\"}}", GB_E_PROTOCOL, GB_NOT_REMOVED},
		{"{\"@removed\":{}}", GB_E_PROTOCOL, GB_NOT_REMOVED},
		{"{\"@removed\":null}", GB_E_PROTOCOL, GB_NOT_REMOVED},
		{"{\"@removed\":\"deleted\"}", GB_E_PROTOCOL, GB_NOT_REMOVED},
	};
	void *tmp = gb_new_tmp(NULL);

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		enum gb_cloud_removed removed = GB_NOT_REMOVED;
		struct gb_err err;

		assert_int_equal(
			gb_record_removed(parse(tmp, rows[i].text), "value[0]", &removed, &err),
			rows[i].rc);
		assert_int_equal(removed, rows[i].removed);
	}
	talloc_free(tmp);
}

static void the_organization_is_exactly_one(void **state)
{
	static const char *const bad[] = {"{}", "{\"value\":[]}", "{\"value\":[{\"id\":\"x\"}]}",
					  "{\"value\":[{\"id\":\"" ID "\"},{\"id\":\"" ID "\"}]}",
					  "{\"value\":[{\"id\":\"" ID "\",\"displayName\":1}]}"};
	void *tmp = gb_new_tmp(NULL);
	struct gb_cloud_organization organization;
	struct gb_err err;

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(bad); i++) {
		assert_int_equal(gb_organization_parse(parse(tmp, bad[i]), &organization, &err),
				 GB_E_PROTOCOL);
	}
	assert_int_equal(
		gb_organization_parse(
			parse(tmp, "{\"value\":[{\"id\":\"" ID "\",\"displayName\":\"Contoso\","
				   "\"onPremisesSyncEnabled\":true,\"verifiedDomains\":["
				   "{\"name\":\"c.onmicrosoft.test\",\"isInitial\":true},"
				   "{\"name\":\"contoso.test\",\"isDefault\":true}]}]}"),
			&organization, &err),
		GB_OK);
	assert_string_equal(organization.default_domain, "contoso.test");
	assert_string_equal(organization.initial_domain, "c.onmicrosoft.test");
	assert_int_equal(organization.on_premises_sync_enabled, GB_YES);
	talloc_free(tmp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_group_is_read),
		cmocka_unit_test(further_properties_are_packed_by_name),
		cmocka_unit_test(what_a_group_leaves_out_is_not_present),
		cmocka_unit_test(writeback_that_is_not_an_answer_leaves_scope_unknown),
		cmocka_unit_test(a_wrong_type_refuses_the_record_and_keeps_its_id),
		cmocka_unit_test(without_an_id_that_is_a_guid_the_page_is_refused),
		cmocka_unit_test(a_whole_person_is_read),
		cmocka_unit_test(an_immutable_id_that_is_no_guid_is_none),
		cmocka_unit_test(a_person_with_a_wrong_type_is_not_readable),
		cmocka_unit_test(a_record_of_id_and_nulls_says_nothing),
		cmocka_unit_test(types_are_told_exactly),
		cmocka_unit_test(a_removal_needs_a_known_reason),
		cmocka_unit_test(the_organization_is_exactly_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
