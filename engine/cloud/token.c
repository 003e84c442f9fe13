/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The token's life: who waits, when it is renewed, what is tried again. */
#include "config.h"

#include "engine/cloud/token.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>
#include <utlist.h>

#include "engine/base/clock.h"
#include "engine/base/digest.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"
#include "engine/cloud/machine.h"

struct gb_token {
	struct tevent_context *ev;
	struct gb_http *http;
	struct gb_token_identity identity;
	struct gb_retry_policy policy;
	char *endpoint;
	struct gb_token_waiter *waiters;

	struct gb_secret *current; /* NULL: none */
	uint64_t generation;       /* of current */
	int64_t renew_at_ms;       /* boot clock */
	int64_t usable_until_ms;   /* boot clock */

	struct gb_err failure;    /* of the last fetch; rc GB_OK: none */
	int64_t failure_until_ms; /* boot clock */

	bool is_fetching;
	bool has_answered; /* a machine's challenge, in this fetch */
	struct tevent_timer *retry_timer;
	unsigned attempts;
	int64_t fetch_began_ms;
	int64_t sent_at_ms;
	uint64_t requests;
};

struct gb_token_waiter {
	struct gb_token *token; /* NULL once the token is gone */
	struct gb_token_waiter *prev, *next;
	struct tevent_immediate *immediate;
	gb_token_fn done;
	void *user;
};

static void send_fetch(struct gb_token *token);
static void ask_machine(struct gb_token *token, const char *authorization);

static int unlink_waiter(struct gb_token_waiter *waiter)
{
	if (waiter->token != NULL) {
		DL_DELETE(waiter->token->waiters, waiter);
		waiter->token = NULL;
	}
	return 0;
}

static int destroy(struct gb_token *token)
{
	while (token->waiters != NULL) {
		TALLOC_FREE(token->waiters->immediate);
		unlink_waiter(token->waiters);
	}
	return 0;
}

static void copy_identity(struct gb_token *token, const struct gb_token_identity *identity)
{
	struct gb_token_identity *own = &token->identity;

	assert((identity->secret != NULL) + (identity->assertion != NULL) +
		       (identity->machine != NULL) ==
	       1);
	*own = *identity;
	own->authority = gb_strdup(token, identity->authority);
	own->graph = gb_strdup(token, identity->graph);
	own->tenant = gb_strdup(token, identity->tenant);
	own->client_id = gb_strdup(token, identity->client_id);
	if (identity->secret != NULL) {
		own->secret = gb_secret_new(token, gb_secret_bytes(identity->secret),
					    gb_secret_length(identity->secret));
	}
}

struct gb_token *gb_token_new(const void *ctx, struct tevent_context *ev, struct gb_http *http,
			      const struct gb_token_identity *identity,
			      const struct gb_retry_policy *policy)
{
	struct gb_token *token = gb_new(ctx, struct gb_token);

	token->ev = ev;
	token->http = http;
	token->policy = *policy;
	if (identity->machine != NULL && policy->max_attempts > GB_MACHINE_ATTEMPTS) {
		token->policy.max_attempts = GB_MACHINE_ATTEMPTS;
	}
	copy_identity(token, identity);
	token->endpoint = identity->machine != NULL
				  ? gb_machine_token_url(token, identity->machine)
				  : gb_token_endpoint(token, &token->identity);
	gb_err_clear(&token->failure);
	talloc_set_destructor(token, destroy);
	return token;
}

static bool is_usable(const struct gb_token *token)
{
	return token->current != NULL && gb_clock_boot_ms() < token->usable_until_ms;
}

static bool is_failure_fresh(const struct gb_token *token)
{
	return token->failure.rc != GB_OK && gb_clock_boot_ms() < token->failure_until_ms;
}

static void ensure_fetch(struct gb_token *token)
{
	if (!token->is_fetching) {
		token->is_fetching = true;
		token->attempts = 0;
		token->fetch_began_ms = gb_clock_boot_ms();
		send_fetch(token);
	}
}

/* @is_good: the token is usable, as it was judged; the clock goes on meanwhile. */
static void deliver(struct gb_token_waiter *waiter, bool is_good)
{
	struct gb_token *token = waiter->token;
	void *holder = gb_new_tmp(NULL);

	talloc_steal(holder, waiter);
	unlink_waiter(waiter);
	if (is_good) {
		if (gb_clock_boot_ms() >= token->renew_at_ms) {
			ensure_fetch(token);
		}
		waiter->done(waiter->user, GB_OK, token->current, token->generation, NULL);
	} else {
		struct gb_err err = token->failure;

		waiter->done(waiter->user, err.rc, NULL, 0, &err);
	}
	talloc_free(holder);
}

/* A token that arrived may be gone again when a waiter's turn comes: then it waits on. */
static void on_turn(struct tevent_context *ev, struct tevent_immediate *immediate, void *user)
{
	struct gb_token_waiter *waiter = user;
	bool is_good = is_usable(waiter->token);

	(void)ev;
	(void)immediate;
	if (is_good || (!waiter->token->is_fetching && is_failure_fresh(waiter->token))) {
		deliver(waiter, is_good);
	} else {
		ensure_fetch(waiter->token);
	}
}

static void wake_waiters(struct gb_token *token)
{
	struct gb_token_waiter *w;

	DL_FOREACH(token->waiters, w)
	{
		tevent_schedule_immediate(w->immediate, token->ev, on_turn, w);
	}
}

struct gb_token_waiter *gb_token_get(struct gb_token *token, const void *ctx, gb_token_fn done,
				     void *user)
{
	struct gb_token_waiter *waiter = gb_new(ctx, struct gb_token_waiter);

	waiter->token = token;
	waiter->done = done;
	waiter->user = user;
	waiter->immediate = gb_mem_check(tevent_create_immediate(waiter));
	DL_APPEND(token->waiters, waiter);
	talloc_set_destructor(waiter, unlink_waiter);
	tevent_schedule_immediate(waiter->immediate, token->ev, on_turn, waiter);
	return waiter;
}

static void accept_token(struct gb_token *token, struct gb_secret *fresh, int64_t life_s)
{
	int64_t life_ms = life_s * 1000;
	int64_t renew_ms =
		life_ms / 5 < GB_TOKEN_RENEW_S * 1000 ? life_ms / 5 : GB_TOKEN_RENEW_S * 1000;
	int64_t reserve_ms = life_ms / 10 < 10000 ? life_ms / 10 : 10000;

	talloc_free(token->current);
	token->current = fresh;
	token->generation++;
	token->renew_at_ms = token->sent_at_ms + life_ms - renew_ms;
	token->usable_until_ms = token->sent_at_ms + life_ms - reserve_ms;
	token->is_fetching = false;
	gb_err_clear(&token->failure);
	wake_waiters(token);
}

static void give_up(struct gb_token *token, const struct gb_err *err)
{
	token->is_fetching = false;
	token->failure = *err;
	token->failure_until_ms = gb_clock_boot_ms() + GB_TOKEN_REFUSAL_MS;
	token->renew_at_ms = token->failure_until_ms;
	if (is_usable(token)) {
		gb_log_err(GB_LOG_WARNING, "cloud", err);
	}
	wake_waiters(token);
}

static void on_retry(struct tevent_context *ev, struct tevent_timer *timer, struct timeval now,
		     void *user)
{
	struct gb_token *token = user;

	(void)ev;
	(void)timer;
	(void)now;
	token->retry_timer = NULL;
	send_fetch(token);
}

static void try_again(struct gb_token *token, const char *retry_after, const struct gb_err *err)
{
	struct gb_retry_state state = {
		.attempts = token->attempts,
		.elapsed_ms = gb_clock_boot_ms() - token->fetch_began_ms,
	};
	int64_t wait_ms;

	gb_digest_random(&state.chance, sizeof(state.chance));
	if (!gb_retry_after_parse(retry_after, gb_clock_wall_ms(), &state.asked_ms)) {
		state.asked_ms = 0;
		token->attempts++;
		state.attempts = token->attempts;
	}
	if (!gb_retry_decide(&token->policy, &state, &wait_ms)) {
		give_up(token, err);
		return;
	}
	token->retry_timer = gb_mem_check(
		tevent_add_timer(token->ev, token,
				 tevent_timeval_current_ofs((uint32_t)(wait_ms / 1000),
							    (uint32_t)(wait_ms % 1000) * 1000),
				 on_retry, token));
}

static enum gb_rc judge(struct gb_token *token, const struct gb_http_answer *answer,
			struct gb_secret **ret_token, int64_t *ret_life_s, struct gb_err *err)
{
	const struct gb_machine *machine = token->identity.machine;

	return machine != NULL
		       ? gb_machine_verdict(token, machine, answer, ret_token, ret_life_s, err)
		       : gb_token_verdict(token, &token->identity, answer, gb_clock_wall_ms(),
					  ret_token, ret_life_s, err);
}

/* The agent's challenge is answered once; a second one is a refusal. */
static bool is_first_challenge(const struct gb_token *token, const struct gb_http_answer *answer)
{
	return token->identity.machine != NULL && !token->has_answered &&
	       gb_machine_is_challenge(token->identity.machine, answer);
}

static enum gb_rc answer_challenge(struct gb_token *token, const struct gb_http_answer *challenge,
				   struct gb_err *err)
{
	char *header;
	enum gb_rc rc = gb_machine_answer(token, token->identity.machine, challenge, &header, err);

	if (rc == GB_OK) {
		token->has_answered = true;
		ask_machine(token, header);
		gb_secret_wipe(header, strlen(header));
		talloc_free(header);
	}
	return rc;
}

static void on_answer(void *user, enum gb_rc rc, const struct gb_http_answer *answer,
		      const struct gb_err *why)
{
	struct gb_token *token = user;
	struct gb_secret *fresh = NULL;
	int64_t life_s = 0;
	struct gb_err err;

	if (rc == GB_OK && is_first_challenge(token, answer)) {
		rc = answer_challenge(token, answer, &err);
		if (rc == GB_OK) {
			return;
		}
	} else if (rc == GB_OK) {
		rc = judge(token, answer, &fresh, &life_s, &err);
	} else {
		err = *why;
		if (rc == GB_E_UNAVAILABLE && token->identity.machine != NULL) {
			rc = gb_machine_silent(token->identity.machine, &err);
		}
	}
	if (rc == GB_OK) {
		accept_token(token, fresh, life_s);
		return;
	}
	if (rc == GB_E_UNAVAILABLE || (answer != NULL && answer->status == 429)) {
		try_again(token, answer != NULL ? answer->retry_after : NULL, &err);
	} else {
		give_up(token, &err);
	}
}

/* Answers come to on_answer(). @authorization: a header, or NULL. */
static void ask_machine(struct gb_token *token, const char *authorization)
{
	const char *const headers[] = {"Metadata: true", "Accept: application/json", authorization,
				       NULL};
	const struct gb_http_call call = {
		.url = token->endpoint,
		.headers = headers,
		.max_body_bytes = GB_TOKEN_MAX_ANSWER_BYTES,
		.is_answer_secret = true,
		.is_near = true,
	};

	token->requests++;
	token->sent_at_ms = gb_clock_boot_ms();
	gb_http_send(token->http, token, &call, on_answer, token);
}

static void ask_authority(struct gb_token *token)
{
	static const char *const headers[] = {"Content-Type: application/x-www-form-urlencoded",
					      "Accept: application/json", NULL};
	void *tmp = gb_new_tmp(NULL);
	char *body = gb_token_form(tmp, &token->identity, gb_clock_wall_ms());
	struct gb_http_call call = {
		.url = token->endpoint,
		.headers = headers,
		.body = body,
		.body_length = strlen(body),
		.max_body_bytes = GB_TOKEN_MAX_ANSWER_BYTES,
		.is_answer_secret = true,
	};

	token->requests++;
	token->sent_at_ms = gb_clock_boot_ms();
	gb_http_send(token->http, token, &call, on_answer, token);
	gb_secret_wipe(body, strlen(body));
	talloc_free(tmp);
}

static void send_fetch(struct gb_token *token)
{
	token->has_answered = false;
	if (token->identity.machine != NULL) {
		ask_machine(token, NULL);
	} else {
		ask_authority(token);
	}
}

void gb_token_refused(struct gb_token *token, uint64_t generation)
{
	if (generation == token->generation) {
		TALLOC_FREE(token->current);
	}
}

void gb_token_hurry(struct gb_token *token)
{
	if (token->retry_timer != NULL) {
		TALLOC_FREE(token->retry_timer);
		send_fetch(token);
	}
}

uint64_t gb_token_requests(const struct gb_token *token)
{
	return token->requests;
}
