/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bearer check in front of every call of Graph. */
#ifndef SIM_GRAPH_BEARER_H
#define SIM_GRAPH_BEARER_H

#include "sim/graph/call.h"

/** Verify the access token and set call->token. False: the call was answered with 401. */
bool sim_bearer_check(struct sim_call *call) SIM_MUST_CHECK;

#endif
