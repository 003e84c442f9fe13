/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Managed identity. */
#include "config.h"

#include "sim/identity/metadata.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "sim/identity/audience.h"
#include "sim/identity/jwt.h"
#include "sim/util/file.h"
#include "sim/util/json_write.h"

/** Seconds that tokens of managed identities live. */
#define LIFETIME_S 86400

/** One exchange. */
struct metadata {
	struct sim_world *world;
	const struct sim_request *request;
	struct sim_response *response;
	const char *resource;
	bool is_arc;
};

static bool refuse(struct metadata *m, unsigned status, const char *error, const char *text)
{
	struct sim_json json = {.out = m->response->body};

	m->response->status = status;
	sim_json_object(&json);
	sim_json_put_string(&json, "error", error);
	sim_json_put_string(&json, "error_description", text);
	sim_json_object_end(&json);
	return false;
}

static const char *query(const struct metadata *m, const char *name)
{
	const char *value = sim_pairs_get(&m->request->query, name);

	return value && value[0] ? value : NULL;
}

static bool is_arc_version(const char *version)
{
	return strcmp(version, "2019-11-01") == 0 || strcmp(version, "2020-06-01") == 0;
}

/* Some clients end the path with a slash. */
static bool is_token_path(const struct sim_request *request)
{
	static const char *const parts[] = {"metadata", "identity", "oauth2", "token"};

	for (size_t i = 0; i < SIM_ARRAY_SIZE(parts); i++) {
		if (i >= request->segment_count ||
		    strcasecmp(parts[i], request->segments[i]) != 0) {
			return false;
		}
	}
	return request->segment_count == SIM_ARRAY_SIZE(parts);
}

static bool check_request(struct metadata *m)
{
	const char *header = sim_pairs_get(&m->request->headers, "Metadata");
	const char *version = query(m, "api-version");

	if (!is_token_path(m->request)) {
		return refuse(m, 404, "not_found", "There is no such metadata.");
	}
	if (strcmp(m->request->method, "GET") != 0) {
		return refuse(m, 405, "invalid_request", "Only GET is allowed.");
	}
	if (!header || strcasecmp(header, "true") != 0) {
		return refuse(m, 400, "invalid_request", "Required metadata header not specified");
	}
	if (!version) {
		return refuse(m, 400, "invalid_request",
			      "Required query variable 'api-version' is missing");
	}
	m->is_arc = m->world->arc_folder && is_arc_version(version);
	m->resource = query(m, "resource");
	return m->resource ||
	       refuse(m, 400, "invalid_request", "Required query variable 'resource' is missing");
}

/* The service does not know under which name this Graph is reached: any "graph." will do. */
static bool check_resource(struct metadata *m)
{
	const char *host = strncmp(m->resource, "https://", 8) == 0 ? m->resource + 8 : "";

	if (strncasecmp(host, "graph.", 6) == 0 || strncmp(host, "127.", 4) == 0 ||
	    strcasecmp(m->resource, "https://management.azure.com/") == 0 ||
	    sim_audience_is_graph(m->world, m->resource, m->request->host)) {
		return true;
	}
	return refuse(m, 400, "invalid_resource",
		      sim_printf(m->response,
				 "AADSTS500011: The resource principal named %s was not found in "
				 "the tenant named %s.",
				 m->resource, m->world->tenant->display_name));
}

static bool is_named(const struct metadata *m, const struct sim_app *app)
{
	const char *client = query(m, "client_id");
	const char *object = query(m, "object_id");
	const char *resource = query(m, "msi_res_id");

	object = object ? object : query(m, "principal_id");
	resource = resource ? resource : query(m, "mi_res_id");
	return (!client || strcasecmp(client, app->app_id) == 0) &&
	       (!object || (app->principal_id && strcasecmp(object, app->principal_id) == 0)) &&
	       (!resource || strcasecmp(resource, app->display_name) == 0);
}

/* Without a name, the identity of the machine; without that, the only one that it was lent. */
static bool find_identity(struct metadata *m, const struct sim_app **ret_app)
{
	const struct sim_apps *apps = m->world->tenant->apps;
	bool any_name = query(m, "client_id") || query(m, "object_id") ||
			query(m, "principal_id") || query(m, "msi_res_id") || query(m, "mi_res_id");
	size_t lent = 0;

	*ret_app = NULL;
	for (size_t i = 0; i < apps->count; i++) {
		const struct sim_app *app = apps->items[i];

		if (!app->managed || !is_named(m, app) ||
		    (m->is_arc && app->managed != SIM_SYSTEM_ASSIGNED)) {
			continue;
		}
		lent += app->managed == SIM_USER_ASSIGNED;
		if (!*ret_app || app->managed == SIM_SYSTEM_ASSIGNED) {
			*ret_app = app;
		}
	}
	if (!*ret_app) {
		return refuse(m, 400, "invalid_request", "Identity not found");
	}
	if (!any_name && (*ret_app)->managed == SIM_USER_ASSIGNED && lent > 1) {
		return refuse(m, 400, "invalid_request",
			      "Multiple user assigned identities exist, please specify the "
			      "clientId / resourceId of the identity in the token request");
	}
	return true;
}

static void forget_key(struct sim_world *world)
{
	if (world->arc_key_file) {
		unlink(world->arc_key_file);
	}
	TALLOC_FREE(world->arc_key_file);
	TALLOC_FREE(world->arc_key);
}

/* Who can read the file may have a token; each file is good for one. */
static bool challenge(struct metadata *m)
{
	struct sim_world *world = m->world;
	char name[SIM_GUID_TEXT];
	char key[SIM_GUID_TEXT];
	struct sim_err err;

	forget_key(world);
	sim_rng_guid_text(&world->rng, name);
	sim_rng_guid_text(&world->rng, key);
	world->arc_key_file = sim_printf(world, "%s/%s.key", world->arc_folder, name);
	world->arc_key = sim_strdup(world, key);
	if (!sim_file_write(world->arc_key_file, key, &err)) {
		return refuse(m, 500, "server_error", err.text);
	}
	sim_response_header(m->response, "WWW-Authenticate",
			    sim_printf(m->response, "Basic realm=%s", world->arc_key_file));
	return refuse(
		m, 401, "unauthorized_client",
		"Missing Basic Authorization header: read the file that the challenge names.");
}

static bool check_key(struct metadata *m)
{
	const char *header = sim_pairs_get(&m->request->headers, "Authorization");
	bool ok = false;

	if (!m->is_arc) {
		return true;
	}
	if (!header || strncasecmp(header, "Basic ", 6) != 0) {
		return challenge(m);
	}
	ok = m->world->arc_key && strcmp(header + 6, m->world->arc_key) == 0;
	forget_key(m->world);
	return ok || challenge(m);
}

/* Numbers are strings here, as the service writes them. */
static void put_number(struct sim_json *json, const char *key, int64_t number)
{
	sim_json_put_string(json, key, sim_printf(json->out, "%" PRId64, number));
}

static void issue(struct metadata *m, const struct sim_app *app)
{
	struct sim_json json = {.out = m->response->body};
	int64_t now = sim_clock_now(&m->world->clock);
	int64_t wish = m->world->switches.expires_in;
	struct sim_grant grant = {.app = app,
				  .audience = m->resource,
				  .origin = "",
				  .by_certificate = true,
				  .lifetime_s = wish ? wish : LIFETIME_S};

	sim_json_object(&json);
	sim_json_put_string(&json, "access_token",
			    sim_access_token_new(m->response, m->world, &grant));
	sim_json_put_string(&json, "client_id", app->app_id);
	put_number(&json, "expires_in", grant.lifetime_s - 1);
	put_number(&json, "expires_on", now + grant.lifetime_s);
	put_number(&json, "ext_expires_in", grant.lifetime_s - 1);
	put_number(&json, "not_before", now);
	sim_json_put_string(&json, "resource", m->resource);
	sim_json_put_string(&json, "token_type", "Bearer");
	sim_json_object_end(&json);
}

void sim_metadata_handle(struct sim_world *world, const struct sim_request *request,
			 struct sim_response *response)
{
	struct metadata m = {.world = world, .request = request, .response = response};
	const struct sim_app *app = NULL;

	sim_response_header(response, "Content-Type", "application/json; charset=utf-8");
	sim_response_header(response, "Server", "IMDS/150.870.65.0");
	if (request->is_malformed) {
		refuse(&m, 400, "invalid_request", "The request URI is not valid.");
	} else if (check_request(&m) && check_resource(&m) && check_key(&m) &&
		   find_identity(&m, &app)) {
		issue(&m, app);
	}
}
