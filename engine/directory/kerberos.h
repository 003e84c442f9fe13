/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Kerberos tickets from a keytab, kept in memory.
 *
 * GSSAPI, which libsasl2 uses behind libldap, looks for tickets in a credential cache. A
 * gb_kerberos owns one of type MEMORY: no file, no kinit, nothing in the environment; it vanishes
 * with the object.
 */
#ifndef GB_DIRECTORY_KERBEROS_H
#define GB_DIRECTORY_KERBEROS_H

#include "engine/base/compiler.h"
#include "engine/base/err.h"

/** An account that signs in with a keytab. Opaque; talloc_free() it. */
struct gb_kerberos;

/**
 * @param keytab_file  path of the keytab.
 * @param principal    "name@REALM"; NULL: the first one in the keytab.
 * Errors: GB_E_CONFIG (keytab cannot be read or is empty, principal not valid, krb5.conf broken).
 */
GB_MUST_CHECK enum gb_rc gb_kerberos_open(const void *ctx, const char *keytab_file,
					  const char *principal, struct gb_kerberos **ret_kerberos,
					  struct gb_err *err);

/**
 * Have a ticket that is good for five minutes more, and make this thread's GSSAPI use it. Blocks
 * while the KDC is asked, as long as libkrb5 does.
 *
 * Errors: GB_E_ACCESS (key refused, account unknown, disabled or expired), GB_E_CONFIG (clock skew,
 *         no key for the principal), GB_E_UNAVAILABLE (no KDC answers).
 */
GB_MUST_CHECK enum gb_rc gb_kerberos_use(struct gb_kerberos *kerberos, struct gb_err *err);

#endif
