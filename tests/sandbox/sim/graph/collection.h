/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the collections of directory objects have in common: list, one, $count. */
#ifndef SIM_GRAPH_COLLECTION_H
#define SIM_GRAPH_COLLECTION_H

#include "sim/graph/odata.h"

/** GET /{collection}: a page of live objects of @type. */
void sim_collection_list(struct sim_call *call, enum sim_type type);

/** GET /{collection}/{id}. */
void sim_collection_get(struct sim_call *call, enum sim_type type);

/** GET /{collection}/$count: text/plain, advanced mode only. */
void sim_collection_count(struct sim_call *call, enum sim_type type);

/** Answer with @object whole, or what @odata selects of it. */
void sim_answer_entity(struct sim_call *call, const struct sim_object *object,
		       const struct sim_odata *odata);

#endif
