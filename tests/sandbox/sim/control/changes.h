/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Changes of the tenant while it runs: a list that is applied as a whole or not at all.
 */
#ifndef SIM_CONTROL_CHANGES_H
#define SIM_CONTROL_CHANGES_H

#include "sim/util/json_read.h"
#include "sim/world.h"

/** Most changes of one list. */
#define SIM_CHANGE_MAX 1000000

/** Check all of @list, then apply all of it. False: nothing was changed; @err names the change. */
bool sim_changes_apply(struct sim_world *world, const cJSON *list,
		       struct sim_err *err) SIM_MUST_CHECK;

#endif
