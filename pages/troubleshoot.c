/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Troubleshoot: everything that the engine can check by itself, line by line, with what to do. The configuration
 * in force is checked; nothing is changed.
 */
#include "config.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "pages/pages.h"
#include "pages/question.h"
#include "wizard/ask.h"
#include "wizard/steps.h"
#include "wizard/wizard.h"

#define PAGE "troubleshoot"

struct troubleshoot_state {
	struct wz_ask *ask;
	struct wz_steps *steps;
};

static struct troubleshoot_state *state_of(struct wz *wz)
{
	struct troubleshoot_state *state = wz_state(wz, PAGE);

	if (!state->steps) {
		state->steps = wz_steps_new(state);
	}
	return state;
}

static struct wz_steps *steps_of(struct wz *wz)
{
	return state_of(wz)->steps;
}

static const char *nothing(struct wz *wz)
{
	(void)wz;
	return _("not checked yet");
}

static const struct wz_list checks = {
	.steps = steps_of,
	.nothing = nothing,
};

static void on_item(struct wz *wz, void *data, const struct gb_json *event)
{
	const char *verdict = gb_json_get_text(event, "verdict");
	const char *title = gb_json_get_text(event, "title");
	const char *text = gb_json_get_text(event, "text");

	(void)data;
	if (verdict && title) {
		wz_steps_add(state_of(wz)->steps,
			     strcmp(verdict, "ok") == 0        ? WZ_GOOD
			     : strcmp(verdict, "warning") == 0 ? WZ_WARN
							       : WZ_BAD,
			     title, text ? text : "");
	}
	wz_touch(wz);
}

static void on_done(struct wz *wz, void *data, const struct gb_json *event)
{
	(void)data;
	state_of(wz)->ask = NULL;
	if (gb_json_get_bool(event, "passed", false)) {
		wz_say(wz, WZ_GOOD, _("Every check has passed."));
	} else {
		wz_say(wz, WZ_BAD, _("Something is wrong. F2 on a line says what to do."));
	}
}

static void on_failed(struct wz *wz, void *data, const struct gb_err *err,
		      const struct gb_json *event)
{
	(void)data;
	(void)event;
	state_of(wz)->ask = NULL;
	wz_say_err(wz, err);
}

static void check(struct wz *wz)
{
	static const struct wz_answers answers = {
		.item = on_item,
		.done = on_done,
		.failed = on_failed,
	};
	struct troubleshoot_state *state = state_of(wz);

	talloc_free(state->ask);
	wz_steps_clear(state->steps);
	state->ask = wz_question_new(wz, PAGE, "check");
	wz_ask_start(state->ask, _("Checking everything…"), &answers, NULL);
}

/* Who comes here wants it checked; an answers file says so by its button. */
static void enter(struct wz *wz)
{
	if (!wz_is_unattended(wz) && wz_steps_count(steps_of(wz)) == 0) {
		check(wz);
	}
}

static const struct wz_field fields[] = {
	{.kind = WZ_STEPS, .label = N_("Checks"), .list = &checks, .flags = WZ_GROW},
	{
		.kind = WZ_NOTE,
		.text = N_("More: groupback-engine status, history and explain; the log is in "
			   "journalctl -u groupback."),
	},
	{
		.kind = WZ_ACTION,
		.label = N_("Check again"),
		.press = check,
		.flags = WZ_FOOT | WZ_BY_HAND,
	},
	{.kind = WZ_END},
};

const struct wz_page wz_page_troubleshoot = {
	.id = PAGE,
	.title = N_("Troubleshoot"),
	.help = N_("The same as \"groupback-engine check\": configuration, credentials, connections, "
		   "rights, clocks, disk. Nothing is changed."),
	.next = N_("Exit"),
	.fields = fields,
	.state_bytes = sizeof(struct troubleshoot_state),
	.flags = WZ_LAST | WZ_UNCOUNTED,
	.wanted = wz_task_troubleshoot,
	.enter = enter,
};
