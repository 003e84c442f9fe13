/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups, users, members, the recycle bin, settings: written through Graph itself. */
#include "config.h"

#include "fixture.h"

#include <string.h>

#define U1     "00000001-0000-4000-8000-000000000001"
#define U2     "00000001-0000-4000-8000-000000000002"
#define G1     "00000002-0000-4000-8000-000000000001"
#define G2     "00000002-0000-4000-8000-000000000002"
#define G3     "00000002-0000-4000-8000-000000000003"
#define G4     "00000002-0000-4000-8000-000000000004"
#define D1     "00000003-0000-4000-8000-000000000001"
#define NOBODY "00000009-0000-4000-8000-000000000001"

#define ROLES                                                                             \
	"Group.ReadWrite.All User.ReadWrite.All Directory.ReadWrite.All Device.Read.All " \
	"GroupSettings.ReadWrite.All Group-OnPremisesSyncBehavior.ReadWrite.All"

static const char objects[] =
	"'users':[{'id':'" U1 "','displayName':'One','userPrincipalName':'one@contoso.test'},"
	"{'id':'" U2 "','displayName':'Two','onPremisesSyncEnabled':true}],"
	"'devices':[{'id':'" D1 "','displayName':'Laptop'}],"
	"'groups':[{'id':'" G1 "','displayName':'Security','members':['" U1 "']},"
	"{'id':'" G2 "','displayName':'M365','groupTypes':['Unified'],'mailEnabled':true,"
	"'securityEnabled':false,'mailNickname':'taken'},"
	"{'id':'" G3 "','displayName':'Synced','onPremisesSyncEnabled':true,"
	"'onPremisesSecurityIdentifier':'S-1-5-21-1-2-3-1104'},"
	"{'id':'" G4 "','displayName':'List','mailEnabled':true,'securityEnabled':false}]";

static int set_up(void **state)
{
	struct fixture *fixture = fixture_new(1, objects);

	fixture_sign_in(fixture, ROLES);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	talloc_free(*state);
	return 0;
}

static const cJSON *json_of(const struct sim_response *response)
{
	const cJSON *json = NULL;
	struct sim_err err;

	if (!sim_json_parse(response, response->body->data, response->body->length, &json, &err)) {
		fail_msg("%s: %s", err.text, response->body->data);
	}
	return json;
}

/* One call; single quotes of @body stand for double ones. The answer must have @status. */
static const cJSON *call(struct fixture *fixture, const char *method, const char *url,
			 const char *body, unsigned status)
{
	char *text = sim_strdup(fixture, body);
	struct sim_response *response = NULL;

	for (char *p = text; p && *p; p++) {
		*p = *p == '\'' ? '"' : *p;
	}
	response = fixture_call(fixture, fixture, method, url, text);
	if (response->status != status) {
		fail_msg("%s %s %s: %u %s", method, url, body ? body : "", response->status,
			 response->body->data);
	}
	return response->body->length ? json_of(response) : NULL;
}

static const char *code_of(const cJSON *json)
{
	return sim_json_get_string(cJSON_GetObjectItemCaseSensitive(json, "error"), "code", "");
}

static const char *message_of(const cJSON *json)
{
	return sim_json_get_string(cJSON_GetObjectItemCaseSensitive(json, "error"), "message", "");
}

#define NEW_GROUP \
	"'displayName':'New','mailEnabled':false,'mailNickname':'new','securityEnabled':true"

static void a_created_group_is_there_with_its_members(void **state)
{
	struct fixture *fixture = *state;
	const cJSON *group = call(fixture, "POST", "/v1.0/groups",
				  "{" NEW_GROUP ",'description':'d','members@odata.bind':["
				  "'https://graph.microsoft.com/v1.0/users/" U1 "',"
				  "'https://graph.microsoft.com/v1.0/directoryObjects/" D1 "']}",
				  201);
	const char *id = sim_json_get_string(group, "id", "");
	const cJSON *page = NULL;

	assert_string_equal("New", sim_json_get_string(group, "displayName", ""));
	assert_memory_equal("S-1-12-1-", sim_json_get_string(group, "securityIdentifier", ""), 9);
	assert_null(cJSON_GetObjectItemCaseSensitive(group, "writebackConfiguration"));
	page = fixture_get(fixture, fixture, sim_printf(fixture, "/v1.0/groups/%s/members", id));
	assert_int_equal(2, cJSON_GetArraySize(sim_json_get_array(page, "value")));
	fixture_get(fixture, fixture, sim_printf(fixture, "/beta/groups/%s", id));
}

static void a_microsoft_365_group_gets_an_address_and_the_tenants_writeback_default(void **state)
{
	struct fixture *fixture = *state;
	const char *body = "{'displayName':'M','mailEnabled':true,'mailNickname':'m1',"
			   "'securityEnabled':false,'groupTypes':['Unified']}";
	const cJSON *group = call(fixture, "POST", "/beta/groups", body, 201);
	const cJSON *writeback = NULL;

	assert_string_equal("m1@contoso.test", sim_json_get_string(group, "mail", ""));
	assert_string_equal("Public", sim_json_get_string(group, "visibility", ""));
	writeback = cJSON_GetObjectItemCaseSensitive(group, "writebackConfiguration");
	assert_true(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(writeback, "isEnabled")));
	call(fixture, "POST", "/v1.0/groupSettings",
	     "{'templateId':'62375ab9-6b52-47ed-826b-58e47e0e304b','values':[{'name':"
	     "'NewUnifiedGroupWritebackDefault','value':'false'}]}",
	     201);
	group = call(fixture, "POST", "/beta/groups",
		     "{'displayName':'M','mailEnabled':true,'mailNickname':'m2',"
		     "'securityEnabled':false,'groupTypes':['Unified']}",
		     201);
	writeback = cJSON_GetObjectItemCaseSensitive(group, "writebackConfiguration");
	assert_true(cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(writeback, "isEnabled")));
}

/** What Graph refuses to create. */
static const struct {
	const char *body;
	const char *code;
	const char *in_message;
} refused[] = {
	{"", "BadRequest", "Empty Payload"},
	{"nonsense", "BadRequest", "Unable to read JSON"},
	{"[]", "BadRequest", "Unable to read JSON"},
	{"{}", "Request_BadRequest", "'displayName'"},
	{"{'displayName':'x','mailEnabled':false,'securityEnabled':true}", "Request_BadRequest",
	 "A value is required for property 'mailNickname' of resource 'Group'."},
	{"{" NEW_GROUP ",'id':'" G1 "'}", "Request_BadRequest", "read-only"},
	{"{" NEW_GROUP ",'createdDateTime':'2020-01-01T00:00:00Z'}", "Request_BadRequest",
	 "read-only"},
	{"{" NEW_GROUP ",'shoeSize':3}", "Request_BadRequest", "shoeSize"},
	{"{" NEW_GROUP ",'writebackConfiguration':{}}", "Request_BadRequest",
	 "writebackConfiguration"},
	{"{" NEW_GROUP ",'description':3}", "BadRequest", "description"},
	{"{" NEW_GROUP ",'visibility':'HiddenMembership'}", "Request_BadRequest", "visibility"},
	{"{" NEW_GROUP ",'visibility':'Sometimes'}", "Request_BadRequest", "visibility"},
	{"{" NEW_GROUP ",'groupTypes':['Loose']}", "Request_BadRequest", "groupTypes"},
	{"{" NEW_GROUP ",'groupTypes':['DynamicMembership']}", "Request_BadRequest",
	 "membershipRule"},
	{"{'displayName':'x','mailEnabled':true,'mailNickname':'x','securityEnabled':true}",
	 "Request_BadRequest", "mail-enabled groups"},
	{"{'displayName':'x','mailEnabled':false,'mailNickname':'x','securityEnabled':false}",
	 "Request_BadRequest", "security-enablement"},
	{"{'displayName':'x','mailEnabled':false,'mailNickname':'x y','securityEnabled':true}",
	 "Request_BadRequest", "mailNickname"},
	{"{'displayName':'x','mailEnabled':true,'mailNickname':'TAKEN','securityEnabled':false,"
	 "'groupTypes':['Unified']}",
	 "Request_BadRequest", "already exists"},
	{"{" NEW_GROUP ",'members@odata.bind':['nonsense']}", "Request_BadRequest",
	 "Invalid URL format"},
	{"{" NEW_GROUP ",'members@odata.bind':'x'}", "BadRequest", "members@odata.bind"},
	{"{" NEW_GROUP ",'members@odata.bind':['/users/" U1 "','/users/" U1 "']}",
	 "Request_BadRequest", "only be present once"},
};

static void a_group_that_cannot_be_is_not_created(void **state)
{
	struct fixture *fixture = *state;
	uint64_t before = fixture->world->tenant->store->seq;

	for (size_t i = 0; i < SIM_ARRAY_SIZE(refused); i++) {
		const cJSON *json = call(fixture, "POST", "/v1.0/groups", refused[i].body, 400);

		assert_string_equal(refused[i].code, code_of(json));
		if (!strstr(message_of(json), refused[i].in_message)) {
			fail_msg("%s: %s", refused[i].body, message_of(json));
		}
	}
	call(fixture, "POST", "/v1.0/groups",
	     "{" NEW_GROUP ",'members@odata.bind':['/users/" NOBODY "']}", 404);
	call(fixture, "POST", "/v1.0/groups", "{" NEW_GROUP ",'isAssignableToRole':true}", 403);
	assert_int_equal(before, fixture->world->tenant->store->seq);
}

static void a_patch_changes_what_it_names_and_nothing_else(void **state)
{
	struct fixture *fixture = *state;
	const cJSON *group = NULL;

	call(fixture, "PATCH", "/v1.0/groups/" G1, "{'description':'new'}", 204);
	group = fixture_get(fixture, fixture, "/v1.0/groups/" G1);
	assert_string_equal("new", sim_json_get_string(group, "description", ""));
	assert_string_equal("Security", sim_json_get_string(group, "displayName", ""));
	call(fixture, "PATCH", "/v1.0/groups/" G1, "{'description':null}", 204);
	group = fixture_get(fixture, fixture, "/v1.0/groups/" G1);
	assert_true(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(group, "description")));
	call(fixture, "PATCH", "/v1.0/groups/" G1, "{'mailEnabled':true}", 400);
	call(fixture, "PATCH", "/v1.0/groups/" G1, "{'groupTypes':['Unified']}", 400);
	call(fixture, "PATCH", "/v1.0/groups/" G2, "{'visibility':'HiddenMembership'}", 400);
	call(fixture, "PATCH", "/v1.0/groups/" G3, "{'description':'x'}", 400);
	call(fixture, "PATCH", "/v1.0/groups/" G4, "{'description':'x'}", 400);
	call(fixture, "PATCH", "/v1.0/groups/" NOBODY, "{'description':'x'}", 404);
	fixture_sign_in(fixture, "Group.Read.All");
	call(fixture, "PATCH", "/v1.0/groups/" G1, "{'description':'x'}", 403);
}

static void writeback_is_patched_on_beta_with_the_types_of_the_group(void **state)
{
	struct fixture *fixture = *state;
	const char *url = "/beta/groups/" G1 "?$select=writebackConfiguration";
	const cJSON *writeback = NULL;

	call(fixture, "PATCH", "/beta/groups/" G1,
	     "{'writebackConfiguration':{'isEnabled':true,'onPremisesGroupType':"
	     "'universalSecurityGroup'}}",
	     204);
	writeback = cJSON_GetObjectItemCaseSensitive(fixture_get(fixture, fixture, url),
						     "writebackConfiguration");
	assert_true(sim_json_get_bool(writeback, "isEnabled", false));
	call(fixture, "PATCH", "/beta/groups/" G1,
	     "{'writebackConfiguration':{'onPremisesGroupType':'universalDistributionGroup'}}",
	     400);
	call(fixture, "PATCH", "/beta/groups/" G2,
	     "{'writebackConfiguration':{'onPremisesGroupType':'universalDistributionGroup'}}",
	     204);
	call(fixture, "PATCH", "/beta/groups/" G1, "{'writebackConfiguration':{'isEnabled':1}}",
	     400);
	call(fixture, "PATCH", "/v1.0/groups/" G1, "{'writebackConfiguration':{'isEnabled':true}}",
	     400);
}

#define REF(id) "{'@odata.id':'https://graph.microsoft.com/v1.0/directoryObjects/" id "'}"

static void members_come_and_go_by_reference(void **state)
{
	struct fixture *fixture = *state;
	const char *url = "/v1.0/groups/" G1 "/members/$ref";
	const cJSON *json = NULL;

	call(fixture, "POST", url, REF(U2), 204);
	json = call(fixture, "POST", url, REF(U2), 400);
	assert_string_equal("One or more added object references already exist for the following "
			    "modified properties: 'members'.",
			    message_of(json));
	call(fixture, "POST", url, REF(NOBODY), 404);
	call(fixture, "POST", url, "{}", 400);
	call(fixture, "POST", "/v1.0/groups/" G2 "/members/$ref", REF(D1), 400);
	call(fixture, "POST", "/v1.0/groups/" G3 "/members/$ref", REF(U1), 400);
	call(fixture, "POST", "/v1.0/groups/" G4 "/members/$ref", REF(U1), 400);
	call(fixture, "DELETE", "/v1.0/groups/" G1 "/members/" U2 "/$ref", NULL, 204);
	call(fixture, "DELETE", "/v1.0/groups/" G1 "/members/" U2 "/$ref", NULL, 404);
	call(fixture, "DELETE", "/v1.0/groups/" G1 "/members/x/$ref", NULL, 400);
	json = fixture_get(fixture, fixture, url);
	assert_non_null(strstr(
		sim_json_get_string(sim_json_get_array(json, "value")->child, "@odata.id", ""),
		"/directoryObjects/" U1 "/"));
	call(fixture, "PATCH", "/v1.0/groups/" G1,
	     "{'members@odata.bind':['https://graph.microsoft.com/v1.0/users/" U2 "']}", 204);
	call(fixture, "PATCH", "/v1.0/groups/" G1,
	     "{'members@odata.bind':['https://graph.microsoft.com/v1.0/users/" U2 "']}", 400);
}

static void deleted_groups_are_in_the_recycle_bin_and_come_back(void **state)
{
	struct fixture *fixture = *state;
	const char *list = "/v1.0/directory/deletedItems/microsoft.graph.group";
	const cJSON *json = NULL;

	call(fixture, "DELETE", "/v1.0/groups/" G1, NULL, 204);
	call(fixture, "GET", "/v1.0/groups/" G1, NULL, 404);
	call(fixture, "DELETE", "/v1.0/groups/" G1, NULL, 404);
	json = sim_json_get_array(fixture_get(fixture, fixture, list), "value")->child;
	assert_string_equal(G1, sim_json_get_string(json, "id", ""));
	assert_true(cJSON_IsString(cJSON_GetObjectItemCaseSensitive(json, "deletedDateTime")));
	/* A known limitation: it was, and will be, security-enabled. */
	assert_true(cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(json, "securityEnabled")));
	json = fixture_get(fixture, fixture, "/v1.0/directory/deletedItems/" G1);
	assert_string_equal("#microsoft.graph.group", sim_json_get_string(json, "@odata.type", ""));
	assert_string_equal("Request_UnsupportedQuery",
			    fixture_error(fixture, fixture, "/v1.0/directory/deletedItems", 400));
	fixture_error(fixture, fixture, "/v1.0/directory/deletedItems/" G2, 404);
	json = call(fixture, "POST", "/v1.0/directory/deletedItems/" G1 "/restore", NULL, 200);
	assert_string_equal(G1, sim_json_get_string(json, "id", ""));
	json = fixture_get(fixture, fixture, "/v1.0/groups/" G1);
	assert_true(cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(json, "securityEnabled")));
	call(fixture, "POST", "/v1.0/directory/deletedItems/" G1 "/restore", NULL, 404);
}

static void what_is_purged_or_was_never_kept_is_gone(void **state)
{
	struct fixture *fixture = *state;

	call(fixture, "DELETE", "/v1.0/groups/" G2, NULL, 204);
	call(fixture, "DELETE", "/v1.0/directory/deletedItems/" G2, NULL, 204);
	call(fixture, "DELETE", "/v1.0/directory/deletedItems/" G2, NULL, 404);
	fixture->world->switches.soft_delete_security = false;
	call(fixture, "DELETE", "/v1.0/groups/" G1, NULL, 204);
	call(fixture, "GET", "/v1.0/directory/deletedItems/" G1, NULL, 404);
	call(fixture, "DELETE", "/v1.0/groups/" G3, NULL, 400);
	call(fixture, "DELETE", "/v1.0/groups/" G4, NULL, 400);
}

static void users_are_created_changed_and_deleted(void **state)
{
	struct fixture *fixture = *state;
	const char *body = "{'accountEnabled':true,'displayName':'N','mailNickname':'n',"
			   "'userPrincipalName':'n@contoso.test','passwordProfile':{'password':"
			   "'x'}}";
	const cJSON *user = call(fixture, "POST", "/v1.0/users", body, 201);

	assert_non_null(strstr(sim_json_get_string(user, "@odata.context", ""), "#users/$entity"));
	call(fixture, "POST", "/v1.0/users", body, 400);
	call(fixture, "PATCH", "/v1.0/users/n@contoso.test", "{'jobTitle':'Cook'}", 204);
	user = fixture_get(fixture, fixture, "/v1.0/users/n@contoso.test");
	assert_string_equal("Cook", sim_json_get_string(user, "jobTitle", ""));
	call(fixture, "DELETE", "/v1.0/users/n@contoso.test", NULL, 204);
	call(fixture, "GET", "/v1.0/users/n@contoso.test", NULL, 404);
	call(fixture, "PATCH", "/v1.0/users/" U2, "{'jobTitle':'Cook'}", 400);
}

static void writes_need_json(void **state)
{
	struct fixture *fixture = *state;

	fixture->content_type = "text/plain";
	assert_string_equal("UnsupportedMediaType",
			    code_of(call(fixture, "POST", "/v1.0/groups", "{}", 415)));
	fixture->content_type = "";
	assert_string_equal("BadRequest",
			    code_of(call(fixture, "PATCH", "/v1.0/groups/" G1, "{}", 400)));
	fixture->content_type = "application/json; charset=utf-8";
	call(fixture, "PATCH", "/v1.0/groups/" G1, "{}", 204);
	call(fixture, "PUT", "/v1.0/groups/" G1, "{}", 405);
	call(fixture, "PATCH", "/v1.0/groups", "{}", 405);
}

static void settings_are_made_from_their_template_once(void **state)
{
	struct fixture *fixture = *state;
	const char *body = "{'templateId':'62375ab9-6b52-47ed-826b-58e47e0e304b','values':["
			   "{'name':'EnableGroupCreation','value':'false'}]}";
	const cJSON *setting = NULL;
	const char *id = NULL;

	assert_int_equal(0,
			 cJSON_GetArraySize(sim_json_get_array(
				 fixture_get(fixture, fixture, "/v1.0/groupSettings"), "value")));
	setting = call(fixture, "POST", "/v1.0/groupSettings", body, 201);
	id = sim_json_get_string(setting, "id", "");
	assert_string_equal("Group.Unified", sim_json_get_string(setting, "displayName", ""));
	call(fixture, "POST", "/v1.0/groupSettings", body, 400);
	call(fixture, "PATCH", sim_printf(fixture, "/beta/settings/%s", id),
	     "{'values':[{'name':'EnableGroupCreation','value':'maybe'}]}", 400);
	call(fixture, "PATCH", sim_printf(fixture, "/beta/settings/%s", id),
	     "{'values':[{'name':'NewUnifiedGroupWritebackDefault','value':'false'}]}", 204);
	setting = fixture_get(fixture, fixture, sim_printf(fixture, "/beta/settings/%s", id));
	assert_string_equal(
		"false",
		sim_json_get_string(sim_json_get_array(setting, "values")->child, "value", ""));
	call(fixture, "POST", "/v1.0/groupSettings", "{'templateId':'" NOBODY "','values':[]}",
	     400);
	call(fixture, "DELETE", sim_printf(fixture, "/v1.0/groupSettings/%s", id), NULL, 204);
	call(fixture, "GET", sim_printf(fixture, "/v1.0/groupSettings/%s", id), NULL, 404);
	fixture_get(fixture, fixture, "/v1.0/groupSettingTemplates");
	fixture_get(fixture, fixture,
		    "/beta/directorySettingTemplates/62375ab9-6b52-47ed-826b-58e47e0e304b");
}

static void the_source_of_authority_moves_to_the_cloud(void **state)
{
	struct fixture *fixture = *state;
	const char *url = "/v1.0/groups/" G3 "/onPremisesSyncBehavior";
	const cJSON *group = NULL;

	assert_false(sim_json_get_bool(fixture_get(fixture, fixture, url), "isCloudManaged", true));
	call(fixture, "PATCH", url, "{'isCloudManaged':true}", 204);
	assert_true(sim_json_get_bool(fixture_get(fixture, fixture, url), "isCloudManaged", false));
	group = fixture_get(fixture, fixture, "/v1.0/groups/" G3);
	assert_true(
		cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(group, "onPremisesSyncEnabled")));
	assert_string_equal("S-1-5-21-1-2-3-1104",
			    sim_json_get_string(group, "onPremisesSecurityIdentifier", ""));
	assert_null(cJSON_GetObjectItemCaseSensitive(group, "isCloudManaged"));
	call(fixture, "PATCH", "/v1.0/groups/" G3, "{'description':'ours'}", 204);
	call(fixture, "PATCH", "/v1.0/groups/" G1 "/onPremisesSyncBehavior",
	     "{'isCloudManaged':true}", 400);
}

static void objects_are_found_by_their_ids(void **state)
{
	struct fixture *fixture = *state;
	const char *url = "/v1.0/directoryObjects/getByIds";
	const cJSON *json = call(
		fixture, "POST", url,
		"{'ids':['" U1 "','" NOBODY "','" G1 "','" D1 "'],'types':['user','group']}", 200);
	struct sim_buf *many = sim_buf_new(fixture);

	assert_int_equal(2, cJSON_GetArraySize(sim_json_get_array(json, "value")));
	assert_string_equal(
		"#microsoft.graph.user",
		sim_json_get_string(sim_json_get_array(json, "value")->child, "@odata.type", ""));
	call(fixture, "POST", url, "{'ids':['x']}", 400);
	call(fixture, "POST", url, "{'ids':['" U1 "'],'types':['shoe']}", 400);
	call(fixture, "POST", url, "{}", 400);
	sim_buf_text(many, "{'ids':['" U1 "'");
	for (int i = 0; i < 1000; i++) {
		sim_buf_text(many, ",'" U1 "'");
	}
	sim_buf_text(many, "]}");
	call(fixture, "POST", url, many->data, 400);
	fixture_get(fixture, fixture, "/v1.0/directoryObjects/" U1);
	fixture_sign_in(fixture, "Group.Read.All User.Read.All");
	call(fixture, "POST", url, "{'ids':['" U1 "']}", 403);
}

static void get_by_ids_heeds_select_if_switched_on(void **state)
{
	struct fixture *fixture = *state;
	const char *url = "/v1.0/directoryObjects/getByIds?$select=id,onPremisesSyncEnabled";
	const cJSON *json = call(fixture, "POST", url, "{'ids':['" U2 "']}", 200);

	json = sim_json_get_array(json, "value")->child;
	assert_null(cJSON_GetObjectItemCaseSensitive(json, "onPremisesSyncEnabled"));
	fixture->world->switches.by_ids_select = true;
	json = call(fixture, "POST", url, "{'ids':['" U2 "']}", 200);
	json = sim_json_get_array(json, "value")->child;
	assert_true(sim_json_get_bool(json, "onPremisesSyncEnabled", false));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_created_group_is_there_with_its_members),
		TEST(a_microsoft_365_group_gets_an_address_and_the_tenants_writeback_default),
		TEST(a_group_that_cannot_be_is_not_created),
		TEST(a_patch_changes_what_it_names_and_nothing_else),
		TEST(writeback_is_patched_on_beta_with_the_types_of_the_group),
		TEST(members_come_and_go_by_reference),
		TEST(deleted_groups_are_in_the_recycle_bin_and_come_back),
		TEST(what_is_purged_or_was_never_kept_is_gone),
		TEST(users_are_created_changed_and_deleted),
		TEST(writes_need_json),
		TEST(settings_are_made_from_their_template_once),
		TEST(the_source_of_authority_moves_to_the_cloud),
		TEST(objects_are_found_by_their_ids),
		TEST(get_by_ids_heeds_select_if_switched_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
