/* SPDX-License-Identifier: GPL-3.0-or-later */
/* $expand: at most twenty objects of one relation inside each object, as Graph does. */
#ifndef SIM_GRAPH_EXPAND_H
#define SIM_GRAPH_EXPAND_H

#include "sim/graph/odata.h"

/** Most objects of an expanded relation (Graph: 20, and no way to get the rest). */
#define SIM_EXPAND_MAX 20

/** Write key and array of @expand for @object. */
void sim_expand_write(struct sim_call *call, struct sim_json *json, const struct sim_object *object,
		      const struct sim_expand *expand);

#endif
