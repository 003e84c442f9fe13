/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a request to the endpoint that answers it: version, bearer, roles, headers.
 */
#ifndef SIM_GRAPH_ROUTER_H
#define SIM_GRAPH_ROUTER_H

#include "sim/graph/call.h"

/** True if the path begins with a version of Graph ("v1.0", "beta"), known or not. */
bool sim_graph_owns(const struct sim_request *request);

/** Answer @request as Microsoft Graph. */
void sim_graph_handle(struct sim_world *world, const struct sim_request *request,
		      struct sim_response *response);

/**
 * Route and answer @call, whose bearer was checked and whose ids are set; for requests and for the
 * items of a batch. Fills the headers that every answer has.
 */
void sim_graph_route(struct sim_call *call);

#endif
