/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The screen from inside: shared by screen.c (loop), screen_draw.c and screen_keys.c. */
#ifndef WZ_UI_SCREEN_STATE_H
#define WZ_UI_SCREEN_STATE_H

#include <panel.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wizard/keys.h"
#include "wizard/session.h"
#include "wizard/ui/entry.h"
#include "wizard/ui/form.h"
#include "wizard/ui/frame.h"
#include "wizard/ui/popup.h"

struct tevent_timer;

/** Most pop-ups above each other. */
#define WZ_SCREEN_MAX_POPUPS 4

/** The screen; wz->face_data. */
struct wz_screen {
	struct wz *wz;                                 /**< the session */
	struct wz_form **forms;                        /**< of each page, made when it is shown */
	WINDOW *window;                                /**< all of the screen */
	PANEL *panel;                                  /**< below all others */
	struct wz_popup *popups[WZ_SCREEN_MAX_POPUPS]; /**< from bottom to top */
	size_t popup_count;                            /**< how many */
	struct wz_keys *keys;                          /**< decoder */
	size_t bytes_read;                             /**< of input so far */
	struct wz_entry *find;                         /**< Find is open; or NULL */
	bool is_dirty;                                 /**< something must be drawn */
	char *busy_line;                               /**< work that is shown; or NULL */
	int64_t busy_since_ms;                         /**< boot clock: shown since then */
	bool is_plain_wanted;                          /**< p in a window that is too small */
	bool enter_is_held;                /**< Enter turned the page and was not let go */
	bool is_pasting;                   /**< a paste that nothing takes is going on */
	struct tevent_timer *escape_timer; /**< a lone ESC becomes a key then */
	struct tevent_timer *busy_timer;   /**< the counter goes on then */
	struct tevent_timer *keep_timer;   /**< the draft goes to disk then */
	struct tevent_timer *held_timer;   /**< Enter counts as let go then */
};

/** The screen of a session that has one. */
struct wz_screen *wz_screen_of(struct wz *wz);

/** The form of the page that is shown. */
struct wz_form *wz_screen_form(struct wz_screen *screen);

/**
 * What runs, in one line; NULL: nothing. Work of a moment is not shown at all, and what was shown stays
 * for a second, so that it can be read. Borrowed until the next call.
 */
const char *wz_screen_busy(struct wz_screen *screen);

/** In how many ms that line may become another one; 0: it stays as it is. */
int64_t wz_screen_busy_ms(struct wz_screen *screen);

/** Somebody has seen it: what has ended is not shown any longer. */
void wz_screen_busy_seen(struct wz_screen *screen);

/** Draw everything; ncurses sends what has changed. */
void wz_screen_draw(struct wz_screen *screen);

/** Give one key to whatever it is for. */
void wz_screen_key(struct wz_screen *screen, const struct wz_key *key);

/** Put a pop-up above the others; it becomes a child of the screen. */
void wz_screen_open(struct wz_screen *screen, struct wz_popup *popup);

/** Show a text that scrolls, with a Close button. */
void wz_screen_open_text(struct wz_screen *screen, const char *title, const char *text);

/** Show the question that the session asks. */
void wz_screen_open_question(struct wz_screen *screen);

/** Ask whether to quit; a second time, quit. */
void wz_screen_open_quit(struct wz_screen *screen);

/** Show the help of the page and of the field that has the focus. */
void wz_screen_open_help(struct wz_screen *screen);

/** Take the topmost pop-up away and tell that its button @i was pressed. */
void wz_screen_close(struct wz_screen *screen, size_t i);

#endif
