/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One LDAP connection: made, protected, proved, and handed over for asynchronous use.
 *
 * gb_connection_open() blocks until the bind has been answered or the time is over. Every option is
 * set on the handle itself and its return code checked, so that neither a file (ldap.conf, ldaprc)
 * nor the environment can loosen anything; TLS is looked at again before a password is sent. What
 * happens on the connection afterwards is operation.h's business.
 */
#ifndef GB_DIRECTORY_CONNECTION_H
#define GB_DIRECTORY_CONNECTION_H

#include <ldap.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/directory/kerberos.h"
#include "engine/directory/options.h"
#include "engine/directory/server.h"

/** Largest single answer that is taken in, in bytes (a page, a range of members). */
#define GB_CONNECTION_MAX_ANSWER_BYTES (64u * 1024u * 1024u)

/** A bound connection. Opaque; talloc_free() unbinds and closes it. */
struct gb_connection;

/** When each part of opening a connection was done (gb_clock_boot_ms()); 0: it was not. */
struct gb_connection_times {
	int64_t resolved_ms;  /**< the name was looked up */
	int64_t connected_ms; /**< TCP */
	int64_t protected_ms; /**< TLS; without TLS as connected_ms */
	int64_t bound_ms;     /**< the account was accepted */
	char *tls_version;    /**< below the connection's context; NULL without TLS */
	char *certificate_der;      /**< the peer's, likewise */
	size_t certificate_length;  /**< bytes */
};

/**
 * Check what can be checked without a network.
 *
 * Errors: GB_E_CONFIG: no server, simple bind without account or password (an empty password would
 *         bind anonymously, RFC 4513 5.1.2), simple bind over gssapi-seal, no keytab.
 */
GB_MUST_CHECK enum gb_rc gb_connection_check_options(const struct gb_directory_options *options,
						     struct gb_err *err);

/**
 * TCP, TLS, bind; together at most options->connect_timeout_ms (Kerberos and the resolver have
 * limits of their own).
 *
 * @param kerberos  for GB_BIND_GSSAPI, else NULL; borrowed.
 * @param ret_times  filled in on failure, too, and tells how far it came then; or NULL.
 * Errors: GB_E_UNAVAILABLE, GB_E_PROTOCOL (TLS), GB_E_ACCESS (bind), GB_E_CONFIG.
 */
GB_MUST_CHECK enum gb_rc gb_connection_open(const void *ctx,
					    const struct gb_directory_options *options,
					    struct gb_server *server, struct gb_kerberos *kerberos,
					    struct gb_connection **ret_connection,
					    struct gb_connection_times *ret_times,
					    struct gb_err *err);

/** libldap's handle; borrowed. */
LDAP *gb_connection_ldap(const struct gb_connection *connection);

/** The socket, to be watched but not read; -1 when libldap has closed it. */
int gb_connection_fd(const struct gb_connection *connection);

/**
 * True while the last request did not fit into the socket: libldap keeps the rest and sends it at
 * the next ldap_result() after the socket has become writable, and takes no other request
 * meanwhile (LDAP_BUSY).
 */
bool gb_connection_is_blocked(const struct gb_connection *connection);

/** TLS version in use ("TLS1.3"), below @ctx; NULL without TLS. */
char *gb_connection_tls_version(const void *ctx, const struct gb_connection *connection);

#endif
