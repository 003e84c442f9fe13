/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The supervisor: a child that may block, and somebody who never does. */
#include "config.h"

#include "engine/probe/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/probe/request.h"

/* How long the last line may take to leave when the reader is slow. */
#define LAST_LINE_MS 500
/* How long a child may take to end after its last line. */
#define FAREWELL_MS 2000

struct gb_supervisor {
	int signal_fd;
	sigset_t before; /* the child gets it back */
};

/* A child at work. */
struct work {
	struct gb_supervisor *supervisor;
	struct gb_probe *probe;
	pid_t pid;
	int in;  /* its frames */
	int out; /* where lines go */
	char *buffer;
	size_t length;
	bool is_over;     /* the last line was handed on */
	bool is_unheard;  /* nobody reads any more */
	struct gb_err err; /* why it ends early; rc GB_OK: it does not */
};

static int close_signals(struct gb_supervisor *supervisor)
{
	close(supervisor->signal_fd);
	sigprocmask(SIG_SETMASK, &supervisor->before, NULL);
	return 0;
}

struct gb_supervisor *gb_supervisor_new(const void *ctx)
{
	struct gb_supervisor *supervisor = gb_new(ctx, struct gb_supervisor);
	sigset_t caught;

	sigemptyset(&caught);
	sigaddset(&caught, SIGTERM);
	sigaddset(&caught, SIGINT);
	sigaddset(&caught, SIGHUP);
	sigprocmask(SIG_BLOCK, &caught, &supervisor->before);
	supervisor->signal_fd = signalfd(-1, &caught, SFD_CLOEXEC | SFD_NONBLOCK);
	if (supervisor->signal_fd < 0) {
		gb_oom();
	}
	talloc_set_destructor(supervisor, close_signals);
	return supervisor;
}

static enum gb_rc cancelled(struct gb_err *err)
{
	gb_err_set(err, GB_E_CANCELLED, "cancelled", _("The request was cancelled."));
	return GB_E_CANCELLED;
}

static enum gb_rc late(struct gb_err *err)
{
	gb_err_set(err, GB_E_UNAVAILABLE, "probe-timeout", _("There was no answer in time."));
	gb_err_remedy(err, _("Check the network between this host and the other one, then try "
			     "again."));
	return GB_E_UNAVAILABLE;
}

static enum gb_rc too_long(struct gb_err *err)
{
	gb_err_set(err, GB_E_USAGE, "request-too-long",
		   _("The request is longer than %u bytes."), GB_REQUEST_MAX_BYTES);
	return gb_err_undone(err, _("The request was not carried out."));
}

static int wait_ms(int64_t deadline_ms)
{
	int64_t left_ms = deadline_ms - gb_clock_boot_ms();

	return left_ms <= 0 ? 0 : left_ms > INT_MAX ? INT_MAX : (int)left_ms;
}

enum gb_rc gb_supervisor_read_line(struct gb_supervisor *supervisor, const void *ctx, int fd,
				   int64_t timeout_ms, char **ret_line, size_t *ret_length,
				   struct gb_err *err)
{
	char *line = gb_new_array(ctx, char, GB_REQUEST_MAX_BYTES + 1);
	int64_t deadline_ms = gb_clock_boot_ms() + timeout_ms;
	size_t length = 0;
	char *end = NULL;

	while (!end) {
		struct pollfd fds[] = {{.fd = supervisor->signal_fd, .events = POLLIN},
				       {.fd = fd, .events = POLLIN}};
		int ready = poll(fds, 2, wait_ms(deadline_ms));
		ssize_t got;

		if (ready > 0 && fds[0].revents) {
			return cancelled(err);
		}
		if (ready == 0) {
			return late(err);
		}
		got = read(fd, line + length, GB_REQUEST_MAX_BYTES + 1 - length);
		if (got < 0 && errno != EINTR) {
			return gb_err_set(err, GB_E_IO, "request-io",
					  _("The request cannot be read: %s."), strerror(errno));
		}
		end = got > 0 ? memchr(line + length, '\n', (size_t)got) : NULL;
		length += got > 0 ? (size_t)got : 0;
		if (got == 0) {
			break;
		}
		if (!end && length > GB_REQUEST_MAX_BYTES) {
			gb_secret_wipe(line, length);
			return too_long(err);
		}
	}
	*ret_line = line;
	*ret_length = end ? (size_t)(end - line) : length;
	return GB_OK;
}

/*
 * Write without ever blocking for long: a pipe that poll() calls writable takes PIPE_BUF bytes. Stops
 * early when the time is over, and at a signal if it @heeds_signals. Returns the bytes that are out.
 */
static size_t write_bounded(struct work *work, const char *bytes, size_t length,
			    int64_t deadline_ms, bool heeds_signals)
{
	size_t out = 0;

	while (out < length && !work->is_unheard) {
		struct pollfd fds[] = {
			{.fd = work->out, .events = POLLOUT},
			{.fd = heeds_signals ? work->supervisor->signal_fd : -1, .events = POLLIN}};
		int ready = poll(fds, 2, wait_ms(deadline_ms));
		size_t left = length - out;
		ssize_t written;

		if (ready == 0 || (ready > 0 && fds[1].revents)) {
			break;
		}
		if (ready < 0) {
			continue;
		}
		written = write(work->out, bytes + out, left < PIPE_BUF ? left : PIPE_BUF);
		work->is_unheard = written < 0 && errno != EINTR && errno != EAGAIN;
		out += written > 0 ? (size_t)written : 0;
	}
	return out;
}

/* In the child. */
static _Noreturn void answer(struct work *work, int fd)
{
	struct gb_probe *probe = work->probe;
	struct gb_err err;
	enum gb_rc rc;

	sigprocmask(SIG_SETMASK, &work->supervisor->before, NULL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	/* Nobody may go on alone after the supervisor was killed. */
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	gb_err_clear(&err);
	probe->answer.fd = fd;
	rc = probe->question->run(probe, &err);
	if (rc != GB_OK) {
		err.rc = rc;
		gb_answer_error(&probe->answer, &err, &probe->field);
	}
	_exit(gb_rc_exit_code(rc));
}

static enum gb_rc start(struct work *work)
{
	int frames[2];

	if (pipe2(frames, O_CLOEXEC) == 0) {
		work->pid = fork();
		if (work->pid == 0) {
			close(frames[0]);
			close(work->supervisor->signal_fd);
			answer(work, frames[1]);
		}
		close(frames[1]);
		work->in = frames[0];
	}
	if (work->pid <= 0) {
		return gb_err_set(&work->err, GB_E_SYSTEM, "probe-process",
				  _("No process could be started: %s."), strerror(errno));
	}
	return GB_OK;
}

/* One whole line: its first letter is the frame's. False: it is not out. */
static bool hand_on(struct work *work, const char *line, size_t length)
{
	size_t out = write_bounded(work, line + 1, length - 1, work->probe->deadline_ms, true);

	if (out > 0 && out < length - 1) {
		/* A line that has begun is brought to its end if the reader lets us. */
		out += write_bounded(work, line + 1 + out, length - 1 - out,
				     gb_clock_boot_ms() + LAST_LINE_MS, false);
		work->is_unheard = work->is_unheard || out < length - 1;
	}
	work->is_over = out == length - 1 && line[0] == GB_ANSWER_FRAME_FINAL;
	return out == length - 1;
}

static void hand_on_lines(struct work *work)
{
	char *begin = work->buffer;
	char *end;

	while (!work->is_over &&
	       (end = memchr(begin, '\n', work->length - (size_t)(begin - work->buffer))) != NULL) {
		if (!hand_on(work, begin, (size_t)(end + 1 - begin))) {
			return; /* a signal or the end of the time: relay() sees it too */
		}
		begin = end + 1;
	}
	work->length -= (size_t)(begin - work->buffer);
	memmove(work->buffer, begin, work->length);
}

/* False at the end of the child's frames. */
static bool take_frames(struct work *work)
{
	ssize_t got = read(work->in, work->buffer + work->length,
			   GB_ANSWER_MAX_LINE_BYTES - work->length);

	if (got > 0) {
		work->length += (size_t)got;
	}
	return got > 0 || (got < 0 && errno == EINTR);
}

static void died(struct work *work)
{
	gb_err_set(&work->err, GB_E_INTERNAL, "probe-died",
		   _("The engine ended without an answer. This is a bug."));
	gb_err_remedy(&work->err, _("Report it, with what was asked."));
}

/* Hands lines on until the last one, or until work->err or is_unheard says why not. */
static void relay(struct work *work)
{
	while (!work->is_over && !work->is_unheard && work->err.rc == GB_OK) {
		struct pollfd fds[] = {{.fd = work->supervisor->signal_fd, .events = POLLIN},
				       {.fd = work->in, .events = POLLIN},
				       {.fd = work->out, .events = 0}};
		int ready = poll(fds, 3, wait_ms(work->probe->deadline_ms));

		if (ready > 0 && fds[0].revents) {
			cancelled(&work->err);
		} else if (ready == 0) {
			late(&work->err);
		} else if (ready > 0 && (fds[2].revents & (POLLERR | POLLNVAL))) {
			work->is_unheard = true;
		} else if (ready > 0 && fds[1].revents) {
			if (take_frames(work)) {
				hand_on_lines(work);
			} else {
				died(work);
			}
		}
	}
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

/* The exit code of a child that was let go, or -1 if it had to be killed. */
static int end_child(struct work *work)
{
	int64_t deadline_ms = gb_clock_boot_ms() + (work->is_over ? FAREWELL_MS : 0);
	int status = 0;

	if (work->pid <= 0) {
		return -1;
	}
	while (work->is_over && gb_clock_boot_ms() < deadline_ms) {
		if (waitpid(work->pid, &status, WNOHANG) == work->pid) {
			return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
		}
		(void)poll(NULL, 0, 5);
	}
	kill(work->pid, SIGKILL);
	(void)waitpid(work->pid, &status, 0);
	return -1;
}

static void say_doubt(struct work *work)
{
	if (work->err.undone[0]) {
		return;
	}
	if (work->probe->question && work->probe->question->writes) {
		gb_err_undone(&work->err, _("It may have been done in part: look before you try "
					    "again."));
	} else {
		gb_err_undone(&work->err, _("Nothing was changed."));
	}
}

static int finish(struct work *work, int child_code)
{
	char *line;

	if (work->is_over) {
		return child_code >= 0 ? child_code : gb_rc_exit_code(GB_E_INTERNAL);
	}
	if (work->is_unheard) {
		return gb_rc_exit_code(GB_E_CANCELLED);
	}
	say_doubt(work);
	line = gb_answer_error_line(NULL, work->probe->answer.question, &work->err,
				    &work->probe->field);
	(void)write_bounded(work, line, strlen(line), gb_clock_boot_ms() + LAST_LINE_MS, false);
	talloc_free(line);
	return gb_rc_exit_code(work->err.rc);
}

int gb_supervisor_run(struct gb_supervisor *supervisor, struct gb_probe *probe, int out_fd)
{
	struct work *work = gb_new(probe, struct work);
	int code;

	work->supervisor = supervisor;
	work->probe = probe;
	work->in = -1;
	work->out = out_fd;
	work->buffer = gb_new_array(work, char, GB_ANSWER_MAX_LINE_BYTES);
	probe->deadline_ms = gb_clock_boot_ms() + probe->timeout_ms;
	if (start(work) == GB_OK) {
		relay(work);
	}
	code = end_child(work);
	if (work->in >= 0) {
		close(work->in);
	}
	if (probe->scratch) {
		(void)nftw(probe->scratch, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	}
	return finish(work, code);
}

int gb_supervisor_refuse(struct gb_supervisor *supervisor, const struct gb_probe *probe, int out_fd,
			 const struct gb_err *err)
{
	const struct gb_answer_field *field = probe ? &probe->field : NULL;
	struct work work = {.supervisor = supervisor, .out = out_fd};
	char *line = gb_answer_error_line(NULL, probe ? probe->answer.question : NULL, err, field);

	(void)write_bounded(&work, line, strlen(line), gb_clock_boot_ms() + LAST_LINE_MS, false);
	talloc_free(line);
	return gb_rc_exit_code(err->rc);
}
