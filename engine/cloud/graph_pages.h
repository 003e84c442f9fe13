/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading to the last page (Graph, "Paging Microsoft Graph data"; "Use delta query").
 *
 * Links are followed exactly as they come, behind the origin check. Empty pages with a link are
 * normal. A link that comes again, too many pages, or a delta page with neither nextLink nor
 * deltaLink end the reading with an error: only a list that was read to its proper end is complete.
 */
#ifndef GB_CLOUD_GRAPH_PAGES_H
#define GB_CLOUD_GRAPH_PAGES_H

#include "engine/cloud/graph.h"

/** Most pages of one reading: an initial groups/delta of a million groups takes some 72,000. */
#define GB_GRAPH_MAX_PAGES 500000
/** Most pages without a record in a row. */
#define GB_GRAPH_MAX_EMPTY_PAGES 1000
/** How often an enumeration is begun anew when its page token expired. */
#define GB_GRAPH_MAX_RESTARTS 2

/** What kind of end a reading has. */
enum gb_graph_list {
	GB_GRAPH_LIST = 0, /**< a page without nextLink is the last */
	GB_GRAPH_DELTA = 1 /**< the last page has a deltaLink */
};

/** A page: its "value", an array of objects. Borrowed. Non-OK stops the reading with @err. */
typedef enum gb_rc (*gb_graph_page_fn)(void *user, const struct gb_json *value, struct gb_err *err);

/** The enumeration begins anew: forget all pages so far. Non-OK stops the reading with @err. */
typedef enum gb_rc (*gb_graph_restart_fn)(void *user, struct gb_err *err);

/**
 * The end; exactly once, from the loop, unless the reading was freed. @delta_link is set for
 * GB_GRAPH_DELTA with GB_OK: checked, borrowed; else NULL.
 */
typedef void (*gb_graph_pages_fn)(void *user, enum gb_rc rc, const char *delta_link,
				  const struct gb_err *err);

/** Who takes the pages. */
struct gb_graph_sink {
	gb_graph_page_fn on_page;
	bool is_restartable; /**< an expired page token begins the enumeration anew; else it
					     ends the reading with GB_E_STALE_CURSOR */
	gb_graph_restart_fn on_restart; /**< or NULL: nobody needs to know */
	gb_graph_pages_fn done;
	void *user; /**< passed to all of them */
};

/** Opaque: a reading under way. Gone after done. */
struct gb_graph_pages;

/**
 * Read @call and all pages behind it. A child of @ctx; freeing it cancels in silence. @call is
 * copied as by gb_graph_get().
 */
struct gb_graph_pages *gb_graph_pages(struct gb_graph *graph, const void *ctx,
				      const struct gb_graph_call *call, enum gb_graph_list list,
				      const struct gb_graph_sink *sink);

#endif
