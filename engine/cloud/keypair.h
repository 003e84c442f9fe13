/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A new key and a certificate for it, made here: the key never leaves this machine. */
#ifndef GB_CLOUD_KEYPAIR_H
#define GB_CLOUD_KEYPAIR_H

#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/secret.h"

/** Bits of the RSA key. Entra takes RSA only. */
#define GB_KEYPAIR_BITS 3072

/** A key and its certificate; below the talloc parent. */
struct gb_keypair {
	struct gb_secret *key_pem; /**< PKCS #8, unencrypted */
	char *certificate_pem;     /**< self-signed, SHA-256 */
	char *certificate_base64;  /**< its DER, as Graph takes it */
	char sha1[41];             /**< thumbprints in upper-case hex */
	char sha256[65];
	int64_t begin_ms; /**< validity, since 1970 */
	int64_t end_ms;
};

/**
 * Make one.
 *
 * @param name        common name of the certificate.
 * @param valid_days  1 … 3650.
 * Errors: GB_E_SYSTEM (libcrypto).
 */
GB_MUST_CHECK enum gb_rc gb_keypair_make(const void *ctx, const char *name, int valid_days,
					 struct gb_keypair **ret_keypair, struct gb_err *err);

/**
 * What there is to say about a certificate that was made earlier: everything but the key.
 *
 * Errors: GB_E_CONFIG (not PEM).
 */
GB_MUST_CHECK enum gb_rc gb_keypair_describe(const void *ctx, const char *certificate_pem,
					     struct gb_keypair **ret_keypair, struct gb_err *err);

#endif
