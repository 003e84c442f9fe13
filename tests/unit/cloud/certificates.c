/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Throw-away certificates. */
#include "config.h"

#include "tests/unit/cloud/certificates.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "tests/unit/unit.h"

static char *take(const void *ctx, BIO *bio)
{
	char *bytes;
	long length = BIO_get_mem_data(bio, &bytes);
	char *text = gb_strndup(ctx, bytes, (size_t)length);

	BIO_free(bio);
	return text;
}

static EVP_PKEY *read_key(const char *pem)
{
	BIO *bio = BIO_new_mem_buf(pem, -1);
	EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);

	BIO_free(bio);
	assert_non_null(key);
	return key;
}

static X509 *read_certificate(const char *pem)
{
	BIO *bio = BIO_new_mem_buf(pem, -1);
	X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);

	BIO_free(bio);
	assert_non_null(certificate);
	return certificate;
}

static void extend(X509 *certificate, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX context;
	X509_EXTENSION *extension;

	X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	assert_non_null(extension);
	assert_int_equal(X509_add_ext(certificate, extension, -1), 1);
	X509_EXTENSION_free(extension);
}

static X509 *fill(const struct certificate_order *order, EVP_PKEY *key)
{
	X509 *certificate = X509_new();
	X509_NAME *name = X509_get_subject_name(certificate);
	uint32_t serial;

	assert_int_equal(RAND_bytes((unsigned char *)&serial, sizeof(serial)), 1);
	X509_set_version(certificate, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), (long)serial);
	X509_gmtime_adj(X509_getm_notBefore(certificate), order->from_s);
	X509_gmtime_adj(X509_getm_notAfter(certificate), order->until_s);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)order->name,
				   -1, -1, 0);
	X509_set_pubkey(certificate, key);
	return certificate;
}

static void sign(const struct certificate_order *order, X509 *certificate, EVP_PKEY *key)
{
	X509 *issuer = certificate;
	EVP_PKEY *signing_key = key;

	if (order->signer != NULL) {
		issuer = read_certificate(order->signer->pem);
		signing_key = read_key(order->signer->key);
	}
	X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
	if (order->alternatives != NULL) {
		extend(certificate, issuer, NID_subject_alt_name, order->alternatives);
	} else {
		extend(certificate, issuer, NID_basic_constraints, "critical,CA:TRUE");
	}
	assert_true(X509_sign(certificate, signing_key, EVP_sha256()) > 0);
	if (order->signer != NULL) {
		X509_free(issuer);
		EVP_PKEY_free(signing_key);
	}
}

struct certificate certificate_make(const void *ctx, const struct certificate_order *order)
{
	EVP_PKEY *key =
		order->rsa_bits > 0 ? EVP_RSA_gen((unsigned)order->rsa_bits) : EVP_EC_gen("P-256");
	BIO *key_bio = BIO_new(BIO_s_mem());
	BIO *bio = BIO_new(BIO_s_mem());
	X509 *certificate = fill(order, key);

	sign(order, certificate, key);
	PEM_write_bio_PrivateKey(key_bio, key, NULL, NULL, 0, NULL, NULL);
	PEM_write_bio_X509(bio, certificate);
	X509_free(certificate);
	EVP_PKEY_free(key);
	return (struct certificate){.key = take(ctx, key_bio), .pem = take(ctx, bio)};
}
