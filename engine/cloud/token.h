/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The access token: fetched once, shared by all requests, renewed before it ends.
 *
 * A token is used until shortly before it expires by the boot clock (which runs on through suspend
 * and does not jump). Five minutes earlier, or a fifth of a short life, a new one is fetched while
 * the old one still serves. Whoever asks while none is there waits for the one fetch under way. A
 * refusal is remembered for a minute, so that a wrong secret is not tried again and again.
 */
#ifndef GB_CLOUD_TOKEN_H
#define GB_CLOUD_TOKEN_H

#include <stdint.h>
#include <tevent.h>

#include "engine/base/err.h"
#include "engine/base/secret.h"
#include "engine/cloud/http.h"
#include "engine/cloud/retry.h"
#include "engine/cloud/token_exchange.h"

/** A new token is fetched so long before the old one ends. */
#define GB_TOKEN_RENEW_S 300
/** A refusal is given to everybody who asks so long after it. */
#define GB_TOKEN_REFUSAL_MS 60000

/** Opaque. */
struct gb_token;

/**
 * A token source below @ctx. Sends nothing yet. @identity is copied, its secret too; @http and
 * identity->assertion and identity->machine are borrowed and must outlive the token.
 */
struct gb_token *gb_token_new(const void *ctx, struct tevent_context *ev, struct gb_http *http,
			      const struct gb_token_identity *identity,
			      const struct gb_retry_policy *policy);

/**
 * The token, or why there is none. Exactly once, from the loop, unless the waiter was freed.
 *
 * @param generation  which token it is, for gb_token_refused().
 */
typedef void (*gb_token_fn)(void *user, enum gb_rc rc, const struct gb_secret *bearer,
			    uint64_t generation, const struct gb_err *err);

/** Opaque: somebody who waits. Freed after its callback. */
struct gb_token_waiter;

/** Ask for the token. The waiter is a child of @ctx; freeing it stops the waiting. */
struct gb_token_waiter *gb_token_get(struct gb_token *token, const void *ctx, gb_token_fn done,
				     void *user);

/**
 * The resource answered 401 to token @generation: forget it, unless a newer one is there already.
 */
void gb_token_refused(struct gb_token *token, uint64_t generation);

/** Do not wait for another try. For gb_cloud_cancel(), after gb_http_cancel(). */
void gb_token_hurry(struct gb_token *token);

/** Requests sent to the authority. */
uint64_t gb_token_requests(const struct gb_token *token);

#endif
