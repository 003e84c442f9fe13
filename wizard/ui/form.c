/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One page on the screen: focus and keys. */
#include "config.h"

#include "wizard/ui/form.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "wizard/field.h"
#include "wizard/list.h"

struct wz_form *wz_form_new(const void *ctx, struct wz *wz, const struct wz_page *page)
{
	struct wz_form *form = gb_new(ctx, struct wz_form);

	form->wz = wz;
	form->page = page;
	while (page->fields[form->count].kind != WZ_END) {
		form->count++;
	}
	form->widgets = gb_new_array(form, struct wz_widget *, form->count);
	for (size_t i = 0; i < form->count; i++) {
		form->widgets[i] = wz_widget_new(form->widgets, wz, &page->fields[i]);
	}
	return form;
}

/* Stops --------------------------------------------------------------------------------------- */

static bool is_foot(const struct wz_field *field)
{
	return field->kind == WZ_ACTION && (field->flags & WZ_FOOT) != 0;
}

static bool can_focus(const struct wz_form *form, size_t i)
{
	const struct wz_widget *widget = form->widgets[i];

	return widget->class->key && wz_field_is_shown(form->wz, widget->field) &&
	       !(widget->field->kind == WZ_STEPS && wz_list_count(form->wz, widget->field->list) == 0);
}

/* The stops of the page in order, at most count + 2; returns how many. */
static size_t list_stops(const struct wz_form *form, struct wz_stop *stops)
{
	size_t n = 0;

	for (size_t i = 0; i < form->count; i++) {
		if (can_focus(form, i) && !is_foot(form->widgets[i]->field)) {
			stops[n++] = (struct wz_stop){WZ_STOP_WIDGET, i};
		}
	}
	for (size_t i = 0; i < form->count; i++) {
		if (can_focus(form, i) && is_foot(form->widgets[i]->field)) {
			stops[n++] = (struct wz_stop){WZ_STOP_ACTION, i};
		}
	}
	stops[n++] = (struct wz_stop){WZ_STOP_NEXT, 0};
	if (wz_session_can_go_back(form->wz)) {
		stops[n++] = (struct wz_stop){WZ_STOP_BACK, 0};
	}
	return n;
}

static bool is_same(struct wz_stop a, struct wz_stop b)
{
	return a.kind == b.kind && a.widget == b.widget;
}

static size_t place_of(const struct wz_stop *stops, size_t n, struct wz_stop stop)
{
	size_t i = 0;

	while (i < n && !is_same(stops[i], stop)) {
		i++;
	}
	return i;
}

struct wz_widget *wz_form_widget(struct wz_form *form)
{
	return form->has_focus && form->focus.kind == WZ_STOP_WIDGET
		       ? form->widgets[form->focus.widget]
		       : NULL;
}

static void tell_widget(struct wz_form *form, bool has_focus)
{
	struct wz_widget *widget = wz_form_widget(form);

	if (widget && widget->class->focus) {
		widget->class->focus(widget, has_focus);
	}
}

static void move_to(struct wz_form *form, struct wz_stop stop)
{
	if (form->has_focus && is_same(form->focus, stop)) {
		return;
	}
	tell_widget(form, false);
	form->focus = stop;
	form->has_focus = true;
	tell_widget(form, true);
	wz_touch(form->wz);
}

static void move_by(struct wz_form *form, int by)
{
	struct wz_stop *stops = gb_new_array(NULL, struct wz_stop, form->count + 2);
	size_t n = list_stops(form, stops);
	size_t here = place_of(stops, n, form->focus);

	here = here == n ? 0 : (here + n + (size_t)(by + (int)n)) % n;
	move_to(form, stops[here]);
	talloc_free(stops);
}

/* What had the focus may be gone: then to what comes behind it. */
void wz_form_settle(struct wz_form *form)
{
	struct wz_stop *stops = gb_new_array(NULL, struct wz_stop, form->count + 2);
	size_t n = list_stops(form, stops);
	size_t i = 0;

	if (!form->has_focus || place_of(stops, n, form->focus) == n) {
		while (i + 1 < n && stops[i].kind == WZ_STOP_WIDGET &&
		       (!form->has_focus || stops[i].widget < form->focus.widget)) {
			i++;
		}
		/* The page has become another one: its beginning says what it is about now. */
		form->scroll = 0;
		form->seen_rows = 0;
		move_to(form, stops[i]);
	}
	talloc_free(stops);
}

/* Where the page says; else the first thing that still needs an answer, else Next; where Next changes the system, Back. */
static struct wz_stop first_focus(struct wz_form *form)
{
	struct gb_err ignored;

	if (form->page->flags & WZ_COMMITS) {
		return (struct wz_stop){WZ_STOP_BACK, 0};
	}
	for (size_t i = 0; i < form->count; i++) {
		if ((form->page->fields[i].flags & WZ_FIRST) != 0 && can_focus(form, i)) {
			return (struct wz_stop){WZ_STOP_WIDGET, i};
		}
	}
	for (size_t i = 0; i < form->count; i++) {
		const struct wz_field *field = form->widgets[i]->field;
		bool is_value = field->name && field->kind != WZ_ACTION;

		if (is_value && can_focus(form, i) &&
		    wz_field_check(form->wz, field, wz_value(form->wz, field->name), &ignored) !=
			    GB_OK) {
			return (struct wz_stop){WZ_STOP_WIDGET, i};
		}
	}
	return (struct wz_stop){WZ_STOP_NEXT, 0};
}

void wz_form_enter(struct wz_form *form)
{
	form->is_awake = false;
	if (!form->has_focus || (form->page->flags & WZ_COMMITS)) {
		move_to(form, first_focus(form));
	} else {
		tell_widget(form, true);
	}
	wz_form_settle(form);
}

void wz_form_resume(struct wz_form *form)
{
	tell_widget(form, true);
	wz_form_settle(form);
}

void wz_form_leave(struct wz_form *form)
{
	tell_widget(form, false);
}

void wz_form_focus(struct wz_form *form, const struct wz_field *field)
{
	for (size_t i = 0; i < form->count; i++) {
		if (form->widgets[i]->field == field && can_focus(form, i)) {
			move_to(form, (struct wz_stop){
					      is_foot(field) ? WZ_STOP_ACTION : WZ_STOP_WIDGET, i});
			form->widgets[i]->is_wrong = true;
		}
	}
}

/* Keys ---------------------------------------------------------------------------------------- */

bool wz_form_seen_all(struct wz_form *form)
{
	if (form->seen_rows >= form->content_rows) {
		return true;
	}
	form->scroll = form->seen_rows;
	if (form->scroll + form->body_rows > form->content_rows) {
		form->scroll = form->content_rows - form->body_rows;
	}
	/* Where Next changes the system, nobody is brought to it by looking. */
	if (!(form->page->flags & WZ_COMMITS)) {
		move_to(form, (struct wz_stop){WZ_STOP_NEXT, 0});
	}
	wz_touch(form->wz);
	return false;
}

static enum wz_form_result press(struct wz_form *form)
{
	if (form->focus.kind == WZ_STOP_ACTION) {
		struct wz_widget *widget = form->widgets[form->focus.widget];

		if (!wz_widget_is_blocked(widget) && widget->field->press) {
			widget->field->press(form->wz);
		}
		return WZ_FORM_USED;
	}
	/* An Enter that is held down comes in here with Back in focus, and stays here. */
	if ((form->page->flags & WZ_COMMITS) && !form->is_awake) {
		wz_say(form->wz, WZ_PLAIN,
		       _("Look through this page first; then Tab goes to the button."));
		return WZ_FORM_USED;
	}
	return form->focus.kind == WZ_STOP_BACK ? WZ_FORM_BACK : WZ_FORM_NEXT;
}

static enum wz_form_result move_key(struct wz_form *form, const struct wz_key *key)
{
	switch ((int)key->code) {
	case WZ_KEY_TAB:
	case WZ_KEY_DOWN:
		move_by(form, 1);
		return WZ_FORM_USED;
	case WZ_KEY_BACKTAB:
	case WZ_KEY_UP:
		move_by(form, -1);
		return WZ_FORM_USED;
	case WZ_KEY_ENTER:
		move_by(form, 1); /* of a field: to the next one */
		return WZ_FORM_USED;
	default:
		return WZ_FORM_UNUSED;
	}
}

/* Buttons stand from left to right: Back, the page's own, Next. */
static enum wz_form_result button_key(struct wz_form *form, const struct wz_key *key)
{
	if (key->code == WZ_KEY_ENTER) {
		return key->is_in_burst ? WZ_FORM_USED : press(form);
	}
	if (key->code == WZ_KEY_RIGHT || key->code == WZ_KEY_LEFT) {
		move_by(form, key->code == WZ_KEY_RIGHT ? 1 : -1);
		return WZ_FORM_USED;
	}
	return move_key(form, key);
}

/* A page that is only read scrolls by these wherever the focus is. */
static enum wz_form_result scroll_key(struct wz_form *form, const struct wz_key *key)
{
	int most = form->content_rows - form->body_rows;
	int to = form->scroll;

	if (key->code == WZ_KEY_PAGE_DOWN) {
		to += form->body_rows - 1;
	} else if (key->code == WZ_KEY_PAGE_UP) {
		to -= form->body_rows - 1;
	} else {
		return WZ_FORM_UNUSED;
	}
	to = to > most ? most : to;
	form->scroll = to > 0 ? to : 0;
	wz_touch(form->wz);
	return WZ_FORM_USED;
}

enum wz_form_result wz_form_key(struct wz_form *form, const struct wz_key *key)
{
	struct wz_widget *widget;
	enum wz_form_result result;

	wz_form_settle(form);
	widget = wz_form_widget(form);
	form->is_awake |= key->code != WZ_KEY_ENTER;
	if (widget) {
		result = widget->class->key(widget, key) ? WZ_FORM_USED : move_key(form, key);
	} else {
		result = button_key(form, key);
	}
	return result == WZ_FORM_UNUSED ? scroll_key(form, key) : result;
}
