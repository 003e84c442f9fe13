/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers: JSON lines. */
#include "config.h"

#include "engine/probe/answer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"

static void write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(fd, bytes, length);

		if (written < 0 && errno != EINTR) {
			_exit(gb_rc_exit_code(GB_E_CANCELLED)); /* nobody listens any more */
		}
		bytes += written > 0 ? written : 0;
		length -= written > 0 ? (size_t)written : 0;
	}
}

static void emit(struct gb_answer *answer, char frame, const char *text)
{
	char *line = gb_printf(NULL, "%c%s\n", frame, text);

	if (!answer->is_over) {
		write_all(answer->fd, line, strlen(line));
	}
	answer->is_over = answer->is_over || frame == GB_ANSWER_FRAME_FINAL;
	talloc_free(line);
}

static void put_count(struct gb_json_writer *w, const char *key, int64_t count)
{
	if (count < 0) {
		gb_json_put_null(w, key);
	} else {
		gb_json_put_int(w, key, count);
	}
}

void gb_answer_put_progress(struct gb_json_writer *w, const struct gb_answer_progress *progress)
{
	static const char *const states[] = {"running", "done", "failed", "skipped"};

	gb_json_put_text(w, "step", progress->step);
	gb_json_put_text(w, "state", states[progress->state]);
	gb_json_put_text(w, "text", progress->text);
	put_count(w, "done", progress->done);
	put_count(w, "total", progress->total);
	put_count(w, "timeMs", progress->time_ms);
}

static struct gb_json_writer *begin(const char *event)
{
	struct gb_json_writer *w = gb_json_writer_new(NULL, false);

	gb_json_begin_object(w, NULL);
	gb_json_put_text(w, "event", event);
	return w;
}

void gb_answer_progress(struct gb_answer *answer, const struct gb_answer_progress *progress)
{
	struct gb_json_writer *w = begin("progress");

	gb_answer_put_progress(w, progress);
	gb_answer_send(answer, w, false);
}

struct gb_json_writer *gb_answer_item(const char *kind)
{
	struct gb_json_writer *w = begin("item");

	gb_json_put_text(w, "kind", kind);
	return w;
}

struct gb_json_writer *gb_answer_result(const struct gb_answer *answer)
{
	struct gb_json_writer *w = begin("result");

	gb_json_put_int(w, "schema", 1);
	gb_json_put_text(w, "question", answer->question);
	return w;
}

void gb_answer_send(struct gb_answer *answer, struct gb_json_writer *w, bool is_final)
{
	gb_json_end_object(w);
	emit(answer, is_final ? GB_ANSWER_FRAME_FINAL : GB_ANSWER_FRAME_MORE,
	     gb_json_writer_text(w));
	talloc_free(w);
}

/* Entra's codes have a name of their own that people search for. */
static void put_code(struct gb_json_writer *w, const struct gb_err *err)
{
	char code[sizeof(err->id)];

	if (strncmp(err->id, "aadsts-", strlen("aadsts-")) == 0) {
		snprintf(code, sizeof(code), "AADSTS%s", err->id + strlen("aadsts-"));
		gb_json_put_text(w, "code", code);
	} else {
		gb_json_put_null(w, "code");
	}
}

static void put_sentences(struct gb_json_writer *w, const struct gb_err *err)
{
	gb_json_put_text(w, "id", err->id);
	gb_json_put_text(w, "what", err->what);
	gb_json_put_text(w, "undone", err->undone);
	gb_json_put_text(w, "remedy", err->remedy);
	gb_json_put_int(w, "native", err->native);
	put_code(w, err);
}

void gb_answer_put_error(struct gb_json_writer *w, const char *key, const struct gb_err *err)
{
	if (!err) {
		gb_json_put_null(w, key);
		return;
	}
	gb_json_begin_object(w, key);
	put_sentences(w, err);
	gb_json_end_object(w);
}

static void put_field(struct gb_json_writer *w, const struct gb_answer_field *field)
{
	if (!field || (!field->key && !field->secret && !field->argument)) {
		gb_json_put_null(w, "field");
		return;
	}
	gb_json_begin_object(w, "field");
	if (field->key) {
		gb_json_put_text(w, "section", field->section);
		gb_json_put_text(w, "key", field->key);
	} else if (field->secret) {
		gb_json_put_text(w, "secret", field->secret);
	} else {
		gb_json_put_text(w, "argument", field->argument);
	}
	gb_json_end_object(w);
}

struct gb_json_writer *gb_answer_error_begin(const char *question, const struct gb_err *err,
					     const struct gb_answer_field *field)
{
	struct gb_json_writer *w = begin("error");

	gb_json_put_int(w, "schema", 1);
	gb_json_put_text(w, "question", question);
	put_sentences(w, err);
	gb_json_put_int(w, "exitCode", gb_rc_exit_code(err->rc));
	put_field(w, field);
	return w;
}

void gb_answer_error(struct gb_answer *answer, const struct gb_err *err,
		     const struct gb_answer_field *field)
{
	struct gb_json_writer *w = gb_answer_error_begin(answer->question, err, field);

	gb_json_end_object(w);
	emit(answer, GB_ANSWER_FRAME_FINAL, gb_json_writer_text(w));
	talloc_free(w);
}

char *gb_answer_error_line(const void *ctx, const char *question, const struct gb_err *err,
			   const struct gb_answer_field *field)
{
	struct gb_json_writer *w = gb_answer_error_begin(question, err, field);
	char *line;

	gb_json_end_object(w);
	line = gb_printf(ctx, "%s\n", gb_json_writer_text(w));
	talloc_free(w);
	return line;
}

void gb_answer_put_time(struct gb_json_writer *w, const char *key, int64_t ms)
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm broken;
	char text[40];

	if (ms == 0 || gmtime_r(&seconds, &broken) == NULL) {
		gb_json_put_null(w, key);
		return;
	}
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &broken);
	gb_json_put_text(w, key, text);
}
