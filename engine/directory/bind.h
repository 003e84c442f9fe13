/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proving who we are on a fresh connection: simple bind and SASL GSSAPI. Used by connection.c. */
#ifndef GB_DIRECTORY_BIND_H
#define GB_DIRECTORY_BIND_H

#include <ldap.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/directory/kerberos.h"
#include "engine/directory/options.h"

/**
 * Wait for the answer to @message_id until @deadline_ms (gb_clock_boot_ms()).
 *
 * @param ret_answer  ldap_msgfree() it; set only for LDAP_SUCCESS.
 * @return LDAP_SUCCESS, LDAP_TIMEOUT or another of libldap's codes.
 */
int gb_bind_await(LDAP *ldap, int message_id, int64_t deadline_ms, LDAPMessage **ret_answer);

/**
 * Bind as options say. The caller has made sure that the connection is protected.
 *
 * @param doing  translated, for errors: "Signing in to dc1".
 * Errors: as gb_directory_error() for a bind.
 */
GB_MUST_CHECK enum gb_rc gb_bind(LDAP *ldap, const struct gb_directory_options *options,
				 struct gb_kerberos *kerberos, int64_t deadline_ms,
				 const char *doing, struct gb_err *err);

#endif
