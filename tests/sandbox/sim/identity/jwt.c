/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON Web Tokens in compact form. */
#include "config.h"

#include "sim/identity/jwt.h"

#include <string.h>

#include "sim/identity/account.h"
#include "sim/identity/delegation.h"
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

/* A role that was granted a moment ago is not in tokens yet. */
static void put_roles(struct sim_json *json, const struct sim_world *world,
		      const struct sim_app *app)
{
	int64_t ripe = sim_clock_now(&world->clock) - world->switches.role_delay_s;
	bool any = false;

	for (size_t i = 0; i < app->role_count; i++) {
		if (app->roles[i].granted > ripe) {
			continue;
		}
		if (!any) {
			sim_json_key(json, "roles");
			sim_json_array(json);
		}
		any = true;
		sim_json_string(json, app->roles[i].value);
	}
	/* A token without any granted role has no roles claim, and is issued all the same. */
	if (any) {
		sim_json_array_end(json);
	}
}

static void put_app(struct sim_json *json, const struct sim_world *world,
		    const struct sim_grant *grant)
{
	static const char *const wids[] = {"0997a1d0-0d1d-4acb-b408-d5ca73121e90"};

	sim_json_put_string(json, "appidacr", grant->by_certificate ? "2" : "1");
	sim_json_put_string(json, "idtyp", "app");
	sim_json_put_string(json, "oid", grant->app->principal_id);
	put_roles(json, world, grant->app);
	sim_json_put_string(json, "sub", grant->app->principal_id);
	sim_json_put_strings(json, "wids", wids, SIM_ARRAY_SIZE(wids));
}

static void put_names(struct sim_json *json, const struct sim_object *user)
{
	sim_json_put_string(json, "name", sim_user_text(json->out, user, "displayName", ""));
}

static void put_user(struct sim_json *json, const struct sim_world *world,
		     const struct sim_grant *grant)
{
	static const char *const methods[] = {"pwd", "mfa"};
	const char *upn = sim_user_text(json->out, grant->user, "userPrincipalName", "");
	char id[SIM_GUID_TEXT];

	sim_guid_format(grant->user->id, id);
	sim_json_put_int(json, "acct", 0);
	sim_json_put_string(json, "acr", "1");
	sim_json_put_strings(json, "amr", methods, SIM_ARRAY_SIZE(methods));
	sim_json_put_string(json, "appidacr", grant->app->is_public ? "0" : "1");
	sim_json_put_string(json, "idtyp", "user");
	put_names(json, grant->user);
	sim_json_put_string(json, "oid", id);
	sim_json_put_string(json, "scp", grant->scopes);
	sim_json_put_string(json, "sub", id);
	sim_json_put_string(json, "unique_name", upn);
	sim_json_put_string(json, "upn", upn);
	sim_json_key(json, "wids");
	sim_directory_roles_write(json, sim_account_roles(world->tenant->accounts, id));
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
	if (grant->user) {
		put_user(json, world, grant);
	} else {
		put_app(json, world, grant);
	}
	sim_json_put_string(json, "tenant_region_scope", world->tenant->region);
	sim_json_put_string(json, "tid", world->tenant->id);
	talloc_free(issuer);
}

static void put_times(struct sim_json *json, struct sim_world *world, int64_t lifetime_s)
{
	int64_t now = sim_clock_now(&world->clock);
	char uti[SIM_GUID_TEXT];

	sim_rng_guid_text(&world->rng, uti);
	sim_json_put_int(json, "iat", now);
	sim_json_put_int(json, "nbf", now);
	sim_json_put_int(json, "exp", now + lifetime_s);
	sim_json_put_string(json, "uti", uti);
}

static void write_access_claims(struct sim_json *json, struct sim_world *world,
				const struct sim_grant *grant)
{
	sim_json_object(json);
	sim_json_put_string(json, "aud", grant->audience);
	put_times(json, world, grant->lifetime_s);
	put_identity(json, world, grant);
	sim_json_put_string(json, "ver", "1.0");
	sim_json_object_end(json);
}

static void write_id_claims(struct sim_json *json, struct sim_world *world,
			    const struct sim_grant *grant)
{
	char id[SIM_GUID_TEXT];

	sim_guid_format(grant->user->id, id);
	sim_json_object(json);
	sim_json_put_string(json, "aud", grant->app->app_id);
	sim_json_put_string(json, "iss",
			    sim_printf(json->out, "%s/%s/v2.0", grant->origin, world->tenant->id));
	put_times(json, world, grant->lifetime_s);
	put_names(json, grant->user);
	sim_json_put_string(json, "oid", id);
	sim_json_put_string(json, "preferred_username",
			    sim_user_text(json->out, grant->user, "userPrincipalName", ""));
	sim_json_put_string(json, "sub", id);
	sim_json_put_string(json, "tid", world->tenant->id);
	sim_json_put_string(json, "ver", "2.0");
	sim_json_object_end(json);
}

typedef void (*write_claims_fn)(struct sim_json *json, struct sim_world *world,
				const struct sim_grant *grant);

static char *sign(const void *ctx, struct sim_world *world, const struct sim_grant *grant,
		  write_claims_fn write_claims)
{
	void *tmp = sim_mem_check(talloc_new(ctx));
	struct sim_json json = {.out = sim_buf_new(tmp)};
	char *head =
		sim_printf(tmp, "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"x5t\":\"%s\",\"kid\":\"%s\"}",
			   world->signing_kid, world->signing_kid);
	char *input = NULL;
	char *token = NULL;

	write_claims(&json, world, grant);
	input = sim_printf(tmp, "%s.%s", sim_base64url(tmp, head, strlen(head)),
			   sim_base64url(tmp, json.out->data, json.out->length));
	token = sim_printf(ctx, "%s.%s", input,
			   sim_sign_rs256(tmp, world->signing_key, input, strlen(input)));
	talloc_free(tmp);
	return token;
}

char *sim_access_token_new(const void *ctx, struct sim_world *world, const struct sim_grant *grant)
{
	return sign(ctx, world, grant, write_access_claims);
}

char *sim_id_token_new(const void *ctx, struct sim_world *world, const struct sim_grant *grant)
{
	return sign(ctx, world, grant, write_id_claims);
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
