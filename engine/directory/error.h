/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * LDAP results as errors for people.
 *
 * A result code alone says little, and AD puts the reason into its diagnostic message ("data 532").
 * This file turns both into a struct gb_err: a stable id ("ldap-50", "ldap-49-532"), what failed,
 * what was not done, what to do, and the gb_rc that a caller acts on. Codes are RFC 4511 4.1.9 and,
 * below zero, libldap's own. Pure.
 */
#ifndef GB_DIRECTORY_ERROR_H
#define GB_DIRECTORY_ERROR_H

#include <stdbool.h>

#include "engine/base/err.h"

/** What kind of request failed: decides what "was not done" says, and what 53 and 49 mean. */
enum gb_ldap_request {
	GB_LDAP_BIND, /**< proving who we are */
	GB_LDAP_READ, /**< search */
	GB_LDAP_WRITE /**< add, modify, modifyDN, delete */
};

/** One failed request. */
struct gb_ldap_failure {
	int code;                     /**< LDAP result, or libldap's negative code */
	const char *diagnostic;       /**< the server's text, not sanitized; or NULL */
	const char *doing;            /**< translated, sanitized: "Adding CN=x", or NULL */
	enum gb_ldap_request request; /**< its kind */
	bool outcome_unknown;         /**< a write that was sent and not answered */
};

/** Fill in *@err from @failure and return its rc. @failure->code is not 0. */
enum gb_rc gb_directory_error(const struct gb_ldap_failure *failure, struct gb_err *err);

/**
 * True for results after which the same request may succeed later: busy (51), unavailable (52),
 * timeLimit (3), adminLimit (11), other (80), and no answer (-1, -5, -11).
 */
bool gb_directory_error_is_transient(int code);

/**
 * The reason in AD's text ("… AcceptSecurityContext error, data 532, v4f7c"): 0x532. 0 if there is
 * none.
 */
unsigned gb_directory_error_data(const char *diagnostic);

#endif
