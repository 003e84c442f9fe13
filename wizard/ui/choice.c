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

/* One box -------------------------------------------------------------------------------------- */

static int check_rows(struct wz_widget *widget, const struct wz_room *room)
{
	(void)widget;
	(void)room;
	return 1;
}

static void check_draw(struct wz_widget *widget, const struct wz_canvas *canvas,
		       const struct wz_room *room, bool has_focus, struct wz_spot *spot)
{
	bool is_on = wz_field_is_on(widget->wz, widget->field);
	char *remark = wz_widget_remark(NULL, widget);
	int col = widget->col + 1;
	int used;

	wz_widget_mark(widget, canvas, widget->row, has_focus);
	wz_look_put(canvas, widget->row, col, 3, is_on ? "[x]" : "[ ]",
		    has_focus ? A_REVERSE : A_NORMAL);
	used = wz_look_put(canvas, widget->row, col + 4, room->cols - col - 4,
			   wz_field_label(widget->field), A_NORMAL);
	wz_look_put(canvas, widget->row, col + 4 + used + 3, room->cols, remark, A_NORMAL);
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
		wz_set(widget->wz, widget->field->name,
		       wz_field_check_word(widget->field, !is_on));
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

#define GAP_COLS 3

/* Whether all options fit into one row behind the label. */
static bool is_flat(const struct wz_widget *widget, const struct wz_room *room)
{
	int cols = room->label_cols + 1;
	struct wz_option option;

	for (size_t i = 0; wz_field_option(widget->field, i, &option); i++) {
		cols += 4 + wz_look_cols(option.label) + GAP_COLS;
	}
	return room->label_cols > 0 && cols - GAP_COLS <= room->cols;
}

static int choice_rows(struct wz_widget *widget, const struct wz_room *room)
{
	bool has_label = wz_field_label(widget->field)[0] != '\0';

	if (is_flat(widget, room)) {
		return 1;
	}
	return (int)wz_field_option_count(widget->field) + has_label;
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

/* Returns the cells that it took. */
static int draw_option(const struct wz_widget *widget, const struct wz_canvas *canvas, int row,
		       int col, const struct wz_option *option, bool has_focus)
{
	int room = canvas->cols - col;

	wz_look_put(canvas, row, col, room, mark_of(widget, option->word),
		    has_focus ? A_REVERSE : A_NORMAL);
	return 4 + wz_look_put(canvas, row, col + 4, room - 4, option->label, A_NORMAL);
}

static void draw_flat(struct wz_widget *widget, const struct wz_canvas *canvas,
		      const struct wz_room *room, bool has_focus, struct wz_spot *spot)
{
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
		col += draw_option(widget, canvas, row, col, &option, is_here) + GAP_COLS;
	}
}

static void draw_tall(struct wz_widget *widget, const struct wz_canvas *canvas,
		      const struct wz_room *room, bool has_focus, struct wz_spot *spot)
{
	int row = widget->row;
	int col = 1 + (room->label_cols > 0 ? 2 : 0);
	char *remark = wz_widget_remark(NULL, widget);
	int used = wz_look_put(canvas, row, 1, room->cols - 1, wz_field_label(widget->field),
			       A_NORMAL);
	struct wz_option option;

	wz_look_put(canvas, row, used + 4, room->cols, remark, A_NORMAL);
	talloc_free(remark);
	row += used > 0 || wz_field_label(widget->field)[0] != '\0';
	for (size_t i = 0; wz_field_option(widget->field, i, &option); i++, row++) {
		bool is_here = has_focus && i == widget->at;

		if (is_here) {
			*spot = (struct wz_spot){row, col};
			wz_widget_mark(widget, canvas, row, true);
		}
		draw_option(widget, canvas, row, col, &option, is_here);
	}
}

static void choice_draw(struct wz_widget *widget, const struct wz_canvas *canvas,
			const struct wz_room *room, bool has_focus, struct wz_spot *spot)
{
	if (is_flat(widget, room)) {
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
	}
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
