/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Remembers why a server certificate was refused. libcurl reports a number and a phrase, and keeps
 * no certificate of a handshake that failed; people need its subject, issuer and dates. The check
 * itself stays OpenSSL's: the callback looks on and hands its verdict through.
 */
#include "config.h"

#include "engine/cloud/http_private.h"

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

static int record_index(void)
{
	static int index = -1;

	if (index < 0) {
		index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, NULL);
	}
	return index;
}

static void take_bio(BIO *bio, char *text, size_t size_bytes)
{
	int length = BIO_read(bio, text, (int)size_bytes - 1);

	text[length > 0 ? length : 0] = '\0';
	(void)BIO_reset(bio);
}

static void record_names(X509 *certificate, BIO *bio, struct gb_http_tls *tls)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);

		if (name->type == GEN_DNS) {
			BIO_printf(bio, "%s%.*s", i > 0 ? " " : "",
				   ASN1_STRING_length(name->d.dNSName),
				   (const char *)ASN1_STRING_get0_data(name->d.dNSName));
		}
	}
	GENERAL_NAMES_free(names);
	take_bio(bio, tls->names, sizeof(tls->names));
}

static void record_certificate(X509 *certificate, struct gb_http_tls *tls)
{
	const unsigned long flags = XN_FLAG_ONELINE & ~(unsigned long)ASN1_STRFLGS_ESC_MSB;
	BIO *bio = gb_mem_check(BIO_new(BIO_s_mem()));

	X509_NAME_print_ex(bio, X509_get_subject_name(certificate), 0, flags);
	take_bio(bio, tls->subject, sizeof(tls->subject));
	X509_NAME_print_ex(bio, X509_get_issuer_name(certificate), 0, flags);
	take_bio(bio, tls->issuer, sizeof(tls->issuer));
	ASN1_TIME_print(bio, X509_get0_notBefore(certificate));
	take_bio(bio, tls->not_before, sizeof(tls->not_before));
	ASN1_TIME_print(bio, X509_get0_notAfter(certificate));
	take_bio(bio, tls->not_after, sizeof(tls->not_after));
	BIO_free(bio);
}

static void record(X509_STORE_CTX *store, int is_good, struct gb_http_tls *tls)
{
	X509 *certificate = X509_STORE_CTX_get_current_cert(store);
	bool is_leaf = X509_STORE_CTX_get_error_depth(store) == 0;

	/* A leaf that passes is recorded too: libcurl checks the host name after this. */
	if (certificate != NULL && (is_good == 0 || is_leaf)) {
		record_certificate(certificate, tls);
	}
	if (certificate != NULL && is_leaf) {
		BIO *bio = gb_mem_check(BIO_new(BIO_s_mem()));

		record_names(certificate, bio, tls);
		BIO_free(bio);
	}
}

static int on_verify(int is_good, X509_STORE_CTX *store)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());

	record(store, is_good, SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), record_index()));
	return is_good;
}

static CURLcode on_context(CURL *easy, void *ssl_context, void *user)
{
	SSL_CTX *context = ssl_context;

	(void)easy;
	if (SSL_CTX_set_ex_data(context, record_index(), user) == 0) {
		return CURLE_OUT_OF_MEMORY;
	}
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, on_verify);
	return CURLE_OK;
}

CURLcode gb_http_tls_record(CURL *easy, struct gb_http_tls *tls)
{
	CURLcode code = curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_context);

	if (code == CURLE_OK) {
		code = curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, tls);
	}
	return code;
}

/* The texts of a record, fit to be shown. */
struct shown {
	const char *subject;
	const char *issuer;
	const char *not_before;
	const char *not_after;
	const char *names;
};

static struct shown show(const void *ctx, const struct gb_http_tls *tls)
{
	return (struct shown){
		.subject = gb_text_display(ctx, tls->subject),
		.issuer = gb_text_display(ctx, tls->issuer),
		.not_before = gb_text_display(ctx, tls->not_before),
		.not_after = gb_text_display(ctx, tls->not_after),
		.names = gb_text_display(ctx, tls->names),
	};
}

static void explain_unknown_ca(const struct shown *shown, const char *host, struct gb_err *err)
{
	gb_err_set(err, GB_E_PROTOCOL, "tls-unknown-ca",
		   _("%s shows a certificate of an authority that is not trusted here "
		     "(subject %s, issuer %s)."),
		   host, shown->subject, shown->issuer);
	gb_err_remedy(err,
		      _("If a proxy inspects TLS, name its authority in the CA file; otherwise "
			"somebody answers in the place of %s."),
		      host);
}

static void explain_date(const struct shown *shown, const char *host, bool is_expired,
			 struct gb_err *err)
{
	if (is_expired) {
		gb_err_set(err, GB_E_PROTOCOL, "tls-expired",
			   _("The certificate of %s expired on %s (subject %s, issuer %s)."), host,
			   shown->not_after, shown->subject, shown->issuer);
	} else {
		gb_err_set(
			err, GB_E_PROTOCOL, "tls-not-yet-valid",
			_("The certificate of %s is valid from %s only (subject %s, issuer %s)."),
			host, shown->not_before, shown->subject, shown->issuer);
	}
	gb_err_remedy(err,
		      _("Check the clock of this host; if it is right, the certificate of %s "
			"has to be renewed."),
		      host);
}

static void explain_host(const struct shown *shown, const char *host, struct gb_err *err)
{
	gb_err_set(err, GB_E_PROTOCOL, "tls-wrong-host",
		   _("The server that answers for %s shows a certificate for other names: %s "
		     "(subject %s)."),
		   host, shown->names[0] != '\0' ? shown->names : _("none"), shown->subject);
	gb_err_remedy(err,
		      _("Check the address, DNS and /etc/hosts; the certificate has to name %s."),
		      host);
}

static void explain_other(const struct shown *shown, long verify_result, const char *host,
			  struct gb_err *err)
{
	gb_err_set(err, GB_E_PROTOCOL, "tls-untrusted",
		   _("The certificate of %s is refused: %s (subject %s, issuer %s)."), host,
		   X509_verify_cert_error_string(verify_result), shown->subject, shown->issuer);
	gb_err_remedy(err, _("The certificate of %s has to be replaced by a valid one."), host);
}

static bool is_unknown_ca(long verify_result)
{
	return verify_result == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT ||
	       verify_result == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
	       verify_result == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE ||
	       verify_result == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT ||
	       verify_result == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN;
}

enum gb_rc gb_http_tls_explain(const struct gb_http_tls *tls, long verify_result, const char *host,
			       struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	struct shown shown = show(tmp, tls);

	/* libcurl leaves "unspecified" behind when the chain is good and the name is not. */
	if (verify_result == X509_V_OK || verify_result == X509_V_ERR_UNSPECIFIED) {
		explain_host(&shown, host, err);
	} else if (is_unknown_ca(verify_result)) {
		explain_unknown_ca(&shown, host, err);
	} else if (verify_result == X509_V_ERR_CERT_HAS_EXPIRED) {
		explain_date(&shown, host, true, err);
	} else if (verify_result == X509_V_ERR_CERT_NOT_YET_VALID) {
		explain_date(&shown, host, false, err);
	} else {
		explain_other(&shown, verify_result, host, err);
	}
	gb_err_undone(err, _("Nothing was sent to it."));
	talloc_free(tmp);
	return GB_E_PROTOCOL;
}
