/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The family /groups. */
#include "config.h"

#include "sim/graph/collection.h"
#include "sim/graph/delta.h"
#include "sim/graph/families.h"

void sim_groups_list(struct sim_call *call)
{
	sim_collection_list(call, SIM_GROUP);
}

void sim_groups_get(struct sim_call *call)
{
	sim_collection_get(call, SIM_GROUP);
}

void sim_groups_count(struct sim_call *call)
{
	sim_collection_count(call, SIM_GROUP);
}

void sim_groups_delta(struct sim_call *call)
{
	sim_delta(call, SIM_GROUP);
}
