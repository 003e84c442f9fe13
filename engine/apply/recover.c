/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pauses, and bringing a lost connection back. */
#include "config.h"

#include "engine/apply/recover.h"

#include <string.h>

#include "engine/base/backoff.h"
#include "engine/base/digest.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"

static struct timeval pause_before(const struct gb_apply *apply, unsigned attempt)
{
	uint32_t chance;
	int64_t delay_ms;

	gb_digest_random(&chance, sizeof(chance));
	delay_ms = gb_backoff_delay_ms(attempt, apply->options.first_delay_ms,
				       GB_APPLY_MAX_DELAY_MS, chance);
	return tevent_timeval_current_ofs((uint32_t)(delay_ms / 1000),
					  (uint32_t)(delay_ms % 1000 * 1000));
}

static void make_ready(struct gb_task *task)
{
	TAILQ_REMOVE(&task->apply->resting, task, link);
	TAILQ_INSERT_TAIL(&task->apply->ready, task, link);
}

static void pause_over(struct tevent_context *ev, struct tevent_timer *timer, struct timeval now,
		       void *user)
{
	struct gb_task *task = user;

	(void)ev;
	(void)timer;
	(void)now;
	task->pause = NULL; /* tevent frees a timer that fired */
	make_ready(task);
	gb_pump(task->apply);
}

/* True if the server has answered somebody else since it began to put this task off. */
static bool others_go_on(const struct gb_task *task)
{
	return task->apply->answers > task->answers_before;
}

static bool is_exhausted(struct gb_task *task)
{
	if (task->attempts++ == 0) {
		task->answers_before = task->apply->answers;
	}
	return task->attempts >= task->apply->options.attempts;
}

void gb_recover_rest(struct gb_task *task, gb_task_step step)
{
	struct gb_apply *apply = task->apply;

	if (apply->is_stopping) {
		gb_task_give_up(task);
		return;
	}
	if (is_exhausted(task)) {
		if (others_go_on(task)) {
			gb_task_give_up(task);
		} else {
			gb_task_stop(task);
		}
		return;
	}
	task->step = step;
	TAILQ_INSERT_TAIL(&apply->resting, task, link);
	apply->busy--;
	apply->members -= task->row->change.member_count;
	if (gb_directory_is_connected(apply->directory)) {
		task->pause = gb_mem_check(tevent_add_timer(
			apply->ev, task, pause_before(apply, task->attempts), pause_over, task));
	}
	gb_pump(apply);
}

static struct gb_server_identity identify(const void *ctx, const struct gb_directory *directory)
{
	const struct gb_directory_facts *facts = gb_directory_facts(directory);

	return (struct gb_server_identity){
		.invocation_id = facts->invocation_id,
		.name = gb_strdup(ctx, facts->dns_host_name ? facts->dns_host_name : facts->server),
	};
}

void gb_recover_note_server(struct gb_apply *apply)
{
	apply->server = identify(apply, apply->directory);
}

/* Another replica may not have what was written to the first one a moment ago. */
static void compare_server(struct gb_apply *apply)
{
	struct gb_server_identity now = identify(apply, apply->directory);

	if (gb_guid_compare(&now.invocation_id, &apply->server.invocation_id) != 0 ||
	    strcmp(now.name, apply->server.name) != 0) {
		gb_log(GB_LOG_WARNING, "apply", "going on at server %s instead of %s", now.name,
		       apply->server.name);
		apply->epoch++;
	}
	talloc_free(apply->server.name);
	apply->server = now;
}

static void release_resting(struct gb_apply *apply)
{
	struct gb_task *task = TAILQ_FIRST(&apply->resting);

	while (task) {
		struct gb_task *next = TAILQ_NEXT(task, link);

		if (!task->pause) {
			make_ready(task);
		}
		task = next;
	}
}

static void schedule_reconnect(struct gb_apply *apply);

static void reconnect(struct tevent_context *ev, struct tevent_timer *timer, struct timeval now,
		      void *user)
{
	struct gb_apply *apply = user;
	struct gb_err err;
	enum gb_rc rc;

	(void)ev;
	(void)timer;
	(void)now;
	if (apply->is_stopping) {
		return;
	}
	rc = gb_directory_reconnect(apply->directory, &err);
	if (rc == GB_OK) {
		apply->is_reconnecting = false;
		apply->reconnect_tries = 0;
		apply->stats.reconnects++;
		compare_server(apply);
		release_resting(apply);
	} else if (rc == GB_E_UNAVAILABLE && apply->reconnect_tries < apply->options.attempts) {
		schedule_reconnect(apply);
	} else {
		gb_pump_stop(apply, &err);
	}
	gb_pump(apply);
}

static void schedule_reconnect(struct gb_apply *apply)
{
	apply->is_reconnecting = true;
	apply->reconnect_tries++;
	gb_mem_check(tevent_add_timer(apply->ev, apply, pause_before(apply, apply->reconnect_tries),
				      reconnect, apply));
}

void gb_recover_connection(struct gb_apply *apply)
{
	/* What is under way ends by itself, with an error; only then is the ground clear. */
	if (!apply->is_reconnecting && apply->busy == 0) {
		schedule_reconnect(apply);
	}
}
