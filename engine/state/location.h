/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The file of the state as a file: is it one that we may trust, and where may it lie?
 * Private to engine/state.
 */
#ifndef GB_STATE_LOCATION_H
#define GB_STATE_LOCATION_H

#include <stdbool.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"

/**
 * Look at the file; create it empty with mode 0600 if it is missing and @create is true.
 *
 * @param ret_has_wal  "<path>-wal" is there, even if it is empty.
 * Errors: GB_E_CONFIG (no regular file, a link, several names, another owner, open to others, on a
 * network file system); GB_E_NOT_FOUND (missing, not to be created); GB_E_IO.
 */
GB_MUST_CHECK enum gb_rc gb_location_check(const char *path, bool create, bool *ret_has_wal,
					   struct gb_err *err);

/** "file:" URI of @path for a read-only look at a file that nobody writes; below @ctx. */
char *gb_location_immutable_uri(const void *ctx, const char *path);

#endif
