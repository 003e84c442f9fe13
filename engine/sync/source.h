/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The planner's source, made of the state: groups, streams of members, names in use.
 *
 * plan/ sees streams and includes no store; this is the adapter. Life cycle: gb_source_new(),
 * gb_plan_run() with gb_source_functions(), talloc_free().
 */
#ifndef GB_SYNC_SOURCE_H
#define GB_SYNC_SOURCE_H

#include <stdbool.h>

#include "engine/plan/plan.h"
#include "engine/sync/addresses.h"
#include "engine/sync/anchors.h"
#include "engine/sync/session.h"

/** Opaque. */
struct gb_source;

/**
 * A source below @ctx.
 *
 * @param all        every group, compared in full; false: what is dirty, as far as it is dirty.
 * @param anchors    from gb_anchors_search(); borrowed.
 * @param addresses  from gb_addresses_search(); borrowed.
 */
struct gb_source *gb_source_new(const void *ctx, struct gb_session *session,
				const struct gb_anchors *anchors,
				const struct gb_addresses *addresses, bool all);

/** How long a group that others fight over is left alone. */
#define GB_SOURCE_TRUCE_MS (24 * 60 * 60 * INT64_C(1000))

/** The functions to hand to gb_plan_run(); they borrow @source. */
struct gb_plan_source gb_source_functions(struct gb_source *source);

/** Numbers of the group whose turn it is: its cloud number and its object number, or 0. */
void gb_source_current(const struct gb_source *source, int64_t *ret_cloud_no,
		       int64_t *ret_object_no);

/** The object that the group whose turn it is is written to, or NULL; valid until the next group. */
const struct gb_directory_object *gb_source_object(const struct gb_source *source);

/** Why the group whose turn it is lapsed in an earlier run; GB_LAPSE_NONE if it did not. */
enum gb_lapse gb_source_lapse(const struct gb_source *source);

#endif
