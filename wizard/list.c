/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of a list as every face reads them. */
#include "config.h"

#include "wizard/list.h"

#include "engine/base/mem.h"
#include "wizard/steps.h"

size_t wz_list_count(struct wz *wz, const struct wz_list *list)
{
	return list->steps ? wz_steps_count(list->steps(wz)) : list->count(wz);
}

void wz_list_row(const void *ctx, struct wz *wz, const struct wz_list *list, size_t i,
		 struct wz_row *ret_row)
{
	*ret_row = (struct wz_row){.text = ""};
	if (list->steps) {
		wz_steps_row(ctx, list->steps(wz), i, ret_row);
	} else {
		list->row(ctx, wz, i, ret_row);
	}
}

char *wz_list_detail(const void *ctx, struct wz *wz, const struct wz_list *list, size_t i)
{
	struct wz_row row;

	if (list->steps) {
		return wz_steps_detail(ctx, list->steps(wz), i);
	}
	if (list->detail) {
		return list->detail(ctx, wz, i);
	}
	wz_list_row(ctx, wz, list, i, &row);
	return row.note ? gb_printf(ctx, "%s\n%s", row.text, row.note) : gb_strdup(ctx, row.text);
}
