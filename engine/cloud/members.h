/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The members of many groups, a window of groups at a time.
 *
 * Each group is read page by page to its proper end or is reported as not complete; one group's
 * trouble never ends the others. What ends them all is trouble that every group would have: the
 * network, the token, the throttle, or a row of failing groups.
 */
#ifndef GB_CLOUD_MEMBERS_H
#define GB_CLOUD_MEMBERS_H

#include <tevent.h>

#include "engine/cloud/graph_pages.h"
#include "engine/cloud/types.h"

/** So many groups failing with 5xx in a row are Graph's trouble, not the groups'. */
#define GB_MEMBERS_MAX_FAILURES 8

/** What the reader works with; borrowed, must outlive it. */
struct gb_members_parts {
	struct tevent_context *ev;
	struct gb_graph *graph;
	unsigned window;         /**< groups at a time, 1 … */
	int64_t repeat_delay_ms; /**< before a 404 is asked about again */
	uint64_t *refused;       /**< counter of bad records */
};

/** Read. Below @ctx; ends with sink->done. @sink is copied. */
void gb_members_read(const struct gb_members_parts *parts, const void *ctx,
		     const struct gb_cloud_members_sink *sink);

#endif
