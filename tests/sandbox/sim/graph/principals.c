/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Service principals are made and removed. */
#include "config.h"

#include "sim/identity/principal.h"

#include <string.h>

#include "sim/graph/body.h"
#include "sim/graph/collection.h"
#include "sim/graph/families.h"
#include "sim/graph/registration.h"
#include "sim/store/object_json.h"

/* A registration is not seen by the part that makes principals before it is replicated. */
static struct sim_app *find_app(struct sim_call *call, const char *app_id)
{
	struct sim_app *app = sim_app_find(call->world->tenant->apps, app_id);
	int64_t now = sim_clock_now(&call->world->clock);

	if (app && (!app->created || now >= app->created + call->world->switches.replication_s)) {
		return app;
	}
	sim_graph_error(call, 400, "Request_BadRequest",
			"The appId '%s' of the service principal does not reference a valid "
			"application object.",
			app_id);
	return NULL;
}

static bool check_free(struct sim_call *call, const struct sim_app *app)
{
	if (!app->principal_id) {
		return true;
	}
	return sim_graph_error(call, 409, "Request_MultipleObjectsWithSameKeyValue",
			       "The service principal cannot be created, updated, or restored "
			       "because the service principal name %s is already in use.",
			       app->app_id);
}

static bool check_body(struct sim_call *call, const cJSON *json)
{
	struct sim_err err;

	if (!sim_json_get_string(json, "appId", NULL)) {
		return sim_graph_error(call, 400, "Request_BadRequest",
				       "A value is required for property 'appId' of resource "
				       "'ServicePrincipal'.");
	}
	return sim_object_check(SIM_PRINCIPAL, json, &err) ||
	       sim_graph_error(call, 400, "Request_BadRequest", "%s", err.text);
}

static void make(struct sim_call *call, struct sim_app *app, const cJSON *json)
{
	struct sim_tenant *tenant = call->world->tenant;
	struct sim_object *object = NULL;
	uint8_t id[SIM_GUID_SIZE];

	sim_rng_guid(&call->world->rng, id);
	object = sim_principal_new(tenant, app, id);
	sim_object_apply(tenant->store, object, json);
	app->principal_created = sim_clock_now(&call->world->clock);
	call->response->status = 201;
	sim_response_header(call->response, "Location",
			    sim_printf(call->response,
				       "%s/v2/%s/directoryObjects/%s/Microsoft.DirectoryServices."
				       "ServicePrincipal",
				       call->request->origin, tenant->id, app->principal_id));
	call->keys[0] = app->principal_id;
	sim_collection_get(call, SIM_PRINCIPAL);
}

void sim_principals_create(struct sim_call *call)
{
	const cJSON *json = NULL;
	struct sim_app *app = NULL;

	if (!sim_body_read(call, &json) || !check_body(call, json)) {
		return;
	}
	app = find_app(call, sim_json_get_string(json, "appId", ""));
	if (app && sim_registration_may_change(call, app) && check_free(call, app)) {
		make(call, app, json);
	}
}

void sim_principals_delete(struct sim_call *call)
{
	struct sim_tenant *tenant = call->world->tenant;
	struct sim_object *object = NULL;
	struct sim_app *app = NULL;

	if (!sim_call_find(call, 0, SIM_PRINCIPAL, &object)) {
		return;
	}
	app = sim_principal_app(tenant, object);
	if (app ? !sim_registration_may_change(call, app)
		: !sim_registration_is_admin(call) && !sim_graph_denied(call)) {
		return;
	}
	sim_store_hard_delete(tenant->store, object);
	if (app) {
		TALLOC_FREE(app->principal_id);
		app->role_count = 0;
	}
	call->response->status = 204;
}
