/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Entra ID: discovery, keys, device codes and the token endpoint.
 *
 * Paths begin with the tenant's id or one of its domains, or with "common" or "organizations".
 */
#ifndef SIM_IDENTITY_IDENTITY_H
#define SIM_IDENTITY_IDENTITY_H

#include "sim/http/message.h"
#include "sim/util/json_write.h"
#include "sim/world.h"

/** Answer @request as Entra ID. */
void sim_identity_handle(struct sim_world *world, const struct sim_request *request,
			 struct sim_response *response);

/** One exchange with the identity platform. */
struct sim_sts {
	struct sim_world *world;           /**< borrowed */
	const struct sim_request *request; /**< borrowed */
	struct sim_response *response;     /**< to be filled */
	struct sim_pairs form;             /**< the body's parameters */
	bool is_shared;                    /**< the path says "common" or "organizations" */
	const char *suberror;              /**< goes into the next error, or NULL */
};

/** GET /{tenant}/v2.0/.well-known/openid-configuration (discovery.c). */
void sim_discovery_document(struct sim_sts *sts);

/** GET /{tenant}/discovery/v2.0/keys (discovery.c). */
void sim_discovery_keys(struct sim_sts *sts);

/** GET /common/discovery/instance: is this host an authority? (discovery.c) */
void sim_discovery_instance(struct sim_sts *sts);

/** True if the path is one of the identity platform's. */
bool sim_identity_owns(const struct sim_request *request);

/**
 * Answer with @status as the platform does when it is down or throttles; @code is an AADSTS number as
 * text, or NULL for the usual one (outage.c).
 */
void sim_sts_outage(struct sim_sts *sts, unsigned status, const char *code);

/** POST /{tenant}/oauth2/v2.0/token (token.c). */
void sim_token_endpoint(struct sim_sts *sts);

/** Take the body apart. False: answered (no POST, or no form). */
bool sim_sts_read_form(struct sim_sts *sts) SIM_MUST_CHECK;

/** The error for a parameter that is missing. Returns false always. */
bool sim_sts_missing(struct sim_sts *sts, const char *name);

/** Seconds that the next access token lives. */
int64_t sim_sts_lifetime(struct sim_sts *sts);

/**
 * Answer with an error of the identity platform: complete body with trace id, correlation id and
 * timestamp. @error is OAuth's code ("invalid_client"); @code the AADSTS number; the printf-formatted
 * text comes without "AADSTSn: ". Status 401 for invalid_client, else 400. Returns false always.
 */
bool sim_sts_error(struct sim_sts *sts, const char *error, int64_t code, const char *fmt, ...)
	SIM_PRINTF(4, 5);

#endif
