/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A place in rows that are more than there is room for. */
#include "config.h"

#include "wizard/ui/scroll.h"

static size_t down(size_t at, size_t by, size_t count)
{
	return at + by < count ? at + by : count - 1;
}

static size_t up(size_t at, size_t by)
{
	return at > by ? at - by : 0;
}

bool wz_scroll_key(const struct wz_key *key, size_t count, int visible, size_t *at)
{
	size_t page = visible > 1 ? (size_t)visible - 1 : 1;
	size_t before = *at;

	if (count == 0) {
		return false;
	}
	switch ((int)key->code) {
	case WZ_KEY_UP:
		*at = up(*at, 1);
		return *at != before;
	case WZ_KEY_DOWN:
		*at = down(*at, 1, count);
		return *at != before;
	case WZ_KEY_PAGE_UP:
		*at = up(*at, page);
		return true;
	case WZ_KEY_PAGE_DOWN:
		*at = down(*at, page, count);
		return true;
	case WZ_KEY_HOME:
		*at = 0;
		return true;
	case WZ_KEY_END:
		*at = count - 1;
		return true;
	default:
		return false;
	}
}

size_t wz_scroll_top(size_t top, size_t at, size_t count, int visible)
{
	size_t rows = visible > 0 ? (size_t)visible : 1;

	if (at < top) {
		top = at;
	}
	if (at >= top + rows) {
		top = at - rows + 1;
	}
	if (top + rows > count) {
		top = count > rows ? count - rows : 0;
	}
	return top;
}
