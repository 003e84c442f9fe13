/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/config/syntax. */
#include "config.h"

#include "engine/config/syntax.h"
#include "tests/unit/unit.h"

typedef char *(*reader)(const void *ctx, const char *text);

struct example {
	const char *in;
	const char *out; /* NULL: refused */
};

static void check(reader read, const struct example *examples, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char *out = read(NULL, examples[i].in);

		if (!examples[i].out) {
			if (out) {
				fail_msg("taken: %s", examples[i].in);
			}
			continue;
		}
		if (!out) {
			fail_msg("refused: %s", examples[i].in);
		}
		assert_string_equal(out, examples[i].out);
		talloc_free(out);
	}
}

#define LABEL63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define GUID    "73d664e4-0886-4a73-b745-c694da45ddb4"

static void servers_are_hosts_with_or_without_a_port(void **state)
{
	static const struct example examples[] = {
		{"dc1", "dc1"},
		{"dc1.corp.example.com", "dc1.corp.example.com"},
		{"DC_1.corp:3269", "DC_1.corp:3269"},
		{"192.0.2.1:636", "192.0.2.1:636"},
		{"[2001:db8::1]", "[2001:db8::1]"},
		{"[::1]:636", "[::1]:636"},
		{LABEL63 ".x", LABEL63 ".x"},
		{LABEL63 "a.x", NULL},
		{LABEL63 "." LABEL63 "." LABEL63 "." LABEL63, NULL},
		{"", NULL},
		{".", NULL},
		{"a.", NULL},
		{".a", NULL},
		{"a..b", NULL},
		{"-a", NULL},
		{"a-", NULL},
		{"a b", NULL},
		{"a:", NULL},
		{"a:0", NULL},
		{"a:065", NULL},
		{"a:65535", "a:65535"},
		{"a:65536", NULL},
		{"a:99999", NULL},
		{"a:123456", NULL},
		{"a:1x", NULL},
		{"a:-1", NULL},
		{"a:b:1", NULL},
		{"::1", NULL},
		{"[::1", NULL},
		{"[]", NULL},
		{"[dc1]", NULL},
		{"[::1]x", NULL},
		{"[::1]:", NULL},
		{"[fe80::1%eth0]", NULL},
		{"[00000000000000000000000000000000000000000000000000000000000::1]", NULL},
		{"ldaps://dc1", NULL},
		{"a/b", NULL},
		{"a@b", NULL},
		{"\xc3\xbc.de", NULL},
	};

	(void)state;
	check(gb_syntax_server, examples, GB_ARRAY_SIZE(examples));
}

static void origins_have_no_path_no_user_and_no_plain_http(void **state)
{
	static const struct example examples[] = {
		{"https://graph.microsoft.com", "https://graph.microsoft.com"},
		{"https://graph.microsoft.com/", "https://graph.microsoft.com"},
		{"https://localhost:8443", "https://localhost:8443"},
		{"https://[::1]:8443/", "https://[::1]:8443"},
		{"https://", NULL},
		{"https:///", NULL},
		{"https:", NULL},
		{"/", NULL},
		{"http://graph.microsoft.com", NULL},
		{"HTTPS://graph.microsoft.com", NULL},
		{"https://graph.microsoft.com//", NULL},
		{"https://graph.microsoft.com/v1.0", NULL},
		{"https://graph.microsoft.com?x", NULL},
		{"https://graph.microsoft.com#x", NULL},
		{"https://a@graph.microsoft.com", NULL},
		{"https://graph.microsoft.com%2eevil.example", NULL},
		{"https://graph.microsoft.com:443:444", NULL},
		{"https://graph.microsoft.com ", NULL},
	};

	(void)state;
	check(gb_syntax_https, examples, GB_ARRAY_SIZE(examples));
}

static void proxies_have_a_port_and_no_password(void **state)
{
	static const struct example examples[] = {
		{"http://proxy:3128", "http://proxy:3128"},
		{"http://proxy:3128/", "http://proxy:3128"},
		{"https://proxy.example.com:443", "https://proxy.example.com:443"},
		{"http://proxy", NULL},
		{"socks5://proxy:1080", NULL},
		{"http://user:password@proxy:3128", NULL},
		{"proxy:3128", NULL},
	};

	(void)state;
	check(gb_syntax_proxy, examples, GB_ARRAY_SIZE(examples));
}

static void a_tenant_is_one_tenant(void **state)
{
	static const struct example examples[] = {
		{"contoso.onmicrosoft.com", "contoso.onmicrosoft.com"},
		{"73D664E4-0886-4A73-B745-C694DA45DDB4", GUID},
		{"common", NULL},
		{"organizations", NULL},
		{"consumers", NULL},
		{"contoso", NULL},
		{"contoso.com/x", NULL},
		{"contoso.com:443", NULL},
		{"..", NULL},
		{"", NULL},
	};

	(void)state;
	check(gb_syntax_tenant, examples, GB_ARRAY_SIZE(examples));
}

static void a_guid_is_in_lower_case_and_not_zero(void **state)
{
	static const struct example examples[] = {
		{GUID, GUID},
		{"73D664E4-0886-4A73-B745-C694DA45DDB4", GUID},
		{"00000000-0000-0000-0000-000000000000", NULL},
		{"{" GUID "}", NULL},
		{"", NULL},
	};

	(void)state;
	check(gb_syntax_guid, examples, GB_ARRAY_SIZE(examples));
}

static void an_account_has_one_of_three_forms(void **state)
{
	static const struct example examples[] = {
		{"CN=a\\;b,DC=c", "CN=a\\3Bb,DC=c"},
		{"CORP\\svc-groupback", "CORP\\svc-groupback"},
		{"CORP\\svc groupback$", "CORP\\svc groupback$"},
		{"svc@corp.example.com", "svc@corp.example.com"},
		{"svc#1;x@corp.example.com", "svc#1;x@corp.example.com"},
		{"HTTP/host.example.com@CORP.EXAMPLE.COM",
		 "HTTP/host.example.com@CORP.EXAMPLE.COM"},
		{"svc", NULL},
		{"", NULL},
		{"@corp", NULL},
		{"svc@", NULL},
		{"svc@corp example", NULL},
		{" svc@corp", NULL},
		{"svc@corp ", NULL},
		{"a\"b@corp", NULL},
		{"CORP\\", NULL},
		{"\\svc", NULL},
		{"CORP\\a\\b", NULL},
		{"CORP\\a@b", NULL},
		{"C\"RP\\a", NULL},
		{"CN=a;DC=b", NULL},
	};

	(void)state;
	check(gb_syntax_account, examples, GB_ARRAY_SIZE(examples));
}

static void paths_are_absolute_and_straight(void **state)
{
	static const struct example examples[] = {
		{"/etc/groupback", "/etc/groupback"},
		{"/etc/groupback/", "/etc/groupback"},
		{"/a b;#'\\=[x]/..c/.d/e..", "/a b;#'\\=[x]/..c/.d/e.."},
		{"/x ", "/x "},
		{"", NULL},
		{"/", NULL},
		{"//", NULL},
		{"etc", NULL},
		{"./etc", NULL},
		{"/etc//x", NULL},
		{"/etc/./x", NULL},
		{"/etc/../x", NULL},
		{"/etc/..", NULL},
		{"/etc/.", NULL},
		{"/etc//", NULL},
		{"/a\"b", NULL},
		{"~/x", NULL},
	};

	(void)state;
	check(gb_syntax_path, examples, GB_ARRAY_SIZE(examples));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(servers_are_hosts_with_or_without_a_port),
		cmocka_unit_test(origins_have_no_path_no_user_and_no_plain_http),
		cmocka_unit_test(proxies_have_a_port_and_no_password),
		cmocka_unit_test(a_tenant_is_one_tenant),
		cmocka_unit_test(a_guid_is_in_lower_case_and_not_zero),
		cmocka_unit_test(an_account_has_one_of_three_forms),
		cmocka_unit_test(paths_are_absolute_and_straight),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
