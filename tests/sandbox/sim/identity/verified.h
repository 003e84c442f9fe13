/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Access tokens whose signature was verified a moment ago: a client sends the same one with every
 * call, and verifying it took a third of the time of a call.
 *
 * Made with the world; lives as long.
 */
#ifndef SIM_IDENTITY_VERIFIED_H
#define SIM_IDENTITY_VERIFIED_H

#include <stdbool.h>

struct sim_verified;

/** Nothing verified yet, below @ctx. */
struct sim_verified *sim_verified_new(const void *ctx);

/** True if exactly this token was remembered and not yet displaced by others. */
bool sim_verified_knows(const struct sim_verified *verified, const char *token);

/** Remember that the signature of @token is good, in place of the oldest one. */
void sim_verified_add(struct sim_verified *verified, const char *token);

#endif
