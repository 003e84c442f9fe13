/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The frame around a page: title, rules, message area, legend; full at 80x24, compact down to 40x9, a
 * message below that.
 */
#ifndef WZ_UI_FRAME_H
#define WZ_UI_FRAME_H

#include <curses.h>
#include <stdbool.h>

#include "wizard/session.h"
#include "wizard/ui/look.h"

/** Smallest window that a page is shown in. */
#define WZ_FRAME_MIN_ROWS 9
/** Its columns. */
#define WZ_FRAME_MIN_COLS 40

/** Which rows are for what. */
struct wz_frame {
	int rows;         /**< of the window */
	int cols;         /**< of the window */
	int body_top;     /**< first row of the page */
	int body_rows;    /**< rows of the page */
	int body_left;    /**< 0, or the width of the list of steps */
	int message_top;  /**< first row of the message area */
	int message_rows; /**< 1 or 2 */
	int button_row;   /**< row of the buttons */
	int legend_row;   /**< row of the keys */
	bool has_rules;   /**< there is room for rules */
};

/** True if the window is too small for a page. */
bool wz_frame_is_too_small(int rows, int cols);

/** Lay the window out; @message_lines: lines that the message takes at this width. */
struct wz_frame wz_frame_lay_out(int rows, int cols, int message_lines);

/** Draw the title and the rules. */
void wz_frame_draw_title(const struct wz_frame *frame, WINDOW *window, struct wz *wz);

/** Draw the message area: what runs, or what the session says, or else @hint (translated) in one go. */
void wz_frame_draw_message(const struct wz_frame *frame, WINDOW *window, const struct wz *wz,
			   const char *busy, const char *hint);

/** Say that the page goes on below. */
void wz_frame_draw_more(const struct wz_frame *frame, WINDOW *window);

/** Lines that the message takes at @cols. */
int wz_frame_message_lines(const struct wz *wz, const char *busy, int cols);

/** Draw the keys: parts are separated by two blanks; those at the end are left out if there is no room. */
void wz_frame_draw_legend(const struct wz_frame *frame, WINDOW *window, const char *parts);

/** Draw what stands in a window that is too small; *spot: its first line. */
void wz_frame_draw_too_small(WINDOW *window, int rows, int cols, struct wz_spot *spot);

#endif
