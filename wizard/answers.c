/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers files: the walk with nobody to ask. */
#include "config.h"

#include "wizard/answers.h"

#include <stdio.h>
#include <string.h>
#include <tevent.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "wizard/asks.h"
#include "wizard/field.h"

struct unattended {
	const char *path; /* of the answers file */
	size_t turns;     /* pages that were turned so far */
};

static struct unattended *of(struct wz *wz)
{
	return wz->face_data;
}

/* Face ------------------------------------------------------------------------------------------ */

static void turned(struct wz *wz)
{
	of(wz)->turns++;
}

static void said(struct wz *wz)
{
	FILE *out = wz->message.tone == WZ_BAD ? stderr : stdout;

	if (wz->message.text && wz->message.tone != WZ_BAD) {
		fprintf(out, "%s\n", wz->message.text);
	}
}

/* An answers file agrees by the name of the question; without it the question is left at the safe side. */
static void asked(struct wz *wz)
{
	const struct wz_question *question = &wz->pending->question;
	const char *wanted = question->typed ? question->typed : "yes";
	const char *answer = question->answer ? wz_value(wz, question->answer) : "";
	bool agreed = strcmp(answer, wanted) == 0;

	/* Why it is asked: nobody sees it but here. */
	if (wz->message.text && wz->message.tone == WZ_BAD) {
		fprintf(stderr, "groupback-wizard: %s\n", wz->message.text);
	}

	if (!agreed && question->answer) {
		const char *dot = strchr(question->answer, '.');

		wz_say(wz, WZ_WARN, _("%s Answered with \"%s\". To agree: [%.*s] %s = %s."),
		       question->text, _(question->keep), (int)(dot - question->answer),
		       question->answer, dot + 1, wanted);
		fprintf(stderr, "groupback-wizard: %s\n", wz->message.text);
	}
	wz_session_answer(wz, agreed);
}

static const struct wz_face face = {
	.turned = turned,
	.said = said,
	.asked = asked,
};

/* Walk ------------------------------------------------------------------------------------------- */

/* Until nothing runs that the page waits for. */
static void settle(struct wz *wz)
{
	int64_t elapsed_ms;

	while (!wz->is_ending && (wz->is_leaving || wz_asks_busy(wz, &elapsed_ms))) {
		tevent_loop_once(wz->loop);
	}
}

static void give_up(struct wz *wz, const char *what)
{
	enum gb_rc rc = wz->message.rc != GB_OK ? wz->message.rc : GB_E_CONFIG;

	fprintf(stderr, "groupback-wizard: %s: %s: %s\n", of(wz)->path,
		_(wz_session_page(wz)->title), what);
	wz_end(wz, gb_rc_exit_code(rc), NULL);
}

/* What is missing or wrong on the page, with the key that would say it. */
static bool is_answered(struct wz *wz)
{
	const struct wz_field *wrong = NULL;
	struct gb_err err;
	char *line;

	gb_err_clear(&err);
	if (wz_field_check_page(wz, wz_session_page(wz), &wrong, &err) == GB_OK) {
		return true;
	}
	wz->message.rc = GB_E_CONFIG;
	line = gb_err_line(NULL, &err);
	if (wrong && wrong->kind == WZ_SECRET) {
		line = gb_printf(line, _("%s Give it by --secret-file %s=PATH."), line,
				 wrong->name + 7);
	} else if (wrong) {
		const char *dot = strchr(wrong->name, '.');

		line = gb_printf(line, "[%.*s] %s: %s", (int)(dot - wrong->name), wrong->name,
				 dot + 1, line);
	}
	give_up(wz, line);
	talloc_free(talloc_parent(line) ? talloc_parent(line) : line);
	return false;
}

/* Buttons that the file presses, in the order of the page. */
static void press_named(struct wz *wz, const struct wz_page *page)
{
	for (const struct wz_field *f = page->fields; f->kind != WZ_END && !wz->is_ending; f++) {
		const char *blocked;

		if (f->kind != WZ_ACTION || !f->name || !wz_is(wz, f->name, "yes") ||
		    !wz_field_is_shown(wz, f)) {
			continue;
		}
		blocked = wz_field_blocked(wz, f);
		if (blocked) {
			give_up(wz, blocked);
			return;
		}
		f->press(wz);
		settle(wz);
		if (wz->message.rc != GB_OK) {
			give_up(wz, wz->message.text);
		}
	}
}

static void tell_summary(struct wz *wz, const struct wz_page *page)
{
	char *summary = page->summary ? page->summary(NULL, wz) : NULL;

	if (summary) {
		char *shown = gb_text_display(summary, summary);

		printf("%s: %s\n", _(page->title), shown);
		talloc_free(summary);
	}
}

static void walk_page(struct wz *wz)
{
	const struct wz_page *page = wz_session_page(wz);
	size_t turns = of(wz)->turns;

	settle(wz);
	press_named(wz, page);
	if (wz->is_ending || !is_answered(wz)) {
		return;
	}
	wz_next(wz);
	settle(wz);
	if (of(wz)->turns == turns && !wz->is_ending) {
		give_up(wz, wz->message.text ? wz->message.text
					     : _("The page cannot be answered by a file."));
		return;
	}
	tell_summary(wz, page);
}

void wz_answers_run(struct wz *wz, const char *path)
{
	struct unattended *unattended = gb_new(wz, struct unattended);

	unattended->path = path;
	wz->is_unattended = true;
	wz->face = &face;
	wz->face_data = unattended;
	wz_session_begin(wz);
	while (!wz->is_ending) {
		walk_page(wz);
	}
}
