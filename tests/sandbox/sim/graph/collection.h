/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the collections of directory objects have in common: list, one, $count.
 *
 * Paging is by position in the order of creation: deletions and additions while a client pages
 * move nothing that it has not seen.
 */
#ifndef SIM_GRAPH_COLLECTION_H
#define SIM_GRAPH_COLLECTION_H

#include "sim/graph/entity.h"

/** GET /{collection}: a page of live objects of @type. */
void sim_collection_list(struct sim_call *call, enum sim_type type);

/** GET /{collection}/{id}. */
void sim_collection_get(struct sim_call *call, enum sim_type type);

/** GET /{collection}/$count: text/plain, advanced mode only. */
void sim_collection_count(struct sim_call *call, enum sim_type type);

/** Answer @count as text/plain; 400 without ConsistencyLevel. For every $count segment. */
void sim_answer_count(struct sim_call *call, uint64_t count);

#endif
