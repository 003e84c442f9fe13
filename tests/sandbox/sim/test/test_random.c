/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random requests: whatever is asked, there is one answer, well-formed, and no crash. Requests are
 * grown from a grammar of paths, options, tokens, forms and control bodies, and then damaged.
 * SIM_REQUESTS: how many (2,000); best run with --enable-sanitize=address,undefined.
 */
#include "config.h"

#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/control/control.h"
#include "sim/dispatch.h"
#include "sim/http/fault.h"
#include "sim/identity/metadata.h"

#define U1 "00000001-0000-4000-8000-000000000001"
#define G1 "00000002-0000-4000-8000-000000000001"

static const char objects[] =
	"'users':[{'id':'" U1 "','displayName':'One','userPrincipalName':'one@contoso.test'}],"
	"'groups':[{'id':'" G1 "','displayName':'First','members':['" U1 "','" G1 "']}]";

static const char *const methods[] = {"GET",   "GET",    "GET",     "POST",
				      "PATCH", "DELETE", "OPTIONS", "X"};

static const char *const parts[] = {
	"v1.0",
	"beta",
	"groups",
	"users",
	"members",
	"delta",
	"$count",
	"organization",
	"$batch",
	G1,
	U1,
	"one@contoso.test",
	FIXTURE_TENANT,
	"contoso.test",
	"oauth2",
	"v2.0",
	"token",
	"discovery",
	"keys",
	".well-known",
	"openid-configuration",
	"groups('" G1 "')",
	"(",
	")",
	"delta()",
	"microsoft.graph.delta()",
	"users('')",
	"devices",
	"contacts",
	"servicePrincipals",
	"transitiveMembers",
	"memberOf",
	"transitiveMemberOf",
	"owners",
	"microsoft.graph.user",
	"graph.group",
	"microsoft.graph.directoryRole",
	"$ref",
	"directoryObjects",
	"getByIds",
	"getMemberGroups",
	"checkMemberObjects",
	"directory",
	"deletedItems",
	"restore",
	"groupSettings",
	"settings",
	"groupSettingTemplates",
	"directorySettingTemplates",
	"62375ab9-6b52-47ed-826b-58e47e0e304b",
	"onPremisesSyncBehavior",
	"%2e%2e",
	"%C3%BC",
	"%",
	"",
};

static const char *const options[] = {
	"$select=id,displayName",
	"$select=members",
	"$select=,,",
	"$select=",
	"select=*",
	"$top=5",
	"$top=0",
	"$top=99999999999999999999",
	"$top=-1",
	"$count=true",
	"$count=x",
	"$filter=id eq '" G1 "'",
	"$filter=id in ('" G1 "','" U1 "')",
	"$filter=id in (",
	"$filter='",
	"$filter=id eq '" G1 "' or",
	"$filter=or or or",
	"$filter=displayName eq 'First' and mailEnabled eq false",
	"$filter=startsWith(displayName,'F') or not endsWith(mail,'x')",
	"$filter=groupTypes/any(c:c eq 'Unified')",
	"$filter=not(groupTypes/any(c: c ne 'x' and (c eq 'y')))",
	"$filter=proxyAddresses/any(p:startsWith(p,'smtp:'))",
	"$filter=assignedLicenses/$count eq 0",
	"$filter=assignedLicenses/any(s:s/skuId eq " G1 ")",
	"$filter=renewedDateTime ge 2020-01-01 and renewedDateTime le 2030-01-01T00:00:00Z",
	"$filter=onPremisesSyncEnabled eq null",
	"$filter=onPremisesExtensionAttributes/extensionAttribute1 in ('a','b')",
	"$filter=((((displayName eq 'It''s'))))",
	"$filter=displayName in ('a',null,3,true,2020-01-01)",
	"$filter=any(x:x)",
	"$filter=contains(displayName,'x')",
	"$search=\"displayName:fir\" OR NOT (\"mail:x\" AND \"description:y z\")",
	"$search=\"",
	"$search=()",
	"$orderby=displayName desc",
	"$orderby=,",
	"$orderby=displayName%20",
	"$expand=members($select=id,displayName)",
	"$expand=memberOf",
	"$expand=transitiveMembers(",
	"$skiptoken=",
	"$skiptoken=RFNwdAo",
	"$deltatoken=latest",
	"$deltatoken=",
	"$deltatoken=x",
	"$deltaToken=RFNwdAoAGkw",
	"$expand=members",
	"$orderby=displayName",
	"$search=\"x\"",
	"$skip=3",
	"$apply=x",
	"$nonsense",
	"plain=1",
	"$format=json",
	"&&&",
	"=",
	"==",
	"%zz=1",
};

/* Of the metadata service. */
static const char *const metadata_paths[] = {
	"/metadata/identity/oauth2/token", "/metadata/identity/oauth2/token/",
	"/METADATA/identity/oauth2/token", "/metadata/identity/oauth2/token/token",
	"/metadata/instance",		   "/metadata",
	"/v1.0/groups",			   "/",
};

static const char *const metadata_options[] = {
	"api-version=2018-02-01",
	"api-version=2018-02-01",
	"api-version=2020-06-01",
	"api-version=2019-11-01",
	"api-version=",
	"api-version=x",
	"resource=https://graph.microsoft.com",
	"resource=https://graph.microsoft.com/",
	"resource=https%3A%2F%2Fgraph.sim",
	"resource=https://127.0.0.1",
	"resource=https://management.azure.com/",
	"resource=",
	"resource=%00",
	"resource=\"\\",
	"client_id=" FIXTURE_APP,
	"client_id=x",
	"object_id=" U1,
	"principal_id=" G1,
	"msi_res_id=/subscriptions/x",
	"mi_res_id=",
	"&&",
	"%zz",
};

static const char *const bodies[] = {
	"",
	"{}",
	"[]",
	"[1]",
	"nonsense",
	"{\"requests\":[]}",
	"{\"requests\":[{}]}",
	"{\"requests\":[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/groups\"}]}",
	"{\"requests\":[{\"id\":\"1\",\"method\":\"POST\",\"url\":\"/$batch\",\"body\":{}}]}",
	"{\"requests\":[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"?%\",\"dependsOn\":[\"1\",2]}]}",
	"grant_type=client_credentials&client_id=" FIXTURE_APP
	"&client_secret=x&scope=https://sim/.default",
	"grant_type=client_credentials&client_id=" FIXTURE_APP "&scope=/.default",
	"grant_type=client_credentials&client_id=" FIXTURE_APP "&scope=https://sim/"
	".default&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:"
	"jwt-bearer&client_assertion=eyJhbGciOiJSUzI1NiIsIng1dCI6IkFBIn0.e30.AAAA",
	"grant_type=&&=&%",
	"client_id=14d82eec-204b-4c2f-b7e8-296a70dab67e&scope=openid%20offline_access%20User.Read",
	"client_id=14d82eec-204b-4c2f-b7e8-296a70dab67e&scope=https://sim/.default&client_info=1",
	"client_id=14d82eec-204b-4c2f-b7e8-296a70dab67e&scope=/",
	"client_id=14d82eec-204b-4c2f-b7e8-296a70dab67e&grant_type=device_code&device_code=x",
	"client_id=14d82eec-204b-4c2f-b7e8-296a70dab67e&grant_type=refresh_token&refresh_token=x",
	"{\"displayName\":\"x\",\"keyCredentials\":[{\"key\":\"MIIB\"}]}",
	"{\"displayName\":\"x\",\"requiredResourceAccess\":[],\"tags\":null}",
	"{\"keyCredential\":{\"keyId\":\"x\"},\"proof\":\"a.b.c\"}",
	"{\"appId\":\"" FIXTURE_APP "\"}",
	"{\"principalId\":\"" FIXTURE_APP "\",\"resourceId\":\"" FIXTURE_APP
	"\",\"appRoleId\":\"" G1 "\"}",
	"{\"user\":\"" U1 "\",\"directoryRoles\":[\"Global Administrator\"]}",
	"{\"action\":\"block\",\"code\":1e300}",
	"{\"changes\":[{\"op\":\"revokeSessions\",\"id\":\"" U1 "\"}]}",
	"{\"changes\":[{\"op\":\"setDirectoryRoles\",\"id\":\"" U1 "\",\"directoryRoles\":[7]}]}",
	"{\"changes\":[{\"op\":\"add\",\"type\":\"group\",\"object\":{}}]}",
	"{\"changes\":[{\"op\":\"patch\",\"id\":\"" U1
	"\",\"set\":{\"displayName\":\"\\ud83d\\ude80\"}}]}",
	"{\"changes\":[{\"op\":\"softDelete\",\"id\":\"" U1 "\"}]}",
	"{\"changes\":[{\"op\":\"restore\",\"id\":\"" U1 "\"}]}",
	"{\"changes\":[{\"op\":\"addMembers\",\"id\":\"" G1 "\",\"members\":[\"" G1 "\",null]}]}",
	"{\"changes\":[{\"op\":\"setApp\",\"appId\":\"" FIXTURE_APP
	"\",\"certificates\":[\"/\"]}]}",
	"{\"faults\":[{\"action\":{\"spoil\":\"duplicateKeys\"},\"percent\":50,\"count\":-1}]}",
	"{\"faults\":[{\"action\":{\"nextLink\":\"loop\"},\"count\":9}]}",
	"{\"faults\":[{\"action\":{\"status\":503,\"headers\":{\"Retry-After\":\"1\"}}}]}",
	"{\"faults\":[{\"action\":{\"spoil\":\"deep\"}}]}",
	"{\"faults\":[{\"action\":7}]}",
	"{\"advanceSeconds\":1}",
	"{\"pageSize\":2}",
	"{\"replay\":7,\"emptyEvery\":2}",
	"{\"pageSize\":1e300}",
	"{\"lagSeconds\":-1}",
	"\xFF\xFE",
	"{\"a\":\"\\u0000\"}",
	"{\"displayName\":\"x\",\"mailEnabled\":false,\"mailNickname\":\"x\",\"securityEnabled\":"
	"true}",
	"{\"displayName\":\"x\",\"mailEnabled\":true,\"mailNickname\":\"m\",\"securityEnabled\":"
	"false,"
	"\"groupTypes\":[\"Unified\"],\"members@odata.bind\":[\"/users/" U1 "\"]}",
	"{\"description\":null,\"visibility\":\"Private\"}",
	"{\"groupTypes\":[1,null,{}],\"membershipRule\":7}",
	"{\"writebackConfiguration\":{\"isEnabled\":true,\"onPremisesGroupType\":null}}",
	"{\"members@odata.bind\":[\"/users/" U1 "\",\"x\",3]}",
	"{\"@odata.id\":\"https://sim/v1.0/directoryObjects/" U1 "\"}",
	"{\"@odata.id\":\"')\"}",
	"{\"ids\":[\"" U1 "\",\"" G1 "\"],\"types\":[\"user\"]}",
	"{\"ids\":[1],\"types\":7}",
	"{\"securityEnabledOnly\":false}",
	"{\"groupIds\":[\"" G1 "\",null]}",
	"{\"isCloudManaged\":true}",
	"{\"templateId\":\"62375ab9-6b52-47ed-826b-58e47e0e304b\",\"values\":[{\"name\":"
	"\"EnableGroupCreation\",\"value\":\"false\"},{}]}",
	"{\"accountEnabled\":true,\"displayName\":\"n\",\"mailNickname\":\"n\",\"passwordProfile\":"
	"{},"
	"\"userPrincipalName\":\"n@contoso.test\"}",
	"{\"requests\":[{\"id\":\"1\",\"method\":\"PATCH\",\"url\":\"/groups/" G1
	"\",\"headers\":{\"Content-Type\":\"application/json\"},\"body\":{\"description\":\"b\"}},"
	"{\"id\":\"2\",\"method\":\"GET\",\"url\":\"/groups/$count\",\"headers\":"
	"{\"ConsistencyLevel\":\"eventual\"},\"dependsOn\":[\"1\"]}]}",
	"{\"requests\":[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/"
	"groups\",\"dependsOn\":[\"2\"]},"
	"{\"id\":\"2\",\"method\":\"GET\",\"url\":\"/users\",\"dependsOn\":[\"1\"]}]}",
};

static const char *const control_paths[] = {
	"/control/changes",  "/control/faults",   "/control/clock",
	"/control/switches", "/control/requests", "/control/requests/reset",
	"/control/state",    "/control/",         "/",
	"/control/device",
};

#define PICK(rng, list) list[sim_rng_between(rng, 0, SIM_ARRAY_SIZE(list) - 1)]

/* Change, drop or double a few bytes; a NUL would end the text, as it would on the wire. */
static void damage(struct sim_rng *rng, struct sim_buf *text)
{
	uint64_t times = sim_rng_between(rng, 0, 9) < 7 ? 0 : sim_rng_between(rng, 1, 4);

	for (uint64_t i = 0; i < times && text->length > 0; i++) {
		size_t at = (size_t)sim_rng_between(rng, 0, text->length - 1);

		if (sim_rng_between(rng, 0, 1)) {
			text->data[at] = (char)sim_rng_between(rng, 1, 255);
		} else {
			memmove(text->data + at, text->data + at + 1, text->length - at);
			text->length--;
		}
	}
}

static struct sim_buf *make_target(void *ctx, struct sim_rng *rng)
{
	struct sim_buf *out = sim_buf_new(ctx);
	uint64_t segments = sim_rng_between(rng, 0, 6);
	uint64_t count = sim_rng_between(rng, 0, 3);

	/* Half of the paths are good ones, so that the options behind them are looked at. */
	if (sim_rng_between(rng, 0, 1)) {
		static const char *const good[] = {
			"/v1.0/groups",
			"/beta/groups",
			"/v1.0/groups/" G1 "/members",
			"/v1.0/groups/delta",
			"/beta/users/delta",
			"/v1.0/users",
			"/v1.0/$batch",
			"/v1.0/groups/" G1,
			"/v1.0/users/" U1,
			"/v1.0/groups/" G1 "/transitiveMembers",
			"/v1.0/users/" U1 "/transitiveMemberOf",
			"/v1.0/groups/" G1 "/members/graph.user",
			"/v1.0/groups/" G1 "/members/$count",
			"/v1.0/groups/" G1 "/members/$ref",
			"/v1.0/groups/" G1 "/members/" U1 "/$ref",
			"/v1.0/groups/" G1 "/onPremisesSyncBehavior",
			"/v1.0/directoryObjects/getByIds",
			"/v1.0/users/" U1 "/getMemberGroups",
			"/v1.0/groups/" G1 "/checkMemberGroups",
			"/v1.0/directory/deletedItems/graph.group",
			"/v1.0/directory/deletedItems/" G1,
			"/v1.0/directory/deletedItems/" G1 "/restore",
			"/v1.0/directory/deletedItems/" U1 "/restore",
			"/v1.0/groupSettings",
			"/beta/directorySettingTemplates",
			"/v1.0/devices/delta",
			"/v1.0/applications",
			"/v1.0/applications(appId='" FIXTURE_APP "')",
			"/v1.0/applications(appId='" FIXTURE_APP "')/addKey",
			"/v1.0/servicePrincipals",
			"/v1.0/servicePrincipals(appId='" FIXTURE_APP "')/appRoleAssignedTo",
			"/v1.0/me",
			"/" FIXTURE_TENANT "/oauth2/v2.0/devicecode",
			"/organizations/oauth2/v2.0/devicecode",
			"/common/discovery/instance",
			"/device",
			"/" FIXTURE_TENANT "/oauth2/v2.0/token"};

		sim_buf_text(out, PICK(rng, good));
		segments = 0;
	}
	for (uint64_t i = 0; i < segments; i++) {
		sim_buf_printf(out, "/%s", PICK(rng, parts));
	}
	for (uint64_t i = 0; i < count; i++) {
		sim_buf_printf(out, "%c%s", i ? '&' : '?', PICK(rng, options));
	}
	damage(rng, out);
	return out;
}

/* The server makes text of everything before it reaches the program: no byte above 127 alone. */
static void as_on_the_wire(struct sim_buf *text)
{
	if (!sim_utf8_is_valid(text->data, text->length)) {
		for (size_t i = 0; i < text->length; i++) {
			text->data[i] = (char)(text->data[i] & 0x7F ? text->data[i] & 0x7F : '?');
		}
	}
}

static void add_headers(struct sim_request *request, struct sim_rng *rng, const char *token)
{
	static const char *const forms[] = {"application/x-www-form-urlencoded",
					    "application/json"};
	static const char *const others[] = {"Basic !!!!", "Basic Og==", "Bearer ", "Bearer a.b.c",
					     "Digest x"};
	bool is_good = sim_rng_between(rng, 0, 9) > 1;
	const char *header = is_good ? sim_printf(request, "Bearer %s", token) : PICK(rng, others);

	assert_true(sim_pairs_add(request, &request->headers, "Authorization", header, 9));
	assert_true(sim_pairs_add(request, &request->headers, "Content-Type", PICK(rng, forms), 9));
	if (sim_rng_between(rng, 0, 1)) {
		assert_true(sim_pairs_add(request, &request->headers, "ConsistencyLevel",
					  "eventual", 9));
	}
	if (sim_rng_between(rng, 0, 1)) {
		assert_true(
			sim_pairs_add(request, &request->headers, "Prefer", "return=minimal", 9));
	}
}

static struct sim_request *make_request(void *ctx, struct fixture *fixture, struct sim_rng *rng,
					bool is_control)
{
	struct sim_buf *target = make_target(ctx, rng);
	struct sim_buf *body = sim_buf_new(ctx);
	struct sim_request *request = NULL;

	as_on_the_wire(target);
	sim_buf_text(body, PICK(rng, bodies));
	damage(rng, body);
	request = sim_request_new(ctx, is_control ? "POST" : PICK(rng, methods),
				  is_control ? PICK(rng, control_paths) : target->data);
	request->host = "sim";
	request->origin = "https://sim";
	request->body = body->data;
	request->body_length = strlen(body->data);
	add_headers(request, rng, fixture->token);
	return request;
}

/* The key of the last challenge is good for one token. */
static void add_metadata_headers(struct sim_request *request, const struct sim_world *world,
				 struct sim_rng *rng)
{
	static const char *const marks[] = {"true", "true", "True", "false", ""};
	static const char *const others[] = {"Basic ", "Basic x", "basic  x", "Bearer x", ""};
	const char *key = world->arc_key && sim_rng_between(rng, 0, 1)
				  ? sim_printf(request, "Basic %s", world->arc_key)
				  : PICK(rng, others);

	if (sim_rng_between(rng, 0, 9) > 0) {
		assert_true(sim_pairs_add(request, &request->headers, "Metadata", PICK(rng, marks),
					  9));
	}
	if (sim_rng_between(rng, 0, 1)) {
		assert_true(sim_pairs_add(request, &request->headers, "Authorization", key, 9));
	}
}

static struct sim_request *make_metadata_request(void *ctx, const struct fixture *fixture,
						 struct sim_rng *rng)
{
	struct sim_buf *target = sim_buf_new(ctx);
	uint64_t count = sim_rng_between(rng, 0, 4);
	struct sim_request *request = NULL;

	sim_buf_text(target, sim_rng_between(rng, 0, 3) ? metadata_paths[0]
							: PICK(rng, metadata_paths));
	for (uint64_t i = 0; i < count; i++) {
		sim_buf_printf(target, "%c%s", i ? '&' : '?', PICK(rng, metadata_options));
	}
	damage(rng, target);
	as_on_the_wire(target);
	request = sim_request_new(ctx, sim_rng_between(rng, 0, 7) ? "GET" : PICK(rng, methods),
				  target->data);
	request->host = sim_rng_between(rng, 0, 1) ? "169.254.169.254" : "sim";
	request->origin = "http://169.254.169.254";
	request->body = "";
	add_metadata_headers(request, fixture->world, rng);
	return request;
}

static bool looks_like_json(const struct sim_response *response)
{
	const char *type = sim_pairs_get(&response->headers, "Content-Type");

	return type && strncmp(type, "application/json", 16) == 0 && response->body->length > 0;
}

static void check_answer(const struct sim_request *request, const struct sim_response *response)
{
	const cJSON *json = NULL;
	struct sim_err err;

	if (response->status < 200 || response->status > 599) {
		fail_msg("%s %s: status %u", request->method, request->target, response->status);
	}
	if (looks_like_json(response) &&
	    !sim_json_parse(response, response->body->data, response->body->length, &json, &err)) {
		fail_msg("%s %s: %s %s", request->method, request->target, err.text,
			 response->body->data);
	}
}

/* As exchanges are made (sim/http/exchange.c): faults stand in front of and behind the service. */
static void exchange(struct fixture *fixture, const struct sim_request *request,
		     struct sim_response *response,
		     void (*handle)(struct sim_world *, const struct sim_request *,
				    struct sim_response *))
{
	if (!sim_fault_before(fixture->world, request, response)) {
		handle(fixture->world, request, response);
		check_answer(request, response);
		sim_fault_after(fixture->world, request, response);
	}
}

static void one_request(struct fixture *fixture, struct sim_rng *rng)
{
	void *tmp = talloc_new(fixture);
	uint64_t side = sim_rng_between(rng, 0, 9);
	struct sim_response *response = sim_response_new(tmp);

	if (side < 2) {
		struct sim_request *request = make_request(tmp, fixture, rng, true);

		sim_control_handle(fixture->world, request, response);
		check_answer(request, response);
	} else if (side < 3) {
		exchange(fixture, make_metadata_request(tmp, fixture, rng), response,
			 sim_metadata_handle);
	} else {
		exchange(fixture, make_request(tmp, fixture, rng, false), response, sim_dispatch);
	}
	talloc_free(tmp);
}

/* The app is the machine's own identity; its agent writes keys to @folder. */
static void add_machine(struct fixture *fixture, const char *folder)
{
	struct sim_apps *apps = fixture->world->tenant->apps;

	apps->items[0]->managed = SIM_SYSTEM_ASSIGNED;
	fixture->world->arc_folder = sim_strdup(fixture->world, folder);
}

static void remove_folder(const struct sim_world *world, const char *folder)
{
	if (world->arc_key_file) {
		(void)unlink(world->arc_key_file);
	}
	assert_int_equal(rmdir(folder), 0);
}

static void whatever_is_asked_has_a_well_formed_answer(void **state)
{
	const char *text = getenv("SIM_REQUESTS");
	const char *seed = getenv("SIM_SEED");
	uint64_t count = text ? strtoull(text, NULL, 10) : 2000;
	struct sim_rng rng = {seed ? strtoull(seed, NULL, 10) : 1};
	struct fixture *fixture = fixture_new(1, objects);
	char folder[] = "random-keys.XXXXXX";

	(void)state;
	assert_non_null(mkdtemp(folder));
	add_machine(fixture, folder);
	for (uint64_t i = 0; i < count; i++) {
		if (i % 500 == 0) {
			fixture_sign_in(fixture,
					i % 1000 ? "Group.Read.All GroupMember.ReadWrite.All"
						 : "Directory.ReadWrite.All Organization.Read.All "
						   "Group-OnPremisesSyncBehavior.ReadWrite.All "
						   "Application.ReadWrite.All "
						   "AppRoleAssignment.ReadWrite.All");
		}
		one_request(fixture, &rng);
	}
	remove_folder(fixture->world, folder);
	talloc_free(fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whatever_is_asked_has_a_well_formed_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
