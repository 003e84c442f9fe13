/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The person at the browser: approves or declines a device code. POST and GET /control/device.
 */
#ifndef SIM_CONTROL_SIGN_IN_H
#define SIM_CONTROL_SIGN_IN_H

#include "sim/util/json_read.h"
#include "sim/util/json_write.h"
#include "sim/world.h"

/** Approve, decline or block a device code (docs/simulator.md). False: nothing was changed. */
bool sim_sign_in(struct sim_world *world, const cJSON *json, struct sim_err *err) SIM_MUST_CHECK;

/** Write the device codes, without what the client polls with, as an array. */
void sim_sign_in_write(const struct sim_world *world, struct sim_json *json);

#endif
