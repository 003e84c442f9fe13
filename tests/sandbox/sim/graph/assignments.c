/* SPDX-License-Identifier: GPL-3.0-or-later */
/* App role assignments: which roles of Microsoft Graph a service principal has. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "sim/graph/body.h"
#include "sim/graph/families.h"
#include "sim/graph/registration.h"
#include "sim/identity/permissions.h"
#include "sim/identity/principal.h"

/** One assignment. */
struct assignment {
	const struct sim_app *app;   /**< to whom */
	const struct sim_role *role; /**< what */
	const char *resource_id;     /**< object id of Microsoft Graph's principal */
};

static char *graph_id(const struct sim_call *call)
{
	const struct sim_object *graph = sim_principal_find(call->world->tenant, SIM_GRAPH_APP_ID);
	char *id = sim_mem_check(talloc_zero_size(call->request, SIM_GUID_TEXT));

	if (graph) {
		sim_guid_format(graph->id, id);
	}
	return id;
}

/* Opaque, 43 characters of base64url: the principal, then what tells its assignments apart. */
static char *assignment_id(const void *ctx, const struct sim_app *app, const char *role)
{
	char *text = sim_printf(ctx, "%s %s", app->principal_id, role);
	uint8_t bytes[32];

	sim_sha256(text, strlen(text), bytes);
	if (!sim_guid_parse(app->principal_id, bytes)) {
		bytes[0] = 0;
	}
	return sim_base64url(ctx, bytes, sizeof(bytes));
}

static void write_assignment(struct sim_json *json, const struct sim_call *call,
			     const struct assignment *assignment)
{
	char id[SIM_GUID_TEXT];
	char when[SIM_TIME_TEXT];

	sim_permission_role_id(assignment->role->value, id);
	sim_time_iso(assignment->role->granted, when);
	when[strlen(when) - 1] = '\0';
	sim_json_put_string(json, "id",
			    assignment_id(call->request, assignment->app, assignment->role->value));
	sim_json_put_string(json, "deletedDateTime", NULL);
	sim_json_put_string(json, "appRoleId", id);
	sim_json_put_string(json, "createdDateTime",
			    sim_printf(call->request, "%s.4980259Z", when));
	sim_json_put_string(json, "principalDisplayName", assignment->app->display_name);
	sim_json_put_string(json, "principalId", assignment->app->principal_id);
	sim_json_put_string(json, "principalType", "ServicePrincipal");
	sim_json_put_string(json, "resourceDisplayName", "Microsoft Graph");
	sim_json_put_string(json, "resourceId", assignment->resource_id);
}

/* Those of one principal (@principal), or all of the resource (NULL). */
static void list(struct sim_call *call, const char *principal, bool is_graph)
{
	const struct sim_apps *apps = call->world->tenant->apps;
	const char *resource_id = graph_id(call);
	struct sim_json json = {.out = call->response->body};

	sim_json_object(&json);
	sim_json_put_string(
		&json, "@odata.context",
		sim_printf(call->request, "%s/$metadata#appRoleAssignments", sim_call_base(call)));
	sim_json_key(&json, "value");
	sim_json_array(&json);
	for (size_t i = 0; i < apps->count; i++) {
		const struct sim_app *app = apps->items[i];
		bool wanted = app->principal_id &&
			      (principal ? strcmp(app->principal_id, principal) == 0 : is_graph);

		for (size_t r = 0; wanted && r < app->role_count; r++) {
			const struct assignment one = {app, &app->roles[r], resource_id};

			sim_json_object(&json);
			write_assignment(&json, call, &one);
			sim_json_object_end(&json);
		}
	}
	sim_json_array_end(&json);
	sim_json_object_end(&json);
}

/* The principal at key 0; its id in canonical form. */
static const char *find_principal(struct sim_call *call)
{
	struct sim_object *object = NULL;
	char *id = NULL;

	if (!sim_call_find(call, 0, SIM_PRINCIPAL, &object)) {
		return NULL;
	}
	id = sim_mem_check(talloc_size(call->request, SIM_GUID_TEXT));
	sim_guid_format(object->id, id);
	return id;
}

void sim_assignments_of_principal(struct sim_call *call)
{
	const char *id = find_principal(call);

	if (id) {
		list(call, id, false);
	}
}

void sim_assignments_of_resource(struct sim_call *call)
{
	const char *id = find_principal(call);

	if (id) {
		list(call, NULL, strcmp(id, graph_id(call)) == 0);
	}
}

/* This is the power to give oneself everything: Entra wants two permissions, and two roles only. */
static bool may_grant(struct sim_call *call)
{
	bool can_read = sim_call_has_any_role(
		call, "Application.Read.All Application.ReadWrite.All Directory.Read.All "
		      "Directory.ReadWrite.All");
	bool may = !sim_call_is_delegated(call) ||
		   (sim_call_directory_roles(call) &
		    (SIM_GLOBAL_ADMINISTRATOR | SIM_PRIVILEGED_ROLE_ADMINISTRATOR));

	return (may && can_read) || sim_graph_denied(call);
}

static struct sim_app *find_app(struct sim_call *call, const char *principal_id)
{
	const struct sim_apps *apps = call->world->tenant->apps;
	int64_t seen = sim_clock_now(&call->world->clock) - call->world->switches.replication_s;

	for (size_t i = 0; i < apps->count; i++) {
		struct sim_app *app = apps->items[i];

		if (app->principal_id && strcasecmp(app->principal_id, principal_id) == 0 &&
		    app->principal_created <= seen) {
			return app;
		}
	}
	return NULL;
}

static bool refuse(struct sim_call *call, const char *why)
{
	return sim_graph_error(call, 400, "Request_BadRequest", "%s", why);
}

/** What a client asks to be granted. */
struct wish {
	struct sim_app *app;
	const char *value;
};

static bool read_wish(struct sim_call *call, const cJSON *json, const char *path_id,
		      struct wish *ret_wish)
{
	const char *principal = sim_json_get_string(json, "principalId", "");
	const char *resource = sim_json_get_string(json, "resourceId", "");
	const char *role = sim_json_get_string(json, "appRoleId", "");
	uint8_t guid[SIM_GUID_SIZE];

	if (!sim_guid_parse(principal, guid) || !sim_guid_parse(resource, guid) ||
	    !sim_guid_parse(role, guid)) {
		return refuse(call, "One or more properties are invalid.");
	}
	if (strcasecmp(path_id, principal) != 0 && strcasecmp(path_id, resource) != 0) {
		return refuse(call, "Not a valid reference update.");
	}
	ret_wish->app = find_app(call, principal);
	if (!ret_wish->app) {
		return sim_graph_not_found(call, principal);
	}
	ret_wish->value = sim_permission_role_by_id(role);
	if (strcasecmp(resource, graph_id(call)) != 0 || !ret_wish->value) {
		return refuse(call, "Permission being assigned was not found on application.");
	}
	return true;
}

static const struct sim_role *find_role(const struct sim_app *app, const char *value)
{
	for (size_t i = 0; i < app->role_count; i++) {
		if (strcmp(app->roles[i].value, value) == 0) {
			return &app->roles[i];
		}
	}
	return NULL;
}

static void answer_granted(struct sim_call *call, const struct wish *wish)
{
	struct sim_json json = {.out = call->response->body};
	const struct assignment made = {wish->app, find_role(wish->app, wish->value),
					graph_id(call)};

	call->response->status = 201;
	sim_json_object(&json);
	sim_json_put_string(&json, "@odata.context",
			    sim_printf(call->request, "%s/$metadata#appRoleAssignments/$entity",
				       sim_call_base(call)));
	write_assignment(&json, call, &made);
	sim_json_object_end(&json);
}

void sim_assignments_create(struct sim_call *call)
{
	const char *path_id = NULL;
	const cJSON *json = NULL;
	struct wish wish = {.app = NULL};

	if (!may_grant(call) || !(path_id = find_principal(call)) || !sim_body_read(call, &json) ||
	    !read_wish(call, json, path_id, &wish)) {
		return;
	}
	if (find_role(wish.app, wish.value)) {
		if (call->world->switches.duplicate_is_conflict) {
			sim_graph_error(call, 409, "Request_MultipleObjectsWithSameKeyValue",
					"EntitlementGrant entry already exists.");
		} else {
			refuse(call, "Permission being assigned already exists on the object");
		}
		return;
	}
	if (!sim_app_grant(wish.app, wish.value, sim_clock_now(&call->world->clock))) {
		refuse(call, "There are too many permissions.");
		return;
	}
	answer_granted(call, &wish);
}

void sim_assignments_delete(struct sim_call *call)
{
	const struct sim_apps *apps = call->world->tenant->apps;

	if (!may_grant(call) || !find_principal(call)) {
		return;
	}
	for (size_t i = 0; i < apps->count; i++) {
		struct sim_app *app = apps->items[i];

		for (size_t r = 0; app->principal_id && r < app->role_count; r++) {
			const char *id = assignment_id(call->request, app, app->roles[r].value);

			if (strcmp(id, call->keys[1]) == 0) {
				sim_app_revoke(app, app->roles[r].value);
				call->response->status = 204;
				return;
			}
		}
	}
	sim_graph_not_found(call, call->keys[1]);
}
