/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tenant from its JSON file. */
#include "config.h"

#include "sim/store/tenant.h"

#include <libgen.h>
#include <string.h>
#include <strings.h>

#include "sim/identity/principal.h"
#include "sim/store/object_json.h"
#include "sim/store/directory_sync.h"
#include "sim/store/settings.h"
#include "sim/util/file.h"

bool sim_tenant_is_named(const struct sim_tenant *tenant, const char *name)
{
	if (strcasecmp(tenant->id, name) == 0) {
		return true;
	}
	for (size_t i = 0; i < tenant->domain_count; i++) {
		if (strcasecmp(tenant->domains[i].name, name) == 0) {
			return true;
		}
	}
	return false;
}

static bool load_domains(struct sim_tenant *tenant, const cJSON *list, struct sim_err *err)
{
	const cJSON *item = NULL;

	tenant->domains =
		sim_new_array(tenant, struct sim_domain, (size_t)cJSON_GetArraySize(list) + 1);
	cJSON_ArrayForEach(item, list)
	{
		struct sim_domain *domain = &tenant->domains[tenant->domain_count];
		const char *name = cJSON_IsString(item) ? item->valuestring
							: sim_json_get_string(item, "name", NULL);

		if (!name) {
			return sim_fail(err, "A domain must be a string or have a name.");
		}
		domain->name = sim_strdup(tenant, name);
		domain->is_default =
			sim_json_get_bool(item, "isDefault", tenant->domain_count == 0);
		domain->is_initial = sim_json_get_bool(item, "isInitial", false);
		tenant->domain_count++;
	}
	return true;
}

static bool load_hosts(struct sim_tenant *tenant, const cJSON *list, struct sim_err *err)
{
	const cJSON *item = NULL;

	tenant->graph_hosts = sim_new_array(tenant, char *, (size_t)cJSON_GetArraySize(list) + 1);
	cJSON_ArrayForEach(item, list)
	{
		if (!cJSON_IsString(item)) {
			return sim_fail(err, "A name in graphHosts must be a string.");
		}
		tenant->graph_hosts[tenant->graph_host_count++] =
			sim_strdup(tenant, item->valuestring);
	}
	return true;
}

static bool load_object(struct sim_store *store, enum sim_type type, const cJSON *json,
			struct sim_err *err)
{
	const char *state = sim_json_get_string(json, "state", "live");
	uint8_t id[SIM_GUID_SIZE];
	struct sim_object *object = NULL;

	if (!sim_json_get_guid(json, "id", id, err) || !sim_object_check(type, json, err)) {
		return false;
	}
	if (sim_store_find(store, id)) {
		return sim_fail(err, "Two objects have the id %s.",
				sim_json_get_string(json, "id", ""));
	}
	object = sim_store_add(store, type, id);
	sim_object_apply(store, object, json);
	if (strcmp(state, "softDeleted") == 0) {
		sim_store_soft_delete(store, object);
	} else if (strcmp(state, "deleted") == 0) {
		sim_store_hard_delete(store, object);
	} else if (strcmp(state, "live") != 0) {
		return sim_fail(err, "The state \"%.40s\" is none of live, softDeleted, deleted.",
				state);
	}
	return true;
}

static bool load_objects(struct sim_store *store, const cJSON *root, struct sim_err *err)
{
	for (unsigned type = 0; type < SIM_TYPE_COUNT; type++) {
		const struct sim_type_info *info = sim_type_info((enum sim_type)type);
		const cJSON *item = NULL;

		cJSON_ArrayForEach(item, sim_json_get_array(root, info->collection))
		{
			if (!load_object(store, (enum sim_type)type, item, err)) {
				return false;
			}
		}
	}
	return true;
}

/* Somebody in the list of a group. NULL and a sentence if nobody has that id. */
static struct sim_object *find_end(const struct sim_store *store, const cJSON *item,
				   const char *what, struct sim_err *err)
{
	const char *text = cJSON_IsString(item) ? item->valuestring : "";
	uint8_t id[SIM_GUID_SIZE];
	struct sim_object *object = sim_guid_parse(text, id) ? sim_store_find(store, id) : NULL;

	if (!object || object->state == SIM_GONE) {
		sim_fail(err, "The %s \"%.80s\" of a group is not in the tenant.", what, text);
		return NULL;
	}
	return object;
}

static bool load_owners(struct sim_store *store, struct sim_object *group, const cJSON *json,
			struct sim_err *err)
{
	const cJSON *item = NULL;

	cJSON_ArrayForEach(item, sim_json_get_array(json, "owners"))
	{
		struct sim_object *owner = find_end(store, item, "owner", err);

		if (!owner) {
			return false;
		}
		sim_store_own(group, owner);
	}
	return true;
}

static bool load_links(struct sim_store *store, const cJSON *json, struct sim_err *err)
{
	const cJSON *item = NULL;
	uint8_t id[SIM_GUID_SIZE];
	struct sim_object *group = NULL;

	if (!sim_json_get_guid(json, "id", id, err)) {
		return false;
	}
	group = sim_store_find(store, id);
	if (group->state == SIM_GONE) {
		return true;
	}
	cJSON_ArrayForEach(item, sim_json_get_array(json, "members"))
	{
		struct sim_object *member = find_end(store, item, "member", err);

		if (!member) {
			return false;
		}
		sim_store_link(store, group, member);
	}
	return load_owners(store, group, json, err);
}

static bool load_directory(struct sim_store *store, const cJSON *root, struct sim_err *err)
{
	const cJSON *item = NULL;

	if (!load_objects(store, root, err)) {
		return false;
	}
	cJSON_ArrayForEach(item, sim_json_get_array(root, "groups"))
	{
		if (!load_links(store, item, err)) {
			return false;
		}
	}
	return true;
}

static bool load_apps(struct sim_tenant *tenant, const cJSON *root, const char *folder,
		      struct sim_err *err)
{
	const cJSON *item = NULL;

	tenant->apps = sim_new(tenant, struct sim_apps);
	cJSON_ArrayForEach(item, sim_json_get_array(root, "apps"))
	{
		if (!sim_app_load(tenant->apps, item, folder, err)) {
			return false;
		}
	}
	return true;
}

static bool load_all(struct sim_tenant *tenant, const cJSON *root, const char *folder,
		     struct sim_err *err)
{
	uint8_t id[SIM_GUID_SIZE];

	if (!sim_json_get_guid(root, "tenantId", id, err)) {
		return false;
	}
	sim_guid_format(id, tenant->id);
	tenant->store->organization = sim_printf(tenant->store, "\"%s\"", tenant->id);
	tenant->display_name =
		sim_strdup(tenant, sim_json_get_string(root, "displayName", "Contoso"));
	tenant->region = sim_strdup(tenant, sim_json_get_string(root, "region", "EU"));
	tenant->country = sim_strdup(tenant, sim_json_get_string(root, "country", "DE"));
	tenant->created = sim_strdup(
		tenant, sim_json_get_string(root, "createdDateTime", "2020-01-02T03:04:05Z"));
	tenant->is_synced = sim_json_get_bool(root, "onPremisesSyncEnabled", true);
	return load_domains(tenant, sim_json_get_array(root, "domains"), err) &&
	       load_hosts(tenant, sim_json_get_array(root, "graphHosts"), err) &&
	       sim_directory_sync_load(tenant, cJSON_GetObjectItemCaseSensitive(root, "directorySync"),
				       &tenant->directory_sync, err) &&
	       load_apps(tenant, root, folder, err) &&
	       sim_settings_load(tenant, sim_json_get_array(root, "groupSettings"),
				 &tenant->settings, err) &&
	       load_directory(tenant->store, root, err);
}

bool sim_tenant_parse(const void *ctx, const char *text, size_t length, const char *folder,
		      const struct sim_clock *clock, struct sim_tenant **ret_tenant,
		      struct sim_err *err)
{
	struct sim_tenant *tenant = sim_new(ctx, struct sim_tenant);
	void *tmp = sim_mem_check(talloc_new(tenant));
	const cJSON *root = NULL;
	uint8_t digest[32];
	bool ok = false;

	sim_sha256(text, length, digest);
	memcpy(&tenant->epoch, digest, sizeof(tenant->epoch));
	tenant->store = sim_store_new(tenant, clock);
	tenant->accounts = sim_new(tenant, struct sim_accounts);
	ok = sim_json_parse(tmp, text, length, &root, err) && load_all(tenant, root, folder, err);
	talloc_free(tmp);
	if (ok) {
		sim_principals_add(tenant);
		*ret_tenant = tenant;
	} else {
		talloc_free(tenant);
	}
	return ok;
}

bool sim_tenant_load(const void *ctx, const char *path, const struct sim_clock *clock,
		     struct sim_tenant **ret_tenant, struct sim_err *err)
{
	void *tmp = sim_mem_check(talloc_new(ctx));
	char *text = NULL;
	size_t length = 0;
	bool ok = sim_file_read(tmp, path, &text, &length, err) &&
		  sim_tenant_parse(ctx, text, length, dirname(sim_strdup(tmp, path)), clock,
				   ret_tenant, err);

	talloc_free(tmp);
	return ok;
}
