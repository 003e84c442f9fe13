/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A password that is given for once. */
#include "config.h"

#include "engine/commands/password.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "engine/base/compiler.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

/** Longest password that is taken, in bytes; Active Directory knows 127 characters. */
#define PASSWORD_MAX_BYTES 1024u

/* The signal that came while a password was typed; 0: none. */
static volatile sig_atomic_t caught_signal;

static void on_signal(int number)
{
	caught_signal = number;
}

static const int endings[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

/* What stood before; the signals are blocked but while input is waited for. */
struct signals {
	struct sigaction actions[GB_ARRAY_SIZE(endings)];
	sigset_t mask;
};

/* Whoever ends the program while it does not show what is typed gets a terminal back that does. */
static void catch_signals(struct signals *before)
{
	const struct sigaction action = {.sa_handler = on_signal};
	sigset_t blocked;

	caught_signal = 0;
	sigemptyset(&blocked);
	for (size_t i = 0; i < GB_ARRAY_SIZE(endings); i++) {
		sigaddset(&blocked, endings[i]);
		(void)sigaction(endings[i], &action, &before->actions[i]);
	}
	(void)sigprocmask(SIG_BLOCK, &blocked, &before->mask);
}

static void release_signals(const struct signals *before)
{
	for (size_t i = 0; i < GB_ARRAY_SIZE(endings); i++) {
		(void)sigaction(endings[i], &before->actions[i], NULL);
	}
	if (caught_signal) {
		(void)raise(caught_signal); /* delivered with the mask of before */
	}
	(void)sigprocmask(SIG_SETMASK, &before->mask, NULL);
}

/* One byte; 0 at the end of the input, -1 with errno. */
static ssize_t read_byte(char *byte, const sigset_t *mask)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};

	while (ppoll(&input, 1, NULL, mask) < 0) {
		if (errno != EINTR || caught_signal) {
			return -1;
		}
	}
	return read(STDIN_FILENO, byte, 1);
}

/* One line, byte by byte: nothing of it stays in a buffer of stdio. */
static enum gb_rc read_line(struct gb_secret *secret, const sigset_t *mask, struct gb_err *err)
{
	char *room = gb_secret_room(secret);
	size_t length = 0;
	ssize_t got;

	for (;;) {
		got = read_byte(room + length, mask);
		if (got < 0 && errno == EINTR && !caught_signal) {
			continue;
		}
		if (got <= 0 || room[length] == '\n') {
			break;
		}
		if (++length == PASSWORD_MAX_BYTES) {
			gb_err_set(err, GB_E_USAGE, "password-too-long",
				   _("The password has more than %u bytes."),
				   PASSWORD_MAX_BYTES - 1);
			return gb_err_undone(err, _("Nobody was signed in."));
		}
	}
	if (length > 0 && room[length - 1] == '\r') {
		length--;
	}
	gb_secret_set_length(secret, length);
	if (length > 0 && !caught_signal) {
		return GB_OK;
	}
	gb_err_set(err, GB_E_USAGE, "password-missing", _("No password came on standard input."));
	gb_err_undone(err, _("Nobody was signed in."));
	return gb_err_remedy(err, _("Type it, pipe it in, or name a file with '--password-file'."));
}

/* The terminal without its echo. False if standard input is none. */
static bool hide_typing(struct termios *ret_before)
{
	struct termios quiet;

	if (tcgetattr(STDIN_FILENO, ret_before) != 0) {
		return false;
	}
	quiet = *ret_before;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	return tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
}

static enum gb_rc ask(struct gb_secret *secret, const char *who, struct gb_err *err)
{
	char *shown = gb_text_display(NULL, who);
	struct signals signals;
	struct termios before;
	bool hidden;
	enum gb_rc rc;

	catch_signals(&signals);
	hidden = hide_typing(&before);
	if (hidden) {
		fprintf(stderr, _("Password of %s: "), shown);
	}
	rc = read_line(secret, &signals.mask, err);
	if (hidden) {
		(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
		fputc('\n', stderr);
	}
	release_signals(&signals);
	talloc_free(shown);
	return rc;
}

enum gb_rc gb_password_read(const void *ctx, const char *path, const char *who,
			    struct gb_secret **ret_secret, struct gb_err *err)
{
	enum gb_rc rc;

	if (path) {
		return gb_secret_read_file(ctx, path, ret_secret, err);
	}
	*ret_secret = gb_secret_new_empty(ctx, PASSWORD_MAX_BYTES);
	rc = ask(*ret_secret, who, err);
	if (rc != GB_OK) {
		talloc_free(*ret_secret);
		*ret_secret = NULL;
	}
	return rc;
}
