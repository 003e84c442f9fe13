/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What *Ready* showed, for the run that carries it out. */
#ifndef WZ_PAGES_READY_H
#define WZ_PAGES_READY_H

#include <stdbool.h>

struct wz;
struct wz_effect_counts;

/**
 * The approval that pressing Configure gives (docs/probe.md, Configure): the digest of the plan that was
 * shown; "first" where there is no state yet that a plan could be bound to; NULL if nothing was shown.
 * Borrowed.
 */
const char *wz_ready_approval(struct wz *wz);

/** Somebody agreed to what the page behind Ready does, here or (undo) elsewhere. */
void wz_ready_press(struct wz *wz);

/**
 * True once after Configure was pressed: the run is to be started. False when the page behind it is come to
 * otherwise, by a draft that was left there: then there is only something to look at.
 */
bool wz_ready_take_press(struct wz *wz);

/** What the last dry run has counted; NULL while there is none. */
const struct wz_effect_counts *wz_ready_counts(struct wz *wz);

#endif
