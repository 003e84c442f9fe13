/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A reference to an entry: how values of `member` name people and groups.
 *
 * AD and Samba answer the extended form "<GUID=…>;<SID=…>;CN=…" when control 1.2.840.113556.1.4.529
 * (MS-ADTS 3.1.1.3.4.1.5) is sent, and take "<GUID=…>" as value in writes; other servers know DNs
 * only. Plain values; strings are borrowed from whoever filled them in.
 */
#ifndef GB_DIRECTORY_REFERENCE_H
#define GB_DIRECTORY_REFERENCE_H

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/guid.h"
#include "engine/base/sid.h"

/** Names one entry. At least one of @guid and @dn is set. */
struct gb_directory_reference {
	struct gb_guid guid; /**< objectGUID (dialect ldap: entryUUID), or none */
	struct gb_sid sid;   /**< objectSid, or none */
	const char *dn;      /**< as the server spells it, or NULL */
	const char *
		dn_key; /**< gb_dn_key() of @dn, or NULL; filled in when read, ignored when written */
};

/**
 * Read one value of `member`: plain DN, or extended DN with hex or text forms of GUID and SID.
 * Strings of the result live below @ctx.
 *
 * Errors: GB_E_PROTOCOL (no DN, broken GUID or SID).
 */
GB_MUST_CHECK enum gb_rc gb_directory_reference_parse(const void *ctx, const char *value,
						      struct gb_directory_reference *ret_reference,
						      struct gb_err *err);

#endif
