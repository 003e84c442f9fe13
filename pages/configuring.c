/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Configuring: the work goes on in a process of its own (groupback-engine configure), which a lost line does
 * not stop; this page only reads along, and a wizard that is started anew joins it.
 */
#include "config.h"

#include "pages/configuring.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "pages/pages.h"
#include "pages/question.h"
#include "pages/ready.h"
#include "wizard/ask.h"
#include "wizard/follow.h"
#include "wizard/steps.h"
#include "wizard/wizard.h"

#define PAGE "configuring"

struct configuring_state {
	struct wz_configured end;
	struct wz_steps *steps;
	struct wz_ask *ask;       /* the job, until it runs by itself */
	struct wz_follow *follow; /* of its progress */
	bool is_running;
	bool has_failed;
	bool is_stopping; /* somebody wants it to stop after the present step */
	bool is_leaving;  /* Next was pressed and waits for the end */
};

static struct configuring_state *state_of(struct wz *wz)
{
	struct configuring_state *state = wz_state(wz, PAGE);

	if (!state->steps) {
		state->steps = wz_steps_new(state);
	}
	return state;
}

const struct wz_configured *wz_configured(struct wz *wz)
{
	return &state_of(wz)->end;
}

static char *path_of(const void *ctx, struct wz *wz, const char *name)
{
	struct gb_config *config = wz_config(ctx, wz);

	return gb_printf(ctx, "%s/%s", config->paths.state_directory, name);
}

/* Reading along ------------------------------------------------------------------------------ */

static void expect_steps(struct configuring_state *state, const struct gb_json *event)
{
	const struct gb_json *steps = gb_json_get(event, "steps");

	wz_steps_clear(state->steps);
	for (const struct gb_json *s = gb_json_first(steps); s; s = gb_json_next(s)) {
		const char *id = gb_json_get_text(s, "step");

		if (id) {
			wz_steps_expect(state->steps, id, NULL);
		}
	}
}

static char **texts(const void *ctx, const struct gb_json *array, size_t *ret_count)
{
	char **lines = NULL;
	size_t count = 0;

	for (const struct gb_json *e = gb_json_first(array); e; e = gb_json_next(e)) {
		lines = gb_mem_check(
			talloc_realloc(ctx, lines, char *, gb_mem_count(count + 1)));
		lines[count++] = gb_strdup(ctx, gb_json_text(e) ? gb_json_text(e) : "");
	}
	*ret_count = count;
	return lines;
}

static char *cycle_line(const void *ctx, const struct gb_json *report)
{
	const struct gb_json *plan = gb_json_get(report, "plan");
	int64_t creates;
	int64_t adds;
	int64_t problems;

	if (!plan || !gb_json_get_int(plan, "creates", &creates) ||
	    !gb_json_get_int(plan, "memberAdds", &adds) ||
	    !gb_json_get_int(report, "problemGroups", &problems)) {
		return NULL;
	}
	return gb_printf(ctx,
			 _("First cycle: groups created: %lld, members added: %lld, groups with "
			   "problems: %lld"),
			 (long long)creates, (long long)adds, (long long)problems);
}

static void take_end(struct wz *wz, const struct gb_json *event)
{
	struct configuring_state *state = state_of(wz);
	struct wz_configured *end = &state->end;
	const char *outcome = gb_json_get_text(event, "outcome");
	const struct gb_json *error = gb_json_get(event, "error");
	const char *what = error ? gb_json_get_text(error, "what") : NULL;
	const char *remedy = error ? gb_json_get_text(error, "remedy") : NULL;

	end->is_undone = outcome && strcmp(outcome, "undone") == 0;
	end->is_over = end->is_undone || (outcome && strcmp(outcome, "done") == 0);
	state->has_failed = !end->is_over;
	end->stands = texts(state, gb_json_get(event, "stands"), &end->stands_count);
	end->warnings = texts(state, gb_json_get(event, "warnings"), &end->warning_count);
	end->cycle = cycle_line(state, gb_json_get(event, "report"));
	if (!gb_json_get_int(event, "exitCode", &end->exit_code)) {
		end->exit_code = 70;
	}
	if (state->has_failed && what) {
		wz_say(wz, WZ_BAD, "%s %s", what, remedy ? remedy : "");
	} else if (state->has_failed) {
		wz_say(wz, WZ_WARN, _("It was stopped. Retry goes on with the next step; Undo puts the "
				      "settings from before back."));
	}
}

static void on_line(struct wz *wz, void *data, const struct gb_json *event)
{
	struct configuring_state *state = state_of(wz);
	const char *kind = gb_json_get_text(event, "event");

	(void)data;
	if (!kind) {
		return;
	}
	if (strcmp(kind, "begin") == 0) {
		expect_steps(state, event);
	} else if (strcmp(kind, "progress") == 0) {
		wz_steps_take(state->steps, event);
	} else if (strcmp(kind, "end") == 0) {
		take_end(wz, event);
	}
	wz_touch(wz);
}

static void on_over(struct wz *wz, void *data)
{
	struct configuring_state *state = state_of(wz);

	(void)data;
	state->follow = NULL;
	state->is_running = false;
	if (state->end.is_over && state->is_leaving) {
		wz_go_on(wz);
		return;
	}
	if (state->end.is_over) {
		wz_next(wz);
		return;
	}
	state->is_leaving = false;
	if (!state->has_failed) {
		state->has_failed = true;
		wz_say(wz, WZ_BAD, _("The run ended without a word. Retry goes on with the step "
				     "that it was at."));
	}
	wz_stay(wz);
}

static void follow(struct wz *wz)
{
	static const struct wz_follower follower = {.line = on_line, .over = on_over};
	struct configuring_state *state = state_of(wz);
	void *ctx = gb_new_tmp(state);

	state->is_running = true;
	state->has_failed = false;
	state->is_stopping = false;
	talloc_free(state->follow);
	state->follow = wz_follow_start(state, wz, path_of(ctx, wz, "configure.jsonl"),
					path_of(ctx, wz, "configure.lock"), &follower, NULL);
	talloc_free(ctx);
}

/* The job ------------------------------------------------------------------------------------ */

static void on_started(struct wz *wz, void *data, const struct gb_json *event)
{
	(void)data;
	(void)event;
	state_of(wz)->ask = NULL;
	follow(wz);
}

static void on_failed(struct wz *wz, void *data, const struct gb_err *err,
		      const struct gb_json *event)
{
	struct configuring_state *state = state_of(wz);

	(void)data;
	(void)event;
	state->ask = NULL;
	if (strcmp(err->id, "configure-running") == 0) {
		follow(wz);
		return;
	}
	state->is_running = false;
	state->has_failed = true;
	wz_say_err(wz, err);
	wz_stay(wz);
}

static void start(struct wz *wz, const char *begin)
{
	static const struct wz_answers answers = {.done = on_started, .failed = on_failed};
	struct configuring_state *state = state_of(wz);
	bool is_on = wz_is(wz, "features.group writeback", "yes");
	bool is_started = is_on && wz_is(wz, "setup.start now", "yes");
	struct gb_json_writer *job;

	state->is_running = true;
	talloc_free(state->ask);
	state->ask = wz_ask_new_job(state, wz);
	wz_question_secrets(wz, state->ask);
	job = wz_ask_arguments(state->ask);
	gb_json_put_text(job, "begin", begin);
	gb_json_put_bool(job, "startSchedule", is_started);
	gb_json_put_bool(job, "runFirstCycle",
			 is_started || (!is_on && wz_disable_leaves_work(wz)));
	gb_json_put_text(job, "approve", wz_ready_approval(wz));
	wz_ask_start(state->ask, _("Starting…"), &answers, NULL);
}

static void retry(struct wz *wz)
{
	start(wz, "retry");
}

static void undo(struct wz *wz)
{
	start(wz, "undo");
}

static bool has_failed(struct wz *wz)
{
	return state_of(wz)->has_failed;
}

static bool is_stoppable(struct wz *wz)
{
	return state_of(wz)->follow && !state_of(wz)->is_stopping;
}

static void stop(struct wz *wz)
{
	struct configuring_state *state = state_of(wz);
	void *ctx = gb_new_tmp(state);

	state->is_stopping = wz_follow_stop(path_of(ctx, wz, "configure.lock"));
	if (state->is_stopping) {
		wz_say(wz, WZ_PLAIN, _("It stops after the present step."));
	} else {
		wz_say(wz, WZ_PLAIN, _("It cannot be stopped any more."));
	}
	talloc_free(ctx);
}

/* The page ----------------------------------------------------------------------------------- */

static struct wz_steps *steps_of(struct wz *wz)
{
	return state_of(wz)->steps;
}

static const struct wz_list step_list = {.steps = steps_of};

/* A draft that was left here only joins: what it began goes on by itself, or has ended. */
static void begin(struct wz *wz)
{
	void *ctx = gb_new_tmp(state_of(wz));
	bool is_running = wz_follow_is_running(path_of(ctx, wz, "configure.lock"));
	bool is_pressed = wz_ready_take_press(wz);

	talloc_free(ctx);
	if (is_running || !is_pressed) {
		follow(wz);
	} else {
		start(wz, wz_task_undo(wz) ? "undo" : "new");
	}
}

static void enter(struct wz *wz)
{
	struct configuring_state *state = state_of(wz);

	if (!state->is_running && !state->end.is_over && !state->has_failed) {
		begin(wz);
	}
}

static enum wz_leave leave(struct wz *wz)
{
	struct configuring_state *state = state_of(wz);

	if (state->end.is_over) {
		return WZ_GO;
	}
	if (state->has_failed) {
		wz_say(wz, WZ_BAD, _("A step has failed. Retry goes on with it; Undo puts the "
				     "settings from before back."));
		return WZ_STAY;
	}
	state->is_leaving = true;
	wz_say(wz, WZ_PLAIN, _("It is not done yet; this page turns by itself."));
	return WZ_WAIT;
}

static char *live_step(const void *ctx, struct wz *wz)
{
	struct configuring_state *state = state_of(wz);
	size_t count = wz_steps_count(state->steps);
	size_t ended = wz_steps_ended(state->steps);

	return state->is_running && ended < count
		       ? gb_printf(ctx, _("step %zu of %zu"), ended + 1, count)
		       : NULL;
}

static const struct wz_field fields[] = {
	{
		.kind = WZ_STEPS,
		.label = N_("Steps"),
		.list = &step_list,
		.live = live_step,
		.flags = WZ_GROW,
	},
	{
		.kind = WZ_NOTE,
		.text = N_("This goes on if the connection is lost. Run groupback-wizard again to "
			   "come back."),
	},
	{
		.kind = WZ_ACTION,
		.label = N_("Stop after this step"),
		.press = stop,
		.flags = WZ_FOOT | WZ_BY_HAND,
		.shown = is_stoppable,
		.help = N_("What was done by then stays until Undo."),
	},
	{
		.kind = WZ_ACTION,
		.label = N_("Retry"),
		.press = retry,
		.flags = WZ_FOOT | WZ_BY_HAND,
		.shown = has_failed,
	},
	{
		.kind = WZ_ACTION,
		.label = N_("Undo"),
		.press = undo,
		.flags = WZ_FOOT | WZ_BY_HAND,
		.shown = has_failed,
	},
	{.kind = WZ_END},
};

const struct wz_page wz_page_configuring = {
	.id = PAGE,
	.title = N_("Configuring"),
	.help = N_("The settings from before are kept first; every step can be gone back on."),
	.fields = fields,
	.state_bytes = sizeof(struct configuring_state),
	.flags = WZ_NO_BACK,
	.enter = enter,
	.leave = leave,
};
