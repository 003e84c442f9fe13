/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON Web Tokens in compact form. */
#include "config.h"

#include "sim/identity/jwt.h"

#include <string.h>

#include "sim/identity/verified.h"
#include "sim/util/json_write.h"

static const cJSON *parse_part(const void *ctx, const char *text, size_t length)
{
	struct sim_err ignored;
	const cJSON *json = NULL;
	size_t size = 0;
	uint8_t *bytes = sim_base64url_decode(ctx, text, length, &size);

	if (!bytes || !sim_json_parse(ctx, (const char *)bytes, size, &json, &ignored)) {
		return NULL;
	}
	return cJSON_IsObject(json) ? json : NULL;
}

struct sim_jwt *sim_jwt_parse(const void *ctx, const char *text)
{
	struct sim_jwt *jwt = sim_new(ctx, struct sim_jwt);
	const char *first = strchr(text, '.');
	const char *second = first ? strchr(first + 1, '.') : NULL;

	if (!second || strlen(text) > SIM_JWT_MAX || strchr(second + 1, '.')) {
		talloc_free(jwt);
		return NULL;
	}
	jwt->text = text;
	jwt->signed_length = (size_t)(second - text);
	jwt->header = parse_part(jwt, text, (size_t)(first - text));
	jwt->claims = parse_part(jwt, first + 1, (size_t)(second - first - 1));
	jwt->signature =
		sim_base64url_decode(jwt, second + 1, strlen(second + 1), &jwt->signature_length);
	if (!jwt->header || !jwt->claims || !jwt->signature) {
		talloc_free(jwt);
		return NULL;
	}
	return jwt;
}

static void put_identity(struct sim_json *json, const struct sim_world *world,
			 const struct sim_grant *grant)
{
	const struct sim_app *app = grant->app;
	char *issuer = sim_printf(json->out, "https://sts.windows.net/%s/", world->tenant->id);

	sim_json_put_string(json, "iss", issuer);
	sim_json_put_string(json, "idp", issuer);
	sim_json_put_string(json, "app_displayname", app->display_name);
	sim_json_put_string(json, "appid", app->app_id);
	sim_json_put_string(json, "appidacr", grant->by_certificate ? "2" : "1");
	sim_json_put_string(json, "idtyp", "app");
	sim_json_put_string(json, "oid", app->principal_id);
	/* A token without any granted role has no roles claim, and is issued all the same. */
	if (app->role_count > 0) {
		sim_json_put_strings(json, "roles", (const char *const *)app->roles,
				     app->role_count);
	}
	sim_json_put_string(json, "sub", app->principal_id);
	sim_json_put_string(json, "tenant_region_scope", world->tenant->region);
	sim_json_put_string(json, "tid", world->tenant->id);
	talloc_free(issuer);
}

static char *make_claims(const void *ctx, struct sim_world *world, const struct sim_grant *grant)
{
	struct sim_buf *out = sim_buf_new(ctx);
	struct sim_json json = {.out = out};
	int64_t now = sim_clock_now(&world->clock);
	char uti[SIM_GUID_TEXT];
	char *encoded = NULL;

	sim_rng_guid_text(&world->rng, uti);
	sim_json_object(&json);
	sim_json_put_string(&json, "aud", grant->audience);
	sim_json_put_int(&json, "iat", now);
	sim_json_put_int(&json, "nbf", now);
	sim_json_put_int(&json, "exp", now + grant->lifetime_s);
	put_identity(&json, world, grant);
	sim_json_put_string(&json, "uti", uti);
	sim_json_put_string(&json, "ver", "1.0");
	sim_json_object_end(&json);
	encoded = sim_base64url(ctx, out->data, out->length);
	talloc_free(out);
	return encoded;
}

char *sim_access_token_new(const void *ctx, struct sim_world *world, const struct sim_grant *grant)
{
	void *tmp = sim_mem_check(talloc_new(ctx));
	char *head =
		sim_printf(tmp, "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"x5t\":\"%s\",\"kid\":\"%s\"}",
			   world->signing_kid, world->signing_kid);
	char *input = sim_printf(tmp, "%s.%s", sim_base64url(tmp, head, strlen(head)),
				 make_claims(tmp, world, grant));
	char *token = sim_printf(ctx, "%s.%s", input,
				 sim_sign_rs256(tmp, world->signing_key, input, strlen(input)));

	talloc_free(tmp);
	return token;
}

static bool is_signed(const struct sim_world *world, const struct sim_jwt *jwt)
{
	if (sim_verified_knows(world->verified, jwt->text)) {
		return true;
	}
	if (!sim_verify(world->signing_key, false, jwt->text, jwt->signed_length, jwt->signature,
			jwt->signature_length)) {
		return false;
	}
	sim_verified_add(world->verified, jwt->text);
	return true;
}

static const char *find_fault(const struct sim_world *world, const struct sim_jwt *jwt)
{
	int64_t now = sim_clock_now(&world->clock);

	if (strcmp(sim_json_get_string(jwt->header, "alg", ""), "RS256") != 0 ||
	    strcmp(sim_json_get_string(jwt->header, "kid", ""), world->signing_kid) != 0 ||
	    !is_signed(world, jwt)) {
		return "Signature is invalid.";
	}
	if (now >= sim_json_get_int(jwt->claims, "exp", 0)) {
		return "Lifetime validation failed, the token is expired.";
	}
	if (now < sim_json_get_int(jwt->claims, "nbf", 0)) {
		return "Lifetime validation failed, the token is not yet valid.";
	}
	return NULL;
}

struct sim_jwt *sim_access_token_check(const void *ctx, const struct sim_world *world,
				       const char *text, const char **ret_reason)
{
	struct sim_jwt *jwt = sim_jwt_parse(ctx, text);

	*ret_reason = jwt ? find_fault(world, jwt)
			  : "IDX14100: JWT is not well formed, there are no dots (.).";
	if (jwt && *ret_reason) {
		TALLOC_FREE(jwt);
	}
	return jwt;
}
