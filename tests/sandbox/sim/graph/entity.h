/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Directory objects as JSON, with what the token may read of them. */
#ifndef SIM_GRAPH_ENTITY_H
#define SIM_GRAPH_ENTITY_H

#include "sim/graph/odata.h"

/** How much of a type a token may read. */
enum sim_reading {
	SIM_READ_NOTHING,
	SIM_READ_BASIC,
	SIM_READ_ALL
};

/** How much of @type the token of @call may read. */
enum sim_reading sim_call_reading(const struct sim_call *call, enum sim_type type);

/** How objects are to be written. */
struct sim_entity_style {
	const struct sim_odata *odata; /**< what was selected */
	bool with_type;                /**< write @odata.type (heterogeneous collections) */
	bool deleted;                  /**< in deletedItems securityEnabled reads false */
	enum sim_reading reading[SIM_TYPE_COUNT]; /**< rights; what may not be read is null */
};

/** A style for @call; @with_type for collections of several types. */
void sim_entity_style_init(struct sim_entity_style *style, const struct sim_call *call,
			   const struct sim_odata *odata, bool with_type);

/** The keys and values of @object, without the braces. */
void sim_entity_write(struct sim_json *json, const struct sim_object *object,
		      const struct sim_entity_style *style);

/** What property @prop reads when it has no value: null, [] or an object of nulls. */
const char *sim_entity_empty(enum sim_type type, int prop);

#endif
