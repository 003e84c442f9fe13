/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of accounts, as people write them and as Active Directory makes them. Pure. */
#ifndef GB_DIRECTORY_ACCOUNT_NAME_H
#define GB_DIRECTORY_ACCOUNT_NAME_H

/**
 * The sAMAccountName that "name@domain", "DOMAIN\name" or "name" have in practice (a userPrincipalName may
 * begin with something else; then nobody is found by it). Below @ctx.
 */
char *gb_account_short_name(const void *ctx, const char *name);

/** "corp.example.com" of "DC=corp,DC=example,DC=com" (RFC 2247 section 2.4), below @ctx; "" for NULL. */
char *gb_account_domain(const void *ctx, const char *domain_dn);

/** The userPrincipalName that an account has if it was given none: "name@corp.example.com". Below @ctx. */
char *gb_account_principal(const void *ctx, const char *sam_account_name, const char *domain_dn);

#endif
