/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The OIDC discovery document and the signing keys. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "sim/identity/audience.h"
#include "sim/identity/crypto.h"
#include "sim/identity/identity.h"

#define STRINGS(...) \
	(const char *const[]){__VA_ARGS__}, SIM_ARRAY_SIZE(((const char *const[]){__VA_ARGS__}))

static void put_url(struct sim_json *json, const struct sim_request *request, const char *key,
		    const char *tenant, const char *tail)
{
	sim_json_put_string(json, key,
			    sim_printf(request, "%s/%s/%s", request->origin, tenant, tail));
}

static void put_endpoints(struct sim_json *json, const struct sim_request *request,
			  const char *tenant, const char *issuer)
{
	put_url(json, request, "token_endpoint", tenant, "oauth2/v2.0/token");
	sim_json_put_strings(
		json, "token_endpoint_auth_methods_supported",
		STRINGS("client_secret_post", "private_key_jwt", "client_secret_basic"));
	put_url(json, request, "jwks_uri", tenant, "discovery/v2.0/keys");
	put_url(json, request, "issuer", issuer, "v2.0");
	put_url(json, request, "authorization_endpoint", tenant, "oauth2/v2.0/authorize");
	put_url(json, request, "device_authorization_endpoint", tenant, "oauth2/v2.0/devicecode");
	put_url(json, request, "end_session_endpoint", tenant, "oauth2/v2.0/logout");
	put_url(json, request, "kerberos_endpoint", tenant, "kerberos");
	sim_json_put_string(json, "userinfo_endpoint",
			    sim_printf(request, "%s/oidc/userinfo", request->origin));
}

static void put_capabilities(struct sim_json *json)
{
	sim_json_put_strings(json, "response_modes_supported",
			     STRINGS("query", "fragment", "form_post"));
	sim_json_put_strings(json, "subject_types_supported", STRINGS("pairwise"));
	sim_json_put_strings(json, "id_token_signing_alg_values_supported", STRINGS("RS256"));
	sim_json_put_strings(json, "response_types_supported",
			     STRINGS("code", "id_token", "code id_token", "id_token token"));
	sim_json_put_strings(json, "scopes_supported",
			     STRINGS("openid", "profile", "email", "offline_access"));
	sim_json_put_bool(json, "request_uri_parameter_supported", false);
	sim_json_put_bool(json, "http_logout_supported", true);
	sim_json_put_bool(json, "frontchannel_logout_supported", true);
	sim_json_put_strings(json, "claims_supported",
			     STRINGS("sub", "iss", "cloud_instance_name",
				     "cloud_instance_host_name", "cloud_graph_host_name",
				     "msgraph_host", "aud", "exp", "iat", "auth_time", "acr",
				     "nonce", "preferred_username", "name", "tid", "ver", "at_hash",
				     "c_hash", "email"));
}

void sim_discovery_document(struct sim_sts *sts)
{
	const struct sim_tenant *tenant = sts->world->tenant;
	const struct sim_request *request = sts->request;
	struct sim_json json = {.out = sts->response->body};

	sim_json_object(&json);
	put_endpoints(&json, request, sts->is_shared ? request->segments[0] : tenant->id,
		      sts->is_shared ? "{tenantid}" : tenant->id);
	put_capabilities(&json);
	sim_json_put_string(&json, "tenant_region_scope", sts->is_shared ? NULL : tenant->region);
	sim_json_put_string(&json, "cloud_instance_name", "microsoftonline.com");
	sim_json_put_string(&json, "cloud_graph_host_name", "graph.windows.net");
	sim_json_put_string(&json, "msgraph_host",
			    sim_graph_host(request, sts->world, request->host));
	sim_json_put_string(&json, "rbac_url", "https://pas.windows.net");
	sim_json_object_end(&json);
	sim_response_header(sts->response, "Cache-Control", "max-age=86400, private");
	sim_response_header(sts->response, "Access-Control-Allow-Origin", "*");
}

void sim_discovery_keys(struct sim_sts *sts)
{
	const struct sim_world *world = sts->world;
	const struct sim_request *request = sts->request;
	struct sim_json json = {.out = sts->response->body};
	char *n = NULL;
	char *e = NULL;

	sim_key_public(request, world->signing_key, &n, &e);
	sim_json_object(&json);
	sim_json_key(&json, "keys");
	sim_json_array(&json);
	sim_json_object(&json);
	sim_json_put_string(&json, "kty", "RSA");
	sim_json_put_string(&json, "use", "sig");
	sim_json_put_string(&json, "alg", "RS256");
	sim_json_put_string(&json, "kid", world->signing_kid);
	sim_json_put_string(&json, "x5t", world->signing_kid);
	sim_json_put_string(&json, "n", n);
	sim_json_put_string(&json, "e", e);
	sim_json_put_string(&json, "issuer",
			    sim_printf(request, "%s/%s/v2.0", request->origin,
				       sts->is_shared ? "{tenantid}" : world->tenant->id));
	sim_json_object_end(&json);
	sim_json_array_end(&json);
	sim_json_object_end(&json);
	sim_response_header(sts->response, "Cache-Control", "max-age=86400, private");
}

static void write_aliases(struct sim_json *json, const char *host)
{
	sim_json_key(json, "metadata");
	sim_json_array(json);
	sim_json_object(json);
	sim_json_put_string(json, "preferred_network", host);
	sim_json_put_string(json, "preferred_cache", host);
	sim_json_put_strings(json, "aliases", &host, 1);
	sim_json_object_end(json);
	sim_json_array_end(json);
}

/* Clients ask a host that they trust about one that they do not know. Ours knows itself alone. */
void sim_discovery_instance(struct sim_sts *sts)
{
	const struct sim_request *request = sts->request;
	const char *asked = sim_pairs_get(&request->query, "authorization_endpoint");
	const char *host = asked && strncmp(asked, "https://", 8) == 0 ? asked + 8 : "";
	size_t length = strcspn(host, "/");
	const char *path = host[length] ? host + length + 1 : "";
	struct sim_json json = {.out = sts->response->body};

	if (!asked) {
		sim_sts_error(sts, "invalid_request", 900144,
			      "The request must contain the following parameter: "
			      "'authorization_endpoint'.");
		return;
	}
	if (length != strlen(request->host) || strncasecmp(host, request->host, length) != 0) {
		sim_sts_error(sts, "invalid_instance", 50049, "Unknown or invalid instance.");
		return;
	}
	sim_json_object(&json);
	sim_json_put_string(&json, "tenant_discovery_endpoint",
			    sim_printf(request, "%s/%.*s/v2.0/.well-known/openid-configuration",
				       request->origin, (int)strcspn(path, "/"), path));
	sim_json_put_string(&json, "api-version", "1.1");
	write_aliases(&json, request->host);
	sim_json_object_end(&json);
	sim_response_header(sts->response, "Cache-Control", "max-age=86400, private");
}
