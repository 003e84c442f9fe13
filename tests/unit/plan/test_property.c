/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/plan/property. */
#include "config.h"

#include "engine/base/compiler.h"
#include "engine/plan/property.h"
#include "tests/unit/unit.h"

#define EXTENSION "extension_0123456789abcdef0123456789ABCDEF_Writeback"

static struct gb_cloud_group full_group(void)
{
	struct gb_cloud_group group = {
		.present = GB_GROUP_HAS_ALL,
		.display_name = "Sales",
		.description = "words",
		.mail = "a@b.example",
		.mail_nickname = "sales",
		.unified = true,
		.dynamic = true,
		.security_enabled = GB_YES,
		.mail_enabled = GB_NO,
		.on_premises_sync_enabled = GB_UNKNOWN,
		.is_assignable_to_role = GB_NO,
		.writeback_enabled = GB_YES,
		.writeback_type = GB_WRITEBACK_UNIVERSAL_SECURITY,
		.extra = "theme=Teal\nvisibility\n" EXTENSION "=True\n",
	};

	assert_true(gb_guid_parse("3a5c3221-c465-48c0-95b8-e9305786a271", &group.id));
	return group;
}

static const struct {
	const char *name;
	unsigned present;  /* without it the property is unknown; 0: always known */
	const char *value; /* NULL: absent */
} FIELDS[] = {
	{"objectId", 0, "3a5c3221-c465-48c0-95b8-e9305786a271"},
	{"id", 0, "3a5c3221-c465-48c0-95b8-e9305786a271"},
	{"displayName", GB_GROUP_HAS_DISPLAY_NAME, "Sales"},
	{"description", GB_GROUP_HAS_DESCRIPTION, "words"},
	{"mail", GB_GROUP_HAS_MAIL, "a@b.example"},
	{"mailNickname", GB_GROUP_HAS_MAIL_NICKNAME, "sales"},
	{"securityEnabled", GB_GROUP_HAS_SECURITY_ENABLED, "True"},
	{"mailEnabled", GB_GROUP_HAS_MAIL_ENABLED, "False"},
	{"groupTypes", GB_GROUP_HAS_GROUP_TYPES, "Unified"},
	{"onPremisesSyncEnabled", GB_GROUP_HAS_ON_PREMISES, NULL},
	{"isAssignableToRole", GB_GROUP_HAS_ROLE, "False"},
	{"isWritebackEnabled", GB_GROUP_HAS_WRITEBACK, "True"},
	{"onPremisesGroupType", GB_GROUP_HAS_WRITEBACK, "universalSecurityGroup"},
};

static void each_property_has_its_value_and_is_unknown_if_it_was_left_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(FIELDS); i++) {
		void *tmp = talloc_new(NULL);
		struct gb_cloud_group group = full_group();
		struct gb_attribute value = gb_property_get(tmp, &group, FIELDS[i].name);

		assert_true(gb_property_is_known(FIELDS[i].name));
		assert_false(gb_property_is_extra(FIELDS[i].name));
		assert_int_equal(gb_property_is_beta(FIELDS[i].name),
				 FIELDS[i].present == GB_GROUP_HAS_WRITEBACK);
		if (FIELDS[i].value) {
			assert_int_equal(value.state, GB_ATTRIBUTE_PRESENT);
			assert_string_equal(value.values[0], FIELDS[i].value);
		} else {
			assert_int_equal(value.state, GB_ATTRIBUTE_ABSENT);
		}
		group.present &= ~FIELDS[i].present;
		value = gb_property_get(tmp, &group, FIELDS[i].name);
		assert_int_equal(value.state == GB_ATTRIBUTE_UNKNOWN, FIELDS[i].present != 0);
		talloc_free(tmp);
	}
}

static void null_is_absent_but_a_name_that_is_null_was_kept_from_us(void **state)
{
	struct gb_cloud_group group = {.present = GB_GROUP_HAS_ALL, .security_enabled = GB_UNKNOWN};
	void *tmp = talloc_new(NULL);

	(void)state;
	assert_int_equal(gb_property_get(tmp, &group, "displayName").state, GB_ATTRIBUTE_UNKNOWN);
	assert_int_equal(gb_property_get(tmp, &group, "mail").state, GB_ATTRIBUTE_ABSENT);
	assert_int_equal(gb_property_get(tmp, &group, "groupTypes").state, GB_ATTRIBUTE_ABSENT);
	assert_int_equal(gb_property_get(tmp, &group, "securityEnabled").state,
			 GB_ATTRIBUTE_ABSENT);
	talloc_free(tmp);
}

static void each_type_of_writeback_has_its_word(void **state)
{
	static const struct {
		enum gb_writeback_type type;
		const char *word;
	} rows[] = {
		{GB_WRITEBACK_TYPE_UNSET, NULL},
		{GB_WRITEBACK_UNIVERSAL_DISTRIBUTION, "universalDistributionGroup"},
		{GB_WRITEBACK_UNIVERSAL_SECURITY, "universalSecurityGroup"},
		{GB_WRITEBACK_UNIVERSAL_MAIL_ENABLED_SECURITY, "universalMailEnabledSecurityGroup"},
		{GB_WRITEBACK_TYPE_OTHER, NULL},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		void *tmp = talloc_new(NULL);
		struct gb_cloud_group group = full_group();
		struct gb_attribute value;

		group.writeback_type = rows[i].type;
		value = gb_property_get(tmp, &group, "onPremisesGroupType");
		assert_int_equal(value.count, rows[i].word != NULL);
		if (rows[i].word) {
			assert_string_equal(value.values[0], rows[i].word);
		}
		talloc_free(tmp);
	}
}

static void kinds_of_membership_are_a_list(void **state)
{
	struct gb_cloud_group group = full_group();
	void *tmp = talloc_new(NULL);
	struct gb_attribute value = gb_property_get(tmp, &group, "groupTypes");

	(void)state;
	assert_int_equal(value.count, 2);
	assert_string_equal(value.values[1], "DynamicMembership");
	group.unified = false;
	value = gb_property_get(tmp, &group, "groupTypes");
	assert_int_equal(value.count, 1);
	assert_string_equal(value.values[0], "DynamicMembership");
	talloc_free(tmp);
}

static void what_is_asked_for_besides_comes_from_the_answer(void **state)
{
	struct gb_cloud_group group = full_group();
	void *tmp = talloc_new(NULL);

	(void)state;
	assert_string_equal(gb_property_get(tmp, &group, "theme").values[0], "Teal");
	assert_int_equal(gb_property_get(tmp, &group, "visibility").state, GB_ATTRIBUTE_ABSENT);
	assert_int_equal(gb_property_get(tmp, &group, "uniqueName").state, GB_ATTRIBUTE_UNKNOWN);
	assert_string_equal(gb_property_get(tmp, &group, EXTENSION).values[0], "True");
	talloc_free(tmp);
}

static void names_are_known_or_refused(void **state)
{
	static const struct {
		const char *name;
		bool is_known;
	} rows[] = {
		{"theme", true},
		{"membershipRule", true},
		{EXTENSION, true},
		{"members", false},
		{"displayname", false},
		{"", false},
		{"extension_", false},
		{"extension_0123456789abcdef0123456789abcdef", false},
		{"extension_0123456789abcdef0123456789abcdef_", false},
		{"extension_0123456789abcdef0123456789abcdeg_x", false},
		{"extension_0123456789abcdef0123456789abcdef0_x", false},
		{"extension_0123456789abcdef0123456789abcdef_"
		 "01234567890123456789012345678901234567890123456789012345678901234",
		 false},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		assert_int_equal(gb_property_is_known(rows[i].name), rows[i].is_known);
		assert_false(gb_property_is_beta(rows[i].name));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_property_has_its_value_and_is_unknown_if_it_was_left_out),
		cmocka_unit_test(null_is_absent_but_a_name_that_is_null_was_kept_from_us),
		cmocka_unit_test(each_type_of_writeback_has_its_word),
		cmocka_unit_test(kinds_of_membership_are_a_list),
		cmocka_unit_test(what_is_asked_for_besides_comes_from_the_answer),
		cmocka_unit_test(names_are_known_or_refused),
	};

	return cmocka_run_group_tests_name("plan/property", tests, NULL, NULL);
}
