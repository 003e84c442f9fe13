/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What Entra ID means when it refuses a sign-in: AADSTS codes as sentences.
 *
 * The codes choose words only; whether a refusal is final is decided here, by the same table, since
 * the OAuth field "error" does not tell it (Entra, "AADSTS error codes").
 */
#ifndef GB_CLOUD_AADSTS_H
#define GB_CLOUD_AADSTS_H

#include <stdint.h>

#include "engine/base/err.h"
#include "engine/base/json.h"

/** What the texts need to know besides the answer. All borrowed. */
struct gb_aadsts_facts {
	const char *authority; /**< "https://login.microsoftonline.com" */
	const char *tenant;    /**< as configured */
	const char *client_id; /**< as configured */
	const char *sha1;   /**< thumbprint of our certificate in hex; NULL with a client secret */
	const char *sha256; /**< likewise */
	int64_t skew_s;     /**< our clock minus the server's Date, seconds; 0 if unknown */
};

/**
 * The error that a refused token request stands for.
 *
 * @param status  HTTP status of the answer.
 * @param answer  the answer's object: error, error_description, error_codes, trace_id,
 *                correlation_id, timestamp (RFC 6749 section 5.2 and Entra's additions).
 * Returns: GB_E_ACCESS (credential, application, consent, policy), GB_E_CONFIG (tenant, cloud),
 * GB_E_UNAVAILABLE (passing: try again). err->id is "aadsts-CODE", or "token-refused" without a
 * code; err->native the status.
 */
enum gb_rc gb_aadsts_explain(const struct gb_aadsts_facts *facts, int status,
			     const struct gb_json *answer, struct gb_err *err);

#endif
