/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How things look: attributes by meaning, and text measured in cells. Everything that is drawn goes
 * through here, so no name from outside can move the cursor or break a column.
 */
#ifndef WZ_UI_LOOK_H
#define WZ_UI_LOOK_H

#include <curses.h>
#include <stdbool.h>
#include <stddef.h>

#include "wizard/page.h"

/** Colour pairs; the background is the terminal's own. */
enum wz_pair {
	WZ_PAIR_RED = 1,
	WZ_PAIR_GREEN,
	WZ_PAIR_YELLOW
};

/** Attribute of a tone. */
attr_t wz_look_tone(enum wz_tone tone);

/** Cells that @text takes on this terminal. @text is safe to show. */
int wz_look_cols(const char *text);

/**
 * @text as this terminal can show it, below @ctx: controls and what misleads made visible
 * (gb_text_display), and without UTF-8 everything but ASCII too. NULL reads as "".
 */
char *wz_look_safe(const void *ctx, const char *text);

/**
 * Bytes of the longest beginning of @text (safe) that takes at most @cols cells, whole characters with
 * what combines with them. *ret_cols: the cells that it takes.
 */
size_t wz_look_fit(const char *text, int cols, int *ret_cols);

/**
 * Bytes of the first line when @text (safe) is wrapped at @cols cells between words; *ret_next: where
 * the next line begins, NULL if there is none. \n ends a line.
 */
size_t wz_look_wrap(const char *text, int cols, const char **ret_next);

/** Lines that @text (any; \n ends a line) takes at @cols cells. */
int wz_look_lines(const char *text, int cols);

/** Where the hardware cursor goes, row and cell of a canvas or window. */
struct wz_spot {
	int row; /**< from 0 */
	int col; /**< from 0 */
};

/** A part of a window to draw into, that may be scrolled: rows are those of the content. */
struct wz_canvas {
	WINDOW *window; /**< drawn into */
	int top;        /**< row of the window where it begins */
	int rows;       /**< rows that are visible */
	int cols;       /**< cells of a row, from column 0 */
	int scroll;     /**< row of the content that stands in the first visible one */
};

/**
 * Draw @text (any) at @row, @col of the content in at most @width cells, cut with "…" or ">", nothing
 * outside of the canvas. Returns the cells that were taken.
 */
int wz_look_put(const struct wz_canvas *canvas, int row, int col, int width, const char *text,
		attr_t attributes);

/** Fill @width cells with a character of ASCII, e.g. the blanks of an entry. */
void wz_look_fill(const struct wz_canvas *canvas, int row, int col, int width, char c,
		  attr_t attributes);

/** A rule of @width cells: a line where the terminal can, else minus signs. */
void wz_look_rule(const struct wz_canvas *canvas, int row, int col, int width);

/** What is left of @text after @lines wrapped lines, on one line, below @ctx. */
char *wz_look_rest(const void *ctx, const char *text, int cols, int lines);

/** Draw wrapped text (any; \n ends a line) from @row, @col on; returns the rows that it takes. */
int wz_look_paragraph(const struct wz_canvas *canvas, int row, int col, int width, const char *text,
		      attr_t attributes);

#endif
