/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The screen: one loop for keys, signals, probes and timers. */
#include "config.h"

#include "wizard/ui/screen.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <tevent.h>
#include <unistd.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/secret.h"
#include "wizard/plain.h"
#include "wizard/ui/screen_state.h"

#define READ_BYTES   4096
#define KEEP_SECONDS 2

struct wz_screen *wz_screen_of(struct wz *wz)
{
	return wz->face_data;
}

struct wz_form *wz_screen_form(struct wz_screen *screen)
{
	struct wz_form **form = &screen->forms[screen->wz->current];

	if (!*form) {
		*form = wz_form_new(screen->forms, screen->wz, wz_session_page(screen->wz));
	}
	return *form;
}

/* Face ------------------------------------------------------------------------------------------ */

static void on_keep(struct tevent_context *loop, struct tevent_timer *timer, struct timeval now,
		    void *data)
{
	struct wz_screen *screen = data;

	(void)loop;
	(void)timer;
	(void)now;
	screen->keep_timer = NULL;
	wz_session_keep(screen->wz);
}

static void touched(struct wz *wz)
{
	struct wz_screen *screen = wz_screen_of(wz);

	screen->is_dirty = true;
	if (!screen->keep_timer && wz_draft_is_dirty(wz->draft)) {
		screen->keep_timer = gb_mem_check(tevent_add_timer(
			wz->loop, screen, tevent_timeval_current_ofs(KEEP_SECONDS, 0), on_keep,
			screen));
	}
}

static void turned(struct wz *wz)
{
	struct wz_screen *screen = wz_screen_of(wz);

	TALLOC_FREE(screen->find);
	wz_screen_busy_seen(screen);
	wz_form_enter(wz_screen_form(screen));
	screen->is_dirty = true;
}

static void asked(struct wz *wz)
{
	wz_screen_busy_seen(wz_screen_of(wz));
	wz_screen_open_question(wz_screen_of(wz));
}

static void show(struct wz *wz, const char *title, const char *text)
{
	wz_screen_open_text(wz_screen_of(wz), title, text);
}

static void copy(struct wz *wz, const char *text)
{
	if (wz_terminal_copy(text)) {
		wz_say(wz, WZ_PLAIN,
		       _("Sent to the clipboard of your terminal. If pasting gives something else, "
			 "your terminal does not allow it: mark the text and copy it."));
	} else {
		wz_say(wz, WZ_PLAIN, _("The text is too long for the clipboard of a terminal."));
	}
}

static void focus(struct wz *wz, const struct wz_field *field)
{
	wz_form_focus(wz_screen_form(wz_screen_of(wz)), field);
}

static const struct wz_face face = {
	.turned = turned,
	.said = touched,
	.touched = touched,
	.asked = asked,
	.show = show,
	.copy = copy,
	.focus = focus,
};

/* Input ----------------------------------------------------------------------------------------- */

static void take_keys(struct wz_screen *screen);

static void on_escape(struct tevent_context *loop, struct tevent_timer *timer, struct timeval now,
		      void *data)
{
	struct wz_screen *screen = data;

	(void)loop;
	(void)timer;
	(void)now;
	screen->escape_timer = NULL;
	wz_keys_give_up(screen->keys);
	take_keys(screen);
}

static void take_keys(struct wz_screen *screen)
{
	struct wz_key key;

	TALLOC_FREE(screen->escape_timer);
	while (!screen->wz->is_ending && wz_keys_next(screen->keys, &key)) {
		wz_screen_key(screen, &key);
	}
	if (wz_keys_waiting(screen->keys) > 0 && !screen->wz->is_ending) {
		screen->escape_timer = gb_mem_check(tevent_add_timer(
			screen->wz->loop, screen,
			tevent_timeval_current_ofs(0, (uint32_t)wz_terminal_escape_ms() * 1000),
			on_escape, screen));
	}
}

/* The draft first: nothing that comes after it may fail or wait. */
static _Noreturn void terminal_is_gone(struct wz *wz)
{
	wz_session_keep(wz);
	_exit(gb_rc_exit_code(GB_E_CANCELLED));
}

static void on_input(struct tevent_context *loop, struct tevent_fd *fde, uint16_t flags, void *data)
{
	struct wz_screen *screen = data;
	char bytes[READ_BYTES];
	ssize_t got = read(STDIN_FILENO, bytes, sizeof(bytes));

	(void)loop;
	(void)fde;
	(void)flags;
	if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
		return;
	}
	if (got <= 0) {
		terminal_is_gone(screen->wz);
	}
	wz_keys_feed(screen->keys, bytes, (size_t)got);
	gb_secret_wipe(bytes, (size_t)got);
	screen->bytes_read += (size_t)got;
	take_keys(screen);
}

/* Signals --------------------------------------------------------------------------------------- */

static void on_resize(struct tevent_context *loop, struct tevent_signal *signal_event, int number,
		      int count, void *siginfo, void *data)
{
	(void)loop;
	(void)signal_event;
	(void)number;
	(void)count;
	(void)siginfo;
	wz_terminal_resize();
	((struct wz_screen *)data)->is_dirty = true;
}

static void on_stop(struct tevent_context *loop, struct tevent_signal *signal_event, int number,
		    int count, void *siginfo, void *data)
{
	struct wz_screen *screen = data;
	struct wz_key key = {.code = WZ_KEY_CTRL, .character = 'z'};

	(void)loop;
	(void)signal_event;
	(void)number;
	(void)count;
	(void)siginfo;
	wz_screen_key(screen, &key);
}

static void on_end(struct tevent_context *loop, struct tevent_signal *signal_event, int number,
		   int count, void *siginfo, void *data)
{
	struct wz_screen *screen = data;

	(void)loop;
	(void)signal_event;
	(void)count;
	(void)siginfo;
	if (number == SIGHUP) {
		terminal_is_gone(screen->wz);
	}
	wz_end(screen->wz, gb_rc_exit_code(GB_E_CANCELLED), NULL);
}

static void watch(struct wz_screen *screen)
{
	struct tevent_context *loop = screen->wz->loop;

	gb_mem_check(tevent_add_fd(loop, screen, STDIN_FILENO, TEVENT_FD_READ, on_input, screen));
	gb_mem_check(tevent_add_signal(loop, screen, SIGWINCH, 0, on_resize, screen));
	gb_mem_check(tevent_add_signal(loop, screen, SIGTSTP, 0, on_stop, screen));
	gb_mem_check(tevent_add_signal(loop, screen, SIGTERM, 0, on_end, screen));
	gb_mem_check(tevent_add_signal(loop, screen, SIGINT, 0, on_end, screen));
	gb_mem_check(tevent_add_signal(loop, screen, SIGHUP, 0, on_end, screen));
}

/* Loop ------------------------------------------------------------------------------------------ */

static void on_second(struct tevent_context *loop, struct tevent_timer *timer, struct timeval now,
		      void *data)
{
	struct wz_screen *screen = data;

	(void)loop;
	(void)timer;
	(void)now;
	screen->busy_timer = NULL;
	screen->is_dirty = true;
}

/* While something runs its counter goes on, once a second. */
static void count_seconds(struct wz_screen *screen)
{
	uint32_t rest_ms = (uint32_t)wz_screen_busy_ms(screen);

	if (!screen->busy_timer && rest_ms > 0) {
		screen->busy_timer = gb_mem_check(tevent_add_timer(
			screen->wz->loop, screen,
			tevent_timeval_current_ofs(rest_ms / 1000, rest_ms % 1000 * 1000),
			on_second, screen));
	}
}

static void run_loop(struct wz_screen *screen)
{
	while (!screen->wz->is_ending && !screen->is_plain_wanted) {
		if (screen->is_dirty) {
			wz_screen_draw(screen);
		}
		count_seconds(screen);
		wz_terminal_tell_idle(screen->bytes_read - wz_keys_waiting(screen->keys));
		if (tevent_loop_once(screen->wz->loop) != 0) {
			terminal_is_gone(screen->wz);
		}
	}
}

/* Over SSH, and not inside something that keeps the terminal alive: said once. */
static void hint_at_lost_lines(struct wz *wz)
{
	if (getenv("SSH_CONNECTION") && !getenv("TMUX") && !getenv("STY")) {
		wz_say(wz, WZ_PLAIN,
		       _("If the line drops, run groupback-wizard again: draft and running work "
			 "are kept."));
	}
}

/* From now on nobody looks: questions that still run end with the session, and say so. */
static void close_screen(struct wz_screen *screen)
{
	static const struct wz_face nobody;

	screen->wz->face = &nobody;
	while (screen->popup_count > 0) {
		talloc_free(screen->popups[--screen->popup_count]);
	}
	wz_form_leave(wz_screen_form(screen));
	wz_terminal_stop();
	screen->wz->face_data = NULL;
	talloc_free(screen);
}

bool wz_screen_run(struct wz *wz, const struct wz_terminal_wish *wish)
{
	struct wz_screen *screen;
	bool is_plain_wanted;

	if (!wz_terminal_start(wish)) {
		return false;
	}
	screen = gb_new(wz, struct wz_screen);
	screen->wz = wz;
	screen->forms = gb_new_array(screen, struct wz_form *, wz->page_count);
	screen->keys = wz_keys_new(screen);
	wz_terminal_add_keys(screen->keys);
	wz->face = &face;
	wz->face_data = screen;
	watch(screen);
	wz_terminal_resize();
	wz_session_begin(wz);
	hint_at_lost_lines(wz);
	run_loop(screen);
	is_plain_wanted = screen->is_plain_wanted;
	close_screen(screen);
	if (is_plain_wanted) {
		wz_plain_run(wz, _("Plain questions, as you wished."));
	}
	return true;
}
