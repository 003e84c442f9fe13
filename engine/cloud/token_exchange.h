/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One exchange with the token endpoint: the form that goes out, the verdict on what comes back
 * (RFC 6749 sections 4.4 and 5). No state, no network.
 */
#ifndef GB_CLOUD_TOKEN_EXCHANGE_H
#define GB_CLOUD_TOKEN_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/secret.h"
#include "engine/cloud/assertion.h"
#include "engine/cloud/http.h"

/** Largest answer that is read, in bytes. */
#define GB_TOKEN_MAX_ANSWER_BYTES (64u * 1024u)
/** Longest token, in bytes. */
#define GB_TOKEN_MAX_BYTES 16384
/** A longer life reads as this, in seconds; Entra gives 60 to 90 minutes. */
#define GB_TOKEN_MAX_LIFE_S 86400

struct gb_machine;

/** Who signs in, and where. */
struct gb_token_identity {
	const char *authority; /**< "https://host", checked */
	const char *graph;     /**< "https://host", checked; the scope is this and "/.default" */
	const char *tenant;    /**< checked: fit for a URL's path */
	const char *client_id; /**< checked: a GUID; NULL with the machine's own identity */
	/* Exactly one of these: */
	const struct gb_secret *secret;       /**< the client secret */
	const struct gb_assertion *assertion; /**< the certificate credential */
	const struct gb_machine *machine;     /**< the machine's token service: see machine.h */
};

/** The token endpoint's URL, below @ctx. It is also the audience of the assertion. */
char *gb_token_endpoint(const void *ctx, const struct gb_token_identity *identity);

/**
 * The form to post, below @ctx. Holds the client secret or an assertion: wipe it after use.
 *
 * @param now_ms  wall clock, for the assertion.
 */
char *gb_token_form(const void *ctx, const struct gb_token_identity *identity, int64_t now_ms);

/**
 * The verdict on an answer of any status.
 *
 * A 200 has to be JSON with token_type Bearer, expires_in from 1, and a token of printable ASCII
 * without blanks.
 *
 * @param now_ms      wall clock, for Entra's complaints about ours.
 * @param ret_token   below @ctx.
 * @param ret_life_s  1 … GB_TOKEN_MAX_LIFE_S.
 * Errors: those of gb_aadsts_explain(); GB_E_UNAVAILABLE "token-status" (429, 5xx without a
 * reason); GB_E_PROTOCOL "token-status", "token-answer", "json-invalid". No text shows the
 * answer's token.
 */
GB_MUST_CHECK enum gb_rc gb_token_verdict(const void *ctx, const struct gb_token_identity *identity,
					  const struct gb_http_answer *answer, int64_t now_ms,
					  struct gb_secret **ret_token, int64_t *ret_life_s,
					  struct gb_err *err);

/**
 * The token in a good answer of @who ("https://host"): JSON with token_type Bearer, expires_in from 1,
 * and a token as above.
 *
 * @param takes_text  expires_in may be a number written as text, as a machine's service does.
 * Errors: GB_E_PROTOCOL "token-answer", "json-invalid".
 */
GB_MUST_CHECK enum gb_rc gb_token_take(const void *ctx, const struct gb_http_answer *answer,
				       const char *who, bool takes_text,
				       struct gb_secret **ret_token, int64_t *ret_life_s,
				       struct gb_err *err);

#endif
