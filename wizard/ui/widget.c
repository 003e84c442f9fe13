/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Widgets: what all kinds share. */
#include "config.h"

#include "wizard/ui/widget.h"

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "wizard/field.h"

static const struct wz_widget_class *class_of(enum wz_kind kind)
{
	static const struct wz_widget_class *const classes[] = {
		[WZ_NOTE] = &wz_widget_note,     [WZ_HEADING] = &wz_widget_note,
		[WZ_TEXT] = &wz_widget_text,     [WZ_NUMBER] = &wz_widget_text,
		[WZ_DN] = &wz_widget_text,       [WZ_SECRET] = &wz_widget_text,
		[WZ_CHOICE] = &wz_widget_choice, [WZ_FLAGS] = &wz_widget_choice,
		[WZ_CHECK] = &wz_widget_check,   [WZ_LIST] = &wz_widget_list,
		[WZ_STEPS] = &wz_widget_list,    [WZ_TREE] = &wz_widget_tree,
		[WZ_ACTION] = &wz_widget_action,
	};

	return classes[kind];
}

struct wz_widget *wz_widget_new(const void *ctx, struct wz *wz, const struct wz_field *field)
{
	struct wz_widget *widget = gb_new(ctx, struct wz_widget);

	widget->wz = wz;
	widget->field = field;
	widget->class = class_of(field->kind);
	return widget;
}

void wz_widget_mark(const struct wz_widget *widget, const struct wz_canvas *canvas, int row,
		    bool has_focus)
{
	if (widget->col > 0) {
		return;
	}
	if (has_focus) {
		wz_look_put(canvas, row, 0, 1, ">", A_BOLD);
	} else if (widget->is_wrong) {
		wz_look_put(canvas, row, 0, 1, "!", wz_look_tone(WZ_BAD));
	}
}

int wz_widget_label_rows(const struct wz_widget *widget, const struct wz_room *room)
{
	return room->label_cols == 0 && wz_field_label(widget->field)[0] != '\0';
}

int wz_widget_label(const struct wz_widget *widget, const struct wz_canvas *canvas,
		    const struct wz_room *room, int *row)
{
	const char *label = wz_field_label(widget->field);
	int used;

	if (room->label_cols == 0) {
		wz_look_put(canvas, *row, widget->col + 1, room->cols, label, A_NORMAL);
		*row += wz_widget_label_rows(widget, room);
		return widget->col + 1;
	}
	used = wz_look_put(canvas, *row, widget->col + 1,
			   widget->col ? room->cols : room->label_cols - 2, label, A_NORMAL);
	return widget->col ? widget->col + used + 2 : 1 + room->label_cols;
}

char *wz_widget_remark(const void *ctx, const struct wz_widget *widget)
{
	const struct wz_field *field = widget->field;
	char *live = field->live ? field->live(ctx, widget->wz) : NULL;

	if (live) {
		return live;
	}
	return gb_strdup(ctx, field->text ? _(field->text) : "");
}

int wz_widget_remark_rows(const struct wz_widget *widget, const struct wz_room *room)
{
	char *remark;
	int rows;

	if (room->label_cols > 0) {
		return 0;
	}
	remark = wz_widget_remark(NULL, widget);
	rows = remark[0] != '\0' ? wz_look_lines(remark, room->cols - 1 - WZ_WIDGET_INDENT) : 0;
	talloc_free(remark);
	return rows;
}

bool wz_widget_is_blocked(const struct wz_widget *widget)
{
	const char *why = wz_field_blocked(widget->wz, widget->field);

	if (why) {
		wz_say(widget->wz, WZ_PLAIN, "%s", why);
	}
	return why != NULL;
}
