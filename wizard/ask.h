/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Questions to the outside: each is one `groupback-engine probe` process, asked by one JSON line on its
 * standard input and answering in JSON lines (docs/probe.md). Nothing here waits; the screen stays
 * alive whatever the network does. Several can run at once.
 *
 * Life cycle: wz_ask_new(), fill in the request, wz_ask_start(). Exactly one of done() and failed() is
 * called, unless the ask is freed before: that ends the process (SIGTERM, later SIGKILL) and calls
 * nothing. An ask is a talloc object below the session or below @ctx; it frees itself after done() and
 * failed().
 */
#ifndef WZ_ASK_H
#define WZ_ASK_H

#include <stdint.h>

#include "engine/base/err.h"
#include "engine/base/json.h"
#include "engine/base/secret.h"

struct wz;
/** One question. Opaque. */
struct wz_ask;

/** What becomes of the answers; each may be NULL. @data is what wz_ask_start() was given. */
struct wz_answers {
	/** Event "item": one thing of many. Events are borrowed, and die when the function returns. */
	void (*item)(struct wz *wz, void *data, const struct gb_json *event);
	/** Event "progress". */
	void (*progress)(struct wz *wz, void *data, const struct gb_json *event);
	/** Event "result": the end. */
	void (*done)(struct wz *wz, void *data, const struct gb_json *event);
	/**
	 * Event "error", the deadline, a dead process, an answer that is none, stopped by the person
	 * (GB_E_CANCELLED): the end. @event: the error as it came, with "field", "code" …; NULL if the
	 * failure is not of the probe's telling.
	 */
	void (*failed)(struct wz *wz, void *data, const struct gb_err *err,
		       const struct gb_json *event);
};

/** A question by its name in docs/probe.md; it carries the configuration of the draft. Below @ctx. */
struct wz_ask *wz_ask_new(const void *ctx, struct wz *wz, const char *question);

/** The job of `groupback-engine configure`: the same form; wz_ask_arguments() fills in its "job". */
struct wz_ask *wz_ask_new_job(const void *ctx, struct wz *wz);

/** Writer inside the request's "arguments" (or "job") object: put what the question needs. */
struct gb_json_writer *wz_ask_arguments(struct wz_ask *ask);

/** Send a secret along under that name ("directory-password"). Copied into locked memory; NULL: none. */
void wz_ask_secret(struct wz_ask *ask, const char *name, const struct gb_secret *secret);

/** Another deadline than the question's own; 0: that one. */
void wz_ask_deadline(struct wz_ask *ask, int64_t deadline_ms);

/**
 * Start it. @busy (translated, "Testing…") is shown with a counter while it runs, and Esc stops it, as
 * the message says; NULL: it runs unseen (children of a tree node).
 */
void wz_ask_start(struct wz_ask *ask, const char *busy, const struct wz_answers *answers,
		  void *data);

#endif
