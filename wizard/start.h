/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is asked before the first page: another wizard is open; the configuration cannot be read; a draft
 * was left. One question after the other, each with a safe answer.
 */
#ifndef WZ_START_H
#define WZ_START_H

#include <stdbool.h>

#include "engine/config/problems.h"
#include "wizard/session.h"

/**
 * Take the lock, or make the session one that only looks. Call before the first page is entered.
 * False if another wizard holds it.
 */
bool wz_start_lock(struct wz *wz);

/** Remember what is wrong with the configuration file; borrowed. */
void wz_start_broken(struct wz *wz, const struct gb_config_problems *problems);

/** Ask what must be asked; the first page is shown already. */
void wz_start_ask(struct wz *wz);

#endif
