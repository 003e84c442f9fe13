/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One wizard edits at a time. */
#include "config.h"

#include "wizard/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static void read_holder(int fd, struct wz_lock_holder *holder)
{
	char text[128] = "";
	ssize_t got = pread(fd, text, sizeof(text) - 1, 0);
	char *end;

	*holder = (struct wz_lock_holder){.pid = 0};
	if (got > 0) {
		holder->pid = (pid_t)strtol(text, &end, 10);
		snprintf(holder->terminal, sizeof(holder->terminal), "%.*s",
			 (int)strcspn(*end ? end + 1 : end, "\n"), *end ? end + 1 : end);
	}
}

static void write_holder(int fd)
{
	char terminal[64] = "";
	char text[128];
	int length;

	if (ttyname_r(STDIN_FILENO, terminal, sizeof(terminal)) != 0) {
		terminal[0] = '\0';
	}
	length = snprintf(text, sizeof(text), "%ld %s\n", (long)getpid(), terminal);
	if (ftruncate(fd, 0) == 0) {
		ssize_t written = pwrite(fd, text, (size_t)length, 0);

		(void)written; /* who it is would be nice to know; the lock holds without */
	}
}

bool wz_lock_take(const char *path, struct wz_lock_holder *ret_holder)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0) {
		return true;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
		read_holder(fd, ret_holder);
		close(fd);
		return false;
	}
	write_holder(fd);
	return true; /* the descriptor stays open: it is the lock */
}

void wz_lock_ask_for(const struct wz_lock_holder *holder)
{
	if (holder->pid > 1) {
		kill(holder->pid, SIGTERM);
	}
}
