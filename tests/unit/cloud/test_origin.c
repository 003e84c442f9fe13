/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/cloud/origin. */
#include "config.h"

#include "engine/cloud/origin.h"
#include "tests/unit/unit.h"

static struct gb_origin *origin_of(const void *ctx, const char *url)
{
	struct gb_origin *origin = NULL;
	struct gb_err err;

	assert_int_equal(gb_origin_new(ctx, "graph url", url, &origin, &err), GB_OK);
	return origin;
}

struct vector {
	bool is_allowed;
	const char *link;
};

static void only_links_of_the_configured_origin_pass(void **state)
{
	static const struct vector vectors[] = {
		{true, "https://graph.microsoft.com/v1.0/groups?$skiptoken=X"},
		{true, "https://GRAPH.microsoft.com/v1.0/groups"},
		{true, "https://graph.microsoft.com:443/v1.0/x"},
		{true, "https://graph.microsoft.com/beta/groups/delta?$deltatoken=a%27b'c"},
		{true, "https://graph.microsoft.com/v1.0/users?$skiptoken=X%2744537074%27"},
		{false, "https://graph.microsoft.com:8443/v1.0/x"},
		{false, "http://graph.microsoft.com/v1.0/x"},
		{false, "https://graph.microsoft.com.evil.example/v1.0/x"},
		{false, "https://graph.microsoft.com@evil.example/v1.0/x"},
		{false, "https://evil.example\\@graph.microsoft.com/v1.0/"},
		{false, "https://graph.microsoft.com:443@evil.example/v1.0/"},
		{false, "https://evil.example#@graph.microsoft.com/v1.0/"},
		{false, "https://evil.example?@graph.microsoft.com/v1.0/"},
		{false, "https://graph.microsoft.com./v1.0/x"},
		{false, "//graph.microsoft.com/v1.0/x"},
		{false, "/v1.0/groups?$skiptoken=X"},
		{false, "https:graph.microsoft.com/v1.0/x"},
		{false, "https://graph.microsoft.com%2eevil.example/v1.0/x"},
		{false, "https://graph.microsoft.com%00.evil.example/v1.0/x"},
		{false, "https://graph.microsoft.com/v1.0/x\r\nX: y"},
		{false, "file:///etc/passwd"},
		{false, "https://graph.microsoft.com/v1.0/../../x"},
		{false, "https://graph.microsoft.com/v1.0/x#frag"},
		{false, "https://graph.microsoft.com/v1.0/x#"},
		{false, "ldaps://graph.microsoft.com/v1.0/x"},
		{false, "https://gr\xc3\xa4ph.microsoft.com/v1.0/x"},
		{false, "https://[::1]/v1.0/x"},
		{false, "https://2130706433/v1.0/x"},
		{false, ""},
		{false, "https://user:pw@graph.microsoft.com/v1.0/x"},
		{false, "https://user@graph.microsoft.com/v1.0/x"},
		{false, "https://graph.microsoft.com/v2.0/x"},
		{false, "https://graph.microsoft.com/v1.0"},
		{false, "https://graph.microsoft.com/v1.0evil/x"},
		{false, "https://graph.microsoft.com"},
		{false, "https://graph.microsoft.com /v1.0/x"},
		{false, "https://graph.microsoft.com/v1.0/x\ty"},
		{false, "https:///v1.0/x"},
		{false, "https://graph.microsoft.com:99999/v1.0/x"},
		{false, "https://graph.microsoft.com:/evil.example/v1.0/x"},
	};
	struct gb_origin *origin = origin_of(NULL, "https://graph.microsoft.com");

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(vectors); i++) {
		if (gb_origin_allows(origin, vectors[i].link) != vectors[i].is_allowed) {
			fail_msg("wrong verdict on %s", vectors[i].link);
		}
	}
	talloc_free(origin);
}

static void a_link_that_is_too_long_is_refused(void **state)
{
	static const char prefix[] = "https://graph.microsoft.com/v1.0/x?";
	struct gb_origin *origin = origin_of(NULL, "https://graph.microsoft.com");
	char link[GB_ORIGIN_MAX_LINK_BYTES + 2];

	(void)state;
	memset(link, 'a', sizeof(link));
	memcpy(link, prefix, strlen(prefix));
	link[GB_ORIGIN_MAX_LINK_BYTES + 1] = '\0';
	assert_false(gb_origin_allows(origin, link));
	link[GB_ORIGIN_MAX_LINK_BYTES] = '\0';
	assert_true(gb_origin_allows(origin, link));
	talloc_free(origin);
}

static void a_port_and_an_address_are_part_of_the_origin(void **state)
{
	struct gb_origin *origin = origin_of(NULL, "https://127.0.0.1:8443/");

	(void)state;
	assert_string_equal(gb_origin_url(origin), "https://127.0.0.1:8443");
	assert_true(gb_origin_allows(origin, "https://127.0.0.1:8443/v1.0/x"));
	assert_false(gb_origin_allows(origin, "https://127.0.0.1/v1.0/x"));
	assert_false(gb_origin_allows(origin, "https://127.0.0.1:443/v1.0/x"));
	assert_false(gb_origin_allows(origin, "https://localhost:8443/v1.0/x"));
	talloc_free(origin);
	origin = origin_of(NULL, "https://[::1]:8443");
	assert_true(gb_origin_allows(origin, "https://[::1]:8443/beta/x"));
	talloc_free(origin);
}

static void a_base_url_is_host_and_port_alone(void **state)
{
	static const char *const bad[] = {"http://graph.microsoft.com",
					  "graph.microsoft.com",
					  "https://graph.microsoft.com/v1.0",
					  "https://u@graph.microsoft.com",
					  "https://graph.microsoft.com/?x",
					  "https://graph.microsoft.com?",
					  "https://graph.microsoft.com#",
					  "",
					  "https://",
					  "https://a b",
					  "https://gr\xc3\xa4ph.microsoft.com"};
	struct gb_origin *origin = NULL;
	struct gb_err err;

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(bad); i++) {
		if (gb_origin_new(NULL, "graph url", bad[i], &origin, &err) != GB_E_CONFIG) {
			fail_msg("%s was taken", bad[i]);
		}
	}
	assert_int_equal(gb_origin_new(NULL, "graph url", NULL, &origin, &err), GB_E_CONFIG);
	assert_string_equal(err.id, "cloud-bad-url");
	origin = origin_of(NULL, "https://GRAPH.Microsoft.com:443");
	assert_string_equal(gb_origin_url(origin), "https://graph.microsoft.com");
	talloc_free(origin);
}

static void the_refusal_names_the_host_and_hides_the_token_in_the_query(void **state)
{
	struct gb_origin *origin = origin_of(NULL, "https://graph.microsoft.com");
	struct gb_err err;

	(void)state;
	assert_int_equal(gb_origin_check(origin, "https://evil.example/v1.0/x?$skiptoken=PAGE",
					 "the list of groups", &err),
			 GB_E_PROTOCOL);
	assert_string_equal(err.id, "cloud-foreign-link");
	assert_non_null(strstr(err.what, "evil.example"));
	assert_non_null(strstr(err.what, "the list of groups"));
	assert_null(strstr(err.what, "PAGE"));
	assert_int_equal(gb_origin_check(origin, "not a link", "the list of groups", &err),
			 GB_E_PROTOCOL);
	assert_int_equal(gb_origin_check(origin, "https://graph.microsoft.com/v1.0/x", "x", &err),
			 GB_OK);
	talloc_free(origin);
}

static void the_path_of_a_link_is_without_its_query(void **state)
{
	struct gb_origin *origin = origin_of(NULL, "https://graph.microsoft.com");
	char *path = gb_origin_path(origin, origin,
				    "https://graph.microsoft.com/v1.0/groups/delta?$deltatoken=X");

	(void)state;
	assert_string_equal(path, "/v1.0/groups/delta");
	assert_null(gb_origin_path(origin, origin, "https://evil.example/v1.0/groups/delta"));
	talloc_free(origin);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_links_of_the_configured_origin_pass),
		cmocka_unit_test(a_link_that_is_too_long_is_refused),
		cmocka_unit_test(a_port_and_an_address_are_part_of_the_origin),
		cmocka_unit_test(a_base_url_is_host_and_port_alone),
		cmocka_unit_test(the_refusal_names_the_host_and_hides_the_token_in_the_query),
		cmocka_unit_test(the_path_of_a_link_is_without_its_query),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
