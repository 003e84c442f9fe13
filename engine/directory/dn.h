/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Distinguished names (RFC 4514), as values to compare.
 *
 * Servers spell one DN in many ways: AD keeps the case in which an object was made, slapd lowers
 * the attribute types, both vary blanks and escapes. The *key* of a DN is one spelling for all of
 * them: attribute types and values in lower case (AD compares both without case, MS-ADTS
 * 3.1.1.2.2.4), no blanks around separators, every special character as backslash and two hex
 * digits. Keys are compared with strcmp(). Pure; no state.
 */
#ifndef GB_DIRECTORY_DN_H
#define GB_DIRECTORY_DN_H

#include <stdbool.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"

/** Longest DN in bytes that is taken; longer ones are refused. */
#define GB_DN_MAX_BYTES 16384

/**
 * The key of @dn, below @ctx. A key is its own key.
 *
 * @return  NULL if @dn is no DN (RFC 4514), is longer than GB_DN_MAX_BYTES, or is empty.
 */
char *gb_dn_key(const void *ctx, const char *dn);

/**
 * The DN of the parent, in the spelling of @dn, below @ctx; "" if @dn has one RDN only.
 *
 * @return  NULL if @dn is no DN or is empty.
 */
char *gb_dn_parent(const void *ctx, const char *dn);

/**
 * True if the key @key stands below the key @base_key at any depth; an object is not below itself.
 * Everything is below "".
 *
 * @param key       from gb_dn_key().
 * @param base_key  from gb_dn_key(), or "".
 */
bool gb_dn_is_below(const char *key, const char *base_key);

/**
 * The value of the first RDN ("a,b" of "CN=a\2Cb,DC=x"), unescaped, below @ctx. Of an RDN with
 * several parts it is the first one's.
 *
 * @return  NULL if @dn is no DN, or the value holds a NUL.
 */
char *gb_dn_rdn_value(const void *ctx, const char *dn);

/**
 * "CN=<value>,<parent>" with @value escaped (gb_text_dn_escape), below @ctx.
 *
 * @param value   UTF-8, not empty.
 * @param parent  a DN, or "".
 */
char *gb_dn_child(const void *ctx, const char *value, const char *parent);

/**
 * The same DN in a spelling in which no shell finds anything to do (gb_text_dn_escape_inert), below
 * @ctx: for lines that people paste.
 *
 * @return  NULL if @dn is no DN.
 */
char *gb_dn_inert(const void *ctx, const char *dn);

/** "CN=<value>" with @value escaped, below @ctx: what a rename takes as new RDN. */
char *gb_dn_rdn(const void *ctx, const char *value);

#endif
