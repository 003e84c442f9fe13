/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One round of change tracking for groups or people (Graph, "Use delta query to track changes in
 * Microsoft Graph data", "Get incremental changes for groups").
 */
#ifndef GB_CLOUD_DELTA_H
#define GB_CLOUD_DELTA_H

#include <stdbool.h>
#include <tevent.h>

#include "engine/cloud/graph_pages.h"
#include "engine/cloud/groups.h"
#include "engine/cloud/types.h"

/** What a round works with; borrowed, must outlive it. */
struct gb_delta_parts {
	struct tevent_context *ev;
	struct gb_graph *graph;
	struct gb_groups_query query; /**< how groups are asked for */
	uint64_t *refused;   /**< counter of bad records */
};

/**
 * One round of groups/delta. Below @ctx; ends with sink->done.
 *
 * If Graph does not take writebackConfiguration in the first request of a round (400), the round
 * goes on without it: records then lack GB_GROUP_HAS_WRITEBACK.
 *
 * @param link  for GB_CLOUD_DELTA_FROM_LINK; else NULL. Both are copied.
 */
void gb_delta_groups(const struct gb_delta_parts *parts, const void *ctx,
		     enum gb_cloud_delta_start start, const char *link,
		     const struct gb_cloud_groups_delta_sink *sink);

/** One round of users/delta. As gb_delta_groups(). */
void gb_delta_people(const struct gb_delta_parts *parts, const void *ctx,
		     enum gb_cloud_delta_start start, const char *link,
		     const struct gb_cloud_users_delta_sink *sink);

#endif
