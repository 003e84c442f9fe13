/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pseudo-random numbers from a seed. */
#include "config.h"

#include "sim/util/rng.h"

uint64_t sim_rng_next(struct sim_rng *rng)
{
	uint64_t z = (rng->state += 0x9E3779B97F4A7C15u);

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

uint64_t sim_rng_between(struct sim_rng *rng, uint64_t low, uint64_t high)
{
	return low + sim_rng_next(rng) % (high - low + 1);
}

void sim_rng_guid(struct sim_rng *rng, uint8_t ret_guid[SIM_GUID_SIZE])
{
	for (size_t i = 0; i < SIM_GUID_SIZE; i++) {
		ret_guid[i] = (uint8_t)sim_rng_next(rng);
	}
	ret_guid[6] = (uint8_t)((ret_guid[6] & 0x0F) | 0x40);
	ret_guid[8] = (uint8_t)((ret_guid[8] & 0x3F) | 0x80);
}

void sim_rng_guid_text(struct sim_rng *rng, char ret_text[SIM_GUID_TEXT])
{
	uint8_t guid[SIM_GUID_SIZE];

	sim_rng_guid(rng, guid);
	sim_guid_format(guid, ret_text);
}
