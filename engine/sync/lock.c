/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lock of the state directory. */
#include "config.h"

#include "engine/sync/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

struct gb_lock {
	int fd; /* holds the flock */
};

static int release(struct gb_lock *lock)
{
	close(lock->fd);
	return 0;
}

static enum gb_rc held_by_another(int fd, struct gb_err *err)
{
	char line[128] = "";
	char *shown;
	ssize_t n = pread(fd, line, sizeof(line) - 1, 0);

	line[n > 0 ? (size_t)n : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	shown = gb_text_display(NULL, line[0] != '\0' ? line : "?");
	gb_err_set(err, GB_E_TRY_AGAIN, "lock-held", _("Another engine is at work (%s)."), shown);
	talloc_free(shown);
	gb_err_undone(err, _("Nothing was read or written."));
	return gb_err_remedy(err, _("Wait until it has ended, then try again."));
}

/* Only for the message above: a failure to write it does not weaken the lock. */
static void write_holder(int fd)
{
	char since[GB_CLOCK_TEXT_BYTES];
	char line[128];
	int n = snprintf(line, sizeof(line), "process %ld since %s\n", (long)getpid(),
			 gb_clock_format(gb_clock_wall_ms(), since));

	if (ftruncate(fd, 0) != 0 || pwrite(fd, line, (size_t)n, 0) != n) {
		return;
	}
}

static enum gb_rc lock_failed(const char *path, struct gb_err *err)
{
	int saved = errno;

	gb_err_set(err, GB_E_IO, "lock-file", _("The lock file %s cannot be used: %s."), path,
		   strerror(saved));
	gb_err_native(err, saved);
	gb_err_undone(err, _("Nothing was read or written."));
	return gb_err_remedy(
		err, _("Create the state directory and give it to the user that runs the engine."));
}

enum gb_rc gb_lock_take(const void *ctx, const char *state_directory, struct gb_lock **ret_lock,
			struct gb_err *err)
{
	struct gb_lock *lock = gb_new(ctx, struct gb_lock);
	char *path = gb_printf(lock, "%s/lock", state_directory);
	enum gb_rc rc = GB_OK;

	lock->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (lock->fd < 0) {
		rc = lock_failed(path, err);
		talloc_free(lock);
		return rc;
	}
	talloc_set_destructor(lock, release);
	if (flock(lock->fd, LOCK_EX | LOCK_NB) != 0) {
		rc = errno == EWOULDBLOCK ? held_by_another(lock->fd, err) : lock_failed(path, err);
		talloc_free(lock);
		return rc;
	}
	write_holder(lock->fd);
	*ret_lock = lock;
	return GB_OK;
}

enum gb_rc gb_lock_probe(const char *state_directory, struct gb_err *err)
{
	char *path = gb_printf(NULL, "%s/lock", state_directory);
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	enum gb_rc rc = GB_OK;

	if (fd < 0) {
		rc = errno == ENOENT ? GB_OK : lock_failed(path, err);
	} else if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		rc = errno == EWOULDBLOCK ? held_by_another(fd, err) : lock_failed(path, err);
	}
	if (fd >= 0) {
		close(fd);
	}
	talloc_free(path);
	return rc;
}
