/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drawing the screen. */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "engine/base/buffer.h"
#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "wizard/asks.h"
#include "wizard/field.h"
#include "wizard/ui/screen_state.h"

/* A window of the size that the screen has now. */
static void fit_window(struct wz_screen *screen)
{
	if (screen->window && getmaxy(screen->window) == LINES && getmaxx(screen->window) == COLS) {
		return;
	}
	if (screen->panel) {
		del_panel(screen->panel);
		delwin(screen->window);
	}
	screen->window = gb_mem_check(newwin(LINES, COLS, 0, 0));
	screen->panel = gb_mem_check(new_panel(screen->window));
	bottom_panel(screen->panel);
}

/* Work that runs -------------------------------------------------------------------------------- */

/* What takes less is no work that anybody waits for. */
#define BUSY_FROM_MS 100
/* What was shown can be read. */
#define BUSY_FOR_MS 1000

const char *wz_screen_busy(struct wz_screen *screen)
{
	int64_t elapsed_ms = 0;
	const char *busy = wz_asks_busy(screen->wz, &elapsed_ms);
	int64_t now_ms = gb_clock_boot_ms();

	if (busy && (screen->busy_line || elapsed_ms >= BUSY_FROM_MS)) {
		screen->busy_since_ms = screen->busy_line ? screen->busy_since_ms : now_ms;
		talloc_free(screen->busy_line);
		screen->busy_line = gb_printf(screen, _("%s %" PRId64 " s. Esc stops."), busy,
					      elapsed_ms / 1000);
	} else if (!busy && now_ms - screen->busy_since_ms >= BUSY_FOR_MS) {
		TALLOC_FREE(screen->busy_line);
	}
	return screen->busy_line;
}

int64_t wz_screen_busy_ms(struct wz_screen *screen)
{
	int64_t elapsed_ms = 0;
	bool is_running = wz_asks_busy(screen->wz, &elapsed_ms) != NULL;
	int64_t rest_ms = screen->busy_since_ms + BUSY_FOR_MS - gb_clock_boot_ms();

	if (is_running) {
		return elapsed_ms < BUSY_FROM_MS ? BUSY_FROM_MS - elapsed_ms
						 : 1000 - elapsed_ms % 1000;
	}
	if (!screen->busy_line) {
		return 0;
	}
	return rest_ms > 1 ? rest_ms : 1;
}

void wz_screen_busy_seen(struct wz_screen *screen)
{
	int64_t elapsed_ms;

	if (!wz_asks_busy(screen->wz, &elapsed_ms)) {
		TALLOC_FREE(screen->busy_line);
	}
}

/* Legend: most needed first --------------------------------------------------------------------- */

static void add_part(struct gb_buffer *legend, const char *part)
{
	if (part) {
		gb_buffer_add_format(legend, "%s%s", legend->length ? "  " : "", part);
	}
}

static const char *focus_legend(struct wz_form *form)
{
	struct wz_widget *widget = wz_form_widget(form);

	if (!widget) {
		return _("Enter Press");
	}
	return widget->class->legend ? widget->class->legend(widget) : NULL;
}

static char *legend_of(const void *ctx, struct wz_screen *screen, struct wz_form *form)
{
	struct gb_buffer *legend = gb_buffer_new(ctx);
	int64_t elapsed_ms;
	const char *busy = wz_asks_busy(screen->wz, &elapsed_ms);
	const struct wz_widget *widget = wz_form_widget(form);
	bool has_words = screen->wz->message.detail != NULL;

	add_part(legend, _("F1 Help"));
	if (screen->find) {
		add_part(legend, _("Enter Search  Ctrl-G Next match  Esc Close"));
		return gb_buffer_steal(ctx, legend);
	}
	add_part(legend, busy ? _("Esc Stop") : NULL);
	add_part(legend, focus_legend(form));
	add_part(legend, has_words ? _("F2 Detail") : NULL);
	add_part(legend, _("F10 Next"));
	add_part(legend, wz_session_can_go_back(screen->wz) ? _("F8 Back") : NULL);
	add_part(legend, !has_words && widget && widget->class->detail ? _("F2 Detail") : NULL);
	add_part(legend, _("Tab Move"));
	add_part(legend, _("Ctrl-X Quit"));
	return gb_buffer_steal(ctx, legend);
}

/* Find stands in the message area. */
static void draw_find(struct wz_screen *screen, const struct wz_frame *frame, struct wz_spot *spot)
{
	struct wz_canvas canvas = {screen->window, frame->message_top, frame->message_rows,
				   frame->cols, 0};
	char *label = gb_printf(NULL, _("Find: %s"), "");
	int col = 1 + wz_look_put(&canvas, 0, 1, frame->cols, label, A_BOLD);
	int used = wz_look_put(&canvas, 0, col, frame->cols - col - 2, wz_entry_text(screen->find),
			       A_UNDERLINE);

	*spot = (struct wz_spot){frame->message_top, col + used};
	talloc_free(label);
}

/* About what has the focus: its help, where there is room for all of it. */
static const char *hint_of(const struct wz_frame *frame, struct wz_form *form)
{
	struct wz_widget *widget = wz_form_widget(form);
	const char *help = widget ? wz_field_help(widget->field) : "";

	return frame->has_rules || wz_look_lines(help, frame->cols - 2) == 1 ? help : "";
}

static void draw_page(struct wz_screen *screen, struct wz_spot *spot)
{
	struct wz_form *form = wz_screen_form(screen);
	const char *busy = wz_screen_busy(screen);
	struct wz_frame frame =
		wz_frame_lay_out(LINES, COLS, wz_frame_message_lines(screen->wz, busy, COLS));
	char *legend = legend_of(NULL, screen, form);
	WINDOW *body = derwin(screen->window, frame.body_rows, frame.cols - frame.body_left,
			      frame.body_top, frame.body_left);
	struct wz_spot inside = {-1, 0};

	wz_frame_draw_title(&frame, screen->window, screen->wz);
	wz_form_draw_body(form, gb_mem_check(body), 0, frame.body_rows,
			  frame.cols - frame.body_left, &inside);
	delwin(body);
	if (inside.row >= 0) {
		*spot = (struct wz_spot){inside.row + frame.body_top, inside.col + frame.body_left};
	}
	if (screen->find) {
		draw_find(screen, &frame, spot);
	} else {
		wz_frame_draw_message(&frame, screen->window, screen->wz, busy,
				      hint_of(&frame, form));
	}
	if (wz_form_has_more(form)) {
		wz_frame_draw_more(&frame, screen->window);
	}
	wz_form_draw_buttons(form, screen->window, frame.button_row, frame.cols, spot);
	wz_frame_draw_legend(&frame, screen->window, legend);
	talloc_free(legend);
}

/*
 * The window that owns the cursor must be the last one that ncurses hears of: panels are told from the
 * bottom to the top, so it is the topmost pop-up or, without one, the page.
 */
void wz_screen_draw(struct wz_screen *screen)
{
	struct wz_spot spot = {0, 0};

	screen->is_dirty = false;
	fit_window(screen);
	werase(screen->window);
	if (wz_frame_is_too_small(LINES, COLS)) {
		wz_frame_draw_too_small(screen->window, LINES, COLS, &spot);
		top_panel(screen->panel);
	} else {
		bottom_panel(screen->panel);
		draw_page(screen, &spot);
		for (size_t i = 0; i < screen->popup_count; i++) {
			wz_popup_draw(screen->popups[i]);
			top_panel(screen->popups[i]->panel);
		}
	}
	wmove(screen->window, spot.row, spot.col);
	update_panels();
	doupdate();
}
