/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command lines with which an administrator gives the rights of grant.h, for people who paste
 * them: dsacls into cmd or PowerShell, samba-tool into a POSIX shell. Pure.
 *
 * Whoever may name an object decides what stands in its DN, so every DN is written by gb_dn_inert(),
 * and an account whose name is not plain is named by its SID.
 */
#ifndef GB_DIRECTORY_GRANT_LINES_H
#define GB_DIRECTORY_GRANT_LINES_H

#include <stddef.h>

#include "engine/base/sid.h"
#include "engine/directory/grant.h"

/** Most lines of dsacls that one object needs. */
#define GB_GRANT_MAX_LINES 2

/** To whom, on what. */
struct gb_grant_target {
	enum gb_grant_place place;
	const char *dn;              /**< of the object */
	const char *principal;       /**< name@domain of the account; NULL or "": not known */
	const struct gb_sid *sid;    /**< of the account */
	const struct gb_sid *domain; /**< of the domain, or none: as gb_sddl_write() takes it */
};

/** The lines; below the talloc parent that was given. */
struct gb_grant_lines {
	char *dsacls[GB_GRANT_MAX_LINES];
	size_t dsacls_count;
	char *samba_tool; /**< NULL if there are none, as for what is no DN */
};

/** The lines that give everything needed at the place, whatever is there already. Below @ctx. */
void gb_grant_lines(const void *ctx, const struct gb_grant_target *target,
		    struct gb_grant_lines *ret_lines);

/** The line by which an administrator takes an object over (CN=Deleted Objects), below @ctx. */
char *gb_grant_take_line(const void *ctx, const char *dn);

#endif
