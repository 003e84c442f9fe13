/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file of the state as a file: is it one that we may trust, and where may it lie? */
#include "config.h"

#include "engine/state/location.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "engine/base/buffer.h"
#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/state/state.h"

/* Advisory locks and shared memory of SQLite do not hold across hosts (sqlite.org/wal.html). */
static bool is_network(long type)
{
	static const unsigned long types[] = {
		0x6969,     /* NFS */
		0x517b,     /* SMB */
		0xff534d42, /* CIFS */
		0xfe534d42, /* SMB2 */
		0x00c36400, /* Ceph */
		0x01021997, /* 9P */
		0x5346414f, /* AFS */
		0x73757245, /* Coda */
		0x01161970, /* GFS2 */
		0x7461636f, /* OCFS2 */
	};

	for (size_t i = 0; i < GB_ARRAY_SIZE(types); i++) {
		if ((unsigned long)type == types[i]) {
			return true;
		}
	}
	return false;
}

static enum gb_rc refuse(const char *path, const char *reason, struct gb_err *err)
{
	char *shown = gb_text_display(NULL, path);

	gb_err_set(err, GB_E_CONFIG, "state-untrusted", _("The state %s is refused: %s."), shown,
		   reason);
	gb_err_undone(err, _("It was not opened."));
	gb_err_remedy(err,
		      _("It must be a regular file with one name and mode 0600 that belongs to "
			"the user the engine runs as, on a local file system."));
	talloc_free(shown);
	return GB_E_CONFIG;
}

static enum gb_rc fail_system(const char *path, int number, struct gb_err *err)
{
	char *shown = gb_text_display(NULL, path);
	enum gb_rc rc = number == ENOENT ? GB_E_NOT_FOUND : GB_E_IO;

	if (number == ENOENT) {
		gb_err_set(err, GB_E_NOT_FOUND, "state-missing", _("There is no state %s."), shown);
		gb_err_remedy(err, _("The first run of the engine makes it."));
	} else if (number == ELOOP) {
		talloc_free(shown);
		return refuse(path, _("it is a symbolic link"), err);
	} else {
		gb_err_set(err, GB_E_IO, "state-io", _("The state %s cannot be opened: %s."), shown,
			   strerror(number));
		gb_err_remedy(err, _("Check the folder, its permissions and the disk."));
	}
	gb_err_undone(err, _("Nothing was read or written."));
	gb_err_native(err, number);
	talloc_free(shown);
	return rc;
}

static const char *what_is_wrong(int fd)
{
	struct stat st;
	struct statfs fs;

	if (fstat(fd, &st) != 0 || fstatfs(fd, &fs) != 0) {
		return strerror(errno);
	}
	if (!S_ISREG(st.st_mode)) {
		return _("it is no regular file");
	}
	if (st.st_nlink != 1) {
		return _("it has several names");
	}
	if (st.st_uid != geteuid() && geteuid() != 0) {
		return _("it belongs to somebody else");
	}
	if ((st.st_mode & 077) != 0) {
		return _("others may open it");
	}
	return is_network((long)fs.f_type) ? _("it lies on a network file system") : NULL;
}

enum gb_rc gb_location_check(const char *path, bool create, bool *ret_has_wal, struct gb_err *err)
{
	int flags = (create ? O_RDWR | O_CREAT : O_RDONLY) | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
	int fd = open(path, flags, 0600);
	struct stat stat_wal;
	const char *wrong;
	char *wal;

	if (fd < 0) {
		return fail_system(path, errno, err);
	}
	wrong = what_is_wrong(fd);
	/* SQLite's locks on this file would go with our descriptor; it has none yet. */
	close(fd);
	if (wrong) {
		return refuse(path, wrong, err);
	}
	wal = gb_printf(NULL, "%s-wal", path);
	*ret_has_wal = lstat(wal, &stat_wal) == 0;
	talloc_free(wal);
	return GB_OK;
}

char *gb_location_immutable_uri(const void *ctx, const char *path)
{
	struct gb_buffer *buffer = gb_buffer_new(NULL);

	gb_buffer_add_text(buffer, "file:");
	for (const char *p = path; *p; p++) {
		if (strchr("%?#", *p)) {
			gb_buffer_add_format(buffer, "%%%02X", (unsigned)*p);
		} else {
			gb_buffer_add_char(buffer, *p);
		}
	}
	gb_buffer_add_text(buffer, "?immutable=1");
	return gb_buffer_steal(ctx, buffer);
}

enum gb_rc gb_state_set_aside(const void *ctx, const char *path, char **ret_path,
			      struct gb_err *err)
{
	static const char *const suffixes[] = {"-wal", "-shm", ""};
	char time[GB_CLOCK_TEXT_BYTES];
	char *new_path =
		gb_printf(ctx, "%s.refused-%s", path, gb_clock_format(gb_clock_wall_ms(), time));

	/* The database itself goes last: a crash in between leaves one whose -wal will be missed. */
	for (size_t i = 0; i < GB_ARRAY_SIZE(suffixes); i++) {
		char *from = gb_printf(NULL, "%s%s", path, suffixes[i]);
		char *to = gb_printf(from, "%s%s", new_path, suffixes[i]);
		int failed = rename(from, to) != 0 && errno != ENOENT ? errno : 0;

		talloc_free(from);
		if (failed) {
			talloc_free(new_path);
			return fail_system(path, failed, err);
		}
	}
	*ret_path = new_path;
	return GB_OK;
}
