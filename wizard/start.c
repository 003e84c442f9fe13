/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is asked before the first page. */
#include "config.h"

#include "wizard/start.h"

#include <string.h>
#include <tevent.h>
#include <time.h>

#include "engine/base/buffer.h"
#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/config/scan.h"
#include "engine/config/value.h"
#include "wizard/lock.h"

/* How often, and how many times, a wizard that was told to end is waited for. */
#define LOOK_EVERY_MS 100
#define LOOK_TIMES    50

/* Most problems of a file that are shown in the question. */
#define MOST_PROBLEMS 5

/* Lives with the session. */
struct wz_start {
	struct wz_lock_holder holder;
	bool is_held;
	unsigned looks;
	const struct gb_config_problems *problems;
};

static struct wz_start *of(struct wz *wz)
{
	if (!wz->start) {
		wz->start = gb_new(wz, struct wz_start);
	}
	return wz->start;
}

/* A draft that was left ----------------------------------------------------------------------------- */

static void resume(struct wz *wz)
{
	struct wz_draft_about about;
	struct gb_err err;

	gb_err_clear(&err);
	if (wz_draft_peek(wz, wz->draft, wz->draft_path, &about, &err) != GB_OK ||
	    wz_draft_load(wz->draft, wz->draft_path, &err) != GB_OK) {
		wz_say_err(wz, &err);
		return;
	}
	wz_session_resume(wz, about.page_id);
	wz_say(wz, WZ_PLAIN,
	       _("The draft is here again. Passwords are not part of it: type them anew."));
}

static void start_over(struct wz *wz)
{
	wz_draft_discard(wz->draft_path);
}

static char *time_of(const void *ctx, int64_t ms)
{
	time_t seconds = (time_t)(ms / 1000);
	char text[64];
	struct tm tm;

	if (!localtime_r(&seconds, &tm) ||
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &tm) == 0) {
		return gb_strdup(ctx, "?");
	}
	return gb_strdup(ctx, text);
}

static void ask_draft(struct wz *wz)
{
	struct wz_question question = {
		.keep = N_("Resume the draft"),
		.agree = _("Start over"),
		.kept = resume,
		.agreed = start_over,
	};
	struct wz_draft_about about;
	void *tmp = gb_new_tmp(NULL);
	struct gb_err ignored;
	size_t page;

	if (!wz->is_read_only && wz->draft_path &&
	    wz_draft_peek(tmp, wz->draft, wz->draft_path, &about, &ignored) == GB_OK &&
	    about.count > 0) {
		page = wz_session_find(wz, about.page_id);
		question.text = gb_printf(tmp,
					  P_("A draft from %s is here, left on the page \"%s\": "
					     "%zu answer that is not "
					     "in force.",
					     "A draft from %s is here, left on the page \"%s\": "
					     "%zu answers that are not "
					     "in force.",
					     about.count),
					  time_of(tmp, about.saved_ms),
					  page < wz->page_count ? _(wz->pages[page]->title) : "?",
					  about.count);
		wz_confirm(wz, &question);
	}
	talloc_free(tmp);
}

/* A configuration that cannot be read ----------------------------------------------------------------- */

static void take_good_entries(struct wz *wz, const struct gb_config_scan *scan)
{
	for (size_t i = 0; i < scan->count; i++) {
		const struct gb_config_entry *entry = &scan->entries[i];
		struct gb_config *scratch = gb_config_new(NULL);
		char *name = gb_printf(scratch, "%s.%s", entry->section, entry->name);
		struct gb_err ignored;

		if (gb_config_set(scratch, entry->key, entry->text, &ignored) == GB_OK) {
			wz_draft_set(wz->draft, name, entry->text);
		}
		talloc_free(scratch);
	}
}

static void keep_good_parts(struct wz *wz)
{
	struct gb_config_problems *problems = gb_new(NULL, struct gb_config_problems);
	struct gb_err ignored;
	char *bytes;
	size_t length;

	if (gb_file_read_trusted(problems, wz->config_path, GB_CONFIG_MAX_BYTES, &bytes, &length,
				 &ignored) == GB_OK) {
		take_good_entries(
			wz, gb_config_scan(problems, bytes, length, wz->config_path, problems));
	}
	talloc_free(problems);
	wz_touch(wz);
	ask_draft(wz);
}

static void ask_broken(struct wz *wz)
{
	const struct gb_config_problems *problems = of(wz)->problems;
	struct wz_question question = {
		.keep = N_("Keep what is right"),
		.agree = _("Begin with defaults"),
		.kept = keep_good_parts,
		.agreed = ask_draft,
	};
	struct gb_buffer *text;

	if (!problems || problems->count == 0) {
		ask_draft(wz);
		return;
	}
	text = gb_buffer_new(NULL);
	gb_buffer_add_text(text, _("The configuration cannot be read, so groupback does nothing:"));
	for (size_t i = 0; i < problems->count && i < MOST_PROBLEMS; i++) {
		gb_buffer_add_format(text, "\n- %s", problems->items[i].what);
	}
	if (problems->total > MOST_PROBLEMS) {
		gb_buffer_add_text(text, "\n- ...");
	}
	gb_buffer_add_text(text,
			   _("\n\nThe file stays as it is until Configure. \"groupback-engine "
			     "settings undo\" brings back the settings from before."));
	question.text = text->text;
	wz_confirm(wz, &question);
	talloc_free(text);
}

void wz_start_broken(struct wz *wz, const struct gb_config_problems *problems)
{
	of(wz)->problems = problems;
}

/* Another wizard --------------------------------------------------------------------------------------- */

static char *lock_path(const void *ctx, const struct wz *wz)
{
	return gb_printf(ctx, "%s.lock", wz->draft_path);
}

bool wz_start_lock(struct wz *wz)
{
	char *path;

	if (!wz->draft_path) {
		return true;
	}
	path = lock_path(NULL, wz);
	of(wz)->is_held = !wz_lock_take(path, &of(wz)->holder);
	wz->is_read_only = of(wz)->is_held;
	talloc_free(path);
	return !wz->is_read_only;
}

static void look(struct wz *wz);

static void on_time(struct tevent_context *loop, struct tevent_timer *timer, struct timeval now,
		    void *data)
{
	(void)loop;
	(void)timer;
	(void)now;
	look(data);
}

static void look(struct wz *wz)
{
	if (wz_start_lock(wz)) {
		wz_say(wz, WZ_PLAIN, _("The other setup has ended."));
		ask_broken(wz);
		return;
	}
	if (of(wz)->looks++ == LOOK_TIMES) {
		wz_say(wz, WZ_WARN, _("The other setup does not end. This one can only look."));
		return;
	}
	gb_mem_check(tevent_add_timer(
		wz->loop, wz, tevent_timeval_current_ofs(0, LOOK_EVERY_MS * 1000), on_time, wz));
}

static void take_over(struct wz *wz)
{
	wz_lock_ask_for(&of(wz)->holder);
	of(wz)->looks = 0;
	look(wz);
}

static void ask_held(struct wz *wz)
{
	const struct wz_lock_holder *holder = &of(wz)->holder;
	char *shown = gb_text_display(NULL, holder->terminal);
	struct wz_question question = {
		.keep = N_("Look only"),
		.agree = _("Take over"),
		.agreed = take_over,
	};

	question.text =
		gb_printf(shown,
			  _("Another groupback-wizard is open (process %ld, terminal %s). "
			    "Take over ends it; what was entered there is kept as a draft."),
			  (long)holder->pid, shown[0] ? shown : "?");
	wz_confirm(wz, &question);
	talloc_free(shown);
}

void wz_start_ask(struct wz *wz)
{
	if (of(wz)->is_held) {
		ask_held(wz);
	} else {
		ask_broken(wz);
	}
}
