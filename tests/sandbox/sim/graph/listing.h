/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages of objects: whatever the collection is, $filter, $search, $orderby, $top, $count, $expand
 * and paging work alike.
 *
 * A source names the candidates in an order that does not change while a client pages: positions of
 * a type's list, positions of a group's links, or object indexes of a set.
 */
#ifndef SIM_GRAPH_LISTING_H
#define SIM_GRAPH_LISTING_H

#include "sim/graph/odata.h"
#include "sim/graph/relation.h"

/** Where the objects come from; the first that is set. */
struct sim_source {
	const struct sim_object_list *list; /**< all objects of a type */
	const struct sim_links *links;      /**< direct members of a group */
	struct sim_index_set set;           /**< anything else */
	unsigned types;                     /**< bit mask of the types that are kept */
	enum sim_state state;               /**< objects in this state are kept */
};

/** How a page is written. */
struct sim_listing {
	const char *context; /**< what stands behind "$metadata#" */
	bool with_type;      /**< write @odata.type */
	bool deleted;        /**< security groups read securityEnabled false (deletedItems) */
	void (*write)(struct sim_call *call, struct sim_json *json,
		      const struct sim_object *object); /**< instead of the object; NULL */
};

/** Answer @call with a page of @source. @odata was read. */
void sim_listing_answer(struct sim_call *call, const struct sim_source *source,
			const struct sim_odata *odata, const struct sim_listing *listing);

/** Objects of @source that @odata keeps. */
uint64_t sim_listing_count(const struct sim_call *call, const struct sim_source *source,
			   const struct sim_odata *odata);

/** Answer with that count as text/plain; 400 without ConsistencyLevel. */
void sim_listing_answer_count(struct sim_call *call, const struct sim_source *source,
			      const struct sim_odata *odata);

#endif
