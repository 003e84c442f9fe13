/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pauses: a busy server is left alone for a while, a lost connection is brought back, both with
 * growing, jittered delays and a bound. Private to engine/apply.
 */
#ifndef GB_APPLY_RECOVER_H
#define GB_APPLY_RECOVER_H

#include "engine/apply/task.h"

/**
 * The server asked to come again, or is gone (task->err says which): give the slot back, wait, then
 * go on with @step, which reads again before it repeats anything.
 *
 * After options.attempts answers of this kind the task gives up. If nothing else was answered in the
 * meantime either, the server is unavailable as a whole and the run stops.
 */
void gb_recover_rest(struct gb_task *task, gb_task_step step);

/** The connection is lost: bring it back as soon as nothing is under way. Called by gb_pump(). */
void gb_recover_connection(struct gb_apply *apply);

/** Remember which server we talk to; at the beginning. */
void gb_recover_note_server(struct gb_apply *apply);

#endif
