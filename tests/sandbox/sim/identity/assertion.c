/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificate credentials: the assertion is verified as Entra verifies it. */
#include "config.h"

#include <string.h>
#include <strings.h>
#include <time.h>

#include "sim/identity/credential.h"
#include "sim/identity/jwt.h"
#include "sim/util/encode.h"

/** Seconds by which the two clocks may differ; Entra tolerates five minutes. */
#define SKEW_S 300

/** An assertion being checked. */
struct checking {
	struct sim_sts *sts;
	const struct sim_app *app;
	const struct sim_jwt *jwt;
	bool pss;                    /* PS256, else RS256 */
	const struct sim_cert *cert; /* the one it names */
	char *thumbprint;            /* as sent, in hexadecimal */
};

static bool check_algorithm(struct checking *check)
{
	const char *alg = sim_json_get_string(check->jwt->header, "alg", "");
	const char *typ = sim_json_get_string(check->jwt->header, "typ", "JWT");

	check->pss = strcmp(alg, "PS256") == 0;
	if (strcasecmp(typ, "JWT") != 0) {
		return sim_sts_error(check->sts, "invalid_client", 50027,
				     "JWT token is invalid or malformed.");
	}
	if (!check->pss && strcmp(alg, "RS256") != 0) {
		return sim_sts_error(check->sts, "invalid_client", 5002738,
				     "Invalid JWT token. '%s' is not a supported signature "
				     "algorithm.",
				     alg);
	}
	return true;
}

static const struct sim_cert *find_cert(struct checking *check, const char *thumbprint,
					bool is_sha256)
{
	size_t length = 0;
	uint8_t *bytes =
		sim_base64url_decode(check->sts->response, thumbprint, strlen(thumbprint), &length);

	check->thumbprint = bytes ? sim_hex(check->sts->response, bytes, length) : NULL;
	for (size_t i = 0; bytes && i < check->app->cert_count; i++) {
		const struct sim_cert *cert = check->app->certs[i];
		const uint8_t *own = is_sha256 ? cert->sha256 : cert->sha1;

		if (length == (is_sha256 ? sizeof(cert->sha256) : sizeof(cert->sha1)) &&
		    memcmp(own, bytes, length) == 0) {
			return cert;
		}
	}
	return NULL;
}

static bool check_thumbprint(struct checking *check)
{
	const char *sha256 = sim_json_get_string(check->jwt->header, "x5t#S256", NULL);
	const char *sha1 = sim_json_get_string(check->jwt->header, "x5t", NULL);

	if (!sha256 && !sha1) {
		return sim_sts_error(check->sts, "invalid_client", 5002723,
				     "Invalid JWT token. No certificate SHA-1 thumbprint, "
				     "certificate SHA-256 thumbprint, nor keyId specified in token "
				     "header.");
	}
	check->cert = sha256 ? find_cert(check, sha256, true) : find_cert(check, sha1, false);
	if (check->cert) {
		return true;
	}
	return sim_sts_error(
		check->sts, "invalid_client", 700027,
		"The certificate with identifier used to sign the client assertion is "
		"not registered on application. [Reason - The key was not found., "
		"Thumbprint of key used by client: '%s', Please visit the Azure Portal, "
		"Graph Explorer or directly use MS Graph to see configured keys for app "
		"Id '%s'.]",
		check->thumbprint ? check->thumbprint : "", check->app->app_id);
}

static bool check_signature(struct checking *check)
{
	const struct sim_jwt *jwt = check->jwt;

	if (sim_verify(check->cert->key, check->pss, jwt->text, jwt->signed_length, jwt->signature,
		       jwt->signature_length)) {
		return true;
	}
	return sim_sts_error(check->sts, "invalid_client", 700027,
			     "Client assertion failed signature validation. [Reason - The provided "
			     "signature value did not match the expected signature value., "
			     "Thumbprint of key used by client: '%s', Found key]",
			     check->thumbprint);
}

static bool check_cert_time(struct checking *check, int64_t now)
{
	if (now >= check->cert->not_before && now < check->cert->not_after) {
		return true;
	}
	return sim_sts_error(
		check->sts, "invalid_client", 700027,
		"The certificate used to sign the client assertion has expired. "
		"[Reason - The key used is expired., Thumbprint of key used by client: "
		"'%s']",
		check->thumbprint);
}

static bool check_times(struct checking *check, int64_t now)
{
	int64_t not_before = sim_json_get_int(check->jwt->claims, "nbf", 0);
	int64_t expires = sim_json_get_int(check->jwt->claims, "exp", 0);
	char texts[3][SIM_TIME_TEXT];

	if (now >= not_before - SKEW_S && now < expires + SKEW_S && not_before < expires) {
		return true;
	}
	sim_time_iso(now, texts[0]);
	sim_time_iso(not_before, texts[1]);
	sim_time_iso(expires, texts[2]);
	return sim_sts_error(
		check->sts, "invalid_client", 700024,
		"Client assertion is not within its valid time range. Current time: %s, "
		"assertion valid from %s, expiry time of assertion %s. Review the "
		"documentation at "
		"https://learn.microsoft.com/entra/identity-platform/"
		"certificate-credentials .",
		texts[0], texts[1], texts[2]);
}

static bool check_parties(struct checking *check)
{
	const struct sim_request *request = check->sts->request;
	const char *issuer = sim_json_get_string(check->jwt->claims, "iss", "");
	const char *subject = sim_json_get_string(check->jwt->claims, "sub", "");
	const char *audience = sim_json_get_string(check->jwt->claims, "aud", "");
	char *by_id = sim_printf(request, "%s/%s/oauth2/v2.0/token", request->origin,
				 check->sts->world->tenant->id);
	char *by_name = sim_printf(request, "%s/%s/oauth2/v2.0/token", request->origin,
				   request->segments[0]);

	if (strcasecmp(issuer, check->app->app_id) != 0 ||
	    strcasecmp(subject, check->app->app_id) != 0) {
		return sim_sts_error(check->sts, "invalid_client", 700021,
				     "Client assertion application identifier doesn't match "
				     "'client_id' parameter. Review the documentation at "
				     "https://learn.microsoft.com/entra/identity-platform/"
				     "certificate-credentials .");
	}
	if (strcasecmp(audience, by_id) == 0 || strcasecmp(audience, by_name) == 0) {
		return true;
	}
	return sim_sts_error(check->sts, "invalid_client", 700023,
			     "Client assertion audience claim does not match Realm issuer. Review "
			     "the documentation at "
			     "https://learn.microsoft.com/entra/identity-platform/"
			     "certificate-credentials .");
}

bool sim_assertion_check(struct sim_sts *sts, const struct sim_app *app, const char *assertion)
{
	struct checking check = {.sts = sts, .app = app};
	/* The caller's clock is the real one: advancing the simulator's must not refuse it. */
	int64_t now = (int64_t)time(NULL);

	check.jwt = sim_jwt_parse(sts->response, assertion);
	if (!check.jwt) {
		return sim_sts_error(sts, "invalid_client", 50027,
				     "JWT token is invalid or malformed.");
	}
	return check_algorithm(&check) && check_thumbprint(&check) && check_signature(&check) &&
	       check_cert_time(&check, now) && check_times(&check, now) && check_parties(&check);
}
