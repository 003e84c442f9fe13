/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A plan for people: each change as lines of a readable diff on standard output, as it is planned.
 * With JSON wanted nothing is printed while planning, only counted; the report follows.
 */
#ifndef GB_COMMANDS_VIEW_H
#define GB_COMMANDS_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/sync/planner.h"

/** Opaque; talloc_free() it. */
struct gb_view;

/** A view below @ctx. */
struct gb_view *gb_view_new(const void *ctx, bool json);

/** What a cycle takes as its viewer; borrowed from @view. */
const struct gb_plan_viewer *gb_view_viewer(const struct gb_view *view);

/** Changes that went by. */
int64_t gb_view_changes(const struct gb_view *view);

#endif
