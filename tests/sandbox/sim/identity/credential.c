/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Client authentication: which app, and its secret. */
#include "config.h"

#include "sim/identity/credential.h"

#include <openssl/evp.h>
#include <string.h>
#include <strings.h>

#include "sim/util/encode.h"

#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

const char *sim_sts_param(const struct sim_sts *sts, const char *name)
{
	const char *value = sim_pairs_get(&sts->form, name);

	return value && value[0] ? value : NULL;
}

bool sim_secret_check(struct sim_sts *sts, const struct sim_app *app, const char *secret)
{
	int64_t now = sim_clock_now(&sts->world->clock);
	size_t expired = 0;

	for (size_t i = 0; i < app->secret_count; i++) {
		if (app->secrets[i].expires && app->secrets[i].expires <= now) {
			expired++;
		} else if (sim_secret_equal(app->secrets[i].value, secret)) {
			return true;
		}
	}
	if (expired > 0 && expired == app->secret_count) {
		return sim_sts_error(
			sts, "invalid_client", 7000222,
			"The provided client secret keys for app '%s' are expired. "
			"Visit the Azure portal to create new keys for your app: "
			"https://aka.ms/NewClientSecret, or consider using certificate "
			"credentials for added security: https://aka.ms/certCreds.",
			app->app_id);
	}
	return sim_sts_error(sts, "invalid_client", 7000215,
			     "Invalid client secret provided. Ensure the secret being sent in the "
			     "request is the client secret value, not the client secret ID, for a "
			     "secret added to app '%s'.",
			     app->app_id);
}

/** What the caller presented. */
struct presented {
	const char *client_id;
	const char *secret;
};

/* RFC 6749, section 2.3.1: both halves are form-encoded before they are joined. */
static void read_basic(struct sim_sts *sts, struct presented *out)
{
	const char *header = sim_pairs_get(&sts->request->headers, "Authorization");
	uint8_t *text = NULL;
	char *colon = NULL;
	int length = 0;

	if (!header || strncasecmp(header, "Basic ", 6) != 0 || strlen(header) > 8192) {
		return;
	}
	header += 6;
	text = sim_mem_check(talloc_zero_size(sts->response, strlen(header) + 4));
	length = EVP_DecodeBlock(text, (const uint8_t *)header, (int)strlen(header));
	colon = length > 0 ? strchr((char *)text, ':') : NULL;
	if (!colon) {
		return;
	}
	*colon = '\0';
	out->client_id =
		sim_percent_decode(sts->response, (char *)text, strlen((char *)text), true);
	out->secret = sim_percent_decode(sts->response, colon + 1, strlen(colon + 1), true);
}

static bool check_app(struct sim_sts *sts, const struct sim_app *app)
{
	int64_t lag = sts->world->switches.replication_s;
	int64_t now = sim_clock_now(&sts->world->clock);

	if (app->disabled) {
		return sim_sts_error(sts, "unauthorized_client", 7000112,
				     "Application '%s'(%s) is disabled.", app->app_id,
				     app->display_name);
	}
	if (!app->principal_id || (app->principal_created && now < app->principal_created + lag)) {
		return sim_sts_error(sts, "unauthorized_client", 7000229,
				     "The client application %s is missing service principal in "
				     "the tenant %s. See instructions here: "
				     "https://go.microsoft.com/fwlink/?linkid=2225119",
				     app->app_id, sts->world->tenant->id);
	}
	return true;
}

bool sim_app_of(struct sim_sts *sts, const char *client_id, struct sim_app **ret_app)
{
	const struct sim_tenant *tenant = sts->world->tenant;
	uint8_t guid[SIM_GUID_SIZE];

	if (!client_id) {
		return sim_sts_missing(sts, "client_id");
	}
	if (!sim_guid_parse(client_id, guid)) {
		return sim_sts_error(sts, "unauthorized_client", 700038,
				     "%s is not a valid application identifier.", client_id);
	}
	*ret_app = sim_app_find(tenant->apps, client_id);
	if (!*ret_app) {
		return sim_sts_error(sts, "unauthorized_client", 700016,
				     "Application with identifier '%s' was not found in the "
				     "directory '%s'. This can happen if the application has not "
				     "been installed by the administrator of the tenant or "
				     "consented to by any user in the tenant. You may have sent "
				     "your authentication request to the wrong tenant.",
				     client_id, tenant->display_name);
	}
	return check_app(sts, *ret_app);
}

bool sim_client_check(struct sim_sts *sts, struct sim_app **ret_app)
{
	bool ignored = false;

	if (!sim_app_of(sts, sim_sts_param(sts, "client_id"), ret_app)) {
		return false;
	}
	return (*ret_app)->is_public || sim_credential_check(sts, ret_app, &ignored);
}

bool sim_credential_check(struct sim_sts *sts, struct sim_app **ret_app, bool *ret_by_certificate)
{
	struct presented presented = {sim_sts_param(sts, "client_id"),
				      sim_sts_param(sts, "client_secret")};
	const char *assertion = sim_sts_param(sts, "client_assertion");
	const char *type = sim_sts_param(sts, "client_assertion_type");

	if (!presented.secret && !assertion) {
		read_basic(sts, &presented);
	}
	if (!sim_app_of(sts, presented.client_id, ret_app)) {
		return false;
	}
	if ((*ret_app)->is_public && (assertion || presented.secret)) {
		return sim_sts_error(sts, "invalid_client", 700025,
				     "Client is public so neither 'client_assertion' nor "
				     "'client_secret' should be presented.");
	}
	*ret_by_certificate = assertion != NULL;
	if (assertion && !type) {
		return sim_sts_missing(sts, "client_assertion_type");
	}
	if (assertion && strcmp(type, ASSERTION_TYPE) != 0) {
		return sim_sts_error(sts, "invalid_request", 50027,
				     "JWT token is invalid or malformed. The value of "
				     "client_assertion_type is not supported.");
	}
	if (assertion) {
		return sim_assertion_check(sts, *ret_app, assertion);
	}
	if (!presented.secret) {
		return sim_sts_error(sts, "invalid_client", 7000218,
				     "The request body must contain the following parameter: "
				     "'client_assertion' or 'client_secret'.");
	}
	return sim_secret_check(sts, *ret_app, presented.secret);
}
