/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of a list as every face reads them: the page's own functions, or the steps that it keeps
 * (steps.h). For faces; pages fill in a struct wz_list.
 */
#ifndef WZ_LIST_H
#define WZ_LIST_H

#include <stddef.h>

#include "wizard/page.h"

/** How many rows there are now. */
size_t wz_list_count(struct wz *wz, const struct wz_list *list);

/** Row @i, below the count; its texts may be below @ctx. */
void wz_list_row(const void *ctx, struct wz *wz, const struct wz_list *list, size_t i,
		 struct wz_row *ret_row);

/** Everything about row @i, below the count: at least the whole row, which a window may cut. Below @ctx. */
char *wz_list_detail(const void *ctx, struct wz *wz, const struct wz_list *list, size_t i);

#endif
