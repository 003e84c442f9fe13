/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Widgets: what all kinds share. */
#include "config.h"

#include "wizard/ui/widget.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/config/value.h"
#include "wizard/field.h"

/* More than any text of a page needs. */
#define MOST_BYTES 1200

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

/* Nothing of a label is cut: what is too long for the column stands above its value, as where there is none. */
int wz_widget_label_rows(const struct wz_widget *widget, const struct wz_room *room)
{
	const char *label = wz_field_label(widget->field);

	return label[0] != '\0' && widget->col == 0 &&
	       wz_look_cols(label) > (room->label_cols > 0 ? room->label_cols - 2 : 0);
}

int wz_widget_label(const struct wz_widget *widget, const struct wz_canvas *canvas,
		    const struct wz_room *room, int *row)
{
	const char *label = wz_field_label(widget->field);
	int used;

	if (room->label_cols == 0 || wz_widget_label_rows(widget, room) > 0) {
		wz_look_put(canvas, *row, widget->col + 1, room->cols, label, A_NORMAL);
		*row += wz_widget_label_rows(widget, room);
		return widget->col + 1 + room->label_cols;
	}
	used = wz_look_put(canvas, *row, widget->col + 1,
			   widget->col ? room->cols : room->label_cols - 2, label, A_NORMAL);
	return widget->col ? widget->col + used + 2 : 1 + room->label_cols;
}

/* Whoever comes back sees how a box stood, and whether that changes; "" on a first run. */
static const char *box_before(const struct wz_widget *widget)
{
	const struct gb_config *before = wz_config_before(widget->wz);
	const struct gb_key *key = widget->field->kind == WZ_CHECK && before
					   ? wz_draft_key(widget->field->name)
					   : NULL;
	char *value = key ? gb_config_get(NULL, before, key) : NULL;
	bool was_on = value && strcmp(value, wz_field_check_word(widget->field, true)) == 0;
	bool is_on = key && wz_field_is_on(widget->wz, widget->field);

	talloc_free(value);
	if (!key) {
		return "";
	}
	if (was_on == is_on) {
		return was_on ? _("on now") : _("off now");
	}
	return was_on ? _("on now  * changed") : _("off now  * changed");
}

/* Names and errors come from outside: a page stays one that can be looked through, whatever they hold. */
char *wz_widget_limited(const void *ctx, char *text)
{
	char *cut;

	if (strlen(text) <= MOST_BYTES) {
		return text;
	}
	cut = gb_printf(ctx, "%s…", gb_text_cut_utf16(text, text, MOST_BYTES / 2));
	talloc_free(text);
	return cut;
}

char *wz_widget_remark(const void *ctx, const struct wz_widget *widget)
{
	const struct wz_field *field = widget->field;
	const char *before = box_before(widget);
	char *live = field->live ? field->live(ctx, widget->wz) : NULL;
	char *remark = live ? live : gb_strdup(ctx, field->text ? _(field->text) : "");
	char *both;

	remark = wz_widget_limited(ctx, remark);
	if (before[0] == '\0') {
		return remark;
	}
	both = remark[0] != '\0' ? gb_printf(ctx, "%s   %s", before, remark)
				 : gb_strdup(ctx, before);
	talloc_free(remark);
	return both;
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
