/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON Web Tokens in compact form (RFC 7515, 7519): taking them apart, and the access tokens that
 * the simulator issues and Graph verifies.
 */
#ifndef SIM_IDENTITY_JWT_H
#define SIM_IDENTITY_JWT_H

#include "sim/identity/app.h"
#include "sim/world.h"

/** Longest token that is looked at, bytes. */
#define SIM_JWT_MAX 65536

/** A token in its parts; nothing is verified. */
struct sim_jwt {
	const cJSON *header;     /**< JOSE header, an object */
	const cJSON *claims;     /**< claims, an object */
	const char *text;        /**< the compact form; borrowed */
	size_t signed_length;    /**< bytes of text that are signed */
	uint8_t *signature;      /**< the signature */
	size_t signature_length; /**< bytes of signature */
};

/** Take @text apart. NULL if it is no JWS in compact form with JSON objects. */
struct sim_jwt *sim_jwt_parse(const void *ctx, const char *text);

/** What an access token is to say. */
struct sim_grant {
	const struct sim_app *app;     /**< who */
	const char *audience;          /**< for which resource */
	const char *origin;            /**< "https://host:port" of the authority that was asked */
	bool by_certificate;           /**< claim appidacr: 2, else 1 (secret) */
	const struct sim_object *user; /**< for whom; NULL: for the app itself */
	const char *scopes;            /**< claim scp, with a user */
	int64_t lifetime_s;            /**< exp - iat */
};

/** A signed access token (RS256). */
char *sim_access_token_new(const void *ctx, struct sim_world *world, const struct sim_grant *grant);

/** A signed id token for the user of @grant (OpenID Connect). */
char *sim_id_token_new(const void *ctx, struct sim_world *world, const struct sim_grant *grant);

/** Verify signature and time of an access token. NULL, and why in @ret_reason, if it is refused. */
struct sim_jwt *sim_access_token_check(const void *ctx, const struct sim_world *world,
				       const char *text, const char **ret_reason);

#endif
