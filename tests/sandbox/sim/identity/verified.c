/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Access tokens whose signature was verified a moment ago. */
#include "config.h"

#include "sim/identity/verified.h"

#include <string.h>

#include "sim/util/mem.h"

/** Tokens that are remembered. */
#define REMEMBERED 16

struct sim_verified {
	char *tokens[REMEMBERED];
	size_t next;
};

struct sim_verified *sim_verified_new(const void *ctx)
{
	return sim_new(ctx, struct sim_verified);
}

bool sim_verified_knows(const struct sim_verified *verified, const char *token)
{
	for (size_t i = 0; i < REMEMBERED; i++) {
		if (verified->tokens[i] && strcmp(verified->tokens[i], token) == 0) {
			return true;
		}
	}
	return false;
}

void sim_verified_add(struct sim_verified *verified, const char *token)
{
	talloc_free(verified->tokens[verified->next]);
	verified->tokens[verified->next] = sim_strdup(verified, token);
	verified->next = (verified->next + 1) % REMEMBERED;
}
