/* SPDX-License-Identifier: GPL-3.0-or-later */
/* App registrations as Graph shows and changes them. */
#include "config.h"

#include "sim/graph/registration.h"

#include <string.h>
#include <strings.h>

#include "sim/identity/account.h"

/* What an application reads where nobody set anything, in the order of Graph's answers. */
static const struct {
	const char *name;
	const char *value; /* JSON; NULL: made from the app, and not kept in app->extras */
} properties[] = {
	{"id", NULL},
	{"deletedDateTime", "null"},
	{"appId", NULL},
	{"applicationTemplateId", "null"},
	{"disabledByMicrosoftStatus", "null"},
	{"createdDateTime", NULL},
	{"displayName", NULL},
	{"description", "null"},
	{"groupMembershipClaims", "null"},
	{"identifierUris", "[]"},
	{"isDeviceOnlyAuthSupported", "null"},
	{"isFallbackPublicClient", NULL},
	{"nativeAuthenticationApisEnabled", "null"},
	{"notes", "null"},
	{"publisherDomain", NULL},
	{"serviceManagementReference", "null"},
	{"signInAudience", NULL},
	{"tags", "[]"},
	{"tokenEncryptionKeyId", "null"},
	{"uniqueName", "null"},
	{"samlMetadataUrl", "null"},
	{"defaultRedirectUri", "null"},
	{"certification", "null"},
	{"optionalClaims", "null"},
	{"servicePrincipalLockConfiguration", "null"},
	{"requestSignatureVerification", "null"},
	{"addIns", "[]"},
	{"api", "{\"acceptMappedClaims\":null,\"knownClientApplications\":[],"
		"\"requestedAccessTokenVersion\":null,\"oauth2PermissionScopes\":[],"
		"\"preAuthorizedApplications\":[]}"},
	{"appRoles", "[]"},
	{"info", "{\"logoUrl\":null,\"marketingUrl\":null,\"privacyStatementUrl\":null,"
		 "\"supportUrl\":null,\"termsOfServiceUrl\":null}"},
	{"keyCredentials", NULL},
	{"parentalControlSettings",
	 "{\"countriesBlockedForMinors\":[],\"legalAgeGroupRule\":\"Allow\"}"},
	{"passwordCredentials", NULL},
	{"publicClient", "{\"redirectUris\":[]}"},
	{"requiredResourceAccess", "[]"},
	{"verifiedPublisher",
	 "{\"displayName\":null,\"verifiedPublisherId\":null,\"addedDateTime\":null}"},
	{"web", "{\"homePageUrl\":null,\"logoutUrl\":null,\"redirectUris\":[],"
		"\"implicitGrantSettings\":{\"enableAccessTokenIssuance\":false,"
		"\"enableIdTokenIssuance\":false},\"redirectUriSettings\":[]}"},
	{"spa", "{\"redirectUris\":[]}"},
};

_Static_assert(SIM_ARRAY_SIZE(properties) <= SIM_APP_EXTRA_MAX, "every property has its place");

/* Set by the directory, whatever a client sends. */
static const char *const read_only[] = {"id", "deletedDateTime", "appId", "createdDateTime",
					"publisherDomain"};

static int find(const char *name, size_t length)
{
	for (size_t i = 0; i < SIM_ARRAY_SIZE(properties); i++) {
		if (strlen(properties[i].name) == length &&
		    strncasecmp(properties[i].name, name, length) == 0) {
			return (int)i;
		}
	}
	return -1;
}

bool sim_registration_has(const char *name, size_t length)
{
	return find(name, length) >= 0;
}

const char *sim_call_caller(const struct sim_call *call)
{
	return sim_json_get_string(call->token->claims, "oid", "");
}

bool sim_registration_is_admin(const struct sim_call *call)
{
	if (!sim_call_is_delegated(call)) {
		return sim_call_has_role(call, "Application.ReadWrite.All");
	}
	return sim_call_directory_roles(call) &
	       (SIM_GLOBAL_ADMINISTRATOR | SIM_APPLICATION_ADMINISTRATOR |
		SIM_CLOUD_APPLICATION_ADMINISTRATOR | SIM_HYBRID_IDENTITY_ADMINISTRATOR);
}

bool sim_registration_may_change(struct sim_call *call, const struct sim_app *app)
{
	const char *caller = sim_call_caller(call);

	if (sim_registration_is_admin(call) ||
	    (app->owner_id && strcasecmp(app->owner_id, caller) == 0)) {
		return true;
	}
	return sim_graph_denied(call);
}

bool sim_registration_find(struct sim_call *call, struct sim_app **ret_app)
{
	const struct sim_apps *apps = call->world->tenant->apps;

	for (size_t i = 0; i < apps->count; i++) {
		if (!apps->items[i]->is_foreign &&
		    strcasecmp(apps->items[i]->object_id, call->keys[0]) == 0) {
			*ret_app = apps->items[i];
			return true;
		}
	}
	return sim_graph_not_found(call, call->keys[0]);
}

static void write_created(struct sim_json *json, int64_t when)
{
	char text[SIM_TIME_TEXT];

	sim_time_iso(when, text);
	sim_json_string(json, text);
}

static void write_special(struct sim_json *json, const struct sim_tenant *tenant,
			  const struct sim_app *app, const char *name, bool with_key)
{
	if (strcmp(name, "id") == 0) {
		sim_json_string(json, app->object_id);
	} else if (strcmp(name, "appId") == 0) {
		sim_json_string(json, app->app_id);
	} else if (strcmp(name, "createdDateTime") == 0) {
		write_created(json, app->created);
	} else if (strcmp(name, "displayName") == 0) {
		sim_json_string(json, app->display_name);
	} else if (strcmp(name, "isFallbackPublicClient") == 0) {
		sim_json_raw(json, app->is_public ? "true" : "null");
	} else if (strcmp(name, "publisherDomain") == 0) {
		sim_json_string(json, tenant->domain_count ? tenant->domains[0].name : NULL);
	} else if (strcmp(name, "signInAudience") == 0) {
		sim_json_string(json,
				app->is_multi_tenant ? "AzureADMultipleOrgs" : "AzureADMyOrg");
	} else if (strcmp(name, "keyCredentials") == 0) {
		sim_key_credentials_write(json, app, with_key);
	} else {
		sim_password_credentials_write(json, app);
	}
}

static bool is_selected(const char *select, const char *name)
{
	size_t length = strlen(name);

	for (const char *p = select; p && *p; p += strcspn(p, ","), p += *p == ',') {
		p += strspn(p, " ");
		if (strncasecmp(p, name, length) == 0 && strchr(", ", p[length])) {
			return true;
		}
	}
	return !select;
}

void sim_registration_write(struct sim_json *json, const struct sim_tenant *tenant,
			    const struct sim_app *app, const char *select)
{
	for (size_t i = 0; i < SIM_ARRAY_SIZE(properties); i++) {
		if (!is_selected(select, properties[i].name)) {
			continue;
		}
		sim_json_key(json, properties[i].name);
		if (properties[i].value) {
			sim_json_raw(json, app->extras[i] ? app->extras[i] : properties[i].value);
		} else {
			write_special(json, tenant, app, properties[i].name, select != NULL);
		}
	}
}

static bool is_read_only(const char *name)
{
	for (size_t i = 0; i < SIM_ARRAY_SIZE(read_only); i++) {
		if (strcasecmp(read_only[i], name) == 0) {
			return true;
		}
	}
	return false;
}

bool sim_registration_check(struct sim_call *call, const cJSON *json)
{
	const cJSON *name = cJSON_GetObjectItemCaseSensitive(json, "displayName");
	const cJSON *item = NULL;

	cJSON_ArrayForEach(item, json)
	{
		if (find(item->string, strlen(item->string)) < 0) {
			return sim_graph_error(call, 400, "Request_BadRequest",
					       "Invalid property '%s'.", item->string);
		}
		if (is_read_only(item->string)) {
			return sim_graph_error(call, 400, "Request_BadRequest",
					       "Property '%s' is read-only and cannot be set.",
					       item->string);
		}
	}
	if (name &&
	    (!cJSON_IsString(name) || !name->valuestring[0] || strlen(name->valuestring) > 256)) {
		return sim_graph_error(call, 400, "Request_BadRequest",
				       "Invalid value specified for property 'displayName' of "
				       "resource 'Application'.");
	}
	return true;
}

void sim_registration_apply(struct sim_app *app, const cJSON *json)
{
	const char *name = sim_json_get_string(json, "displayName", NULL);
	const char *audience = sim_json_get_string(json, "signInAudience", NULL);
	const cJSON *item = NULL;

	if (name) {
		talloc_free(app->display_name);
		app->display_name = sim_strdup(app, name);
	}
	if (audience) {
		app->is_multi_tenant = strcasecmp(audience, "AzureADMyOrg") != 0;
	}
	app->is_public = sim_json_get_bool(json, "isFallbackPublicClient", app->is_public);
	cJSON_ArrayForEach(item, json)
	{
		int at = find(item->string, strlen(item->string));
		struct sim_buf *text = NULL;

		if (at < 0 || !properties[at].value) {
			continue;
		}
		text = sim_buf_new(app);
		sim_json_print(text, item);
		talloc_free(app->extras[at]);
		app->extras[at] = sim_strdup(app, text->data);
		talloc_free(text);
	}
}
