/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a server says about itself: its rootDSE (RFC 4512 5.1, MS-ADTS 3.1.1.3.2), the entries it
 * names, and its schema. Read once on each fresh connection, blocking.
 */
#ifndef GB_DIRECTORY_ROOTDSE_H
#define GB_DIRECTORY_ROOTDSE_H

#include <ldap.h>
#include <stdbool.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/directory/directory.h"

/** A server. Strings live below the talloc parent it was read with. */
struct gb_rootdse {
	struct gb_directory_facts facts; /**< server is left NULL */
	const char *identity; /**< dsServiceName: tells two domain controllers apart; or NULL */
	bool has_paging;      /**< supportedControl has paged results */
	bool has_post_read;   /**< … and the post-read control (RFC 4527) */
};

/**
 * Read everything. @ldap is bound.
 *
 * @param timeout_ms  for each of up to six searches.
 * Errors: GB_E_UNAVAILABLE with id "directory-read-only" (RODC); GB_E_CONFIG with id
 *         "directory-unknown-kind" (neither AD nor a directory with entryUUID); as every read.
 */
GB_MUST_CHECK enum gb_rc gb_rootdse_read(const void *ctx, LDAP *ldap, int timeout_ms,
					 struct gb_rootdse *ret_rootdse, struct gb_err *err);

/** dsServiceName alone, below @ctx, in *ret_identity; NULL if the server has none. */
GB_MUST_CHECK enum gb_rc gb_rootdse_read_identity(const void *ctx, LDAP *ldap, int timeout_ms,
						  const char **ret_identity, struct gb_err *err);

#endif
