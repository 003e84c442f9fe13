/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Throttling as the identity and access service does it: a token bucket of resource units for each
 * app, and one of writes (Graph: "Microsoft Graph service-specific throttling limits").
 *
 * Off unless the switch "throttle" is on. The bucket holds the units of one window (10 seconds) and
 * fills evenly; the size of the tenant decides how many those are. A call is admitted while the
 * bucket is not empty, and pays when it is answered. Made with the world, lives as long.
 */
#ifndef SIM_GRAPH_THROTTLE_H
#define SIM_GRAPH_THROTTLE_H

#include "sim/graph/call.h"

/** Units in a window: tenants below 50 users, up to 500, and larger ones. */
#define SIM_UNITS_SMALL  3500
#define SIM_UNITS_MEDIUM 5000
#define SIM_UNITS_LARGE  8000

/** Full buckets, below @ctx. */
struct sim_throttle *sim_throttle_new(const void *ctx);

/** Fill all buckets. */
void sim_throttle_reset(struct sim_throttle *throttle);

/** True if the call may go on. False: it was answered with 429; @units are what it would cost. */
bool sim_throttle_admit(struct sim_call *call, int units) SIM_MUST_CHECK;

/** Pay for an answered call: call->cost, at least one unit, nothing if it was refused. */
void sim_throttle_pay(struct sim_call *call);

#endif
