/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of plain mode: read one while the loop goes on, print text wrapped. */
#ifndef WZ_PLAIN_LINES_H
#define WZ_PLAIN_LINES_H

#include <stdbool.h>

#include "engine/base/secret.h"
#include "wizard/session.h"

/**
 * Read one line into locked memory, without its end; the loop runs meanwhile. @is_hidden: the terminal
 * does not show it. NULL when the input or the session has ended.
 */
struct gb_secret *wz_plain_read(const void *ctx, struct wz *wz, bool is_hidden);

/** Print a text that may have several lines, each made safe to show. */
void wz_plain_print(const char *text);

#endif
