/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All questions of a session together: what runs, how to stop it. */
#ifndef WZ_ASKS_H
#define WZ_ASKS_H

#include <stdbool.h>
#include <stdint.h>

struct wz;

/**
 * The busy text of the question that runs longest, and for how long it has; NULL if nothing with a busy
 * text runs. Borrowed.
 */
const char *wz_asks_busy(struct wz *wz, int64_t *ret_elapsed_ms);

/** True if a question runs, with or without a busy text. */
bool wz_asks_running(struct wz *wz);

/** Stop every question that has a busy text: failed() with GB_E_CANCELLED. True if there was one. */
bool wz_asks_stop(struct wz *wz);

/** End all questions without a word to those who asked: the session is about to be freed. */
void wz_asks_end(struct wz *wz);

#endif
