/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Running another program of the system. */
#include "config.h"

#include "engine/base/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

#define DEFAULT_TIMEOUT_MS 30000
#define MAX_SAID_BYTES     400
/* A child that closed its outputs and does not end is looked at so often. */
#define LINGER_MS 20

/* One program under way. */
struct run {
	const struct gb_run_call *call;
	int64_t deadline_ms;
	pid_t pid;
	int input;
	int output;
	int said;
	size_t sent;
	char *bytes; /* output so far; may be a secret */
	size_t length;
	char text[MAX_SAID_BYTES];
	size_t text_length;
};

static void close_one(int *fd)
{
	if (*fd >= 0) {
		close(*fd);
		*fd = -1;
	}
}

static enum gb_rc failed(const struct gb_run_call *call, const char *why, struct gb_err *err)
{
	gb_err_set(err, GB_E_SYSTEM, "run-failed", _("%s could not be run: %s."), call->argv[0],
		   why);
	return GB_E_SYSTEM;
}

/* In the child: nothing of ours but three descriptors and two variables. */
static _Noreturn void become(const struct gb_run_call *call, int input, int output, int said)
{
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	static char language[] = "LC_ALL=C.UTF-8";
	char *environment[] = {path, language, NULL, NULL};
	const char *realm = getenv("KRB5_CONFIG");
	sigset_t none;

	environment[2] = realm ? gb_printf(NULL, "KRB5_CONFIG=%s", realm) : NULL;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	if (dup2(input, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
	    dup2(said, STDERR_FILENO) < 0) {
		_exit(127);
	}
	close_range(STDERR_FILENO + 1, ~0U, 0);
	execve(call->argv[0], (char *const *)(uintptr_t)call->argv, environment);
	_exit(127);
}

static enum gb_rc start(struct run *run, struct gb_err *err)
{
	int input[2] = {-1, -1};
	int output[2] = {-1, -1};
	int said[2] = {-1, -1};

	if (access(run->call->argv[0], X_OK) != 0) {
		return failed(run->call, strerror(errno), err);
	}
	if (pipe2(input, O_CLOEXEC) == 0 && pipe2(output, O_CLOEXEC) == 0 &&
	    pipe2(said, O_CLOEXEC) == 0) {
		run->pid = fork();
		if (run->pid == 0) {
			become(run->call, input[0], output[1], said[1]);
		}
	}
	run->input = input[1];
	run->output = output[0];
	run->said = said[0];
	close_one(&input[0]);
	close_one(&output[1]);
	close_one(&said[1]);
	if (run->pid <= 0) {
		return failed(run->call, strerror(errno), err);
	}
	(void)fcntl(run->input, F_SETFL, O_NONBLOCK);
	return GB_OK;
}

static void feed(struct run *run)
{
	size_t length = run->call->input ? gb_secret_length(run->call->input) : 0;

	while (run->sent < length) {
		ssize_t written = write(run->input, gb_secret_bytes(run->call->input) + run->sent,
					length - run->sent);

		if (written < 0 && (errno == EAGAIN || errno == EINTR)) {
			return;
		}
		if (written < 0) {
			break; /* it does not want it: its exit code tells why */
		}
		run->sent += (size_t)written;
	}
	close_one(&run->input);
}

static bool drop_output(struct run *run)
{
	char beyond[4096];
	ssize_t got = read(run->output, beyond, sizeof(beyond));

	if (got == 0 || (got < 0 && errno != EINTR)) {
		close_one(&run->output);
	}
	return true;
}

static bool take_output(struct run *run)
{
	ssize_t got;

	if (run->call->cuts_output && run->length == GB_RUN_MAX_OUTPUT_BYTES) {
		return drop_output(run);
	}
	got = read(run->output, run->bytes + run->length,
			   GB_RUN_MAX_OUTPUT_BYTES - run->length);

	if (got <= 0) {
		bool is_full = run->length == GB_RUN_MAX_OUTPUT_BYTES;

		if (is_full || errno != EINTR) {
			close_one(&run->output);
		}
		return !is_full;
	}
	run->length += (size_t)got;
	return run->call->cuts_output || run->length < GB_RUN_MAX_OUTPUT_BYTES;
}

static void take_said(struct run *run)
{
	char beyond[256];
	size_t room = sizeof(run->text) - 1 - run->text_length;
	ssize_t got = read(run->said, room ? run->text + run->text_length : beyond,
			   room ? room : sizeof(beyond));

	if (got <= 0) {
		close_one(&run->said);
	} else if (room) {
		run->text_length += (size_t)got;
	}
}

/* One turn. False: the output is too long. */
static bool turn(struct run *run, int64_t left_ms)
{
	struct pollfd fds[] = {{.fd = run->input, .events = POLLOUT},
			       {.fd = run->output, .events = POLLIN},
			       {.fd = run->said, .events = POLLIN}};

	if (poll(fds, GB_ARRAY_SIZE(fds), left_ms < 1000 ? (int)left_ms : 1000) <= 0) {
		return true;
	}
	if (run->input >= 0 && fds[0].revents) {
		feed(run);
	}
	if (run->said >= 0 && fds[2].revents) {
		take_said(run);
	}
	return run->output < 0 || !fds[1].revents || take_output(run);
}

static enum gb_rc late(const struct run *run, struct gb_err *err)
{
	gb_err_set(err, GB_E_UNAVAILABLE, "run-timeout",
		   _("%s did not end in time and was stopped."), run->call->argv[0]);
	return GB_E_UNAVAILABLE;
}

static enum gb_rc talk(struct run *run, struct gb_err *err)
{
	while (run->input >= 0 || run->output >= 0 || run->said >= 0) {
		int64_t left_ms = run->deadline_ms - gb_clock_boot_ms();

		if (left_ms <= 0) {
			return late(run, err);
		}
		if (!turn(run, left_ms)) {
			gb_err_set(err, GB_E_PROTOCOL, "run-output", _("%s says too much."),
				   run->call->argv[0]);
			return GB_E_PROTOCOL;
		}
	}
	return GB_OK;
}

static enum gb_rc await_end(struct run *run, int *ret_status, struct gb_err *err)
{
	pid_t ended;

	while ((ended = waitpid(run->pid, ret_status, WNOHANG)) == 0) {
		if (gb_clock_boot_ms() >= run->deadline_ms) {
			return late(run, err);
		}
		(void)poll(NULL, 0, LINGER_MS);
	}
	run->pid = 0;
	return ended > 0 ? GB_OK : failed(run->call, strerror(errno), err);
}

static void end(struct run *run)
{
	close_one(&run->input);
	close_one(&run->output);
	close_one(&run->said);
	if (run->pid > 0) {
		kill(run->pid, SIGKILL);
		(void)waitpid(run->pid, NULL, 0);
	}
	gb_secret_wipe(run->bytes, GB_RUN_MAX_OUTPUT_BYTES);
	talloc_free(run->bytes);
}

enum gb_rc gb_run(const void *ctx, const struct gb_run_call *call, struct gb_run_result *ret_result,
		  struct gb_err *err)
{
	struct run run = {.call = call, .input = -1, .output = -1, .said = -1};
	int status = 0;
	enum gb_rc rc;

	run.bytes = gb_new_array(NULL, char, GB_RUN_MAX_OUTPUT_BYTES);
	run.deadline_ms = gb_clock_boot_ms() +
			  (call->timeout_ms ? call->timeout_ms : DEFAULT_TIMEOUT_MS);
	rc = start(&run, err);
	if (rc == GB_OK) {
		rc = talk(&run, err);
	}
	if (rc == GB_OK) {
		rc = await_end(&run, &status, err);
	}
	if (rc == GB_OK) {
		ret_result->exit_code =
			WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		ret_result->output = gb_secret_new(ctx, run.bytes, run.length);
		ret_result->said = gb_text_display(ctx, gb_text_trim(ret_result->output, run.text));
	}
	end(&run);
	return rc;
}
