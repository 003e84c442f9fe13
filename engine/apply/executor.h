/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The executor's inside, shared by the files of this room and by nobody else.
 *
 * pump.c moves everything: it hands slots (the window) to tasks (task.h), one task a change. A task
 * holds its slot while it has a request under way, and gives it back when it rests (recover.h) or
 * has ended. pump.c alone decides when a phase, and the run, is over.
 */
#ifndef GB_APPLY_EXECUTOR_H
#define GB_APPLY_EXECUTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "engine/apply/apply.h"
#include "engine/apply/feed.h"
#include "engine/apply/fence.h"
#include "engine/apply/window.h"

struct gb_task;

/** Tasks in a row. */
TAILQ_HEAD(gb_task_list, gb_task);

/** Which server we talk to, to notice that a reconnect led to another one. */
struct gb_server_identity {
	struct gb_guid invocation_id; /**< none in dialect ldap */
	char *name;                   /**< dnsHostName, or the configured name */
};

/** A run under way. */
struct gb_apply {
	struct tevent_context *ev;
	struct gb_state *state;
	struct gb_directory *directory;
	struct gb_apply_options options; /**< container_dn is a copy; no value is 0 */
	struct gb_fence fence;           /**< from the options */
	struct gb_apply_hooks hooks;
	struct gb_apply_stats stats;
	struct gb_apply_progress progress;

	struct gb_window window;
	struct gb_feed *feed;               /**< of the phase at work */
	struct gb_state_changes_iter *rows; /**< behind the feed */
	unsigned busy;                      /**< tasks that hold a slot */
	size_t members;                     /**< of their changes */
	struct gb_task_list ready;          /**< rested, wait for a slot */
	struct gb_task_list resting;        /**< wait for their pause, or for the connection */
	bool is_pumping;                    /**< inside gb_pump() */

	int64_t *found;     /**< groups that were found instead of created: they stay dirty */
	size_t found_count; /**< how many; one for each lost answer, so few */

	uint64_t answers;         /**< writes that a server carried out or refused for good */
	uint64_t refused;         /**< changes that failed for lack of rights */
	struct gb_err refusal;    /**< the first of them */
	bool is_reconnecting;     /**< a pause before gb_directory_reconnect() is running */
	unsigned reconnect_tries; /**< in a row, without success */
	unsigned epoch;           /**< grows when another server took over */
	struct gb_server_identity server;

	bool is_stopping;         /**< nothing more is begun */
	bool is_over;             /**< the end is scheduled or was announced */
	bool state_failed;        /**< the state takes no outcomes any more */
	struct gb_err stop;       /**< why; rc GB_OK while it is not stopping */
	struct gb_apply_end *end; /**< where gb_apply_wait() waits; or NULL */
};

/** Go on with whatever can go on. Safe to call from anywhere at any time. */
void gb_pump(struct gb_apply *apply);

/** Stop the run for this reason; the first one counts. What is under way may still end. */
void gb_pump_stop(struct gb_apply *apply, const struct gb_err *err);

/** The state failed: nothing can be remembered any more, so nothing may be sent. */
void gb_pump_state_failed(struct gb_apply *apply, const struct gb_err *err);

/** Announce the end, from the loop. pump.c calls it once. (apply.c) */
void gb_apply_announce(struct gb_apply *apply);

#endif
