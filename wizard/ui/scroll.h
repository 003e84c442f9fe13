/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A place in rows that are more than there is room for: shared by lists, trees and long texts. */
#ifndef WZ_UI_SCROLL_H
#define WZ_UI_SCROLL_H

#include <stdbool.h>
#include <stddef.h>

#include "wizard/keys.h"

/**
 * Move @at (0 … @count - 1) as the key says: arrows, Page, Home, End. False if the key is for something
 * else, or if there is nowhere to go with an arrow, so that the focus leaves.
 */
bool wz_scroll_key(const struct wz_key *key, size_t count, int visible, size_t *at);

/** The first visible row, moved as little as makes @at visible. */
size_t wz_scroll_top(size_t top, size_t at, size_t count, int visible);

#endif
