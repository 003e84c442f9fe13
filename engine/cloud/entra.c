/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entra ID for the set-up: discovery, device code, calls as a person. */
#include "config.h"

#include "engine/cloud/entra.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/clock.h"
#include "engine/base/guid.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/cloud/aadsts.h"
#include "engine/cloud/graph_error.h"
#include "engine/cloud/http.h"
#include "engine/cloud/origin.h"
#include "engine/cloud/retry.h"

#define DEFAULT_TIMEOUT_MS 30000
#define MAX_ANSWER_BYTES   (4u * 1024u * 1024u)
#define MAX_TRIES          4
#define FIRST_PAUSE_MS     1000
#define MAX_PAUSE_MS       20000
/* RFC 8628 section 3.5: without an interval, 5 seconds; slow_down adds 5. */
#define DEFAULT_INTERVAL_S 5
#define SLOW_DOWN_S        5
#define MAX_EXPIRES_S      1800
#define DEVICE_GRANT       "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code"

struct gb_entra {
	struct tevent_context *ev;
	struct gb_http *http;
	struct gb_origin *authority;
	struct gb_origin *graph;
	char *tenant;
	int64_t timeout_ms;
	struct gb_secret *token; /* or NULL */
	struct gb_claims claims;
};

/* One answer, kept until it was looked at. */
struct exchange {
	bool done;
	enum gb_rc rc;
	struct gb_err err;
	int status;
	struct gb_json_doc *doc; /* NULL if the answer has no JSON object */
	bool is_json;
	char *retry_after;
	const char *purpose;          /* NULL: errors of the authority */
	const char *role;             /* of a person who may do it; or NULL */
	const void *ctx;
};

enum gb_rc gb_entra_new(const void *ctx, struct tevent_context *ev,
			const struct gb_entra_options *options, struct gb_entra **ret_entra,
			struct gb_err *err)
{
	struct gb_entra *entra = gb_new(ctx, struct gb_entra);
	struct gb_http_options http = {
		.ca_file = options->ca_file,
		.ca_pem = options->ca_pem,
		.proxy = options->proxy,
		.max_connections = 2,
	};
	enum gb_rc rc = gb_origin_new(entra, _("authority"), options->authority_url,
				      &entra->authority, err);

	entra->ev = ev;
	entra->tenant = gb_strdup(entra, options->tenant);
	entra->timeout_ms = options->timeout_ms ? options->timeout_ms : DEFAULT_TIMEOUT_MS;
	if (rc == GB_OK) {
		rc = gb_origin_new(entra, _("Graph address"), options->graph_url, &entra->graph,
				   err);
	}
	if (rc == GB_OK) {
		rc = gb_http_new(entra, ev, &http, &entra->http, err);
	}
	if (rc != GB_OK) {
		talloc_free(entra);
		return rc;
	}
	*ret_entra = entra;
	return GB_OK;
}

static void take_answer(struct exchange *exchange, const struct gb_http_answer *answer)
{
	exchange->status = answer->status;
	exchange->retry_after = gb_strdup(exchange->ctx, answer->retry_after);
	exchange->is_json = gb_http_is_json(answer->content_type);
	if (exchange->is_json && answer->body_length > 0) {
		exchange->rc = gb_json_parse(exchange->ctx, answer->body, answer->body_length,
					     _("The answer of the cloud"), &exchange->doc,
					     &exchange->err);
	}
	if (exchange->purpose && answer->status >= 400) {
		struct gb_graph_call call = {.url = "", .purpose = exchange->purpose,
					     .permission = "Application.ReadWrite.All"};

		exchange->rc = gb_graph_explain(&call, answer, &exchange->err);
		if (answer->status == 403) {
			/* A person asks here: it is their role that lacks. */
			gb_err_undone(&exchange->err, _("It was not done; what was done before stays."));
			gb_err_remedy(&exchange->err,
				      _("Sign in as %s or Global Administrator, or let a colleague "
					"who is one do it."),
				      exchange->role ? exchange->role
						     : "Privileged Role Administrator");
		}
	}
}

static void on_answer(void *user, enum gb_rc rc, const struct gb_http_answer *answer,
		      const struct gb_err *err)
{
	struct exchange *exchange = user;

	exchange->done = true;
	exchange->rc = rc;
	if (rc == GB_OK) {
		take_answer(exchange, answer);
	} else {
		exchange->err = *err;
	}
}

static void send_and_wait(struct gb_entra *entra, const struct gb_http_call *call,
			  struct exchange *exchange)
{
	gb_http_send(entra->http, entra, call, on_answer, exchange);
	while (!exchange->done) {
		if (tevent_loop_once(entra->ev) != 0) {
			gb_oom();
		}
	}
}

static void on_slept(struct tevent_context *ev, struct tevent_timer *timer, struct timeval now,
		     void *user)
{
	(void)ev;
	(void)timer;
	(void)now;
	*(bool *)user = true;
}

void gb_entra_sleep(struct gb_entra *entra, int64_t ms)
{
	bool done = false;
	struct timeval until = tevent_timeval_current_ofs((uint32_t)(ms / 1000),
							  (uint32_t)(ms % 1000) * 1000);

	gb_mem_check(tevent_add_timer(entra->ev, entra, until, on_slept, &done));
	while (!done) {
		if (tevent_loop_once(entra->ev) != 0) {
			gb_oom();
		}
	}
}

static bool is_passing(const struct exchange *exchange)
{
	return exchange->rc == GB_E_UNAVAILABLE || exchange->status == 429 ||
	       exchange->status >= 500;
}

/* Anew, with growing pauses, while the trouble looks like passing. */
static void exchange_patiently(struct gb_entra *entra, const struct gb_http_call *call,
			       struct exchange *exchange)
{
	const struct exchange fresh = *exchange;
	int64_t pause_ms = FIRST_PAUSE_MS;

	for (int tries = 1;; tries++) {
		int64_t asked_ms = 0;

		*exchange = fresh;
		send_and_wait(entra, call, exchange);
		if (tries == MAX_TRIES || !is_passing(exchange)) {
			return;
		}
		if (gb_retry_after_parse(exchange->retry_after, gb_clock_wall_ms(), &asked_ms) &&
		    asked_ms > pause_ms) {
			pause_ms = asked_ms;
		}
		gb_entra_sleep(entra, pause_ms < MAX_PAUSE_MS ? pause_ms : MAX_PAUSE_MS);
		pause_ms *= 2;
	}
}

static enum gb_rc strange(const struct gb_entra *entra, int status, struct gb_err *err)
{
	gb_err_set(err, status >= 500 || status == 429 ? GB_E_UNAVAILABLE : GB_E_PROTOCOL,
		   "entra-answer", _("The answer of %s (status %d) is not usable."),
		   gb_origin_url(entra->authority), status);
	gb_err_undone(err, _("It was dropped."));
	gb_err_remedy(err, _("Check the authority's address, and that no proxy answers in its "
			     "place."));
	return gb_err_native(err, status);
}

/* The authority refuses: in its own words. */
static enum gb_rc explain(const struct gb_entra *entra, const struct exchange *exchange,
			  struct gb_err *err)
{
	const struct gb_aadsts_facts facts = {
		.authority = gb_origin_url(entra->authority),
		.tenant = entra->tenant,
		.client_id = GB_ENTRA_PUBLIC_CLIENT,
	};

	if (!exchange->doc) {
		return strange(entra, exchange->status, err);
	}
	return gb_aadsts_explain(&facts, exchange->status, gb_json_root(exchange->doc), err);
}

/* The GUID in "https://host/GUID/v2.0". */
static char *tenant_of_issuer(const void *ctx, const char *issuer)
{
	const char *slash = issuer ? strstr(issuer, "://") : NULL;
	struct gb_guid guid;
	char text[GB_GUID_TEXT_BYTES];

	slash = slash ? strchr(slash + 3, '/') : NULL;
	if (!slash || strlen(slash + 1) < GB_GUID_TEXT_BYTES - 1) {
		return NULL;
	}
	snprintf(text, sizeof(text), "%.*s", GB_GUID_TEXT_BYTES - 1, slash + 1);
	return gb_guid_parse(text, &guid) ? gb_strdup(ctx, text) : NULL;
}

enum gb_rc gb_entra_discover(struct gb_entra *entra, const void *ctx,
			     struct gb_entra_discovery *ret_discovery, struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	struct exchange exchange = {.ctx = tmp};
	struct gb_http_call call = {
		.url = gb_printf(tmp, "%s/%s/v2.0/.well-known/openid-configuration",
				 gb_origin_url(entra->authority), entra->tenant),
		.max_body_bytes = MAX_ANSWER_BYTES,
		.timeout_ms = entra->timeout_ms,
	};
	enum gb_rc rc;

	exchange_patiently(entra, &call, &exchange);
	rc = exchange.rc;
	if (rc != GB_OK) {
		*err = exchange.err;
	} else if (exchange.status != 200) {
		rc = explain(entra, &exchange, err);
	} else if (!exchange.doc) {
		rc = strange(entra, exchange.status, err);
	} else {
		const struct gb_json *root = gb_json_root(exchange.doc);

		*ret_discovery = (struct gb_entra_discovery){
			.tenant_id = tenant_of_issuer(ctx, gb_json_get_text(root, "issuer")),
			.region = gb_strdup(ctx, gb_json_get_text(root, "tenant_region_scope")),
			.sub_region = gb_strdup(ctx,
						gb_json_get_text(root, "tenant_region_sub_scope")),
			.instance = gb_strdup(ctx, gb_json_get_text(root, "cloud_instance_name")),
			.graph_host = gb_strdup(ctx, gb_json_get_text(root, "msgraph_host")),
		};
		rc = ret_discovery->tenant_id ? GB_OK : strange(entra, exchange.status, err);
	}
	talloc_free(tmp);
	return rc;
}

static const char *const form_headers[] = {"Content-Type: application/x-www-form-urlencoded",
					   "Accept: application/json", NULL};

static char *encode(const void *ctx, const char *text)
{
	char *escaped = gb_mem_check(curl_easy_escape(NULL, text, 0));
	char *copy = gb_strdup(ctx, escaped);

	curl_free(escaped);
	return copy;
}

/* "A B" becomes "https://graph/A https://graph/B". */
static char *full_scopes(const void *ctx, const struct gb_entra *entra, const char *scopes)
{
	char *all = gb_strdup(ctx, "");

	for (const char *at = scopes; *at; at += strspn(at, " ")) {
		size_t length = strcspn(at, " ");

		all = gb_printf(ctx, "%s%s%s/%.*s", all, *all ? " " : "",
				gb_origin_url(entra->graph), (int)length, at);
		at += length;
	}
	return all;
}

static enum gb_rc take_device(struct gb_entra *entra, const void *ctx, const struct gb_json *root,
			      struct gb_entra_device **ret_device, struct gb_err *err)
{
	const char *code = gb_json_get_text(root, "device_code");
	const char *user_code = gb_json_get_text(root, "user_code");
	const char *url = gb_json_get_text(root, "verification_uri");
	struct gb_entra_device *device;
	int64_t number;

	if (!code || !user_code || !url || strlen(code) > GB_SECRET_MAX_BYTES ||
	    !gb_json_get_int(root, "expires_in", &number) || number < 1) {
		return strange(entra, 200, err);
	}
	device = gb_new(ctx, struct gb_entra_device);
	device->device_code = gb_secret_new(device, code, strlen(code));
	device->user_code = gb_text_display(device, user_code);
	device->url = gb_text_display(device, url);
	device->expires_s = number < MAX_EXPIRES_S ? number : MAX_EXPIRES_S;
	device->interval_s = DEFAULT_INTERVAL_S;
	if (gb_json_get_int(root, "interval", &number) && number > 0 && number < 600) {
		device->interval_s = number;
	}
	gb_secret_wipe((void *)(uintptr_t)code, strlen(code));
	*ret_device = device;
	return GB_OK;
}

/* @body, as a form, for the end point of that name. */
static struct gb_http_call form_call(const void *ctx, const struct gb_entra *entra,
				     const char *end_point, const char *body)
{
	return (struct gb_http_call){
		.url = gb_printf(ctx, "%s/%s/oauth2/v2.0/%s", gb_origin_url(entra->authority),
				 entra->tenant, end_point),
		.headers = form_headers,
		.body = body,
		.body_length = strlen(body),
		.max_body_bytes = MAX_ANSWER_BYTES / 64,
		.timeout_ms = entra->timeout_ms,
		.is_answer_secret = true,
	};
}

enum gb_rc gb_entra_device_begin(struct gb_entra *entra, const void *ctx, const char *scopes,
				 struct gb_entra_device **ret_device, struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	struct exchange exchange = {.ctx = tmp};
	char *body = gb_printf(tmp, "client_id=" GB_ENTRA_PUBLIC_CLIENT "&scope=%s",
			       encode(tmp, full_scopes(tmp, entra, scopes)));
	struct gb_http_call call = form_call(tmp, entra, "devicecode", body);
	enum gb_rc rc;

	exchange_patiently(entra, &call, &exchange);
	rc = exchange.rc;
	if (rc != GB_OK) {
		*err = exchange.err;
	} else if (exchange.status != 200 || !exchange.doc) {
		rc = explain(entra, &exchange, err);
	} else {
		rc = take_device(entra, ctx, gb_json_root(exchange.doc), ret_device, err);
	}
	talloc_free(tmp);
	return rc;
}

/* The words of RFC 8628 section 3.5, and those that Entra uses in their place. */
static bool judge(struct gb_entra_device *device, const char *error,
		  enum gb_entra_sign_in *ret_found)
{
	if (!error) {
		return false;
	}
	if (strcmp(error, "authorization_pending") == 0) {
		*ret_found = GB_ENTRA_WAITING;
	} else if (strcmp(error, "slow_down") == 0) {
		device->interval_s += SLOW_DOWN_S;
		*ret_found = GB_ENTRA_WAITING;
	} else if (strcmp(error, "authorization_declined") == 0 ||
		   strcmp(error, "access_denied") == 0) {
		*ret_found = GB_ENTRA_DECLINED;
	} else if (strcmp(error, "expired_token") == 0 || strcmp(error, "code_expired") == 0) {
		*ret_found = GB_ENTRA_EXPIRED;
	} else {
		return false;
	}
	return true;
}

static enum gb_rc take_token(struct gb_entra *entra, const struct gb_json *root,
			     enum gb_entra_sign_in *ret_found, struct gb_err *err)
{
	const char *token = gb_json_get_text(root, "access_token");

	if (!token || !token[0] || strlen(token) > GB_SECRET_MAX_BYTES ||
	    strspn(token, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~+/=") !=
		    strlen(token)) {
		return strange(entra, 200, err);
	}
	entra->token = gb_secret_new(entra, token, strlen(token));
	gb_secret_wipe((void *)(uintptr_t)token, strlen(token));
	if (!gb_claims_read(entra, entra->token, &entra->claims)) {
		entra->claims = (struct gb_claims){0};
	}
	*ret_found = GB_ENTRA_SIGNED_IN;
	return GB_OK;
}

enum gb_rc gb_entra_device_poll(struct gb_entra *entra, struct gb_entra_device *device,
				enum gb_entra_sign_in *ret_found, struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	struct exchange exchange = {.ctx = tmp};
	char *body = gb_printf(tmp,
			       "grant_type=%s&client_id=" GB_ENTRA_PUBLIC_CLIENT
			       "&device_code=%s",
			       DEVICE_GRANT, encode(tmp, gb_secret_bytes(device->device_code)));
	struct gb_http_call call = form_call(tmp, entra, "token", body);
	enum gb_rc rc;

	send_and_wait(entra, &call, &exchange);
	rc = exchange.rc;
	if (rc == GB_E_UNAVAILABLE || (rc == GB_OK && exchange.status >= 500)) {
		*ret_found = GB_ENTRA_WAITING; /* RFC 8628 section 3.5: poll on, more slowly */
		device->interval_s += SLOW_DOWN_S;
		rc = GB_OK;
	} else if (rc != GB_OK) {
		*err = exchange.err;
	} else if (exchange.status == 200 && exchange.doc) {
		rc = take_token(entra, gb_json_root(exchange.doc), ret_found, err);
	} else if (!exchange.doc ||
		   !judge(device, gb_json_get_text(gb_json_root(exchange.doc), "error"),
			  ret_found)) {
		rc = explain(entra, &exchange, err);
	}
	gb_secret_wipe(body, strlen(body));
	talloc_free(tmp);
	return rc;
}

const struct gb_claims *gb_entra_person(const struct gb_entra *entra)
{
	return entra->token ? &entra->claims : NULL;
}

enum gb_rc gb_entra_link_path(const struct gb_entra *entra, const void *ctx, const char *link,
			      const char *purpose, char **ret_path, struct gb_err *err)
{
	enum gb_rc rc = gb_origin_check(entra->graph, link, purpose, err);

	/* Behind "https://host" comes a path: the check has seen it. */
	*ret_path = rc == GB_OK ? gb_strdup(ctx, strchr(strstr(link, "://") + 3, '/')) : NULL;
	return rc;
}

enum gb_rc gb_entra_call(struct gb_entra *entra, const void *ctx, const struct gb_entra_call *call,
			 struct gb_json_doc **ret_doc, struct gb_err *err)
{
	static const char *const headers[] = {"Content-Type: application/json",
					      "Accept: application/json", NULL};
	void *tmp = gb_new_tmp(NULL);
	struct exchange exchange = {.ctx = tmp, .purpose = call->purpose, .role = call->role};
	struct gb_http_call http = {
		.url = gb_printf(tmp, "%s%s", gb_origin_url(entra->graph), call->path),
		.method = call->method,
		.headers = headers,
		.body = call->body,
		.body_length = call->body ? strlen(call->body) : 0,
		.bearer = entra->token,
		.max_body_bytes = MAX_ANSWER_BYTES,
		.timeout_ms = entra->timeout_ms,
	};
	enum gb_rc rc = gb_origin_check(entra->graph, http.url, call->purpose, err);

	if (rc != GB_OK) {
		talloc_free(tmp);
		return rc;
	}
	exchange_patiently(entra, &http, &exchange);
	rc = exchange.rc;
	if (rc == GB_OK && exchange.status >= 300) {
		rc = strange(entra, exchange.status, err);
	} else if (rc != GB_OK) {
		*err = exchange.err;
	}
	if (ret_doc) {
		*ret_doc = rc == GB_OK && exchange.doc ? talloc_steal(ctx, exchange.doc) : NULL;
	}
	talloc_free(tmp);
	return rc;
}
