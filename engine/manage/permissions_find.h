/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocking questions that permissions.c asks the directory: whose rights, on what, who is who. */
#ifndef GB_MANAGE_PERMISSIONS_FIND_H
#define GB_MANAGE_PERMISSIONS_FIND_H

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/manage/permissions.h"

/**
 * The account of the request: fills in its DN, SID and principal, and why it is refused, if it is.
 *
 * Errors: GB_E_CONFIG (none is named), GB_E_NOT_FOUND, as every read.
 */
GB_MUST_CHECK enum gb_rc gb_permissions_find_account(struct gb_permissions *permissions,
						     struct gb_session *session, const char *name,
						     struct gb_err *err);

/** The DN of the container as the server spells it, below @ctx. Errors: those of the directory. */
GB_MUST_CHECK enum gb_rc gb_permissions_find_container(const void *ctx, struct gb_session *session,
						       const char *dn, char **ret_dn,
						       struct gb_err *err);

/** Read an access list; *ret_descriptor is below @ctx. Errors: those of gb_directory_read_dacl(). */
GB_MUST_CHECK enum gb_rc gb_permissions_read_dacl(const void *ctx, struct gb_session *session,
						  const char *dn,
						  struct gb_descriptor **ret_descriptor,
						  struct gb_err *err);

/** Replace an access list. Errors: those of every write. */
GB_MUST_CHECK enum gb_rc gb_permissions_write_dacl(struct gb_session *session, const char *dn,
						   const struct gb_descriptor *descriptor,
						   struct gb_err *err);

/** A name for @sid that people know, below @ctx: from the directory, else the SID. */
char *gb_permissions_name(const void *ctx, struct gb_session *session, const struct gb_sid *sid);

#endif
