/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that we trust or that others trust: read with checks, write atomically. */
#ifndef GB_BASE_FILE_H
#define GB_BASE_FILE_H

#include <stddef.h>
#include <sys/types.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"

/** Largest file that gb_file_read_trusted() takes. */
#define GB_FILE_MAX_BYTES (4u * 1024u * 1024u)

/**
 * Read a file that decides what we do: a regular file, no symbolic link, one hard link, owned by root
 * or by the user we run as, writable by nobody else, at most @max_bytes.
 *
 * @param ret_bytes   the content with a NUL behind it, below @ctx.
 * Errors: GB_E_CONFIG; the text names the file and what is wrong with it.
 */
GB_MUST_CHECK enum gb_rc gb_file_read_trusted(const void *ctx, const char *path, size_t max_bytes,
					      char **ret_bytes, size_t *ret_length,
					      struct gb_err *err);

/**
 * Replace a file in one step: temporary file beside it, fsync, rename, fsync of the folder.
 * Whoever opens @path sees the old or the new content, never a mixture, and after a power cut too.
 *
 * Errors: GB_E_IO; the old file is untouched and no temporary file stays.
 */
GB_MUST_CHECK enum gb_rc gb_file_write_atomic(const char *path, const char *bytes, size_t length,
					      mode_t mode, struct gb_err *err);

#endif
