/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is a list of changes possible? Asked of every change in order, before the first is applied.
 *
 * The check keeps an outlook: what each object will be after the changes that came before. Made
 * with sim_change_check_new() below a temporary context and freed with it.
 */
#ifndef SIM_CONTROL_CHANGE_CHECK_H
#define SIM_CONTROL_CHANGE_CHECK_H

#include "sim/util/json_read.h"
#include "sim/world.h"

/** The check of one list. */
struct sim_change_check;

/** A check below @ctx that writes its sentence into @err. */
struct sim_change_check *sim_change_check_new(const void *ctx, struct sim_world *world,
					      struct sim_err *err);

/** Check the next change. False with a sentence. */
bool sim_change_check_one(struct sim_change_check *check, const cJSON *change) SIM_MUST_CHECK;

#endif
