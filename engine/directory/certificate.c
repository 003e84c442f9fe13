/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a TLS certificate says. */
#include "config.h"

#include "engine/directory/certificate.h"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "engine/base/clock.h"
#include "engine/base/digest.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/directory/server.h"
#include "engine/directory/tls_diagnose.h"

static char *bio_text(const void *ctx, BIO *bio)
{
	char *bytes = NULL;
	long length = BIO_get_mem_data(bio, &bytes);
	char *text = gb_strndup(ctx, bytes ? bytes : "", length > 0 ? (size_t)length : 0);

	BIO_free(bio);
	return text;
}

static char *name_text(const void *ctx, const X509_NAME *name)
{
	BIO *bio = gb_mem_check(BIO_new(BIO_s_mem()));
	char *text;
	char *shown;

	X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB);
	text = bio_text(NULL, bio);
	shown = gb_text_display(ctx, text);
	talloc_free(text);
	return shown;
}

static int64_t time_ms(const ASN1_TIME *time)
{
	struct tm broken = {0};

	return ASN1_TIME_to_tm(time, &broken) == 1 ? (int64_t)timegm(&broken) * 1000 : 0;
}

static char *address_text(const void *ctx, const ASN1_OCTET_STRING *address)
{
	char text[INET6_ADDRSTRLEN] = "?";
	int family = ASN1_STRING_length(address) == 4 ? AF_INET : AF_INET6;

	if (family == AF_INET || ASN1_STRING_length(address) == 16) {
		(void)inet_ntop(family, ASN1_STRING_get0_data(address), text, sizeof(text));
	}
	return gb_strdup(ctx, text);
}

static void read_names(const void *ctx, const X509 *certificate, struct gb_certificate *ret)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
	int count = names ? sk_GENERAL_NAME_num(names) : 0;

	for (int i = 0; i < count && ret->name_count < GB_CERTIFICATE_MAX_NAMES; i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);

		if (name->type == GEN_DNS) {
			char *text = gb_strndup(NULL,
						(const char *)ASN1_STRING_get0_data(
							name->d.dNSName),
						(size_t)ASN1_STRING_length(name->d.dNSName));

			ret->names[ret->name_count++] = gb_text_display(ctx, text);
			talloc_free(text);
		} else if (name->type == GEN_IPADD) {
			ret->names[ret->name_count++] = address_text(ctx, name->d.iPAddress);
		}
	}
	GENERAL_NAMES_free(names);
}

static void read_fingerprint(const void *der, size_t length, struct gb_certificate *ret)
{
	uint8_t digest[32];

	gb_digest_sha256(der, length, digest);
	for (size_t i = 0; i < sizeof(digest); i++) {
		snprintf(ret->sha256 + 3 * i, 4, "%02X:", digest[i]);
	}
	ret->sha256[3 * sizeof(digest) - 1] = '\0';
}

bool gb_certificate_read(const void *ctx, const void *der, size_t length,
			 struct gb_certificate *ret_certificate)
{
	const unsigned char *at = der;
	X509 *certificate = d2i_X509(NULL, &at, (long)length);
	BIO *bio;

	if (!certificate) {
		return false;
	}
	*ret_certificate = (struct gb_certificate){
		.subject = name_text(ctx, X509_get_subject_name(certificate)),
		.issuer = name_text(ctx, X509_get_issuer_name(certificate)),
		.not_before_ms = time_ms(X509_get0_notBefore(certificate)),
		.not_after_ms = time_ms(X509_get0_notAfter(certificate)),
		.is_authority = X509_check_ca(certificate) > 0,
		.is_self_signed = X509_self_signed(certificate, 0) == 1,
	};
	read_names(ctx, certificate, ret_certificate);
	read_fingerprint(der, length, ret_certificate);
	bio = gb_mem_check(BIO_new(BIO_s_mem()));
	PEM_write_bio_X509(bio, certificate);
	ret_certificate->pem = bio_text(ctx, bio);
	X509_free(certificate);
	return true;
}

/* From DER to words. */
struct showing {
	gb_certificate_on_shown on_shown;
	void *user;
};

static void on_der(void *user, size_t position, const void *der, size_t length, bool is_pinnable)
{
	const struct showing *showing = user;
	void *tmp = gb_new_tmp(NULL);
	struct gb_certificate certificate;

	if (gb_certificate_read(tmp, der, length, &certificate)) {
		showing->on_shown(showing->user, position, &certificate, is_pinnable);
	}
	talloc_free(tmp);
}

enum gb_rc gb_certificate_show(const struct gb_directory_options *options, size_t server,
			       int timeout_ms, gb_certificate_on_shown on_shown, void *user,
			       struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	struct showing showing = {.on_shown = on_shown, .user = user};
	struct gb_server address = {0};
	struct gb_tls_peer peer = {
		.server = &address,
		.use_starttls = options->transport == GB_TRANSPORT_STARTTLS,
		.deadline_ms = gb_clock_boot_ms() + timeout_ms,
	};
	enum gb_rc rc = gb_server_parse(tmp, options->servers[server],
					gb_server_default_port(options->transport), &address, err);

	if (rc == GB_OK) {
		rc = gb_tls_show(&peer, on_der, &showing, err);
	}
	talloc_free(tmp);
	return rc;
}
