/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Service principals as directory objects. */
#include "config.h"

#include "sim/identity/principal.h"

#include <string.h>
#include <strings.h>

#include "sim/identity/permissions.h"

static void set_raw(struct sim_store *store, struct sim_object *object, const char *name,
		    const char *json)
{
	sim_store_set(store, object, sim_prop_find(SIM_PRINCIPAL, name), json);
}

static void set_text(struct sim_store *store, struct sim_object *object, const char *name,
		     const char *text)
{
	struct sim_buf *json = sim_buf_new(NULL);

	sim_json_quote(json, text);
	set_raw(store, object, name, json->data);
	talloc_free(json);
}

static void set_names(struct sim_store *store, struct sim_object *object, const char *app_id,
		      const char *name)
{
	char *names = sim_printf(NULL, "[\"%s\"]", app_id);

	set_raw(store, object, "accountEnabled", "true");
	set_text(store, object, "appDisplayName", name);
	set_text(store, object, "appId", app_id);
	set_text(store, object, "displayName", name);
	set_raw(store, object, "servicePrincipalNames", names);
	talloc_free(names);
}

struct sim_object *sim_principal_find(const struct sim_tenant *tenant, const char *app_id)
{
	const struct sim_object_list *list = &tenant->store->types[SIM_PRINCIPAL];
	int prop = sim_prop_find(SIM_PRINCIPAL, "appId");
	size_t length = strlen(app_id);

	for (uint32_t i = 0; i < list->count; i++) {
		const char *json = sim_object_get(list->items[i], prop);

		if (list->items[i]->state == SIM_LIVE && json && strlen(json) == length + 2 &&
		    strncasecmp(json + 1, app_id, length) == 0) {
			return list->items[i];
		}
	}
	return NULL;
}

struct sim_app *sim_principal_app(const struct sim_tenant *tenant, const struct sim_object *object)
{
	char id[SIM_GUID_TEXT];

	sim_guid_format(object->id, id);
	for (size_t i = 0; i < tenant->apps->count; i++) {
		struct sim_app *app = tenant->apps->items[i];

		if (app->principal_id && strcmp(app->principal_id, id) == 0) {
			return app;
		}
	}
	return NULL;
}

struct sim_object *sim_principal_new(struct sim_tenant *tenant, struct sim_app *app,
				     const uint8_t id[SIM_GUID_SIZE])
{
	struct sim_object *object = sim_store_add(tenant->store, SIM_PRINCIPAL, id);

	set_names(tenant->store, object, app->app_id, app->display_name);
	set_text(tenant->store, object, "servicePrincipalType",
		 app->managed ? "ManagedIdentity" : "Application");
	set_text(tenant->store, object, "signInAudience",
		 app->is_multi_tenant ? "AzureADMultipleOrgs" : "AzureADMyOrg");
	talloc_free(app->principal_id);
	app->principal_id = sim_mem_check(talloc_size(app, SIM_GUID_TEXT));
	sim_guid_format(id, app->principal_id);
	return object;
}

static void free_id(const struct sim_store *store, const char *text, uint8_t ret_id[SIM_GUID_SIZE])
{
	uint8_t digest[32];

	sim_sha256(text, strlen(text), digest);
	memcpy(ret_id, digest, SIM_GUID_SIZE);
	while (sim_store_find(store, ret_id)) {
		ret_id[SIM_GUID_SIZE - 1]++;
	}
}

static void add_graph(struct sim_tenant *tenant)
{
	struct sim_buf *json = sim_buf_new(NULL);
	struct sim_object *object = NULL;
	uint8_t id[SIM_GUID_SIZE];

	free_id(tenant->store, sim_printf(json, "%s Microsoft Graph", tenant->id), id);
	object = sim_store_add(tenant->store, SIM_PRINCIPAL, id);
	set_names(tenant->store, object, SIM_GRAPH_APP_ID, "Microsoft Graph");
	set_text(tenant->store, object, "servicePrincipalType", "Application");
	set_text(tenant->store, object, "signInAudience", "AzureADMultipleOrgs");
	sim_permissions_write_roles(json);
	set_raw(tenant->store, object, "appRoles", json->data);
	sim_buf_cut(json, 0);
	sim_permissions_write_scopes(json);
	set_raw(tenant->store, object, "oauth2PermissionScopes", json->data);
	talloc_free(json);
}

static void add_cli(struct sim_tenant *tenant)
{
	struct sim_app *app = NULL;
	uint8_t id[SIM_GUID_SIZE];

	if (sim_app_find(tenant->apps, SIM_GRAPH_CLI_APP_ID) ||
	    !sim_guid_parse(SIM_GRAPH_CLI_APP_ID, id)) {
		return;
	}
	app = sim_app_new(tenant->apps, id, "Microsoft Graph Command Line Tools");
	app->is_public = true;
	app->is_multi_tenant = true;
	app->is_foreign = true;
	id[15] ^= 0xFF;
	app->principal_id = sim_mem_check(talloc_size(app, SIM_GUID_TEXT));
	sim_guid_format(id, app->principal_id);
}

void sim_principals_add(struct sim_tenant *tenant)
{
	add_cli(tenant);
	if (!sim_principal_find(tenant, SIM_GRAPH_APP_ID)) {
		add_graph(tenant);
	}
	for (size_t i = 0; i < tenant->apps->count; i++) {
		struct sim_app *app = tenant->apps->items[i];
		struct sim_object *object = sim_principal_find(tenant, app->app_id);
		uint8_t id[SIM_GUID_SIZE];

		if (object) {
			sim_guid_format(object->id, app->principal_id);
		} else if (sim_guid_parse(app->principal_id, id)) {
			if (sim_store_find(tenant->store, id)) {
				free_id(tenant->store, app->app_id, id);
			}
			sim_principal_new(tenant, app, id);
		}
	}
}
