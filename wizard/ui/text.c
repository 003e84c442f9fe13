/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entries: text, numbers, names, and secrets, which show as stars. */
#include "config.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "wizard/field.h"
#include "wizard/ui/widget.h"

#define DEFAULT_COLS 46
#define HIDDEN_STARS 8
#define LEAST_COLS   24
#define MIN_COLS     3

static bool is_secret(const struct wz_widget *widget)
{
	return widget->field->kind == WZ_SECRET;
}

/* Value ---------------------------------------------------------------------------------------- */

static bool has_secret(const struct wz_widget *widget)
{
	return wz_secret(widget->wz, widget->field->name) != NULL;
}

/* What was typed goes to the session at once: nothing is lost, whatever happens next. */
static void store(struct wz_widget *widget)
{
	const char *text = wz_entry_text(widget->entry);

	if (is_secret(widget)) {
		wz_set_secret(widget->wz, widget->field->name,
			      text[0] ? gb_secret_new(NULL, text, strlen(text)) : NULL);
	} else {
		wz_set(widget->wz, widget->field->name, text);
	}
	widget->is_wrong = false;
	wz_hush(widget->wz);
}

/* Something else than the keyboard may have changed the value: a probe, Ctrl-R. */
static void follow_value(struct wz_widget *widget)
{
	const char *value;

	if (!widget->entry || is_secret(widget)) {
		return;
	}
	value = wz_value(widget->wz, widget->field->name);
	if (strcmp(value, wz_entry_text(widget->entry)) != 0) {
		wz_entry_set(widget->entry, value);
	}
}

/* Focus ---------------------------------------------------------------------------------------- */

static void check(struct wz_widget *widget)
{
	struct gb_err err;

	gb_err_clear(&err);
	widget->is_wrong = false;
	if (!is_secret(widget) && wz_value(widget->wz, widget->field->name)[0] != '\0' &&
	    wz_field_check(widget->wz, widget->field, wz_value(widget->wz, widget->field->name),
			   &err) != GB_OK) {
		widget->is_wrong = true;
		wz_say_err(widget->wz, &err);
	}
}

static void text_focus(struct wz_widget *widget, bool has_focus)
{
	TALLOC_FREE(widget->entry);
	TALLOC_FREE(widget->old);
	if (!has_focus) {
		check(widget);
		return;
	}
	widget->entry = wz_entry_new(widget);
	if (!is_secret(widget)) {
		widget->old = gb_strdup(widget, wz_value(widget->wz, widget->field->name));
		wz_entry_set(widget->entry, widget->old);
	}
}

/* Drawing -------------------------------------------------------------------------------------- */

static char *stars(const void *ctx, size_t count)
{
	char *text = gb_new_array(ctx, char, count + 1);

	memset(text, '*', count);
	return text;
}

static size_t count_characters(const char *text, size_t length)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++) {
		count += ((unsigned char)text[i] & 0xc0) != 0x80;
	}
	return count;
}

/* What stands before and behind the insert point, as it is shown. */
static void shown_parts(const void *ctx, const struct wz_widget *widget, char **ret_before,
			char **ret_after)
{
	const struct wz_entry *entry = widget->entry;
	const char *text = entry ? wz_entry_text(entry) : "";
	size_t cursor = entry ? entry->cursor : 0;

	if (!is_secret(widget)) {
		const char *value = entry ? text : wz_value(widget->wz, widget->field->name);

		*ret_before = wz_look_safe(ctx, gb_strndup(ctx, value, cursor));
		*ret_after = wz_look_safe(ctx, value + cursor);
	} else if (entry && text[0] != '\0') {
		*ret_before = stars(ctx, count_characters(text, cursor));
		*ret_after = stars(ctx, count_characters(text + cursor, strlen(text + cursor)));
	} else {
		*ret_before = gb_strdup(ctx, "");
		*ret_after = has_secret(widget) && !entry ? stars(ctx, HIDDEN_STARS)
							  : gb_strdup(ctx, "");
	}
}

/* Leave out cells at the beginning, so that the insert point is inside. */
static const char *scrolled(const char *before, int cols, int *ret_cursor)
{
	int before_cols = wz_look_cols(before);
	uint32_t c;

	while (before_cols >= cols) {
		char *rest = NULL;
		size_t size = gb_text_next(before, &c);

		(void)rest;
		before += size;
		before_cols = wz_look_cols(before);
	}
	*ret_cursor = before_cols;
	return before;
}

/* "set, not shown" behind a secret, the unit behind a number, else the page's remark. */
static char *remark_of(const void *ctx, const struct wz_widget *widget)
{
	char *remark = wz_widget_remark(ctx, widget);
	const char *unit = wz_field_unit(widget->field);

	if (is_secret(widget) && has_secret(widget) &&
	    (!widget->entry || wz_entry_text(widget->entry)[0] == '\0')) {
		return gb_strdup(ctx, _("set, not shown"));
	}
	if (unit[0] != '\0') {
		return remark[0] ? gb_printf(ctx, "%s   %s", unit, remark) : gb_strdup(ctx, unit);
	}
	return remark;
}

static int wished_cols(const struct wz_widget *widget)
{
	return widget->field->width ? (int)widget->field->width : DEFAULT_COLS;
}

/* Of an entry that makes room for what stands behind it. */
static int least_cols(const struct wz_widget *widget)
{
	return wished_cols(widget) < LEAST_COLS ? wished_cols(widget) : LEAST_COLS;
}

/* A remark that does not fit behind the entry stands below it. */
static int remark_rows(const struct wz_widget *widget, const struct wz_room *room)
{
	int col = 1 + room->label_cols;
	char *remark = remark_of(NULL, widget);
	int rows = 0;

	if (remark[0] != '\0' && widget->col == 0 &&
	    col + least_cols(widget) + 6 + wz_look_cols(remark) > room->cols) {
		rows = wz_look_lines(remark, room->cols - 1 - WZ_WIDGET_INDENT);
	}
	talloc_free(remark);
	return rows;
}

static int text_rows(struct wz_widget *widget, const struct wz_room *room)
{
	return 1 + wz_widget_label_rows(widget, room) + remark_rows(widget, room);
}

/* What stands behind an entry is read, too: a long entry makes room for it. */
static int entry_cols(const struct wz_widget *widget, const struct wz_room *room, int col,
		      const char *remark)
{
	int wished = wished_cols(widget);
	int room_cols = room->cols - col - 3;
	int beside = room_cols - wz_look_cols(remark) - 3;

	if (remark[0] != '\0' && beside < wished && beside >= least_cols(widget)) {
		room_cols = beside;
	}
	if (wished > room_cols) {
		wished = room_cols;
	}
	return wished < MIN_COLS ? MIN_COLS : wished;
}

static void text_draw(struct wz_widget *widget, const struct wz_canvas *canvas,
		      const struct wz_room *room, bool has_focus, struct wz_spot *spot)
{
	void *tmp = gb_new_tmp(NULL);
	int row = widget->row;
	int col;
	int cols;
	int cursor;
	char *before;
	char *after;
	char *remark;
	const char *visible;

	follow_value(widget);
	wz_widget_mark(widget, canvas, row, has_focus);
	col = wz_widget_label(widget, canvas, room, &row);
	remark = wz_look_safe(tmp, remark_of(tmp, widget));
	cols = entry_cols(widget, room, col, remark);
	shown_parts(tmp, widget, &before, &after);
	visible = scrolled(before, cols, &cursor);
	wz_look_put(canvas, row, col, 1, "[", A_NORMAL);
	wz_look_fill(canvas, row, col + 1, cols, ' ', has_focus ? A_UNDERLINE : A_NORMAL);
	wz_look_put(canvas, row, col + 1, cols, gb_printf(tmp, "%s%s", visible, after),
		    has_focus ? A_UNDERLINE : A_NORMAL);
	wz_look_put(canvas, row, col + 1 + cols, 1, "]", A_NORMAL);
	if (remark_rows(widget, room) > 0) {
		wz_look_paragraph(canvas, row + 1, 1 + WZ_WIDGET_INDENT,
				  room->cols - 1 - WZ_WIDGET_INDENT, remark, A_NORMAL);
	} else {
		wz_look_put(canvas, row, col + cols + 4, room->cols, remark, A_NORMAL);
	}
	if (has_focus) {
		*spot = (struct wz_spot){row, col + 1 + cursor};
	}
	talloc_free(tmp);
}

/* Keys ----------------------------------------------------------------------------------------- */

static void bring_back_old(struct wz_widget *widget)
{
	if (widget->old) {
		wz_entry_set(widget->entry, widget->old);
		store(widget);
	}
}

/* Ctrl-U in an empty entry of a secret that is set: forget it. */
static bool forgets_secret(const struct wz_widget *widget, const struct wz_key *key)
{
	return is_secret(widget) && key->code == WZ_KEY_CTRL && key->character == 'u' &&
	       wz_entry_text(widget->entry)[0] == '\0';
}

static bool text_key(struct wz_widget *widget, const struct wz_key *key)
{
	if (key->code == WZ_KEY_CTRL && key->character == 'r' && widget->old) {
		bring_back_old(widget);
		return true;
	}
	if ((key->code == WZ_KEY_CHARACTER || forgets_secret(widget, key)) &&
	    wz_widget_is_blocked(widget)) {
		return true;
	}
	switch (wz_entry_key(widget->entry, key)) {
	case WZ_ENTRY_UNUSED:
		return false;
	case WZ_ENTRY_MOVED:
		if (forgets_secret(widget, key)) {
			store(widget);
		}
		break;
	case WZ_ENTRY_CHANGED:
		store(widget);
		break;
	case WZ_ENTRY_FULL:
		wz_say(widget->wz, WZ_BAD, _("The text is as long as it can be: %d bytes."),
		       WZ_ENTRY_MAX_BYTES);
		break;
	case WZ_ENTRY_REFUSED:
		wz_say(widget->wz, WZ_BAD,
		       _("Nothing was pasted: a field takes one line of text, and this was more "
			 "than that."));
		break;
	}
	return true;
}

static const char *text_legend(struct wz_widget *widget)
{
	return is_secret(widget) ? _("Ctrl-U Clear") : _("Ctrl-U Clear  Ctrl-R Old value");
}

const struct wz_widget_class wz_widget_text = {
	.rows = text_rows,
	.draw = text_draw,
	.key = text_key,
	.focus = text_focus,
	.legend = text_legend,
};
