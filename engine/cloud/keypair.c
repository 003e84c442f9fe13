/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A new key and a certificate for it. */
#include "config.h"

#include "engine/cloud/keypair.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "engine/base/digest.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

static enum gb_rc failed(struct gb_err *err)
{
	gb_err_set(err, GB_E_SYSTEM, "keypair", _("The key or its certificate cannot be made."));
	return gb_err_undone(err, _("No application was registered."));
}

static char *bio_text(const void *ctx, BIO *bio)
{
	char *bytes = NULL;
	long length = BIO_get_mem_data(bio, &bytes);

	return gb_strndup(ctx, bytes ? bytes : "", length > 0 ? (size_t)length : 0);
}

static bool set_serial(X509 *certificate)
{
	unsigned char bytes[16];
	BIGNUM *number;
	bool is_set;

	gb_digest_random(bytes, sizeof(bytes));
	bytes[0] &= 0x7f;
	number = BN_bin2bn(bytes, sizeof(bytes), NULL);
	is_set = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
	BN_free(number);
	return is_set;
}

static bool fill(X509 *certificate, EVP_PKEY *key, const char *name, int valid_days)
{
	X509_NAME *subject = X509_get_subject_name(certificate);

	/* An hour back: the other side's clock may be a little late. */
	return X509_set_version(certificate, X509_VERSION_3) == 1 && set_serial(certificate) &&
	       X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) != NULL &&
	       X509_time_adj_ex(X509_getm_notAfter(certificate), valid_days, -3600, NULL) != NULL &&
	       X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
					  (const unsigned char *)name, -1, -1, 0) == 1 &&
	       X509_set_issuer_name(certificate, subject) == 1 &&
	       X509_set_pubkey(certificate, key) == 1 &&
	       X509_sign(certificate, key, EVP_sha256()) > 0;
}

static int64_t time_ms(const ASN1_TIME *time)
{
	struct tm broken = {0};

	return ASN1_TIME_to_tm(time, &broken) == 1 ? (int64_t)timegm(&broken) * 1000 : 0;
}

static void thumbprint(const X509 *certificate, const EVP_MD *digest, char *ret_text)
{
	unsigned char bytes[EVP_MAX_MD_SIZE];
	unsigned length = 0;

	X509_digest(certificate, digest, bytes, &length);
	for (unsigned i = 0; i < length; i++) {
		snprintf(ret_text + 2 * (size_t)i, 3, "%02X", bytes[i]);
	}
}

static void describe(struct gb_keypair *keypair, X509 *certificate)
{
	BIO *bio = gb_mem_check(BIO_new(BIO_s_mem()));
	unsigned char *der = NULL;
	int length = i2d_X509(certificate, &der);

	PEM_write_bio_X509(bio, certificate);
	keypair->certificate_pem = bio_text(keypair, bio);
	keypair->certificate_base64 =
		gb_digest_base64(keypair, der, length > 0 ? (size_t)length : 0);
	thumbprint(certificate, EVP_sha1(), keypair->sha1);
	thumbprint(certificate, EVP_sha256(), keypair->sha256);
	keypair->begin_ms = time_ms(X509_get0_notBefore(certificate));
	keypair->end_ms = time_ms(X509_get0_notAfter(certificate));
	OPENSSL_free(der);
	BIO_free(bio);
}

/* The secure heap is not set up; the BIO's copy is wiped here. */
static bool take_key(struct gb_keypair *keypair, EVP_PKEY *key)
{
	BIO *bio = gb_mem_check(BIO_new(BIO_s_mem()));
	char *bytes = NULL;
	long length;

	if (PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) != 1) {
		BIO_free(bio);
		return false;
	}
	length = BIO_get_mem_data(bio, &bytes);
	keypair->key_pem = gb_secret_new(keypair, bytes, (size_t)length);
	gb_secret_wipe(bytes, (size_t)length);
	BIO_free(bio);
	return true;
}

enum gb_rc gb_keypair_make(const void *ctx, const char *name, int valid_days,
			   struct gb_keypair **ret_keypair, struct gb_err *err)
{
	struct gb_keypair *keypair = gb_new(ctx, struct gb_keypair);
	EVP_PKEY *key = EVP_RSA_gen(GB_KEYPAIR_BITS);
	X509 *certificate = X509_new();
	char *cn = gb_text_cut_utf16(keypair, name, 60);
	enum gb_rc rc = GB_OK;

	if (!key || !certificate || !fill(certificate, key, cn, valid_days) ||
	    !take_key(keypair, key)) {
		rc = failed(err);
	} else {
		describe(keypair, certificate);
	}
	X509_free(certificate);
	EVP_PKEY_free(key);
	if (rc != GB_OK) {
		talloc_free(keypair);
		return rc;
	}
	*ret_keypair = keypair;
	return GB_OK;
}

enum gb_rc gb_keypair_describe(const void *ctx, const char *certificate_pem,
			       struct gb_keypair **ret_keypair, struct gb_err *err)
{
	BIO *bio = gb_mem_check(BIO_new_mem_buf(certificate_pem, -1));
	X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);

	BIO_free(bio);
	if (!certificate) {
		return gb_err_set(err, GB_E_CONFIG, "cloud-certificate-pem",
				  _("The certificate is not PEM."));
	}
	*ret_keypair = gb_new(ctx, struct gb_keypair);
	describe(*ret_keypair, certificate);
	X509_free(certificate);
	return GB_OK;
}
