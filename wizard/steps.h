/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Steps: the rows of a test or of a piece of work, as they come in from the engine (docs/probe.md: items of
 * kind "step", and the event "progress"). A page keeps one, hands it the events, and names it in the wz_list
 * of a WZ_STEPS.
 *
 * Life cycle: wz_steps_new() below the page's state; wz_steps_clear() before work begins anew; freed
 * with the state.
 */
#ifndef WZ_STEPS_H
#define WZ_STEPS_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/json.h"
#include "wizard/page.h"

/** Opaque. */
struct wz_steps;

/** No rows; below @ctx. */
struct wz_steps *wz_steps_new(const void *ctx);

/** Forget all rows. */
void wz_steps_clear(struct wz_steps *steps);

/** Take an item of kind "step", or an event "progress": a row of its own, or its row's new state. */
void wz_steps_take(struct wz_steps *steps, const struct gb_json *event);

/** Name a step that has not begun, so that it stands there as not tried. @text is copied, or NULL. */
void wz_steps_expect(struct wz_steps *steps, const char *step, const char *text);

/** Add a row that is no step of the engine's: a warning, a fact. Texts are copied. */
void wz_steps_add(struct wz_steps *steps, enum wz_tone tone, const char *label, const char *text);

/** How many rows there are; NULL has none. */
size_t wz_steps_count(const struct wz_steps *steps);

/** How many rows are neither waiting nor running any more. */
size_t wz_steps_ended(const struct wz_steps *steps);

/** Row @i; its texts may be below @ctx. */
void wz_steps_row(const void *ctx, const struct wz_steps *steps, size_t i, struct wz_row *ret_row);

/** Everything that is known about row @i, below @ctx. */
char *wz_steps_detail(const void *ctx, const struct wz_steps *steps, size_t i);

/** Say what failed and what to do, as the first row that failed tells it. False: no row does. */
bool wz_steps_say_failure(struct wz *wz, const struct wz_steps *steps);

#endif
