/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/directory/reference. */
#include "config.h"

#include "engine/directory/reference.h"
#include "tests/unit/unit.h"

#define GUID_TEXT "d9c5a1f0-1234-4321-89ab-0123456789ab"
#define GUID_HEX  "f0a1c5d93412214389ab0123456789ab"
#define SID_TEXT  "S-1-5-21-1-2-3-1104"
#define SID_HEX   "01050000000000051500000001000000020000000300000050040000"
#define DN        "CN=Anna,OU=People,DC=x"

static void check(const char *value, bool has_guid, bool has_sid, bool has_dn)
{
	struct gb_directory_reference reference;
	struct gb_guid guid;
	struct gb_sid sid;
	struct gb_err err = {0};
	void *tmp = gb_new_tmp(NULL);

	assert_true(gb_guid_parse(GUID_TEXT, &guid));
	assert_true(gb_sid_parse(SID_TEXT, &sid));
	assert_int_equal(gb_directory_reference_parse(tmp, value, &reference, &err), GB_OK);
	assert_int_equal(gb_guid_compare(&reference.guid, &guid) == 0, has_guid);
	assert_int_equal(gb_guid_is_none(&reference.guid), !has_guid);
	assert_int_equal(gb_sid_equal(&reference.sid, &sid), has_sid);
	if (has_dn) {
		assert_string_equal(reference.dn, DN);
		assert_string_equal(reference.dn_key, "cn=anna,ou=people,dc=x");
	} else {
		assert_null(reference.dn);
		assert_null(reference.dn_key);
	}
	talloc_free(tmp);
}

static void plain_and_extended_values_are_read(void **state)
{
	(void)state;
	check(DN, false, false, true);
	check("<GUID=" GUID_TEXT ">;<SID=" SID_TEXT ">;" DN, true, true, true);
	check("<GUID=" GUID_HEX ">;<SID=" SID_HEX ">;" DN, true, true, true);
	check("<guid=" GUID_TEXT ">;" DN, true, false, true);
	check("<GUID=" GUID_TEXT ">", true, false, false);
	check("<GUID=" GUID_TEXT ">;<RMD_ADDTIME=1234>;" DN, true, false, true);
}

static void everything_else_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"no dn",
		"<GUID=>;" DN,
		"<GUID=12>;" DN,
		"<GUID=" GUID_HEX "00>;" DN,
		"<GUID=" GUID_TEXT,
		"<GUID=" GUID_TEXT ";" DN,
		"<SID=" SID_TEXT ">",
		"<SID=S-1>;" DN,
		"<SID=" SID_HEX "00>;" DN,
		"<nothing>;" DN,
		"<GUID=" GUID_TEXT ">;no dn",
		"<GUID=" GUID_TEXT GUID_TEXT GUID_TEXT GUID_TEXT GUID_TEXT GUID_TEXT ">;" DN,
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(bad); i++) {
		struct gb_directory_reference reference;
		struct gb_err err = {0};
		void *tmp = gb_new_tmp(NULL);

		assert_int_equal(gb_directory_reference_parse(tmp, bad[i], &reference, &err),
				 GB_E_PROTOCOL);
		assert_string_equal(err.id, "directory-bad-reference");
		talloc_free(tmp);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_and_extended_values_are_read),
		cmocka_unit_test(everything_else_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
