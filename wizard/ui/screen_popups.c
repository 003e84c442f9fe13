/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pop-ups of the screen: help, details, questions, quitting. */
#include "config.h"

#include <string.h>

#include "engine/base/buffer.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "wizard/field.h"
#include "wizard/ui/screen_state.h"

void wz_screen_open(struct wz_screen *screen, struct wz_popup *popup)
{
	if (screen->popup_count == WZ_SCREEN_MAX_POPUPS) {
		talloc_free(popup);
		return;
	}
	screen->popups[screen->popup_count++] = talloc_steal(screen, popup);
	screen->is_dirty = true;
}

void wz_screen_close(struct wz_screen *screen, size_t i)
{
	struct wz_popup *popup = screen->popups[--screen->popup_count];
	void (*pressed)(struct wz *, size_t) = popup->pressed;

	talloc_free(popup);
	screen->is_dirty = true;
	if (pressed) {
		pressed(screen->wz, i);
	}
}

void wz_screen_open_text(struct wz_screen *screen, const char *title, const char *text)
{
	wz_screen_open(screen, wz_popup_new(screen, screen->wz, title, text));
}

/* Questions ------------------------------------------------------------------------------------ */

static void question_pressed(struct wz *wz, size_t i)
{
	wz_session_answer(wz, i == 1);
}

static void drop_question(struct wz_screen *screen)
{
	for (size_t i = 0; i < screen->popup_count; i++) {
		if (screen->popups[i]->pressed == question_pressed) {
			talloc_free(screen->popups[i]);
			memmove(&screen->popups[i], &screen->popups[i + 1],
				(screen->popup_count - i - 1) * sizeof(screen->popups[0]));
			screen->popup_count--;
			return;
		}
	}
}

void wz_screen_open_question(struct wz_screen *screen)
{
	const struct wz_question *question = &screen->wz->pending->question;
	struct wz_popup *popup;

	drop_question(screen);
	popup = wz_popup_new(screen, screen->wz, _(wz_session_page(screen->wz)->title),
			     question->text);
	wz_popup_button(popup, gb_strdup(popup, _(question->keep)));
	wz_popup_button(popup, gb_strdup(popup, question->agree));
	if (question->typed) {
		wz_popup_typed(popup, gb_strdup(popup, question->typed));
	}
	popup->pressed = question_pressed;
	wz_screen_open(screen, popup);
}

/* Quit ------------------------------------------------------------------------------------------ */

static void quit(struct wz *wz)
{
	wz_end(wz, gb_rc_exit_code(GB_E_CANCELLED), NULL);
}

static void quit_pressed(struct wz *wz, size_t i)
{
	if (i == 1) {
		quit(wz);
	}
}

void wz_screen_open_quit(struct wz_screen *screen)
{
	size_t count = screen->popup_count;
	struct wz_popup *popup;

	if (count > 0 && screen->popups[count - 1]->pressed == quit_pressed) {
		quit(screen->wz);
		return;
	}
	popup = wz_popup_new(screen, screen->wz, _("Quit the setup?"),
			     _("The draft is kept, without passwords, and offered at the next "
			       "start. Nothing else is changed."));
	wz_popup_button(popup, _("Stay"));
	wz_popup_button(popup, _("Quit"));
	popup->pressed = quit_pressed;
	wz_screen_open(screen, popup);
}

/* Help ------------------------------------------------------------------------------------------ */

static const char *const keys_help =
	N_("Tab, Shift-Tab   next, previous field or button\n"
	   "Arrows, Page     inside lists, choices, trees, texts\n"
	   "Space            marks or chooses\n"
	   "Enter            presses a button, opens a line; else the next field\n"
	   "F10 or Alt-N     Next            F8 or Alt-B   Back\n"
	   "F1 or ?          this help       F2 or Ctrl-D  all about a message\n"
	   "/ or F3          finds in lists and trees; Ctrl-G finds again\n"
	   "Ctrl-T           tests           Ctrl-R        old value, reload\n"
	   "Ctrl-U, W, K     clear field, word, to the end\n"
	   "Ctrl-A, E        begin, end of a field\n"
	   "Esc              stops a wait, closes a window; discards nothing\n"
	   "Ctrl-X, Ctrl-C   quit, with a question; the draft is kept\n"
	   "Ctrl-Z, Ctrl-L   suspend, draw again\n"
	   "Alt-1 ... Alt-0  are F1 ... F10");

static void add_field_help(struct gb_buffer *text, const struct wz_field *field)
{
	char *rule = wz_field_rule(text, field);

	gb_buffer_add_format(text, "\n\n%s\n%s", wz_field_label(field), wz_field_help(field));
	if (rule[0] != '\0') {
		gb_buffer_add_format(text, "\n%s", rule);
	}
}

void wz_screen_open_help(struct wz_screen *screen)
{
	const struct wz_page *page = wz_session_page(screen->wz);
	struct wz_widget *widget = wz_form_widget(wz_screen_form(screen));
	struct gb_buffer *text = gb_buffer_new(NULL);

	gb_buffer_add_text(text, page->help ? _(page->help) : "");
	if (widget) {
		add_field_help(text, widget->field);
	}
	gb_buffer_add_format(text, "\n\n%s\n%s", _("Keys"), _(keys_help));
	gb_buffer_add_format(
		text, "\n\n%s\n%s", _("Files"),
		_("The configuration is /etc/groupback/groupback.conf, what was done is in "
		  "the system's log (journalctl -u groupback) and in "
		  "/var/lib/groupback."));
	wz_screen_open_text(screen, _("Help"), text->text);
	talloc_free(text);
}
