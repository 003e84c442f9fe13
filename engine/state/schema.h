/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables and how older files come to have them. Private to engine/state. */
#ifndef GB_STATE_SCHEMA_H
#define GB_STATE_SCHEMA_H

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/state/database.h"

/** PRAGMA application_id of our files: "gbck". */
#define GB_SCHEMA_APPLICATION_ID 0x6762636b

/** PRAGMA user_version of the newest schema: the number of migrations. */
#define GB_SCHEMA_VERSION 8

/**
 * Find out the version of a file.
 *
 * @param ret_version  0 … GB_SCHEMA_VERSION; 0: it is empty.
 * Errors: GB_E_STATE: "state-foreign" (another program's database), "state-newer" (of a newer
 * version of ours), "state-corrupt".
 */
GB_MUST_CHECK enum gb_rc gb_schema_version(struct gb_db *db, int *ret_version, struct gb_err *err);

/** Bring a file from version @from to version @to, each step in a transaction of its own. */
GB_MUST_CHECK enum gb_rc gb_schema_migrate(struct gb_db *db, int from, int to, struct gb_err *err);

#endif
