/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One field of plain mode. */
#include "config.h"

#include "wizard/plain_field.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "wizard/field.h"
#include "wizard/list.h"
#include "wizard/plain_lines.h"
#include "wizard/tree.h"

/* Rows of a list or tree that are printed at once. */
#define PAGE_ROWS 20

char *wz_plain_answer(const void *ctx, struct wz *wz)
{
	struct gb_secret *line = wz_plain_read(NULL, wz, false);
	char *text = line ? gb_text_trim(ctx, gb_secret_bytes(line)) : NULL;

	talloc_free(line);
	return text;
}

size_t wz_plain_number(const char *text, size_t max)
{
	char *end;
	unsigned long number;

	if (text[0] < '0' || text[0] > '9') {
		return 0;
	}
	number = strtoul(text, &end, 10);
	return *end == '\0' && number <= max ? number : 0;
}

static void print_row(const struct wz_row *row)
{
	void *tmp = gb_new_tmp(NULL);

	printf("%-4s %s%s%s\n", row->mark ? row->mark : "", gb_text_display(tmp, row->text),
	       row->note ? "  " : "", row->note ? gb_text_display(tmp, row->note) : "");
	talloc_free(tmp);
}

static void show_list(struct wz *wz, const struct wz_list *list, bool is_numbered)
{
	size_t count = wz_list_count(wz, list);
	size_t shown = count < PAGE_ROWS ? count : PAGE_ROWS;

	if (count == 0 && list->nothing) {
		wz_plain_print(list->nothing(wz));
	}
	for (size_t i = 0; i < shown; i++) {
		void *tmp = gb_new_tmp(NULL);
		struct wz_row row = {.text = ""};

		wz_list_row(tmp, wz, list, i, &row);
		if (is_numbered) {
			printf("%3zu) ", i + 1);
		}
		print_row(&row);
		talloc_free(tmp);
	}
	if (shown < count) {
		printf(P_("(%zu more row)\n", "(%zu more rows)\n", count - shown), count - shown);
	}
}

bool wz_plain_is_asked(struct wz *wz, const struct wz_field *field)
{
	if (!wz_field_is_shown(wz, field)) {
		return false;
	}
	switch (field->kind) {
	case WZ_TEXT:
	case WZ_NUMBER:
	case WZ_DN:
	case WZ_SECRET:
	case WZ_CHOICE:
	case WZ_FLAGS:
	case WZ_CHECK:
	case WZ_TREE:
		return true;
	case WZ_LIST:
		return field->list->open || field->list->toggle || field->name;
	case WZ_END:
	case WZ_NOTE:
	case WZ_HEADING:
	case WZ_STEPS:
	case WZ_ACTION:
		break;
	}
	return false;
}

void wz_plain_show(struct wz *wz, const struct wz_field *field)
{
	char *live;

	if (!wz_field_is_shown(wz, field)) {
		return;
	}
	live = field->live ? field->live(NULL, wz) : NULL;
	if (field->kind == WZ_NOTE || field->kind == WZ_HEADING) {
		wz_plain_print(live ? live : field->text ? _(field->text) : "");
	} else if (field->kind == WZ_STEPS || field->kind == WZ_LIST) {
		show_list(wz, field->list, false);
	}
	talloc_free(live);
}

static void print_help(const struct wz_field *field)
{
	char *rule = wz_field_rule(NULL, field);

	wz_plain_print(wz_field_help(field));
	wz_plain_print(rule);
	puts(_("Enter keeps what is in brackets, - empties it, < goes back, > goes on to the next "
	       "page. Ctrl-C ends; the draft is kept."));
	talloc_free(rule);
}

static void print_options(struct wz *wz, const struct wz_field *field)
{
	const char *value = wz_value(wz, field->name);
	struct wz_option option;

	for (size_t i = 0; wz_field_option(field, i, &option); i++) {
		bool is_on = field->kind == WZ_FLAGS ? wz_has(wz, field->name, option.word)
						     : strcmp(value, option.word) == 0;

		printf("%3zu) %s%s\n", i + 1, option.label, is_on ? _(" (now)") : "");
	}
}

/* "[now]", as the answer would be typed. A list that only opens its rows has no value. */
static void print_now(struct wz *wz, const struct wz_field *field)
{
	char *shown;

	if (!field->name) {
		return;
	}
	shown = gb_text_display(NULL, wz_value(wz, field->name));
	if (field->kind == WZ_SECRET) {
		printf("%s", wz_secret(wz, field->name) ? _(" [set, not shown]") : "");
	} else if (shown[0] != '\0') {
		printf(" [%s]", shown);
	}
	talloc_free(shown);
}

static void print_tree(struct wz *wz, struct wz_tree *tree, const char *value)
{
	size_t rows = tree ? wz_tree_rows(tree) : 0;

	(void)wz;
	for (size_t i = 0; i < rows && i < 10 * PAGE_ROWS; i++) {
		unsigned depth;
		const struct wz_node *node = wz_tree_row(tree, i, &depth);
		void *tmp = gb_new_tmp(NULL);

		printf("%3zu) %*s%s %s%s%s\n", i + 1, (int)depth * 2, "",
		       node->is_open                                 ? "-"
		       : node->state == WZ_NODE_READ && !node->first ? " "
		       : node->state == WZ_NODE_FAILED               ? "?"
								     : "+",
		       gb_text_display(tmp, node->label),
		       gb_text_equal_nocase(node->value, value) ? _(" (now)") : "",
		       node->note ? gb_printf(tmp, "  %s", gb_text_display(tmp, node->note)) : "");
		talloc_free(tmp);
	}
	puts(_("A number chooses; + and a number opens or closes; / and a text finds."));
}

static void print_question(struct wz *wz, const struct wz_field *field)
{
	const char *unit = wz_field_unit(field);
	char *live = field->live ? field->live(NULL, wz) : NULL;

	printf("\n%s", wz_field_label(field));
	if (unit[0] != '\0') {
		printf(" (%s)", unit);
	}
	printf("\n");
	if (live) {
		wz_plain_print(live);
	} else if (field->text) {
		wz_plain_print(_(field->text));
	}
	if (field->kind == WZ_CHOICE || field->kind == WZ_FLAGS) {
		print_options(wz, field);
	} else if (field->kind == WZ_TREE) {
		print_tree(wz, field->tree->get(wz), wz_value(wz, field->name));
	} else if (field->kind == WZ_LIST) {
		show_list(wz, field->list, true);
	}
	print_now(wz, field);
	printf(" > ");
}

/* Taking an answer ---------------------------------------------------------------------------- */

static enum wz_plain_way take_value(struct wz *wz, const struct wz_field *field, const char *text)
{
	struct gb_err err;

	gb_err_clear(&err);
	if (wz_field_check(wz, field, text, &err) != GB_OK) {
		wz_say_err(wz, &err);
		return WZ_PLAIN_AGAIN;
	}
	wz_set(wz, field->name, text);
	return WZ_PLAIN_ON;
}

/* A number, or the word itself. */
static enum wz_plain_way take_choice(struct wz *wz, const struct wz_field *field, const char *text)
{
	size_t number = wz_plain_number(text, wz_field_option_count(field));
	struct wz_option option = {.word = text};

	if (number > 0) {
		wz_field_option(field, number - 1, &option);
	}
	return take_value(wz, field, option.word);
}

/* Numbers switch a box; several are separated by blanks. Words replace all. */
static enum wz_plain_way take_flags(struct wz *wz, const struct wz_field *field, const char *text)
{
	size_t number = wz_plain_number(text, wz_field_option_count(field));
	struct wz_option option;
	enum wz_plain_way way;
	char *toggled;

	if (number == 0) {
		return take_value(wz, field, text);
	}
	wz_field_option(field, number - 1, &option);
	toggled = wz_field_toggled(NULL, field, wz_value(wz, field->name), option.word);
	way = take_value(wz, field, toggled);
	talloc_free(toggled);
	return way == WZ_PLAIN_ON ? WZ_PLAIN_AGAIN : way;
}

static enum wz_plain_way take_check(struct wz *wz, const struct wz_field *field, const char *text)
{
	if (gb_text_equal_nocase(text, "y") || gb_text_equal_nocase(text, _("y"))) {
		text = wz_field_check_word(field, true);
	} else if (gb_text_equal_nocase(text, "n") || gb_text_equal_nocase(text, _("n"))) {
		text = wz_field_check_word(field, false);
	}
	return take_value(wz, field, text);
}

static enum wz_plain_way take_list(struct wz *wz, const struct wz_field *field, const char *text)
{
	size_t number = wz_plain_number(text, wz_list_count(wz, field->list));

	if (number == 0) {
		return field->name ? take_value(wz, field, text) : WZ_PLAIN_AGAIN;
	}
	if (field->list->toggle) {
		field->list->toggle(wz, number - 1);
		return WZ_PLAIN_AGAIN;
	}
	field->list->open(wz, number - 1);
	return WZ_PLAIN_ON;
}

static void open_or_close(struct wz *wz, const struct wz_field *field, struct wz_node *node)
{
	if (node->is_open) {
		wz_tree_open(field->tree->get(wz), node, false);
	} else {
		wz_tree_open(field->tree->get(wz), node, true);
		if (node->state == WZ_NODE_UNREAD || node->state == WZ_NODE_FAILED) {
			field->tree->open(wz, node);
		}
	}
}

static struct wz_node *numbered_node(struct wz *wz, const struct wz_field *field, const char *text)
{
	struct wz_tree *tree = field->tree->get(wz);
	size_t number = tree ? wz_plain_number(text, wz_tree_rows(tree)) : 0;
	unsigned depth;

	return number > 0 ? wz_tree_row(tree, number - 1, &depth) : NULL;
}

static enum wz_plain_way take_tree(struct wz *wz, const struct wz_field *field, const char *text)
{
	struct wz_node *node = numbered_node(wz, field, text[0] == '+' ? text + 1 : text);

	if (text[0] == '/' && field->tree->find) {
		field->tree->find(wz, text + 1);
		return WZ_PLAIN_AGAIN;
	}
	if (node && text[0] == '+') {
		open_or_close(wz, field, node);
		return WZ_PLAIN_AGAIN;
	}
	if (node && node->unfit) {
		wz_say(wz, WZ_BAD, "%s", node->unfit);
		return WZ_PLAIN_AGAIN;
	}
	return take_value(wz, field, node ? node->value : text);
}

static enum wz_plain_way take(struct wz *wz, const struct wz_field *field, const char *text)
{
	if (field->kind == WZ_CHOICE) {
		return take_choice(wz, field, text);
	}
	if (field->kind == WZ_FLAGS) {
		return take_flags(wz, field, text);
	}
	if (field->kind == WZ_CHECK) {
		return take_check(wz, field, text);
	}
	if (field->kind == WZ_LIST) {
		return take_list(wz, field, text);
	}
	if (field->kind == WZ_TREE) {
		return take_tree(wz, field, text);
	}
	return take_value(wz, field, text);
}

static enum wz_plain_way keep(struct wz *wz, const struct wz_field *field)
{
	return field->name ? take_value(wz, field, wz_value(wz, field->name)) : WZ_PLAIN_ON;
}

static enum wz_plain_way take_line(struct wz *wz, const struct wz_field *field, const char *text)
{
	if (strcmp(text, "?") == 0) {
		print_help(field);
		return WZ_PLAIN_AGAIN;
	}
	if (strcmp(text, "<") == 0) {
		return WZ_PLAIN_BACK;
	}
	if (strcmp(text, ">") == 0) {
		return WZ_PLAIN_SKIP;
	}
	if (text[0] == '\0') {
		return keep(wz, field);
	}
	return take(wz, field, strcmp(text, "-") == 0 ? "" : text);
}

/* A secret may be any text, so only an empty line and "?" alone mean something else. */
static enum wz_plain_way ask_secret(struct wz *wz, const struct wz_field *field)
{
	struct gb_secret *line = wz_plain_read(NULL, wz, true);
	const char *text = line ? gb_secret_bytes(line) : "";
	enum wz_plain_way way = WZ_PLAIN_ON;
	struct gb_err err;

	if (!line) {
		return WZ_PLAIN_END;
	}
	if (strcmp(text, "?") == 0 || strcmp(text, "<") == 0) {
		way = take_line(wz, field, text);
	} else if (text[0] != '\0') {
		wz_set_secret(wz, field->name, gb_secret_new(NULL, text, gb_secret_length(line)));
	}
	talloc_free(line);
	if (way == WZ_PLAIN_ON && wz_field_check(wz, field, "", &err) != GB_OK) {
		wz_say_err(wz, &err);
		way = WZ_PLAIN_AGAIN;
	}
	return way;
}

enum wz_plain_way wz_plain_ask(struct wz *wz, const struct wz_field *field)
{
	const char *blocked = wz_field_blocked(wz, field);
	enum wz_plain_way way;
	char *text;

	if (blocked) {
		printf("\n%s: %s\n", wz_field_label(field), blocked);
		return WZ_PLAIN_ON;
	}
	print_question(wz, field);
	if (field->kind == WZ_SECRET) {
		return ask_secret(wz, field);
	}
	text = wz_plain_answer(NULL, wz);
	way = text ? take_line(wz, field, text) : WZ_PLAIN_END;
	talloc_free(text);
	return way;
}
