/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tokens for a person. */
#include "config.h"

#include "sim/identity/delegation.h"

#include <string.h>
#include <strings.h>

#include "sim/identity/audience.h"
#include "sim/identity/credential.h"
#include "sim/identity/jwt.h"
#include "sim/identity/permissions.h"
#include "sim/identity/session.h"

static bool invalid_scope(struct sim_sts *sts, const char *text)
{
	return sim_sts_error(sts, "invalid_scope", 70011,
			     "The provided request must include a 'scope' input parameter. The "
			     "provided value for the input parameter 'scope' is not valid. The "
			     "scope %s is not valid.",
			     text);
}

/* "https://graph.example/User.Read": the resource up to the last slash, then the permission. */
static bool read_resource(struct sim_sts *sts, const void *ctx, const char *word,
			  struct sim_scope *scope, const char **ret_name)
{
	const char *slash = strrchr(word, '/');
	char *resource = NULL;

	*ret_name = word;
	if (!slash) {
		return true;
	}
	*ret_name = slash + 1;
	resource = sim_strndup(ctx, word, (size_t)(slash - word));
	if (!sim_audience_is_graph(sts->world, resource, sts->request->host)) {
		return sim_sts_error(
			sts, "invalid_resource", 500011,
			"The resource principal named %s was not found in the tenant named %s. "
			"This can happen if the application has not been installed by the "
			"administrator of the tenant or consented to by any user in the tenant. "
			"You might have sent your authentication request to the wrong tenant.",
			resource, sts->world->tenant->display_name);
	}
	scope->prefix = sim_printf(ctx, "%s/", resource);
	return true;
}

static bool read_word(struct sim_sts *sts, const void *ctx, const char *word,
		      struct sim_scope *scope)
{
	const char *name = NULL;
	bool *flag = strcmp(word, "openid") == 0           ? &scope->openid
		     : strcmp(word, "profile") == 0        ? &scope->profile
		     : strcmp(word, "email") == 0          ? &scope->email
		     : strcmp(word, "offline_access") == 0 ? &scope->offline
							   : NULL;

	if (flag) {
		*flag = true;
		return true;
	}
	if (!read_resource(sts, ctx, word, scope, &name)) {
		return false;
	}
	if (strcmp(name, ".default") == 0) {
		scope->is_default = true;
		return true;
	}
	if (!name[0] || strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz."
				     "0123456789-_") != strlen(name)) {
		return invalid_scope(sts, word);
	}
	scope->names = sim_mem_check(talloc_asprintf_append_buffer(
		scope->names, "%s%s", scope->names[0] ? " " : "", name));
	return true;
}

bool sim_scope_read(struct sim_sts *sts, const void *ctx, const char *text,
		    struct sim_scope *ret_scope)
{
	*ret_scope =
		(struct sim_scope){.names = sim_strdup(ctx, ""), .prefix = sim_strdup(ctx, "")};
	for (const char *p = text + strspn(text, " "); *p; p += strspn(p, " ")) {
		size_t length = strcspn(p, " ");

		if (!read_word(sts, ctx, sim_strndup(ctx, p, length), ret_scope)) {
			return false;
		}
		p += length;
	}
	if (ret_scope->is_default && ret_scope->names[0]) {
		return sim_sts_error(sts, "invalid_scope", 70011,
				     "The provided value for the input parameter 'scope' is not "
				     "valid. .default scope can't be combined with "
				     "resource-specific scopes.");
	}
	return true;
}

void sim_scope_copy(const void *ctx, const struct sim_scope *scope, struct sim_scope *ret_copy)
{
	*ret_copy = *scope;
	ret_copy->names = sim_strdup(ctx, scope->names);
	ret_copy->prefix = sim_strdup(ctx, scope->prefix);
}

struct sim_object *sim_user_find(const struct sim_world *world, const char *name)
{
	const struct sim_object_list *list = &world->tenant->store->types[SIM_USER];
	int prop = sim_prop_find(SIM_USER, "userPrincipalName");
	uint8_t id[SIM_GUID_SIZE];
	size_t length = strlen(name);

	if (sim_guid_parse(name, id)) {
		struct sim_object *user = sim_store_find(world->tenant->store, id);

		return user && user->type == SIM_USER && user->state == SIM_LIVE ? user : NULL;
	}
	for (uint32_t i = 0; i < list->count; i++) {
		const char *json = sim_object_get(list->items[i], prop);

		if (list->items[i]->state == SIM_LIVE && json && strlen(json) == length + 2 &&
		    strncasecmp(json + 1, name, length) == 0) {
			return list->items[i];
		}
	}
	return NULL;
}

const char *sim_user_text(const void *ctx, const struct sim_object *user, const char *name,
			  const char *fallback)
{
	const char *json = sim_object_get(user, sim_prop_find(SIM_USER, name));
	const cJSON *value = NULL;
	struct sim_err ignored;

	if (!json || !sim_json_parse(ctx, json, strlen(json), &value, &ignored) ||
	    !cJSON_IsString(value)) {
		return fallback;
	}
	return value->valuestring;
}

static bool is_consented(const struct sim_app *app, const char *name, size_t length)
{
	if (!app->is_scope_limited) {
		return true;
	}
	for (size_t i = 0; i < app->scope_count; i++) {
		if (strlen(app->scopes[i]) == length &&
		    strncmp(app->scopes[i], name, length) == 0) {
			return true;
		}
	}
	return false;
}

/* What was asked for and is consented now; separated by spaces, each behind @prefix. */
static char *granted(const void *ctx, const struct sim_app *app, const struct sim_scope *scope,
		     const char *prefix)
{
	char *list = sim_strdup(ctx, "");

	if (scope->is_default) {
		for (size_t i = 0; i < app->scope_count; i++) {
			list = sim_mem_check(talloc_asprintf_append_buffer(
				list, "%s%s%s", i ? " " : "", prefix, app->scopes[i]));
		}
		return list[0] ? list : sim_printf(ctx, "%sUser.Read", prefix);
	}
	for (const char *p = scope->names; *p; p += strspn(p, " ")) {
		size_t length = strcspn(p, " ");

		if (is_consented(app, p, length)) {
			list = sim_mem_check(talloc_asprintf_append_buffer(
				list, "%s%s%.*s", list[0] ? " " : "", prefix, (int)length, p));
		}
		p += length;
	}
	return list;
}

static char *with_identity(const void *ctx, const char *list, const struct sim_scope *scope)
{
	return sim_printf(ctx, "%s%s%s%s", list,
			  scope->openid ? (list[0] ? " openid" : "openid") : "",
			  scope->profile ? " profile" : "", scope->email ? " email" : "");
}

static bool check_person(struct sim_sts *sts, const struct sim_delegation *delegation,
			 const struct sim_object **ret_user)
{
	const struct sim_object *user = sim_user_find(sts->world, delegation->person);
	const char *enabled = NULL;

	if (!user) {
		return sim_sts_error(sts, "invalid_grant", 50034,
				     "The user account %s does not exist in the %s directory. To "
				     "sign into this application, the account must be added to the "
				     "directory.",
				     delegation->person, sts->world->tenant->id);
	}
	enabled = sim_object_get(user, sim_prop_find(SIM_USER, "accountEnabled"));
	if (enabled && strcmp(enabled, "false") == 0) {
		return sim_sts_error(sts, "invalid_grant", 50057, "The user account is disabled.");
	}
	*ret_user = user;
	return true;
}

static void put_client_info(struct sim_sts *sts, struct sim_json *json, const char *person)
{
	const char *wanted = sim_sts_param(sts, "client_info");
	char *text = NULL;

	if (wanted && strcmp(wanted, "1") == 0) {
		text = sim_printf(sts->response, "{\"uid\":\"%s\",\"utid\":\"%s\"}", person,
				  sts->world->tenant->id);
		sim_json_put_string(json, "client_info",
				    sim_base64url(sts->response, text, strlen(text)));
	}
}

static void write_answer(struct sim_sts *sts, const struct sim_delegation *delegation,
			 const struct sim_grant *grant)
{
	const struct sim_scope *scope = delegation->asked;
	struct sim_json json = {.out = sts->response->body};

	sim_json_object(&json);
	sim_json_put_string(&json, "token_type", "Bearer");
	sim_json_put_string(
		&json, "scope",
		with_identity(sts->response,
			      granted(sts->response, delegation->app, scope, scope->prefix),
			      scope));
	sim_json_put_int(&json, "expires_in", grant->lifetime_s);
	sim_json_put_int(&json, "ext_expires_in", grant->lifetime_s);
	sim_json_put_string(&json, "access_token",
			    sim_access_token_new(sts->response, sts->world, grant));
	if (scope->offline) {
		sim_json_put_string(&json, "refresh_token",
				    sim_refresh_new(sts->world, delegation));
	}
	if (scope->openid) {
		sim_json_put_string(&json, "id_token",
				    sim_id_token_new(sts->response, sts->world, grant));
	}
	put_client_info(sts, &json, delegation->person);
	sim_json_object_end(&json);
}

void sim_delegation_issue(struct sim_sts *sts, const struct sim_delegation *delegation)
{
	const struct sim_app *app = delegation->app;
	const struct sim_scope *scope = delegation->asked;
	char *list = granted(sts->response, app, scope, "");
	struct sim_grant grant = {.app = app,
				  .origin = sts->request->origin,
				  .audience = scope->prefix[0]
						      ? sim_strndup(sts->response, scope->prefix,
								    strlen(scope->prefix) - 1)
						      : SIM_GRAPH_APP_ID,
				  .scopes = with_identity(sts->response, list, scope),
				  .lifetime_s = sim_sts_lifetime(sts)};

	if (!check_person(sts, delegation, &grant.user)) {
		return;
	}
	if (!list[0] && (scope->names[0] || scope->is_default)) {
		sts->suberror = "consent_required";
		sim_sts_error(sts, "invalid_grant", 65001,
			      "The user or administrator has not consented to use the application "
			      "with ID '%s' named '%s'. Send an interactive authorization request "
			      "for this user and resource.",
			      app->app_id, app->display_name);
		return;
	}
	write_answer(sts, delegation, &grant);
}
