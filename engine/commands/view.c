/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan for people. */
#include "config.h"

#include "engine/commands/view.h"

#include <stdio.h>

#include "engine/base/mem.h"
#include "engine/plan/print.h"

struct gb_view {
	struct gb_plan_viewer viewer;
	bool json;
	int64_t changes;
};

static void on_change(void *user, const struct gb_change *change)
{
	struct gb_view *view = user;
	char *lines;

	view->changes++;
	if (view->json) {
		return;
	}
	lines = gb_print_change(view, change);
	fputs(lines, stdout);
	talloc_free(lines);
}

struct gb_view *gb_view_new(const void *ctx, bool json)
{
	struct gb_view *view = gb_new(ctx, struct gb_view);

	view->json = json;
	view->viewer.change = on_change;
	view->viewer.user = view;
	return view;
}

const struct gb_plan_viewer *gb_view_viewer(const struct gb_view *view)
{
	return &view->viewer;
}

int64_t gb_view_changes(const struct gb_view *view)
{
	return view->changes;
}
