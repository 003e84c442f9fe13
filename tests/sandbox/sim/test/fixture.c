/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For the simulator's unit tests. */
#include "config.h"

#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "sim/control/changes.h"
#include "sim/dispatch.h"
#include "sim/identity/jwt.h"

#define ALL_ROLES                                                                                \
	"Group.Read.All User.Read.All Member.Read.Hidden Organization.Read.All Device.Read.All " \
	"OrgContact.Read.All Application.Read.All"

static char *double_quotes(const void *ctx, const char *text)
{
	char *copy = sim_strdup(ctx, text);

	for (char *p = copy; *p; p++) {
		*p = *p == '\'' ? '"' : *p;
	}
	return copy;
}

void fixture_sign_in(struct fixture *fixture, const char *roles)
{
	struct sim_app *app = fixture->world->tenant->apps->items[0];
	struct sim_grant grant = {.app = app,
				  .audience = "https://graph.microsoft.com",
				  .origin = "https://sim",
				  .lifetime_s = 3600};
	char *list = sim_strdup(fixture, roles);
	char *rest = list;
	char *role = NULL;

	app->role_count = 0;
	while ((role = strsep(&rest, " ")) != NULL) {
		if (role[0]) {
			assert_true(sim_app_grant(app, role, 0));
		}
	}
	fixture->token = sim_access_token_new(fixture, fixture->world, &grant);
}

struct fixture *fixture_new(uint64_t seed, const char *objects)
{
	static struct sim_key *key;
	struct fixture *fixture = sim_new(NULL, struct fixture);
	struct sim_err err;
	char *text = sim_printf(
		fixture,
		"{\"tenantId\":\"" FIXTURE_TENANT "\",\"domains\":[\"contoso.test\"],"
		"\"apps\":[{\"appId\":\"" FIXTURE_APP "\",\"secrets\":[\"s%%+&=\xC3\xBC\\\" x\"]}]"
		"%s%s}",
		objects[0] ? "," : "", double_quotes(fixture, objects));

	/* One key for all worlds: making it takes longer than most tests. */
	key = key ? key : sim_key_generate(NULL);
	fixture->world = sim_world_new(fixture, seed);
	fixture->world->signing_key = key;
	if (!sim_tenant_parse(fixture->world, text, strlen(text), ".", &fixture->world->clock,
			      &fixture->world->tenant, &err)) {
		fail_msg("%s", err.text);
	}
	fixture->world->loaded_seq = fixture->world->tenant->store->seq;
	fixture_sign_in(fixture, ALL_ROLES);
	return fixture;
}

static void add_header(struct sim_request *request, const char *name, const char *value)
{
	if (value) {
		assert_true(sim_pairs_add(request, &request->headers, name, value, 10));
	}
}

struct sim_response *fixture_call(const void *ctx, struct fixture *fixture, const char *method,
				  const char *url, const char *body)
{
	struct sim_response *response = sim_response_new(ctx);
	const char *path = strncmp(url, "https://sim", 11) == 0 ? url + 11 : url;
	struct sim_request *request = sim_request_new(response, method, path);

	request->host = "sim";
	request->origin = "https://sim";
	add_header(request, "Authorization", sim_printf(request, "Bearer %s", fixture->token));
	add_header(request, "Prefer", fixture->prefer);
	add_header(request, "ConsistencyLevel", fixture->eventual ? "eventual" : NULL);
	if (body) {
		const char *type = fixture->content_type;

		add_header(request, "Content-Type", type ? type : "application/json");
		request->body = body;
		request->body_length = strlen(body);
	}
	sim_dispatch(fixture->world, request, response);
	return response;
}

static const cJSON *parse(const void *ctx, const struct sim_response *response)
{
	const cJSON *json = NULL;
	struct sim_err err;

	if (!sim_json_parse(ctx, response->body->data, response->body->length, &json, &err)) {
		fail_msg("%s: %s", err.text, response->body->data);
	}
	return json;
}

const cJSON *fixture_get(const void *ctx, struct fixture *fixture, const char *url)
{
	struct sim_response *response = fixture_call(ctx, fixture, "GET", url, NULL);

	if (response->status != 200) {
		fail_msg("%s: %u %s", url, response->status, response->body->data);
	}
	return parse(response, response);
}

const char *fixture_error(const void *ctx, struct fixture *fixture, const char *url,
			  unsigned status)
{
	struct sim_response *response = fixture_call(ctx, fixture, "GET", url, NULL);

	if (response->status != status) {
		fail_msg("%s: %u %s", url, response->status, response->body->data);
	}
	return sim_json_get_string(
		cJSON_GetObjectItemCaseSensitive(parse(response, response), "error"), "code", "");
}

void fixture_change(struct fixture *fixture, const char *changes)
{
	void *tmp = talloc_new(fixture);
	char *text = sim_printf(tmp, "[%s]", double_quotes(tmp, changes));
	const cJSON *list = NULL;
	struct sim_err err;

	if (!sim_json_parse(tmp, text, strlen(text), &list, &err) ||
	    !sim_changes_apply(fixture->world, list, &err)) {
		fail_msg("%s: %s", err.text, text);
	}
	talloc_free(tmp);
}

void fixture_id(char ret_id[37], unsigned kind, unsigned number)
{
	snprintf(ret_id, 37, "%08x-0000-4000-8000-%012x", kind, number);
}
