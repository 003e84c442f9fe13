/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Plain line mode: one question a line, for TERM=dumb, for terminals that cannot move the cursor, and for
 * screen readers. The same pages, the same rules.
 */
#ifndef WZ_PLAIN_H
#define WZ_PLAIN_H

#include "wizard/session.h"

/** Walk the pages on standard input and output until the session ends; says first why it is plain. */
void wz_plain_run(struct wz *wz, const char *why);

#endif
