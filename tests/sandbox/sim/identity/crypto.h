/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys and signatures (OpenSSL libcrypto): certificates of apps, the tenant's signing key, RS256 and
 * PS256 (RFC 7518, sections 3.3 and 3.5).
 *
 * Keys are talloc objects with destructors. Nothing here writes key material anywhere.
 */
#ifndef SIM_IDENTITY_CRYPTO_H
#define SIM_IDENTITY_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/util/encode.h"

/** A public or private RSA key. */
struct sim_key;

/** A certificate of an app. */
struct sim_cert {
	struct sim_key *key;        /**< its public key */
	uint8_t sha1[20];           /**< thumbprint of the DER form: x5t */
	uint8_t sha256[32];         /**< thumbprint of the DER form: x5t#S256 */
	int64_t not_before;         /**< validity, seconds since 1970 */
	int64_t not_after;          /**< validity, seconds since 1970 */
	char key_id[SIM_GUID_TEXT]; /**< names it in keyCredentials */
	char *display_name;         /**< for people; the subject if nobody named it */
	char *der_base64;           /**< the certificate itself */
};

/** A new RSA key of 2048 bits below @ctx. */
struct sim_key *sim_key_generate(const void *ctx);

/** Read the first certificate of a PEM text. RSA only, as Entra. */
bool sim_cert_parse(const void *ctx, const char *pem, struct sim_cert **ret_cert,
		    struct sim_err *err) SIM_MUST_CHECK;

/** The same from @length bytes of the DER form. */
bool sim_cert_parse_der(const void *ctx, const uint8_t *der, size_t length,
			struct sim_cert **ret_cert, struct sim_err *err) SIM_MUST_CHECK;

/** A copy below @ctx. */
struct sim_cert *sim_cert_copy(const void *ctx, const struct sim_cert *from);

/** Sign @length bytes with RS256; the signature as base64url below @ctx. */
char *sim_sign_rs256(const void *ctx, const struct sim_key *key, const char *text, size_t length);

/** True if @signature is the RS256 (or, with @pss, PS256) signature of @length bytes. */
bool sim_verify(const struct sim_key *key, bool pss, const char *text, size_t length,
		const uint8_t *signature, size_t signature_length);

/** Modulus and exponent as base64url, for jwks. */
void sim_key_public(const void *ctx, const struct sim_key *key, char **ret_n, char **ret_e);

/** SHA-256 of @length bytes. */
void sim_sha256(const void *bytes, size_t length, uint8_t ret_digest[32]);

/** The first 16 bytes of HMAC-SHA-256. */
void sim_mac(const uint8_t key[32], const void *bytes, size_t length, uint8_t ret_mac[16]);

/** True if two texts are equal; the time does not depend on where they differ. */
bool sim_secret_equal(const char *a, const char *b);

#endif
