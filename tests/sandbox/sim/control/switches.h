/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The knobs by name: for POST /control/switches and for showing them. */
#ifndef SIM_CONTROL_SWITCHES_H
#define SIM_CONTROL_SWITCHES_H

#include "sim/util/json_read.h"
#include "sim/util/json_write.h"
#include "sim/world.h"

/** Set the knobs that @json names. False: nothing was set. */
bool sim_switches_set(struct sim_world *world, const cJSON *json,
		      struct sim_err *err) SIM_MUST_CHECK;

/** Write all knobs as an object. */
void sim_switches_write(const struct sim_world *world, struct sim_json *json);

#endif
