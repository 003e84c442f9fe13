/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Log: one line an event. */
#include "config.h"

#include "engine/base/log.h"

#include <stdarg.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "engine/base/journal.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

static enum gb_log_level max_level = GB_LOG_NOTICE;
static int64_t current_run;

void gb_log_set_level(enum gb_log_level level)
{
	max_level = level;
}

bool gb_log_enabled(enum gb_log_level level)
{
	return level <= max_level;
}

void gb_log_set_run(int64_t run_no)
{
	current_run = run_no;
}

bool gb_log_is_journal(void)
{
	return gb_journal_listens(STDERR_FILENO);
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

/* What is known of an event besides its text; NULL: nothing. */
struct about {
	const char *event;
	const struct gb_guid *group;
};

static bool send_entry(enum gb_log_level level, const char *component, const struct about *about,
		       const char *safe)
{
	char priority[8];
	char run[24];
	char group[GB_GUID_TEXT_BYTES];
	const struct gb_journal_field fields[] = {
		{"MESSAGE", safe},
		{"PRIORITY", priority},
		{"SYSLOG_IDENTIFIER", "groupback-engine"},
		{"GROUPBACK_COMPONENT", component},
		{"GROUPBACK_RUN", current_run > 0 ? run : NULL},
		{"GROUPBACK_EVENT", about->event},
		{"GROUPBACK_GROUP",
		 about->group != NULL ? gb_guid_format(about->group, group) : NULL},
	};

	snprintf(priority, sizeof(priority), "%d", (int)level);
	snprintf(run, sizeof(run), "%" PRId64, current_run);
	return gb_journal_send(fields, GB_ARRAY_SIZE(fields));
}

/* One write(2) a line, so that lines of several processes do not mix. */
static void write_line(enum gb_log_level level, const char *component, const struct about *about,
		       const char *text)
{
	bool is_journal = gb_log_is_journal();
	char *safe = gb_text_display(NULL, text);
	char *line;
	ssize_t written;

	if (is_journal && send_entry(level, component, about, safe)) {
		talloc_free(safe);
		return;
	}
	line = is_journal
		       ? gb_printf(safe, "<%d>%s: %s\n", (int)level, component, safe)
		       : gb_printf(safe, "%s: %s: %s\n", level_name(level), component, safe);
	written = write(STDERR_FILENO, line, talloc_get_size(line) - 1);
	(void)written; /* a log that cannot be written must not stop a run */
	talloc_free(safe);
}

static void write_formatted(enum gb_log_level level, const char *component,
			    const struct about *about, const char *fmt, va_list args)
	GB_PRINTF(4, 0);

static void write_formatted(enum gb_log_level level, const char *component,
			    const struct about *about, const char *fmt, va_list args)
{
	char *text;

	if (!gb_log_enabled(level)) {
		return;
	}
	text = gb_mem_check(talloc_vasprintf(NULL, fmt, args));
	write_line(level, component, about, text);
	talloc_free(text);
}

void gb_log(enum gb_log_level level, const char *component, const char *fmt, ...)
{
	const struct about nothing = {.event = NULL};
	va_list args;

	va_start(args, fmt);
	write_formatted(level, component, &nothing, fmt, args);
	va_end(args);
}

void gb_log_event(enum gb_log_level level, const char *component, const char *event,
		  const char *fmt, ...)
{
	const struct about about = {.event = event};
	va_list args;

	va_start(args, fmt);
	write_formatted(level, component, &about, fmt, args);
	va_end(args);
}

void gb_log_group_err(enum gb_log_level level, const char *component,
		      const struct gb_guid *cloud_id, const struct gb_err *err)
{
	const struct about about = {.event = err->id, .group = cloud_id};
	char *line;
	char *text;

	if (!gb_log_enabled(level)) {
		return;
	}
	line = gb_err_line(NULL, err);
	text = gb_printf(line, "[%s] %s", err->id, line);
	write_line(level, component, &about, text);
	talloc_free(line);
}

void gb_log_err(enum gb_log_level level, const char *component, const struct gb_err *err)
{
	gb_log_group_err(level, component, NULL, err);
}
