/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What became of a request that has no answer, in words for people. */
#include "config.h"

#include "engine/cloud/http_private.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

/* A libcurl result that is worth another try, and what it means. */
struct transient {
	CURLcode code;
	const char *id;
	const char *reason;
	const char *remedy;
};

#define REMEDY_NAME    N_("Check /etc/resolv.conf, and that the name server knows it.")
#define REMEDY_PROXY   N_("Check the configured proxy.")
#define REMEDY_NETWORK N_("Check that this host may reach it, through the firewall and the proxy.")
#define REMEDY_LATER   N_("If it stays so, look at the network and the proxy in between.")

static const struct transient transients[] = {
	{CURLE_COULDNT_RESOLVE_HOST, "http-dns", N_("its name cannot be resolved"), REMEDY_NAME},
	{CURLE_COULDNT_RESOLVE_PROXY, "http-proxy-dns", N_("the proxy's name cannot be resolved"),
	 REMEDY_PROXY},
	{CURLE_COULDNT_CONNECT, "http-connect", N_("no connection could be made"), REMEDY_NETWORK},
	{CURLE_OPERATION_TIMEDOUT, "http-timeout", N_("no answer came in time"), REMEDY_NETWORK},
	{CURLE_SSL_CONNECT_ERROR, "tls-handshake", N_("the TLS handshake was cut off"),
	 REMEDY_NETWORK},
	{CURLE_PARTIAL_FILE, "http-cut", N_("the answer ended early"), REMEDY_LATER},
	{CURLE_GOT_NOTHING, "http-cut", N_("the connection was closed without an answer"),
	 REMEDY_LATER},
	{CURLE_RECV_ERROR, "http-cut", N_("the connection broke while reading"), REMEDY_LATER},
	{CURLE_SEND_ERROR, "http-cut", N_("the connection broke while sending"), REMEDY_LATER},
	{CURLE_HTTP2, "http-cut", N_("the HTTP/2 connection broke"), REMEDY_LATER},
	{CURLE_HTTP2_STREAM, "http-cut", N_("the HTTP/2 answer was cut off"), REMEDY_LATER},
	{CURLE_BAD_CONTENT_ENCODING, "http-encoding", N_("the answer could not be decompressed"),
	 REMEDY_LATER},
};

static const struct transient *find_transient(CURLcode code)
{
	for (size_t i = 0; i < GB_ARRAY_SIZE(transients); i++) {
		if (transients[i].code == code) {
			return &transients[i];
		}
	}
	return NULL;
}

static enum gb_rc explain_transient(const struct transient *row, const char *host,
				    struct gb_err *err)
{
	gb_err_set(err, GB_E_UNAVAILABLE, row->id, _("A request to %s failed: %s."), host,
		   _(row->reason));
	gb_err_undone(err, _("What was asked for could not be read."));
	return gb_err_remedy(err, "%s", _(row->remedy));
}

static enum gb_rc explain_too_large(const struct gb_http_request *request, const char *host,
				    struct gb_err *err)
{
	if (request->is_header_too_large) {
		gb_err_set(err, GB_E_PROTOCOL, "http-header-too-large",
			   _("The header of an answer of %s is larger than %u bytes."), host,
			   GB_HTTP_MAX_HEADER_BYTES);
	} else {
		gb_err_set(err, GB_E_PROTOCOL, "http-too-large",
			   _("An answer of %s is larger than %zu bytes."), host,
			   request->max_body_bytes);
	}
	gb_err_undone(err, _("It was dropped unread."));
	return gb_err_remedy(err,
			     _("Check that nothing stands between this host and %s that changes "
			       "answers."),
			     host);
}

static enum gb_rc explain_proxy_login(const char *host, struct gb_err *err)
{
	gb_err_set(err, GB_E_ACCESS, "http-proxy-login",
		   _("The proxy on the way to %s wants a login (407)."), host);
	gb_err_undone(err, _("Nothing was sent to %s."), host);
	return gb_err_remedy(err, _("Let the proxy pass this host without a login."));
}

static enum gb_rc explain_ca_file(const struct gb_http_request *request, struct gb_err *err)
{
	const char *ca_file = request->http->options.ca_file;

	gb_err_set(err, GB_E_CONFIG, "tls-ca-file",
		   _("The file of trusted authorities \"%s\" cannot be used."),
		   ca_file != NULL && ca_file[0] != '\0' ? ca_file : _("of the system"));
	gb_err_undone(err, _("Nothing was sent."));
	return gb_err_remedy(err, _("It has to be readable and hold certificates as PEM."));
}

static enum gb_rc explain_tls_version(const char *host, struct gb_err *err)
{
	gb_err_set(err, GB_E_PROTOCOL, "tls-version", _("%s offers no TLS 1.2 or newer."), host);
	gb_err_undone(err, _("Nothing was sent to it."));
	return gb_err_remedy(err, _("The server, or the proxy in between, has to be brought up to "
				    "date."));
}

static enum gb_rc explain_other(const struct gb_http_request *request, const char *host,
				struct gb_err *err)
{
	const char *detail = request->error_text[0] != '\0' ? request->error_text
							    : curl_easy_strerror(request->result);
	char *shown = gb_text_display(NULL, detail);

	gb_err_set(err, GB_E_UNAVAILABLE, "http-other", _("A request to %s failed: %s."), host,
		   shown);
	talloc_free(shown);
	return gb_err_undone(err, _("What was asked for could not be read."));
}

static enum gb_rc explain_cancelled(const char *host, struct gb_err *err)
{
	gb_err_set(err, GB_E_CANCELLED, "http-cancelled", _("A request to %s was called off."),
		   host);
	return gb_err_undone(err, _("What was asked for was not read."));
}

static enum gb_rc explain_identity(const struct gb_http_request *request, const char *host,
				   struct gb_err *err)
{
	long verify_result = 0;

	(void)curl_easy_getinfo(request->easy, CURLINFO_SSL_VERIFYRESULT, &verify_result);
	return gb_http_tls_explain(&request->http->tls, verify_result, host, err);
}

static bool is_proxy_login(const struct gb_http_request *request)
{
	long status = 0;

	(void)curl_easy_getinfo(request->easy, CURLINFO_HTTP_CONNECTCODE, &status);
	return status == 407;
}

/* An alert about the version, or OpenSSL's own refusal, is no accident: it will be so again. */
static bool is_tls_version(const struct gb_http_request *request)
{
	return request->result == CURLE_SSL_CONNECT_ERROR &&
	       (strstr(request->error_text, "protocol version") != NULL ||
		strstr(request->error_text, "unsupported protocol") != NULL);
}

/* A name server that stays silent shows as a timeout like any other. */
static CURLcode cause_of(const struct gb_http_request *request)
{
	return strncmp(request->error_text, "Resolving timed out", 19) == 0
		       ? CURLE_COULDNT_RESOLVE_HOST
		       : request->result;
}

static enum gb_rc explain(const struct gb_http_request *request, const char *host,
			  struct gb_err *err)
{
	const struct transient *row = find_transient(cause_of(request));

	if (request->is_cancelled) {
		return explain_cancelled(host, err);
	}
	if (request->is_header_too_large || request->is_body_too_large) {
		return explain_too_large(request, host, err);
	}
	if (request->result == CURLE_PEER_FAILED_VERIFICATION) {
		return explain_identity(request, host, err);
	}
	if (request->result == CURLE_SSL_CACERT_BADFILE) {
		return explain_ca_file(request, err);
	}
	if (is_proxy_login(request)) {
		return explain_proxy_login(host, err);
	}
	if (is_tls_version(request)) {
		return explain_tls_version(host, err);
	}
	return row != NULL ? explain_transient(row, host, err) : explain_other(request, host, err);
}

enum gb_rc gb_http_explain(const struct gb_http_request *request, struct gb_err *err)
{
	char *host = gb_text_display(NULL, request->host);

	explain(request, host, err);
	talloc_free(host);
	return gb_err_native(err, (int)request->result);
}
