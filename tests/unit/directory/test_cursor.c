/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/directory/cursor. */
#include "config.h"

#include "engine/directory/cursor.h"
#include "tests/unit/unit.h"

static struct gb_directory_facts facts_of(enum gb_dialect_kind kind, uint8_t last_byte)
{
	struct gb_directory_facts facts = {.dialect = kind};

	facts.invocation_id.bytes[15] = last_byte;
	facts.domain_guid.bytes[15] = last_byte;
	return facts;
}

static void changes_are_asked_for_behind_the_cursor(void **state)
{
	struct gb_directory_facts facts = facts_of(GB_DIALECT_AD, 7);
	char cursor[GB_DIRECTORY_CURSOR_BYTES];
	const char *stamp;
	struct gb_err err;
	void *tmp = gb_new_tmp(NULL);

	(void)state;
	gb_cursor_from_usn(&facts, 12345, cursor);
	assert_int_equal(gb_cursor_stamp(tmp, &facts, cursor, 12345, &stamp, &err), GB_OK);
	assert_string_equal(stamp, "12346");
	talloc_free(tmp);
}

static void a_cursor_of_another_or_an_older_database_is_stale(void **state)
{
	struct gb_directory_facts facts = facts_of(GB_DIALECT_AD, 7);
	struct gb_directory_facts other = facts_of(GB_DIALECT_AD, 8);
	struct gb_directory_facts ldap = facts_of(GB_DIALECT_LDAP, 7);
	char cursor[GB_DIRECTORY_CURSOR_BYTES];
	const char *stamp = NULL;
	struct gb_err err;

	(void)state;
	gb_cursor_from_usn(&facts, 12345, cursor);
	assert_int_equal(gb_cursor_stamp(NULL, &other, cursor, 99999, &stamp, &err),
			 GB_E_STALE_CURSOR);
	assert_int_equal(gb_cursor_stamp(NULL, &facts, cursor, 12344, &stamp, &err),
			 GB_E_STALE_CURSOR);
	assert_int_equal(gb_cursor_stamp(NULL, &ldap, cursor, 99999, &stamp, &err),
			 GB_E_STALE_CURSOR);
	assert_null(stamp);
}

static void what_is_no_cursor_is_stale(void **state)
{
	static const char *const bad[] = {
		"x",
		"usn1",
		"usn1 ",
		"usn1 00000000-0000-0000-0000-000000000007",
		"usn1 00000000-0000-0000-0000-000000000007 ",
		"usn1 00000000-0000-0000-0000-000000000007 0",
		"usn1 00000000-0000-0000-0000-000000000007 12x",
		"usn1 00000000-0000-0000-0000-000000000007x12",
		"usn2 00000000-0000-0000-0000-000000000007 12",
		"csn1 00000000-0000-0000-0000-000000000007 20260102030405",
	};
	struct gb_directory_facts facts = facts_of(GB_DIALECT_AD, 7);
	const char *stamp;
	struct gb_err err;

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(bad); i++) {
		assert_int_equal(gb_cursor_stamp(NULL, &facts, bad[i], 99, &stamp, &err),
				 GB_E_STALE_CURSOR);
	}
}

static void without_an_invocation_id_there_is_no_cursor(void **state)
{
	struct gb_directory_facts facts = facts_of(GB_DIALECT_AD, 0);
	char cursor[GB_DIRECTORY_CURSOR_BYTES] = "x";

	(void)state;
	gb_cursor_from_usn(&facts, 5, cursor);
	assert_string_equal(cursor, "");
}

/* 2026-03-01 00:00:40 UTC. */
#define NOW_MS INT64_C(1772323240000)

static void an_openldap_cursor_is_set_back_by_a_minute(void **state)
{
	struct gb_directory_facts facts = facts_of(GB_DIALECT_LDAP, 7);
	struct gb_directory_facts other = facts_of(GB_DIALECT_LDAP, 8);
	char cursor[GB_DIRECTORY_CURSOR_BYTES];
	const char *stamp;
	struct gb_err err;
	void *tmp = gb_new_tmp(NULL);

	(void)state;
	gb_cursor_from_csn(&facts, "20260301000030.123456Z#000000#000#000000", NOW_MS, cursor);
	assert_int_equal(gb_cursor_stamp(tmp, &facts, cursor, 0, &stamp, &err), GB_OK);
	assert_string_equal(stamp, "20260228235930.000000Z#000000#000#000000");
	assert_int_equal(gb_cursor_stamp(tmp, &other, cursor, 0, &stamp, &err), GB_E_STALE_CURSOR);
	gb_cursor_from_csn(&facts, "2026", NOW_MS, cursor);
	assert_string_equal(cursor, "");
	gb_cursor_from_csn(&facts, "20269901000030.1Z", NOW_MS, cursor);
	assert_string_equal(cursor, "");
	talloc_free(tmp);
}

static void what_is_old_is_not_read_again_in_every_cycle(void **state)
{
	struct gb_directory_facts facts = facts_of(GB_DIALECT_LDAP, 7);
	char cursor[GB_DIRECTORY_CURSOR_BYTES];
	const char *stamp;
	struct gb_err err;
	void *tmp = gb_new_tmp(NULL);

	(void)state;
	gb_cursor_from_csn(&facts, "20260301000030.123456Z#000000#000#000000",
			   NOW_MS + INT64_C(1000) * GB_CURSOR_SETTLED_S, cursor);
	assert_int_equal(gb_cursor_stamp(tmp, &facts, cursor, 0, &stamp, &err), GB_OK);
	assert_string_equal(stamp, "20260301000030.000000Z#000000#000#000000");
	talloc_free(tmp);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes_are_asked_for_behind_the_cursor),
		cmocka_unit_test(a_cursor_of_another_or_an_older_database_is_stale),
		cmocka_unit_test(what_is_no_cursor_is_stale),
		cmocka_unit_test(without_an_invocation_id_there_is_no_cursor),
		cmocka_unit_test(an_openldap_cursor_is_set_back_by_a_minute),
		cmocka_unit_test(what_is_old_is_not_read_again_in_every_cycle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
