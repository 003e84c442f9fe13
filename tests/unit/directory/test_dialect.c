/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/directory/dialect and rights (the pure part). */
#include "config.h"

#include "engine/directory/dialect.h"
#include "engine/directory/rights.h"
#include "tests/unit/unit.h"

#define GUID "00112233-4455-6677-8899-aabbccddeeff"

static const struct gb_dialect *ad(void)
{
	return gb_dialect_of(GB_DIALECT_AD);
}

static const struct gb_dialect *ldap(void)
{
	return gb_dialect_of(GB_DIALECT_LDAP);
}

static void ad_names_objects_by_guid_and_openldap_by_dn(void **state)
{
	struct gb_directory_reference both = {.dn = "CN=a,DC=x"};
	struct gb_directory_reference dn = {.dn = "CN=a,DC=x"};
	void *tmp = gb_new_tmp(NULL);

	(void)state;
	assert_true(gb_guid_parse(GUID, &both.guid));
	assert_string_equal(gb_dialect_object_name(tmp, ad(), &both), "<GUID=" GUID ">");
	assert_string_equal(gb_dialect_object_name(tmp, ad(), &dn), "CN=a,DC=x");
	assert_string_equal(gb_dialect_object_name(tmp, ldap(), &both), "CN=a,DC=x");
	talloc_free(tmp);
}

static void guids_are_octets_in_ad_and_text_in_openldap(void **state)
{
	struct gb_guid guid;
	struct gb_guid read;
	uint8_t octets[16];
	void *tmp = gb_new_tmp(NULL);

	(void)state;
	assert_true(gb_guid_parse(GUID, &guid));
	gb_guid_to_octets(&guid, octets);
	assert_true(gb_dialect_read_guid(ad(), octets, 16, &read));
	assert_int_equal(gb_guid_compare(&guid, &read), 0);
	assert_false(gb_dialect_read_guid(ad(), GUID, 36, &read));
	assert_true(gb_dialect_read_guid(ldap(), GUID, 36, &read));
	assert_int_equal(gb_guid_compare(&guid, &read), 0);
	assert_false(gb_dialect_read_guid(ldap(), octets, 16, &read));
	assert_string_equal(
		gb_dialect_guid_filter(tmp, ad(), &guid),
		"(objectGUID=\\33\\22\\11\\00\\55\\44\\77\\66\\88\\99\\aa\\bb\\cc\\dd\\ee\\ff)");
	assert_string_equal(gb_dialect_guid_filter(tmp, ldap(), &guid), "(entryUUID=" GUID ")");
	talloc_free(tmp);
}

static void filters_ask_for_classes_and_changes(void **state)
{
	void *tmp = gb_new_tmp(NULL);

	(void)state;
	assert_string_equal(gb_dialect_filter(tmp, ad(), GB_READ_GROUPS, "7"),
			    "(&(|(objectCategory=group))(uSNChanged>=7))");
	assert_string_equal(gb_dialect_filter(tmp, ad(), GB_READ_GROUPS | GB_READ_COMPUTERS, NULL),
			    "(&(|(objectCategory=computer)(objectCategory=group)))");
	assert_non_null(strstr(gb_dialect_filter(tmp, ad(), 0, NULL), "objectClass=contact"));
	assert_string_equal(
		gb_dialect_filter(tmp, ldap(), GB_READ_CONTACTS, "20260102030405.000000Z#0"),
		"(&(|(objectClass=contact))(entryCSN>=20260102030405.000000Z#0))");
	talloc_free(tmp);
}

static void administrators_are_recognised_by_their_sid(void **state)
{
	static const struct {
		const char *sid;
		const char *group;
	} rows[] = {
		{"S-1-5-21-1-2-3-512", "Domain Admins"},
		{"S-1-5-21-1-2-3-518", "Schema Admins"},
		{"S-1-5-21-9-9-9-519", "Enterprise Admins"},
		{"S-1-5-32-544", "BUILTIN\\Administrators"},
		{"S-1-5-21-1-2-3-513", NULL},
		{"S-1-5-21-1-2-3-1512", NULL},
		{"S-1-5-32-545", NULL},
		{"S-1-5-32-512", NULL},
		{"S-1-5-11", NULL},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct gb_sid sid;
		const char *group;

		assert_true(gb_sid_parse(rows[i].sid, &sid));
		group = gb_rights_privileged_group(&sid);
		if (rows[i].group) {
			assert_non_null(group);
			assert_string_equal(group, rows[i].group);
		} else {
			assert_null(group);
		}
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(ad_names_objects_by_guid_and_openldap_by_dn),
		cmocka_unit_test(guids_are_octets_in_ad_and_text_in_openldap),
		cmocka_unit_test(filters_ask_for_classes_and_changes),
		cmocka_unit_test(administrators_are_recognised_by_their_sid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
