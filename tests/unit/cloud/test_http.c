/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/cloud/http, against a real server over real TLS. */
#include "config.h"

#include "engine/cloud/http.h"
#include "tests/unit/cloud/lab.h"
#include "tests/unit/unit.h"

static struct gb_http *pool(struct lab *lab, const char *proxy)
{
	struct gb_http_options options = {
		.ca_file = shared_pki->ca_file, .proxy = proxy, .max_connections = 8, .low_speed_s = 1};
	struct gb_http *http = NULL;
	struct gb_err err;

	assert_int_equal(gb_http_new(lab, lab->ev, &options, &http, &err), GB_OK);
	return http;
}

static struct gb_http_call get(const char *url)
{
	return (struct gb_http_call){.url = url, .max_body_bytes = 1000000};
}

static void fetch(struct lab *lab, struct gb_http *http, const struct gb_http_call *call,
		  struct lab_result *result)
{
	*result = (struct lab_result){0};
	gb_http_send(http, http, call, lab_on_answer, result);
	assert_false(result->is_done);
	lab_wait(lab, &result->is_done);
	assert_int_equal(result->calls, 1);
}

static void echo(void *user, const struct server_request *request, struct server_reply *reply)
{
	(void)user;
	server_printf(reply, "%s %s [%s] [%s]", request->method, request->uri,
		      request->authorization != NULL ? request->authorization : "-", request->body);
	reply->headers[0].name = "Retry-After";
	reply->headers[0].value = "17";
}

static void a_url_travels_as_it_is(void **state)
{
	struct lab *lab = lab_new(NULL, shared_pki, echo, NULL);
	struct lab_result result;
	char *url = gb_printf(lab, "%s/v1.0/x?$skiptoken=X%%27A'b(c)%%2e&$top=9", lab->url);
	struct gb_http_call call = get(url);

	(void)state;
	fetch(lab, pool(lab, NULL), &call, &result);
	assert_int_equal(result.rc, GB_OK);
	assert_int_equal(result.status, 200);
	assert_string_equal(result.body, "GET /v1.0/x?$skiptoken=X%27A'b(c)%2e&$top=9 [-] []");
	assert_string_equal(result.retry_after, "17");
	talloc_free(lab);
}

static void token_and_form_arrive(void **state)
{
	struct lab *lab = lab_new(NULL, shared_pki, echo, NULL);
	struct lab_result result;
	struct gb_http_call call = get(gb_printf(lab, "%s/t", lab->url));

	(void)state;
	call.bearer = gb_secret_new(lab, "tok.en", 6);
	call.body = "a=b&c=d";
	call.body_length = 7;
	call.is_answer_secret = true;
	fetch(lab, pool(lab, NULL), &call, &result);
	assert_string_equal(result.body, "POST /t [Bearer tok.en] [a=b&c=d]");
	talloc_free(lab);
}

static void many_requests_share_few_connections(void **state)
{
	enum {
		MANY = 100
	};
	struct lab *lab = lab_new(NULL, shared_pki, echo, NULL);
	struct gb_http *http = pool(lab, NULL);
	struct lab_result *results = gb_new_array(lab, struct lab_result, MANY);
	struct gb_http_call call = get(gb_printf(lab, "%s/x", lab->url));

	(void)state;
	for (int i = 0; i < MANY; i++) {
		gb_http_send(http, http, &call, lab_on_answer, &results[i]);
	}
	for (int i = 0; i < MANY; i++) {
		lab_wait(lab, &results[i].is_done);
		assert_int_equal(results[i].rc, GB_OK);
	}
	assert_int_equal(gb_http_sent(http), MANY);
	assert_in_range(server_connections(lab->server), 1, 8);
	talloc_free(lab);
}

struct identity_case {
	const struct certificate *certificate;
	const char *id;
	const char *says;
};

static void each_bad_certificate_has_its_own_error(void **state)
{
	const struct identity_case cases[] = {
		{&shared_pki->foreign, "tls-unknown-ca", "foreign authority"},
		{&shared_pki->wrong_host, "tls-wrong-host", "other.example"},
		{&shared_pki->expired, "tls-expired", "test authority"},
		{&shared_pki->future, "tls-not-yet-valid", "test authority"},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(cases); i++) {
		struct lab *lab = lab_new(NULL, shared_pki, echo, NULL);
		struct server *bad = server_start(lab, cases[i].certificate, NULL, echo, NULL);
		struct gb_http_call call =
			get(gb_printf(lab, "https://localhost:%u/x", server_port(bad)));
		struct lab_result result;

		call.bearer = gb_secret_new(lab, "token", 5);
		fetch(lab, pool(lab, NULL), &call, &result);
		assert_int_equal(result.rc, GB_E_PROTOCOL);
		assert_string_equal(result.err.id, cases[i].id);
		assert_non_null(strstr(result.err.what, cases[i].says));
		assert_non_null(strstr(result.err.what, "localhost"));
		assert_string_not_equal(result.err.remedy, "");
		assert_int_equal(server_requests(bad), 0);
		talloc_free(lab);
	}
}

static void an_address_is_no_name_of_the_certificate(void **state)
{
	struct lab *lab = lab_new(NULL, shared_pki, echo, NULL);
	struct lab_result result;
	struct gb_http_call call =
		get(gb_printf(lab, "https://127.0.0.1:%u/x", server_port(lab->server)));

	(void)state;
	fetch(lab, pool(lab, NULL), &call, &result);
	assert_string_equal(result.err.id, "tls-wrong-host");
	talloc_free(lab);
}

static void the_configured_authorities_replace_those_of_the_system(void **state)
{
	struct lab *lab = lab_new(NULL, shared_pki, echo, NULL);
	struct gb_http_options options = {.max_connections = 1};
	struct gb_http *http = NULL;
	struct lab_result result;
	struct gb_http_call call = get(gb_printf(lab, "%s/x", lab->url));
	struct gb_err err;

	(void)state;
	assert_int_equal(gb_http_new(lab, lab->ev, &options, &http, &err), GB_OK);
	fetch(lab, http, &call, &result);
	assert_string_equal(result.err.id, "tls-unknown-ca");
	talloc_free(lab);
}

static void a_file_of_authorities_has_to_be_readable_and_ours(void **state)
{
	struct lab *lab = lab_new(NULL, shared_pki, echo, NULL);
	struct gb_http_options options = {.ca_file = "/nonexistent/ca.pem", .max_connections = 1};
	struct gb_http *http = NULL;
	struct lab_result result;
	struct gb_http_call call = get(gb_printf(lab, "%s/x", lab->url));
	char *path = gb_printf(lab, "%s/other.pem", shared_pki->folder);
	struct gb_err err;

	(void)state;
	assert_int_equal(gb_http_new(lab, lab->ev, &options, &http, &err), GB_E_CONFIG);
	assert_non_null(strstr(err.what, "/nonexistent/ca.pem"));
	options.ca_file = path;
	unit_write(path, shared_pki->ca.pem, strlen(shared_pki->ca.pem), 0666);
	assert_int_equal(gb_http_new(lab, lab->ev, &options, &http, &err), GB_E_CONFIG);
	unit_write(path, "no certificate", 14, 0600);
	assert_int_equal(gb_http_new(lab, lab->ev, &options, &http, &err), GB_OK);
	fetch(lab, http, &call, &result);
	assert_int_equal(result.rc, GB_E_CONFIG);
	assert_string_equal(result.err.id, "tls-ca-file");
	assert_non_null(strstr(result.err.what, path));
	talloc_free(lab);
}

static void plain_http_and_other_schemes_are_refused(void **state)
{
	static const char *const urls[] = {"http://localhost:%u/x", "file:///etc/passwd?%u",
					   "ldaps://localhost:%u/", "https://u:p@localhost:%u/x"};
	struct lab *lab = lab_new(NULL, shared_pki, echo, NULL);
	struct server *plain = server_start(lab, NULL, NULL, echo, NULL);

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(urls); i++) {
		char url[100];
		struct gb_http_call call = get(url);
		struct lab_result result;

		snprintf(url, sizeof(url), "%.*s%u%s", (int)(strchr(urls[i], '%') - urls[i]),
			 urls[i], server_port(plain), strchr(urls[i], '%') + 2);
		fetch(lab, pool(lab, NULL), &call, &result);
		assert_int_not_equal(result.rc, GB_OK);
	}
	assert_int_equal(server_connections(plain), 0);
	talloc_free(lab);
}

struct redirect {
	int status;
	unsigned port;
};

static void redirect(void *user, const struct server_request *request, struct server_reply *reply)
{
	static char location[100];
	struct redirect *to = user;

	(void)request;
	snprintf(location, sizeof(location), "https://localhost:%u/v1.0/x", to->port);
	reply->status = to->status;
	reply->headers[0].name = "Location";
	reply->headers[0].value = location;
}

static void redirects_are_not_followed(void **state)
{
	static const int statuses[] = {301, 302, 303, 307, 308};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(statuses); i++) {
		struct redirect to = {.status = statuses[i]};
		struct lab *lab = lab_new(NULL, shared_pki, redirect, &to);
		struct server *trap = server_start(lab, &shared_pki->good, NULL, echo, NULL);
		struct gb_http_call call = get(gb_printf(lab, "%s/x", lab->url));
		struct lab_result result;

		to.port = server_port(trap);
		call.bearer = gb_secret_new(lab, "token", 5);
		fetch(lab, pool(lab, NULL), &call, &result);
		assert_int_equal(result.rc, GB_OK);
		assert_int_equal(result.status, statuses[i]);
		assert_int_equal(server_connections(trap), 0);
		talloc_free(lab);
	}
}

static void proxies_of_the_environment_are_ignored(void **state)
{
	static const char *const names[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
					    "http_proxy"};
	struct lab *lab = lab_new(NULL, shared_pki, echo, NULL);
	struct server *trap = server_start(lab, NULL, NULL, echo, NULL);
	char *proxy = gb_printf(lab, "http://localhost:%u", server_port(trap));
	struct gb_http_call call = get(gb_printf(lab, "%s/x", lab->url));
	struct lab_result result;

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(names); i++) {
		setenv(names[i], proxy, 1);
	}
	fetch(lab, pool(lab, NULL), &call, &result);
	for (size_t i = 0; i < GB_ARRAY_SIZE(names); i++) {
		unsetenv(names[i]);
	}
	assert_int_equal(result.rc, GB_OK);
	assert_int_equal(server_connections(trap), 0);
	talloc_free(lab);
}

static void wants_login(void *user, const struct server_request *request,
			struct server_reply *reply)
{
	(void)user;
	(void)request;
	reply->status = 407;
}

static void the_configured_proxy_is_used_and_never_sees_the_token(void **state)
{
	struct lab *lab = lab_new(NULL, shared_pki, echo, NULL);
	struct server *proxy = server_start(lab, NULL, NULL, wants_login, NULL);
	struct gb_http *http = pool(lab, gb_printf(lab, "http://localhost:%u", server_port(proxy)));
	struct gb_http_call call = get(gb_printf(lab, "%s/x", lab->url));
	struct lab_result result;

	(void)state;
	setenv("no_proxy", "*", 1);
	call.bearer = gb_secret_new(lab, "token", 5);
	fetch(lab, http, &call, &result);
	unsetenv("no_proxy");
	assert_int_equal(server_requests(proxy), 1);
	assert_false(server_saw_authorization(proxy));
	assert_int_equal(server_connections(lab->server), 0);
	assert_int_equal(result.rc, GB_E_ACCESS);
	assert_string_equal(result.err.id, "http-proxy-login");
	talloc_free(lab);
}

static void what_is_no_http_proxy_is_refused(void **state)
{
	static const char *const bad[] = {"socks5://localhost:1", "localhost:3128", "ftp://x"};
	struct lab *lab = lab_new(NULL, shared_pki, echo, NULL);

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(bad); i++) {
		struct gb_http_options options = {.proxy = bad[i], .max_connections = 1};
		struct gb_http *http = NULL;
		struct gb_err err;

		assert_int_equal(gb_http_new(lab, lab->ev, &options, &http, &err), GB_E_CONFIG);
		assert_string_equal(err.id, "cloud-bad-proxy");
	}
	talloc_free(lab);
}

static void faulty(void *user, const struct server_request *request, struct server_reply *reply)
{
	(void)request;
	reply->fault = *(enum server_fault *)user;
	reply->body = "{\"value\":[{\"id\":\"1\"},{\"id\":\"2\"}]}";
}

static void a_cut_body_is_no_answer(void **state)
{
	enum server_fault fault = SERVER_CUT;
	struct lab *lab = lab_new(NULL, shared_pki, faulty, &fault);
	struct gb_http_call call = get(gb_printf(lab, "%s/x", lab->url));
	struct lab_result result;

	(void)state;
	fetch(lab, pool(lab, NULL), &call, &result);
	assert_int_equal(result.rc, GB_E_UNAVAILABLE);
	assert_string_equal(result.err.id, "http-cut");
	talloc_free(lab);
}

static void a_dripping_body_is_given_up(void **state)
{
	enum server_fault fault = SERVER_DRIP;
	struct lab *lab = lab_new(NULL, shared_pki, faulty, &fault);
	struct gb_http_call call = get(gb_printf(lab, "%s/x", lab->url));
	struct lab_result result;

	(void)state;
	fetch(lab, pool(lab, NULL), &call, &result);
	assert_int_equal(result.rc, GB_E_UNAVAILABLE);
	assert_string_equal(result.err.id, "http-timeout");
	talloc_free(lab);
}

static void the_total_time_of_a_request_is_bounded(void **state)
{
	enum server_fault fault = SERVER_SILENT;
	struct lab *lab = lab_new(NULL, shared_pki, faulty, &fault);
	struct gb_http_call call = get(gb_printf(lab, "%s/x", lab->url));
	struct lab_result result;

	(void)state;
	call.timeout_ms = 300;
	fetch(lab, pool(lab, NULL), &call, &result);
	assert_string_equal(result.err.id, "http-timeout");
	talloc_free(lab);
}

static void large(void *user, const struct server_request *request, struct server_reply *reply)
{
	size_t size = *(size_t *)user;

	(void)request;
	reply->owned = calloc(1, size + 1);
	memset(reply->owned, 'x', size);
	reply->body = reply->owned;
	reply->length = size;
}

static void the_body_is_capped(void **state)
{
	size_t size = 5000;
	struct lab *lab = lab_new(NULL, shared_pki, large, &size);
	struct gb_http *http = pool(lab, NULL);
	struct gb_http_call call = get(gb_printf(lab, "%s/x", lab->url));
	struct lab_result result;

	(void)state;
	call.max_body_bytes = 5000;
	fetch(lab, http, &call, &result);
	assert_int_equal(result.rc, GB_OK);
	assert_int_equal(result.body_length, 5000);
	size = 5001;
	fetch(lab, http, &call, &result);
	assert_int_equal(result.rc, GB_E_PROTOCOL);
	assert_string_equal(result.err.id, "http-too-large");
	talloc_free(lab);
}

/* 20 MB of zeros in 20 kB: "gzip" of the system makes it. */
static void bomb(void *user, const struct server_request *request, struct server_reply *reply)
{
	FILE *gzip = popen("head -c 20000000 /dev/zero | gzip -9", "r");
	size_t length;

	(void)user;
	(void)request;
	reply->owned = calloc(1, 100000);
	length = fread(reply->owned, 1, 100000, gzip);
	pclose(gzip);
	assert_in_range(length, 1000, 99999);
	reply->body = reply->owned;
	reply->length = length;
	reply->headers[0].name = "Content-Encoding";
	reply->headers[0].value = "gzip";
}

static void the_cap_counts_what_a_body_unpacks_to(void **state)
{
	struct lab *lab = lab_new(NULL, shared_pki, bomb, NULL);
	struct gb_http_call call = get(gb_printf(lab, "%s/x", lab->url));
	struct lab_result result;

	(void)state;
	fetch(lab, pool(lab, NULL), &call, &result);
	assert_string_equal(result.err.id, "http-too-large");
	talloc_free(lab);
}

static void not_gzip(void *user, const struct server_request *request, struct server_reply *reply)
{
	(void)user;
	(void)request;
	reply->body = "this is not compressed";
	reply->headers[0].name = "Content-Encoding";
	reply->headers[0].value = "gzip";
}

static void a_body_that_does_not_unpack_is_no_answer(void **state)
{
	struct lab *lab = lab_new(NULL, shared_pki, not_gzip, NULL);
	struct gb_http_call call = get(gb_printf(lab, "%s/x", lab->url));
	struct lab_result result;

	(void)state;
	fetch(lab, pool(lab, NULL), &call, &result);
	assert_int_equal(result.rc, GB_E_UNAVAILABLE);
	assert_string_equal(result.err.id, "http-encoding");
	talloc_free(lab);
}

static char long_value[20000];

static void long_header(void *user, const struct server_request *request,
			struct server_reply *reply)
{
	(void)user;
	(void)request;
	memset(long_value, 'h', sizeof(long_value) - 1);
	for (int i = 0; i < 4; i++) {
		reply->headers[i].name = "X-Long";
		reply->headers[i].value = long_value;
	}
}

static void the_header_is_capped(void **state)
{
	struct lab *lab = lab_new(NULL, shared_pki, long_header, NULL);
	struct gb_http_call call = get(gb_printf(lab, "%s/x", lab->url));
	struct lab_result result;

	(void)state;
	fetch(lab, pool(lab, NULL), &call, &result);
	assert_int_equal(result.rc, GB_E_PROTOCOL);
	assert_string_equal(result.err.id, "http-header-too-large");
	talloc_free(lab);
}

static void a_closed_port_and_an_unknown_name_can_be_tried_again(void **state)
{
	struct lab *lab = lab_new(NULL, shared_pki, echo, NULL);
	struct server *gone = server_start(lab, &shared_pki->good, NULL, echo, NULL);
	struct gb_http_call call = get(gb_printf(lab, "https://localhost:%u/x", server_port(gone)));
	struct gb_http *http = pool(lab, NULL);
	struct lab_result result;
	char name[65] = "";

	(void)state;
	talloc_free(gone);
	fetch(lab, http, &call, &result);
	assert_int_equal(result.rc, GB_E_UNAVAILABLE);
	assert_string_equal(result.err.id, "http-connect");
	/* A label of 64 letters: no resolver needs to ask anybody. */
	memset(name, 'a', 64);
	call.url = gb_printf(lab, "https://%s.example/x", name);
	fetch(lab, http, &call, &result);
	assert_int_equal(result.rc, GB_E_UNAVAILABLE);
	assert_string_equal(result.err.id, "http-dns");
	assert_non_null(strstr(result.err.what, name));
	talloc_free(lab);
}

static void freeing_a_request_ends_it_in_silence(void **state)
{
	enum server_fault fault = SERVER_SILENT;
	struct lab *lab = lab_new(NULL, shared_pki, faulty, &fault);
	struct gb_http *http = pool(lab, NULL);
	struct gb_http_call call = get(gb_printf(lab, "%s/x", lab->url));
	struct lab_result result = {0};
	struct gb_http_request *request = gb_http_send(http, lab, &call, lab_on_answer, &result);

	(void)state;
	lab_run(lab, 200);
	talloc_free(request);
	request = gb_http_send(http, lab, &call, lab_on_answer, &result);
	talloc_free(request);
	request = gb_http_send(http, lab, &call, lab_on_answer, &result);
	lab_run(lab, 200);
	talloc_free(http);
	lab_run(lab, 200);
	talloc_free(request);
	assert_int_equal(result.calls, 0);
	talloc_free(lab);
}

static void cancelling_calls_back_once_with_its_own_code(void **state)
{
	enum server_fault fault = SERVER_SILENT;
	struct lab *lab = lab_new(NULL, shared_pki, faulty, &fault);
	struct gb_http *http = pool(lab, NULL);
	struct gb_http_call call = get(gb_printf(lab, "%s/x", lab->url));
	struct lab_result result = {0};
	struct lab_result late = {0};

	(void)state;
	gb_http_send(http, http, &call, lab_on_answer, &result);
	lab_run(lab, 200);
	gb_http_cancel(http);
	assert_false(result.is_done);
	lab_wait(lab, &result.is_done);
	assert_int_equal(result.rc, GB_E_CANCELLED);
	gb_http_send(http, http, &call, lab_on_answer, &late);
	lab_wait(lab, &late.is_done);
	assert_int_equal(late.rc, GB_E_CANCELLED);
	assert_int_equal(result.calls, 1);
	assert_int_equal(gb_http_sent(http), 1);
	talloc_free(lab);
}

static void free_the_pool(void *user, enum gb_rc rc, const struct gb_http_answer *answer,
			  const struct gb_err *err)
{
	struct gb_http **http = user;

	assert_int_equal(rc, GB_OK);
	assert_non_null(answer);
	assert_null(err);
	TALLOC_FREE(*http);
}

static void the_callback_may_free_the_pool(void **state)
{
	struct lab *lab = lab_new(NULL, shared_pki, echo, NULL);
	struct gb_http *http = pool(lab, NULL);
	struct gb_http_call call = get(gb_printf(lab, "%s/x", lab->url));

	(void)state;
	gb_http_send(http, http, &call, free_the_pool, &http);
	while (http != NULL) {
		assert_int_equal(tevent_loop_once(lab->ev), 0);
	}
	talloc_free(lab);
}

static void json_is_told_by_its_content_type(void **state)
{
	(void)state;
	assert_true(gb_http_is_json("application/json"));
	assert_true(gb_http_is_json("Application/JSON; charset=utf-8"));
	assert_true(gb_http_is_json("application/json;odata.metadata=minimal;charset=utf-8"));
	assert_false(gb_http_is_json("application/jsonx"));
	assert_false(gb_http_is_json("text/html"));
	assert_false(gb_http_is_json(""));
	assert_false(gb_http_is_json(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_url_travels_as_it_is),
		cmocka_unit_test(token_and_form_arrive),
		cmocka_unit_test(many_requests_share_few_connections),
		cmocka_unit_test(each_bad_certificate_has_its_own_error),
		cmocka_unit_test(an_address_is_no_name_of_the_certificate),
		cmocka_unit_test(the_configured_authorities_replace_those_of_the_system),
		cmocka_unit_test(a_file_of_authorities_has_to_be_readable_and_ours),
		cmocka_unit_test(plain_http_and_other_schemes_are_refused),
		cmocka_unit_test(redirects_are_not_followed),
		cmocka_unit_test(proxies_of_the_environment_are_ignored),
		cmocka_unit_test(the_configured_proxy_is_used_and_never_sees_the_token),
		cmocka_unit_test(what_is_no_http_proxy_is_refused),
		cmocka_unit_test(a_cut_body_is_no_answer),
		cmocka_unit_test(a_dripping_body_is_given_up),
		cmocka_unit_test(the_total_time_of_a_request_is_bounded),
		cmocka_unit_test(the_body_is_capped),
		cmocka_unit_test(the_cap_counts_what_a_body_unpacks_to),
		cmocka_unit_test(a_body_that_does_not_unpack_is_no_answer),
		cmocka_unit_test(the_header_is_capped),
		cmocka_unit_test(a_closed_port_and_an_unknown_name_can_be_tried_again),
		cmocka_unit_test(freeing_a_request_ends_it_in_silence),
		cmocka_unit_test(cancelling_calls_back_once_with_its_own_code),
		cmocka_unit_test(the_callback_may_free_the_pool),
		cmocka_unit_test(json_is_told_by_its_content_type),
	};

	return cmocka_run_group_tests(tests, lab_set_up, lab_tear_down);
}
