/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One page on the screen: its widgets one below the other, and the row of buttons. A form is kept while
 * the program runs, so coming back restores focus, scroll and what is open.
 *
 * Order of the focus: the fields from top to bottom, then the page's own buttons, Next, Back.
 */
#ifndef WZ_UI_FORM_H
#define WZ_UI_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "wizard/keys.h"
#include "wizard/session.h"
#include "wizard/ui/look.h"
#include "wizard/ui/widget.h"

/** What has the focus. */
enum wz_stop_kind {
	WZ_STOP_WIDGET, /**< a field in the body */
	WZ_STOP_ACTION, /**< a WZ_FOOT action */
	WZ_STOP_NEXT,
	WZ_STOP_BACK
};

/** One place of the focus. */
struct wz_stop {
	enum wz_stop_kind kind; /**< what it is */
	size_t widget;          /**< index, for WIDGET and ACTION */
};

/** A page on the screen; a talloc object. */
struct wz_form {
	struct wz *wz;              /**< the session */
	const struct wz_page *page; /**< what it shows */
	struct wz_widget **widgets; /**< one for each field */
	size_t count;               /**< how many */
	struct wz_stop focus;       /**< where the focus is */
	bool has_focus;             /**< it was given for the first time */
	int scroll;                 /**< first visible row of the content */
	int content_rows;           /**< rows of the content, as last laid out */
	int body_rows;              /**< rows that are visible, as last laid out */
	int seen_rows;              /**< rows of the content that were visible so far */
	bool is_awake;              /**< another key than Enter was used here (WZ_COMMITS) */
};

/** What became of a key. */
enum wz_form_result {
	WZ_FORM_UNUSED, /**< it is for the screen */
	WZ_FORM_USED,
	WZ_FORM_NEXT, /**< Next was pressed */
	WZ_FORM_BACK  /**< Back was pressed */
};

/** A form for @page below @ctx. */
struct wz_form *wz_form_new(const void *ctx, struct wz *wz, const struct wz_page *page);

/** The page is entered: the focus goes where it was, or to the first thing that needs an answer. */
void wz_form_enter(struct wz_form *form);

/** What had the focus may be hidden now: then it goes to what comes behind it, and the page to its top. */
void wz_form_settle(struct wz_form *form);

/** The page was left, and is shown on after all: everything is where it was. */
void wz_form_resume(struct wz_form *form);

/** The page is left: entries are closed, what was typed as a secret is gone from the form. */
void wz_form_leave(struct wz_form *form);

/** Put the focus on a field. */
void wz_form_focus(struct wz_form *form, const struct wz_field *field);

/** Lay the fields out and draw the body. *spot: where the cursor goes, if the focus is in the body. */
void wz_form_draw_body(struct wz_form *form, WINDOW *window, int top, int rows, int cols,
		       struct wz_spot *spot);

/** True if rows of the page are below what is visible. */
bool wz_form_has_more(const struct wz_form *form);

/** Draw the row of buttons. *spot likewise. */
void wz_form_draw_buttons(struct wz_form *form, WINDOW *window, int row, int cols,
			  struct wz_spot *spot);

/** Use a key. */
enum wz_form_result wz_form_key(struct wz_form *form, const struct wz_key *key);

/** Next was asked for by a key: true if all of the page was seen; else shows more of it. */
bool wz_form_seen_all(struct wz_form *form);

/** The widget that has the focus, or NULL. */
struct wz_widget *wz_form_widget(struct wz_form *form);

#endif
