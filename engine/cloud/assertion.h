/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The certificate credential: a key, its certificate, and the signed assertion made with them
 * (RFC 7523; Entra, "Application authentication certificate credentials").
 */
#ifndef GB_CLOUD_ASSERTION_H
#define GB_CLOUD_ASSERTION_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/secret.h"
#include "engine/cloud/cloud.h"

/** Life of an assertion; Entra's page advises 5 to 10 minutes, its libraries use this. */
#define GB_ASSERTION_LIFE_S 600

/** Opaque; holds the private key. talloc_free() it. */
struct gb_assertion;

/**
 * Load a key and its certificate. Below @ctx.
 *
 * @param key_pem          private key, PEM, unencrypted (there is nobody to type a passphrase).
 * @param certificate_pem  the first certificate in it counts; @length bytes.
 * Errors: GB_E_CONFIG, ids "cloud-key-…" and "cloud-certificate-…": not PEM, encrypted, not RSA,
 * shorter than 2048 bits, key and certificate of different pairs.
 */
GB_MUST_CHECK enum gb_rc gb_assertion_new(const void *ctx, const struct gb_secret *key_pem,
					  const char *certificate_pem, size_t length,
					  enum gb_cloud_assertion algorithm,
					  struct gb_assertion **ret_assertion, struct gb_err *err);

/**
 * A signed assertion as a compact JWS, valid from now for GB_ASSERTION_LIFE_S.
 *
 * @param client_id  iss and sub.
 * @param audience   aud: the token endpoint's URL.
 * @param now_ms     wall clock, milliseconds since 1970.
 */
struct gb_secret *gb_assertion_sign(const void *ctx, const struct gb_assertion *assertion,
				    const char *client_id, const char *audience, int64_t now_ms);

/** End of the certificate's validity, milliseconds since 1970. */
int64_t gb_assertion_end_ms(const struct gb_assertion *assertion);

/** Length of a thumbprint text with its NUL: 64 hex digits. */
#define GB_ASSERTION_THUMBPRINT_BYTES 65

/** SHA-1 thumbprint in upper-case hex, as the Entra portal shows it. Borrowed. */
const char *gb_assertion_sha1(const struct gb_assertion *assertion);

/** SHA-256 thumbprint in upper-case hex. Borrowed. */
const char *gb_assertion_sha256(const struct gb_assertion *assertion);

#endif
