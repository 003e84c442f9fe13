/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One page on the screen: layout and drawing. */
#include "config.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "wizard/field.h"
#include "wizard/ui/form.h"

#define NARROW_COLS    60
#define MAX_LABEL_COLS 26
#define MIN_GROW_ROWS  4

/* Layout --------------------------------------------------------------------------------------- */

static bool has_label_column(const struct wz_field *field)
{
	return field->kind == WZ_TEXT || field->kind == WZ_NUMBER || field->kind == WZ_DN ||
	       field->kind == WZ_SECRET || field->kind == WZ_CHOICE || field->kind == WZ_FLAGS;
}

/* As wide as the longest label that is shown now, within reason. */
static int label_cols(const struct wz_form *form, int cols)
{
	int widest = 8;

	if (cols < NARROW_COLS) {
		return 0;
	}
	for (size_t i = 0; i < form->count; i++) {
		const struct wz_field *field = form->widgets[i]->field;
		int label;

		if (!has_label_column(field) || !wz_field_is_shown(form->wz, field)) {
			continue;
		}
		label = wz_look_cols(wz_field_label(field));
		widest = label > widest && label <= MAX_LABEL_COLS ? label : widest;
	}
	return widest + 2;
}

static bool is_in_body(const struct wz_form *form, const struct wz_widget *widget)
{
	const struct wz_field *field = widget->field;

	return wz_field_is_shown(form->wz, field) &&
	       !(field->kind == WZ_ACTION && (field->flags & WZ_FOOT));
}

/* A blank row in front of headings, paragraphs and tall things; notes of one row stay together. */
static bool is_apart(const struct wz_widget *widget)
{
	switch (widget->field->kind) {
	case WZ_HEADING:
	case WZ_LIST:
	case WZ_TREE:
	case WZ_STEPS:
		return true;
	case WZ_NOTE:
		return widget->rows > 1;
	case WZ_END:
	case WZ_TEXT:
	case WZ_NUMBER:
	case WZ_DN:
	case WZ_SECRET:
	case WZ_CHOICE:
	case WZ_FLAGS:
	case WZ_CHECK:
	case WZ_ACTION:
		break;
	}
	return false;
}

static bool has_gap(const struct wz_widget *before, const struct wz_widget *widget)
{
	bool is_note = widget->field->kind == WZ_NOTE;
	bool was_note = before->field->kind == WZ_NOTE;

	return is_apart(widget) || (was_note && before->rows > 1) || is_note != was_note;
}

static bool is_beside(const struct wz_widget *widget, const struct wz_room *room)
{
	return (widget->field->flags & WZ_SAME_ROW) && room->label_cols > 0;
}

/* Cells that a field with a width of its own takes beside another one. */
static int cols_of(const struct wz_widget *widget)
{
	int label = wz_look_cols(wz_field_label(widget->field));

	if (widget->field->kind == WZ_ACTION || widget->field->kind == WZ_CHECK) {
		return label + 4;
	}
	return label + 2 + (widget->field->width ? (int)widget->field->width : 46) + 2;
}

static int end_of_row(const struct wz_widget *widget, const struct wz_room *room)
{
	int width = widget->field->width ? (int)widget->field->width : 46;

	if (has_label_column(widget->field) && widget->col == 0) {
		return 1 + room->label_cols + width + 2;
	}
	return (widget->col ? widget->col : 1) + cols_of(widget);
}

/* One below the other, from row 0; returns the rows of all. */
static int lay_out(struct wz_form *form, const struct wz_room *room, bool is_airy)
{
	const struct wz_widget *before = NULL;
	int row = 0;

	for (size_t i = 0; i < form->count; i++) {
		struct wz_widget *widget = form->widgets[i];

		widget->is_shown = is_in_body(form, widget);
		if (!widget->is_shown) {
			continue;
		}
		widget->col = 0;
		if (before && is_beside(widget, room)) {
			int col = end_of_row(before, room) + 3;

			widget->col = col + cols_of(widget) <= room->cols ? col : 0;
		}
		widget->rows = widget->class->rows(widget, room);
		if (widget->col > 0) {
			widget->row = before->row;
		} else {
			row += is_airy && before && widget->rows > 0 && has_gap(before, widget);
			widget->row = row;
			row += widget->rows;
		}
		before = widget->rows > 0 ? widget : before;
	}
	return row;
}

/* What grows gets what the others leave; blanks between fields go first. */
static void arrange(struct wz_form *form, struct wz_room *room, int rows)
{
	bool grows = false;
	int used;

	for (size_t i = 0; i < form->count; i++) {
		const struct wz_widget *widget = form->widgets[i];

		grows |= (widget->field->flags & WZ_GROW) && is_in_body(form, widget);
	}
	room->grow_rows = grows ? MIN_GROW_ROWS : 0;
	used = lay_out(form, room, true);
	if (used > rows) {
		used = lay_out(form, room, false);
	}
	while (used > rows && room->folds < 2) {
		room->folds++;
		used = lay_out(form, room, true);
	}
	if (used > rows) {
		used = lay_out(form, room, false);
		if (grows && used <= rows) {
			room->grow_rows += rows - used;
			used = lay_out(form, room, false);
		}
	} else if (grows) {
		room->grow_rows += rows - used;
		used = lay_out(form, room, true);
	}
	form->content_rows = used;
	form->body_rows = rows;
}

/* Scroll ---------------------------------------------------------------------------------------- */

static void show_rows(struct wz_form *form, int first, int last)
{
	if (last >= form->scroll + form->body_rows) {
		form->scroll = last - form->body_rows + 1;
	}
	if (first < form->scroll) {
		form->scroll = first;
	}
}

/* The row of the cursor, and with it the label above it. */
static void follow_focus(struct wz_form *form, int row)
{
	const struct wz_widget *widget = wz_form_widget(form);

	show_rows(form, row, row);
	if (widget && widget->rows <= form->body_rows) {
		show_rows(form, widget->row, widget->row + widget->rows - 1);
	}
	/* Notes above the first field are read together with it. */
	if (widget && row < form->body_rows) {
		form->scroll = 0;
	}
}

static void limit_scroll(struct wz_form *form)
{
	int most = form->content_rows - form->body_rows;

	if (form->scroll > most) {
		form->scroll = most;
	}
	if (form->scroll < 0) {
		form->scroll = 0;
	}
}

static void note_seen(struct wz_form *form)
{
	int end = form->scroll + form->body_rows;

	if (end > form->seen_rows) {
		form->seen_rows = end;
	}
}

/* Drawing --------------------------------------------------------------------------------------- */

static void draw_widgets(struct wz_form *form, const struct wz_canvas *canvas,
			 const struct wz_room *room, struct wz_spot *spot)
{
	const struct wz_widget *focused = wz_form_widget(form);

	for (size_t i = 0; i < form->count; i++) {
		struct wz_widget *widget = form->widgets[i];

		if (widget->is_shown && widget->rows > 0) {
			widget->class->draw(widget, canvas, room, widget == focused, spot);
		}
	}
}

bool wz_form_has_more(const struct wz_form *form)
{
	return form->content_rows > form->scroll + form->body_rows;
}

void wz_form_draw_body(struct wz_form *form, WINDOW *window, int top, int rows, int cols,
		       struct wz_spot *spot)
{
	struct wz_canvas canvas = {.window = window, .top = top, .rows = 0, .cols = cols};
	struct wz_room room = {.cols = cols, .label_cols = label_cols(form, cols)};
	struct wz_spot inside = {-1, 0};

	wz_form_settle(form);
	arrange(form, &room, rows);
	/* Nothing is drawn in the first round: it only says where the cursor is. */
	draw_widgets(form, &canvas, &room, &inside);
	if (inside.row >= 0) {
		follow_focus(form, inside.row);
	}
	limit_scroll(form);
	note_seen(form);
	canvas.rows = rows;
	canvas.scroll = form->scroll;
	draw_widgets(form, &canvas, &room, &inside);
	if (inside.row >= 0) {
		*spot = (struct wz_spot){top + inside.row - form->scroll, inside.col};
	}
}

/* Buttons --------------------------------------------------------------------------------------- */

static const char *next_label(const struct wz_form *form)
{
	if (form->seen_rows < form->content_rows) {
		return _("More");
	}
	return form->page->next ? _(form->page->next) : _("Next");
}

/** One button of the row. */
struct button {
	const char *label;
	int col; /* where its text begins, before anything is moved */
	int end; /* behind it */
	bool has_focus;
};

/** Back, those of the page, Next. */
#define MOST_BUTTONS 12

struct button_row {
	struct button buttons[MOST_BUTTONS];
	size_t count;
	int gap;
};

static void draw_button(const struct wz_canvas *canvas, int col, const struct button *button,
			struct wz_spot *spot)
{
	char *text = gb_printf(NULL, "< %s >", button->label);

	wz_look_put(canvas, 0, col, canvas->cols - col, text,
		    button->has_focus ? A_REVERSE : A_NORMAL);
	if (button->has_focus) {
		*spot = (struct wz_spot){canvas->top, col + 2};
		wz_look_put(canvas, 0, col - 1, 1, ">", A_BOLD);
	}
	talloc_free(text);
}

static bool has_stop(const struct wz_form *form, enum wz_stop_kind kind, size_t widget)
{
	return form->has_focus && form->focus.kind == kind && form->focus.widget == widget;
}

static void add_button(struct button_row *row, const char *label, bool has_focus)
{
	int before = row->count ? row->buttons[row->count - 1].end + row->gap
				: row->gap == 1 ? 1 : 2;

	if (row->count < MOST_BUTTONS) {
		row->buttons[row->count++] = (struct button){
			.label = label,
			.col = before,
			.end = before + wz_look_cols(label) + 4,
			.has_focus = has_focus,
		};
	}
}

static void list_buttons(const struct wz_form *form, struct button_row *row)
{
	if (!(form->page->flags & WZ_NO_BACK) && form->wz->trail_count > 0) {
		add_button(row, _("Back"), has_stop(form, WZ_STOP_BACK, 0));
	}
	for (size_t i = 0; i < form->count; i++) {
		const struct wz_field *field = form->widgets[i]->field;

		if (field->kind == WZ_ACTION && (field->flags & WZ_FOOT) &&
		    wz_field_is_shown(form->wz, field)) {
			add_button(row, wz_field_label(field), has_stop(form, WZ_STOP_ACTION, i));
		}
	}
	add_button(row, next_label(form), has_stop(form, WZ_STOP_NEXT, 0));
}

/* The first button that is drawn: if not all fit, as few go as must for the one with the focus. */
static size_t first_drawn(const struct button_row *row, int cols)
{
	size_t focused = row->count - 1;
	size_t first = 0;

	for (size_t i = 0; i < row->count; i++) {
		focused = row->buttons[i].has_focus ? i : focused;
	}
	if (row->buttons[row->count - 1].end <= cols) {
		return 0;
	}
	while (first < focused && row->buttons[focused].end - row->buttons[first].col + 1 > cols) {
		first++;
	}
	return first;
}

void wz_form_draw_buttons(struct wz_form *form, WINDOW *window, int top, int cols,
			  struct wz_spot *spot)
{
	struct wz_canvas canvas = {.window = window, .top = top, .rows = 1, .cols = cols};
	struct button_row row = {.gap = cols < NARROW_COLS ? 1 : 3};
	struct button_row tight = {.gap = 1};
	struct button *next;
	size_t first;
	int shift;

	list_buttons(form, &row);
	if (row.buttons[row.count - 1].end > cols) {
		list_buttons(form, &tight);
		row = tight;
	}
	first = first_drawn(&row, cols);
	shift = first > 0 ? row.buttons[first].col - 1 : 0;
	next = &row.buttons[row.count - 1];
	if (cols >= NARROW_COLS && next->end + 2 < cols) {
		next->col = cols - (next->end - next->col) - 2;
		next->end = cols - 2;
	}
	for (size_t i = first; i < row.count && row.buttons[i].end - shift <= cols; i++) {
		draw_button(&canvas, row.buttons[i].col - shift, &row.buttons[i], spot);
	}
}
