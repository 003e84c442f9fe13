/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How things look. */
#include "config.h"

#include "wizard/ui/look.h"

#include <string.h>
#include <wchar.h>

#include "engine/base/buffer.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "wizard/terminal.h"

#define MAX_COMBINING 4

attr_t wz_look_tone(enum wz_tone tone)
{
	bool has_colour = wz_terminal_facts()->has_colour;

	switch (tone) {
	case WZ_GOOD:
		return has_colour ? (attr_t)COLOR_PAIR(WZ_PAIR_GREEN) : A_NORMAL;
	case WZ_WARN:
		return A_BOLD | (has_colour ? (attr_t)COLOR_PAIR(WZ_PAIR_YELLOW) : A_NORMAL);
	case WZ_BAD:
		return A_BOLD | (has_colour ? (attr_t)COLOR_PAIR(WZ_PAIR_RED) : A_NORMAL);
	case WZ_PLAIN:
	case WZ_FAINT:
		break;
	}
	return A_NORMAL;
}

/* A character that the C library has no width for is made visible before it gets here. */
static int width_of(uint32_t c)
{
	int width = wcwidth((wchar_t)c);

	return width < 0 ? 1 : width;
}

int wz_look_cols(const char *text)
{
	int cols = 0;
	uint32_t c;
	size_t size;

	while ((size = gb_text_next(text, &c)) > 0) {
		cols += width_of(c);
		text += size;
	}
	return cols;
}

/* What gb_text_display() let through and this terminal or C library cannot show. */
static bool can_show(uint32_t c)
{
	return c < 0x80 || (!wz_terminal_facts()->is_ascii && wcwidth((wchar_t)c) >= 0);
}

/* Typography that texts of ours may hold, for terminals without it; NULL: none of these. */
static const char *plain_form(uint32_t c)
{
	switch (c) {
	case 0x2026:
		return "...";
	case 0x2013:
	case 0x2014:
		return "-";
	case 0x2018:
	case 0x2019:
		return "'";
	case 0x201c:
	case 0x201d:
	case 0x201e:
		return "\"";
	case 0x2192:
		return "->";
	case 0xa0:
		return " ";
	default:
		return NULL;
	}
}

char *wz_look_safe(const void *ctx, const char *text)
{
	struct gb_buffer *out = gb_buffer_new(ctx);
	char *display = gb_text_display(out, text);
	const char *at = display;
	uint32_t c;
	size_t size;

	while ((size = gb_text_next(at, &c)) > 0) {
		if (can_show(c)) {
			gb_buffer_add(out, at, size);
		} else if (plain_form(c)) {
			gb_buffer_add_text(out, plain_form(c));
		} else {
			gb_buffer_add_format(out, "\\u{%x}", (unsigned)c);
		}
		at += size;
	}
	talloc_free(display);
	return gb_buffer_steal(ctx, out);
}

size_t wz_look_fit(const char *text, int cols, int *ret_cols)
{
	size_t at = 0;
	int used = 0;
	uint32_t c;
	size_t size;

	while ((size = gb_text_next(text + at, &c)) > 0) {
		if (used + width_of(c) > cols) {
			break;
		}
		used += width_of(c);
		at += size;
	}
	*ret_cols = used;
	return at;
}

/* The last blank up to @limit that a line can be broken at; 0: none. */
static size_t last_gap(const char *text, size_t limit)
{
	while (limit > 0 && text[limit] != ' ') {
		limit--;
	}
	return limit;
}

size_t wz_look_wrap(const char *text, int cols, const char **ret_next)
{
	size_t line = strcspn(text, "\n");
	int used;
	size_t fits = wz_look_fit(text, cols, &used);
	size_t gap;

	if (fits >= line) {
		*ret_next = text[line] == '\n' ? text + line + 1 : NULL;
		return line;
	}
	gap = last_gap(text, fits);
	fits = gap > 0 ? gap : fits > 0 ? fits : 1;
	*ret_next = text + fits + strspn(text + fits, " ");
	return fits;
}

/* Line by line, so that \n stays what it is. */
static char *safe_lines(const void *ctx, const char *text)
{
	struct gb_buffer *out = gb_buffer_new(ctx);

	while (*text) {
		size_t length = strcspn(text, "\n");
		char *line = gb_strndup(out, text, length);

		gb_buffer_add_text(out, wz_look_safe(line, line));
		if (text[length] == '\n') {
			gb_buffer_add_char(out, '\n');
			length++;
		}
		text += length;
		talloc_free(line);
	}
	return gb_buffer_steal(ctx, out);
}

/* Walks through safe text line by line; what follows "- " is indented with it. */
struct wrapper {
	const char *next; /* NULL: the end */
	const char *line;
	size_t length;
	int indent;
};

static bool is_item(const char *line)
{
	return line[0] == '-' && line[1] == ' ';
}

static bool next_line(struct wrapper *wrapper, const char *text, int cols)
{
	bool is_first = !wrapper->next || wrapper->next == text || wrapper->next[-1] == '\n';

	if (!wrapper->next) {
		return false;
	}
	wrapper->line = wrapper->next;
	if (is_first) {
		wrapper->indent = 0;
	}
	wrapper->length = wz_look_wrap(wrapper->line, cols - wrapper->indent, &wrapper->next);
	return true;
}

/* Told after a line was used: the lines that it goes on in stand behind its mark. */
static void indent_rest(struct wrapper *wrapper, const char *text)
{
	bool is_first = wrapper->line == text || wrapper->line[-1] == '\n';

	if (is_first && is_item(wrapper->line)) {
		wrapper->indent = 2;
	}
}

int wz_look_lines(const char *text, int cols)
{
	char *safe = safe_lines(NULL, text);
	struct wrapper wrapper = {.next = safe};
	int lines = 0;

	while (next_line(&wrapper, safe, cols)) {
		indent_rest(&wrapper, safe);
		lines++;
	}
	talloc_free(safe);
	return lines;
}

char *wz_look_rest(const void *ctx, const char *text, int cols, int lines)
{
	char *safe = safe_lines(NULL, text);
	struct wrapper wrapper = {.next = safe};
	char *rest;

	while (lines-- > 0 && next_line(&wrapper, safe, cols)) {
		indent_rest(&wrapper, safe);
	}
	rest = gb_strdup(ctx, wrapper.next ? wrapper.next : "");
	for (char *c = rest; *c; c++) {
		*c = *c == '\n' ? ' ' : *c;
	}
	talloc_free(safe);
	return rest;
}

/* Drawing ------------------------------------------------------------------------------------- */

static bool is_visible(const struct wz_canvas *canvas, int row)
{
	return row >= canvas->scroll && row < canvas->scroll + canvas->rows;
}

static int window_row(const struct wz_canvas *canvas, int row)
{
	return canvas->top + row - canvas->scroll;
}

/* One character with what combines with it. Returns the bytes that it takes. */
static size_t put_cluster(WINDOW *window, const char *text, attr_t attributes)
{
	wchar_t wide[1 + MAX_COMBINING + 1] = {0};
	cchar_t cell;
	uint32_t c;
	size_t at = gb_text_next(text, &c);
	size_t count = 1;
	size_t size;

	wide[0] = (wchar_t)c;
	while ((size = gb_text_next(text + at, &c)) > 0 && c >= 0x80 && wcwidth((wchar_t)c) == 0) {
		if (count <= MAX_COMBINING) {
			wide[count++] = (wchar_t)c;
		}
		at += size;
	}
	wide[count] = L'\0';
	if (wcwidth(wide[0]) == 0) {
		return at; /* nothing before it to combine with */
	}
	setcchar(&cell, wide, attributes & ~(attr_t)A_COLOR, (short)PAIR_NUMBER(attributes), NULL);
	wadd_wch(window, &cell);
	return at;
}

static void put_bytes(WINDOW *window, const char *text, size_t length, attr_t attributes)
{
	size_t at = 0;

	while (at < length) {
		at += put_cluster(window, text + at, attributes);
	}
}

static int cut_mark_cols(int width, bool is_cut)
{
	return is_cut && width > 1 ? 1 : 0;
}

int wz_look_put(const struct wz_canvas *canvas, int row, int col, int width, const char *text,
		attr_t attributes)
{
	int room = canvas->cols - col < width ? canvas->cols - col : width;
	char *safe = wz_look_safe(NULL, text);
	bool is_cut = wz_look_cols(safe) > room;
	int used = 0;

	if (room > 0 && is_visible(canvas, row)) {
		size_t length = wz_look_fit(safe, room - cut_mark_cols(room, is_cut), &used);

		wmove(canvas->window, window_row(canvas, row), col);
		put_bytes(canvas->window, safe, length, attributes);
		if (cut_mark_cols(room, is_cut)) {
			put_bytes(canvas->window,
				  wz_terminal_facts()->is_ascii ? ">" : "\xe2\x80\xa6", 1,
				  attributes);
			used++;
		}
	}
	talloc_free(safe);
	return used;
}

void wz_look_fill(const struct wz_canvas *canvas, int row, int col, int width, char c,
		  attr_t attributes)
{
	int room = canvas->cols - col < width ? canvas->cols - col : width;
	char text[2] = {c, '\0'};

	if (!is_visible(canvas, row)) {
		return;
	}
	wmove(canvas->window, window_row(canvas, row), col);
	while (room-- > 0) {
		put_bytes(canvas->window, text, 1, attributes);
	}
}

void wz_look_rule(const struct wz_canvas *canvas, int row, int col, int width)
{
	const char *piece = wz_terminal_facts()->is_ascii ? "-" : "\xe2\x94\x80";

	if (!is_visible(canvas, row)) {
		return;
	}
	wmove(canvas->window, window_row(canvas, row), col);
	for (int i = 0; i < width; i++) {
		put_bytes(canvas->window, piece, 1, A_NORMAL);
	}
}

int wz_look_paragraph(const struct wz_canvas *canvas, int row, int col, int width, const char *text,
		      attr_t attributes)
{
	char *safe = safe_lines(NULL, text);
	struct wrapper wrapper = {.next = safe};
	int rows = 0;

	while (next_line(&wrapper, safe, width)) {
		char *line = gb_strndup(safe, wrapper.line, wrapper.length);

		wz_look_put(canvas, row + rows++, col + wrapper.indent, width - wrapper.indent,
			    line, attributes);
		indent_rest(&wrapper, safe);
	}
	talloc_free(safe);
	return rows;
}
