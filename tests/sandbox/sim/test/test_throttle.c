/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Throttling: what a call costs, when it is refused, and what the refusal says. */
#include "config.h"

#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/generate/generate.h"
#include "sim/graph/throttle.h"

#define G1 "00000002-0000-4000-8000-000000000001"

static const char small[] =
	"'users':[{'id':'00000001-0000-4000-8000-000000000001'}],"
	"'groups':[{'id':'" G1 "','members':['00000001-0000-4000-8000-000000000001']}]";

/* A tenant that may use @units in an hour, and a clock that only the test moves. */
static struct fixture *throttled(int64_t units)
{
	struct fixture *fixture = fixture_new(1, small);

	sim_clock_stop(&fixture->world->clock);
	fixture->world->switches.throttle = true;
	fixture->world->switches.throttle_units = units;
	fixture->world->switches.throttle_window_s = 3600;
	return fixture;
}

static unsigned status_of(struct fixture *fixture, const char *method, const char *url,
			  const char *body)
{
	struct sim_response *response = fixture_call(NULL, fixture, method, url, body);
	unsigned status = response->status;

	talloc_free(response);
	return status;
}

/* How many units a call takes from a bucket of 100. */
static int cost_of(const char *url, bool eventual)
{
	struct fixture *fixture = throttled(100);
	int calls = 0;

	fixture->eventual = eventual;
	while (status_of(fixture, "GET", url, NULL) != 429) {
		calls++;
		assert_true(calls <= 100);
	}
	talloc_free(fixture);
	/* The last one may overdraw. */
	return (100 + calls - 1) / calls;
}

static void every_kind_of_request_has_its_price(void **state)
{
	(void)state;
	assert_int_equal(1, cost_of("/v1.0/groups", false));
	assert_int_equal(1, cost_of("/v1.0/groups/" G1, false));
	assert_int_equal(1, cost_of("/v1.0/groups/delta", false));
	assert_int_equal(2, cost_of("/v1.0/users", false));
	assert_int_equal(1, cost_of("/v1.0/users?$select=id", false));
	assert_int_equal(1, cost_of("/v1.0/users?$top=5", false));
	assert_int_equal(3, cost_of("/v1.0/groups/" G1 "/members", false));
	assert_int_equal(2, cost_of("/v1.0/groups/" G1 "/members?$select=id", false));
	assert_int_equal(1, cost_of("/v1.0/groups/" G1 "/members?$select=id&$top=19", false));
	assert_int_equal(2, cost_of("/v1.0/groups/" G1 "/members?$select=id&$top=20", false));
}

static void refused_calls_cost_nothing(void **state)
{
	struct fixture *fixture = throttled(3);

	(void)state;
	for (int i = 0; i < 20; i++) {
		assert_int_equal(404, status_of(fixture, "GET",
						"/v1.0/groups/00000002-0000-4000-8000-0000000000ff",
						NULL));
		assert_int_equal(400, status_of(fixture, "GET", "/v1.0/groups?$top=0", NULL));
	}
	assert_int_equal(200, status_of(fixture, "GET", "/v1.0/groups", NULL));
	talloc_free(fixture);
}

static void nothing_is_throttled_unless_asked(void **state)
{
	struct fixture *fixture = throttled(1);

	(void)state;
	fixture->world->switches.throttle = false;
	for (int i = 0; i < 50; i++) {
		assert_int_equal(200, status_of(fixture, "GET", "/v1.0/groups", NULL));
	}
	talloc_free(fixture);
}

static void the_bucket_fills_as_time_passes(void **state)
{
	struct fixture *fixture = throttled(3600);
	struct sim_response *response = NULL;
	long wait = 0;

	(void)state;
	/* One unit a second; a burst of ten. */
	fixture->world->switches.throttle_burst = 10;
	for (int i = 0; i < 10; i++) {
		assert_int_equal(200, status_of(fixture, "GET", "/v1.0/groups", NULL));
	}
	response = fixture_call(fixture, fixture, "GET", "/v1.0/groups", NULL);
	assert_int_equal(429, response->status);
	wait = strtol(sim_pairs_get(&response->headers, "Retry-After"), NULL, 10);
	assert_int_equal(1, wait);
	/* The refused call was counted as well. */
	fixture->world->clock.offset_s += wait;
	assert_int_equal(429, status_of(fixture, "GET", "/v1.0/groups", NULL));
	fixture->world->clock.offset_s += 2;
	assert_int_equal(200, status_of(fixture, "GET", "/v1.0/groups", NULL));
	fixture->world->clock.offset_s += 100;
	for (int i = 0; i < 10; i++) {
		assert_int_equal(200, status_of(fixture, "GET", "/v1.0/groups", NULL));
	}
	assert_int_equal(429, status_of(fixture, "GET", "/v1.0/groups", NULL));
	sim_throttle_reset(fixture->world->throttle);
	assert_int_equal(200, status_of(fixture, "GET", "/v1.0/groups", NULL));
	talloc_free(fixture);
}

static void a_refusal_says_what_graph_says(void **state)
{
	struct fixture *fixture = throttled(1);
	const struct sim_response *response = NULL;
	const cJSON *root = NULL;
	const cJSON *error = NULL;
	const cJSON *inner = NULL;
	struct sim_err err;

	(void)state;
	assert_int_equal(200, status_of(fixture, "GET", "/v1.0/groups", NULL));
	response = fixture_call(fixture, fixture, "GET", "/v1.0/groups", NULL);
	assert_true(
		sim_json_parse(fixture, response->body->data, response->body->length, &root, &err));
	error = cJSON_GetObjectItemCaseSensitive(root, "error");
	inner = cJSON_GetObjectItemCaseSensitive(error, "innerError");
	assert_string_equal("TooManyRequests", sim_json_get_string(error, "code", ""));
	assert_string_equal("429", sim_json_get_string(inner, "code", ""));
	assert_string_equal("429", sim_json_get_string(inner, "status", ""));
	assert_non_null(sim_json_get_string(inner, "request-id", NULL));
	assert_string_equal("ResourceUnitLimitExceeded",
			    sim_pairs_get(&response->headers, "x-ms-throttle-information"));
	assert_string_equal("Tenant_Application/ReadWrite/" FIXTURE_APP "/" FIXTURE_TENANT,
			    sim_pairs_get(&response->headers, "x-ms-throttle-scope"));
	assert_null(sim_pairs_get(&response->headers, "x-ms-resource-unit"));
	talloc_free(fixture);
}

static void the_time_to_wait_can_be_a_date(void **state)
{
	struct fixture *fixture = throttled(1);
	const struct sim_response *response = NULL;
	const char *date = NULL;

	(void)state;
	fixture->world->switches.retry_after_date = true;
	assert_int_equal(200, status_of(fixture, "GET", "/v1.0/groups", NULL));
	response = fixture_call(fixture, fixture, "GET", "/v1.0/groups", NULL);
	date = sim_pairs_get(&response->headers, "Retry-After");
	/* Sun, 06 Nov 1994 08:49:37 GMT */
	assert_int_equal(29, strlen(date));
	assert_string_equal(" GMT", date + 25);
	assert_int_equal(',', date[3]);
	talloc_free(fixture);
}

static void items_of_a_batch_are_refused_one_by_one(void **state)
{
	struct fixture *fixture = throttled(3);
	struct sim_response *response = NULL;
	struct sim_buf *body = sim_buf_new(fixture);
	const cJSON *root = NULL;
	const cJSON *item = NULL;
	int refused = 0;
	struct sim_err err;

	(void)state;
	for (int i = 0; i < 5; i++) {
		sim_buf_printf(body, "%s{\"id\":\"%d\",\"method\":\"GET\",\"url\":\"/groups\"}",
			       i ? "," : "{\"requests\":[", i);
	}
	sim_buf_text(body, "]}");
	response = fixture_call(fixture, fixture, "POST", "/v1.0/$batch", body->data);
	assert_int_equal(200, response->status);
	assert_true(
		sim_json_parse(fixture, response->body->data, response->body->length, &root, &err));
	cJSON_ArrayForEach(item, sim_json_get_array(root, "responses"))
	{
		const cJSON *headers = cJSON_GetObjectItemCaseSensitive(item, "headers");

		if (sim_json_get_int(item, "status", 0) == 429) {
			refused++;
			assert_non_null(sim_json_get_string(headers, "Retry-After", NULL));
		}
	}
	assert_int_equal(2, refused);
	/* The batch itself is let in even now. */
	assert_int_equal(200, status_of(fixture, "POST", "/v1.0/$batch", body->data));
	talloc_free(fixture);
}

/* Calls until the first refusal in a tenant of @people users. */
static int budget_of(unsigned people)
{
	struct fixture *fixture = fixture_new(1, "'groups':[{'id':'" G1 "'}]");
	struct sim_spec spec;
	struct sim_err err;
	int calls = 0;
	char text[64];

	snprintf(text, sizeof(text), "people=%u,groups=0,links=0", people);
	assert_true(sim_spec_parse(text, &spec, &err));
	assert_true(sim_generate(fixture->world->tenant->store, &spec, &err));
	fixture->world->switches.throttle = true;
	sim_clock_stop(&fixture->world->clock);
	while (status_of(fixture, "GET", "/v1.0/groups/" G1 "?$select=id", NULL) == 200) {
		calls++;
	}
	talloc_free(fixture);
	return calls;
}

static void the_size_of_the_tenant_decides_the_budget(void **state)
{
	(void)state;
	assert_int_equal(SIM_UNITS_SMALL, budget_of(49));
	assert_int_equal(SIM_UNITS_MEDIUM, budget_of(500));
	assert_int_equal(SIM_UNITS_LARGE, budget_of(501));
}

/* From eight tenths of the budget on. */
static void the_share_that_is_used_is_told_when_asked(void **state)
{
	struct fixture *fixture = throttled(10);
	const struct sim_response *response;
	int told_at = 0;

	(void)state;
	fixture->world->switches.limit_percentage = true;
	for (int i = 1; i <= 100 && told_at == 0; i++) {
		response = fixture_call(fixture, fixture, "GET", "/v1.0/groups", NULL);
		if (sim_pairs_get(&response->headers, "x-ms-throttle-limit-percentage")) {
			told_at = i;
		}
	}
	assert_int_equal(8, told_at);
	talloc_free(fixture);
}

static void writes_have_a_limit_of_their_own(void **state)
{
	static const char url[] = "/v1.0/groups/" G1;
	static const char body[] = "{\"description\":\"x\"}";
	struct fixture *fixture = throttled(1000);
	const struct sim_response *response = NULL;

	(void)state;
	fixture->world->switches.throttle_writes = 3;
	fixture_sign_in(fixture, "Group.ReadWrite.All");
	for (int i = 0; i < 3; i++) {
		assert_int_equal(204, status_of(fixture, "PATCH", url, body));
	}
	response = fixture_call(fixture, fixture, "PATCH", url, body);
	assert_int_equal(429, response->status);
	assert_string_equal("WriteLimitExceeded",
			    sim_pairs_get(&response->headers, "x-ms-throttle-information"));
	assert_string_equal("Tenant_Application/Write/" FIXTURE_APP "/" FIXTURE_TENANT,
			    sim_pairs_get(&response->headers, "x-ms-throttle-scope"));
	/* Three in 150 seconds are one in fifty. Reading goes on meanwhile. */
	assert_string_equal("50", sim_pairs_get(&response->headers, "Retry-After"));
	assert_int_equal(200, status_of(fixture, "GET", url, NULL));
	fixture->world->clock.offset_s += 48;
	assert_int_equal(429, status_of(fixture, "PATCH", url, body));
	fixture->world->clock.offset_s += 3;
	assert_int_equal(204, status_of(fixture, "PATCH", url, body));
	talloc_free(fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_request_has_its_price),
		cmocka_unit_test(refused_calls_cost_nothing),
		cmocka_unit_test(nothing_is_throttled_unless_asked),
		cmocka_unit_test(the_bucket_fills_as_time_passes),
		cmocka_unit_test(a_refusal_says_what_graph_says),
		cmocka_unit_test(the_time_to_wait_can_be_a_date),
		cmocka_unit_test(items_of_a_batch_are_refused_one_by_one),
		cmocka_unit_test(the_size_of_the_tenant_decides_the_budget),
		cmocka_unit_test(the_share_that_is_used_is_told_when_asked),
		cmocka_unit_test(writes_have_a_limit_of_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
