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

/** How far others are kept away from a trusted file. */
enum gb_file_privacy {
	GB_FILE_PUBLIC, /**< others may read it */
	GB_FILE_PRIVATE /**< group and others may do nothing; group root may read, which is how the
			     access list of a systemd credential shows in the mode */
};

/**
 * Open a file that decides what we do, for reading: a regular file, no symbolic link, one hard link,
 * owned by root or by the user we run as, writable by nobody else, at most @max_bytes. No folder
 * above it may be writable by everybody, but for sticky ones such as /tmp.
 *
 * @param ret_fd    the caller closes it.
 * @param ret_size  its size in bytes when it was opened.
 * Errors: GB_E_CONFIG, with errno in native where the system refused (ENOENT: it is missing); the
 * text names the file and what is wrong with it.
 */
GB_MUST_CHECK enum gb_rc gb_file_open_trusted(const char *path, enum gb_file_privacy privacy,
					      size_t max_bytes, int *ret_fd, size_t *ret_size,
					      struct gb_err *err);

/** Read the whole of @fd, at most @max_bytes, into @buffer. GB_E_IO; GB_E_CONFIG if it is longer. */
GB_MUST_CHECK enum gb_rc gb_file_read_fd(int fd, const char *path, char *buffer, size_t max_bytes,
					 size_t *ret_length, struct gb_err *err);

/**
 * Read a file that decides what we do, with the checks of gb_file_open_trusted() (GB_FILE_PUBLIC).
 *
 * @param max_bytes   at most GB_FILE_MAX_BYTES.
 * @param ret_bytes   the content with a NUL behind it, below @ctx.
 * Errors: as gb_file_open_trusted(); GB_E_IO if the disk fails.
 */
GB_MUST_CHECK enum gb_rc gb_file_read_trusted(const void *ctx, const char *path, size_t max_bytes,
					      char **ret_bytes, size_t *ret_length,
					      struct gb_err *err);

/**
 * Replace a file in one step: temporary file beside it, fsync, rename, fsync of the folder.
 * Whoever opens @path sees the old or the new content, never a mixture, and after a power cut too.
 *
 * @param mode  of the new file, whatever the umask and the old file's mode.
 * Errors: GB_E_CONFIG (@path is a device, a pipe, a folder …: never replaced); GB_E_IO; the old file is untouched and no temporary file stays. Only if the last step, the
 * fsync of the folder, fails does the new content stand there already; the text says so.
 */
GB_MUST_CHECK enum gb_rc gb_file_write_atomic(const char *path, const char *bytes, size_t length,
					      mode_t mode, struct gb_err *err);

#endif
