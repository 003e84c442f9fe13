/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Notes and headings, which are only read, and buttons in the body. */
#include "config.h"

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "wizard/field.h"
#include "wizard/ui/widget.h"

static char *text_of(const void *ctx, struct wz_widget *widget)
{
	const struct wz_field *field = widget->field;

	if (field->live) {
		char *live = field->live(ctx, widget->wz);

		return live ? wz_widget_limited(ctx, live) : gb_strdup(ctx, "");
	}
	return gb_strdup(ctx, field->text ? _(field->text) : "");
}

static int note_rows(struct wz_widget *widget, const struct wz_room *room)
{
	char *text = text_of(NULL, widget);
	bool is_wide = (widget->field->flags & WZ_WIDE) != 0;
	int rows = is_wide ? 1 : wz_look_lines(text, room->cols - 2);

	rows = text[0] == '\0' ? 0 : rows;
	talloc_free(text);
	return rows;
}

static void note_draw(struct wz_widget *widget, const struct wz_canvas *canvas,
		      const struct wz_room *room, bool has_focus, struct wz_spot *spot)
{
	char *text = text_of(NULL, widget);
	attr_t attributes = widget->field->kind == WZ_HEADING ? A_BOLD : A_NORMAL;

	(void)has_focus;
	(void)spot;
	if (widget->field->flags & WZ_WIDE) {
		wz_look_put(canvas, widget->row, 0, room->cols, text, attributes);
	} else if (text[0] != '\0') {
		wz_look_paragraph(canvas, widget->row, 1, room->cols - 2, text, attributes);
	}
	talloc_free(text);
}

const struct wz_widget_class wz_widget_note = {
	.rows = note_rows,
	.draw = note_draw,
};

/* Buttons ------------------------------------------------------------------------------------- */

static int action_rows(struct wz_widget *widget, const struct wz_room *room)
{
	return 1 + wz_widget_remark_rows(widget, room);
}

static void action_draw(struct wz_widget *widget, const struct wz_canvas *canvas,
			const struct wz_room *room, bool has_focus, struct wz_spot *spot)
{
	char *label = gb_printf(NULL, "< %s >", wz_field_label(widget->field));
	char *remark = wz_widget_remark(label, widget);
	int col = widget->col ? widget->col : 1;
	int used;

	wz_widget_mark(widget, canvas, widget->row, has_focus);
	used = wz_look_put(canvas, widget->row, col, room->cols - col, label,
			   has_focus ? A_REVERSE : A_NORMAL);
	if (wz_widget_remark_rows(widget, room) > 0) {
		wz_look_paragraph(canvas, widget->row + 1, 1 + WZ_WIDGET_INDENT,
				  room->cols - 1 - WZ_WIDGET_INDENT, remark, A_NORMAL);
	} else {
		wz_look_put(canvas, widget->row, col + used + 2, room->cols, remark, A_NORMAL);
	}
	if (has_focus) {
		*spot = (struct wz_spot){widget->row, col + 2};
	}
	talloc_free(label);
}

/* An Enter that came in one read with text is the end of a paste, and presses nothing. */
static bool action_key(struct wz_widget *widget, const struct wz_key *key)
{
	if (key->code != WZ_KEY_ENTER || key->is_in_burst) {
		return false;
	}
	if (!wz_widget_is_blocked(widget) && widget->field->press) {
		widget->field->press(widget->wz);
	}
	return true;
}

static const char *action_legend(struct wz_widget *widget)
{
	(void)widget;
	return _("Enter Press");
}

const struct wz_widget_class wz_widget_action = {
	.rows = action_rows,
	.draw = action_draw,
	.key = action_key,
	.legend = action_legend,
};
