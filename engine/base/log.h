/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Log: one line an event.
 *
 * Where the journal listens ($JOURNAL_STREAM names standard error) an event is an entry with fields:
 * MESSAGE, PRIORITY, GROUPBACK_COMPONENT, GROUPBACK_RUN, GROUPBACK_EVENT (the stable id) and
 * GROUPBACK_GROUP (objectId). If the journal takes no entry, and elsewhere, it is a line on standard
 * error, with "<N>", the syslog priority, in front for the journal, and the level's name for others.
 * Every text passes the display sanitizer, so a name from outside can neither break a line nor move a
 * cursor. There is no way to log a secret: struct gb_secret has no formatter. Events below the level are
 * cheap to skip.
 */
#ifndef GB_BASE_LOG_H
#define GB_BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/guid.h"

/** Levels, worst first; the numbers are syslog's. */
enum gb_log_level {
	GB_LOG_ERROR = 3,
	GB_LOG_WARNING = 4,
	GB_LOG_NOTICE = 5,
	GB_LOG_INFO = 6,
	GB_LOG_DEBUG = 7
};

/** Print lines up to and including @level. The default is GB_LOG_NOTICE. */
void gb_log_set_level(enum gb_log_level level);

/** True when a line of this level would be printed. */
bool gb_log_enabled(enum gb_log_level level);

/**
 * Write one line.
 *
 * @param level      its importance.
 * @param component  the room that speaks: "cloud", "directory", "state", "sync" …
 * @param fmt        printf format, no newline.
 */
void gb_log(enum gb_log_level level, const char *component, const char *fmt, ...) GB_PRINTF(3, 4);

/** Write an error as one line: id, what failed, what was not done, what to do. */
void gb_log_err(enum gb_log_level level, const char *component, const struct gb_err *err);

/** The same about one group. */
void gb_log_group_err(enum gb_log_level level, const char *component,
		      const struct gb_guid *cloud_id, const struct gb_err *err);

/** Write one line that has a stable id of its own, [a-z0-9-]; borrowed. */
void gb_log_event(enum gb_log_level level, const char *component, const char *event,
		  const char *fmt, ...) GB_PRINTF(4, 5);

/** Number of the run that what follows is about; 0: none. */
void gb_log_set_run(int64_t run_no);

/** True if what goes to standard error reaches the journal. */
bool gb_log_is_journal(void);

#endif
