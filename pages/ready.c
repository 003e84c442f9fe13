/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ready to configure: the settings that change, and what the first cycle would write, counted by a dry run.
 * Nothing has been written before Configure is pressed here, but for what buttons said they would do.
 */
#include "config.h"

#include <stdarg.h>
#include <string.h>

#include "engine/base/compiler.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "pages/done.h"
#include "pages/effect.h"
#include "pages/pages.h"
#include "pages/question.h"
#include "pages/ready.h"
#include "wizard/ask.h"
#include "wizard/draft.h"
#include "wizard/wizard.h"

#define PAGE "ready"

/** What an answers file agrees by. */
#define DELETIONS       "setup.agree to deletions"
#define WITHOUT_DRY_RUN "setup.configure without dry run"

struct ready_state {
	struct wz_effect *effect;
	struct wz_ask *ask;        /* the dry run, while it goes */
	uint64_t counted;          /* stamp of the settings that it speaks of; 0: none */
	bool is_leaving;           /* Configure was pressed and waits for the dry run */
	bool is_pressed;           /* it was pressed, and nobody has started the run yet */
	struct wz_change *changes; /* of the settings; worked out anew when they change */
	size_t change_count;
	uint64_t changes_stamp;
	char **done;               /* what buttons did before */
	size_t done_count;
};

static struct ready_state *state_of(struct wz *wz)
{
	struct ready_state *state = wz_state(wz, PAGE);

	if (!state->effect) {
		state->effect = wz_effect_new(state);
	}
	return state;
}

/* What was done already ---------------------------------------------------------------------- */

void wz_done_add(struct wz *wz, const char *fmt, ...)
{
	struct ready_state *state = state_of(wz);
	va_list args;

	state->done = gb_mem_check(talloc_realloc(state, state->done, char *,
						  gb_mem_count(state->done_count + 1)));
	va_start(args, fmt);
	state->done[state->done_count++] = gb_mem_check(talloc_vasprintf(state, fmt, args));
	va_end(args);
}

size_t wz_done_count(struct wz *wz)
{
	return state_of(wz)->done_count;
}

const char *wz_done_text(struct wz *wz, size_t i)
{
	return state_of(wz)->done[i];
}

/* The settings ------------------------------------------------------------------------------- */

/** Name of the value that a change is about, below @ctx. */
static char *name_of(const void *ctx, const struct wz_change *change)
{
	return gb_printf(ctx, "%s.%s", change->key->section, change->key->name);
}

static void refresh_changes(struct wz *wz)
{
	struct ready_state *state = state_of(wz);
	uint64_t stamp = wz_stamp(wz, "");

	if (!state->changes || state->changes_stamp != stamp) {
		talloc_free(state->changes);
		state->changes = wz_changes(state, wz, &state->change_count);
		state->changes_stamp = stamp;
	}
}

static size_t change_count(struct wz *wz)
{
	refresh_changes(wz);
	return state_of(wz)->change_count;
}

static void change_row(const void *ctx, struct wz *wz, size_t i, struct wz_row *ret_row)
{
	const struct wz_change *change = &state_of(wz)->changes[i];
	char *name = name_of(ctx, change);
	char *after = wz_shown_as(ctx, wz, name, change->after);

	ret_row->mark = change->before ? "~" : "+";
	ret_row->text = wz_label(ctx, wz, name);
	ret_row->note = change->before
				? gb_printf(ctx, "%s -> %s",
					    wz_shown_as(ctx, wz, name, change->before), after)
				: after;
}

/* All of it, and what it is called in the file: rows are cut where the window ends. */
static char *change_detail(const void *ctx, struct wz *wz, size_t i)
{
	const struct wz_change *change = &state_of(wz)->changes[i];
	char *name = name_of(ctx, change);

	return gb_printf(ctx, _("%s\n\nUntil now: %s\nFrom now on: %s\n\n%s\n[%s] %s"),
			 wz_label(ctx, wz, name), wz_shown_as(ctx, wz, name, change->before),
			 wz_shown_as(ctx, wz, name, change->after), _(change->key->help),
			 change->key->section, change->key->name);
}

static void open_change(struct wz *wz, size_t i)
{
	char *name = name_of(NULL, &state_of(wz)->changes[i]);
	const char *page = wz_page_of(wz, name);

	if (page) {
		wz_visit(wz, page);
	} else {
		wz_say(wz, WZ_PLAIN, _("No other page has this setting: it came from a file."));
	}
	talloc_free(name);
}

static const char *no_change(struct wz *wz)
{
	(void)wz;
	return _("no setting changes");
}

static const struct wz_list change_list = {
	.count = change_count,
	.row = change_row,
	.open = open_change,
	.detail = change_detail,
	.nothing = no_change,
};

/* The effect --------------------------------------------------------------------------------- */

static size_t effect_count(struct wz *wz)
{
	return wz_effect_rows(state_of(wz)->effect);
}

static void effect_row(const void *ctx, struct wz *wz, size_t i, struct wz_row *ret_row)
{
	wz_effect_row(ctx, state_of(wz)->effect, i, ret_row);
}

static char *effect_detail(const void *ctx, struct wz *wz, size_t i)
{
	(void)i;
	return wz_effect_list(ctx, state_of(wz)->effect);
}

static void open_effect(struct wz *wz, size_t i)
{
	char *list = wz_effect_list(NULL, state_of(wz)->effect);

	(void)i;
	wz_show(wz, _("What the first cycle would do"), list);
	talloc_free(list);
}

static const char *no_effect(struct wz *wz)
{
	return wz_disable_leaves_work(wz)
		       ? _("not counted yet: \"Dry run\" reads both sides and writes nothing")
		       : _("none: group writeback is off, and the groups stay as they are");
}

static const struct wz_list effect_list = {
	.count = effect_count,
	.row = effect_row,
	.open = open_effect,
	.detail = effect_detail,
	.nothing = no_effect,
};

/* Of what the plan depends on; whether it is started is no part of it. */
static uint64_t plan_stamp(struct wz *wz)
{
	static const char *const prefixes[] = {"cloud.",     "directory.",      "features.",
					       "writeback.", "safety.max ",     "safety.small ",
					       "paths.",     "secret."};
	uint64_t stamp = 1;

	for (size_t i = 0; i < GB_ARRAY_SIZE(prefixes); i++) {
		uint64_t part = wz_stamp(wz, prefixes[i]);

		stamp = part > stamp ? part : stamp;
	}
	return stamp;
}

static bool is_counted(struct wz *wz)
{
	struct ready_state *state = state_of(wz);

	return wz_effect_counts(state->effect) && state->counted == plan_stamp(wz);
}

const struct wz_effect_counts *wz_ready_counts(struct wz *wz)
{
	return wz_effect_counts(state_of(wz)->effect);
}

const char *wz_ready_approval(struct wz *wz)
{
	const char *digest = wz_effect_digest(state_of(wz)->effect);

	return !is_counted(wz) ? NULL : digest ? digest : "first";
}

void wz_ready_press(struct wz *wz)
{
	state_of(wz)->is_pressed = true;
}

bool wz_ready_take_press(struct wz *wz)
{
	struct ready_state *state = state_of(wz);
	bool is_pressed = state->is_pressed;

	state->is_pressed = false;
	return is_pressed;
}

static void commit(struct wz *wz)
{
	state_of(wz)->is_leaving = false;
	wz_ready_press(wz);
	wz_go_on(wz);
}

static void stay(struct wz *wz)
{
	state_of(wz)->is_leaving = false;
	wz_stay(wz);
}

/* A plan that deletes is agreed to by its number: nobody types that by mistake. */
static void ask_about_deletions(struct wz *wz, int64_t deletes)
{
	struct ready_state *state = state_of(wz);
	char *number = gb_printf(state, "%lld", (long long)deletes);
	struct wz_question question = {
		.text = gb_printf(state,
				  P_("The first cycle would delete %lld group. Type the number to "
				     "agree.",
				     "The first cycle would delete %lld groups. Type the number to "
				     "agree.",
				     deletes),
				  (long long)deletes),
		.keep = N_("Stay here"),
		.agree = gb_printf(state, P_("Delete %lld group", "Delete %lld groups", deletes),
				   (long long)deletes),
		.typed = number,
		.answer = DELETIONS,
		.agreed = commit,
		.kept = stay,
	};

	wz_confirm(wz, &question);
}

static void finish_leaving(struct wz *wz)
{
	const struct wz_effect_counts *counts = wz_effect_counts(state_of(wz)->effect);

	if (counts && counts->deletes > 0) {
		ask_about_deletions(wz, counts->deletes);
	} else {
		commit(wz);
	}
}

static void on_item(struct wz *wz, void *data, const struct gb_json *event)
{
	(void)data;
	wz_effect_take(state_of(wz)->effect, event);
}

static void on_counted(struct wz *wz, void *data, const struct gb_json *event)
{
	struct ready_state *state = state_of(wz);
	const struct wz_effect_counts *counts;

	(void)data;
	state->ask = NULL;
	wz_effect_end(state->effect, event);
	state->counted = plan_stamp(wz);
	counts = wz_effect_counts(state->effect);
	if (counts->deletes > 0) {
		wz_say(wz, WZ_WARN,
		       P_("%lld group would be deleted. Enter on a line of the effect lists all.",
			  "%lld groups would be deleted. Enter on a line of the effect lists all.",
			  counts->deletes),
		       (long long)counts->deletes);
	} else if (counts->member_removes > 0) {
		wz_say(wz, WZ_WARN,
		       P_("%lld membership would be taken away. Enter on a line of the effect "
			  "lists all.",
			  "%lld memberships would be taken away. Enter on a line of the effect "
			  "lists all.",
			  counts->member_removes),
		       (long long)counts->member_removes);
	} else {
		wz_hush(wz);
	}
	wz_touch(wz);
	if (state->is_leaving) {
		finish_leaving(wz);
	}
}

static void on_failed(struct wz *wz, void *data, const struct gb_err *err,
		      const struct gb_json *event)
{
	const struct wz_question question = {
		.text = _("The dry run has failed, so nobody knows what the first cycle would write."),
		.keep = N_("Stay here"),
		.agree = _("Configure without a dry run"),
		.answer = WITHOUT_DRY_RUN,
		.agreed = commit,
		.kept = stay,
	};
	struct ready_state *state = state_of(wz);

	(void)data;
	(void)event;
	state->ask = NULL;
	wz_say_err(wz, err);
	if (state->is_leaving && err->rc != GB_E_CANCELLED) {
		wz_confirm(wz, &question);
	} else if (state->is_leaving) {
		stay(wz);
	}
}

static void dry_run(struct wz *wz)
{
	static const struct wz_answers answers = {
		.item = on_item,
		.done = on_counted,
		.failed = on_failed,
	};
	struct ready_state *state = state_of(wz);

	talloc_free(state->ask);
	wz_effect_begin(state->effect);
	state->ask = wz_question_new(wz, PAGE, "preview");
	wz_ask_start(state->ask, _("Dry run: reading both sides…"), &answers, NULL);
}

/* The page ----------------------------------------------------------------------------------- */

static bool is_wanted(struct wz *wz)
{
	return !wz_task_undo(wz);
}

static void enter(struct wz *wz)
{
	if (wz_disable_leaves_work(wz) && !is_counted(wz) && !wz_is_unattended(wz)) {
		dry_run(wz);
	}
}

static enum wz_leave leave(struct wz *wz)
{
	struct ready_state *state = state_of(wz);

	state->is_leaving = true;
	if (!wz_disable_leaves_work(wz)) {
		wz_ready_press(wz);
		return WZ_GO;
	}
	if (is_counted(wz)) {
		finish_leaving(wz);
	} else if (!state->ask) {
		dry_run(wz);
	}
	return WZ_WAIT;
}

static char *live_done(const void *ctx, struct wz *wz)
{
	char *text = NULL;

	for (size_t i = 0; i < wz_done_count(wz); i++) {
		text = text ? gb_mem_check(talloc_asprintf_append(text, "\n%s", wz_done_text(wz, i)))
			    : gb_printf(ctx, _("Already done: %s"), wz_done_text(wz, i));
	}
	return text;
}

static bool has_done(struct wz *wz)
{
	return wz_done_count(wz) > 0;
}

/* Whoever switches group writeback off has nothing to start. */
static bool is_startable(struct wz *wz)
{
	return wz_is(wz, "features.group writeback", "yes");
}

static bool is_not_started(struct wz *wz)
{
	return is_startable(wz) && wz_is(wz, "setup.start now", "no");
}

static const struct wz_field fields[] = {
	{.kind = WZ_NOTE, .text = N_("Nothing has been changed yet. Configure does this:")},
	{.kind = WZ_NOTE, .live = live_done, .shown = has_done},
	{
		.kind = WZ_LIST,
		.label = N_("Settings that change"),
		.list = &change_list,
		.flags = WZ_GROW,
	},
	{
		.kind = WZ_LIST,
		.label = N_("Effect on the directory"),
		.list = &effect_list,
	},
	{
		.kind = WZ_CHECK,
		.name = "setup.start now",
		.label = N_("Start the synchronization process when configuration completes"),
		.fallback = "yes",
		.shown = is_startable,
	},
	{
		.kind = WZ_NOTE,
		.text = N_("The scheduler stays disabled until somebody enables it."),
		.shown = is_not_started,
	},
	{
		.kind = WZ_CHECK,
		.name = "safety.staging",
		.label = N_("Enable staging mode"),
		.alone = N_("Staging mode"),
		.shown = is_startable,
	},
	{
		.kind = WZ_ACTION,
		.label = N_("Dry run"),
		.press = dry_run,
		.flags = WZ_FOOT | WZ_BY_HAND | WZ_TESTS,
		.shown = wz_disable_leaves_work,
	},
	{.kind = WZ_TEXT, .name = DELETIONS, .flags = WZ_CONSENT},
	{.kind = WZ_CHECK, .name = WITHOUT_DRY_RUN, .flags = WZ_CONSENT},
	{.kind = WZ_END},
};

const struct wz_page wz_page_ready = {
	.id = PAGE,
	.title = N_("Ready to configure"),
	.help = N_("Enter on a setting goes to its page, and Next comes straight back. The first cycle "
		   "plans anew: it does what is counted here, and what has changed since."),
	.next = N_("Configure"),
	.fields = fields,
	.state_bytes = sizeof(struct ready_state),
	.flags = WZ_COMMITS,
	.wanted = is_wanted,
	.enter = enter,
	.leave = leave,
};
