/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys and signatures. */
#include "config.h"

#include "sim/identity/crypto.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>
#include <time.h>

struct sim_key {
	EVP_PKEY *pkey;
};

static int key_free(struct sim_key *key)
{
	EVP_PKEY_free(key->pkey);
	return 0;
}

static struct sim_key *key_wrap(const void *ctx, EVP_PKEY *pkey)
{
	struct sim_key *key = sim_new(ctx, struct sim_key);

	key->pkey = sim_mem_check(pkey);
	talloc_set_destructor(key, key_free);
	return key;
}

struct sim_key *sim_key_generate(const void *ctx)
{
	return key_wrap(ctx, EVP_RSA_gen(2048));
}

static int64_t asn1_seconds(const ASN1_TIME *when)
{
	struct tm tm;

	memset(&tm, 0, sizeof(tm));
	return ASN1_TIME_to_tm(when, &tm) ? (int64_t)timegm(&tm) : 0;
}

static char *der_base64(const void *ctx, const X509 *x509)
{
	uint8_t *der = NULL;
	int length = i2d_X509(x509, &der);
	char *text = NULL;

	if (length <= 0) {
		sim_oom();
	}
	text = sim_mem_check(talloc_zero_size(ctx, (size_t)length * 2 + 4));
	EVP_EncodeBlock((uint8_t *)text, der, length);
	OPENSSL_free(der);
	return text;
}

static struct sim_cert *cert_from_x509(const void *ctx, const X509 *x509, EVP_PKEY *pkey)
{
	struct sim_cert *cert = sim_new(ctx, struct sim_cert);
	char *subject = X509_NAME_oneline(X509_get_subject_name(x509), NULL, 0);

	cert->key = key_wrap(cert, pkey);
	X509_digest(x509, EVP_sha1(), cert->sha1, NULL);
	X509_digest(x509, EVP_sha256(), cert->sha256, NULL);
	cert->not_before = asn1_seconds(X509_get0_notBefore(x509));
	cert->not_after = asn1_seconds(X509_get0_notAfter(x509));
	cert->der_base64 = der_base64(cert, x509);
	cert->display_name = sim_strdup(cert, subject && subject[0] == '/' ? subject + 1 : "");
	OPENSSL_free(subject);
	return cert;
}

/* Takes over @x509, which may be NULL. */
static bool take_x509(const void *ctx, X509 *x509, struct sim_cert **ret_cert, struct sim_err *err)
{
	EVP_PKEY *pkey = x509 ? X509_get_pubkey(x509) : NULL;
	bool ok = pkey && EVP_PKEY_is_a(pkey, "RSA");

	if (ok) {
		*ret_cert = cert_from_x509(ctx, x509, pkey);
	} else {
		EVP_PKEY_free(pkey);
	}
	X509_free(x509);
	return ok ||
	       sim_fail(err, "A certificate of an app is no PEM certificate with an RSA key.");
}

bool sim_cert_parse(const void *ctx, const char *pem, struct sim_cert **ret_cert,
		    struct sim_err *err)
{
	BIO *bio = sim_mem_check(BIO_new_mem_buf(pem, (int)strlen(pem)));
	X509 *x509 = PEM_read_bio_X509(bio, NULL, NULL, NULL);

	BIO_free(bio);
	return take_x509(ctx, x509, ret_cert, err);
}

bool sim_cert_parse_der(const void *ctx, const uint8_t *der, size_t length,
			struct sim_cert **ret_cert, struct sim_err *err)
{
	return take_x509(ctx, d2i_X509(NULL, &der, (long)length), ret_cert, err);
}

struct sim_cert *sim_cert_copy(const void *ctx, const struct sim_cert *from)
{
	struct sim_cert *cert = sim_new(ctx, struct sim_cert);

	*cert = *from;
	if (EVP_PKEY_up_ref(from->key->pkey) != 1) {
		sim_oom();
	}
	cert->key = key_wrap(cert, from->key->pkey);
	cert->display_name = sim_strdup(cert, from->display_name);
	cert->der_base64 = sim_strdup(cert, from->der_base64);
	return cert;
}

char *sim_sign_rs256(const void *ctx, const struct sim_key *key, const char *text, size_t length)
{
	EVP_MD_CTX *md = sim_mem_check(EVP_MD_CTX_new());
	uint8_t signature[1024];
	size_t size = sizeof(signature);
	char *encoded = NULL;

	if (EVP_DigestSignInit(md, NULL, EVP_sha256(), NULL, key->pkey) != 1 ||
	    EVP_DigestSign(md, signature, &size, (const uint8_t *)text, length) != 1) {
		sim_oom();
	}
	EVP_MD_CTX_free(md);
	encoded = sim_base64url(ctx, signature, size);
	return encoded;
}

static bool use_pss(EVP_PKEY_CTX *pctx)
{
	return EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PSS_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx, RSA_PSS_SALTLEN_DIGEST) == 1;
}

bool sim_verify(const struct sim_key *key, bool pss, const char *text, size_t length,
		const uint8_t *signature, size_t signature_length)
{
	EVP_MD_CTX *md = sim_mem_check(EVP_MD_CTX_new());
	EVP_PKEY_CTX *pctx = NULL;
	bool ok = EVP_DigestVerifyInit(md, &pctx, EVP_sha256(), NULL, key->pkey) == 1;

	ok = ok && (!pss || use_pss(pctx));
	ok = ok &&
	     EVP_DigestVerify(md, signature, signature_length, (const uint8_t *)text, length) == 1;
	EVP_MD_CTX_free(md);
	return ok;
}

static char *public_number(const void *ctx, const struct sim_key *key, const char *name)
{
	BIGNUM *number = NULL;
	uint8_t bytes[1024];
	int length = 0;

	EVP_PKEY_get_bn_param(key->pkey, name, &number);
	sim_mem_check(number);
	length = BN_num_bytes(number) <= (int)sizeof(bytes) ? BN_bn2bin(number, bytes) : 0;
	BN_free(number);
	return sim_base64url(ctx, bytes, (size_t)length);
}

void sim_key_public(const void *ctx, const struct sim_key *key, char **ret_n, char **ret_e)
{
	*ret_n = public_number(ctx, key, OSSL_PKEY_PARAM_RSA_N);
	*ret_e = public_number(ctx, key, OSSL_PKEY_PARAM_RSA_E);
}

void sim_sha256(const void *bytes, size_t length, uint8_t ret_digest[32])
{
	if (EVP_Digest(bytes, length, ret_digest, NULL, EVP_sha256(), NULL) != 1) {
		sim_oom();
	}
}

void sim_mac(const uint8_t key[32], const void *bytes, size_t length, uint8_t ret_mac[16])
{
	uint8_t full[EVP_MAX_MD_SIZE];

	sim_mem_check(HMAC(EVP_sha256(), key, 32, bytes, length, full, NULL));
	memcpy(ret_mac, full, 16);
}

bool sim_secret_equal(const char *a, const char *b)
{
	uint8_t left[32];
	uint8_t right[32];

	sim_sha256(a, strlen(a), left);
	sim_sha256(b, strlen(b), right);
	return CRYPTO_memcmp(left, right, sizeof(left)) == 0;
}
