/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rights of the account on its container: looked at, and granted.
 *
 * For the command `permissions`, the wizard's question directory.grant, and whoever takes a container
 * over. The session is signed in as whoever may read (and, to grant, change) the access list of the
 * container: an administrator, as a rule, and not the account itself. Blocks within the timeouts of
 * the directory. Active Directory alone (grant.h tells what is needed and why).
 */
#ifndef GB_MANAGE_PERMISSIONS_H
#define GB_MANAGE_PERMISSIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/sid.h"
#include "engine/directory/grant.h"
#include "engine/sync/session.h"

/** Most objects that one grant touches: the container, the domain, CN=Deleted Objects. */
#define GB_PERMISSIONS_MAX_OBJECTS 3
/** Most rights that are told apart. */
#define GB_PERMISSIONS_MAX_RIGHTS 8

/** What is asked. Zero-initialise, then set what you know. */
struct gb_permissions_request {
	const char *account; /**< DN, name@domain, DOMAIN\name or name; NULL: the configured one */
	const char *container; /**< DN; NULL: the configured one */
	bool reanimate; /**< also the right to bring deleted groups back (grant.h: its reach) */
	bool what_if;   /**< grant: change nothing, say what would be added */
};

/** The access list of one object, as SDDL. */
struct gb_permissions_object {
	enum gb_grant_place place;
	char *dn;     /**< as the server spells it */
	char *before; /**< access list when it was read; NULL: it may not be read */
	char *after;  /**< with what was (or would be) added; NULL: nothing was missing */
	char **added; /**< the entries that were (or would be) added */
	size_t added_count;
};

/** One right of the account. */
struct gb_permissions_right {
	const struct gb_grant_right *right;
	enum gb_grant_state state;
};

/** Somebody else who may write to groups in the container. */
struct gb_permissions_writer {
	char *name; /**< sAMAccountName where it is found, else the SID; safe to display */
	char *ace;  /**< the entry that lets them, as SDDL */
	bool is_administrator; /**< the system or an administrators' group: nobody can keep those out */
	bool is_inherited;     /**< the entry comes from above */
};

/** What was found, and done. Everything is below the talloc parent that was given. */
struct gb_permissions {
	char *account_dn;
	char *principal;   /**< name@domain, as dsacls takes it; "" if it is not known */
	struct gb_sid sid; /**< of the account */
	char *privileged;  /**< why the account is refused, as a line; NULL: it is not */
	struct gb_permissions_object objects[GB_PERMISSIONS_MAX_OBJECTS];
	size_t object_count; /**< 1, or all with request.reanimate */
	struct gb_permissions_right rights[GB_PERMISSIONS_MAX_RIGHTS];
	size_t right_count;
	bool is_sufficient; /**< all of them are there, as entries of the account itself */
	char **too_far;     /**< entries on the container that allow the account more, as SDDL */
	size_t too_far_count;
	struct gb_permissions_writer *writers;
	size_t writer_count;
	char **dsacls; /**< lines that grant the same on Windows */
	size_t dsacls_count;
	char **samba_tool; /**< lines that grant the same with samba-tool */
	size_t samba_tool_count;
};

/**
 * Look at the rights.
 *
 * Errors: GB_E_CONFIG (no account or container named; no Active Directory), GB_E_NOT_FOUND (the
 * account; the container), GB_E_ACCESS (the access list may not be read), and as every read.
 */
GB_MUST_CHECK enum gb_rc gb_permissions_show(const void *ctx, struct gb_session *session,
					     const struct gb_permissions_request *request,
					     struct gb_permissions **ret_permissions,
					     struct gb_err *err);

/**
 * Add the entries that are missing, and read again to see that they stand. With nothing missing,
 * nothing is written. *ret_permissions tells the rights as they are afterwards (what_if: as they
 * would be).
 *
 * Errors: as gb_permissions_show(); GB_E_ACCESS "directory-account-privileged" (the account is an
 * administrator, nothing was written) or "directory-grant-refused"; GB_E_PROTOCOL
 * "directory-grant-lost" (the entries are not there afterwards); as every write. With several
 * objects, those before the one that failed are changed; the error says which one failed.
 */
GB_MUST_CHECK enum gb_rc gb_permissions_grant(const void *ctx, struct gb_session *session,
					      const struct gb_permissions_request *request,
					      struct gb_permissions **ret_permissions,
					      struct gb_err *err);

#endif
