/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The signed assertion: OpenSSL reads key and certificate and signs. */
#include "config.h"

#include "engine/cloud/assertion.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>
#include <time.h>

#include "engine/base/digest.h"
#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"

/* Entra takes RSA keys from 2048 bits. */
#define MIN_KEY_BITS 2048

struct gb_assertion {
	EVP_PKEY *key;
	X509 *certificate;
	enum gb_cloud_assertion algorithm;
	uint8_t sha1[20];
	uint8_t sha256[32];
	char sha1_text[GB_ASSERTION_THUMBPRINT_BYTES];
	char sha256_text[GB_ASSERTION_THUMBPRINT_BYTES];
};

static int destroy(struct gb_assertion *assertion)
{
	EVP_PKEY_free(assertion->key);
	X509_free(assertion->certificate);
	return 0;
}

/* Without a callback of ours OpenSSL would ask for a passphrase on the terminal. */
static int no_passphrase(char *buffer, int size, int is_writing, void *user)
{
	(void)buffer;
	(void)size;
	(void)is_writing;
	*(bool *)user = true;
	return -1;
}

static enum gb_rc refuse_key(const char *id, const char *what, struct gb_err *err)
{
	gb_err_set(err, GB_E_CONFIG, id, _("The private key for the sign-in to Entra ID %s."),
		   what);
	gb_err_undone(err, _("No sign-in was tried."));
	return gb_err_remedy(err, _("Store the RSA key that belongs to the certificate, as PEM and "
				    "without a passphrase."));
}

static enum gb_rc load_key(const struct gb_secret *pem, struct gb_assertion *assertion,
			   struct gb_err *err)
{
	bool is_encrypted = false;
	BIO *bio = gb_mem_check(BIO_new_mem_buf(gb_secret_bytes(pem), (int)gb_secret_length(pem)));

	assertion->key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, &is_encrypted);
	BIO_free(bio);
	if (is_encrypted) {
		return refuse_key("cloud-key-encrypted", _("is protected by a passphrase"), err);
	}
	if (assertion->key == NULL) {
		return refuse_key("cloud-key-format", _("is not a key in PEM form"), err);
	}
	if (EVP_PKEY_get_base_id(assertion->key) != EVP_PKEY_RSA) {
		return refuse_key("cloud-key-type", _("is not an RSA key"), err);
	}
	if (EVP_PKEY_get_bits(assertion->key) < MIN_KEY_BITS) {
		return refuse_key("cloud-key-short", _("is shorter than 2048 bits"), err);
	}
	return GB_OK;
}

static enum gb_rc refuse_certificate(const char *id, const char *what, struct gb_err *err)
{
	gb_err_set(err, GB_E_CONFIG, id, _("The certificate for the sign-in to Entra ID %s."),
		   what);
	gb_err_undone(err, _("No sign-in was tried."));
	return gb_err_remedy(err,
			     _("Give the certificate that was made for the private key and that "
			       "is uploaded to the application, as PEM."));
}

static enum gb_rc load_certificate(const char *pem, size_t length, struct gb_assertion *assertion,
				   struct gb_err *err)
{
	bool is_encrypted = false;
	BIO *bio;

	if (pem == NULL || length > GB_SECRET_MAX_BYTES) {
		return refuse_certificate("cloud-certificate-format", _("is missing or too large"),
					  err);
	}
	bio = gb_mem_check(BIO_new_mem_buf(pem, (int)length));
	assertion->certificate = PEM_read_bio_X509(bio, NULL, no_passphrase, &is_encrypted);
	BIO_free(bio);
	if (assertion->certificate == NULL) {
		return refuse_certificate("cloud-certificate-format",
					  _("is not a certificate in PEM form"), err);
	}
	if (X509_check_private_key(assertion->certificate, assertion->key) != 1) {
		return refuse_certificate("cloud-certificate-pair",
					  _("does not belong to the private key"), err);
	}
	return GB_OK;
}

static void format_thumbprint(const uint8_t *digest, size_t length, char *text)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < length; i++) {
		*text++ = digits[digest[i] >> 4];
		*text++ = digits[digest[i] & 0xf];
	}
	*text = '\0';
}

static void take_thumbprints(struct gb_assertion *assertion)
{
	unsigned length = 0;

	if (X509_digest(assertion->certificate, EVP_sha1(), assertion->sha1, &length) != 1 ||
	    X509_digest(assertion->certificate, EVP_sha256(), assertion->sha256, &length) != 1) {
		gb_oom();
	}
	format_thumbprint(assertion->sha1, sizeof(assertion->sha1), assertion->sha1_text);
	format_thumbprint(assertion->sha256, sizeof(assertion->sha256), assertion->sha256_text);
}

enum gb_rc gb_assertion_new(const void *ctx, const struct gb_secret *key_pem,
			    const char *certificate_pem, size_t length,
			    enum gb_cloud_assertion algorithm, struct gb_assertion **ret_assertion,
			    struct gb_err *err)
{
	struct gb_assertion *assertion = gb_new(ctx, struct gb_assertion);
	enum gb_rc rc;

	talloc_set_destructor(assertion, destroy);
	assertion->algorithm = algorithm;
	rc = load_key(key_pem, assertion, err);
	if (rc == GB_OK) {
		rc = load_certificate(certificate_pem, length, assertion, err);
	}
	/* What stays in OpenSSL's queue would be taken for an error of the next TLS connection. */
	ERR_clear_error();
	if (rc != GB_OK) {
		talloc_free(assertion);
		return rc;
	}
	take_thumbprints(assertion);
	*ret_assertion = assertion;
	return GB_OK;
}

static const char *header_json(const void *ctx, const struct gb_assertion *assertion)
{
	struct gb_json_writer *w = gb_json_writer_new(ctx, false);
	bool is_ps256 = assertion->algorithm == GB_CLOUD_ASSERTION_PS256;

	gb_json_begin_object(w, NULL);
	gb_json_put_text(w, "alg", is_ps256 ? "PS256" : "RS256");
	gb_json_put_text(w, "typ", "JWT");
	if (is_ps256) {
		gb_json_put_text(
			w, "x5t#S256",
			gb_digest_base64url(w, assertion->sha256, sizeof(assertion->sha256)));
	} else {
		gb_json_put_text(w, "x5t",
				 gb_digest_base64url(w, assertion->sha1, sizeof(assertion->sha1)));
	}
	gb_json_end_object(w);
	return gb_json_writer_text(w);
}

static const char *claims_json(const void *ctx, const char *client_id, const char *audience,
			       int64_t now_ms)
{
	struct gb_json_writer *w = gb_json_writer_new(ctx, false);
	struct gb_guid jti = gb_digest_random_guid();
	char jti_text[GB_GUID_TEXT_BYTES];
	int64_t now_s = now_ms / 1000;

	gb_json_begin_object(w, NULL);
	gb_json_put_text(w, "aud", audience);
	gb_json_put_text(w, "iss", client_id);
	gb_json_put_text(w, "sub", client_id);
	gb_json_put_text(w, "jti", gb_guid_format(&jti, jti_text));
	gb_json_put_int(w, "nbf", now_s);
	gb_json_put_int(w, "iat", now_s);
	gb_json_put_int(w, "exp", now_s + GB_ASSERTION_LIFE_S);
	gb_json_end_object(w);
	return gb_json_writer_text(w);
}

/* PS256 (RFC 7518 section 3.5): MGF1 with the same hash, salt as long as the digest. */
static bool set_padding(EVP_PKEY_CTX *context, enum gb_cloud_assertion algorithm)
{
	if (algorithm == GB_CLOUD_ASSERTION_RS256) {
		return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) > 0;
	}
	return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) > 0 &&
	       EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) > 0;
}

static char *sign(const void *ctx, const struct gb_assertion *assertion, const char *input)
{
	EVP_MD_CTX *digest = gb_mem_check(EVP_MD_CTX_new());
	EVP_PKEY_CTX *context = NULL;
	size_t length = (size_t)EVP_PKEY_get_size(assertion->key);
	uint8_t *signature = gb_new_array(ctx, uint8_t, length);
	char *text;

	/* With a key and a padding that were checked, only memory can be missing here. */
	if (EVP_DigestSignInit(digest, &context, EVP_sha256(), NULL, assertion->key) != 1 ||
	    !set_padding(context, assertion->algorithm) ||
	    EVP_DigestSign(digest, signature, &length, (const uint8_t *)input, strlen(input)) !=
		    1) {
		gb_oom();
	}
	EVP_MD_CTX_free(digest);
	text = gb_digest_base64url(ctx, signature, length);
	talloc_free(signature);
	return text;
}

struct gb_secret *gb_assertion_sign(const void *ctx, const struct gb_assertion *assertion,
				    const char *client_id, const char *audience, int64_t now_ms)
{
	void *tmp = gb_new_tmp(ctx);
	const char *header = header_json(tmp, assertion);
	const char *claims = claims_json(tmp, client_id, audience, now_ms);
	char *input = gb_printf(tmp, "%s.%s", gb_digest_base64url(tmp, header, strlen(header)),
				gb_digest_base64url(tmp, claims, strlen(claims)));
	char *whole = gb_printf(tmp, "%s.%s", input, sign(tmp, assertion, input));
	struct gb_secret *secret = gb_secret_new(ctx, whole, strlen(whole));

	gb_secret_wipe(whole, strlen(whole));
	talloc_free(tmp);
	return secret;
}

int64_t gb_assertion_end_ms(const struct gb_assertion *assertion)
{
	struct tm end;

	if (ASN1_TIME_to_tm(X509_get0_notAfter(assertion->certificate), &end) != 1) {
		return 0;
	}
	return (int64_t)timegm(&end) * 1000;
}

const char *gb_assertion_sha1(const struct gb_assertion *assertion)
{
	return assertion->sha1_text;
}

const char *gb_assertion_sha256(const struct gb_assertion *assertion)
{
	return assertion->sha256_text;
}
