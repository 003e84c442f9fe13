/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The screen: the face that draws pages on a terminal, full or compact, and gives them its keys. */
#ifndef WZ_UI_SCREEN_H
#define WZ_UI_SCREEN_H

#include "wizard/session.h"
#include "wizard/terminal.h"

/**
 * Walk the pages on the terminal until the session ends; the terminal is given back before it returns.
 * False if the terminal could not be started, and nothing was done.
 */
bool wz_screen_run(struct wz *wz, const struct wz_terminal_wish *wish);

#endif
