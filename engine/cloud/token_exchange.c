/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is sent to the token endpoint, and what it may answer. */
#include "config.h"

#include "engine/cloud/token_exchange.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/cloud/aadsts.h"

/* urn:ietf:params:oauth:client-assertion-type:jwt-bearer (RFC 7523 section 2.2), encoded. */
#define ASSERTION_TYPE "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"

static char *encode(const void *ctx, const char *bytes, size_t length)
{
	char *escaped = gb_mem_check(curl_easy_escape(NULL, bytes, (int)length));
	char *copy = gb_strdup(ctx, escaped);

	curl_free(escaped);
	return copy;
}

char *gb_token_endpoint(const void *ctx, const struct gb_token_identity *identity)
{
	return gb_printf(ctx, "%s/%s/oauth2/v2.0/token", identity->authority, identity->tenant);
}

static char *proof(const void *ctx, const struct gb_token_identity *identity, int64_t now_ms)
{
	struct gb_secret *assertion;

	if (identity->secret != NULL) {
		return encode(ctx, gb_secret_bytes(identity->secret),
			      gb_secret_length(identity->secret));
	}
	assertion = gb_assertion_sign(ctx, identity->assertion, identity->client_id,
				      gb_token_endpoint(ctx, identity), now_ms);
	return encode(ctx, gb_secret_bytes(assertion), gb_secret_length(assertion));
}

/* RFC 6749 section 2.3.1 (client_secret), RFC 7523 section 2.2 (client_assertion). */
char *gb_token_form(const void *ctx, const struct gb_token_identity *identity, int64_t now_ms)
{
	void *tmp = gb_new_tmp(NULL);
	char *scope = gb_printf(tmp, "%s/.default", identity->graph);
	char *secret_text = proof(tmp, identity, now_ms);
	char *form = gb_printf(ctx, "grant_type=client_credentials&client_id=%s&scope=%s%s%s",
			       encode(tmp, identity->client_id, strlen(identity->client_id)),
			       encode(tmp, scope, strlen(scope)),
			       identity->secret != NULL ? "&client_secret="
							: "&client_assertion_type=" ASSERTION_TYPE
							  "&client_assertion=",
			       secret_text);

	gb_secret_wipe(secret_text, strlen(secret_text));
	talloc_free(tmp);
	return form;
}

static bool is_token(const char *text)
{
	size_t length = strlen(text);

	if (length == 0 || length > GB_TOKEN_MAX_BYTES) {
		return false;
	}
	for (size_t i = 0; i < length; i++) {
		if (text[i] <= 0x20 || text[i] >= 0x7f) {
			return false;
		}
	}
	return true;
}

static enum gb_rc refuse(const char *authority, const char *why, struct gb_err *err)
{
	gb_err_set(err, GB_E_PROTOCOL, "token-answer",
		   _("The answer of %s to the sign-in is not usable: %s."), authority, why);
	gb_err_undone(err, _("It was dropped, and nothing was read from the cloud."));
	return gb_err_remedy(err,
			     _("Check the authority's address, and that no proxy answers in its "
			       "place."));
}

static bool read_life(const struct gb_json *root, bool takes_text, int64_t *ret_life_s)
{
	const char *text = takes_text ? gb_json_get_text(root, "expires_in") : NULL;

	return (text ? gb_text_to_number(text, ret_life_s)
		     : gb_json_get_int(root, "expires_in", ret_life_s)) &&
	       *ret_life_s >= 1;
}

static enum gb_rc take(const void *ctx, const struct gb_json *root, const char *authority,
		       bool takes_text, struct gb_secret **ret_token, int64_t *ret_life_s, struct gb_err *err)
{
	const char *type = gb_json_get_text(root, "token_type");
	const char *token = gb_json_get_text(root, "access_token");
	int64_t life_s;

	if (type == NULL || !gb_text_equal_nocase(type, "Bearer")) {
		return refuse(authority, _("token_type is not Bearer"), err);
	}
	if (!read_life(root, takes_text, &life_s)) {
		return refuse(authority, _("expires_in is not a number from 1"), err);
	}
	if (token == NULL || !is_token(token)) {
		return refuse(authority, _("access_token is missing or malformed"), err);
	}
	*ret_life_s = life_s > GB_TOKEN_MAX_LIFE_S ? GB_TOKEN_MAX_LIFE_S : life_s;
	*ret_token = gb_secret_new(ctx, token, strlen(token));
	return GB_OK;
}

/* The document's own copy of the token would outlive the wiped answer. */
static void wipe_token(const struct gb_json *root)
{
	const char *token = gb_json_get_text(root, "access_token");

	if (token != NULL) {
		gb_secret_wipe((void *)(uintptr_t)token, strlen(token));
	}
}

enum gb_rc gb_token_take(const void *ctx, const struct gb_http_answer *answer, const char *who,
			 bool takes_text, struct gb_secret **ret_token, int64_t *ret_life_s,
			 struct gb_err *err)
{
	char *source = gb_printf(NULL, _("The answer of %s to the sign-in"), who);
	struct gb_json_doc *doc = NULL;
	enum gb_rc rc = gb_json_parse(NULL, answer->body, answer->body_length, source, &doc, err);

	if (rc == GB_OK) {
		const struct gb_json *root = gb_json_root(doc);

		rc = take(ctx, root, who, takes_text, ret_token, ret_life_s, err);
		wipe_token(root);
		talloc_free(doc);
	}
	talloc_free(source);
	return rc;
}

static int64_t skew_s(const char *date, int64_t now_ms)
{
	time_t server = date != NULL ? curl_getdate(date, NULL) : -1;

	return server < 0 ? 0 : now_ms / 1000 - (int64_t)server;
}

static enum gb_rc explain_refusal(const struct gb_token_identity *identity,
				  const struct gb_http_answer *answer, int64_t now_ms,
				  struct gb_err *err)
{
	struct gb_aadsts_facts facts = {
		.authority = identity->authority,
		.tenant = identity->tenant,
		.client_id = identity->client_id,
		.skew_s = skew_s(answer->date, now_ms),
	};
	struct gb_json_doc *doc = NULL;
	enum gb_rc rc = gb_json_parse(NULL, answer->body, answer->body_length,
				      _("The authority's refusal"), &doc, err);

	if (rc != GB_OK) {
		return rc;
	}
	if (identity->assertion != NULL) {
		facts.sha1 = gb_assertion_sha1(identity->assertion);
		facts.sha256 = gb_assertion_sha256(identity->assertion);
	}
	rc = gb_aadsts_explain(&facts, answer->status, gb_json_root(doc), err);
	talloc_free(doc);
	return rc;
}

static enum gb_rc explain_status(const char *authority, int status, struct gb_err *err)
{
	bool is_passing = status == 429 || status >= 500;

	gb_err_set(err, is_passing ? GB_E_UNAVAILABLE : GB_E_PROTOCOL, "token-status",
		   _("%s answers the sign-in with status %d and without a reason."), authority,
		   status);
	gb_err_undone(err, _("No token was issued, so nothing was read from the cloud."));
	gb_err_remedy(err,
		      _("Check the authority's address, and that no proxy answers in its place."));
	return gb_err_native(err, status);
}

enum gb_rc gb_token_verdict(const void *ctx, const struct gb_token_identity *identity,
			    const struct gb_http_answer *answer, int64_t now_ms,
			    struct gb_secret **ret_token, int64_t *ret_life_s, struct gb_err *err)
{
	enum gb_rc rc;

	if (!gb_http_is_json(answer->content_type)) {
		return explain_status(identity->authority, answer->status, err);
	}
	if (answer->status == 200) {
		return gb_token_take(ctx, answer, identity->authority, false, ret_token,
				     ret_life_s, err);
	}
	rc = explain_refusal(identity, answer, now_ms, err);
	return rc == GB_E_PROTOCOL ? explain_status(identity->authority, answer->status, err) : rc;
}
