/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hash tables: uthash, with its out-of-memory path led to gb_oom(). Include this, never uthash.h.
 *
 * The hash is not seeded. Keys that an outsider chooses (names, not GUIDs) belong into a sorted
 * array or into SQLite when there can be many of them.
 */
#ifndef GB_BASE_HASH_H
#define GB_BASE_HASH_H

#include "engine/base/mem.h"

#define uthash_fatal(msg) gb_oom()
#include <uthash.h>

#endif
