/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of the screen: to the pop-up on top, to Find, to the page, and those that work everywhere. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <tevent.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "wizard/asks.h"
#include "wizard/field.h"
#include "wizard/terminal.h"
#include "wizard/ui/screen_state.h"

/* An Enter that follows within this time is the same press, held down. */
#define HELD_MS 400

static bool is_f(const struct wz_key *key, unsigned number)
{
	return key->code == WZ_KEY_F && key->character == number;
}

static bool is_ctrl(const struct wz_key *key, char letter)
{
	return key->code == WZ_KEY_CTRL && key->character == (uint32_t)letter;
}

static bool is_typed(const struct wz_key *key, char c)
{
	return key->code == WZ_KEY_CHARACTER && key->character == (uint32_t)c && !key->is_pasted;
}

/* Pages ----------------------------------------------------------------------------------------- */

static void go_next(struct wz_screen *screen)
{
	struct wz_form *form = wz_screen_form(screen);

	if (wz_form_seen_all(form)) {
		wz_form_leave(form);
		wz_next(screen->wz);
		if (form == wz_screen_form(screen) && !screen->wz->is_ending) {
			wz_form_resume(form);
		}
	}
}

static void go_back(struct wz_screen *screen)
{
	struct wz_form *form = wz_screen_form(screen);

	wz_form_leave(form);
	if (!wz_session_back(screen->wz)) {
		wz_form_resume(form);
		wz_say(screen->wz, WZ_PLAIN, _("There is no way back from here."));
	}
}

/* Never what is first on the page: that may create something. */
static bool press_test(struct wz_screen *screen)
{
	struct wz_form *form = wz_screen_form(screen);

	for (size_t i = 0; i < form->count; i++) {
		struct wz_widget *widget = form->widgets[i];

		if ((widget->field->flags & WZ_TESTS) != 0 &&
		    wz_field_is_shown(screen->wz, widget->field)) {
			if (!wz_widget_is_blocked(widget)) {
				widget->field->press(screen->wz);
			}
			return true;
		}
	}
	return false;
}

/* F2: of the row that has the focus, and of the message. */
static void show_detail(struct wz_screen *screen)
{
	void *tmp = gb_new_tmp(NULL);
	struct wz_widget *widget = wz_form_widget(wz_screen_form(screen));
	const struct wz_message *message = &screen->wz->message;
	const char *words = message->detail ? message->detail : message->text;
	const char *row =
		widget && widget->class->detail ? widget->class->detail(tmp, widget) : NULL;

	if (row && words) {
		wz_screen_open_text(screen, _("Detail"), gb_printf(tmp, "%s\n\n%s", row, words));
	} else if (row || words) {
		wz_screen_open_text(screen, _("Detail"), row ? row : words);
	} else {
		wz_say(screen->wz, WZ_PLAIN, _("There is no more to say about this."));
	}
	talloc_free(tmp);
}

/* Find ------------------------------------------------------------------------------------------ */

static bool can_find(struct wz_screen *screen)
{
	struct wz_widget *widget = wz_form_widget(wz_screen_form(screen));

	return widget && widget->class->find;
}

static void find(struct wz_screen *screen, bool is_next)
{
	struct wz_widget *widget = wz_form_widget(wz_screen_form(screen));
	const char *text = wz_entry_text(screen->find);

	if (text[0] != '\0' && !widget->class->find(widget, text, is_next)) {
		wz_say(screen->wz, WZ_PLAIN, _("Nothing here holds that text."));
	}
}

static void close_find(struct wz_screen *screen)
{
	TALLOC_FREE(screen->find);
}

static void find_key(struct wz_screen *screen, const struct wz_key *key)
{
	struct wz_widget *widget = wz_form_widget(wz_screen_form(screen));

	if (!widget || key->code == WZ_KEY_ESC || key->code == WZ_KEY_TAB) {
		close_find(screen);
	} else if (key->code == WZ_KEY_ENTER) {
		if (widget->class->find_far &&
		    widget->class->find_far(widget, wz_entry_text(screen->find))) {
			close_find(screen);
		} else {
			find(screen, true);
		}
	} else if (is_ctrl(key, 'g') || is_f(key, 3) || key->code == WZ_KEY_DOWN) {
		find(screen, true);
	} else if (wz_entry_key(screen->find, key) == WZ_ENTRY_CHANGED) {
		find(screen, false);
	}
}

/* Keys that work everywhere on a page ------------------------------------------------------------ */

static void escape(struct wz_screen *screen)
{
	if (wz_session_stop(screen->wz)) {
		wz_say(screen->wz, WZ_PLAIN, _("Stopped."));
	} else if (wz_session_can_go_back(screen->wz)) {
		wz_say(screen->wz, WZ_PLAIN, _("F8 goes back, Ctrl-X quits."));
	} else {
		wz_say(screen->wz, WZ_PLAIN, _("Ctrl-X quits."));
	}
}

static void redraw(void)
{
	clearok(curscr, TRUE);
}

static bool function_key(struct wz_screen *screen, const struct wz_key *key)
{
	if (is_f(key, 1)) {
		wz_screen_open_help(screen);
	} else if (is_f(key, 2) || is_ctrl(key, 'd')) {
		show_detail(screen);
	} else if (is_f(key, 3) && can_find(screen)) {
		screen->find = wz_entry_new(screen);
	} else if (is_f(key, 8)) {
		go_back(screen);
	} else if (is_f(key, 10)) {
		if ((wz_session_page(screen->wz)->flags & WZ_COMMITS) &&
		    wz_form_seen_all(wz_screen_form(screen))) {
			wz_say(screen->wz, WZ_PLAIN,
			       _("This page is answered by its button: Tab goes there."));
		} else if (!(wz_session_page(screen->wz)->flags & WZ_COMMITS)) {
			go_next(screen);
		}
	} else {
		return false;
	}
	return true;
}

/* Ctrl-O: into the home directory, which is root's own. */
static void save_answers(struct wz_screen *screen)
{
	const char *home = getenv("HOME");
	char *path = gb_printf(NULL, "%s/groupback.answers", home ? home : "");
	struct gb_err err;

	gb_err_clear(&err);
	if (wz_save_answers(screen->wz, path, &err) == GB_OK) {
		wz_say(screen->wz, WZ_GOOD, _("Answers written to %s; no secret is in it."), path);
	} else {
		wz_say_err(screen->wz, &err);
	}
	talloc_free(path);
}

static bool control_key(struct wz_screen *screen, const struct wz_key *key)
{
	if (is_ctrl(key, 'l')) {
		redraw();
	} else if (is_ctrl(key, 'x') || is_ctrl(key, 'c')) {
		wz_screen_open_quit(screen);
	} else if (is_ctrl(key, 'z')) {
		wz_form_leave(wz_screen_form(screen));
		wz_screen_draw(screen);
		wz_terminal_suspend();
		wz_form_resume(wz_screen_form(screen));
		screen->is_dirty = true;
	} else if (is_ctrl(key, 'o')) {
		save_answers(screen);
	} else if (is_ctrl(key, 't')) {
		return press_test(screen);
	} else {
		return false;
	}
	return true;
}

/* Characters that are commands where nothing takes text. */
static bool command_character(struct wz_screen *screen, const struct wz_key *key)
{
	if (is_typed(key, '?')) {
		wz_screen_open_help(screen);
		return true;
	}
	if (is_typed(key, '/') && can_find(screen)) {
		screen->find = wz_entry_new(screen);
		return true;
	}
	return false;
}

static void on_let_go(struct tevent_context *loop, struct tevent_timer *timer, struct timeval now,
		      void *data)
{
	struct wz_screen *screen = data;

	(void)loop;
	(void)timer;
	(void)now;
	screen->held_timer = NULL;
	screen->enter_is_held = false;
}

/* A held Enter turns one page, not all: the next one counts after a pause. */
static bool is_held_enter(struct wz_screen *screen, const struct wz_key *key)
{
	if (key->code != WZ_KEY_ENTER || !screen->enter_is_held) {
		TALLOC_FREE(screen->held_timer);
		screen->enter_is_held = false;
		return false;
	}
	TALLOC_FREE(screen->held_timer);
	screen->held_timer = gb_mem_check(
		tevent_add_timer(screen->wz->loop, screen,
				 tevent_timeval_current_ofs(0, HELD_MS * 1000), on_let_go, screen));
	return true;
}

static void hold_enter(struct wz_screen *screen, const struct wz_key *key, size_t page)
{
	if (key->code == WZ_KEY_ENTER && page != screen->wz->current) {
		struct wz_key again = {.code = WZ_KEY_ENTER};

		screen->enter_is_held = true;
		is_held_enter(screen, &again);
	}
}

/* Esc closes what is open before it means anything else. */
static bool has_open_choice(struct wz_screen *screen)
{
	struct wz_widget *widget = wz_form_widget(wz_screen_form(screen));

	return widget && widget->is_open;
}

static void page_key(struct wz_screen *screen, const struct wz_key *key)
{
	size_t page = screen->wz->current;
	enum wz_form_result result;

	if (is_held_enter(screen, key) || function_key(screen, key)) {
		return;
	}
	if (key->code == WZ_KEY_ESC && !has_open_choice(screen)) {
		escape(screen);
		return;
	}
	result = wz_form_key(wz_screen_form(screen), key);
	if (result == WZ_FORM_NEXT) {
		go_next(screen);
	} else if (result == WZ_FORM_BACK) {
		go_back(screen);
	} else if (result == WZ_FORM_UNUSED && !control_key(screen, key)) {
		command_character(screen, key);
	}
	hold_enter(screen, key, page);
}

/* Pop-ups and small windows ----------------------------------------------------------------------- */

static void popup_key(struct wz_screen *screen, const struct wz_key *key)
{
	struct wz_popup *popup = screen->popups[screen->popup_count - 1];
	int button;

	if (is_ctrl(key, 'l')) {
		redraw();
		return;
	}
	if (is_ctrl(key, 'c')) {
		wz_screen_open_quit(screen);
		return;
	}
	button = wz_popup_key(popup, key);
	if (button >= 0) {
		wz_screen_close(screen, (size_t)button);
	}
}

/* Nothing that was not seen can be answered. */
static void small_window_key(struct wz_screen *screen, const struct wz_key *key)
{
	if (is_typed(key, 'q')) {
		wz_end(screen->wz, gb_rc_exit_code(GB_E_CANCELLED), NULL);
	} else if (is_typed(key, 'p')) {
		screen->is_plain_wanted = true;
	} else if (is_ctrl(key, 'l')) {
		redraw();
	} else if (is_ctrl(key, 'z')) {
		wz_terminal_suspend();
	}
}

static bool takes_paste(struct wz_screen *screen)
{
	struct wz_widget *widget = wz_form_widget(wz_screen_form(screen));

	if (screen->popup_count > 0) {
		return screen->popups[screen->popup_count - 1]->is_in_entry;
	}
	return screen->find || (widget && widget->entry);
}

/* A paste where nothing takes text presses nothing. */
static bool is_stray_paste(struct wz_screen *screen, const struct wz_key *key)
{
	if (key->code == WZ_KEY_PASTE_BEGIN && !takes_paste(screen)) {
		screen->is_pasting = true;
		wz_say(screen->wz, WZ_PLAIN, _("Nothing was pasted: text goes into a text field."));
	}
	if (key->code == WZ_KEY_PASTE_END && screen->is_pasting) {
		screen->is_pasting = false;
		return true;
	}
	return screen->is_pasting;
}

void wz_screen_key(struct wz_screen *screen, const struct wz_key *key)
{
	screen->is_dirty = true;
	if (key->code == WZ_KEY_NOTHING || is_stray_paste(screen, key)) {
		return;
	}
	wz_screen_busy_seen(screen);
	if (wz_frame_is_too_small(LINES, COLS)) {
		small_window_key(screen, key);
	} else if (screen->popup_count > 0) {
		popup_key(screen, key);
	} else if (screen->find) {
		find_key(screen, key);
	} else {
		page_key(screen, key);
	}
}
