/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why TLS failed.
 *
 * libldap on GnuTLS reports every TLS failure as "(unknown error code)". This connects to the same
 * peer once more, with OpenSSL, accepts whatever it shows, sends nothing, and says what is wrong
 * with it: unknown CA, another name, expired, too old a version, no TLS at all. It decides nothing:
 * the connection has failed before it is called.
 */
#ifndef GB_DIRECTORY_TLS_DIAGNOSE_H
#define GB_DIRECTORY_TLS_DIAGNOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/directory/server.h"

/** The peer to look at. */
struct gb_tls_peer {
	struct gb_server *server;
	const char *ca_file; /**< PEM file of the trusted CAs; NULL: none */
	bool use_starttls;   /**< ask for TLS by StartTLS first */
	int64_t deadline_ms; /**< gb_clock_boot_ms() */
};

/**
 * Look and fill in *@err. Returns its rc, never GB_OK: GB_E_PROTOCOL with the ids
 *
 * "tls-unknown-ca", "tls-expired", "tls-not-yet-valid", "tls-wrong-name", "tls-no-name" (no
 * subjectAltName), "tls-certificate" (another fault of it), "tls-version", "tls-not-tls",
 * "tls-failed" (nothing wrong was found); or GB_E_UNAVAILABLE if it cannot be reached or is silent.
 */
enum gb_rc gb_tls_diagnose(const struct gb_tls_peer *peer, struct gb_err *err);

/** Most certificates of a chain that are shown. */
#define GB_TLS_MAX_CHAIN 8

/**
 * One certificate that a peer shows, in DER; its own first. @is_pinnable: with this one alone as CA
 * file the peer would be accepted. Borrowed for the call.
 */
typedef void (*gb_tls_on_shown)(void *user, size_t position, const void *der, size_t length,
				bool is_pinnable);

/**
 * Show what a peer shows, whether it is trusted or not. Sends no credential.
 *
 * Errors: GB_E_UNAVAILABLE, GB_E_PROTOCOL (no TLS there).
 */
GB_MUST_CHECK enum gb_rc gb_tls_show(const struct gb_tls_peer *peer, gb_tls_on_shown on_shown,
				     void *user, struct gb_err *err);

#endif
