/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entra ID: which endpoint, which tenant, and the shape of errors. */
#include "config.h"

#include "sim/identity/identity.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include "sim/identity/session.h"

/* Recorded answers with these codes have no error_uri, all others do. */
static bool has_uri(int64_t code)
{
	return code != 700038 && code != 70003;
}

static void write_error(struct sim_sts *sts, const char *error, int64_t code, const char *text)
{
	struct sim_json json = {.out = sts->response->body};
	const char *given = sim_pairs_get(&sts->request->headers, "client-request-id");
	char trace[SIM_GUID_TEXT];
	char correlation[SIM_GUID_TEXT];
	char when[SIM_TIME_TEXT];

	sim_rng_guid_text(&sts->world->rng, trace);
	sim_rng_guid_text(&sts->world->rng, correlation);
	sim_time_sts(sim_clock_now(&sts->world->clock), when);
	sim_response_header(sts->response, "x-ms-request-id", trace);
	given = given && strlen(given) == SIM_GUID_TEXT - 1 ? given : correlation;
	sim_json_object(&json);
	sim_json_put_string(&json, "error", error);
	sim_json_put_string(&json, "error_description",
			    sim_printf(sts->request,
				       "AADSTS%" PRId64 ": %s Trace ID: %s Correlation ID: %s "
				       "Timestamp: %s",
				       code, text, trace, given, when));
	sim_json_key(&json, "error_codes");
	sim_json_array(&json);
	sim_json_int(&json, code);
	sim_json_array_end(&json);
	sim_json_put_string(&json, "timestamp", when);
	sim_json_put_string(&json, "trace_id", trace);
	sim_json_put_string(&json, "correlation_id", given);
	if (has_uri(code)) {
		sim_json_put_string(&json, "error_uri",
				    sim_printf(sts->request, "%s/error?code=%" PRId64,
					       sts->request->origin, code));
	}
	if (sts->suberror) {
		sim_json_put_string(&json, "suberror", sts->suberror);
	}
	sim_json_object_end(&json);
}

bool sim_sts_error(struct sim_sts *sts, const char *error, int64_t code, const char *fmt, ...)
{
	va_list args;
	char *text = NULL;

	va_start(args, fmt);
	text = sim_mem_check(talloc_vasprintf(sts->response, fmt, args));
	va_end(args);
	sts->response->status = strcmp(error, "invalid_client") == 0 ? 401 : 400;
	sim_buf_cut(sts->response->body, 0);
	write_error(sts, error, code, text);
	talloc_free(text);
	return false;
}

/** An endpoint behind the tenant's name. */
struct endpoint {
	const char *path;
	void (*answer)(struct sim_sts *sts);
};

static const struct endpoint endpoints[] = {
	{"v2.0/.well-known/openid-configuration", sim_discovery_document},
	{".well-known/openid-configuration", sim_discovery_document},
	{"discovery/v2.0/keys", sim_discovery_keys},
	{"discovery/instance", sim_discovery_instance},
	{"oauth2/v2.0/devicecode", sim_device_endpoint},
	{"oauth2/v2.0/token", sim_token_endpoint},
};

static const struct endpoint *find_endpoint(const struct sim_request *request)
{
	const char *rest = request->segment_count > 1 ? strchr(request->path + 1, '/') : NULL;

	for (size_t i = 0; rest && i < SIM_ARRAY_SIZE(endpoints); i++) {
		if (strcasecmp(rest + 1, endpoints[i].path) == 0) {
			return &endpoints[i];
		}
	}
	return NULL;
}

bool sim_identity_owns(const struct sim_request *request)
{
	return find_endpoint(request) != NULL;
}

static void write_headers(struct sim_world *world, const struct sim_request *request,
			  struct sim_response *response)
{
	const char *given = sim_pairs_get(&request->headers, "client-request-id");
	char id[SIM_GUID_TEXT];

	sim_rng_guid_text(&world->rng, id);
	if (!sim_pairs_get(&response->headers, "x-ms-request-id")) {
		sim_response_header(response, "x-ms-request-id", id);
	}
	if (!sim_pairs_get(&response->headers, "Cache-Control")) {
		sim_response_header(response, "Cache-Control", "no-store, no-cache");
		sim_response_header(response, "Pragma", "no-cache");
	}
	if (!sim_pairs_get(&response->headers, "Content-Type")) {
		sim_response_header(response, "Content-Type", "application/json; charset=utf-8");
	}
	sim_response_header(response, "X-Content-Type-Options", "nosniff");
	sim_response_header(response, "x-ms-ests-server", "2.1.00000.0 - SANDBOX");
	if (given) {
		sim_response_header(response, "client-request-id", given);
	}
}

/* "common" and "organizations" leave it to the person who signs in which tenant is meant. */
static bool is_shared(const char *tenant)
{
	return strcasecmp(tenant, "common") == 0 || strcasecmp(tenant, "organizations") == 0;
}

static void answer(struct sim_sts *sts, const struct endpoint *endpoint)
{
	const char *tenant = sts->request->segments[0];

	sts->is_shared = is_shared(tenant);
	if (sts->is_shared || sim_tenant_is_named(sts->world->tenant, tenant)) {
		endpoint->answer(sts);
		return;
	}
	sim_sts_error(sts,
		      endpoint->answer == sim_discovery_document ? "invalid_tenant"
								 : "invalid_request",
		      90002,
		      "Tenant '%s' not found. Check to make sure you have the correct tenant ID "
		      "and are signing into the correct cloud. Check with your subscription "
		      "administrator, this may happen if there are no active subscriptions for "
		      "the tenant.",
		      tenant);
}

void sim_identity_handle(struct sim_world *world, const struct sim_request *request,
			 struct sim_response *response)
{
	const struct endpoint *endpoint = find_endpoint(request);
	struct sim_sts sts = {.world = world, .request = request, .response = response};

	if (endpoint) {
		answer(&sts, endpoint);
	} else if (strcmp(request->path, "/device") == 0) {
		sim_device_page(request, response);
	} else {
		response->status = 404;
	}
	write_headers(world, request, response);
}
