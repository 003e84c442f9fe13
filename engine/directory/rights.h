/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an account may be and may do: the pure part, for rights.c and its tests. */
#ifndef GB_DIRECTORY_RIGHTS_H
#define GB_DIRECTORY_RIGHTS_H

#include "engine/base/sid.h"

/**
 * The English name of the administrators' group that @sid is: Domain Admins (RID 512), Schema
 * Admins (518), Enterprise Admins (519) of any domain, or BUILTIN\Administrators (S-1-5-32-544).
 * NULL for everything else (MS-DTYP 2.4.2.4, "Well-Known SID Structures").
 */
const char *gb_rights_privileged_group(const struct gb_sid *sid);

#endif
