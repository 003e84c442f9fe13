/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A generated tenant: people, devices, contacts and groups in the store. */
#ifndef SIM_GENERATE_GENERATE_H
#define SIM_GENERATE_GENERATE_H

#include "sim/generate/spec.h"
#include "sim/store/store.h"

/**
 * Add what @spec describes to @store. False with a sentence in @err, and nothing was added, if the
 * spec asks for more links than can be.
 */
bool sim_generate(struct sim_store *store, const struct sim_spec *spec,
		  struct sim_err *err) SIM_MUST_CHECK;

/** A number that is the same for the same spec: tokens of a tenant by another one are refused. */
uint64_t sim_generate_digest(const struct sim_spec *spec);

#endif
