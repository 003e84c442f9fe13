/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who of a group's members a call may see; shared by the members family and delta. */
#ifndef SIM_GRAPH_MEMBERS_H
#define SIM_GRAPH_MEMBERS_H

#include "sim/graph/call.h"

/** True if @group has hidden membership and the token may not see it (Member.Read.Hidden). */
bool sim_members_are_hidden(const struct sim_call *call, const struct sim_object *group);

#endif
