/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions to the outside: one probe process each. */
#include "config.h"

#include "wizard/ask.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <tevent.h>
#include <unistd.h>

#include "engine/base/buffer.h"
#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/config/keys.h"
#include "wizard/asks.h"
#include "wizard/child.h"
#include "wizard/request.h"
#include "wizard/session.h"

/* docs/probe.md: a line of an answer. */
#define MAX_LINE_BYTES (1024u * 1024u)
#define READ_BYTES     16384

struct wz_ask {
	struct wz *wz;
	struct wz_ask *next; /* in wz->asks */
	bool is_listed;
	struct wz_request *request;
	const char *command;
	struct gb_secret *line; /* the request, being written */
	size_t written;
	struct wz_child *child;
	struct tevent_fd *writable;
	struct gb_buffer *answer; /* of the line that is being read */
	struct wz_answers answers;
	void *data;
	char *busy;
	int64_t started_ms;
	bool *is_freed; /* tells the reader that a callback has freed it; or NULL */
};

/* List --------------------------------------------------------------------------------------- */

static void unlist(struct wz_ask *ask)
{
	struct wz_ask **link = &ask->wz->asks;

	while (*link && *link != ask) {
		link = &(*link)->next;
	}
	if (*link) {
		*link = ask->next;
	}
	ask->is_listed = false;
}

static int end_ask(struct wz_ask *ask)
{
	if (ask->is_listed) {
		unlist(ask);
		wz_touch(ask->wz);
	}
	if (ask->is_freed) {
		*ask->is_freed = true;
	}
	return 0;
}

static void enlist(struct wz_ask *ask)
{
	ask->next = ask->wz->asks;
	ask->wz->asks = ask;
	ask->is_listed = true;
}

bool wz_asks_running(struct wz *wz)
{
	return wz->asks != NULL;
}

const char *wz_asks_busy(struct wz *wz, int64_t *ret_elapsed_ms)
{
	const char *busy = NULL;

	/* The oldest one is last. */
	for (const struct wz_ask *ask = wz->asks; ask; ask = ask->next) {
		if (ask->busy) {
			busy = ask->busy;
			*ret_elapsed_ms = gb_clock_boot_ms() - ask->started_ms;
		}
	}
	return busy;
}

/* Ends ---------------------------------------------------------------------------------------- */

/* The process first: whoever is told may start another one. */
static void fail(struct wz_ask *ask, const struct gb_err *err, const struct gb_json *event)
{
	struct wz *wz = ask->wz;
	struct wz_answers answers = ask->answers;
	void *data = ask->data;

	unlist(ask);
	if (answers.failed) {
		answers.failed(wz, data, err, event);
	} else {
		wz_say_err(wz, err);
	}
	wz_touch(wz);
	talloc_free(ask);
}

static void fail_died(struct wz_ask *ask)
{
	struct gb_err err;

	gb_err_clear(&err);
	gb_err_set(&err, GB_E_INTERNAL, "probe-died",
		   _("groupback-engine ended without an answer."));
	gb_err_remedy(&err, _("Try again; if it stays so, look into the system's log."));
	fail(ask, &err, NULL);
}

static void take(char *to, const struct gb_json *event, const char *member)
{
	const char *text = gb_json_get_text(event, member);
	char *shown = gb_text_display(NULL, text ? text : "");

	snprintf(to, GB_ERR_TEXT_BYTES, "%s", shown);
	talloc_free(shown);
}

/* gb_rc has more codes than the exit: the likeliest for each. */
static enum gb_rc rc_of(int64_t exit_code)
{
	static const enum gb_rc codes[] = {GB_E_CANCELLED,   GB_E_USAGE,     GB_E_STATE,
					   GB_E_UNAVAILABLE, GB_E_INTERNAL,  GB_E_SYSTEM,
					   GB_E_IO,          GB_E_TRY_AGAIN, GB_E_PROTOCOL,
					   GB_E_ACCESS,      GB_E_CONFIG,    GB_E_GUARD};

	for (size_t i = 0; i < GB_ARRAY_SIZE(codes); i++) {
		if (gb_rc_exit_code(codes[i]) == exit_code) {
			return codes[i];
		}
	}
	return GB_E_INTERNAL;
}

static void fail_told(struct wz_ask *ask, const struct gb_json *event)
{
	const char *id = gb_json_get_text(event, "id");
	struct gb_err err;
	int64_t number;

	gb_err_clear(&err);
	snprintf(err.id, sizeof(err.id), "%s", id ? id : "");
	take(err.what, event, "what");
	take(err.undone, event, "undone");
	take(err.remedy, event, "remedy");
	err.native = gb_json_get_int(event, "native", &number) ? (int)number : 0;
	err.rc = gb_json_get_int(event, "exitCode", &number) ? rc_of(number) : GB_E_INTERNAL;
	fail(ask, &err, event);
}

static void finish(struct wz_ask *ask, const struct gb_json *event)
{
	struct wz *wz = ask->wz;
	struct wz_answers answers = ask->answers;
	void *data = ask->data;

	unlist(ask);
	if (answers.done) {
		answers.done(wz, data, event);
	}
	wz_touch(wz);
	talloc_free(ask);
}

/* Reading ------------------------------------------------------------------------------------ */

static void deliver(struct wz_ask *ask, const struct gb_json *event)
{
	const char *kind = gb_json_get_text(event, "event");

	kind = kind ? kind : "";
	if (strcmp(kind, "item") == 0 && ask->answers.item) {
		ask->answers.item(ask->wz, ask->data, event);
	} else if (strcmp(kind, "progress") == 0 && ask->answers.progress) {
		ask->answers.progress(ask->wz, ask->data, event);
	} else if (strcmp(kind, "result") == 0) {
		finish(ask, event);
	} else if (strcmp(kind, "error") == 0) {
		fail_told(ask, event);
	}
}

static void deliver_line(struct wz_ask *ask, const char *line, size_t length)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_json_doc *doc;
	struct gb_err err;

	gb_err_clear(&err);
	if (gb_json_parse(tmp, line, length, _("the answer of groupback-engine"), &doc, &err) !=
	    GB_OK) {
		fail(ask, &err, NULL);
	} else {
		deliver(ask, gb_json_root(doc));
	}
	talloc_free(tmp);
}

/* Every whole line of what was read. A callback may free the ask. */
static void deliver_lines(struct wz_ask *ask)
{
	struct gb_buffer *answer = ask->answer;
	bool is_freed = false;
	size_t begin = 0;
	char *end;

	ask->is_freed = &is_freed;
	talloc_steal(NULL, answer);
	while (!is_freed && (end = memchr(answer->text + begin, '\n', answer->length - begin))) {
		size_t length = (size_t)(end - answer->text) - begin;

		deliver_line(ask, answer->text + begin, length);
		begin += length + 1;
	}
	if (is_freed) {
		talloc_free(answer);
		return;
	}
	ask->is_freed = NULL;
	talloc_steal(ask, answer);
	memmove(answer->text, answer->text + begin, answer->length - begin + 1);
	answer->length -= begin;
	if (answer->length > MAX_LINE_BYTES) {
		fail_died(ask);
	}
	wz_touch(ask->wz);
}

static void on_readable(struct tevent_context *loop, struct tevent_fd *fde, uint16_t flags,
			void *data)
{
	struct wz_ask *ask = data;
	char bytes[READ_BYTES];
	ssize_t got = read(ask->child->from_fd, bytes, sizeof(bytes));

	(void)loop;
	(void)fde;
	(void)flags;
	if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
		return;
	}
	if (got <= 0) {
		fail_died(ask);
		return;
	}
	gb_buffer_add(ask->answer, bytes, (size_t)got);
	deliver_lines(ask);
}

/* Writing ------------------------------------------------------------------------------------ */

static void end_writing(struct wz_ask *ask)
{
	TALLOC_FREE(ask->writable);
	TALLOC_FREE(ask->line);
	wz_child_close_input(ask->child);
}

static void on_writable(struct tevent_context *loop, struct tevent_fd *fde, uint16_t flags,
			void *data)
{
	struct wz_ask *ask = data;
	size_t left = gb_secret_length(ask->line) - ask->written;
	ssize_t put = write(ask->child->to_fd, gb_secret_bytes(ask->line) + ask->written, left);

	(void)loop;
	(void)fde;
	(void)flags;
	if (put < 0 && (errno == EAGAIN || errno == EINTR)) {
		return;
	}
	/* A process that does not read has a reason, and tells it on its output. */
	ask->written += put > 0 ? (size_t)put : left;
	if (ask->written == gb_secret_length(ask->line)) {
		end_writing(ask);
	}
}

/* Asking -------------------------------------------------------------------------------------- */

static struct wz_ask *new_ask(const void *ctx, struct wz *wz, struct wz_request *request,
			      const char *command)
{
	struct wz_ask *ask = gb_new(ctx ? ctx : wz, struct wz_ask);

	ask->wz = wz;
	ask->command = command;
	ask->request = talloc_steal(ask, request);
	ask->answer = gb_buffer_new(ask);
	talloc_set_destructor(ask, end_ask);
	return ask;
}

struct wz_ask *wz_ask_new(const void *ctx, struct wz *wz, const char *question)
{
	return new_ask(ctx, wz, wz_request_new(NULL, wz->draft, question, "arguments"), "probe");
}

struct wz_ask *wz_ask_new_job(const void *ctx, struct wz *wz)
{
	return new_ask(ctx, wz, wz_request_new(NULL, wz->draft, NULL, "job"), "configure");
}

struct gb_json_writer *wz_ask_arguments(struct wz_ask *ask)
{
	return wz_request_writer(ask->request);
}

void wz_ask_secret(struct wz_ask *ask, const char *name, const struct gb_secret *secret)
{
	if (secret) {
		wz_request_secret(ask->request, name, secret);
	}
}

void wz_ask_deadline(struct wz_ask *ask, int64_t deadline_ms)
{
	wz_request_deadline(ask->request, deadline_ms);
}

static enum gb_rc start_child(struct wz_ask *ask, struct gb_err *err)
{
	const char *const argv[] = {ask->wz->engine_path, ask->command, "--config",
				    ask->wz->config_path, NULL};

	return wz_child_start(ask, ask->wz->loop, argv, &ask->child, err);
}

void wz_ask_start(struct wz_ask *ask, const char *busy, const struct wz_answers *answers,
		  void *data)
{
	struct gb_err err;

	assert(!ask->child);
	ask->answers = *answers;
	ask->data = data;
	ask->busy = gb_strdup(ask, busy);
	ask->started_ms = gb_clock_boot_ms();
	gb_err_clear(&err);
	enlist(ask);
	if (start_child(ask, &err) != GB_OK) {
		fail(ask, &err, NULL);
		return;
	}
	ask->line = wz_request_finish(ask, ask->request);
	TALLOC_FREE(ask->request);
	ask->writable = gb_mem_check(tevent_add_fd(ask->wz->loop, ask, ask->child->to_fd,
						   TEVENT_FD_WRITE, on_writable, ask));
	gb_mem_check(tevent_add_fd(ask->wz->loop, ask, ask->child->from_fd, TEVENT_FD_READ,
				   on_readable, ask));
	wz_touch(ask->wz);
}

static struct wz_ask *first_busy(struct wz *wz)
{
	struct wz_ask *ask = wz->asks;

	while (ask && !ask->busy) {
		ask = ask->next;
	}
	return ask;
}

void wz_asks_end(struct wz *wz)
{
	while (wz->asks) {
		talloc_free(wz->asks);
	}
}

bool wz_asks_stop(struct wz *wz)
{
	bool was_running = false;
	struct wz_ask *ask;
	struct gb_err err;

	gb_err_clear(&err);
	gb_err_set(&err, GB_E_CANCELLED, "cancelled", _("Stopped."));
	while ((ask = first_busy(wz))) {
		was_running = true;
		fail(ask, &err, NULL);
	}
	return was_running;
}
