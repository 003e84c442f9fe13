/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Widgets: one for each row of a page's table. A widget draws its field from the session each time and
 * keeps only what the session does not know: an entry being typed, a place in a list.
 *
 * Adding a kind: one struct wz_widget_class, and its line in widget.c.
 */
#ifndef WZ_UI_WIDGET_H
#define WZ_UI_WIDGET_H

#include <stdbool.h>

#include "wizard/keys.h"
#include "wizard/page.h"
#include "wizard/session.h"
#include "wizard/ui/entry.h"
#include "wizard/ui/look.h"

/** Cells that a remark below its field is indented by. */
#define WZ_WIDGET_INDENT 4

/** The room that a page gives its widgets. */
struct wz_room {
	int cols;       /**< cells of a row */
	int label_cols; /**< cells of the column of labels, with its gap; 0: labels stand above */
	int grow_rows;  /**< rows that a WZ_GROW field gets */
	int folds;      /**< there is no room for all of the page: 1: long choices are folded to the
			     option that holds, 2: all that take several rows */
};

struct wz_widget;

/** What a kind of widget does. */
struct wz_widget_class {
	/** Rows that it takes; at least 1. */
	int (*rows)(struct wz_widget *widget, const struct wz_room *room);
	/** Draw it from widget->row on. With the focus, set *spot. */
	void (*draw)(struct wz_widget *widget, const struct wz_canvas *canvas,
		     const struct wz_room *room, bool has_focus, struct wz_spot *spot);
	/** Use a key; false: it is not for it. NULL: it never has the focus. */
	bool (*key)(struct wz_widget *widget, const struct wz_key *key);
	/** The focus comes (true) or goes (false); NULL: it does not matter. */
	void (*focus)(struct wz_widget *widget, bool has_focus);
	/** F2: all that can be said about where the focus is, below @ctx; or NULL. */
	char *(*detail)(const void *ctx, struct wz_widget *widget);
	/** Keys that work here, for the legend, translated: "Space Mark"; or NULL. */
	const char *(*legend)(struct wz_widget *widget);
	/** Move to the first row at or (@is_next) behind the focus that holds @text; false: none. */
	bool (*find)(struct wz_widget *widget, const char *text, bool is_next);
	/** Enter in Find: look further away. False: there is nothing further. */
	bool (*find_far)(struct wz_widget *widget, const char *text);
};

/** One widget. */
struct wz_widget {
	struct wz *wz;                       /**< the session */
	const struct wz_field *field;        /**< its row of the table */
	const struct wz_widget_class *class; /**< its kind */
	bool is_shown;                       /**< laid out now */
	bool is_wrong;                       /**< left with a wrong value: "!" in front */
	int row;                             /**< first row in the content */
	int rows;                            /**< how many */
	int col;                             /**< first cell (WZ_SAME_ROW) */
	bool can_fold;                       /**< a long choice, and there is no room for it */
	bool is_open;                        /**< a folded choice was opened */
	size_t at;                           /**< option, row or node that has the focus inside */
	size_t top;                          /**< first row of a list that is visible */
	struct wz_entry *entry;              /**< while something is typed into it; or NULL */
	char *old;       /**< value when the focus came; Ctrl-R brings it back */
	char *wanted_id; /**< tree: id of the node that has the focus */
};

/** A widget for @field below @ctx. */
struct wz_widget *wz_widget_new(const void *ctx, struct wz *wz, const struct wz_field *field);

/** Draw the mark of the focus or of a wrong value in column 0. */
void wz_widget_mark(const struct wz_widget *widget, const struct wz_canvas *canvas, int row,
		    bool has_focus);

/** Draw the label, beside or above; returns the cell where the value begins and, in *row, its row. */
int wz_widget_label(const struct wz_widget *widget, const struct wz_canvas *canvas,
		    const struct wz_room *room, int *row);

/** Rows that the label takes above the value: 0 or 1, if its column is too narrow or there is none. */
int wz_widget_label_rows(const struct wz_widget *widget, const struct wz_room *room);

/** The remark behind the field at this moment, below @ctx; "" if there is none. */
char *wz_widget_remark(const void *ctx, const struct wz_widget *widget);

/** @text (below @ctx, taken over), or its beginning, where it is longer than any page has room for. */
char *wz_widget_limited(const void *ctx, char *text);

/** Rows that the remark takes below the field: where labels stand above, there is no room beside. */
int wz_widget_remark_rows(const struct wz_widget *widget, const struct wz_room *room);

/** Say why the field cannot be used, if so. True if it cannot. */
bool wz_widget_is_blocked(const struct wz_widget *widget);

/** The classes. */
extern const struct wz_widget_class wz_widget_note;
/** WZ_ACTION in the body. */
extern const struct wz_widget_class wz_widget_action;
/** WZ_TEXT, WZ_NUMBER, WZ_DN, WZ_SECRET. */
extern const struct wz_widget_class wz_widget_text;
/** WZ_CHECK. */
extern const struct wz_widget_class wz_widget_check;
/** WZ_CHOICE and WZ_FLAGS. */
extern const struct wz_widget_class wz_widget_choice;
/** WZ_LIST and WZ_STEPS. */
extern const struct wz_widget_class wz_widget_list;
/** WZ_TREE. */
extern const struct wz_widget_class wz_widget_tree;

#endif
