/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the HTTP client share among themselves; nobody else includes this. */
#ifndef GB_CLOUD_HTTP_PRIVATE_H
#define GB_CLOUD_HTTP_PRIVATE_H

#include <curl/curl.h>

#include "engine/cloud/http.h"

/** Size of one text of a certificate record, with its NUL; longer ones are cut. */
#define GB_HTTP_TLS_TEXT_BYTES 160

/**
 * What the last failed check of a server certificate was about. Texts come from the peer: pass them
 * through gb_text_display().
 */
struct gb_http_tls {
	char subject[GB_HTTP_TLS_TEXT_BYTES];    /**< subject of the certificate that failed */
	char issuer[GB_HTTP_TLS_TEXT_BYTES];     /**< its issuer */
	char not_before[GB_HTTP_TLS_TEXT_BYTES]; /**< its dates, "Jan  1 00:00:00 2026 GMT" */
	char not_after[GB_HTTP_TLS_TEXT_BYTES];
	char names[GB_HTTP_TLS_TEXT_BYTES]; /**< host names of the server's own certificate */
};

/** The connection pool. */
struct gb_http {
	struct tevent_context *ev;
	CURLM *multi;
	struct tevent_timer *timer;       /**< libcurl's one timer, or NULL */
	struct gb_http_request *requests; /**< list of those under way */
	struct gb_http_options options;   /**< with own copies of the strings */
	struct curl_blob authorities;     /**< the CA file's bytes; no data: the system's */
	struct gb_http_tls tls;
	bool is_cancelled;
	uint64_t sent;
	uint64_t answered[GB_HTTP_STATUS_END]; /**< by status; 0: no answer */
};

/** One request. */
struct gb_http_request {
	struct gb_http *http; /**< NULL once it is detached from the pool */
	struct gb_http_request *prev, *next;
	CURL *easy;
	struct curl_slist *headers;
	struct gb_secret *body;
	char *host; /**< for error texts */
	gb_http_done_fn done;
	void *user;
	struct tevent_immediate *immediate;
	CURLcode result;
	bool is_ended; /**< result holds; the callback is scheduled */
	bool is_cancelled;
	bool is_header_too_large;
	bool is_body_too_large;
	bool is_answer_secret;
	size_t header_bytes;
	size_t max_body_bytes;
	char *answer; /**< body so far, talloc child */
	size_t answer_length;
	size_t answer_capacity;
	char error_text[CURL_ERROR_SIZE];
};

/** Take @request out of the pool: no callback, no further traffic. */
void gb_http_detach(struct gb_http_request *request);

/** Have the callback run from the loop. */
void gb_http_end_later(struct gb_http_request *request, CURLcode result);

/** Set every option of request->easy. CURLE_OK, or the first failure. */
CURLcode gb_http_set_options(struct gb_http_request *request, const struct gb_http_call *call);

/** The error of a request that ended without an answer. Returns its code. */
enum gb_rc gb_http_explain(const struct gb_http_request *request, struct gb_err *err);

/**
 * The error of a refused server certificate: distinct ids for an unknown authority, a wrong host
 * name, an expired one.
 *
 * @param verify_result  CURLINFO_SSL_VERIFYRESULT: X509_V_ERR_… of the chain; if the chain was
 *                       good, the name was not.
 */
enum gb_rc gb_http_tls_explain(const struct gb_http_tls *tls, long verify_result, const char *host,
			       struct gb_err *err);

/** Have failed checks of server certificates recorded in @tls, which outlives all connections. */
CURLcode gb_http_tls_record(CURL *easy, struct gb_http_tls *tls);

/** curl_global_init() once, with an allocator that wipes what it frees. */
void gb_http_global_init(void);

#endif
