/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The room's door: begin, wait, cancel, and the end of a run. */
#include "config.h"

#include "engine/apply/apply.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "engine/apply/executor.h"
#include "engine/apply/recover.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/directory/dn.h"
#include "engine/state/runs.h"

/** Where gb_apply_wait() waits; outlives the executor, which `done` may free. */
struct gb_apply_end {
	bool has_come;
	struct gb_err err; /* rc GB_OK: without error */
};

static void set_defaults(struct gb_apply *apply, const struct gb_apply_options *options)
{
	apply->options = *options;
	apply->options.container_dn = gb_strdup(apply, options->container_dn);
	if (!apply->options.window) {
		apply->options.window = GB_APPLY_WINDOW;
	}
	if (apply->options.window > GB_APPLY_MAX_WINDOW) {
		apply->options.window = GB_APPLY_MAX_WINDOW;
	}
	if (!apply->options.attempts) {
		apply->options.attempts = GB_APPLY_ATTEMPTS;
	}
	if (!apply->options.first_delay_ms) {
		apply->options.first_delay_ms = GB_APPLY_FIRST_DELAY_MS;
	}
}

static enum gb_rc count_changes(struct gb_apply *apply, struct gb_err *err)
{
	struct gb_state_run_counts counts;
	enum gb_rc rc = gb_state_run_count(apply->state, apply->options.run_no, &counts, err);

	for (size_t kind = 0; rc == GB_OK && kind < GB_RUN_KINDS; kind++) {
		apply->progress.total += counts.changes[kind][GB_OUTCOME_OPEN];
	}
	return rc;
}

static enum gb_rc check_container(struct gb_apply *apply, struct gb_err *err)
{
	apply->fence.former_keys = apply->options.former_keys;
	apply->fence.container_key =
		apply->options.container_dn ? gb_dn_key(apply, apply->options.container_dn) : NULL;
	if (apply->fence.container_key) {
		return GB_OK;
	}
	gb_err_set(err, GB_E_CONFIG, "apply-container", "%s",
		   _("The container for groups is not a valid DN."));
	gb_err_undone(err, "%s", _("Nothing was written to the directory."));
	gb_err_remedy(err, "%s", _("Correct \"container\" in the configuration."));
	return GB_E_CONFIG;
}

static void begin(struct tevent_context *ev, struct tevent_immediate *immediate, void *user)
{
	struct gb_apply *apply = user;
	struct gb_err err;

	(void)ev;
	talloc_free(immediate);
	if (check_container(apply, &err) != GB_OK) {
		gb_pump_stop(apply, &err);
	} else if (count_changes(apply, &err) != GB_OK) {
		gb_pump_state_failed(apply, &err);
	}
	gb_pump(apply);
}

struct gb_apply *gb_apply_begin(const void *ctx, struct tevent_context *ev, struct gb_state *state,
				struct gb_directory *directory,
				const struct gb_apply_options *options,
				const struct gb_apply_hooks *hooks)
{
	struct gb_apply *apply = gb_new(ctx, struct gb_apply);
	struct tevent_immediate *immediate = gb_mem_check(tevent_create_immediate(apply));

	apply->ev = ev;
	apply->state = state;
	apply->directory = directory;
	apply->hooks = *hooks;
	set_defaults(apply, options);
	TAILQ_INIT(&apply->ready);
	TAILQ_INIT(&apply->resting);
	gb_window_init(&apply->window, apply->options.window);
	apply->progress.phase = GB_PHASE_CREATE;
	gb_recover_note_server(apply);
	tevent_schedule_immediate(immediate, ev, begin, apply);
	return apply;
}

/* The last thing that happens: `done` may free the executor. */
static void announce(struct tevent_context *ev, struct tevent_immediate *immediate, void *user)
{
	struct gb_apply *apply = user;
	struct gb_err err = apply->stop;

	(void)ev;
	talloc_free(immediate);
	if (apply->end) {
		*apply->end = (struct gb_apply_end){.has_come = true, .err = err};
		apply->end = NULL;
	}
	if (apply->hooks.done) {
		apply->hooks.done(apply->hooks.user, err.rc, err.rc == GB_OK ? NULL : &err);
	}
}

void gb_apply_announce(struct gb_apply *apply)
{
	struct tevent_immediate *immediate = gb_mem_check(tevent_create_immediate(apply));

	tevent_schedule_immediate(immediate, apply->ev, announce, apply);
}

/* On the heap and not below @apply: `done` may free the executor before the loop returns. */
enum gb_rc gb_apply_wait(struct gb_apply *apply, struct gb_err *err)
{
	struct gb_apply_end *end = gb_new(NULL, struct gb_apply_end);
	struct tevent_context *ev = apply->ev;
	enum gb_rc rc = GB_OK;

	assert(!apply->end && !apply->is_over);
	apply->end = end;
	while (rc == GB_OK && !end->has_come) {
		if (tevent_loop_once(ev) != 0) {
			apply->end = NULL;
			rc = gb_err_set(err, GB_E_SYSTEM, "apply-loop",
					_("Waiting for events failed: %s."), strerror(errno));
		}
	}
	if (rc == GB_OK && end->err.rc != GB_OK) {
		*err = end->err;
		rc = err->rc;
	}
	talloc_free(end);
	return rc;
}

void gb_apply_stop(struct gb_apply *apply, const struct gb_err *err)
{
	gb_pump_stop(apply, err);
	gb_pump(apply);
}

void gb_apply_cancel(struct gb_apply *apply)
{
	struct gb_err err;

	gb_err_set(&err, GB_E_CANCELLED, "apply-cancelled", "%s", _("The run was stopped."));
	gb_err_undone(&err, "%s", _("The changes that were left are not made."));
	gb_err_remedy(&err, "%s", _("The next run makes them."));
	gb_apply_stop(apply, &err);
}

const struct gb_apply_stats *gb_apply_stats(const struct gb_apply *apply)
{
	return &apply->stats;
}
