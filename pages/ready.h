/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What *Ready* showed, for the run that carries it out. */
#ifndef WZ_PAGES_READY_H
#define WZ_PAGES_READY_H

struct wz;

/**
 * The approval that pressing Configure gives (docs/probe.md, Configure): the digest of the plan that was
 * shown; "first" where there is no state yet that a plan could be bound to; NULL if nothing was shown.
 * Borrowed.
 */
const char *wz_ready_approval(struct wz *wz);

#endif
