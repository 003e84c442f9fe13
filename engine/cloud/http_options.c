/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The options of every request, in one place. Each is set although some are libcurl's defaults:
 * defaults change, and several read the environment when left alone (proxies).
 */
#include "config.h"

#include "engine/cloud/http_private.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

/* One option; a failure is kept and everything behind it skipped. */
struct setter {
	CURL *easy;
	CURLcode code;
};

static void set_long(struct setter *s, CURLoption option, int64_t value)
{
	if (s->code == CURLE_OK) {
		s->code = curl_easy_setopt(s->easy, option, (long)value);
	}
}

static void set_text(struct setter *s, CURLoption option, const char *value)
{
	if (s->code == CURLE_OK) {
		s->code = curl_easy_setopt(s->easy, option, value);
	}
}

static void set_pointer(struct setter *s, CURLoption option, void *value)
{
	if (s->code == CURLE_OK) {
		s->code = curl_easy_setopt(s->easy, option, value);
	}
}

static void set_identity_checks(struct setter *s, struct gb_http *http)
{
	set_long(s, CURLOPT_SSL_VERIFYPEER, 1);
	set_long(s, CURLOPT_SSL_VERIFYHOST, 2);
	set_long(s, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
	set_long(s, CURLOPT_PROXY_SSL_VERIFYPEER, 1);
	set_long(s, CURLOPT_PROXY_SSL_VERIFYHOST, 2);
	set_long(s, CURLOPT_PROXY_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
	if (http->authorities.data != NULL) {
		set_pointer(s, CURLOPT_CAINFO_BLOB, &http->authorities);
		set_pointer(s, CURLOPT_PROXY_CAINFO_BLOB, &http->authorities);
		/* Instead of the system's authorities, not besides them. */
		set_text(s, CURLOPT_CAINFO, NULL);
		set_text(s, CURLOPT_CAPATH, NULL);
		set_text(s, CURLOPT_PROXY_CAINFO, NULL);
		set_text(s, CURLOPT_PROXY_CAPATH, NULL);
	}
	if (s->code == CURLE_OK) {
		s->code = gb_http_tls_record(s->easy, &http->tls);
	}
}

static void set_fences(struct setter *s, const struct gb_http *http,
		       const struct gb_http_call *call)
{
	set_text(s, CURLOPT_PROTOCOLS_STR, call->is_near ? "http" : "https");
	set_text(s, CURLOPT_REDIR_PROTOCOLS_STR, "https");
	set_long(s, CURLOPT_FOLLOWLOCATION, 0);
	set_long(s, CURLOPT_UNRESTRICTED_AUTH, 0);
	set_long(s, CURLOPT_DISALLOW_USERNAME_IN_URL, 1);
	set_long(s, CURLOPT_NETRC, CURL_NETRC_IGNORED);
	set_text(s, CURLOPT_COOKIEFILE, NULL);
	set_long(s, CURLOPT_HTTP09_ALLOWED, 0);
	/*
	 * An empty string means "none"; left unset, libcurl would read $https_proxy and $no_proxy.
	 */
	set_text(s, CURLOPT_PROXY, call->is_near ? "" : http->options.proxy);
	set_text(s, CURLOPT_NOPROXY, "");
	set_long(s, CURLOPT_HEADEROPT, CURLHEADER_SEPARATE);
	set_long(s, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1);
}

static void set_bounds(struct setter *s, const struct gb_http *http,
		       const struct gb_http_call *call)
{
	int64_t connect_ms = http->options.connect_ms;
	int64_t low_speed_s = http->options.low_speed_s;

	set_long(s, CURLOPT_CONNECTTIMEOUT_MS, connect_ms > 0 ? connect_ms : GB_HTTP_CONNECT_MS);
	set_long(s, CURLOPT_LOW_SPEED_LIMIT, GB_HTTP_LOW_SPEED_BYTES);
	set_long(s, CURLOPT_LOW_SPEED_TIME,
		 low_speed_s > 0 ? low_speed_s : GB_HTTP_LOW_SPEED_SECONDS);
	set_long(s, CURLOPT_TIMEOUT_MS,
		 call->timeout_ms > 0 ? call->timeout_ms : GB_HTTP_TIMEOUT_MS);
	set_long(s, CURLOPT_MAXLIFETIME_CONN, GB_HTTP_CONNECTION_LIFE_S);
	set_long(s, CURLOPT_NOSIGNAL, 1);
	/* Do not wait for a resolver thread that is still asking when we are done. */
	set_long(s, CURLOPT_QUICK_EXIT, 1);
}

static void set_transport(struct setter *s, const struct gb_http_call *call)
{
	set_long(s, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
	set_long(s, CURLOPT_PIPEWAIT, 1);
	set_long(s, CURLOPT_TCP_KEEPALIVE, 1);
	set_long(s, CURLOPT_FRESH_CONNECT, call->is_fresh_connection ? 1 : 0);
	set_text(s, CURLOPT_ACCEPT_ENCODING, "gzip");
	set_text(s, CURLOPT_USERAGENT, PACKAGE_NAME "/" PACKAGE_VERSION);
}

static void set_body(struct setter *s, const char *method, const struct gb_secret *body)
{
	if (method != NULL && strcmp(method, "GET") != 0) {
		set_text(s, CURLOPT_CUSTOMREQUEST, method);
	}
	if (body == NULL) {
		set_long(s, CURLOPT_HTTPGET, 1);
		return;
	}
	set_long(s, CURLOPT_POST, 1);
	/* POSTFIELDS, unlike COPYPOSTFIELDS, leaves the secret where it is. */
	set_text(s, CURLOPT_POSTFIELDS, gb_secret_bytes(body));
	set_long(s, CURLOPT_POSTFIELDSIZE, (int64_t)gb_secret_length(body));
}

/*
 * XOAUTH2_BEARER and no header of our own: libcurl sends this one to the URL's host only, never to
 * a proxy.
 */
static void set_bearer(struct setter *s, const struct gb_secret *bearer)
{
	if (bearer == NULL) {
		set_long(s, CURLOPT_HTTPAUTH, (int64_t)CURLAUTH_NONE);
		return;
	}
	set_long(s, CURLOPT_HTTPAUTH, (int64_t)CURLAUTH_BEARER);
	set_text(s, CURLOPT_XOAUTH2_BEARER, gb_secret_bytes(bearer));
}

CURLcode gb_http_set_options(struct gb_http_request *request, const struct gb_http_call *call)
{
	struct setter s = {.easy = request->easy, .code = CURLE_OK};

	set_identity_checks(&s, request->http);
	set_fences(&s, request->http, call);
	set_bounds(&s, request->http, call);
	set_transport(&s, call);
	set_text(&s, CURLOPT_URL, call->url);
	set_body(&s, call->method, request->body);
	set_bearer(&s, call->bearer);
	set_pointer(&s, CURLOPT_HTTPHEADER, request->headers);
	set_pointer(&s, CURLOPT_PRIVATE, request);
	set_pointer(&s, CURLOPT_ERRORBUFFER, request->error_text);
	return s.code;
}
