/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public side: Entra ID or Microsoft Graph, by the first segment of the path. */
#ifndef SIM_DISPATCH_H
#define SIM_DISPATCH_H

#include "sim/http/message.h"
#include "sim/world.h"

/** Answer a request of the public side. */
void sim_dispatch(struct sim_world *world, const struct sim_request *request,
		  struct sim_response *response);

#endif
