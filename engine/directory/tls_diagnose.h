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
#include <stdint.h>

#include "engine/base/err.h"
#include "engine/directory/server.h"

/** The peer to look at. */
struct gb_tls_peer {
	struct gb_server *server;
	const char *ca_file; /**< PEM file of the trusted CAs */
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

#endif
