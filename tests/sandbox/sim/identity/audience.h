/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which audiences mean Microsoft Graph: asked when a token is issued and when it is presented.
 *
 * Host names are compared without their ports.
 */
#ifndef SIM_IDENTITY_AUDIENCE_H
#define SIM_IDENTITY_AUDIENCE_H

#include "sim/world.h"

/**
 * The name of Graph that belongs to the authority @host: the first of graphHosts; without any,
 * "graph.x" for "login.x", and else the same host. May be @host itself, else below @ctx.
 */
const char *sim_graph_host(const void *ctx, const struct sim_world *world, const char *host);

/** True if @audience is Graph: a Microsoft name of it, one of the tenant's names,
 * @host, or the name that belongs to @host. */
bool sim_audience_is_graph(const struct sim_world *world, const char *audience, const char *host);

#endif
