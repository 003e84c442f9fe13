/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Registering the application by Graph. */
#include "config.h"

#include "engine/cloud/application.h"

#include <string.h>
#include <time.h>

#include "engine/base/guid.h"
#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"

/* The directory needs a moment until a new application is known everywhere. */
#define REPLICATION_TRIES    10
#define REPLICATION_PAUSE_MS 2000

/* An id from an answer becomes a part of a path. */
static bool is_id(const char *text)
{
	struct gb_guid guid;

	return text && gb_guid_parse(text, &guid);
}

static enum gb_rc strange(const char *purpose, struct gb_err *err)
{
	return gb_err_set(err, GB_E_PROTOCOL, "application-answer",
			  _("Graph's answer about %s has no usable id."), purpose);
}

static enum gb_rc no_role(const char *role, struct gb_err *err)
{
	gb_err_set(err, GB_E_CONFIG, "application-no-role",
		   _("Microsoft Graph of this cloud does not know the permission %s."), role);
	return gb_err_undone(err, _("The application was not registered."));
}

static const char *find_role(const struct gb_json *roles, const char *name)
{
	for (const struct gb_json *r = gb_json_first(roles); r; r = gb_json_next(r)) {
		const char *value = gb_json_get_text(r, "value");

		if (value && strcmp(value, name) == 0) {
			return gb_json_get_text(r, "id");
		}
	}
	return NULL;
}

static enum gb_rc take_resource(const void *ctx, const struct gb_json *root,
				const char *const *roles, size_t role_count,
				struct gb_application_resource *resource, struct gb_err *err)
{
	const char *id = gb_json_get_text(root, "id");

	if (!is_id(id)) {
		return strange(_("Microsoft Graph"), err);
	}
	*resource = (struct gb_application_resource){.principal_id = gb_strdup(ctx, id)};
	for (size_t i = 0; i < role_count && i < GB_APPLICATION_MAX_ROLES; i++) {
		const char *role = find_role(gb_json_get(root, "appRoles"), roles[i]);

		if (!is_id(role)) {
			return no_role(roles[i], err);
		}
		resource->role_ids[resource->role_count++] = gb_strdup(ctx, role);
	}
	return GB_OK;
}

enum gb_rc gb_application_find_resource(struct gb_entra *entra, const void *ctx,
					const char *const *roles, size_t role_count,
					struct gb_application_resource *ret_resource,
					struct gb_err *err)
{
	static const struct gb_entra_call call = {
		.method = "GET",
		.path = "/v1.0/servicePrincipals(appId='" GB_APPLICATION_GRAPH
			"')?$select=id,appRoles",
		.purpose = "Microsoft Graph",
	};
	struct gb_json_doc *doc;
	enum gb_rc rc = gb_entra_call(entra, ctx, &call, &doc, err);

	if (rc == GB_OK) {
		rc = take_resource(ctx, doc ? gb_json_root(doc) : NULL, roles, role_count,
				   ret_resource, err);
		talloc_free(doc);
	}
	return rc;
}

static void put_time(struct gb_json_writer *w, const char *key, int64_t ms)
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm broken = {0};
	char text[40];

	(void)gmtime_r(&seconds, &broken);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &broken);
	gb_json_put_text(w, key, text);
}

static void put_key(struct gb_json_writer *w, const struct gb_keypair *keypair)
{
	gb_json_begin_array(w, "keyCredentials");
	gb_json_begin_object(w, NULL);
	gb_json_put_text(w, "type", "AsymmetricX509Cert");
	gb_json_put_text(w, "usage", "Verify");
	gb_json_put_text(w, "key", keypair->certificate_base64);
	gb_json_put_text(w, "displayName", "CN=groupback");
	put_time(w, "startDateTime", keypair->begin_ms);
	put_time(w, "endDateTime", keypair->end_ms);
	gb_json_end_object(w);
	gb_json_end_array(w);
}

static void put_access(struct gb_json_writer *w, const struct gb_application_resource *resource)
{
	gb_json_begin_array(w, "requiredResourceAccess");
	gb_json_begin_object(w, NULL);
	gb_json_put_text(w, "resourceAppId", GB_APPLICATION_GRAPH);
	gb_json_begin_array(w, "resourceAccess");
	for (size_t i = 0; i < resource->role_count; i++) {
		gb_json_begin_object(w, NULL);
		gb_json_put_text(w, "id", resource->role_ids[i]);
		gb_json_put_text(w, "type", "Role");
		gb_json_end_object(w);
	}
	gb_json_end_array(w);
	gb_json_end_object(w);
	gb_json_end_array(w);
}

static enum gb_rc take_two(const void *ctx, struct gb_json_doc *doc, const char *purpose,
			   char **ret_object_id, char **ret_client_id, struct gb_err *err)
{
	const struct gb_json *root = doc ? gb_json_root(doc) : NULL;
	const char *object_id = gb_json_get_text(root, "id");
	const char *client_id = gb_json_get_text(root, "appId");
	enum gb_rc rc = GB_OK;

	if (!is_id(object_id) || (ret_client_id && !is_id(client_id))) {
		rc = strange(purpose, err);
	} else {
		*ret_object_id = gb_strdup(ctx, object_id);
		if (ret_client_id) {
			*ret_client_id = gb_strdup(ctx, client_id);
		}
	}
	talloc_free(doc);
	return rc;
}

enum gb_rc gb_application_register(struct gb_entra *entra, const void *ctx, const char *name,
				   const struct gb_application_resource *resource,
				   const struct gb_keypair *keypair, char **ret_object_id,
				   char **ret_client_id, struct gb_err *err)
{
	struct gb_json_writer *w = gb_json_writer_new(NULL, false);
	struct gb_entra_call call = {
		.method = "POST", .path = "/v1.0/applications", .purpose = _("the application")};
	struct gb_json_doc *doc;
	enum gb_rc rc;

	gb_json_begin_object(w, NULL);
	gb_json_put_text(w, "displayName", name);
	gb_json_put_text(w, "signInAudience", "AzureADMyOrg");
	put_access(w, resource);
	put_key(w, keypair);
	gb_json_end_object(w);
	call.body = gb_json_writer_text(w);
	rc = gb_entra_call(entra, ctx, &call, &doc, err);
	talloc_free(w);
	return rc == GB_OK ? take_two(ctx, doc, call.purpose, ret_object_id, ret_client_id, err)
			   : rc;
}

static enum gb_rc find_principal(struct gb_entra *entra, const void *ctx, const char *client_id,
				 char **ret_principal_id, struct gb_err *err)
{
	char *path = gb_printf(NULL, "/v1.0/servicePrincipals(appId='%s')?$select=id", client_id);
	struct gb_entra_call call = {
		.method = "GET", .path = path, .purpose = _("the service principal")};
	struct gb_json_doc *doc;
	enum gb_rc rc = gb_entra_call(entra, ctx, &call, &doc, err);

	talloc_free(path);
	return rc == GB_OK ? take_two(ctx, doc, call.purpose, ret_principal_id, NULL, err) : rc;
}

static enum gb_rc post_principal(struct gb_entra *entra, const void *ctx, const char *client_id,
				 char **ret_principal_id, struct gb_err *err)
{
	char *body = gb_printf(NULL, "{\"appId\":\"%s\"}", client_id);
	struct gb_entra_call call = {.method = "POST",
				     .path = "/v1.0/servicePrincipals",
				     .body = body,
				     .purpose = _("the service principal")};
	struct gb_json_doc *doc;
	enum gb_rc rc = gb_entra_call(entra, ctx, &call, &doc, err);

	talloc_free(body);
	return rc == GB_OK ? take_two(ctx, doc, call.purpose, ret_principal_id, NULL, err) : rc;
}

/* Replication: a new application is "not there" (400, 404) for a while. */
static bool may_not_be_there_yet(const struct gb_err *err)
{
	return err->native == 400 || err->native == 404;
}

enum gb_rc gb_application_make_principal(struct gb_entra *entra, const void *ctx,
					 const char *client_id, char **ret_principal_id,
					 struct gb_err *err)
{
	enum gb_rc rc = find_principal(entra, ctx, client_id, ret_principal_id, err);

	if (rc == GB_OK || !may_not_be_there_yet(err)) {
		return rc;
	}
	for (int tries = 1;; tries++) {
		struct gb_err not_found;

		rc = post_principal(entra, ctx, client_id, ret_principal_id, err);
		if (rc == GB_OK || !may_not_be_there_yet(err) || tries == REPLICATION_TRIES) {
			return rc;
		}
		/* 400 may also mean that an earlier try, whose answer was lost, has made it. */
		if (find_principal(entra, ctx, client_id, ret_principal_id, &not_found) == GB_OK) {
			return GB_OK;
		}
		gb_entra_sleep(entra, REPLICATION_PAUSE_MS);
	}
}

static bool is_assigned(const struct gb_json *list, const char *resource_id, const char *role_id)
{
	for (const struct gb_json *a = gb_json_first(list); a; a = gb_json_next(a)) {
		const char *resource = gb_json_get_text(a, "resourceId");
		const char *role = gb_json_get_text(a, "appRoleId");

		if (resource && role && strcmp(resource, resource_id) == 0 &&
		    strcmp(role, role_id) == 0) {
			return true;
		}
	}
	return false;
}

static enum gb_rc assign(struct gb_entra *entra, const char *principal_id,
			 const struct gb_application_resource *resource, size_t role,
			 struct gb_err *err)
{
	char *path = gb_printf(NULL, "/v1.0/servicePrincipals/%s/appRoleAssignedTo",
			       resource->principal_id);
	char *body = gb_printf(path,
			       "{\"principalId\":\"%s\",\"resourceId\":\"%s\",\"appRoleId\":\"%s\"}",
			       principal_id, resource->principal_id, resource->role_ids[role]);
	struct gb_entra_call call = {.method = "POST",
				     .path = path,
				     .body = body,
				     .purpose = _("the permissions of the application")};
	enum gb_rc rc = GB_OK;

	for (int tries = 1;; tries++) {
		rc = gb_entra_call(entra, path, &call, NULL, err);
		if (rc == GB_OK || !may_not_be_there_yet(err) || tries == REPLICATION_TRIES) {
			break;
		}
		gb_entra_sleep(entra, REPLICATION_PAUSE_MS);
	}
	talloc_free(path);
	return rc;
}

enum gb_rc gb_application_grant(struct gb_entra *entra, const char *principal_id,
				const struct gb_application_resource *resource, struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_entra_call call = {
		.method = "GET",
		.path = gb_printf(tmp, "/v1.0/servicePrincipals/%s/appRoleAssignments",
				  principal_id),
		.purpose = _("the permissions of the application"),
	};
	struct gb_json_doc *doc;
	enum gb_rc rc = gb_entra_call(entra, tmp, &call, &doc, err);

	for (size_t i = 0; i < resource->role_count && rc == GB_OK; i++) {
		const struct gb_json *list = doc ? gb_json_get(gb_json_root(doc), "value") : NULL;

		if (!is_assigned(list, resource->principal_id, resource->role_ids[i])) {
			rc = assign(entra, principal_id, resource, i, err);
		}
	}
	talloc_free(tmp);
	return rc;
}

enum gb_rc gb_application_delete(struct gb_entra *entra, const char *object_id, bool *ret_found,
				 struct gb_err *err)
{
	char *path = gb_printf(NULL, "/v1.0/applications/%s", object_id);
	struct gb_entra_call call = {
		.method = "DELETE", .path = path, .purpose = _("the application")};
	enum gb_rc rc = gb_entra_call(entra, path, &call, NULL, err);

	talloc_free(path);
	*ret_found = rc == GB_OK;
	return rc == GB_E_NOT_FOUND ? GB_OK : rc;
}
