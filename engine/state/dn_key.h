/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How comparable DNs are stored: as a 64-bit hash that is indexed, and as text only where lower()
 * does not make it from the DN. No hash: no key. Private to engine/state.
 */
#ifndef GB_STATE_DN_KEY_H
#define GB_STATE_DN_KEY_H

#include "engine/state/database.h"

/** The value of a dn_hash column; NULL for NULL. */
struct gb_db_value gb_dn_key_hash_value(const char *dn_key);

/** The value of a dn_key column beside @dn: NULL if it is @dn in ASCII lower case. */
struct gb_db_value gb_dn_key_value(const char *dn_key, const char *dn);

/** The key from the columns dn_hash, dn_key, dn that begin at @column; below @ctx, or NULL. */
const char *gb_dn_key_column(const void *ctx, const struct gb_db_query *query, int column);

/** True if these columns say @wanted (NULL: no key). */
bool gb_dn_key_column_is(const struct gb_db_query *query, int column, const char *wanted);

#endif
