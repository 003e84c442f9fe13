/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that we trust or that others trust. */
#include "config.h"

#include "engine/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/digest.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

/* A path as it may stand in an error text. */
static char *shown(const void *ctx, const char *path)
{
	return gb_text_display(ctx, path);
}

static enum gb_rc refuse_open(const char *path, int error, struct gb_err *err)
{
	char *name = shown(NULL, path);

	if (error == ELOOP) {
		gb_err_set(err, GB_E_CONFIG, "file-symlink",
			   _("%s is a symbolic link; it was not read."), name);
		gb_err_remedy(err, _("Put the file itself there, or name the file it points to."));
	} else if (error == ENOENT || error == ENOTDIR) {
		gb_err_set(err, GB_E_CONFIG, "file-missing", _("%s does not exist."), name);
	} else {
		gb_err_set(err, GB_E_CONFIG, "file-open", _("%s cannot be opened: %s."), name,
			   strerror(error));
	}
	talloc_free(name);
	gb_err_native(err, error);
	return GB_E_CONFIG;
}

static bool owner_is_trusted(uid_t owner)
{
	return owner == 0 || owner == geteuid();
}

/* Mode bits that a file must not have. */
static mode_t forbidden_bits(const struct stat *st, enum gb_file_privacy privacy)
{
	if (privacy == GB_FILE_PUBLIC) {
		return S_IWGRP | S_IWOTH;
	}
	return st->st_gid == 0 ? (mode_t)(S_IRWXO | S_IWGRP | S_IXGRP)
			       : (mode_t)(S_IRWXO | S_IRWXG);
}

/* What is wrong with an open file; GB_OK if nothing is. */
static enum gb_rc check_file(const char *name, const struct stat *st, enum gb_file_privacy privacy,
			     size_t max_bytes, struct gb_err *err)
{
	if (!S_ISREG(st->st_mode)) {
		return gb_err_set(err, GB_E_CONFIG, "file-not-regular",
				  _("%s is not a regular file; it was not read."), name);
	}
	if (st->st_nlink != 1) {
		gb_err_set(err, GB_E_CONFIG, "file-hard-links",
			   _("%s has a second name (hard link) under which it could be changed; it "
			     "was not read."),
			   name);
		gb_err_remedy(err, _("Copy it to a new file and put that in its place."));
		return GB_E_CONFIG;
	}
	if (!owner_is_trusted(st->st_uid)) {
		gb_err_set(err, GB_E_CONFIG, "file-owner",
			   _("%s belongs to user id %lu, neither to root nor to the user that "
			     "groupback runs as; it was not read."),
			   name, (unsigned long)st->st_uid);
		gb_err_remedy(err, _("Check its content, then run: chown root %s"), name);
		return GB_E_CONFIG;
	}
	if (st->st_mode & forbidden_bits(st, privacy)) {
		gb_err_set(err, GB_E_CONFIG, "file-mode",
			   privacy == GB_FILE_PRIVATE
				   ? _("%s can be read by others (mode %04o); it was not read.")
				   : _("%s can be written by others (mode %04o); it was not read."),
			   name, (unsigned)(st->st_mode & 07777));
		gb_err_remedy(err, _("Check its content, then run: chmod %s %s"),
			      privacy == GB_FILE_PRIVATE ? "0600" : "0644", name);
		return GB_E_CONFIG;
	}
	if (st->st_size < 0 || (size_t)st->st_size > max_bytes) {
		return gb_err_set(err, GB_E_CONFIG, "file-too-large",
				  _("%s is larger than %zu bytes; it was not read."), name,
				  max_bytes);
	}
	return GB_OK;
}

/* Everybody may put another file there: no checks of the file itself would help. */
static bool folder_is_open(const char *folder)
{
	struct stat st;

	return stat(folder, &st) == 0 && (st.st_mode & S_IWOTH) && !(st.st_mode & S_ISVTX);
}

/* Length of the first folder above @path that everybody may write to; 0 if there is none. */
static size_t open_folder_length(const char *path)
{
	char folder[PATH_MAX];

	for (size_t i = 1; path[i] && i < sizeof(folder); i++) {
		if (path[i] != '/') {
			continue;
		}
		memcpy(folder, path, i);
		folder[i] = '\0';
		if (folder_is_open(folder)) {
			return i;
		}
	}
	return 0;
}

/* Both the path as it was given and the one that its symbolic links lead to must be safe. */
static enum gb_rc check_folders(const char *path, struct gb_err *err)
{
	char resolved[PATH_MAX];
	const char *checked = path;
	size_t length = open_folder_length(path);
	char *name;

	if (length == 0 && realpath(path, resolved)) {
		checked = resolved;
		length = open_folder_length(resolved);
	}
	if (length == 0) {
		return GB_OK;
	}
	name = gb_strndup(NULL, checked, length);
	gb_err_set(err, GB_E_CONFIG, "file-folder",
		   _("Everybody may write to the folder %s, so nothing in it can be trusted; the "
		     "file was not read."),
		   shown(name, name));
	gb_err_remedy(err, _("Run: chmod o-w %s"), shown(name, name));
	talloc_free(name);
	return GB_E_CONFIG;
}

enum gb_rc gb_file_open_trusted(const char *path, enum gb_file_privacy privacy, size_t max_bytes,
				int *ret_fd, size_t *ret_size, struct gb_err *err)
{
	struct stat st;
	enum gb_rc rc;
	char *name;
	int fd;

	/* O_NONBLOCK: opening a FIFO must not wait for a writer. */
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0) {
		return refuse_open(path, errno, err);
	}
	if (fstat(fd, &st) != 0) {
		rc = refuse_open(path, errno, err);
		close(fd);
		return rc;
	}
	name = shown(NULL, path);
	rc = check_file(name, &st, privacy, max_bytes, err);
	talloc_free(name);
	if (rc == GB_OK) {
		rc = check_folders(path, err);
	}
	if (rc != GB_OK) {
		close(fd);
		return rc;
	}
	*ret_fd = fd;
	*ret_size = (size_t)st.st_size;
	return GB_OK;
}

static enum gb_rc io_error(const char *path, const char *id, int error, struct gb_err *err)
{
	char *name = shown(NULL, path);

	gb_err_set(err, GB_E_IO, id, _("%s: %s."), name, strerror(error));
	gb_err_native(err, error);
	talloc_free(name);
	return GB_E_IO;
}

enum gb_rc gb_file_read_fd(int fd, const char *path, char *buffer, size_t max_bytes,
			   size_t *ret_length, struct gb_err *err)
{
	size_t used = 0;
	char beyond;
	ssize_t got;

	do {
		bool full = used == max_bytes;

		got = full ? read(fd, &beyond, 1) : read(fd, buffer + used, max_bytes - used);
		if (got < 0 && errno != EINTR) {
			return io_error(path, "file-read", errno, err);
		}
		if (got > 0 && full) {
			char *name = shown(NULL, path);

			gb_err_set(err, GB_E_CONFIG, "file-grew",
				   _("%s grew while it was read; it was not used."), name);
			talloc_free(name);
			return GB_E_CONFIG;
		}
		used += got > 0 ? (size_t)got : 0;
	} while (got != 0);
	*ret_length = used;
	return GB_OK;
}

enum gb_rc gb_file_read_trusted(const void *ctx, const char *path, size_t max_bytes,
				char **ret_bytes, size_t *ret_length, struct gb_err *err)
{
	size_t cap = max_bytes < GB_FILE_MAX_BYTES ? max_bytes : GB_FILE_MAX_BYTES;
	size_t length = 0;
	size_t size;
	enum gb_rc rc;
	char *bytes;
	int fd;

	rc = gb_file_open_trusted(path, GB_FILE_PUBLIC, cap, &fd, &size, err);
	if (rc != GB_OK) {
		return rc;
	}
	bytes = gb_new_array(ctx, char, size + 1);
	rc = gb_file_read_fd(fd, path, bytes, size, &length, err);
	close(fd);
	if (rc != GB_OK) {
		talloc_free(bytes);
		return rc;
	}
	bytes[length] = '\0';
	*ret_bytes = bytes;
	*ret_length = length;
	return GB_OK;
}

static int write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(fd, bytes, length);

		if (written < 0 && errno != EINTR) {
			return -1;
		}
		if (written > 0) {
			bytes += written;
			length -= (size_t)written;
		}
	}
	return 0;
}

/* Beside the file, so that rename() stays on one file system. */
static char *temporary_path(const void *ctx, const char *path)
{
	const char *slash = strrchr(path, '/');
	int folder = slash ? (int)(slash + 1 - path) : 0;
	uint8_t random[6];

	gb_digest_random(random, sizeof(random));
	return gb_printf(ctx, "%.*s.%s.%s.new", folder, path, path + folder,
			 gb_digest_hex(ctx, random, sizeof(random)));
}

/* The new content, complete and on the disk, under @temporary. 0, or -1 with errno and no file. */
static int write_temporary(const char *temporary, const char *bytes, size_t length, mode_t mode)
{
	int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int failed;
	int error;

	if (fd < 0) {
		return -1;
	}
	failed = write_all(fd, bytes, length) != 0 || fchmod(fd, mode) != 0 || fsync(fd) != 0;
	error = errno;
	/* close() reports what a network file system could not write. */
	if (close(fd) != 0 && !failed) {
		failed = 1;
		error = errno;
	}
	if (failed) {
		unlink(temporary);
		errno = error;
		return -1;
	}
	return 0;
}

/* rename() is lasting only when the folder is on the disk too. */
static int sync_folder(const void *ctx, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *folder = !slash          ? "."
			     : slash == path ? "/"
					     : gb_strndup(ctx, path, (size_t)(slash - path));
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result;
	int error;

	if (fd < 0) {
		return -1;
	}
	result = fsync(fd);
	error = errno;
	close(fd);
	errno = error;
	return result;
}

/* Renaming over a device such as /dev/null would take it away from everybody on the machine. */
static bool is_replaceable(const char *path)
{
	struct stat st;

	return lstat(path, &st) != 0 || S_ISREG(st.st_mode) || S_ISLNK(st.st_mode);
}

static enum gb_rc not_replaceable(const char *path, struct gb_err *err)
{
	gb_err_set(err, GB_E_CONFIG, "file-not-regular", _("%s is no ordinary file."), path);
	gb_err_undone(err, _("Nothing was written."));
	return gb_err_remedy(err, _("Name an ordinary file, or one that does not exist yet."));
}

enum gb_rc gb_file_write_atomic(const char *path, const char *bytes, size_t length, mode_t mode,
				struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	char *temporary = temporary_path(tmp, path);
	enum gb_rc rc = GB_OK;

	if (!is_replaceable(path)) {
		talloc_free(tmp);
		return not_replaceable(path, err);
	}
	if (write_temporary(temporary, bytes, length, mode) != 0) {
		rc = io_error(path, "file-write", errno, err);
		gb_err_undone(err, _("The file was not written; what was there is unchanged."));
	} else if (rename(temporary, path) != 0) {
		rc = io_error(path, "file-write", errno, err);
		gb_err_undone(err, _("The file was not written; what was there is unchanged."));
		unlink(temporary);
	} else if (sync_folder(tmp, path) != 0) {
		rc = io_error(path, "file-sync", errno, err);
		gb_err_undone(err, _("The new content is there, but a power cut could undo it."));
	}
	if (rc != GB_OK) {
		gb_err_remedy(err, _("Check the free space and the rights of the folder, then try "
				     "again."));
	}
	talloc_free(tmp);
	return rc;
}
