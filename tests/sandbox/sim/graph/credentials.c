/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates and secrets of a registration. */
#include "config.h"

#include <openssl/evp.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "sim/graph/body.h"
#include "sim/graph/families.h"
#include "sim/graph/registration.h"
#include "sim/identity/jwt.h"

/** Seconds of a year: life of a certificate that names no end. */
#define YEAR_S ((int64_t)365 * 86400)
/** Longest life of a proof of possession, seconds. */
#define PROOF_S 600
/** Audience of a proof of possession: the directory itself. */
#define PROOF_AUDIENCE "00000002-0000-0000-c000-000000000000"

static void put_time(struct sim_json *json, const char *key, int64_t when)
{
	char text[SIM_TIME_TEXT];

	sim_time_iso(when, text);
	sim_json_put_string(json, key, when ? text : NULL);
}

static void write_key(struct sim_json *json, const struct sim_cert *cert, bool with_key)
{
	char *thumbprint = sim_hex(json->out, cert->sha1, sizeof(cert->sha1));

	sim_json_object(json);
	sim_json_put_string(json, "customKeyIdentifier", thumbprint);
	sim_json_put_string(json, "displayName", cert->display_name);
	put_time(json, "endDateTime", cert->not_after);
	sim_json_put_string(json, "key", with_key ? cert->der_base64 : NULL);
	sim_json_put_string(json, "keyId", cert->key_id);
	put_time(json, "startDateTime", cert->not_before);
	sim_json_put_string(json, "type", "AsymmetricX509Cert");
	sim_json_put_string(json, "usage", "Verify");
	sim_json_object_end(json);
	talloc_free(thumbprint);
}

void sim_key_credentials_write(struct sim_json *json, const struct sim_app *app, bool with_key)
{
	sim_json_array(json);
	for (size_t i = 0; i < app->cert_count; i++) {
		write_key(json, app->certs[i], with_key);
	}
	sim_json_array_end(json);
}

static void write_password(struct sim_json *json, const struct sim_secret *secret, bool with_text)
{
	char *hint = sim_strndup(json->out, secret->value, strnlen(secret->value, 3));

	sim_json_object(json);
	sim_json_put_string(json, "customKeyIdentifier", NULL);
	sim_json_put_string(json, "displayName", secret->display_name);
	put_time(json, "endDateTime", secret->expires);
	sim_json_put_string(json, "hint", sim_utf8_is_valid(hint, strlen(hint)) ? hint : NULL);
	sim_json_put_string(json, "keyId", secret->key_id);
	sim_json_put_string(json, "secretText", with_text ? secret->value : NULL);
	put_time(json, "startDateTime", secret->start);
	sim_json_object_end(json);
	talloc_free(hint);
}

void sim_password_credentials_write(struct sim_json *json, const struct sim_app *app)
{
	sim_json_array(json);
	for (size_t i = 0; i < app->secret_count; i++) {
		write_password(json, &app->secrets[i], false);
	}
	sim_json_array_end(json);
}

/* ---- certificates ---- */

static bool invalid_keys(struct sim_call *call, const char *why)
{
	return sim_graph_error(call, 400, "Request_BadRequest",
			       "Invalid value specified for property 'keyCredentials' of resource "
			       "'Application'. %s",
			       why);
}

/* "2027-01-02T03:04:05Z", perhaps with a fraction. */
static bool read_time(const char *text, int64_t *ret_when)
{
	struct tm tm;
	const char *rest = NULL;

	memset(&tm, 0, sizeof(tm));
	rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	if (!rest) {
		return false;
	}
	*ret_when = (int64_t)timegm(&tm);
	if (*rest == '.') {
		rest += 1 + strspn(rest + 1, "0123456789");
	}
	return strcmp(rest, "Z") == 0 || strcmp(rest, "+00:00") == 0;
}

static struct sim_cert *parse_key(const void *ctx, const char *base64)
{
	size_t length = strlen(base64);
	uint8_t *der = sim_mem_check(talloc_zero_size(ctx, length + 4));
	struct sim_cert *cert = NULL;
	struct sim_err ignored;
	int size = length % 4 == 0 && length < SIM_JWT_MAX
			   ? EVP_DecodeBlock(der, (const uint8_t *)base64, (int)length)
			   : -1;

	while (size > 0 && length > 0 && base64[length - 1] == '=') {
		size--;
		length--;
	}
	if (size <= 0 || !sim_cert_parse_der(ctx, der, (size_t)size, &cert, &ignored)) {
		return NULL;
	}
	return cert;
}

static bool read_period(struct sim_call *call, const cJSON *item, struct sim_cert *cert)
{
	const char *start = sim_json_get_string(item, "startDateTime", NULL);
	const char *end = sim_json_get_string(item, "endDateTime", NULL);
	int64_t from = sim_clock_now(&call->world->clock);
	int64_t to = 0;

	if (start && !read_time(start, &from)) {
		return invalid_keys(call, "The start date is no date.");
	}
	to = from + YEAR_S < cert->not_after ? from + YEAR_S : cert->not_after;
	if (end && !read_time(end, &to)) {
		return invalid_keys(call, "The end date is no date.");
	}
	if (to > cert->not_after || to <= from) {
		return sim_graph_error(call, 400, "KeyCredentialsInvalidEndDate",
				       "Key credential end date is invalid.");
	}
	cert->not_before = from > cert->not_before ? from : cert->not_before;
	cert->not_after = to;
	return true;
}

static const struct sim_cert *find_key(const struct sim_app *app, const char *key_id)
{
	for (size_t i = 0; key_id && i < app->cert_count; i++) {
		if (strcasecmp(app->certs[i]->key_id, key_id) == 0) {
			return app->certs[i];
		}
	}
	return NULL;
}

/* An entry that names a key which is there and brings no new one keeps it. */
static struct sim_cert *read_key(struct sim_call *call, const void *ctx, const struct sim_app *app,
				 const cJSON *item)
{
	const char *text = sim_json_get_string(item, "key", NULL);
	const char *key_id = sim_json_get_string(item, "keyId", NULL);
	const char *name = sim_json_get_string(item, "displayName", NULL);
	const struct sim_cert *kept = text ? NULL : find_key(app, key_id);
	struct sim_cert *cert = parse_key(ctx, kept ? kept->der_base64 : text ? text : "");
	uint8_t guid[SIM_GUID_SIZE];

	if (!cert ||
	    strcmp(sim_json_get_string(item, "type", "AsymmetricX509Cert"), "AsymmetricX509Cert") !=
		    0 ||
	    strcmp(sim_json_get_string(item, "usage", "Verify"), "Verify") != 0) {
		invalid_keys(call,
			     "The key is no certificate with an RSA key, or its type or usage "
			     "is not supported.");
		return NULL;
	}
	if (kept) {
		cert->not_before = kept->not_before;
		cert->not_after = kept->not_after;
	} else if (!read_period(call, item, cert)) {
		return NULL;
	}
	sim_rng_guid_text(&call->world->rng, cert->key_id);
	if (key_id && sim_guid_parse(key_id, guid)) {
		sim_guid_format(guid, cert->key_id);
	}
	if (name) {
		cert->display_name = sim_strdup(cert, name);
	}
	return cert;
}

bool sim_key_credentials_set(struct sim_call *call, struct sim_app *app, const cJSON *list)
{
	struct sim_cert **certs = NULL;
	const cJSON *item = NULL;
	size_t count = 0;

	if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > SIM_APP_ITEM_MAX) {
		return invalid_keys(call, "It must be an array.");
	}
	certs = sim_new_array(app, struct sim_cert *, SIM_APP_ITEM_MAX);
	cJSON_ArrayForEach(item, list)
	{
		certs[count] = read_key(call, certs, app, item);
		if (!certs[count++]) {
			talloc_free(certs);
			return false;
		}
	}
	talloc_free(app->certs);
	app->certs = certs;
	app->cert_count = count;
	return true;
}

/* ---- addKey, removeKey: an app that shows that it has a valid key rolls its own ---- */

static bool is_proven(struct sim_call *call, const struct sim_app *app, const char *proof)
{
	const struct sim_jwt *jwt = proof ? sim_jwt_parse(call->request, proof) : NULL;
	/* As with assertions, the caller's clock is the real one. */
	int64_t now = (int64_t)time(NULL);
	int64_t from = jwt ? sim_json_get_int(jwt->claims, "nbf", 0) : 0;
	int64_t to = jwt ? sim_json_get_int(jwt->claims, "exp", 0) : 0;

	if (!jwt || strcmp(sim_json_get_string(jwt->claims, "aud", ""), PROOF_AUDIENCE) != 0 ||
	    strcasecmp(sim_json_get_string(jwt->claims, "iss", ""), app->object_id) != 0 ||
	    from > now + PROOF_S / 2 || to <= now - PROOF_S / 2 || to > from + PROOF_S) {
		return false;
	}
	for (size_t i = 0; i < app->cert_count; i++) {
		const struct sim_cert *cert = app->certs[i];

		if (now < cert->not_after &&
		    sim_verify(cert->key,
			       strcmp(sim_json_get_string(jwt->header, "alg", ""), "PS256") == 0,
			       jwt->text, jwt->signed_length, jwt->signature,
			       jwt->signature_length)) {
			return true;
		}
	}
	return false;
}

/* The app itself needs no permission for this. */
static bool begin_roll(struct sim_call *call, struct sim_app **ret_app, const cJSON **ret_json)
{
	const struct sim_app *app = NULL;

	if (!sim_registration_find(call, ret_app)) {
		return false;
	}
	app = *ret_app;
	if ((sim_call_is_delegated(call) || !app->principal_id ||
	     strcmp(app->principal_id, sim_call_caller(call)) != 0) &&
	    !sim_registration_may_change(call, app)) {
		return false;
	}
	if (!sim_body_read(call, ret_json)) {
		return false;
	}
	return is_proven(call, app, sim_json_get_string(*ret_json, "proof", NULL)) ||
	       sim_graph_error(call, 401, "Authentication_MissingOrMalformed",
			       "Access Token missing or malformed.");
}

void sim_applications_add_key(struct sim_call *call)
{
	struct sim_json json = {.out = call->response->body};
	struct sim_app *app = NULL;
	struct sim_cert *cert = NULL;
	const cJSON *body = NULL;

	if (!begin_roll(call, &app, &body)) {
		return;
	}
	cert = read_key(call, app, app, cJSON_GetObjectItemCaseSensitive(body, "keyCredential"));
	if (!cert) {
		return;
	}
	if (app->cert_count == SIM_APP_ITEM_MAX) {
		invalid_keys(call, "There are too many.");
		return;
	}
	app->certs = sim_resize(app, app->certs, struct sim_cert *, app->cert_count + 1);
	app->certs[app->cert_count++] = cert;
	sim_json_object(&json);
	sim_json_put_string(&json, "@odata.context",
			    sim_printf(call->request, "%s/$metadata#microsoft.graph.keyCredential",
				       sim_call_base(call)));
	json.comma = true;
	call->response->status = 200;
	sim_json_put_string(&json, "keyId", cert->key_id);
	sim_json_put_string(&json, "displayName", cert->display_name);
	sim_json_put_string(&json, "key", NULL);
	sim_json_put_string(&json, "type", "AsymmetricX509Cert");
	sim_json_put_string(&json, "usage", "Verify");
	put_time(&json, "startDateTime", cert->not_before);
	put_time(&json, "endDateTime", cert->not_after);
	sim_json_object_end(&json);
}

static bool no_credential(struct sim_call *call, const char *key_id)
{
	return sim_graph_error(call, 400, "Request_BadRequest",
			       "No credentials found to be removed with KeyId '%s'.", key_id);
}

void sim_applications_remove_key(struct sim_call *call)
{
	struct sim_app *app = NULL;
	const cJSON *body = NULL;
	const char *key_id = NULL;

	if (!begin_roll(call, &app, &body)) {
		return;
	}
	key_id = sim_json_get_string(body, "keyId", "");
	for (size_t i = 0; i < app->cert_count; i++) {
		if (strcasecmp(app->certs[i]->key_id, key_id) == 0) {
			memmove(&app->certs[i], &app->certs[i + 1],
				(app->cert_count - i - 1) * sizeof(app->certs[0]));
			app->cert_count--;
			call->response->status = 204;
			return;
		}
	}
	no_credential(call, key_id);
}

/* ---- addPassword, removePassword ---- */

static bool begin_password(struct sim_call *call, struct sim_app **ret_app, const cJSON **ret_json)
{
	return sim_registration_find(call, ret_app) &&
	       sim_registration_may_change(call, *ret_app) && sim_body_read(call, ret_json);
}

static struct sim_secret *new_secret(struct sim_call *call, struct sim_app *app, const cJSON *json)
{
	struct sim_secret *secret = NULL;
	uint8_t bytes[24];

	for (size_t i = 0; i < sizeof(bytes); i++) {
		bytes[i] = (uint8_t)sim_rng_next(&call->world->rng);
	}
	app->secrets = sim_resize(app, app->secrets, struct sim_secret, app->secret_count + 1);
	secret = &app->secrets[app->secret_count++];
	memset(secret, 0, sizeof(*secret));
	secret->value = sim_printf(app, "~%s.", sim_base64url(call->request, bytes, sizeof(bytes)));
	secret->display_name = sim_strdup(app, sim_json_get_string(json, "displayName", NULL));
	sim_rng_guid_text(&call->world->rng, secret->key_id);
	secret->start = sim_clock_now(&call->world->clock);
	secret->expires = secret->start + 2 * YEAR_S;
	return secret;
}

void sim_applications_add_password(struct sim_call *call)
{
	struct sim_json json = {.out = call->response->body};
	struct sim_secret *secret = NULL;
	struct sim_app *app = NULL;
	const cJSON *body = NULL;
	const cJSON *wish = NULL;

	if (!begin_password(call, &app, &body)) {
		return;
	}
	if (app->secret_count == SIM_APP_ITEM_MAX) {
		sim_graph_error(call, 400, "Request_BadRequest", "There are too many secrets.");
		return;
	}
	wish = cJSON_GetObjectItemCaseSensitive(body, "passwordCredential");
	secret = new_secret(call, app, wish);
	if (sim_json_get_string(wish, "endDateTime", NULL) &&
	    !read_time(sim_json_get_string(wish, "endDateTime", ""), &secret->expires)) {
		app->secret_count--;
		sim_graph_error(call, 400, "Request_BadRequest", "The end date is no date.");
		return;
	}
	write_password(&json, secret, true);
}

void sim_applications_remove_password(struct sim_call *call)
{
	struct sim_app *app = NULL;
	const cJSON *body = NULL;
	const char *key_id = NULL;

	if (!begin_password(call, &app, &body)) {
		return;
	}
	key_id = sim_json_get_string(body, "keyId", "");
	for (size_t i = 0; i < app->secret_count; i++) {
		if (strcasecmp(app->secrets[i].key_id, key_id) == 0) {
			memmove(&app->secrets[i], &app->secrets[i + 1],
				(app->secret_count - i - 1) * sizeof(app->secrets[0]));
			app->secret_count--;
			call->response->status = 204;
			return;
		}
	}
	no_credential(call, key_id);
}
