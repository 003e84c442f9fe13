/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Log: one line an event, on standard error. */
#include "config.h"

#include "engine/base/log.h"

#include <stdarg.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/mem.h"
#include "engine/base/text.h"

static enum gb_log_level max_level = GB_LOG_NOTICE;

void gb_log_set_level(enum gb_log_level level)
{
	max_level = level;
}

bool gb_log_enabled(enum gb_log_level level)
{
	return level <= max_level;
}

/* systemd.exec(5): $JOURNAL_STREAM is "device:inode" of the stream that leads to the journal. */
static bool journal_listens(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char here[64];
	struct stat st;

	if (!stream || fstat(STDERR_FILENO, &st) != 0) {
		return false;
	}
	snprintf(here, sizeof(here), "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	return gb_text_equal_nocase(here, stream);
}

static const char *level_name(enum gb_log_level level)
{
	switch (level) {
	case GB_LOG_ERROR:
		return "error";
	case GB_LOG_WARNING:
		return "warning";
	case GB_LOG_NOTICE:
		return "notice";
	case GB_LOG_INFO:
		return "info";
	case GB_LOG_DEBUG:
		break;
	}
	return "debug";
}

/* One write(2) a line, so that lines of several processes do not mix. */
static void write_line(enum gb_log_level level, const char *component, const char *text)
{
	char *safe = gb_text_display(NULL, text);
	char *line = journal_listens()
			     ? gb_printf(safe, "<%d>%s: %s\n", (int)level, component, safe)
			     : gb_printf(safe, "%s: %s: %s\n", level_name(level), component, safe);
	ssize_t written = write(STDERR_FILENO, line, talloc_get_size(line) - 1);

	(void)written; /* a log that cannot be written must not stop a run */
	talloc_free(safe);
}

void gb_log(enum gb_log_level level, const char *component, const char *fmt, ...)
{
	va_list args;
	char *text;

	if (!gb_log_enabled(level)) {
		return;
	}
	va_start(args, fmt);
	text = gb_mem_check(talloc_vasprintf(NULL, fmt, args));
	va_end(args);
	write_line(level, component, text);
	talloc_free(text);
}

void gb_log_err(enum gb_log_level level, const char *component, const struct gb_err *err)
{
	char *line;

	if (!gb_log_enabled(level)) {
		return;
	}
	line = gb_err_line(NULL, err);
	gb_log(level, component, "[%s] %s", err->id, line);
	talloc_free(line);
}
