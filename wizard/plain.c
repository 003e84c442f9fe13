/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plain line mode: the walk. */
#include "config.h"

#include "wizard/plain.h"

#include <stdio.h>
#include <string.h>
#include <tevent.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "wizard/asks.h"
#include "wizard/field.h"
#include "wizard/list.h"
#include "wizard/plain_field.h"
#include "wizard/plain_lines.h"

struct plain {
	bool has_turned;              /* another page is current */
	const struct wz_field *focus; /* wz_focus() */
	char **verdicts;              /* of the steps of this page, as they were printed last */
};

static struct plain *of(struct wz *wz)
{
	return wz->face_data;
}

/* Face --------------------------------------------------------------------------------------- */

static void turned(struct wz *wz)
{
	of(wz)->has_turned = true;
}

static void said(struct wz *wz)
{
	static const char *const words[] = {
		[WZ_PLAIN] = "",          [WZ_GOOD] = "",  [WZ_WARN] = N_("Warning: "),
		[WZ_BAD] = N_("Error: "), [WZ_FAINT] = "",
	};
	const char *word = words[wz->message.tone];

	if (wz->message.text) {
		printf("%s%s\n", word[0] ? _(word) : "", wz->message.text);
	}
}

static void show(struct wz *wz, const char *title, const char *text)
{
	(void)wz;
	printf("\n%s\n", title);
	wz_plain_print(text);
}

static void copy(struct wz *wz, const char *text)
{
	(void)wz;
	wz_plain_print(text);
}

static void focus(struct wz *wz, const struct wz_field *field)
{
	of(wz)->focus = field;
}

/* Each step once it has a verdict, and again when that changes. */
static void print_steps(struct wz *wz, const struct wz_list *list)
{
	struct plain *plain = of(wz);
	size_t count = wz_list_count(wz, list);

	for (size_t i = 0; i < count; i++) {
		void *tmp = gb_new_tmp(NULL);
		struct wz_row row = {.text = ""};
		size_t known = talloc_array_length(plain->verdicts);
		char *line;

		wz_list_row(tmp, wz, list, i, &row);
		line = gb_printf(tmp, "%-4s %s  %s", row.mark ? row.mark : "", row.text,
				 row.note ? row.note : "");
		if (i >= known) {
			plain->verdicts = gb_mem_check(talloc_realloc(plain, plain->verdicts,
								      char *, gb_mem_count(i + 1)));
			plain->verdicts[i] = NULL;
		}
		if (row.mark && strcmp(row.mark, "--") != 0 &&
		    (!plain->verdicts[i] || strcmp(plain->verdicts[i], line) != 0)) {
			talloc_free(plain->verdicts[i]);
			plain->verdicts[i] = gb_strdup(plain, line);
			wz_plain_print(line);
		}
		talloc_free(tmp);
	}
}

static void touched(struct wz *wz)
{
	for (const struct wz_field *f = wz_session_page(wz)->fields; f->kind != WZ_END; f++) {
		if (f->kind == WZ_STEPS && wz_asks_running(wz) && wz_field_is_shown(wz, f)) {
			print_steps(wz, f->list);
		}
	}
}

static const struct wz_face face = {
	.turned = turned,
	.said = said,
	.touched = touched,
	.show = show,
	.copy = copy,
	.focus = focus,
};

/* Questions and waiting ----------------------------------------------------------------------- */

static void ask_typed(struct wz *wz, const struct wz_question *question)
{
	char *text;

	printf("\n");
	wz_plain_print(question->text);
	printf(_("Type %s to do it, anything else to leave it: "), question->typed);
	text = wz_plain_answer(NULL, wz);
	wz_session_answer(wz, text && strcmp(text, question->typed) == 0);
	talloc_free(text);
}

static void ask_pending(struct wz *wz)
{
	const struct wz_question *question = &wz->pending->question;
	char *text;

	if (question->typed) {
		ask_typed(wz, question);
		return;
	}
	printf("\n");
	wz_plain_print(question->text);
	printf("  1) %s\n  2) %s\n [1] > ", _(question->keep), question->agree);
	text = wz_plain_answer(NULL, wz);
	wz_session_answer(wz, text && strcmp(text, "2") == 0);
	talloc_free(text);
}

/* Until nothing runs that somebody waits for, and every question is answered. */
static void settle(struct wz *wz)
{
	const char *told = NULL;

	while (!wz->is_ending) {
		int64_t elapsed_ms;
		const char *busy = wz_asks_busy(wz, &elapsed_ms);

		if (wz->pending) {
			ask_pending(wz);
		} else if (busy || wz->is_leaving) {
			if (busy && (!told || strcmp(told, busy) != 0)) {
				told = busy;
				printf("%s\n", busy);
				fflush(stdout);
			}
			tevent_loop_once(wz->loop);
		} else {
			return;
		}
	}
}

/* One page ------------------------------------------------------------------------------------ */

static void print_title(struct wz *wz)
{
	size_t step;
	size_t steps;

	wz_session_step(wz, &step, &steps);
	printf("\n%s\n", _(wz_session_page(wz)->title));
	if (step > 0) {
		printf(_("Step %zu of %zu\n"), step, steps);
	}
}

static size_t place_of(const struct wz_page *page, const struct wz_field *field)
{
	size_t i = 0;

	while (page->fields[i].kind != WZ_END && &page->fields[i] != field) {
		i++;
	}
	return i;
}

/* The field before @i that is asked; @count if there is none. */
static size_t asked_before(struct wz *wz, const struct wz_page *page, size_t i, size_t count)
{
	while (i > 0) {
		if (wz_plain_is_asked(wz, &page->fields[--i])) {
			return i;
		}
	}
	return count;
}

static size_t go_back(struct wz *wz, const struct wz_page *page, size_t i, size_t count)
{
	size_t before = asked_before(wz, page, i, count);

	if (before == count) {
		if (!wz_session_back(wz)) {
			puts(_("This is the first page."));
		}
		return i;
	}
	return before;
}

/* Fields from @i on; *ret_skip: the rest is to be left as it is. Returns where it stopped. */
static size_t ask_fields(struct wz *wz, const struct wz_page *page, size_t i)
{
	size_t count = place_of(page, NULL);

	while (i < count && !of(wz)->has_turned && !wz->is_ending) {
		const struct wz_field *field = &page->fields[i];
		enum wz_plain_way way = WZ_PLAIN_ON;

		if (wz_plain_is_asked(wz, field)) {
			way = wz_plain_ask(wz, field);
		} else {
			wz_plain_show(wz, field);
		}
		settle(wz);
		if (way == WZ_PLAIN_END) {
			wz_end(wz, gb_rc_exit_code(GB_E_CANCELLED), NULL);
		} else if (way == WZ_PLAIN_BACK) {
			i = go_back(wz, page, i, count);
		} else if (way == WZ_PLAIN_SKIP) {
			i = count;
		} else if (way == WZ_PLAIN_ON) {
			i++;
		}
	}
	return i;
}

static bool is_offered(struct wz *wz, const struct wz_field *field)
{
	return field->kind == WZ_ACTION && wz_field_is_shown(wz, field);
}

static size_t print_menu(struct wz *wz, const struct wz_page *page)
{
	size_t count = 0;

	printf("\n");
	for (const struct wz_field *f = page->fields; f->kind != WZ_END; f++) {
		if (is_offered(wz, f)) {
			printf("%3zu) %s\n", ++count, wz_field_label(f));
		}
	}
	printf(_("Enter: %s.  <: Back.  ?: Help.\n > "), page->next ? _(page->next) : _("Next"));
	return count;
}

static void press(struct wz *wz, const struct wz_page *page, size_t number)
{
	for (const struct wz_field *f = page->fields; f->kind != WZ_END; f++) {
		const char *blocked;

		if (!is_offered(wz, f) || --number > 0) {
			continue;
		}
		blocked = wz_field_blocked(wz, f);
		if (blocked) {
			wz_say(wz, WZ_PLAIN, "%s", blocked);
		} else {
			f->press(wz);
		}
		return;
	}
}

/* What to do when everything was asked. True: Next. */
static bool ask_menu(struct wz *wz, const struct wz_page *page)
{
	size_t count = print_menu(wz, page);
	char *text = wz_plain_answer(NULL, wz);
	bool is_next = text && text[0] == '\0';
	size_t number = text ? wz_plain_number(text, count) : 0;

	if (!text) {
		wz_end(wz, gb_rc_exit_code(GB_E_CANCELLED), NULL);
	} else if (strcmp(text, "<") == 0) {
		of(wz)->focus = &page->fields[asked_before(wz, page, place_of(page, NULL), 0)];
		if (!wz_plain_is_asked(wz, of(wz)->focus) && !wz_session_back(wz)) {
			puts(_("This is the first page."));
		}
	} else if (strcmp(text, "?") == 0) {
		wz_plain_print(page->help ? _(page->help) : "");
	} else if (number > 0) {
		press(wz, page, number);
		settle(wz);
	}
	talloc_free(text);
	return is_next;
}

static void forget_steps(struct plain *plain)
{
	TALLOC_FREE(plain->verdicts);
}

static void walk_page(struct wz *wz)
{
	const struct wz_page *page = wz_session_page(wz);
	struct plain *plain = of(wz);
	size_t i = 0;

	plain->has_turned = false;
	plain->focus = NULL;
	forget_steps(plain);
	print_title(wz);
	settle(wz);
	while (!plain->has_turned && !wz->is_ending) {
		i = ask_fields(wz, page, i);
		if (plain->has_turned || wz->is_ending) {
			return;
		}
		if (ask_menu(wz, page)) {
			wz_next(wz);
			settle(wz);
		}
		if (plain->focus) {
			i = place_of(page, plain->focus);
			plain->focus = NULL;
		}
	}
}

void wz_plain_run(struct wz *wz, const char *why)
{
	wz->face = &face;
	wz->face_data = gb_new(wz, struct plain);
	printf("%s\n", why);
	puts(_("Each question is one line: ? explains it, < goes back, Enter keeps what is in "
	       "brackets."));
	wz_session_begin(wz);
	while (!wz->is_ending) {
		walk_page(wz);
	}
}
