/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Answers: JSON lines (docs/probe.md). The worker writes them as *frames* to its supervisor, one letter
 * in front of each line, so that the supervisor knows the last one without reading JSON; the
 * supervisor hands the lines on, and writes an error itself when the worker cannot.
 */
#ifndef GB_PROBE_ANSWER_H
#define GB_PROBE_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/err.h"
#include "engine/base/json.h"

/** Letters in front of a frame. */
#define GB_ANSWER_FRAME_MORE  '+'
#define GB_ANSWER_FRAME_FINAL '.'

/** Longest line in bytes, with its newline. */
#define GB_ANSWER_MAX_LINE_BYTES (1024u * 1024u)

/** What of a request is to blame; all NULL: nothing that can be named. Texts are borrowed. */
struct gb_answer_field {
	const char *section;  /**< with key */
	const char *key;      /**< of the configuration */
	const char *secret;   /**< name of a secret */
	const char *argument; /**< name of an argument */
};

/** Where answers go. Zero-initialise, then set. */
struct gb_answer {
	int fd;               /**< of the pipe to the supervisor */
	const char *question; /**< id, or NULL; borrowed */
	bool is_over;         /**< the result or the error was written */
};

/** State of a step. */
enum gb_answer_state {
	GB_ANSWER_RUNNING = 0,
	GB_ANSWER_DONE,
	GB_ANSWER_FAILED,
	GB_ANSWER_SKIPPED
};

/** One `progress`. */
struct gb_answer_progress {
	const char *step;           /**< id */
	enum gb_answer_state state; /**< how it is */
	const char *text;           /**< for people */
	int64_t done;               /**< -1: unknown */
	int64_t total;              /**< -1: unknown */
	int64_t time_ms;            /**< -1: not over */
};

/** Write a `progress`. */
void gb_answer_progress(struct gb_answer *answer, const struct gb_answer_progress *progress);

/** The members of a `progress`, without braces: for files of the same form. */
void gb_answer_put_progress(struct gb_json_writer *w, const struct gb_answer_progress *progress);

/** Begin an `item`: put members into the writer, then gb_answer_send(). */
struct gb_json_writer *gb_answer_item(const char *kind);

/** Begin the `result`. */
struct gb_json_writer *gb_answer_result(const struct gb_answer *answer);

/** End the object, write the line, free the writer. */
void gb_answer_send(struct gb_answer *answer, struct gb_json_writer *w, bool is_final);

/** Write the `error` that ends it. @field may be NULL. */
void gb_answer_error(struct gb_answer *answer, const struct gb_err *err,
		     const struct gb_answer_field *field);

/** Begin an `error`: a caller may put further members before it ends the object. */
struct gb_json_writer *gb_answer_error_begin(const char *question, const struct gb_err *err,
					     const struct gb_answer_field *field);

/** The line of an `error` with its newline, below @ctx. @question and @field may be NULL. */
char *gb_answer_error_line(const void *ctx, const char *question, const struct gb_err *err,
			   const struct gb_answer_field *field);

/** An object "error" as member @key: id, what, undone, remedy, native, code; null if @err is NULL. */
void gb_answer_put_error(struct gb_json_writer *w, const char *key, const struct gb_err *err);

/** A moment as member @key (RFC 3339, UTC); null for 0. @ms since 1970. */
void gb_answer_put_time(struct gb_json_writer *w, const char *key, int64_t ms);

#endif
