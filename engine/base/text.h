/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text: UTF-8 in, UTF-8 out.
 *
 * Three jobs: bring text from outside into a form that is safe to show (gb_text_display), cut text
 * as Active Directory counts it (UTF-16 code units), and write text into DNs and LDAP filters
 * (the only two functions that may do so). All pure. libunistring does the Unicode work.
 */
#ifndef GB_BASE_TEXT_H
#define GB_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"

/** True if @length bytes are well-formed UTF-8 without NUL. */
bool gb_text_is_utf8(const char *bytes, size_t length);

/**
 * A copy that can be shown on a terminal, in a log or in a report on one line: bytes that are not
 * UTF-8 become \xHH; controls, line and paragraph separators, bidirectional controls, zero-width
 * characters, tags and private use become \u{…}. Idempotent. Below @ctx; NULL reads as "".
 */
char *gb_text_display(const void *ctx, const char *text);

/** A copy without leading and trailing Unicode white space and controls, below @ctx. */
char *gb_text_trim(const void *ctx, const char *text);

/** Length in UTF-16 code units, as AD counts rangeUpper (MS-ADA3). @text is UTF-8. */
size_t gb_text_utf16_units(const char *text);

/**
 * The longest prefix of at most @max_units UTF-16 code units that ends between two grapheme
 * clusters (so no surrogate pair and no combining sequence is split). If the first cluster alone is
 * longer, it is cut between characters instead, never through one. Below @ctx.
 */
char *gb_text_cut_utf16(const void *ctx, const char *text, size_t max_units);

/**
 * The character at the beginning of @text, to walk through it. *ret_character is U+FFFD for a byte
 * that is not UTF-8. Returns its size in bytes; 0 at the end.
 */
size_t gb_text_next(const char *text, uint32_t *ret_character);

/** A whole number of at most 15 digits, perhaps with a minus sign, and nothing around it. */
GB_MUST_CHECK bool gb_text_to_number(const char *text, int64_t *ret_number);

/** ASCII case-insensitive equality; NULL equals only NULL. */
bool gb_text_equal_nocase(const char *a, const char *b);

/**
 * A copy in lower case, character by character (Unicode simple mapping: no change of length in
 * characters, no language rules). Bytes that are not UTF-8 stay. Below @ctx.
 */
char *gb_text_lower(const void *ctx, const char *text);

/** As gb_text_lower(), in upper case. */
char *gb_text_upper(const void *ctx, const char *text);

/**
 * A copy in which Latin letters stand without their diacritical marks: "Zoë" is "Zoe", "ß" is "ss",
 * "ø" is "oe", "æ" is "ae", "ł" is "l" (the table of NormalizeDiacritics in Microsoft's "Reference
 * for writing expressions"). Marks of other scripts are part of their letters and stay. Below @ctx.
 */
char *gb_text_without_diacritics(const void *ctx, const char *text);

/**
 * A value as it stands inside an RDN: every special of RFC 4514 section 2.4 as a backslash and two
 * hex digits, controls, "=" and NUL too; other UTF-8 as it is. @value may hold any @length bytes.
 */
char *gb_text_dn_escape(const void *ctx, const char *value, size_t length);

/**
 * As gb_text_dn_escape(), for a DN that people paste into a shell: everything but letters, their marks,
 * digits, blanks and "-_.()" is a hex pair. So nothing in it means anything to sh, cmd or PowerShell
 * between quotes of either kind (PowerShell ends a text at typographic quotes as well), and
 * gb_text_display() leaves it as it is.
 */
char *gb_text_dn_escape_inert(const void *ctx, const char *value, size_t length);

/** A value as it stands inside a filter: RFC 4515 section 3 escapes, and every byte above 0x7e. */
char *gb_text_filter_escape(const void *ctx, const char *value, size_t length);

#endif
