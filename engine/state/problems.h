/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Groups that failed or are frozen, and since when: kept from the first run that finds one to the last
 * one that does, by the cloud group's id and the cause. Losing the state begins the ages anew.
 */
#ifndef GB_STATE_PROBLEMS_H
#define GB_STATE_PROBLEMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/guid.h"
#include "engine/state/state.h"

/** A group with a problem. */
struct gb_state_problem {
	struct gb_guid cloud_id;
	const char *cause; /**< stable id */
	const char *name;  /**< display name, safe to show; or NULL */
	int64_t since_ms;  /**< wall time; ignored by gb_state_problems_put() */
};

/** Remember it, found at @now_ms; one that is known for the same cause keeps its time. */
GB_MUST_CHECK enum gb_rc gb_state_problems_put(struct gb_state *state,
					       const struct gb_state_problem *problem,
					       int64_t now_ms, struct gb_err *err);

/** Forget those that gb_state_problems_put() was not told of at @now_ms: they are over. */
GB_MUST_CHECK enum gb_rc gb_state_problems_end(struct gb_state *state, int64_t now_ms,
					       struct gb_err *err);

/** Those that are there longest, below @ctx; at most @max. *ret_total: how many there are. */
GB_MUST_CHECK enum gb_rc gb_state_problems_list(const void *ctx, struct gb_state *state, size_t max,
						struct gb_state_problem **ret_problems,
						size_t *ret_count, size_t *ret_total,
						struct gb_err *err);

#endif
