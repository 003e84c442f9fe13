/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The token endpoint: which grant, and client credentials. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "sim/identity/audience.h"
#include "sim/identity/credential.h"
#include "sim/identity/identity.h"
#include "sim/identity/jwt.h"
#include "sim/identity/session.h"

bool sim_sts_read_form(struct sim_sts *sts)
{
	const struct sim_request *request = sts->request;
	const char *type = sim_pairs_get(&request->headers, "Content-Type");

	if (strcmp(request->method, "POST") != 0) {
		return sim_sts_error(sts, "invalid_request", 900561,
				     "The endpoint only accepts POST requests. Received a %s "
				     "request.",
				     request->method);
	}
	if (type && strncasecmp(type, "application/x-www-form-urlencoded", 33) == 0 &&
	    !sim_query_parse(sts->response, request->body, request->body_length, true,
			     &sts->form)) {
		return sim_sts_error(sts, "invalid_request", 90100,
				     "The request body is not a well-formed form.");
	}
	return true;
}

bool sim_sts_missing(struct sim_sts *sts, const char *name)
{
	return sim_sts_error(sts, "invalid_request", 900144,
			     "The request body must contain the following parameter: '%s'.", name);
}

int64_t sim_sts_lifetime(struct sim_sts *sts)
{
	struct sim_world *world = sts->world;

	/* Entra draws 60 to 90 minutes at random. */
	return world->switches.expires_in ? world->switches.expires_in
					  : (int64_t)sim_rng_between(&world->rng, 3600, 5400);
}

/* "https://graph.example/.default": one resource, all granted roles. */
static bool read_scope(struct sim_sts *sts, const char **ret_audience)
{
	static const char suffix[] = "/.default";
	const char *scope = sim_sts_param(sts, "scope");
	size_t length = scope ? strlen(scope) : 0;

	if (!scope) {
		return sim_sts_missing(sts, "scope");
	}
	if (strchr(scope, ' ')) {
		return sim_sts_error(sts, "invalid_scope", 70011,
				     "The provided request must include a 'scope' input parameter. "
				     "The provided value for the input parameter 'scope' is not "
				     "valid. The scope %s is not valid.",
				     scope);
	}
	if (length <= sizeof(suffix) - 1 ||
	    strcmp(scope + length - (sizeof(suffix) - 1), suffix) != 0) {
		return sim_sts_error(sts, "invalid_scope", 1002012,
				     "The provided value for scope %s is not valid. Client "
				     "credential flows must have a scope value with /.default "
				     "suffixed to the resource identifier (application ID URI).",
				     scope);
	}
	*ret_audience = sim_strndup(sts->response, scope, length - (sizeof(suffix) - 1));
	return true;
}

/* Resources other than Graph that every tenant has: their tokens are good, but not for Graph. */
static bool is_known_resource(const struct sim_sts *sts, const char *audience)
{
	return sim_audience_is_graph(sts->world, audience, sts->request->host) ||
	       strcasecmp(audience, "https://graph.windows.net") == 0 ||
	       strcasecmp(audience, "https://management.azure.com") == 0;
}

static void issue(struct sim_sts *sts, const struct sim_app *app, bool by_certificate,
		  const char *audience)
{
	struct sim_json json = {.out = sts->response->body};
	struct sim_grant grant = {.app = app,
				  .audience = audience,
				  .origin = sts->request->origin,
				  .by_certificate = by_certificate,
				  .lifetime_s = sim_sts_lifetime(sts)};

	sim_json_object(&json);
	sim_json_put_string(&json, "token_type", "Bearer");
	sim_json_put_int(&json, "expires_in", grant.lifetime_s);
	sim_json_put_int(&json, "ext_expires_in", grant.lifetime_s);
	sim_json_put_string(&json, "access_token",
			    sim_access_token_new(sts->response, sts->world, &grant));
	sim_json_object_end(&json);
}

static void client_credentials(struct sim_sts *sts)
{
	struct sim_app *app = NULL;
	const char *audience = NULL;
	bool by_certificate = false;

	if (sts->is_shared) {
		sim_sts_error(sts, "invalid_request", 50059,
			      "No tenant-identifying information found in either the request or "
			      "implied by any provided credentials.");
		return;
	}
	if (!read_scope(sts, &audience) || !sim_credential_check(sts, &app, &by_certificate)) {
		return;
	}
	if (!is_known_resource(sts, audience)) {
		sim_sts_error(
			sts, "invalid_resource", 500011,
			"The resource principal named %s was not found in the tenant named %s. "
			"This can happen if the application has not been installed by the "
			"administrator of the tenant or consented to by any user in the tenant. "
			"You might have sent your authentication request to the wrong tenant.",
			audience, sts->world->tenant->display_name);
		return;
	}
	issue(sts, app, by_certificate, audience);
}

/** A grant that the token endpoint knows. */
static const struct {
	const char *type;
	void (*answer)(struct sim_sts *sts);
} grants[] = {
	{"client_credentials", client_credentials},
	{"urn:ietf:params:oauth:grant-type:device_code", sim_device_poll},
	{"device_code", sim_device_poll},
	{"refresh_token", sim_refresh_redeem},
};

void sim_token_endpoint(struct sim_sts *sts)
{
	const char *type = NULL;

	if (!sim_sts_read_form(sts)) {
		return;
	}
	type = sim_sts_param(sts, "grant_type");
	if (!type) {
		sim_sts_missing(sts, "grant_type");
		return;
	}
	for (size_t i = 0; i < SIM_ARRAY_SIZE(grants); i++) {
		if (strcmp(type, grants[i].type) == 0) {
			grants[i].answer(sts);
			return;
		}
	}
	sim_sts_error(sts, "unsupported_grant_type", 70003,
		      "The app requested an unsupported grant type '%s'.", type);
}
