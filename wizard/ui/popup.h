/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pop-ups: a text that scrolls, an entry if something must be typed, and buttons. Each is a window on a
 * panel above the page; the last one opened gets the keys.
 */
#ifndef WZ_UI_POPUP_H
#define WZ_UI_POPUP_H

#include <panel.h>
#include <stdbool.h>
#include <stddef.h>

#include "wizard/keys.h"
#include "wizard/ui/entry.h"
#include "wizard/wizard.h"

/** Most buttons of a pop-up. */
#define WZ_POPUP_MAX_BUTTONS 3

/** A pop-up; a talloc object, freeing it takes it off the screen. */
struct wz_popup {
	struct wz *wz;                             /**< the session */
	char *title;                               /**< translated */
	char *text;                                /**< lines end with \n */
	const char *buttons[WZ_POPUP_MAX_BUTTONS]; /**< translated; the first one is the safe one */
	size_t button_count;                       /**< how many */
	size_t button;                             /**< which has the focus */
	struct wz_entry *entry;                    /**< what must be typed; or NULL */
	bool is_in_entry;                          /**< the entry has the focus */
	const char *needed; /**< what the entry must hold for any button but the first */
	size_t at;          /**< first line that is visible */
	WINDOW *window;     /**< where it is drawn */
	PANEL *panel;       /**< its place above the page */
	/** Button @i was pressed (Esc presses the first). The pop-up is gone already. */
	void (*pressed)(struct wz *wz, size_t i);
};

/** A pop-up below @ctx with one button "Close". */
struct wz_popup *wz_popup_new(const void *ctx, struct wz *wz, const char *title, const char *text);

/** Add a button (translated, borrowed). The first call takes the place of "Close". */
void wz_popup_button(struct wz_popup *popup, const char *label);

/** Ask that @needed (borrowed) be typed before any button but the first works. */
void wz_popup_typed(struct wz_popup *popup, const char *needed);

/** Draw it for the size that the screen has now. */
void wz_popup_draw(struct wz_popup *popup);

/**
 * Use a key. Returns -1 if it stays open, else the button that was pressed; the caller frees it, then
 * calls pressed().
 */
int wz_popup_key(struct wz_popup *popup, const struct wz_key *key);

#endif
