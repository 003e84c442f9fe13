/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The app registrations of the tenant. */
#include "config.h"

#include "sim/identity/app.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

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

/* Ids that nobody chose: the same in every run. */
static void derive_id(const char *a, const char *b, char ret_id[SIM_GUID_TEXT])
{
	char *text = sim_printf(NULL, "%s %s", a, b);
	uint8_t digest[32];

	sim_sha256(text, strlen(text), digest);
	sim_guid_format(digest, ret_id);
	talloc_free(text);
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

/* A copy of the strings below @app. NULL and a sentence if one is no string. */
static char **read_strings(struct sim_app *app, const cJSON *list, const char *what,
			   struct sim_err *err)
{
	const cJSON *item = NULL;
	char **strings = NULL;
	size_t count = 0;

	if (!check_list(list, what, err)) {
		return NULL;
	}
	strings = sim_new_array(app, char *, SIM_APP_ITEM_MAX);
	cJSON_ArrayForEach(item, list)
	{
		if (!cJSON_IsString(item)) {
			talloc_free(strings);
			sim_fail(err, "The %s of an app must be strings.", what);
			return NULL;
		}
		strings[count++] = sim_strdup(strings, item->valuestring);
	}
	return strings;
}

bool sim_app_grant(struct sim_app *app, const char *value, int64_t now)
{
	for (size_t i = 0; i < app->role_count; i++) {
		if (strcmp(app->roles[i].value, value) == 0) {
			return true;
		}
	}
	if (app->role_count == SIM_APP_ITEM_MAX) {
		return false;
	}
	app->roles = sim_resize(app, app->roles, struct sim_role, app->role_count + 1);
	app->roles[app->role_count++] =
		(struct sim_role){.value = sim_strdup(app->roles, value), .granted = now};
	return true;
}

void sim_app_revoke(struct sim_app *app, const char *value)
{
	for (size_t i = 0; i < app->role_count; i++) {
		if (strcmp(app->roles[i].value, value) == 0) {
			memmove(&app->roles[i], &app->roles[i + 1],
				(app->role_count - i - 1) * sizeof(app->roles[0]));
			app->role_count--;
			return;
		}
	}
}

bool sim_app_set_roles(struct sim_app *app, const cJSON *list, struct sim_err *err)
{
	char **names = read_strings(app, list, "roles", err);
	size_t count = names ? (size_t)cJSON_GetArraySize(list) : 0;
	bool ok = names != NULL;

	if (ok) {
		TALLOC_FREE(app->roles);
		app->role_count = 0;
	}
	for (size_t i = 0; i < count; i++) {
		ok = ok && sim_app_grant(app, names[i], 0);
	}
	talloc_free(names);
	return ok;
}

bool sim_app_set_scopes(struct sim_app *app, const cJSON *list, struct sim_err *err)
{
	char **names = read_strings(app, list, "scopes", err);

	if (!names) {
		return false;
	}
	talloc_free(app->scopes);
	app->scopes = names;
	app->scope_count = (size_t)cJSON_GetArraySize(list);
	app->is_scope_limited = true;
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
		derive_id(app->object_id, value, secrets[count].key_id);
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
		sim_guid_format(certs[count]->sha256, certs[count]->key_id);
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
	const cJSON *scopes = cJSON_GetObjectItemCaseSensitive(json, "scopes");
	const cJSON *secrets = cJSON_GetObjectItemCaseSensitive(json, "secrets");
	const cJSON *certs = cJSON_GetObjectItemCaseSensitive(json, "certificates");

	return (!roles || sim_app_set_roles(app, roles, err)) &&
	       (!scopes || sim_app_set_scopes(app, scopes, err)) &&
	       (!secrets || sim_app_set_secrets(app, secrets, err)) &&
	       (!certs || sim_app_set_certs(app, certs, folder, err));
}

static bool load_managed(struct sim_app *app, const cJSON *json, struct sim_err *err)
{
	const char *kind = sim_json_get_string(json, "managedIdentity", "no");

	if (strcmp(kind, "system") == 0) {
		app->managed = SIM_SYSTEM_ASSIGNED;
	} else if (strcmp(kind, "user") == 0) {
		app->managed = SIM_USER_ASSIGNED;
	} else if (strcmp(kind, "no") != 0) {
		return sim_fail(err,
				"The managedIdentity \"%.40s\" of an app is neither "
				"\"system\" nor \"user\".",
				kind);
	}
	/* A managed identity has no registration, only a service principal. */
	app->is_foreign = app->managed != SIM_NOT_MANAGED;
	return true;
}

struct sim_app *sim_app_new(struct sim_apps *apps, const uint8_t app_id[SIM_GUID_SIZE],
			    const char *display_name)
{
	struct sim_app *app = sim_new(apps, struct sim_app);

	app->app_id = sim_mem_check(talloc_size(app, SIM_GUID_TEXT));
	sim_guid_format(app_id, app->app_id);
	app->display_name = sim_strdup(app, display_name);
	derive_id(app->app_id, "registration", app->object_id);
	apps->items = sim_resize(apps, apps->items, struct sim_app *, apps->count + 1);
	apps->items[apps->count++] = app;
	return app;
}

void sim_app_remove(struct sim_apps *apps, struct sim_app *app)
{
	for (size_t i = 0; i < apps->count; i++) {
		if (apps->items[i] == app) {
			memmove(&apps->items[i], &apps->items[i + 1],
				(apps->count - i - 1) * sizeof(apps->items[0]));
			apps->count--;
			break;
		}
	}
	talloc_free(app);
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
	app = sim_app_new(apps, guid, sim_json_get_string(json, "displayName", app_id));
	/* A principal that nobody names gets an id that differs from the client id. */
	guid[15] = (uint8_t)(guid[15] ^ 0xFF);
	app->principal_id = sim_mem_check(talloc_size(app, SIM_GUID_TEXT));
	sim_guid_format(guid, app->principal_id);
	app->disabled = sim_json_get_bool(json, "disabled", false);
	app->is_public = sim_json_get_bool(json, "publicClient", false);
	app->is_multi_tenant = sim_json_get_bool(json, "multiTenant", false);
	if (!load_managed(app, json, err) || !load_lists(app, json, folder, err)) {
		sim_app_remove(apps, app);
		return false;
	}
	return true;
}
