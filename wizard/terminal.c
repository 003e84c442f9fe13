/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terminal: start, stop, and every way out. */
#include "config.h"

#include "wizard/terminal.h"

#include <curses.h>
#include <fcntl.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "engine/base/compiler.h"
#include "engine/base/digest.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "wizard/ui/look.h"

/* Last: its macros have names such as "columns" and "tab". */
#include <term.h>

#define ESCAPE_MS       150
#define MAX_COPY_BYTES  4096
#define PASTE_ON        "\033[?2004h"
#define PASTE_OFF       "\033[?2004l"
#define CRASH_MAX_BYTES 256

/* The one terminal, and what a crash needs: plain memory that a signal handler may read. */
static struct {
	bool is_started;
	SCREEN *screen;
	struct wz_terminal_facts facts;
	struct termios before;
	char reset[CRASH_MAX_BYTES];
	size_t reset_length;
} terminal;

/* Crashes ------------------------------------------------------------------------------------ */

/* write() and tcsetattr() alone: a handler may call these (signal-safety(7)). */
static void on_crash(int number)
{
	ssize_t written = write(STDOUT_FILENO, terminal.reset, terminal.reset_length);

	(void)written;
	tcsetattr(STDIN_FILENO, TCSANOW, &terminal.before);
	raise(number);
}

static void add_reset(const char *text)
{
	size_t length = text && text != (char *)-1 ? strlen(text) : 0;

	if (terminal.reset_length + length <= sizeof(terminal.reset)) {
		memcpy(terminal.reset + terminal.reset_length, text, length);
		terminal.reset_length += length;
	}
}

static void prepare_reset(void)
{
	terminal.reset_length = 0;
	add_reset(PASTE_OFF);
	add_reset(exit_attribute_mode);
	add_reset(cursor_normal);
	add_reset(keypad_local);
	add_reset(exit_ca_mode);
	add_reset("\r\n");
}

static void catch_crashes(bool is_on)
{
	static const int numbers[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
	struct sigaction action = {.sa_handler = is_on ? on_crash : SIG_DFL,
				   .sa_flags = (int)(SA_RESETHAND | SA_NODEFER)};

	for (size_t i = 0; i < GB_ARRAY_SIZE(numbers); i++) {
		sigaction(numbers[i], &action, NULL);
	}
}

/* Start and stop ------------------------------------------------------------------------------ */

const char *wz_terminal_obstacle(void)
{
	const char *name = getenv("TERM");
	int status;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		return _("Plain questions: input and output are not a terminal.");
	}
	if (!name || strcmp(name, "dumb") == 0 || name[0] == '\0') {
		return _("Plain questions: this terminal cannot move the cursor (TERM=dumb).");
	}
	if (setupterm(name, STDOUT_FILENO, &status) != OK) {
		return _("Plain questions: the type of this terminal (TERM) is not known here.");
	}
	if (!cursor_address || !clr_eol) {
		return _("Plain questions: this terminal cannot move the cursor.");
	}
	return NULL;
}

static bool is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* Without start_color() ncurses sends no colour at all, not even the default one. */
static void start_colour(bool is_wanted)
{
	terminal.facts.has_colour = false;
	if (!is_wanted || !has_colors() || tigetnum("colors") < 8) {
		return;
	}
	start_color();
	if (use_default_colors() != OK) {
		return;
	}
	init_pair(WZ_PAIR_RED, COLOR_RED, -1);
	init_pair(WZ_PAIR_GREEN, COLOR_GREEN, -1);
	init_pair(WZ_PAIR_YELLOW, COLOR_YELLOW, -1);
	terminal.facts.has_colour = true;
}

static void take_terminal(void)
{
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE); /* so that the arrows send what terminfo says */
	curs_set(1);
	typeahead(-1); /* input is not ncurses' */
	putp(PASTE_ON);
	fflush(stdout);
}

bool wz_terminal_start(const struct wz_terminal_wish *wish)
{
	const char *no_color = getenv("NO_COLOR");

	tcgetattr(STDIN_FILENO, &terminal.before);
	terminal.screen = newterm(NULL, stdout, stdin);
	if (!terminal.screen) {
		return false;
	}
	terminal.facts.is_ascii = wish->ascii || !is_utf8();
	start_colour(!wish->mono && !(no_color && no_color[0]));
	take_terminal();
	prepare_reset();
	catch_crashes(true);
	terminal.is_started = true;
	return true;
}

static void give_back(void)
{
	putp(PASTE_OFF);
	endwin();
	fflush(stdout);
}

void wz_terminal_stop(void)
{
	if (!terminal.is_started) {
		return;
	}
	give_back();
	catch_crashes(false);
	terminal.is_started = false;
}

const struct wz_terminal_facts *wz_terminal_facts(void)
{
	return &terminal.facts;
}

void wz_terminal_suspend(void)
{
	struct sigaction stop = {.sa_handler = SIG_DFL};
	struct sigaction before;

	give_back();
	sigaction(SIGTSTP, &stop, &before);
	kill(0, SIGTSTP);
	sigaction(SIGTSTP, &before, NULL);
	wz_terminal_resize();
	take_terminal();
	clearok(curscr, TRUE);
}

void wz_terminal_resize(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0) {
		resizeterm(size.ws_row, size.ws_col);
	}
}

/* Keys ---------------------------------------------------------------------------------------- */

void wz_terminal_add_keys(struct wz_keys *keys)
{
	static const struct {
		const char *name;
		enum wz_key_code code;
		uint32_t character;
	} rows[] = {
		{"kcuu1", WZ_KEY_UP, 0},     {"kcud1", WZ_KEY_DOWN, 0},
		{"kcub1", WZ_KEY_LEFT, 0},   {"kcuf1", WZ_KEY_RIGHT, 0},
		{"khome", WZ_KEY_HOME, 0},   {"kend", WZ_KEY_END, 0},
		{"kpp", WZ_KEY_PAGE_UP, 0},  {"knp", WZ_KEY_PAGE_DOWN, 0},
		{"kdch1", WZ_KEY_DELETE, 0}, {"kcbt", WZ_KEY_BACKTAB, 0},
		{"kent", WZ_KEY_ENTER, 0},   {"kf1", WZ_KEY_F, 1},
		{"kf2", WZ_KEY_F, 2},        {"kf3", WZ_KEY_F, 3},
		{"kf4", WZ_KEY_F, 4},        {"kf5", WZ_KEY_F, 5},
		{"kf6", WZ_KEY_F, 6},        {"kf7", WZ_KEY_F, 7},
		{"kf8", WZ_KEY_F, 8},        {"kf9", WZ_KEY_F, 9},
		{"kf10", WZ_KEY_F, 10},
	};

	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		const char *sequence = tigetstr(rows[i].name);

		if (sequence != (char *)-1) {
			wz_keys_add(keys, sequence, rows[i].code, rows[i].character);
		}
	}
}

int wz_terminal_escape_ms(void)
{
	const char *text = getenv("ESCDELAY");
	long ms = text ? strtol(text, NULL, 10) : 0;

	return ms > 0 && ms <= 10000 ? (int)ms : ESCAPE_MS;
}

/* Clipboard and tests -------------------------------------------------------------------------- */

bool wz_terminal_copy(const char *text)
{
	size_t length = strlen(text);
	char *base64;

	if (length > MAX_COPY_BYTES) {
		return false;
	}
	base64 = gb_digest_base64(NULL, text, length);
	printf("\033]52;c;%s\a", base64);
	fflush(stdout);
	talloc_free(base64);
	return true;
}

/* -1: no test. Opened late, so that the hardening of the process does not close it. */
static int idle_fd(void)
{
	static int fd = -2;
	const char *path = getenv("GB_TEST_IDLE");
	struct stat st;

	if (fd == -2) {
		fd = path ? open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW) : -1;
		if (fd >= 0 && (fstat(fd, &st) != 0 || !S_ISFIFO(st.st_mode))) {
			close(fd);
			fd = -1;
		}
	}
	return fd;
}

void wz_terminal_tell_idle(size_t bytes_read)
{
	char line[32];
	int length = snprintf(line, sizeof(line), "%zu\n", bytes_read);

	if (idle_fd() >= 0) {
		ssize_t written = write(idle_fd(), line, (size_t)length);

		(void)written;
	}
}
