/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/directory/account_name. */
#include "config.h"

#include "engine/base/mem.h"
#include "engine/directory/account_name.h"
#include "tests/unit/unit.h"

static void an_account_may_be_written_in_three_ways(void **state)
{
	static const struct {
		const char *written;
		const char *short_name;
	} rows[] = {
		{"svc", "svc"},
		{"svc@corp.example.com", "svc"},
		{"CORP\\svc", "svc"},
		{"CORP\\svc@x", "svc"},
		{"", ""},
		{"@corp", ""},
		{"CORP\\", ""},
	};
	void *ctx = gb_new_tmp(NULL);

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		assert_string_equal(gb_account_short_name(ctx, rows[i].written),
				    rows[i].short_name);
	}
	talloc_free(ctx);
}

static void a_domain_has_the_dns_name_of_its_parts(void **state)
{
	static const struct {
		const char *dn;
		const char *name;
	} rows[] = {
		{"DC=corp,DC=example,DC=com", "corp.example.com"},
		{"dc=corp,Dc=example", "corp.example"},
		{"OU=People,DC=corp,DC=example", "corp.example"},
		{"O=example", ""},
		{"DC=", ""},
		{"", ""},
		{NULL, ""},
	};
	void *ctx = gb_new_tmp(NULL);

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		assert_string_equal(gb_account_domain(ctx, rows[i].dn), rows[i].name);
	}
	assert_string_equal(gb_account_principal(ctx, "svc", "DC=corp,DC=example"),
			    "svc@corp.example");
	talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_account_may_be_written_in_three_ways),
		cmocka_unit_test(a_domain_has_the_dns_name_of_its_parts),
	};

	return cmocka_run_group_tests_name("account_name", tests, NULL, NULL);
}
