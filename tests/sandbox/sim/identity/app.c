/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The app registrations of the tenant. */
#include "config.h"

#include "sim/identity/app.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "sim/util/encode.h"
#include "sim/util/file.h"

struct sim_app *sim_app_find(const struct sim_apps *apps, const char *app_id)
{
	for (size_t i = 0; i < apps->count; i++) {
		if (strcasecmp(apps->items[i]->app_id, app_id) == 0) {
			return apps->items[i];
		}
	}
	return NULL;
}

static bool check_list(const cJSON *list, const char *what, struct sim_err *err)
{
	if (!cJSON_IsArray(list)) {
		return sim_fail(err, "The %s of an app must be an array.", what);
	}
	if (cJSON_GetArraySize(list) > SIM_APP_ITEM_MAX) {
		return sim_fail(err, "An app has more than %d %s.", SIM_APP_ITEM_MAX, what);
	}
	return true;
}

bool sim_app_set_roles(struct sim_app *app, const cJSON *list, struct sim_err *err)
{
	const cJSON *item = NULL;
	char **roles = NULL;
	size_t count = 0;

	if (!check_list(list, "roles", err)) {
		return false;
	}
	roles = sim_new_array(app, char *, SIM_APP_ITEM_MAX);
	cJSON_ArrayForEach(item, list)
	{
		if (!cJSON_IsString(item)) {
			talloc_free(roles);
			return sim_fail(err, "A role of an app must be a string.");
		}
		roles[count++] = sim_strdup(roles, item->valuestring);
	}
	talloc_free(app->roles);
	app->roles = roles;
	app->role_count = count;
	return true;
}

bool sim_app_set_secrets(struct sim_app *app, const cJSON *list, struct sim_err *err)
{
	const cJSON *item = NULL;
	struct sim_secret *secrets = NULL;
	size_t count = 0;

	if (!check_list(list, "secrets", err)) {
		return false;
	}
	secrets = sim_new_array(app, struct sim_secret, SIM_APP_ITEM_MAX);
	cJSON_ArrayForEach(item, list)
	{
		const char *value = cJSON_IsString(item) ? item->valuestring
							 : sim_json_get_string(item, "value", NULL);

		if (!value) {
			talloc_free(secrets);
			return sim_fail(err,
					"A secret of an app must be a string or have a value.");
		}
		secrets[count].value = sim_strdup(secrets, value);
		secrets[count++].expires = sim_json_get_int(item, "expires", 0);
	}
	talloc_free(app->secrets);
	app->secrets = secrets;
	app->secret_count = count;
	return true;
}

static bool load_cert(const void *ctx, const cJSON *item, const char *folder,
		      struct sim_cert **ret_cert, struct sim_err *err)
{
	const char *text = cJSON_IsString(item) ? item->valuestring : "";
	char *path = NULL;
	char *pem = NULL;
	size_t length = 0;

	if (strstr(text, "-----BEGIN")) {
		return sim_cert_parse(ctx, text, ret_cert, err);
	}
	path = text[0] == '/' ? sim_strdup(ctx, text) : sim_printf(ctx, "%s/%s", folder, text);
	if (!sim_file_read(path, path, &pem, &length, err)) {
		return false;
	}
	return sim_cert_parse(ctx, pem, ret_cert, err);
}

bool sim_app_set_certs(struct sim_app *app, const cJSON *list, const char *folder,
		       struct sim_err *err)
{
	const cJSON *item = NULL;
	struct sim_cert **certs = NULL;
	size_t count = 0;

	if (!check_list(list, "certificates", err)) {
		return false;
	}
	certs = sim_new_array(app, struct sim_cert *, SIM_APP_ITEM_MAX);
	cJSON_ArrayForEach(item, list)
	{
		if (!load_cert(certs, item, folder, &certs[count], err)) {
			talloc_free(certs);
			return false;
		}
		count++;
	}
	talloc_free(app->certs);
	app->certs = certs;
	app->cert_count = count;
	return true;
}

static bool load_lists(struct sim_app *app, const cJSON *json, const char *folder,
		       struct sim_err *err)
{
	const cJSON *roles = cJSON_GetObjectItemCaseSensitive(json, "roles");
	const cJSON *secrets = cJSON_GetObjectItemCaseSensitive(json, "secrets");
	const cJSON *certs = cJSON_GetObjectItemCaseSensitive(json, "certificates");

	return (!roles || sim_app_set_roles(app, roles, err)) &&
	       (!secrets || sim_app_set_secrets(app, secrets, err)) &&
	       (!certs || sim_app_set_certs(app, certs, folder, err));
}

bool sim_app_load(struct sim_apps *apps, const cJSON *json, const char *folder, struct sim_err *err)
{
	const char *app_id = sim_json_get_string(json, "appId", "");
	uint8_t guid[SIM_GUID_SIZE];
	struct sim_app *app = NULL;

	if (!sim_guid_parse(app_id, guid) || sim_app_find(apps, app_id)) {
		return sim_fail(err, "The app id \"%s\" is no GUID, or there are two of it.",
				app_id);
	}
	if (apps->count == SIM_APP_MAX) {
		return sim_fail(err, "The tenant has more than %d apps.", SIM_APP_MAX);
	}
	app = sim_new(apps, struct sim_app);
	app->app_id = sim_mem_check(talloc_size(app, SIM_GUID_TEXT));
	sim_guid_format(guid, app->app_id);
	app->display_name = sim_strdup(app, sim_json_get_string(json, "displayName", app_id));
	/* A principal that nobody names gets an id that differs from the client id. */
	guid[15] = (uint8_t)(guid[15] ^ 0xFF);
	app->principal_id = sim_mem_check(talloc_size(app, SIM_GUID_TEXT));
	sim_guid_format(guid, app->principal_id);
	app->disabled = sim_json_get_bool(json, "disabled", false);
	if (!load_lists(app, json, folder, err)) {
		talloc_free(app);
		return false;
	}
	apps->items = sim_resize(apps, apps->items, struct sim_app *, apps->count + 1);
	apps->items[apps->count++] = app;
	return true;
}
