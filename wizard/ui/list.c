/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists and steps: only the rows that are visible are asked for. */
#include "config.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "wizard/field.h"
#include "wizard/list.h"
#include "wizard/ui/scroll.h"
#include "wizard/ui/widget.h"

#define FEW_ROWS      8
#define MIN_MARK_COLS 3
#define SAMPLE_ROWS   200
/* So many rows from the first on decide how wide the columns are. */
#define WIDTH_ROWS    64

static bool is_steps(const struct wz_widget *widget)
{
	return widget->field->kind == WZ_STEPS;
}

static size_t count_of(const struct wz_widget *widget)
{
	return wz_list_count(widget->wz, widget->field->list);
}

static void row_of(const void *ctx, const struct wz_widget *widget, size_t i, struct wz_row *ret_row)
{
	wz_list_row(ctx, widget->wz, widget->field->list, i, ret_row);
}

static bool has_heading(const struct wz_widget *widget)
{
	return widget->field->label != NULL;
}

static int list_rows(struct wz_widget *widget, const struct wz_room *room)
{
	size_t count = count_of(widget);
	int rows = count < FEW_ROWS ? (int)count : FEW_ROWS;

	if (count == 0) {
		rows = widget->field->list->nothing ? 1 : 0;
	}
	if ((widget->field->flags & WZ_GROW) && room->grow_rows > 0) {
		return room->grow_rows;
	}
	return rows + (rows > 0 && has_heading(widget));
}

static int visible_rows(const struct wz_widget *widget)
{
	int rows = widget->rows - has_heading(widget);

	return rows > 1 ? rows : 1;
}

/* Columns -------------------------------------------------------------------------------------- */

struct columns {
	int mark; /* cells of the marks */
	int text; /* cells of the first column, when there is a second one */
};

static void widen(struct wz_widget *widget, size_t first, size_t end, struct columns *columns,
		  bool *has_note)
{
	for (size_t i = first; i < end; i++) {
		void *tmp = gb_new_tmp(NULL);
		struct wz_row row;
		int text;
		int mark;

		row_of(tmp, widget, i, &row);
		text = wz_look_cols(wz_look_safe(tmp, row.text));
		mark = row.mark ? wz_look_cols(row.mark) : 0;
		columns->text = text > columns->text ? text : columns->text;
		columns->mark = mark > columns->mark ? mark : columns->mark;
		*has_note |= row.note != NULL;
		talloc_free(tmp);
	}
}

/*
 * Measured over the first rows and those that are visible: no list is walked for its looks, and columns that
 * moved while it scrolls would be drawn all over again.
 */
static struct columns measure(struct wz_widget *widget, int visible, int cols)
{
	struct columns columns = {0, 0};
	size_t count = count_of(widget);
	size_t sample = count < WIDTH_ROWS ? count : WIDTH_ROWS;
	size_t end = widget->top + (size_t)visible;
	bool has_note = false;

	widen(widget, 0, sample, &columns, &has_note);
	widen(widget, widget->top > sample ? widget->top : sample, end < count ? end : count,
	      &columns, &has_note);
	if (columns.mark > 0 && columns.mark < MIN_MARK_COLS) {
		columns.mark = MIN_MARK_COLS;
	}
	if (has_note && columns.text > cols / 2) {
		columns.text = cols / 2;
	}
	return columns;
}

static void draw_row(struct wz_widget *widget, const struct wz_canvas *canvas, int row, size_t i,
		     struct columns columns, bool has_focus)
{
	void *tmp = gb_new_tmp(NULL);
	struct wz_row content;
	int col = 1;
	int text_cols;

	row_of(tmp, widget, i, &content);
	text_cols = content.note ? columns.text : canvas->cols - col;
	if (columns.mark > 0) {
		wz_look_put(canvas, row, col, columns.mark, content.mark,
			    wz_look_tone(content.tone));
		col += columns.mark + 1;
	}
	wz_look_put(canvas, row, col, text_cols, content.text, has_focus ? A_REVERSE : A_NORMAL);
	wz_look_put(canvas, row, col + columns.text + 2, canvas->cols, content.note, A_NORMAL);
	talloc_free(tmp);
}

/* While steps run nobody has moved, so what works now is what is shown. */
static void follow_steps(struct wz_widget *widget, size_t count)
{
	for (size_t i = 0; i < count && i < SAMPLE_ROWS; i++) {
		void *tmp = gb_new_tmp(NULL);
		struct wz_row row;

		row_of(tmp, widget, i, &row);
		if (row.mark && strcmp(row.mark, "--") != 0) {
			widget->at = i;
		}
		talloc_free(tmp);
	}
}

static void draw_heading(struct wz_widget *widget, const struct wz_canvas *canvas, size_t count,
			 int visible)
{
	char *remark = wz_widget_remark(NULL, widget);
	int used = wz_look_put(canvas, widget->row, 1, canvas->cols - 1,
			       wz_field_label(widget->field), A_BOLD);

	if (remark[0] == '\0' && count > (size_t)visible) {
		remark = gb_printf(remark, _("%zu of %zu"), widget->at + 1, count);
	}
	if (used + 4 + wz_look_cols(remark) <= canvas->cols) {
		wz_look_put(canvas, widget->row, used + 4, canvas->cols, remark, A_NORMAL);
	}
	talloc_free(talloc_parent(remark) ? talloc_parent(remark) : remark);
}

static void list_draw(struct wz_widget *widget, const struct wz_canvas *canvas,
		      const struct wz_room *room, bool has_focus, struct wz_spot *spot)
{
	size_t count = count_of(widget);
	int visible = visible_rows(widget);
	int row = widget->row + has_heading(widget);
	struct columns columns;

	(void)room;
	if (is_steps(widget) && !has_focus) {
		follow_steps(widget, count);
	}
	widget->at = widget->at < count ? widget->at : count ? count - 1 : 0;
	widget->top = wz_scroll_top(widget->top, widget->at, count, visible);
	if (has_heading(widget) && widget->rows > 0) {
		draw_heading(widget, canvas, count, visible);
	}
	columns = measure(widget, visible, canvas->cols);
	if (has_focus) {
		*spot = (struct wz_spot){row + (int)(widget->at - widget->top), 1};
	}
	if (count == 0 && widget->field->list->nothing) {
		wz_look_put(canvas, row, 1, canvas->cols - 1,
			    widget->field->list->nothing(widget->wz), A_NORMAL);
	}
	for (size_t i = widget->top; i < count && i < widget->top + (size_t)visible; i++, row++) {
		bool is_here = has_focus && i == widget->at;

		wz_widget_mark(widget, canvas, row, is_here);
		draw_row(widget, canvas, row, i, columns, is_here);
	}
}

/* Keys ----------------------------------------------------------------------------------------- */

static bool list_key(struct wz_widget *widget, const struct wz_key *key)
{
	const struct wz_list *list = widget->field->list;
	size_t count = count_of(widget);

	if (wz_scroll_key(key, count, visible_rows(widget), &widget->at)) {
		wz_touch(widget->wz);
		return true;
	}
	if (key->code == WZ_KEY_ENTER && list->open && !key->is_in_burst && widget->at < count) {
		list->open(widget->wz, widget->at);
		return true;
	}
	if (key->code == WZ_KEY_CHARACTER && key->character == ' ' && !key->is_pasted &&
	    list->toggle && widget->at < count) {
		if (!wz_widget_is_blocked(widget)) {
			list->toggle(widget->wz, widget->at);
		}
		return true;
	}
	return false;
}

static char *list_detail(const void *ctx, struct wz_widget *widget)
{
	return widget->at < count_of(widget)
		       ? wz_list_detail(ctx, widget->wz, widget->field->list, widget->at)
		       : NULL;
}

static const char *list_legend(struct wz_widget *widget)
{
	const struct wz_list *list = widget->field->list;

	if (list->toggle) {
		return _("Space Mark  / Find  Up/Down Move");
	}
	return list->open ? _("Enter Open  / Find  Up/Down Move") : _("/ Find  Up/Down Move");
}

static bool row_holds(struct wz_widget *widget, size_t i, const char *lower_text)
{
	void *tmp = gb_new_tmp(NULL);
	struct wz_row row;
	bool holds;

	row_of(tmp, widget, i, &row);
	holds = strstr(gb_text_lower(tmp, row.text ? row.text : ""), lower_text) ||
		(row.note && strstr(gb_text_lower(tmp, row.note), lower_text));
	talloc_free(tmp);
	return holds;
}

static bool list_find(struct wz_widget *widget, const char *text, bool is_next)
{
	char *lower = gb_text_lower(NULL, text);
	size_t count = count_of(widget);
	bool found = false;

	for (size_t step = is_next; step < count + is_next && !found; step++) {
		size_t i = (widget->at + step) % count;

		found = row_holds(widget, i, lower);
		widget->at = found ? i : widget->at;
	}
	talloc_free(lower);
	return found;
}

const struct wz_widget_class wz_widget_list = {
	.rows = list_rows,
	.draw = list_draw,
	.key = list_key,
	.detail = list_detail,
	.legend = list_legend,
	.find = list_find,
};
