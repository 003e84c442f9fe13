/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/cloud/token and cloud: whom the client trusts, and how often it signs in. */
#include "config.h"

#include "engine/base/clock.h"
#include "tests/unit/cloud/tenant.h"
#include "tests/unit/unit.h"

#define ONE_GROUP "{\"value\":[{\"id\":\"" TENANT_ID("01") "\",\"displayName\":\"A\"}]}"

static void one_group(void *user, const struct server_request *request, struct server_reply *reply)
{
	(void)user;
	(void)request;
	reply->body = ONE_GROUP;
}

static void one_token_serves_all_readings(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, one_group, NULL);

	(void)state;
	tenant_read_members(tenant, 40);
	tenant_list_groups(tenant);
	assert_int_equal(tenant->rc, GB_OK);
	assert_int_equal(tenant->token_requests, 1);
	assert_int_equal(gb_cloud_stats(tenant->cloud).requests, 42);
	assert_int_equal(gb_cloud_stats(tenant->cloud).token_requests, 1);
	assert_int_equal(gb_cloud_stats(tenant->cloud).retries, 0);
	talloc_free(tenant);
}

/* The first token is good for five requests. */
static void token_dies(void *user, const struct server_request *request, struct server_reply *reply)
{
	struct tenant *tenant = user;

	if (strcmp(request->authorization, "Bearer token-1") == 0 && ++tenant->step > 5) {
		tenant_reply(reply, 401, "{\"error\":{\"code\":\"InvalidAuthenticationToken\"}}");
	} else {
		reply->body = ONE_GROUP;
	}
}

static void a_401_renews_the_token_once_for_all_and_repeats(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, token_dies, NULL);

	(void)state;
	tenant_read_members(tenant, 60);
	assert_int_equal(tenant->rc, GB_OK);
	assert_int_equal(tenant->token_requests, 2);
	assert_null(strstr(tenant->log, "failed"));
	for (unsigned i = 1; i <= 60; i++) {
		char text[40];

		snprintf(text, sizeof(text), "end %02x complete;", i);
		assert_non_null(strstr(tenant->log, text));
	}
	talloc_free(tenant);
}

static void always_401(void *user, const struct server_request *request, struct server_reply *reply)
{
	(void)user;
	(void)request;
	tenant_reply(reply, 401, "{\"error\":{\"code\":\"InvalidAuthenticationToken\"}}");
}

static void a_second_401_stops(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, always_401, NULL);

	(void)state;
	tenant_list_groups(tenant);
	assert_int_equal(tenant->rc, GB_E_ACCESS);
	assert_string_equal(tenant->err.id, "graph-401");
	assert_int_equal(tenant->graph_requests, 2);
	assert_int_equal(tenant->token_requests, 2);
	talloc_free(tenant);
}

static void a_token_is_renewed_before_it_ends(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, one_group, NULL);
	int64_t now_ms = gb_clock_boot_ms();
	size_t blocks;

	(void)state;
	tenant_list_groups(tenant);
	blocks = talloc_total_blocks(tenant->cloud);
	gb_clock_set_test(-1, now_ms + 3290 * 1000);
	tenant_list_groups(tenant);
	assert_int_equal(tenant->token_requests, 1);
	gb_clock_set_test(-1, now_ms + 3310 * 1000);
	tenant_list_groups(tenant);
	lab_run(tenant->lab, 300);
	assert_int_equal(tenant->token_requests, 2);
	assert_int_equal(talloc_total_blocks(tenant->cloud), blocks);
	gb_clock_set_test(-1, now_ms + 3610 * 1000);
	tenant_list_groups(tenant);
	assert_int_equal(tenant->token_requests, 2);
	gb_clock_set_test(-1, -1);
	assert_int_equal(tenant->rc, GB_OK);
	talloc_free(tenant);
}

static void refuse_sign_in(void *user, const struct server_request *request,
			   struct server_reply *reply)
{
	(void)user;
	(void)request;
	tenant_reply(
		reply, 401,
		"{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: wrong\"}");
}

static void a_wrong_secret_is_tried_once(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, one_group, NULL);

	(void)state;
	tenant->authority = refuse_sign_in;
	tenant_list_groups(tenant);
	tenant_list_people(tenant);
	tenant_read_members(tenant, 20);
	assert_int_equal(tenant->rc, GB_E_ACCESS);
	assert_string_equal(tenant->err.id, "aadsts-7000215");
	assert_int_equal(tenant->token_requests, 1);
	assert_int_equal(tenant->graph_requests, 0);
	assert_null(strstr(tenant->log, "end"));
	talloc_free(tenant);
}

static void busy_authority(void *user, const struct server_request *request,
			   struct server_reply *reply)
{
	struct tenant *tenant = user;

	(void)request;
	if (tenant->token_requests < 3) {
		tenant_reply(reply, tenant->token_requests == 1 ? 503 : 429, "busy");
		reply->content_type = "text/plain";
	} else {
		tenant_reply(
			reply, 200,
			"{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\"t\"}");
	}
}

static void a_busy_authority_is_asked_again(void **state)
{
	struct tenant *tenant = tenant_new(shared_pki, one_group, NULL);

	(void)state;
	tenant->authority = busy_authority;
	tenant_list_groups(tenant);
	assert_int_equal(tenant->rc, GB_OK);
	assert_int_equal(tenant->token_requests, 3);
	talloc_free(tenant);
}

static char *bad_url;

static void bad_authority(struct gb_cloud_options *options)
{
	options->authority_url = bad_url;
}

static void bad_graph(struct gb_cloud_options *options)
{
	options->graph_url = bad_url;
}

static void a_server_with_a_bad_certificate_gets_nothing(void **state)
{
	const struct {
		const struct certificate *certificate;
		const char *id;
	} rows[] = {{&shared_pki->foreign, "tls-unknown-ca"},
		    {&shared_pki->wrong_host, "tls-wrong-host"},
		    {&shared_pki->expired, "tls-expired"}};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows) * 2; i++) {
		bool is_authority = i % 2 == 0;
		struct server *bad =
			server_start(NULL, rows[i / 2].certificate, NULL, one_group, NULL);
		struct tenant *tenant;

		bad_url = gb_printf(bad, "https://localhost:%u", server_port(bad));
		tenant = tenant_new(shared_pki, one_group, is_authority ? bad_authority : bad_graph);
		tenant_list_groups(tenant);
		assert_int_equal(tenant->rc, GB_E_PROTOCOL);
		assert_string_equal(tenant->err.id, rows[i / 2].id);
		assert_int_equal(server_requests(bad), 0);
		assert_int_equal(gb_cloud_stats(tenant->cloud).requests, is_authority ? 1 : 2);
		talloc_free(tenant);
		talloc_free(bad);
	}
}

struct bad_options {
	const char *id;
	void (*spoil)(struct gb_cloud_options *options);
};

static void no_tenant(struct gb_cloud_options *o)
{
	o->tenant = "";
}

static void common_tenant(struct gb_cloud_options *o)
{
	o->tenant = "common";
}

static void tenant_with_path(struct gb_cloud_options *o)
{
	o->tenant = "contoso.test/../x";
}

static void odd_client(struct gb_cloud_options *o)
{
	o->client_id = "groupback";
}

static void no_secret(struct gb_cloud_options *o)
{
	o->secret = NULL;
}

static void plain_authority(struct gb_cloud_options *o)
{
	o->authority_url = "http://localhost";
}

static void graph_with_path(struct gb_cloud_options *o)
{
	o->graph_url = "https://localhost/v1.0";
}

static void odd_proxy(struct gb_cloud_options *o)
{
	o->proxy = "socks5://localhost:1";
}

static void no_certificate(struct gb_cloud_options *o)
{
	o->credential = GB_CLOUD_CREDENTIAL_CERTIFICATE;
}

static void options_that_cannot_work_are_refused_before_anything_is_sent(void **state)
{
	static const struct bad_options rows[] = {
		{"cloud-bad-tenant", no_tenant},        {"cloud-bad-tenant", common_tenant},
		{"cloud-bad-tenant", tenant_with_path}, {"cloud-bad-client-id", odd_client},
		{"cloud-no-secret", no_secret},         {"cloud-bad-url", plain_authority},
		{"cloud-bad-url", graph_with_path},     {"cloud-bad-proxy", odd_proxy},
		{"cloud-key-format", no_certificate},
	};
	void *tmp = gb_new_tmp(NULL);
	struct tevent_context *ev = gb_mem_check(tevent_context_init(tmp));

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct gb_cloud_options options = {.authority_url = "https://localhost:1",
						   .graph_url = "https://localhost:1",
						   .tenant = TENANT_NAME,
						   .client_id = TENANT_CLIENT,
						   .secret = gb_secret_new(tmp, "s3cret", 6)};
		struct gb_cloud *cloud = NULL;
		struct gb_err err;

		rows[i].spoil(&options);
		assert_int_equal(gb_cloud_new(tmp, ev, &options, &cloud, &err), GB_E_CONFIG);
		assert_string_equal(err.id, rows[i].id);
		assert_string_not_equal(err.remedy, "");
		assert_null(strstr(err.what, "s3cret"));
	}
	talloc_free(tmp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_token_serves_all_readings),
		cmocka_unit_test(a_401_renews_the_token_once_for_all_and_repeats),
		cmocka_unit_test(a_second_401_stops),
		cmocka_unit_test(a_token_is_renewed_before_it_ends),
		cmocka_unit_test(a_wrong_secret_is_tried_once),
		cmocka_unit_test(a_busy_authority_is_asked_again),
		cmocka_unit_test(a_server_with_a_bad_certificate_gets_nothing),
		cmocka_unit_test(options_that_cannot_work_are_refused_before_anything_is_sent),
	};

	return cmocka_run_group_tests(tests, lab_set_up, lab_tear_down);
}
