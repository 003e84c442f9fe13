/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Security identifiers (MS-DTYP 2.4.2): text "S-1-5-21-…" and the binary form of objectSid.
 * A struct gb_sid is a plain value.
 */
#ifndef GB_BASE_SID_H
#define GB_BASE_SID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"

/** Largest binary SID: 8 bytes and 15 sub-authorities of 4 (MS-DTYP 2.4.2.2). */
#define GB_SID_MAX_BYTES 68
/** Largest text form with its NUL. */
#define GB_SID_TEXT_BYTES 192

/** Binary form as in objectSid; length 0 means "none". Bytes behind length are zero. */
struct gb_sid {
	uint8_t length;                  /**< used bytes: 0, or 8 + 4 × sub-authorities */
	uint8_t bytes[GB_SID_MAX_BYTES]; /**< revision, count, authority, sub-authorities */
};

/** True for "none". */
bool gb_sid_is_none(const struct gb_sid *sid);

/** True if both are the same SID; two "none" are not. */
bool gb_sid_equal(const struct gb_sid *a, const struct gb_sid *b);

/** Parse "S-1-…" strictly (decimal, no leading zeros, in range, ≤ 15 parts). */
GB_MUST_CHECK bool gb_sid_parse(const char *text, struct gb_sid *ret_sid);

/** Write the text form into @text ("" for none). Returns @text. */
const char *gb_sid_format(const struct gb_sid *sid, char text[GB_SID_TEXT_BYTES]);

/** From the binary form; false if revision, count or length do not fit each other. */
GB_MUST_CHECK bool gb_sid_from_octets(const void *octets, size_t length, struct gb_sid *ret_sid);

/** The last sub-authority (the RID); 0 for none. */
uint32_t gb_sid_rid(const struct gb_sid *sid);

/** True if both have the same sub-authorities but for the last: accounts of one domain. */
bool gb_sid_same_domain(const struct gb_sid *a, const struct gb_sid *b);

#endif
