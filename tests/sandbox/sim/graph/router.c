/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a request to the endpoint that answers it. */
#include "config.h"

#include "sim/graph/router.h"

#include <string.h>
#include <strings.h>

#include "sim/graph/bearer.h"
#include "sim/graph/families.h"
#include "sim/graph/throttle.h"
#include "sim/identity/principal.h"

#define DIRECTORY " Directory.Read.All Directory.ReadWrite.All"
#define GROUP_READ                                                                     \
	"Group.ReadBasic.All Group.Read.All Group.ReadWrite.All GroupMember.Read.All " \
	"GroupMember.ReadWrite.All" DIRECTORY
#define MEMBER_READ                                                                                \
	"GroupMember.ReadBasic.All GroupMember.Read.All GroupMember.ReadWrite.All Group.Read.All " \
	"Group.ReadWrite.All" DIRECTORY
#define USER_READ      "User.ReadBasic.All User.Read.All User.ReadWrite.All" DIRECTORY
#define DEVICE_READ    "Device.Read.All Device.ReadWrite.All" DIRECTORY
#define CONTACT_READ   "OrgContact.Read.All" DIRECTORY
#define PRINCIPAL_READ "Application.Read.All Application.ReadWrite.All" DIRECTORY
#define MEMBER_OF_READ \
	"User.Read.All User.ReadWrite.All GroupMember.Read.All Group.Read.All" DIRECTORY
#define GROUP_WRITE  "Group.ReadWrite.All Directory.ReadWrite.All"
#define GROUP_CREATE "Group.Create " GROUP_WRITE
#define MEMBER_WRITE "GroupMember.ReadWrite.All " GROUP_WRITE
#define USER_WRITE   "User.ReadWrite.All Directory.ReadWrite.All"
#define OBJECT_READ  "Directory.Read.All Directory.ReadWrite.All"
#define SETTING_READ                                                         \
	"GroupSettings.Read.All GroupSettings.ReadWrite.All Group.Read.All " \
	"Group.ReadWrite.All" DIRECTORY
#define SETTING_WRITE "GroupSettings.ReadWrite.All Directory.ReadWrite.All"
#define GROUP_SYNC    "Group-OnPremisesSyncBehavior.ReadWrite.All"
#define USER_SYNC     "User-OnPremisesSyncBehavior.ReadWrite.All"
#define CONTACT_SYNC  "Contacts-OnPremisesSyncBehavior.ReadWrite.All"
#define ORGANIZATION_READ \
	"Organization.Read.All Organization.ReadWrite.All User.Read User.Read.All" DIRECTORY
#define SYNC_WRITE "OnPremDirectorySynchronization.ReadWrite.All"
#define SYNC_READ  "OnPremDirectorySynchronization.Read.All " SYNC_WRITE
#define APPLICATION_WRITE "Application.ReadWrite.All Application.ReadWrite.OwnedBy"
#define APPLICATION_READ  "Application.Read.All " APPLICATION_WRITE DIRECTORY
#define ROLE_WRITE        "AppRoleAssignment.ReadWrite.All"
#define ME_READ           "User.Read " USER_READ

/** An endpoint. */
struct route {
	const char *method;
	const char *pattern; /* "*" is a variable segment, "**" at the end any number of them */
	const char *roles;   /* any of them; NULL: any token */
	int cost;            /* resource units (Graph, "Service-specific throttling limits": identity and access) */
	void (*answer)(struct sim_call *call);
};

static const struct route routes[] = {
	{"GET", "organization", ORGANIZATION_READ, 1, sim_organization_list},
	{"GET", "organization/*", ORGANIZATION_READ, 1, sim_organization_get},
	{"GET", "groups", GROUP_READ, 1, sim_groups_list},
	{"GET", "groups/delta", GROUP_READ, 1, sim_groups_delta},
	{"GET", "groups/$count", GROUP_READ, 1, sim_groups_count},
	{"GET", "groups/*", GROUP_READ, 1, sim_groups_get},
	{"GET", "groups/*/members/**", MEMBER_READ, 3, sim_navigation},
	{"GET", "groups/*/transitiveMembers/**", MEMBER_READ, 5, sim_navigation},
	{"GET", "groups/*/memberOf/**", MEMBER_READ, 1, sim_navigation},
	{"GET", "groups/*/transitiveMemberOf/**", MEMBER_READ, 1, sim_navigation},
	{"GET", "groups/*/owners/**", MEMBER_READ, 1, sim_navigation},
	{"GET", "users", USER_READ, 2, sim_users_list},
	{"GET", "users/delta", USER_READ, 1, sim_users_delta},
	{"GET", "users/$count", USER_READ, 1, sim_users_count},
	{"GET", "users/*", USER_READ, 1, sim_users_get},
	{"GET", "users/*/memberOf/**", MEMBER_OF_READ, 1, sim_navigation},
	{"GET", "users/*/transitiveMemberOf/**", MEMBER_OF_READ, 1, sim_navigation},
	{"GET", "devices", DEVICE_READ, 1, sim_devices_list},
	{"GET", "devices/delta", DEVICE_READ, 1, sim_devices_delta},
	{"GET", "devices/$count", DEVICE_READ, 1, sim_devices_count},
	{"GET", "devices/*", DEVICE_READ, 1, sim_devices_get},
	{"GET", "devices/*/memberOf/**", DEVICE_READ, 1, sim_navigation},
	{"GET", "devices/*/transitiveMemberOf/**", DEVICE_READ, 1, sim_navigation},
	{"GET", "contacts", CONTACT_READ, 1, sim_contacts_list},
	{"GET", "contacts/delta", CONTACT_READ, 1, sim_contacts_delta},
	{"GET", "contacts/$count", CONTACT_READ, 1, sim_contacts_count},
	{"GET", "contacts/*", CONTACT_READ, 1, sim_contacts_get},
	{"GET", "contacts/*/memberOf/**", CONTACT_READ, 1, sim_navigation},
	{"GET", "contacts/*/transitiveMemberOf/**", CONTACT_READ, 1, sim_navigation},
	{"GET", "servicePrincipals", PRINCIPAL_READ, 1, sim_principals_list},
	{"GET", "servicePrincipals/delta", PRINCIPAL_READ, 1, sim_principals_delta},
	{"GET", "servicePrincipals/$count", PRINCIPAL_READ, 1, sim_principals_count},
	{"GET", "servicePrincipals/*", PRINCIPAL_READ, 1, sim_principals_get},
	{"GET", "servicePrincipals/*/memberOf/**", PRINCIPAL_READ, 1, sim_navigation},
	{"GET", "servicePrincipals/*/transitiveMemberOf/**", PRINCIPAL_READ, 1, sim_navigation},
	{"POST", "groups", GROUP_CREATE, 1, sim_groups_create},
	{"PATCH", "groups/*", GROUP_WRITE, 1, sim_groups_patch},
	{"DELETE", "groups/*", GROUP_WRITE, 1, sim_groups_delete},
	{"POST", "groups/*/members/$ref", MEMBER_WRITE, 1, sim_members_add},
	{"DELETE", "groups/*/members/*/$ref", MEMBER_WRITE, 1, sim_members_remove},
	{"DELETE", "groups/*/members/$ref", MEMBER_WRITE, 1, sim_members_remove_by_url},
	{"POST", "groups/*/owners/$ref", GROUP_WRITE, 1, sim_owners_add},
	{"DELETE", "groups/*/owners/*/$ref", GROUP_WRITE, 1, sim_owners_remove},
	{"POST", "users", USER_WRITE, 1, sim_users_create},
	{"PATCH", "users/*", USER_WRITE, 1, sim_users_patch},
	{"DELETE", "users/*", USER_WRITE, 1, sim_users_delete},
	{"GET", "directoryObjects/*", OBJECT_READ, 1, sim_directory_objects_get},
	{"POST", "directoryObjects/getByIds", OBJECT_READ, 3, sim_directory_objects_by_ids},
	{"POST", "users/getByIds", OBJECT_READ, 3, sim_directory_objects_by_ids},
	{"POST", "groups/getByIds", OBJECT_READ, 3, sim_directory_objects_by_ids},
	{"POST", "directoryObjects/*/getMemberGroups", OBJECT_READ, 1, sim_member_groups_get},
	{"POST", "directoryObjects/*/getMemberObjects", OBJECT_READ, 1, sim_member_groups_get},
	{"POST", "directoryObjects/*/checkMemberGroups", OBJECT_READ, 1, sim_member_groups_check},
	{"POST", "directoryObjects/*/checkMemberObjects", OBJECT_READ, 1, sim_member_groups_check},
	{"POST", "users/*/getMemberGroups", MEMBER_OF_READ, 1, sim_member_groups_get},
	{"POST", "users/*/getMemberObjects", MEMBER_OF_READ, 1, sim_member_groups_get},
	{"POST", "users/*/checkMemberGroups", MEMBER_OF_READ, 1, sim_member_groups_check},
	{"POST", "users/*/checkMemberObjects", MEMBER_OF_READ, 1, sim_member_groups_check},
	{"POST", "groups/*/getMemberGroups", MEMBER_OF_READ, 1, sim_member_groups_get},
	{"POST", "groups/*/getMemberObjects", MEMBER_OF_READ, 1, sim_member_groups_get},
	{"POST", "groups/*/checkMemberGroups", MEMBER_OF_READ, 1, sim_member_groups_check},
	{"POST", "groups/*/checkMemberObjects", MEMBER_OF_READ, 1, sim_member_groups_check},
	{"POST", "devices/*/getMemberGroups", DEVICE_READ, 1, sim_member_groups_get},
	{"POST", "devices/*/getMemberObjects", DEVICE_READ, 1, sim_member_groups_get},
	{"POST", "devices/*/checkMemberGroups", DEVICE_READ, 1, sim_member_groups_check},
	{"POST", "devices/*/checkMemberObjects", DEVICE_READ, 1, sim_member_groups_check},
	{"POST", "servicePrincipals/*/getMemberGroups", PRINCIPAL_READ, 1, sim_member_groups_get},
	{"POST", "servicePrincipals/*/getMemberObjects", PRINCIPAL_READ, 1, sim_member_groups_get},
	{"POST", "servicePrincipals/*/checkMemberGroups", PRINCIPAL_READ, 1,
	 sim_member_groups_check},
	{"POST", "servicePrincipals/*/checkMemberObjects", PRINCIPAL_READ, 1,
	 sim_member_groups_check},
	{"POST", "contacts/*/getMemberGroups", CONTACT_READ, 1, sim_member_groups_get},
	{"POST", "contacts/*/getMemberObjects", CONTACT_READ, 1, sim_member_groups_get},
	{"POST", "contacts/*/checkMemberGroups", CONTACT_READ, 1, sim_member_groups_check},
	{"POST", "contacts/*/checkMemberObjects", CONTACT_READ, 1, sim_member_groups_check},
	{"GET", "directory/deletedItems", NULL, 1, sim_deleted_uncast},
	{"GET", "directory/deletedItems/*", NULL, 1, sim_deleted_get},
	{"GET", "directory/deletedItems/*/$count", NULL, 1, sim_deleted_count},
	{"POST", "directory/deletedItems/*/restore", NULL, 1, sim_deleted_restore},
	{"DELETE", "directory/deletedItems/*", NULL, 1, sim_deleted_purge},
	{"GET", "groupSettings", SETTING_READ, 1, sim_settings_list},
	{"POST", "groupSettings", SETTING_WRITE, 1, sim_settings_create},
	{"GET", "groupSettings/*", SETTING_READ, 1, sim_settings_get},
	{"PATCH", "groupSettings/*", SETTING_WRITE, 1, sim_settings_patch},
	{"DELETE", "groupSettings/*", SETTING_WRITE, 1, sim_settings_delete},
	{"GET", "settings", SETTING_READ, 1, sim_settings_list},
	{"POST", "settings", SETTING_WRITE, 1, sim_settings_create},
	{"GET", "settings/*", SETTING_READ, 1, sim_settings_get},
	{"PATCH", "settings/*", SETTING_WRITE, 1, sim_settings_patch},
	{"DELETE", "settings/*", SETTING_WRITE, 1, sim_settings_delete},
	{"GET", "groupSettingTemplates", SETTING_READ, 1, sim_setting_templates_list},
	{"GET", "groupSettingTemplates/*", SETTING_READ, 1, sim_setting_templates_get},
	{"GET", "directorySettingTemplates", SETTING_READ, 1, sim_setting_templates_list},
	{"GET", "directorySettingTemplates/*", SETTING_READ, 1, sim_setting_templates_get},
	{"GET", "groups/*/onPremisesSyncBehavior", GROUP_SYNC, 1, sim_sync_behavior_get},
	{"PATCH", "groups/*/onPremisesSyncBehavior", GROUP_SYNC, 1, sim_sync_behavior_patch},
	{"GET", "users/*/onPremisesSyncBehavior", USER_SYNC, 1, sim_sync_behavior_get},
	{"PATCH", "users/*/onPremisesSyncBehavior", USER_SYNC, 1, sim_sync_behavior_patch},
	{"GET", "contacts/*/onPremisesSyncBehavior", CONTACT_SYNC, 1, sim_sync_behavior_get},
	{"PATCH", "contacts/*/onPremisesSyncBehavior", CONTACT_SYNC, 1, sim_sync_behavior_patch},
	{"POST", "servicePrincipals", APPLICATION_WRITE, 1, sim_principals_create},
	{"DELETE", "servicePrincipals/*", APPLICATION_WRITE, 1, sim_principals_delete},
	{"GET", "servicePrincipals/*/appRoleAssignments", APPLICATION_READ, 2,
	 sim_assignments_of_principal},
	{"POST", "servicePrincipals/*/appRoleAssignments", ROLE_WRITE, 1, sim_assignments_create},
	{"DELETE", "servicePrincipals/*/appRoleAssignments/*", ROLE_WRITE, 1,
	 sim_assignments_delete},
	{"GET", "servicePrincipals/*/appRoleAssignedTo", APPLICATION_READ, 1,
	 sim_assignments_of_resource},
	{"POST", "servicePrincipals/*/appRoleAssignedTo", ROLE_WRITE, 1, sim_assignments_create},
	{"DELETE", "servicePrincipals/*/appRoleAssignedTo/*", ROLE_WRITE, 1,
	 sim_assignments_delete},
	{"GET", "directory/onPremisesSynchronization", SYNC_READ, 1, sim_directory_sync_list},
	{"GET", "directory/onPremisesSynchronization/*", SYNC_READ, 1, sim_directory_sync_get},
	{"PATCH", "directory/onPremisesSynchronization/*", SYNC_WRITE, 1, sim_directory_sync_patch},
	{"GET", "applications", APPLICATION_READ, 2, sim_applications_list},
	{"POST", "applications", APPLICATION_WRITE, 1, sim_applications_create},
	{"GET", "applications/*", APPLICATION_READ, 2, sim_applications_get},
	{"PATCH", "applications/*", APPLICATION_WRITE, 1, sim_applications_patch},
	{"DELETE", "applications/*", APPLICATION_WRITE, 1, sim_applications_delete},
	{"POST", "applications/*/addKey", NULL, 1, sim_applications_add_key},
	{"POST", "applications/*/removeKey", NULL, 1, sim_applications_remove_key},
	{"POST", "applications/*/addPassword", APPLICATION_WRITE, 1, sim_applications_add_password},
	{"POST", "applications/*/removePassword", APPLICATION_WRITE, 1,
	 sim_applications_remove_password},
	{"GET", "me", ME_READ, 1, sim_me},
	{"POST", "$batch", NULL, 0, sim_batch},
};

/** A path behind the version, in the form that patterns match. */
struct path {
	const char *parts[2 * SIM_SEGMENT_MAX];
	size_t count;
};

static void add_part(struct path *path, const char *part)
{
	if (path->count < SIM_ARRAY_SIZE(path->parts)) {
		path->parts[path->count++] = part;
	}
}

/* Functions and actions have their namespace in front of them or not; casts keep it. */
static const char *without_space(const char *segment)
{
	static const char *const operations[] = {"delta",
						 "restore",
						 "getByIds",
						 "getMemberGroups",
						 "getMemberObjects",
						 "checkMemberGroups",
						 "checkMemberObjects",
						 "addKey",
						 "removeKey",
						 "addPassword",
						 "removePassword"};
	static const char space[] = "microsoft.graph.";

	if (strncasecmp(segment, space, sizeof(space) - 1) != 0) {
		return segment;
	}
	for (size_t i = 0; i < SIM_ARRAY_SIZE(operations); i++) {
		if (strncasecmp(segment + sizeof(space) - 1, operations[i],
				strlen(operations[i])) == 0) {
			return segment + sizeof(space) - 1;
		}
	}
	return segment;
}

/* "groups('id')" is "groups/id"; "microsoft.graph.delta()" is "delta". */
static void add_segment(const void *ctx, struct path *path, const char *segment)
{
	const char *name = without_space(segment);
	const char *open = strchr(name, '(');
	size_t length = strlen(name);
	char *key = NULL;

	if (!open || name[length - 1] != ')') {
		add_part(path, name);
		return;
	}
	add_part(path, sim_strndup(ctx, name, (size_t)(open - name)));
	key = sim_strndup(ctx, open + 1, strlen(open) - 2);
	length = strlen(key);
	if (length >= 2 && key[0] == '\'' && key[length - 1] == '\'') {
		key[length - 1] = '\0';
		key++;
	}
	if (key[0]) {
		add_part(path, key);
	}
}

static bool matches(const char *pattern, const struct path *path, struct sim_call *call)
{
	size_t key = 0;

	for (size_t i = 0; i <= path->count; i++) {
		size_t length = strcspn(pattern, "/");
		bool is_last = pattern[length] == '\0';

		if (strcmp(pattern, "**") == 0) {
			call->rest = path->parts + i;
			call->rest_count = path->count - i;
			return true;
		}
		if (i == path->count) {
			return false;
		}
		if (pattern[0] == '*') {
			call->keys[key++] = path->parts[i];
		} else if (strlen(path->parts[i]) != length ||
			   strncasecmp(pattern, path->parts[i], length) != 0) {
			return false;
		}
		if (is_last) {
			return i + 1 == path->count;
		}
		pattern += length + 1;
	}
	return false;
}

static const struct route *find_route(struct sim_call *call, const struct path *path,
				      bool *ret_path_known)
{
	for (size_t i = 0; i < SIM_ARRAY_SIZE(routes); i++) {
		if (!matches(routes[i].pattern, path, call)) {
			continue;
		}
		*ret_path_known = true;
		if (strcmp(routes[i].method, call->request->method) == 0) {
			return &routes[i];
		}
	}
	return NULL;
}

static const char *join(const void *ctx, const struct path *path)
{
	char *text = sim_strdup(ctx, "");

	for (size_t i = 0; i < path->count; i++) {
		text = sim_mem_check(
			talloc_asprintf_append_buffer(text, "%s%s", i ? "/" : "", path->parts[i]));
	}
	return text;
}

static void write_headers(struct sim_call *call)
{
	struct sim_response *response = call->response;

	if (!sim_pairs_get(&response->headers, "Content-Type") && response->body->length > 0) {
		sim_response_header(response, "Content-Type",
				    response->status < 400
					    ? "application/json;odata.metadata=minimal;"
					      "odata.streaming=true;IEEE754Compatible=false;"
					      "charset=utf-8"
					    : "application/json");
	}
	sim_response_header(response, "Cache-Control", "no-cache");
	sim_response_header(response, "Vary", "Accept-Encoding");
	sim_response_header(response, "request-id", call->request_id);
	sim_response_header(response, "client-request-id", call->client_request_id);
	sim_response_header(response, "x-ms-ags-diagnostic",
			    "{\"ServerInfo\":{\"DataCenter\":\"Sandbox\",\"Slice\":\"E\",\"Ring\":"
			    "\"5\",\"ScaleUnit\":\"000\",\"RoleInstance\":\"SIM00000001\"}}");
	sim_response_header(response, "OData-Version", "4.0");
	/* Refused calls cost nothing; delta does not carry the header at all. */
	if (call->cost != 0 && response->status < 400) {
		sim_response_header(response, "x-ms-resource-unit",
				    sim_printf(response, "%d", call->cost < 1 ? 1 : call->cost));
	}
}

/* "me/…" is "users/{oid}/…"; "me" alone has a handler of its own. False: the call was answered. */
static bool use_me(struct sim_call *call, struct path *path)
{
	if (path->count < 2 || strcasecmp(path->parts[0], "me") != 0) {
		return true;
	}
	if (!sim_call_is_delegated(call)) {
		return sim_graph_error(
			call, 400, "BadRequest",
			"/me request is only valid with delegated authentication flow.");
	}
	for (size_t i = path->count < SIM_ARRAY_SIZE(path->parts) ? path->count++ : path->count - 1;
	     i > 1; i--) {
		path->parts[i] = path->parts[i - 1];
	}
	path->parts[0] = "users";
	path->parts[1] = sim_json_get_string(call->token->claims, "oid", "");
	call->is_me = true;
	return true;
}

/* "(appId='…')" is the alternate key of apps and their principals: put the object id in its place. */
static void use_alternate_key(const struct sim_call *call, struct path *path)
{
	const struct sim_tenant *tenant = call->world->tenant;
	const char *key = path->count > 1 ? path->parts[1] : "";
	const struct sim_object *principal = NULL;
	const struct sim_app *app = NULL;
	char *text = NULL;

	if (strncasecmp(key, "appId='", 7) != 0 || !key[7]) {
		return;
	}
	text = sim_strndup(call->request, key + 7, strcspn(key + 7, "'"));
	if (strcasecmp(path->parts[0], "servicePrincipals") == 0) {
		principal = sim_principal_find(tenant, text);
		path->parts[1] = text;
		if (principal) {
			path->parts[1] = sim_mem_check(talloc_size(call->request, SIM_GUID_TEXT));
			sim_guid_format(principal->id, (char *)(uintptr_t)path->parts[1]);
		}
	} else if (strcasecmp(path->parts[0], "applications") == 0) {
		app = sim_app_find(tenant->apps, text);
		path->parts[1] = app && !app->is_foreign ? app->object_id : text;
	}
}

static void answer(struct sim_call *call, const struct path *path)
{
	bool path_known = false;
	const struct route *route = find_route(call, path, &path_known);

	if (!route && path_known) {
		sim_graph_error(call, 405, "Request_BadRequest",
				"Specified HTTP method is not allowed for the request target.");
		return;
	}
	if (!route) {
		sim_graph_error(call, 400, "BadRequest", "Resource not found for the segment '%s'.",
				path->count ? path->parts[path->count - 1] : "");
		return;
	}
	if (route->roles && !sim_call_has_any_role(call, route->roles) &&
	    !(call->is_me && sim_call_has_role(call, "User.Read"))) {
		sim_graph_denied(call);
		return;
	}
	call->cost = route->cost;
	/* A batch costs nothing itself; each of its items comes here again. */
	if (route->cost == 0) {
		route->answer(call);
	} else if (sim_throttle_admit(call, route->cost)) {
		route->answer(call);
		sim_throttle_pay(call);
	}
}

void sim_graph_route(struct sim_call *call)
{
	const char *level = sim_pairs_get(&call->request->headers, "ConsistencyLevel");
	struct path path = {.count = 0};

	call->eventual = level && strcasecmp(level, "eventual") == 0;
	for (size_t i = 1; i < call->request->segment_count; i++) {
		add_segment(call->request, &path, call->request->segments[i]);
	}
	use_alternate_key(call, &path);
	if (use_me(call, &path)) {
		call->resource = join(call->request, &path);
		answer(call, &path);
	}
	write_headers(call);
}

bool sim_graph_owns(const struct sim_request *request)
{
	const char *version = request->segment_count ? request->segments[0] : "";

	return strcasecmp(version, "v1.0") == 0 || strcasecmp(version, "beta") == 0;
}

void sim_graph_handle(struct sim_world *world, const struct sim_request *request,
		      struct sim_response *response)
{
	struct sim_call call = {.world = world, .request = request, .response = response};
	const char *client_id = sim_pairs_get(&request->headers, "client-request-id");

	sim_rng_guid_text(&world->rng, call.request_id);
	call.client_request_id = client_id && client_id[0] ? client_id : call.request_id;
	call.beta = strcasecmp(request->segments[0], "beta") == 0;
	if (!sim_bearer_check(&call)) {
		write_headers(&call);
		return;
	}
	sim_graph_route(&call);
}
