/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of plain mode. */
#include "config.h"

#include "wizard/plain_lines.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <tevent.h>
#include <unistd.h>

#include "engine/base/mem.h"
#include "engine/base/text.h"

#define MAX_LINE_BYTES 4096

/* One line that is being read, byte by byte: what follows it belongs to the next question. */
struct reader {
	struct gb_secret *line;
	size_t length;
	bool is_done;
	bool is_end;
};

static void on_readable(struct tevent_context *loop, struct tevent_fd *fde, uint16_t flags,
			void *data)
{
	struct reader *reader = data;
	char c;
	ssize_t got = read(STDIN_FILENO, &c, 1);

	(void)loop;
	(void)fde;
	(void)flags;
	if (got < 0 && (errno == EINTR || errno == EAGAIN)) {
		return;
	}
	if (got <= 0) {
		reader->is_end = true;
	} else if (c == '\n') {
		reader->is_done = true;
	} else if (reader->length < MAX_LINE_BYTES) {
		gb_secret_room(reader->line)[reader->length++] = c;
	}
}

static bool set_echo(bool is_on)
{
	struct termios mode;

	if (tcgetattr(STDIN_FILENO, &mode) != 0) {
		return false;
	}
	mode.c_lflag = is_on ? mode.c_lflag | ECHO : mode.c_lflag & ~(tcflag_t)ECHO;
	return tcsetattr(STDIN_FILENO, TCSADRAIN, &mode) == 0;
}

static void read_until_end(struct wz *wz, struct reader *reader)
{
	struct tevent_fd *fde = gb_mem_check(tevent_add_fd(wz->loop, reader->line, STDIN_FILENO,
							   TEVENT_FD_READ, on_readable, reader));

	while (!reader->is_done && !reader->is_end && !wz->is_ending) {
		tevent_loop_once(wz->loop);
	}
	talloc_free(fde);
}

struct gb_secret *wz_plain_read(const void *ctx, struct wz *wz, bool is_hidden)
{
	struct reader reader = {.line = gb_secret_new_empty(ctx, MAX_LINE_BYTES)};
	bool was_hidden = is_hidden && set_echo(false);

	fflush(stdout);
	read_until_end(wz, &reader);
	if (was_hidden) {
		set_echo(true);
		putchar('\n');
	}
	if (!reader.is_done && reader.length == 0) {
		talloc_free(reader.line);
		return NULL;
	}
	gb_secret_set_length(reader.line, reader.length);
	return reader.line;
}

void wz_plain_print(const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\n");
		char *line = gb_strndup(NULL, text, length);
		char *shown = gb_text_display(line, line);

		printf("%s\n", shown);
		talloc_free(line);
		text += length + (text[length] == '\n');
	}
}
