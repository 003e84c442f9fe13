/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Security descriptors as text: SDDL (MS-DTYP 2.5.1), as dsacls, samba-tool and Windows' own tools
 * show and take it. Pure.
 *
 * Well-known accounts have two letters ("SY", "DA"). Those of a domain mean something only together
 * with its SID; the forest's groups ("EA", "SA", "RO") are taken for the same domain's, so in another
 * domain of the forest they are written as SIDs.
 */
#ifndef GB_DIRECTORY_SDDL_H
#define GB_DIRECTORY_SDDL_H

#include "engine/base/compiler.h"
#include "engine/base/sid.h"
#include "engine/directory/descriptor.h"

/** Longest text that is read, in bytes. */
#define GB_SDDL_MAX_BYTES (1024u * 1024u)

/**
 * A descriptor as text, below @ctx. Opaque entries, for which this file has no letters, are written
 * as "(0x09;flags;bytes in hex)", which nobody reads.
 *
 * @param domain  SID of the domain, for its two letters; none: they are written as SIDs.
 */
char *gb_sddl_write(const void *ctx, const struct gb_descriptor *descriptor,
		    const struct gb_sid *domain);

/** One entry with its brackets, below @ctx. */
char *gb_sddl_write_ace(const void *ctx, const struct gb_ace *ace, const struct gb_sid *domain);

/**
 * Read a descriptor, below @ctx. NULL if @text is not valid, or names an account of the domain
 * while @domain is none.
 */
struct gb_descriptor *gb_sddl_read(const void *ctx, const char *text, const struct gb_sid *domain);

/** The account of two letters ("SY"). False if there is none, or it needs @domain. */
GB_MUST_CHECK bool gb_sddl_alias_sid(const char *alias, const struct gb_sid *domain,
				     struct gb_sid *ret_sid);

/** The two letters of @sid, or NULL. Static. */
const char *gb_sddl_sid_alias(const struct gb_sid *sid, const struct gb_sid *domain);

#endif
