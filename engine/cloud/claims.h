/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an access token says of itself (the payload of a JWT, RFC 7519). For diagnosis alone: Graph may
 * change the form of its tokens, and nothing is decided by them that matters to safety. The signature
 * is Graph's business and not checked.
 */
#ifndef GB_CLOUD_CLAIMS_H
#define GB_CLOUD_CLAIMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/secret.h"

/** Most entries of a list that are read. */
#define GB_CLAIMS_MAX_LIST 64

/** Claims; texts live below the talloc parent, NULL if they are not there. */
struct gb_claims {
	char *name;      /**< display name of a person */
	char *account;   /**< upn, preferred_username or unique_name */
	char *tenant_id; /**< tid */
	int64_t end_ms;  /**< exp, since 1970; 0 if it is not there */
	char *roles[GB_CLAIMS_MAX_LIST]; /**< application permissions */
	size_t role_count;               /**< how many */
	char *wids[GB_CLAIMS_MAX_LIST];  /**< template ids of a person's directory roles */
	size_t wid_count;                /**< how many */
	bool has_wids;                   /**< the claim is there at all */
};

/** Read them. False if the token is no JWT with a JSON payload. */
GB_MUST_CHECK bool gb_claims_read(const void *ctx, const struct gb_secret *token,
				  struct gb_claims *ret_claims);

/** True if the token carries the application permission. */
bool gb_claims_has_role(const struct gb_claims *claims, const char *role);

#endif
