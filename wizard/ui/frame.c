/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The frame around a page. */
#include "config.h"

#include "wizard/ui/frame.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"

#define FULL_ROWS      24
#define STEP_LIST_COLS 100
#define STEP_COLS      28

bool wz_frame_is_too_small(int rows, int cols)
{
	return rows < WZ_FRAME_MIN_ROWS || cols < WZ_FRAME_MIN_COLS;
}

struct wz_frame wz_frame_lay_out(int rows, int cols, int message_lines)
{
	bool has_rules = rows >= FULL_ROWS;
	struct wz_frame frame = {
		.rows = rows,
		.cols = cols,
		.has_rules = has_rules,
		.body_top = has_rules ? 2 : 1,
		.message_rows = has_rules           ? 2
				: message_lines > 1 ? 2
						    : 1,
		.button_row = rows - 2,
		.legend_row = rows - 1,
	};

	/* A page is read across its whole width, unless there is more of it than text needs. */
	frame.body_left = cols >= STEP_LIST_COLS ? STEP_COLS : 0;
	frame.message_top = frame.button_row - frame.message_rows;
	frame.body_rows = frame.message_top - frame.body_top - (has_rules ? 1 : 0);
	return frame;
}

/* Title ---------------------------------------------------------------------------------------- */

static char *step_text(const void *ctx, struct wz *wz, bool is_short)
{
	size_t step;
	size_t steps;

	wz_session_step(wz, &step, &steps);
	if (wz->is_read_only) {
		return gb_strdup(ctx, _("read only"));
	}
	if (step == 0) {
		return gb_strdup(ctx, "");
	}
	return is_short ? gb_printf(ctx, "%zu/%zu", step, steps)
			: gb_printf(ctx, _("Step %zu of %zu"), step, steps);
}

static void draw_steps(const struct wz_frame *frame, WINDOW *window, struct wz *wz)
{
	struct wz_canvas canvas = {window, frame->body_top, frame->body_rows, frame->cols, 0};
	int row = 0;

	for (size_t i = 0; i < wz->page_count; i++) {
		const struct wz_page *page = wz->pages[i];
		bool is_here = i == wz->current;

		if ((page->flags & WZ_UNCOUNTED) ||
		    (!is_here && page->wanted && !page->wanted(wz))) {
			continue;
		}
		wz_look_put(&canvas, row, 1, 2,
			    is_here           ? ">"
			    : i < wz->current ? "OK"
					      : "",
			    A_NORMAL);
		wz_look_put(&canvas, row++, 4, frame->body_left - 6, _(page->title),
			    is_here ? A_BOLD : A_NORMAL);
	}
}

void wz_frame_draw_title(const struct wz_frame *frame, WINDOW *window, struct wz *wz)
{
	struct wz_canvas canvas = {window, 0, frame->rows, frame->cols, 0};
	const char *title = _(wz_session_page(wz)->title);
	char *step = step_text(NULL, wz, wz_look_cols(title) + 16 > frame->cols);
	int step_cols = wz_look_cols(step);
	char *text = frame->has_rules ? gb_printf(step, "groupback-wizard - %s", title)
				      : gb_strdup(step, title);

	wz_look_put(&canvas, 0, frame->has_rules ? 1 : 0, frame->cols - step_cols - 3, text,
		    A_BOLD);
	wz_look_put(&canvas, 0, frame->cols - step_cols - 1, step_cols, step, A_NORMAL);
	if (frame->has_rules) {
		wz_look_rule(&canvas, 1, 0, frame->cols);
		wz_look_rule(&canvas, frame->message_top - 1, 0, frame->cols);
	}
	if (frame->body_left > 0) {
		draw_steps(frame, window, wz);
	}
	talloc_free(step);
}

/* Message ---------------------------------------------------------------------------------------- */

/* Work comes before words; NULL: nothing to say. */
static char *message_of(const void *ctx, const struct wz *wz, const char *busy)
{
	if (busy) {
		return gb_strdup(ctx, busy);
	}
	if (!wz->message.text) {
		return NULL;
	}
	switch (wz->message.tone) {
	case WZ_WARN:
		return gb_printf(ctx, _("Warning: %s"), wz->message.text);
	case WZ_BAD:
		return gb_printf(ctx, _("Error: %s"), wz->message.text);
	case WZ_PLAIN:
	case WZ_GOOD:
	case WZ_FAINT:
		break;
	}
	return gb_strdup(ctx, wz->message.text);
}

int wz_frame_message_lines(const struct wz *wz, const char *busy, int cols)
{
	char *message = message_of(NULL, wz, busy);
	int lines = message ? wz_look_lines(message, cols - 2) : 1;

	talloc_free(message);
	return lines;
}

/* The last row says where the rest is. */
static void draw_cut(const struct wz_canvas *canvas, int width, const char *message, attr_t tone)
{
	const char *more = _("F2 shows it all.");
	int more_cols = wz_look_cols(more);
	int last = canvas->rows - 1;
	char *rest = wz_look_rest(NULL, message, width, last);
	struct wz_canvas above = *canvas;

	above.rows = last;
	wz_look_paragraph(&above, 0, 1, width, message, tone);
	wz_look_put(canvas, last, 1, width - more_cols - 2, rest, tone);
	wz_look_put(canvas, last, 1 + width - more_cols, more_cols, more, A_BOLD);
	talloc_free(rest);
}

void wz_frame_draw_message(const struct wz_frame *frame, WINDOW *window, const struct wz *wz,
			   const char *busy, const char *hint)
{
	struct wz_canvas canvas = {window, frame->message_top, frame->message_rows, frame->cols, 0};
	char *message = message_of(NULL, wz, busy);
	attr_t tone = wz_look_tone(busy ? WZ_PLAIN : wz->message.tone);
	int width = frame->cols - 2;

	if (!message) {
		wz_look_paragraph(&canvas, 0, 1, width, hint, A_NORMAL);
	} else if (wz_look_lines(message, width) > frame->message_rows) {
		draw_cut(&canvas, width, message, tone);
	} else {
		wz_look_paragraph(&canvas, 0, 1, width, message, tone);
	}
	talloc_free(message);
}

/* In the rule below the page; without rules the button, which reads More, says it alone. */
void wz_frame_draw_more(const struct wz_frame *frame, WINDOW *window)
{
	struct wz_canvas canvas = {window, 0, frame->rows, frame->cols, 0};
	const char *text = _(" more below ");
	int cols = wz_look_cols(text);

	if (frame->has_rules) {
		wz_look_put(&canvas, frame->message_top - 1, frame->cols - cols - 3, cols, text,
			    A_BOLD);
	}
}

/* Legend ----------------------------------------------------------------------------------------- */

void wz_frame_draw_legend(const struct wz_frame *frame, WINDOW *window, const char *parts)
{
	struct wz_canvas canvas = {window, frame->legend_row, 1, frame->cols, 0};
	int col = frame->has_rules ? 1 : 0;

	while (*parts) {
		const char *end = strstr(parts, "  ");
		size_t length = end ? (size_t)(end - parts) : strlen(parts);
		char *part = gb_strndup(NULL, parts, length);
		int cols = wz_look_cols(part);

		/* The last cell of a terminal stays free: some would scroll. */
		if (col + cols < frame->cols) {
			col += wz_look_put(&canvas, 0, col, cols, part, A_NORMAL) + 2;
		}
		talloc_free(part);
		parts += length + (end ? 2 : 0);
	}
}

void wz_frame_draw_too_small(WINDOW *window, int rows, int cols, struct wz_spot *spot)
{
	struct wz_canvas canvas = {window, 0, rows, cols, 0};
	char *text = gb_printf(NULL,
			       _("Window is %dx%d. This page needs %dx%d. Enlarge it, or p = plain "
				 "questions, q = quit and keep the draft."),
			       cols, rows, WZ_FRAME_MIN_COLS, WZ_FRAME_MIN_ROWS);

	if (wz_look_lines(text, cols) > rows) {
		talloc_free(text);
		text = gb_printf(NULL, _("Needs %dx%d. p plain, q quit."), WZ_FRAME_MIN_COLS,
				 WZ_FRAME_MIN_ROWS);
	}
	wz_look_paragraph(&canvas, 0, 0, cols, text, A_NORMAL);
	*spot = (struct wz_spot){0, 0};
	talloc_free(text);
}
