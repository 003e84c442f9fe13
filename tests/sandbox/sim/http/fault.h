/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is to go wrong: rules set by POST /control/faults, applied to the public side.
 *
 * A rule matches requests by method, path and substring, lets the first ones pass, hits a number
 * of them, and then does something: answer in the service's place, delay, reset, or spoil the
 * answer that the service gave. The first matching rule that is not used up wins.
 */
#ifndef SIM_HTTP_FAULT_H
#define SIM_HTTP_FAULT_H

#include "sim/http/message.h"
#include "sim/http/spoil.h"
#include "sim/util/json_read.h"
#include "sim/util/json_write.h"
#include "sim/world.h"

/** Most rules at a time. */
#define SIM_FAULT_MAX 1000

/** No rules, below @ctx. */
struct sim_faults *sim_faults_new(const void *ctx);

/** Replace all rules by the array @list (docs/simulator.md). False: nothing was replaced. */
bool sim_faults_set(struct sim_faults *faults, const cJSON *list,
		    struct sim_err *err) SIM_MUST_CHECK;

/** True if a rule answered @request; then the service must not. */
bool sim_fault_before(struct sim_world *world, const struct sim_request *request,
		      struct sim_response *response);

/**
 * The same for an item of a batch; what is to spoil the answer of the batch stays as it is.
 * @ret_spoil: for sim_spoil_item() once the service has answered the item, or NULL.
 */
bool sim_fault_item(struct sim_world *world, const struct sim_request *request,
		    struct sim_response *response, const struct sim_spoil **ret_spoil);

/** Spoil the answer of the service if a rule says so. */
void sim_fault_after(struct sim_world *world, const struct sim_request *request,
		     struct sim_response *response);

/** Write the rules with how often each has hit, as an array. */
void sim_faults_write(const struct sim_faults *faults, struct sim_json *json);

#endif
