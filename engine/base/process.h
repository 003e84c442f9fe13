/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What main() does to its own process before anything else runs. */
#ifndef GB_BASE_PROCESS_H
#define GB_BASE_PROCESS_H

/**
 * Make the process safe: descriptors 0-2 open, inherited ones above closed, umask 077, no cores, not
 * traceable, SIGPIPE ignored, memory handlers installed, and the environment freed of everything that
 * changes how libcurl, libldap, OpenSSL, GnuTLS and Kerberos behave (SSLKEYLOGFILE, SSL_CERT_*,
 * CURL_*, QLOGDIR, OPENSSL_*, *_proxy, LDAP*, GNUTLS_*, KRB5_TRACE; KRB5_CONFIG stays, it says where
 * the realm is); LDAPNOINIT=1 is set. Ends the program with 71 if it cannot be made safe. Must run before any of those libraries is initialised: libldap
 * reads ./ldaprc and $LDAPTLS_REQCERT otherwise, and libcurl initialises libldap.
 */
void gb_process_harden(void);

#endif
