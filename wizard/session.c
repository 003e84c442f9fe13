/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session: values, messages, and the way from page to page. */
#include "config.h"

#include "wizard/session.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>
#include <tevent.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "wizard/asks.h"
#include "wizard/field.h"
#include "wizard/start.h"

static void tell(struct wz *wz, void (*function)(struct wz *))
{
	if (function) {
		function(wz);
	}
}

/* Values ------------------------------------------------------------------------------------- */

static const struct wz_field *field_of(const struct wz *wz, const char *name)
{
	for (size_t i = 0; i < wz->page_count; i++) {
		const struct wz_field *field = wz_page_field(wz->pages[i], name);

		if (field) {
			return field;
		}
	}
	return NULL;
}

const char *wz_value(struct wz *wz, const char *name)
{
	const char *text = wz_draft_get(wz->draft, name);
	const struct wz_field *field = text ? NULL : field_of(wz, name);
	const char *fallback = field ? wz_field_fallback(field) : NULL;

	if (text) {
		return text;
	}
	return fallback ? fallback : "";
}

bool wz_is(struct wz *wz, const char *name, const char *word)
{
	return strcmp(wz_value(wz, name), word) == 0;
}

void wz_set(struct wz *wz, const char *name, const char *text)
{
	const struct wz_field *field;
	struct gb_err ignored;

	if (wz->is_read_only || !wz_draft_set(wz->draft, name, text)) {
		return;
	}
	field = field_of(wz, name);
	if (field && field->changed &&
	    wz_field_check(wz, field, text ? text : "", &ignored) == GB_OK) {
		field->changed(wz);
	}
	wz_touch(wz);
}

struct gb_config *wz_config(const void *ctx, struct wz *wz)
{
	return wz_draft_config(ctx, wz->draft);
}

const struct gb_config *wz_config_before(const struct wz *wz)
{
	return wz_draft_before(wz->draft);
}

struct wz_change *wz_changes(const void *ctx, struct wz *wz, size_t *ret_count)
{
	return wz_draft_changes(ctx, wz->draft, ret_count);
}

const char *wz_config_path(const struct wz *wz)
{
	return wz->config_path;
}

uint64_t wz_stamp(struct wz *wz, const char *prefix)
{
	return wz_draft_stamp(wz->draft, prefix);
}

const struct gb_secret *wz_secret(struct wz *wz, const char *name)
{
	return wz_draft_secret(wz->draft, name);
}

void wz_set_secret(struct wz *wz, const char *name, struct gb_secret *secret)
{
	wz_draft_set_secret(wz->draft, name, secret);
	wz_touch(wz);
}

/* Words -------------------------------------------------------------------------------------- */

static void forget_message(struct wz *wz)
{
	talloc_free(wz->message.text);
	talloc_free(wz->message.detail);
	wz->message = (struct wz_message){.tone = WZ_PLAIN};
}

void wz_say(struct wz *wz, enum wz_tone tone, const char *fmt, ...)
{
	va_list args;
	char *text;

	forget_message(wz);
	va_start(args, fmt);
	text = gb_mem_check(talloc_vasprintf(wz, fmt, args));
	va_end(args);
	wz->message.tone = tone;
	wz->message.text = gb_text_display(wz, text);
	talloc_free(text);
	tell(wz, wz->face->said);
}

static char *detail_of(const void *ctx, const struct gb_err *err)
{
	char *detail = gb_printf(ctx, "%s\n", err->what);

	if (err->undone[0]) {
		detail = gb_mem_check(talloc_asprintf_append(detail, "%s\n", err->undone));
	}
	if (err->remedy[0]) {
		detail = gb_mem_check(
			talloc_asprintf_append(detail, _("What to do: %s\n"), err->remedy));
	}
	detail = gb_mem_check(talloc_asprintf_append(detail, _("Code: %s"), err->id));
	if (err->native) {
		detail = gb_mem_check(talloc_asprintf_append(detail, " (%d)", err->native));
	}
	return detail;
}

void wz_say_err(struct wz *wz, const struct gb_err *err)
{
	const char *gap = err->remedy[0] ? " " : "";

	forget_message(wz);
	wz->message = (struct wz_message){
		.tone = WZ_BAD,
		.rc = err->rc,
		.text = gb_printf(wz, "%s%s%s", err->what, gap, err->remedy),
		.detail = detail_of(wz, err),
	};
	tell(wz, wz->face->said);
}

void wz_hush(struct wz *wz)
{
	if (wz->message.text) {
		forget_message(wz);
		tell(wz, wz->face->said);
	}
}

void wz_show(struct wz *wz, const char *title, const char *text)
{
	if (wz->face->show) {
		wz->face->show(wz, title, text);
	}
}

void wz_touch(struct wz *wz)
{
	tell(wz, wz->face->touched);
}

void wz_copy(struct wz *wz, const char *text)
{
	if (wz->face->copy) {
		wz->face->copy(wz, text);
	}
}

void wz_focus(struct wz *wz, const char *name)
{
	const struct wz_field *field = wz_page_field(wz_session_page(wz), name);

	if (field && wz->face->focus) {
		wz->face->focus(wz, field);
	}
}

/* Questions ---------------------------------------------------------------------------------- */

void wz_confirm(struct wz *wz, const struct wz_question *question)
{
	struct wz_pending *pending = gb_new(wz, struct wz_pending);

	pending->question = *question;
	pending->question.text = gb_strdup(pending, question->text);
	pending->question.keep = gb_strdup(pending, question->keep);
	pending->question.agree = gb_strdup(pending, question->agree);
	pending->question.typed = gb_strdup(pending, question->typed);
	pending->question.answer = gb_strdup(pending, question->answer);
	talloc_free(wz->pending);
	wz->pending = pending;
	tell(wz, wz->face->asked);
}

void wz_session_answer(struct wz *wz, bool agreed)
{
	struct wz_pending *pending = wz->pending;

	if (!pending) {
		return;
	}
	wz->pending = NULL;
	tell(wz, agreed ? pending->question.agreed : pending->question.kept);
	talloc_free(pending);
	wz_touch(wz);
}

/* Ways --------------------------------------------------------------------------------------- */

static bool is_wanted(struct wz *wz, size_t i)
{
	return !wz->pages[i]->wanted || wz->pages[i]->wanted(wz);
}

const struct wz_page *wz_session_page(const struct wz *wz)
{
	return wz->pages[wz->current];
}

size_t wz_session_find(const struct wz *wz, const char *page_id)
{
	size_t i = 0;

	while (i < wz->page_count && strcmp(wz->pages[i]->id, page_id) != 0) {
		i++;
	}
	return i;
}

void *wz_state(struct wz *wz, const char *page_id)
{
	size_t i = wz_session_find(wz, page_id);

	assert(i < wz->page_count);
	if (!wz->states[i]) {
		wz->states[i] =
			gb_mem_check(talloc_zero_size(wz->states, wz->pages[i]->state_bytes + 1));
	}
	return wz->states[i];
}

static void wipe_once(struct wz *wz)
{
	for (const struct wz_field *f = wz_session_page(wz)->fields; f->kind != WZ_END; f++) {
		if (f->kind == WZ_SECRET && (f->flags & WZ_ONCE)) {
			wz_draft_set_secret(wz->draft, f->name, NULL);
		}
	}
}

static void turn_to(struct wz *wz, size_t page)
{
	wz->is_leaving = false;
	wz->current = page;
	forget_message(wz);
	if (wz_session_page(wz)->enter) {
		wz_session_page(wz)->enter(wz);
	}
	tell(wz, wz->face->turned);
}

static void push_trail(struct wz *wz)
{
	wz->trail = gb_mem_check(
		talloc_realloc(wz, wz->trail, size_t, gb_mem_count(wz->trail_count + 1)));
	wz->trail[wz->trail_count++] = wz->current;
}

static size_t next_wanted(struct wz *wz)
{
	size_t i = wz->current + 1;

	while (i < wz->page_count && !is_wanted(wz, i)) {
		i++;
	}
	return i;
}

/* The page is done: on to the next one, or back to where a visit came from. */
static void advance(struct wz *wz)
{
	size_t next = wz->return_to < wz->page_count ? wz->return_to : next_wanted(wz);

	wz->is_leaving = false;
	wipe_once(wz);
	if (next >= wz->page_count || (wz_session_page(wz)->flags & WZ_LAST)) {
		wz_end(wz, 0, NULL);
		return;
	}
	if (wz->return_to < wz->page_count) {
		wz->trail_count -= wz->trail_count > 0;
		wz->return_to = wz->page_count;
	} else {
		push_trail(wz);
	}
	wz_session_keep(wz);
	turn_to(wz, next);
}

void wz_go_on(struct wz *wz)
{
	if (wz->is_leaving) {
		advance(wz);
	}
}

void wz_stay(struct wz *wz)
{
	wz->is_leaving = false;
	wz_touch(wz);
}

static bool is_right(struct wz *wz)
{
	const struct wz_field *wrong = NULL;
	struct gb_err err;

	gb_err_clear(&err);
	if (wz_field_check_page(wz, wz_session_page(wz), &wrong, &err) == GB_OK) {
		return true;
	}
	wz_say_err(wz, &err);
	if (wrong) {
		wz_focus(wz, wrong->name);
	}
	return false;
}

void wz_next(struct wz *wz)
{
	const struct wz_page *page = wz_session_page(wz);
	enum wz_leave leave;

	if (wz->is_leaving || wz->pending || (!wz->is_read_only && !is_right(wz))) {
		return;
	}
	/* leave() may go on by itself, when nothing has to be waited for after all. */
	wz->is_leaving = true;
	leave = page->leave && !wz->is_read_only ? page->leave(wz) : WZ_GO;
	if (leave == WZ_GO) {
		wz_go_on(wz);
	} else if (leave == WZ_STAY) {
		wz_stay(wz);
	}
}

bool wz_session_can_go_back(const struct wz *wz)
{
	return wz->trail_count > 0 && !(wz_session_page(wz)->flags & WZ_NO_BACK);
}

bool wz_session_back(struct wz *wz)
{
	if (!wz_session_can_go_back(wz)) {
		return false;
	}
	wz_session_stop(wz);
	wipe_once(wz);
	wz->return_to = wz->page_count;
	turn_to(wz, wz->trail[--wz->trail_count]);
	return true;
}

void wz_visit(struct wz *wz, const char *page_id)
{
	size_t page = wz_session_find(wz, page_id);

	assert(page < wz->page_count);
	push_trail(wz);
	wz->return_to = wz->current;
	wipe_once(wz);
	turn_to(wz, page);
}

void wz_session_step(struct wz *wz, size_t *ret_step, size_t *ret_steps)
{
	size_t step = 0;
	size_t steps = 0;

	for (size_t i = 0; i < wz->page_count; i++) {
		const struct wz_page *page = wz->pages[i];

		if ((page->flags & WZ_UNCOUNTED) || (i != wz->current && !is_wanted(wz, i))) {
			continue;
		}
		steps++;
		step = i == wz->current ? steps : step;
	}
	*ret_step = step;
	*ret_steps = step ? steps : 0;
}

bool wz_session_stop(struct wz *wz)
{
	bool was_waiting = wz->is_leaving;

	wz->is_leaving = false;
	return wz_asks_stop(wz) || was_waiting;
}

void wz_session_keep(struct wz *wz)
{
	struct gb_err err;

	if (!wz->draft_path || wz->is_read_only || !wz_draft_is_dirty(wz->draft)) {
		return;
	}
	if (wz_draft_save(wz->draft, wz->draft_path, wz_session_page(wz)->id, &err) != GB_OK) {
		wz_say_err(wz, &err);
	}
}

/* Begin and end ------------------------------------------------------------------------------ */

void wz_end(struct wz *wz, int exit_code, const char *line)
{
	wz->is_ending = true;
	wz->exit_code = exit_code;
	talloc_free(wz->last_line);
	wz->last_line = gb_strdup(wz, line);
}

bool wz_is_unattended(const struct wz *wz)
{
	return wz->is_unattended;
}

bool wz_is_read_only(const struct wz *wz)
{
	return wz->is_read_only;
}

struct tevent_context *wz_loop(struct wz *wz)
{
	return wz->loop;
}

static const struct wz_face no_face;

struct wz *wz_session_new(const void *ctx, const struct wz_page *const *pages,
			  const struct gb_config *before)
{
	struct wz *wz = gb_new(ctx, struct wz);

	wz->pages = pages;
	while (pages[wz->page_count]) {
		wz->page_count++;
	}
	wz->return_to = wz->page_count;
	wz->states = gb_new_array(wz, void *, wz->page_count);
	wz->draft = wz_draft_new(wz, before);
	wz->face = &no_face;
	wz->loop = gb_mem_check(tevent_context_init(wz));
	return wz;
}

void wz_session_begin(struct wz *wz)
{
	size_t page = 0;

	while (page < wz->page_count && !is_wanted(wz, page)) {
		page++;
	}
	assert(page < wz->page_count);
	turn_to(wz, page);
	if (!wz->is_unattended) {
		wz_start_ask(wz);
	}
}

void wz_session_resume(struct wz *wz, const char *page_id)
{
	size_t page = wz_session_find(wz, page_id);
	size_t next;

	if (page == wz->page_count || !is_wanted(wz, page)) {
		return;
	}
	while ((next = next_wanted(wz)) <= page && next < wz->page_count) {
		push_trail(wz);
		wz->current = next;
	}
	turn_to(wz, wz->current);
}
