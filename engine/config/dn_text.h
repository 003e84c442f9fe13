/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Distinguished names as they stand in the configuration. Pure.
 *
 * The canonical spelling is RFC 4514 in which `"`, `;` and `#` inside values are the hex pairs \22,
 * \3B and \23, an escaped blank is \20, and hex digits are upper case: so no DN holds a character
 * that means something to an INI reader. It is the same DN to a server.
 */
#ifndef GB_CONFIG_DN_TEXT_H
#define GB_CONFIG_DN_TEXT_H

#include "engine/base/compiler.h"

/**
 * The canonical spelling of @text, below @ctx; NULL if it is not a DN of at least one RDN as RFC 4514
 * section 3 has it (blanks around separators are taken and dropped). Values in `"…"`, the separator
 * ";" and values in #hex, which RFC 4514 no longer writes or which name no object here, are refused.
 */
char *gb_dn_text_canonical(const void *ctx, const char *text);

#endif
