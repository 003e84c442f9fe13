/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pseudo-random numbers from a seed (splitmix64): the same seed, the same run.
 *
 * Not for secrets; the token-signing key comes from OpenSSL.
 */
#ifndef SIM_UTIL_RNG_H
#define SIM_UTIL_RNG_H

#include <stdint.h>

#include "sim/util/encode.h"

/** The generator. Set state to the seed and begin. */
struct sim_rng {
	uint64_t state; /**< advances with each number */
};

/** The next 64 bits. */
uint64_t sim_rng_next(struct sim_rng *rng);

/** A number from @low to @high, both included (@low <= @high). */
uint64_t sim_rng_between(struct sim_rng *rng, uint64_t low, uint64_t high);

/** A random GUID of version 4 as bytes. */
void sim_rng_guid(struct sim_rng *rng, uint8_t ret_guid[SIM_GUID_SIZE]);

/** A random GUID of version 4 as text. */
void sim_rng_guid_text(struct sim_rng *rng, char ret_text[SIM_GUID_TEXT]);

#endif
