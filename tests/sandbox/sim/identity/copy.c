/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Copies of what the identity platform knows of a tenant. */
#include "config.h"

#include "sim/identity/copy.h"

/* A text that may be missing. */
static char *copy_text(const void *ctx, const char *text)
{
	return text ? sim_strdup(ctx, text) : NULL;
}

static void copy_secrets(struct sim_app *app, const struct sim_app *from)
{
	app->secrets = sim_new_array(app, struct sim_secret, SIM_APP_ITEM_MAX);
	for (size_t i = 0; i < from->secret_count; i++) {
		app->secrets[i] = from->secrets[i];
		app->secrets[i].value = sim_strdup(app->secrets, from->secrets[i].value);
		app->secrets[i].display_name =
			copy_text(app->secrets, from->secrets[i].display_name);
	}
}

static void copy_certs(struct sim_app *app, const struct sim_app *from)
{
	app->certs = sim_new_array(app, struct sim_cert *, SIM_APP_ITEM_MAX);
	for (size_t i = 0; i < from->cert_count; i++) {
		app->certs[i] = sim_cert_copy(app->certs, from->certs[i]);
	}
}

static void copy_roles(struct sim_app *app, const struct sim_app *from)
{
	app->roles = sim_new_array(app, struct sim_role, from->role_count + 1);
	for (size_t i = 0; i < from->role_count; i++) {
		app->roles[i] = from->roles[i];
		app->roles[i].value = sim_strdup(app->roles, from->roles[i].value);
	}
}

static void copy_scopes(struct sim_app *app, const struct sim_app *from)
{
	app->scopes = sim_new_array(app, char *, from->scope_count + 1);
	for (size_t i = 0; i < from->scope_count; i++) {
		app->scopes[i] = sim_strdup(app->scopes, from->scopes[i]);
	}
}

static struct sim_app *copy_app(const void *ctx, const struct sim_app *from)
{
	struct sim_app *app = sim_new(ctx, struct sim_app);

	*app = *from;
	app->app_id = sim_strdup(app, from->app_id);
	app->display_name = sim_strdup(app, from->display_name);
	app->principal_id = copy_text(app, from->principal_id);
	app->owner_id = copy_text(app, from->owner_id);
	for (size_t i = 0; i < SIM_APP_EXTRA_MAX; i++) {
		app->extras[i] = copy_text(app, from->extras[i]);
	}
	copy_secrets(app, from);
	copy_certs(app, from);
	copy_roles(app, from);
	copy_scopes(app, from);
	return app;
}

struct sim_apps *sim_apps_copy(const void *ctx, const struct sim_apps *from)
{
	struct sim_apps *apps = sim_new(ctx, struct sim_apps);

	apps->items = sim_new_array(apps, struct sim_app *, from->count + 1);
	apps->count = from->count;
	for (size_t i = 0; i < from->count; i++) {
		apps->items[i] = copy_app(apps, from->items[i]);
	}
	return apps;
}

struct sim_accounts *sim_accounts_copy(const void *ctx, const struct sim_accounts *from)
{
	struct sim_accounts *accounts = sim_new(ctx, struct sim_accounts);

	accounts->items = sim_new_array(accounts, struct sim_account *, from->count + 1);
	accounts->count = from->count;
	for (size_t i = 0; i < from->count; i++) {
		accounts->items[i] = sim_new(accounts, struct sim_account);
		*accounts->items[i] = *from->items[i];
	}
	return accounts;
}

static struct sim_device *copy_device(const void *ctx, const struct sim_device *from)
{
	struct sim_device *device = sim_new(ctx, struct sim_device);

	*device = *from;
	device->code = sim_strdup(device, from->code);
	device->client_id = sim_strdup(device, from->client_id);
	sim_scope_copy(device, &from->scope, &device->scope);
	return device;
}

static struct sim_refresh *copy_refresh(const void *ctx, const struct sim_refresh *from)
{
	struct sim_refresh *refresh = sim_new(ctx, struct sim_refresh);

	*refresh = *from;
	refresh->token = sim_strdup(refresh, from->token);
	refresh->client_id = sim_strdup(refresh, from->client_id);
	sim_scope_copy(refresh, &from->scope, &refresh->scope);
	return refresh;
}

struct sim_sessions *sim_sessions_copy(const void *ctx, const struct sim_sessions *from)
{
	struct sim_sessions *sessions = sim_new(ctx, struct sim_sessions);

	sessions->devices = sim_new_array(sessions, struct sim_device *, from->device_count + 1);
	sessions->device_count = from->device_count;
	for (size_t i = 0; i < from->device_count; i++) {
		sessions->devices[i] = copy_device(sessions, from->devices[i]);
	}
	sessions->refreshes = sim_new_array(sessions, struct sim_refresh *, from->refresh_count + 1);
	sessions->refresh_count = from->refresh_count;
	for (size_t i = 0; i < from->refresh_count; i++) {
		sessions->refreshes[i] = copy_refresh(sessions, from->refreshes[i]);
	}
	return sessions;
}
