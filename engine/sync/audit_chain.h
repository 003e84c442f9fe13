/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chain of the audit: what links one line to the next. For audit.c and audit_verify.c. */
#ifndef GB_SYNC_AUDIT_CHAIN_H
#define GB_SYNC_AUDIT_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/digest.h"
#include "engine/base/err.h"
#include "engine/state/state.h"

/** One line, as the next one refers to it. All zero: before the first. */
struct gb_audit_link {
	int64_t n;                        /**< its number, from 1 */
	char digest[GB_DIGEST_HEX_BYTES]; /**< SHA-256 of its bytes without the newline */
};

/** The digest of a line of @length bytes, without its newline, into ret_link->digest. */
void gb_audit_link_of(const char *line, size_t length, struct gb_audit_link *ret_link);

/** The number that a line gives itself; false if it is no whole line of the audit. */
GB_MUST_CHECK bool gb_audit_number_of(const char *line, size_t length, int64_t *ret_n);

/** The last link that the state knows; zero if none. Errors: those of state/. */
GB_MUST_CHECK enum gb_rc gb_audit_known_link(struct gb_state *state, struct gb_audit_link *ret_link,
					     struct gb_err *err);

/** Keep it there. Errors: those of state/. */
GB_MUST_CHECK enum gb_rc gb_audit_keep_link(struct gb_state *state,
					    const struct gb_audit_link *link, struct gb_err *err);

#endif
