/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The control endpoint (docs/simulator.md): how tests change the tenant and read what was asked.
 *
 * Plain HTTP on the loopback address. Answers are JSON; errors are {"error": "sentence"}, status 400.
 */
#ifndef SIM_CONTROL_CONTROL_H
#define SIM_CONTROL_CONTROL_H

#include "sim/http/message.h"
#include "sim/world.h"

/** Answer a request of the control side. */
void sim_control_handle(struct sim_world *world, const struct sim_request *request,
			struct sim_response *response);

#endif
