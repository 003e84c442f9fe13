/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How comparable DNs are stored. */
#include "config.h"

#include "engine/state/dn_key.h"

#include <string.h>

#include "engine/base/digest.h"
#include "engine/base/mem.h"

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_lower_of(const char *key, const char *dn)
{
	while (*key && *key == lower(*dn)) {
		key++;
		dn++;
	}
	return *key == '\0' && *dn == '\0';
}

struct gb_db_value gb_dn_key_hash_value(const char *dn_key)
{
	uint8_t digest[32];
	int64_t hash;

	if (!dn_key) {
		return GB_DB_NO(0);
	}
	gb_digest_sha256(dn_key, strlen(dn_key), digest);
	memcpy(&hash, digest, sizeof(hash));
	return GB_DB_INT(hash);
}

struct gb_db_value gb_dn_key_value(const char *dn_key, const char *dn)
{
	return GB_DB_TEXT(dn_key && dn && is_lower_of(dn_key, dn) ? NULL : dn_key);
}

const char *gb_dn_key_column(const void *ctx, const struct gb_db_query *query, int column)
{
	const char *key = gb_db_peek_text(query, column + 1);
	const char *dn = gb_db_peek_text(query, column + 2);
	char *copy;

	if (gb_db_is_null(query, column)) {
		return NULL;
	}
	copy = gb_strdup(ctx, key ? key : dn);
	for (char *p = copy; !key && p && *p; p++) {
		*p = lower(*p);
	}
	return copy;
}

bool gb_dn_key_column_is(const struct gb_db_query *query, int column, const char *wanted)
{
	const char *key = gb_db_peek_text(query, column + 1);
	const char *dn = gb_db_peek_text(query, column + 2);

	if (gb_db_is_null(query, column) || !wanted) {
		return gb_db_is_null(query, column) && !wanted;
	}
	return key ? strcmp(key, wanted) == 0 : dn && is_lower_of(wanted, dn);
}
