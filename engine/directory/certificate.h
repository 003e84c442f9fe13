/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a TLS certificate says, in words for an administrator who compares it with what the domain
 * controller itself shows, before it is trusted. Nothing here decides about trust.
 */
#ifndef GB_DIRECTORY_CERTIFICATE_H
#define GB_DIRECTORY_CERTIFICATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/directory/options.h"

/** Most names of one certificate that are listed. */
#define GB_CERTIFICATE_MAX_NAMES 32
/** Most certificates of one peer that are shown. */
#define GB_CERTIFICATE_MAX_CHAIN 8

/** One certificate. Texts are safe to show, and live below the talloc parent it was read with. */
struct gb_certificate {
	char *subject;         /**< "CN=dc1.example.com,O=…" (RFC 2253) */
	char *issuer;          /**< likewise */
	char *names[GB_CERTIFICATE_MAX_NAMES]; /**< DNS names and addresses of subjectAltName */
	size_t name_count;     /**< how many */
	int64_t not_before_ms; /**< since 1970 */
	int64_t not_after_ms;  /**< since 1970 */
	char sha256[96];       /**< fingerprint of the DER: "AB:CD:…" */
	bool is_authority;     /**< may sign others (basicConstraints CA) */
	bool is_self_signed;   /**< subject and issuer are one */
	char *pem;             /**< itself */
};

/** Read one from DER. False if it is none. Below @ctx. */
GB_MUST_CHECK bool gb_certificate_read(const void *ctx, const void *der, size_t length,
				       struct gb_certificate *ret_certificate);

/**
 * One certificate of a peer. @is_pinnable: with it alone as CA file the peer would be accepted
 * (chain, name and time are right). Borrowed for the call.
 */
typedef void (*gb_certificate_on_shown)(void *user, size_t position,
					const struct gb_certificate *certificate,
					bool is_pinnable);

/**
 * Connect to one of options->servers, whatever it shows, and call back for each certificate of its
 * chain, its own first. Sends no credential. Blocks, at most @timeout_ms.
 *
 * Errors: GB_E_UNAVAILABLE, GB_E_PROTOCOL (no TLS there), GB_E_CONFIG (no such address).
 */
GB_MUST_CHECK enum gb_rc gb_certificate_show(const struct gb_directory_options *options,
					     size_t server, int timeout_ms,
					     gb_certificate_on_shown on_shown, void *user,
					     struct gb_err *err);

#endif
