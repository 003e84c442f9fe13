/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/plan/maker. */
#include "config.h"

#include "engine/base/compiler.h"
#include "engine/plan/maker.h"
#include "tests/unit/unit.h"

#define ID     "3a5c3221-c465-48c0-95b8-e9305786a271"
#define ANCHOR "Group_" ID
#define OTHER  "Group_11111111-2222-4333-8444-555555555555"

static void each_shape_tells_its_maker(void **state)
{
	static const struct {
		const char *what;
		const char *admin;
		const char *external;
		const char *sam;
		bool has_external_id;
		enum gb_maker maker;
	} rows[] = {
		{"ours", ANCHOR, ANCHOR, "Sales_e9305786a271", true, GB_MAKER_OURS},
		{"ours, old schema", ANCHOR, NULL, "Sales_e9305786a271", false, GB_MAKER_OURS},
		{"ours, no account name read", ANCHOR, ANCHOR, NULL, true, GB_MAKER_OURS},
		{"Entra Connect", ANCHOR, NULL, ANCHOR, true, GB_MAKER_ENTRA_CONNECT},
		{"Entra Connect, name of our form", ANCHOR, NULL, "Sales_e9305786a271", true,
		 GB_MAKER_ENTRA_CONNECT},
		{"Entra Connect, old schema", ANCHOR, NULL, "Sales", false, GB_MAKER_ENTRA_CONNECT},
		{"Cloud Sync", NULL, ANCHOR, "$V31000-U46U2D83SO25", true, GB_MAKER_CLOUD_SYNC},
		{"Cloud Sync, took over from Entra Connect", ANCHOR, ANCHOR, "Sales", true,
		 GB_MAKER_CLOUD_SYNC},
		{"any case", "group_" ID, NULL, "x", true, GB_MAKER_ENTRA_CONNECT},
		{"anchor of another group", OTHER, NULL, "x", true, GB_MAKER_OURS},
		{"no anchor", NULL, NULL, "Sales", true, GB_MAKER_OURS},
		{"some words", "written by hand", NULL, "Sales", true, GB_MAKER_OURS},
	};
	struct gb_guid id;

	(void)state;
	assert_true(gb_guid_parse(ID, &id));
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct gb_directory_object object = {
			.admin_description = rows[i].admin,
			.external_directory_id = rows[i].external,
			.sam_account_name = rows[i].sam,
		};

		print_message("%s\n", rows[i].what);
		assert_int_equal(gb_maker_of(&object, &id, rows[i].has_external_id), rows[i].maker);
	}
}

static void ids_stay_for_files_and_reports(void **state)
{
	(void)state;
	assert_string_equal(gb_maker_id(GB_MAKER_OURS), "groupback");
	assert_string_equal(gb_maker_id(GB_MAKER_ENTRA_CONNECT), "entra-connect");
	assert_string_equal(gb_maker_id(GB_MAKER_CLOUD_SYNC), "cloud-sync");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_shape_tells_its_maker),
		cmocka_unit_test(ids_stay_for_files_and_reports),
	};

	return cmocka_run_group_tests_name("plan/maker", tests, NULL, NULL);
}
