/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pop-ups. */
#include "config.h"

#include "wizard/ui/popup.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "wizard/ui/look.h"
#include "wizard/ui/scroll.h"

#define MAX_COLS  80
#define EDGE_COLS 2
#define BUTTON_GAP 3

static int close_popup(struct wz_popup *popup)
{
	if (popup->panel) {
		del_panel(popup->panel);
		delwin(popup->window);
	}
	return 0;
}

struct wz_popup *wz_popup_new(const void *ctx, struct wz *wz, const char *title, const char *text)
{
	struct wz_popup *popup = gb_new(ctx, struct wz_popup);

	popup->wz = wz;
	popup->title = gb_strdup(popup, title);
	popup->text = gb_strdup(popup, text);
	talloc_set_destructor(popup, close_popup);
	return popup;
}

void wz_popup_button(struct wz_popup *popup, const char *label)
{
	if (popup->button_count < WZ_POPUP_MAX_BUTTONS) {
		popup->buttons[popup->button_count++] = label;
	}
}

void wz_popup_typed(struct wz_popup *popup, const char *needed)
{
	popup->needed = needed;
	popup->entry = wz_entry_new(popup);
	popup->is_in_entry = true;
}

/* Size ----------------------------------------------------------------------------------------- */

struct box {
	int rows;
	int cols;
	int button_rows; /* 1, or one each where a row has no room for all */
	int text_rows;   /* lines of text that are visible */
	int text_lines;  /* all of them */
};

static char *button_text(const void *ctx, const struct wz_popup *popup, size_t i)
{
	return gb_printf(ctx, "< %s >", popup->button_count ? popup->buttons[i] : _("Close"));
}

static size_t button_count(const struct wz_popup *popup)
{
	return popup->button_count ? popup->button_count : 1;
}

/* No button is cut: what it says is what somebody agrees to. */
static int button_rows(const struct wz_popup *popup, int cols)
{
	int used = EDGE_COLS;

	for (size_t i = 0; i < button_count(popup); i++) {
		char *text = button_text(NULL, popup, i);

		used += wz_look_cols(text) + (i > 0 ? BUTTON_GAP : 0);
		talloc_free(text);
	}
	return used <= cols ? 1 : (int)button_count(popup);
}

/* A title, a blank, the text, a blank, an entry, a row of buttons, and edges above and below. */
static struct box measure(const struct wz_popup *popup)
{
	int cols = COLS < MAX_COLS ? COLS : MAX_COLS;
	struct box box = {.cols = cols, .button_rows = button_rows(popup, cols)};
	int around = (LINES < 16 ? 3 : 5) + box.button_rows + (popup->entry ? 1 : 0);

	box.text_lines = wz_look_lines(popup->text, cols - 2 * EDGE_COLS);
	box.text_rows = box.text_lines;
	if (box.text_rows + around > LINES) {
		box.text_rows = LINES - around;
	}
	box.text_rows = box.text_rows > 1 ? box.text_rows : 1;
	box.rows = box.text_rows + around;
	return box;
}

static void place(struct wz_popup *popup, const struct box *box)
{
	int row = (LINES - box->rows) / 2;
	int col = (COLS - box->cols) / 2;

	row = row > 0 ? row : 0;
	if (popup->window && getmaxy(popup->window) == box->rows &&
	    getmaxx(popup->window) == box->cols && getbegy(popup->window) == row &&
	    getbegx(popup->window) == col) {
		return;
	}
	close_popup(popup);
	popup->window = gb_mem_check(newwin(box->rows, box->cols, row, col));
	popup->panel = gb_mem_check(new_panel(popup->window));
}

/* Drawing -------------------------------------------------------------------------------------- */

static void draw_edges(const struct wz_popup *popup, const struct wz_canvas *canvas,
		       const struct box *box)
{
	char *title = gb_printf(NULL, " %s ", popup->title);
	int rule = box->cols;

	wz_look_rule(canvas, 0, 0, rule);
	wz_look_rule(canvas, box->rows - 1, 0, rule);
	wmove(popup->window, 0, EDGE_COLS);
	wz_look_put(canvas, 0, EDGE_COLS, box->cols - 2 * EDGE_COLS, title, A_BOLD);
	talloc_free(title);
}

static void draw_text(struct wz_popup *popup, const struct wz_canvas *canvas, const struct box *box,
		      int top)
{
	struct wz_canvas part = *canvas;

	part.top = top;
	part.rows = box->text_rows;
	part.scroll = (int)popup->at;
	wz_look_paragraph(&part, 0, EDGE_COLS, box->cols - 2 * EDGE_COLS, popup->text, A_NORMAL);
	if (box->text_lines > box->text_rows) {
		char *place = gb_printf(NULL, _(" %d-%d of %d lines "), (int)popup->at + 1,
					(int)popup->at + box->text_rows, box->text_lines);

		wz_look_put(canvas, box->rows - 1, EDGE_COLS, box->cols, place, A_NORMAL);
		talloc_free(place);
	}
}

static struct wz_spot draw_buttons(const struct wz_popup *popup, const struct wz_canvas *canvas,
				   int row, bool is_stacked)
{
	struct wz_spot spot = {row, EDGE_COLS};
	int col = EDGE_COLS;

	for (size_t i = 0; i < button_count(popup); i++) {
		bool has_focus = i == popup->button && !popup->is_in_entry;
		char *text = button_text(NULL, popup, i);
		int used;

		if (has_focus) {
			spot = (struct wz_spot){row, col + 2};
			wz_look_put(canvas, row, col - 1, 1, ">", A_BOLD);
		}
		used = wz_look_put(canvas, row, col, canvas->cols - col, text,
				   has_focus ? A_REVERSE : A_NORMAL);
		col += is_stacked ? 0 : used + BUTTON_GAP;
		row += is_stacked;
		talloc_free(text);
	}
	return spot;
}

static struct wz_spot draw_entry(const struct wz_popup *popup, const struct wz_canvas *canvas,
				 int row)
{
	const char *text = wz_entry_text(popup->entry);
	int used;

	wz_look_put(canvas, row, EDGE_COLS - 1, 1, popup->is_in_entry ? ">" : " ", A_BOLD);
	wz_look_put(canvas, row, EDGE_COLS, 1, "[", A_NORMAL);
	wz_look_fill(canvas, row, EDGE_COLS + 1, 20, ' ', A_UNDERLINE);
	used = wz_look_put(canvas, row, EDGE_COLS + 1, 20, text, A_UNDERLINE);
	wz_look_put(canvas, row, EDGE_COLS + 21, 1, "]", A_NORMAL);
	return (struct wz_spot){row, EDGE_COLS + 1 + used};
}

void wz_popup_draw(struct wz_popup *popup)
{
	struct box box = measure(popup);
	struct wz_canvas canvas = {.rows = box.rows, .cols = box.cols};
	bool is_tight = LINES < 16;
	struct wz_spot spot;
	int row;

	place(popup, &box);
	if (popup->at + (size_t)box.text_rows > (size_t)box.text_lines) {
		popup->at = (size_t)(box.text_lines - box.text_rows);
	}
	canvas.window = popup->window;
	werase(popup->window);
	draw_edges(popup, &canvas, &box);
	draw_text(popup, &canvas, &box, is_tight ? 1 : 2);
	row = box.rows - 1 - box.button_rows - (is_tight ? 0 : 1);
	spot = draw_buttons(popup, &canvas, row, box.button_rows > 1);
	if (popup->entry) {
		struct wz_spot entry = draw_entry(popup, &canvas, row - 1);

		spot = popup->is_in_entry ? entry : spot;
	}
	wmove(popup->window, spot.row, spot.col);
}

/* Keys ----------------------------------------------------------------------------------------- */

static void move_focus(struct wz_popup *popup, int by)
{
	size_t count = popup->button_count ? popup->button_count : 1;
	size_t places = count + (popup->entry != NULL);
	size_t here = popup->is_in_entry ? count : popup->button;

	here = (here + places + (size_t)(by + (int)places)) % places;
	popup->is_in_entry = popup->entry && here == count;
	popup->button = popup->is_in_entry ? 0 : here;
}

static bool scroll_text(struct wz_popup *popup, const struct wz_key *key)
{
	struct box box = measure(popup);
	size_t count = (size_t)(box.text_lines - box.text_rows) + 1;

	return !popup->is_in_entry && wz_scroll_key(key, count, box.text_rows, &popup->at);
}

/* All of the text was seen, and what must be typed is there. */
static bool can_press(struct wz_popup *popup)
{
	struct box box = measure(popup);

	if (popup->button == 0) {
		return true;
	}
	if (popup->at + (size_t)box.text_rows < (size_t)box.text_lines) {
		popup->at += (size_t)box.text_rows;
		return false;
	}
	return !popup->needed || strcmp(wz_entry_text(popup->entry), popup->needed) == 0;
}

static int enter(struct wz_popup *popup, const struct wz_key *key)
{
	if (popup->is_in_entry) {
		move_focus(popup, 1);
		return -1;
	}
	return !key->is_in_burst && can_press(popup) ? (int)popup->button : -1;
}

int wz_popup_key(struct wz_popup *popup, const struct wz_key *key)
{
	if (key->code == WZ_KEY_ESC) {
		return 0;
	}
	if (key->code == WZ_KEY_ENTER) {
		return enter(popup, key);
	}
	if (popup->is_in_entry && wz_entry_key(popup->entry, key) != WZ_ENTRY_UNUSED) {
		return -1;
	}
	if (key->code == WZ_KEY_TAB || key->code == WZ_KEY_RIGHT) {
		move_focus(popup, 1);
	} else if (key->code == WZ_KEY_BACKTAB || key->code == WZ_KEY_LEFT) {
		move_focus(popup, -1);
	} else {
		scroll_text(popup, key);
	}
	return -1;
}
