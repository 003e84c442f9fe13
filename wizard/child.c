/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A child process between two pipes. */
#include "config.h"

#include "wizard/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <tevent.h>
#include <unistd.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"

#define GRACE_SECONDS 2

/* A process that was asked to end and has not been reaped; a child of the loop. */
struct leftover {
	pid_t pid;
	unsigned rounds;
};

static void look_again(struct tevent_context *loop, struct leftover *leftover);

static void on_time(struct tevent_context *loop, struct tevent_timer *timer, struct timeval now,
		    void *data)
{
	(void)timer;
	(void)now;
	look_again(loop, data);
}

/* Ten times a second: a process that is told to end does so at once, nearly always. */
static void look_again(struct tevent_context *loop, struct leftover *leftover)
{
	pid_t pid = waitpid(leftover->pid, NULL, WNOHANG);

	if (pid == leftover->pid || (pid < 0 && errno == ECHILD)) {
		talloc_free(leftover);
		return;
	}
	if (leftover->rounds++ == GRACE_SECONDS * 10) {
		kill(-leftover->pid, SIGKILL);
	}
	gb_mem_check(tevent_add_timer(loop, leftover, tevent_timeval_current_ofs(0, 100000),
				      on_time, leftover));
}

struct child_part {
	struct wz_child child;
	struct tevent_context *loop;
};

static int end_child(struct child_part *part)
{
	struct leftover *leftover = gb_new(part->loop, struct leftover);

	wz_child_close_input(&part->child);
	close(part->child.from_fd);
	leftover->pid = part->child.pid;
	/* It is its own group: what it started ends with it. It may have ended: then only reap. */
	kill(-leftover->pid, SIGTERM);
	look_again(part->loop, leftover);
	return 0;
}

void wz_child_close_input(struct wz_child *child)
{
	if (child->to_fd >= 0) {
		close(child->to_fd);
		child->to_fd = -1;
	}
}

static _Noreturn void become(int in_fd, int out_fd, const char *const argv[])
{
	int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t none;
	char **words;

	setsid();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int number = 1; number < NSIG; number++) {
		signal(number, SIG_DFL);
	}
	if (dup2(in_fd, STDIN_FILENO) >= 0 && dup2(out_fd, STDOUT_FILENO) >= 0 &&
	    dup2(null_fd, STDERR_FILENO) >= 0) {
		close_range(STDERR_FILENO + 1, ~0U, 0);
		memcpy(&words, &argv, sizeof(words)); /* execv() does not write to them */
		execv(words[0], words);
	}
	_exit(127);
}

static bool make_pipe(int ends[2])
{
	return pipe2(ends, O_CLOEXEC) == 0;
}

static void close_pipe(const int ends[2])
{
	close(ends[0]);
	close(ends[1]);
}

static enum gb_rc refuse(const char *path, struct gb_err *err)
{
	int native = errno;

	gb_err_set(err, GB_E_SYSTEM, "child-start", _("%s could not be started: %s."), path,
		   strerror(native));
	return gb_err_native(err, native);
}

/* Both pipes, or none. */
static bool make_pipes(int to[2], int from[2])
{
	if (!make_pipe(to)) {
		return false;
	}
	if (!make_pipe(from)) {
		close_pipe(to);
		return false;
	}
	return true;
}

static struct wz_child *new_child(const void *ctx, struct tevent_context *loop, pid_t pid,
				  const int to[2], const int from[2])
{
	struct child_part *part = gb_new(ctx, struct child_part);

	close(to[0]);
	close(from[1]);
	fcntl(to[1], F_SETFL, O_NONBLOCK);
	fcntl(from[0], F_SETFL, O_NONBLOCK);
	part->loop = loop;
	part->child = (struct wz_child){pid, to[1], from[0]};
	talloc_set_destructor(part, end_child);
	return &part->child;
}

enum gb_rc wz_child_start(const void *ctx, struct tevent_context *loop, const char *const argv[],
			  struct wz_child **ret_child, struct gb_err *err)
{
	int to[2];
	int from[2];
	pid_t pid;

	if (access(argv[0], X_OK) != 0 || !make_pipes(to, from)) {
		return refuse(argv[0], err);
	}
	pid = fork();
	if (pid == 0) {
		become(to[0], from[1], argv);
	}
	if (pid < 0) {
		close_pipe(to);
		close_pipe(from);
		return refuse(argv[0], err);
	}
	*ret_child = new_child(ctx, loop, pid, to, from);
	return GB_OK;
}
