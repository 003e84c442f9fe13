/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The session from inside: what the parts of the kit share. Pages include wizard.h instead.
 *
 * A *face* is one way to be used: the screen, plain lines, an answers file. The session changes, then
 * tells its face; the face reads the session and calls the functions of wizard.h and of this header.
 */
#ifndef WZ_SESSION_H
#define WZ_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wizard/draft.h"
#include "wizard/page.h"
#include "wizard/wizard.h"

struct tevent_context;
struct wz_ask;
struct wz_start;

/** What a face does when the session has changed. Each may be NULL. */
struct wz_face {
	/** Another page is current. */
	void (*turned)(struct wz *wz);
	/** wz->message is another one. */
	void (*said)(struct wz *wz);
	/** Something that is shown may have changed. */
	void (*touched)(struct wz *wz);
	/** wz->question waits for wz_session_answer(). */
	void (*asked)(struct wz *wz);
	/** wz_show(). */
	void (*show)(struct wz *wz, const char *title, const char *text);
	/** wz_copy(). */
	void (*copy)(struct wz *wz, const char *text);
	/** wz_focus(). */
	void (*focus)(struct wz *wz, const struct wz_field *field);
};

/** The message area. */
struct wz_message {
	enum wz_tone tone; /**< how it is meant */
	enum gb_rc rc;     /**< of wz_say_err(); GB_OK for other words */
	char *text;        /**< one or two sentences, safe to show; NULL: none */
	char *detail;      /**< all that is known, lines separated by \n; or NULL */
};

/** A question that waits, with copies of its texts. */
struct wz_pending {
	struct wz_question question; /**< texts below the pending object */
};

/** The session. */
struct wz {
	const struct wz_page *const *pages; /**< page_count of them, in order */
	size_t page_count;                  /**< how many */
	size_t current;                     /**< index of the page that is shown */
	size_t *trail;                      /**< pages that Back goes to, last one on top */
	size_t trail_count;                 /**< how many */
	size_t return_to;                   /**< Next goes here after wz_visit(); page_count: no */
	void **states;                      /**< wz_state() of each page */
	struct wz_draft *draft;             /**< what was answered */
	const char *config_path;            /**< of groupback.conf */
	const char *draft_path;             /**< of the draft on disk */
	const char *engine_path;            /**< of groupback-engine */
	const struct wz_face *face;         /**< how it is used */
	void *face_data;                    /**< the face's own */
	struct tevent_context *loop;        /**< the one loop */
	struct wz_message message;          /**< message area */
	struct wz_pending *pending;         /**< a question; or NULL */
	struct wz_ask *asks;                /**< running questions, a list */
	struct wz_start *start;             /**< what is asked before the first page (start.h) */
	bool is_leaving;                    /**< leave() answered WZ_WAIT */
	bool is_unattended;                 /**< an answers file drives */
	bool is_read_only;                  /**< another wizard has the draft */
	bool is_ending;                     /**< wz_end() was called */
	int exit_code;                      /**< of the program */
	char *last_line;                    /**< left in the shell; or NULL */
};

/** A session below @ctx over @pages (ends with NULL); its first page is not entered yet. */
struct wz *wz_session_new(const void *ctx, const struct wz_page *const *pages,
			  const struct gb_config *before);

/** Enter the first wanted page. */
void wz_session_begin(struct wz *wz);

/** Go to the page of a draft, with the pages before it on the way back; unknown ids: stay. */
void wz_session_resume(struct wz *wz, const char *page_id);

/** The page that is shown. */
const struct wz_page *wz_session_page(const struct wz *wz);

/** Index of the page with that id; page_count if there is none. */
size_t wz_session_find(const struct wz *wz, const char *page_id);

/** Whether there is a way back from this page. */
bool wz_session_can_go_back(const struct wz *wz);

/** The page before, if there is one; what was typed stays. False if there is no way back. */
bool wz_session_back(struct wz *wz);

/** Number of the current step from 1 and of all steps; both 0 on a page that is not counted. */
void wz_session_step(struct wz *wz, size_t *ret_step, size_t *ret_steps);

/** Answer the question that waits. */
void wz_session_answer(struct wz *wz, bool agreed);

/** Stop all that runs with a busy text, and a leave() that waits. True if there was something. */
bool wz_session_stop(struct wz *wz);

/** Write the draft to disk, if something was changed. Errors become a message. */
void wz_session_keep(struct wz *wz);

#endif
