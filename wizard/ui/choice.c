/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boxes and choices. Moving the focus never changes a value: Blank does. */
#include "config.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "wizard/field.h"
#include "wizard/ui/widget.h"

static bool is_press(const struct wz_key *key)
{
	return key->code == WZ_KEY_CHARACTER && key->character == ' ' && !key->is_pasted;
}

/* A mark in three cells, a blank, and a label that may need several rows. */
#define MARK_COLS WZ_WIDGET_INDENT

static int label_rows(const char *label, int col, int cols)
{
	return wz_look_lines(label, cols - col - MARK_COLS);
}

/* One box -------------------------------------------------------------------------------------- */

/* A remark that does not fit behind the label stands below it. */
static int check_remark_rows(struct wz_widget *widget, const struct wz_room *room)
{
	const char *label = wz_field_label(widget->field);
	int col = widget->col + 1 + MARK_COLS;
	char *remark;
	int rows = 0;

	if (room->label_cols == 0 || widget->col > 0) {
		return wz_widget_remark_rows(widget, room);
	}
	remark = wz_widget_remark(NULL, widget);
	if (col + wz_look_cols(label) + 3 + wz_look_cols(remark) > room->cols) {
		rows = wz_look_lines(remark, room->cols - col);
	}
	talloc_free(remark);
	return rows;
}

static int check_rows(struct wz_widget *widget, const struct wz_room *room)
{
	return label_rows(wz_field_label(widget->field), widget->col + 1, room->cols) +
	       check_remark_rows(widget, room);
}

static void check_draw(struct wz_widget *widget, const struct wz_canvas *canvas,
		       const struct wz_room *room, bool has_focus, struct wz_spot *spot)
{
	const char *label = wz_field_label(widget->field);
	bool is_on = wz_field_is_on(widget->wz, widget->field);
	char *remark = wz_widget_remark(NULL, widget);
	int col = widget->col + 1;
	int rows;

	wz_widget_mark(widget, canvas, widget->row, has_focus);
	wz_look_put(canvas, widget->row, col, 3, is_on ? "[x]" : "[ ]",
		    has_focus ? A_REVERSE : A_NORMAL);
	rows = wz_look_paragraph(canvas, widget->row, col + MARK_COLS, room->cols - col - MARK_COLS,
				 label, A_NORMAL);
	if (check_remark_rows(widget, room) > 0) {
		wz_look_paragraph(canvas, widget->row + rows, col + MARK_COLS,
				  room->cols - col - MARK_COLS, remark, A_NORMAL);
	} else if (rows == 1) {
		wz_look_put(canvas, widget->row, col + MARK_COLS + wz_look_cols(label) + 3,
			    room->cols, remark, A_NORMAL);
	}
	if (has_focus) {
		*spot = (struct wz_spot){widget->row, col};
	}
	talloc_free(remark);
}

static bool check_key(struct wz_widget *widget, const struct wz_key *key)
{
	bool is_on = wz_field_is_on(widget->wz, widget->field);

	if (!is_press(key)) {
		return false;
	}
	if (!wz_widget_is_blocked(widget)) {
		wz_hush(widget->wz);
		wz_set(widget->wz, widget->field->name, wz_field_check_word(widget->field, !is_on));
	}
	return true;
}

static const char *check_legend(struct wz_widget *widget)
{
	(void)widget;
	return _("Space Toggle");
}

const struct wz_widget_class wz_widget_check = {
	.rows = check_rows,
	.draw = check_draw,
	.key = check_key,
	.legend = check_legend,
};

/* Several options ------------------------------------------------------------------------------ */

#define GAP_COLS         3
#define MOST_IN_THE_OPEN 4

/* Many options of which one holds, and no room: folded to that one until somebody opens it. */
static bool is_folded(const struct wz_widget *widget)
{
	return widget->can_fold && !widget->is_open;
}

/* Whether all options fit into one row behind the label. */
static bool is_flat(const struct wz_widget *widget, const struct wz_room *room)
{
	int cols = room->label_cols + 1;
	struct wz_option option;

	for (size_t i = 0; wz_field_option(widget->field, i, &option); i++) {
		cols += MARK_COLS + wz_look_cols(option.label) + GAP_COLS;
	}
	return room->label_cols > 0 && cols - GAP_COLS <= room->cols;
}

/* A label that fits its column stands beside the first option, if no option needs the room. */
static bool is_beside_label(const struct wz_widget *widget, const struct wz_room *room)
{
	const char *label = wz_field_label(widget->field);
	int most = room->cols - room->label_cols - 1 - MARK_COLS;
	struct wz_option option;

	for (size_t i = 0; wz_field_option(widget->field, i, &option); i++) {
		if (wz_look_cols(option.label) > most) {
			return false;
		}
	}
	return label[0] != '\0' && wz_look_cols(label) <= room->label_cols - 2;
}

static int tall_col(const struct wz_widget *widget, const struct wz_room *room)
{
	return is_beside_label(widget, room) ? 1 + room->label_cols : room->label_cols > 0 ? 3 : 1;
}

static int choice_rows(struct wz_widget *widget, const struct wz_room *room)
{
	int rows = wz_field_label(widget->field)[0] != '\0' && !is_beside_label(widget, room);
	struct wz_option option;

	widget->can_fold = widget->field->kind == WZ_CHOICE && !is_flat(widget, room) &&
			   (room->folds > 1 ||
			    (room->folds > 0 &&
			     wz_field_option_count(widget->field) > MOST_IN_THE_OPEN));
	if (is_folded(widget)) {
		return 1 + wz_widget_label_rows(widget, room);
	}
	if (is_flat(widget, room)) {
		return 1;
	}
	for (size_t i = 0; wz_field_option(widget->field, i, &option); i++) {
		rows += label_rows(option.label, tall_col(widget, room), room->cols);
	}
	return rows;
}

static bool is_on(const struct wz_widget *widget, const char *word)
{
	return widget->field->kind == WZ_FLAGS ? wz_has(widget->wz, widget->field->name, word)
					       : wz_is(widget->wz, widget->field->name, word);
}

static const char *mark_of(const struct wz_widget *widget, const char *word)
{
	if (widget->field->kind == WZ_FLAGS) {
		return is_on(widget, word) ? "[x]" : "[ ]";
	}
	return is_on(widget, word) ? "(*)" : "( )";
}

/* Returns the rows that it took. */
static int draw_option(const struct wz_widget *widget, const struct wz_canvas *canvas, int row,
		       int col, const struct wz_option *option, bool has_focus)
{
	wz_look_put(canvas, row, col, 3, mark_of(widget, option->word),
		    has_focus ? A_REVERSE : A_NORMAL);
	return wz_look_paragraph(canvas, row, col + MARK_COLS, canvas->cols - col - MARK_COLS,
				 option->label, A_NORMAL);
}

static void draw_flat(struct wz_widget *widget, const struct wz_canvas *canvas,
		      const struct wz_room *room, bool has_focus, struct wz_spot *spot)
{
	char *remark = wz_widget_remark(NULL, widget);
	int row = widget->row;
	int col;
	struct wz_option option;

	wz_widget_mark(widget, canvas, row, has_focus);
	col = wz_widget_label(widget, canvas, room, &row);
	for (size_t i = 0; wz_field_option(widget->field, i, &option); i++) {
		bool is_here = has_focus && i == widget->at;

		if (is_here) {
			*spot = (struct wz_spot){row, col};
		}
		draw_option(widget, canvas, row, col, &option, is_here);
		col += MARK_COLS + wz_look_cols(option.label) + GAP_COLS;
	}
	if (col + 8 < room->cols) {
		wz_look_put(canvas, row, col, room->cols, remark, A_NORMAL);
	}
	talloc_free(remark);
}

static void draw_tall(struct wz_widget *widget, const struct wz_canvas *canvas,
		      const struct wz_room *room, bool has_focus, struct wz_spot *spot)
{
	const char *label = wz_field_label(widget->field);
	char *remark = wz_widget_remark(NULL, widget);
	int row = widget->row;
	int col = tall_col(widget, room);
	int used = wz_look_put(canvas, row, 1, room->cols - 1, label, A_NORMAL);
	struct wz_option option;

	if (!is_beside_label(widget, room)) {
		wz_look_put(canvas, row, used + 4, room->cols, remark, A_NORMAL);
		row += label[0] != '\0';
	}
	talloc_free(remark);
	for (size_t i = 0; wz_field_option(widget->field, i, &option); i++) {
		bool is_here = has_focus && i == widget->at;

		if (is_here) {
			*spot = (struct wz_spot){row, col};
			wz_widget_mark(widget, canvas, row, true);
		}
		row += draw_option(widget, canvas, row, col, &option, is_here);
	}
}

/* "[option  v]": whatever is cut, the sign that there is more to choose from stays. */
static int put_folded(const struct wz_canvas *canvas, int row, int col, int cols, const char *text,
		      attr_t attributes)
{
	static const char end[] = "  v]";
	int end_cols = wz_look_cols(end);
	int used = wz_look_put(canvas, row, col, 1, "[", attributes);

	used += wz_look_put(canvas, row, col + used, cols - used - end_cols, text, attributes);
	return used + wz_look_put(canvas, row, col + used, end_cols, end, attributes);
}

/* The option that holds. */
static void draw_folded(struct wz_widget *widget, const struct wz_canvas *canvas,
			const struct wz_room *room, bool has_focus, struct wz_spot *spot)
{
	void *tmp = gb_new_tmp(NULL);
	char *shown = wz_field_shown_value(tmp, widget->wz, widget->field);
	int row = widget->row;
	int col;
	int used;

	wz_widget_mark(widget, canvas, row, has_focus);
	col = wz_widget_label(widget, canvas, room, &row);
	used = put_folded(canvas, row, col, room->cols - col - 1, shown,
			  has_focus ? A_REVERSE : A_NORMAL);
	wz_look_put(canvas, row, col + used + 3, room->cols, wz_widget_remark(tmp, widget),
		    A_NORMAL);
	if (has_focus) {
		*spot = (struct wz_spot){row, col + 1};
	}
	talloc_free(tmp);
}

static void choice_draw(struct wz_widget *widget, const struct wz_canvas *canvas,
			const struct wz_room *room, bool has_focus, struct wz_spot *spot)
{
	if (is_folded(widget)) {
		draw_folded(widget, canvas, room, has_focus, spot);
	} else if (is_flat(widget, room)) {
		draw_flat(widget, canvas, room, has_focus, spot);
	} else {
		draw_tall(widget, canvas, room, has_focus, spot);
	}
}

static void press(struct wz_widget *widget)
{
	const struct wz_field *field = widget->field;
	struct wz_option option;

	if (wz_widget_is_blocked(widget) || !wz_field_option(field, widget->at, &option)) {
		return;
	}
	wz_hush(widget->wz);
	if (field->kind == WZ_FLAGS) {
		char *toggled = wz_field_toggled(NULL, field, wz_value(widget->wz, field->name),
						 option.word);

		wz_set(widget->wz, field->name, toggled);
		talloc_free(toggled);
	} else {
		wz_set(widget->wz, field->name, option.word);
		widget->is_open = false;
	}
}

static bool fold_key(struct wz_widget *widget, const struct wz_key *key)
{
	if (!is_press(key) && (key->code != WZ_KEY_ENTER || key->is_in_burst)) {
		return false;
	}
	widget->is_open = true;
	wz_touch(widget->wz);
	return true;
}

/* At an end the key is not used, so the focus goes on to the next field. */
static bool move_option(struct wz_widget *widget, int by)
{
	size_t count = wz_field_option_count(widget->field);

	if ((by < 0 && widget->at == 0) || (by > 0 && widget->at + 1 >= count)) {
		return false;
	}
	widget->at = (size_t)((int)widget->at + by);
	wz_touch(widget->wz);
	return true;
}

static bool choice_key(struct wz_widget *widget, const struct wz_key *key)
{
	if (is_folded(widget)) {
		return fold_key(widget, key);
	}
	if (widget->is_open && (key->code == WZ_KEY_ESC || key->code == WZ_KEY_ENTER)) {
		if (key->code == WZ_KEY_ENTER) {
			press(widget);
		}
		widget->is_open = false;
		wz_touch(widget->wz);
		return true;
	}
	if (is_press(key)) {
		press(widget);
		return true;
	}
	switch ((int)key->code) {
	case WZ_KEY_UP:
	case WZ_KEY_LEFT:
		return move_option(widget, -1);
	case WZ_KEY_DOWN:
	case WZ_KEY_RIGHT:
		return move_option(widget, 1);
	default:
		return false;
	}
}

/* On the option that holds, so that a person reads first what is. */
static void choice_focus(struct wz_widget *widget, bool has_focus)
{
	struct wz_option option;

	widget->at = 0;
	widget->is_open = false;
	for (size_t i = 0; has_focus && widget->field->kind == WZ_CHOICE &&
			   wz_field_option(widget->field, i, &option);
	     i++) {
		if (is_on(widget, option.word)) {
			widget->at = i;
		}
	}
}

static const char *choice_legend(struct wz_widget *widget)
{
	if (is_folded(widget)) {
		return _("Enter Open");
	}
	return widget->field->kind == WZ_FLAGS ? _("Space Toggle  Up/Down Move")
					       : _("Space Choose  Up/Down Move");
}

const struct wz_widget_class wz_widget_choice = {
	.rows = choice_rows,
	.draw = choice_draw,
	.key = choice_key,
	.focus = choice_focus,
	.legend = choice_legend,
};
