/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The family /applications. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "sim/graph/body.h"
#include "sim/graph/families.h"
#include "sim/graph/registration.h"
#include "sim/identity/principal.h"

static const char *option(const struct sim_call *call, const char *name)
{
	const char *value = sim_pairs_get(&call->request->query, name);

	return value ? value : sim_pairs_get(&call->request->query, name + 1);
}

static bool check_select(struct sim_call *call, const char *select)
{
	for (const char *p = select; p && *p; p += strcspn(p, ","), p += *p == ',') {
		size_t length = 0;

		p += strspn(p, " ");
		length = strcspn(p, ", ");
		if (!sim_registration_has(p, length)) {
			return sim_graph_error(call, 400, "Request_BadRequest",
					       "Could not find a property named '%.*s' on type "
					       "'microsoft.graph.application'.",
					       (int)length, p);
		}
	}
	return true;
}

static void write_context(struct sim_call *call, struct sim_json *json, const char *select,
			  const char *tail)
{
	sim_json_put_string(json, "@odata.context",
			    sim_printf(call->request, "%s/$metadata#applications%s%s%s%s",
				       sim_call_base(call), select ? "(" : "", select ? select : "",
				       select ? ")" : "", tail));
}

static void answer_one(struct sim_call *call, const struct sim_app *app, const char *select)
{
	struct sim_json json = {.out = call->response->body};

	sim_json_object(&json);
	write_context(call, &json, select, "/$entity");
	sim_registration_write(&json, call->world->tenant, app, select);
	sim_json_object_end(&json);
}

void sim_applications_get(struct sim_call *call)
{
	const char *select = option(call, "$select");
	struct sim_app *app = NULL;

	if (check_select(call, select) && sim_registration_find(call, &app)) {
		answer_one(call, app, select);
	}
}

/* A text between quotes, in which a quote is doubled, that ends with @end; NULL if it is none. */
static char *quoted(const void *ctx, const char *text, const char *end)
{
	char *copy = sim_strdup(ctx, text);
	char *out = copy;

	for (; *text && !(text[0] == '\'' && text[1] != '\''); text++) {
		text += text[0] == '\'';
		*out++ = *text;
	}
	*out = '\0';
	return strcmp(text, end) == 0 ? copy : NULL;
}

/** What $filter asks for: "appId eq 'x'", "displayName eq 'x'", "startswith(displayName,'x')". */
struct filter {
	bool by_name;
	bool is_prefix;
	char *text;
};

static bool read_filter(struct sim_call *call, const char *text, struct filter *filter)
{
	static const struct {
		const char *begin;
		const char *end;
	} forms[] = {{"appId eq '", "'"},
		     {"displayName eq '", "'"},
		     {"startswith(displayName,'", "')"},
		     {"startswith(displayName, '", "')"}};
	size_t form = 0;

	while (form < SIM_ARRAY_SIZE(forms) &&
	       strncasecmp(text, forms[form].begin, strlen(forms[form].begin)) != 0) {
		form++;
	}
	if (form < SIM_ARRAY_SIZE(forms)) {
		filter->by_name = form > 0;
		filter->is_prefix = form > 1;
		filter->text = quoted(call->request, text + strlen(forms[form].begin),
				      forms[form].end);
		if (filter->text) {
			return true;
		}
	}
	return sim_graph_error(call, 400, "Request_UnsupportedQuery",
			       "Unsupported or invalid query filter clause specified for property "
			       "of resource 'Application'.");
}

static bool matches(const struct filter *filter, const struct sim_app *app)
{
	const char *own = filter->by_name ? app->display_name : app->app_id;

	if (app->is_foreign) {
		return false;
	}
	if (!filter->text) {
		return true;
	}
	return filter->is_prefix ? strncasecmp(own, filter->text, strlen(filter->text)) == 0
				 : strcasecmp(own, filter->text) == 0;
}

void sim_applications_list(struct sim_call *call)
{
	const struct sim_tenant *tenant = call->world->tenant;
	const char *select = option(call, "$select");
	const char *text = option(call, "$filter");
	struct sim_json json = {.out = call->response->body};
	struct filter filter = {.text = NULL};

	if (!check_select(call, select) || (text && !read_filter(call, text, &filter))) {
		return;
	}
	sim_json_object(&json);
	write_context(call, &json, select, "");
	sim_json_key(&json, "value");
	sim_json_array(&json);
	for (size_t i = 0; i < tenant->apps->count; i++) {
		if (matches(&filter, tenant->apps->items[i])) {
			sim_json_object(&json);
			sim_registration_write(&json, tenant, tenant->apps->items[i], select);
			sim_json_object_end(&json);
		}
	}
	sim_json_array_end(&json);
	sim_json_object_end(&json);
}

/* Members may register apps (default of a tenant), administrators may, apps with the role may. */
static bool may_create(struct sim_call *call)
{
	if (!sim_call_is_delegated(call) || sim_registration_is_admin(call) ||
	    call->world->switches.users_register_apps) {
		return true;
	}
	return sim_graph_denied(call);
}

static void location(struct sim_call *call, const char *id, const char *type)
{
	sim_response_header(
		call->response, "Location",
		sim_printf(call->response,
			   "%s/v2/%s/directoryObjects/%s/Microsoft.DirectoryServices.%s",
			   call->request->origin, call->world->tenant->id, id, type));
}

static struct sim_app *make_app(struct sim_call *call, const cJSON *json)
{
	struct sim_tenant *tenant = call->world->tenant;
	uint8_t id[SIM_GUID_SIZE];
	struct sim_app *app = NULL;

	sim_rng_guid(&call->world->rng, id);
	app = sim_app_new(tenant->apps, id, sim_json_get_string(json, "displayName", ""));
	sim_rng_guid_text(&call->world->rng, app->object_id);
	app->created = sim_clock_now(&call->world->clock);
	app->owner_id = sim_strdup(app, sim_call_caller(call));
	sim_registration_apply(app, json);
	return app;
}

void sim_applications_create(struct sim_call *call)
{
	struct sim_apps *apps = call->world->tenant->apps;
	const cJSON *json = NULL;
	const cJSON *keys = NULL;
	struct sim_app *app = NULL;

	if (!may_create(call) || !sim_body_read(call, &json) ||
	    !sim_registration_check(call, json)) {
		return;
	}
	if (!sim_json_get_string(json, "displayName", NULL)) {
		sim_graph_error(call, 400, "Request_BadRequest",
				"A value is required for property 'displayName' of resource "
				"'Application'.");
		return;
	}
	if (apps->count >= SIM_APP_MAX) {
		sim_graph_error(call, 403, "Directory_QuotaExceeded",
				"The directory object quota limit for the Tenant has been "
				"exceeded.");
		return;
	}
	app = make_app(call, json);
	keys = cJSON_GetObjectItemCaseSensitive(json, "keyCredentials");
	if (keys && !sim_key_credentials_set(call, app, keys)) {
		sim_app_remove(apps, app);
		return;
	}
	call->response->status = 201;
	location(call, app->object_id, "Application");
	answer_one(call, app, NULL);
}

void sim_applications_patch(struct sim_call *call)
{
	const cJSON *json = NULL;
	const cJSON *keys = NULL;
	struct sim_app *app = NULL;

	if (!sim_registration_find(call, &app) || !sim_registration_may_change(call, app) ||
	    !sim_body_read(call, &json) || !sim_registration_check(call, json)) {
		return;
	}
	keys = cJSON_GetObjectItemCaseSensitive(json, "keyCredentials");
	if (keys && !sim_key_credentials_set(call, app, keys)) {
		return;
	}
	sim_registration_apply(app, json);
	call->response->status = 204;
}

static void drop_principal(struct sim_tenant *tenant, const struct sim_app *app)
{
	struct sim_object *object =
		app->principal_id ? sim_principal_find(tenant, app->app_id) : NULL;

	if (object) {
		sim_store_hard_delete(tenant->store, object);
	}
}

/* The service principal of the home tenant goes with the registration. */
void sim_applications_delete(struct sim_call *call)
{
	struct sim_tenant *tenant = call->world->tenant;
	struct sim_app *app = NULL;

	if (sim_registration_find(call, &app) && sim_registration_may_change(call, app)) {
		drop_principal(tenant, app);
		sim_app_remove(tenant->apps, app);
		call->response->status = 204;
	}
}
