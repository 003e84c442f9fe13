/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the state remembers of the life of a written group beyond what the two spaces say now: since
 * when it is to be written no more (lapse), and which object it had when that was deleted (grave).
 *
 * Both are kept by the cloud group's id. Losing the state never shortens an age: a lapse that is not
 * remembered begins anew.
 */
#ifndef GB_STATE_LIFE_H
#define GB_STATE_LIFE_H

#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/guid.h"
#include "engine/base/sid.h"
#include "engine/state/state.h"

/** Since when, and why (enum gb_lapse of plan/group.h; 0: not at all). */
struct gb_state_lapse {
	struct gb_guid cloud_id;
	int lapse;
	int64_t since_ms; /**< wall time */
};

/**
 * Remember that the group lapsed for @lapse at @now_ms. A lapse that is known for the same reason
 * keeps its time, unless that lies in the future (the clock was wrong then, or is now).
 */
GB_MUST_CHECK enum gb_rc gb_state_lapse_set(struct gb_state *state, const struct gb_guid *cloud_id,
					    int lapse, int64_t now_ms, struct gb_err *err);

/** The group is written again, or its object is gone. */
GB_MUST_CHECK enum gb_rc gb_state_lapse_clear(struct gb_state *state,
					      const struct gb_guid *cloud_id, struct gb_err *err);

/** The lapse of the group; ret_lapse->lapse is 0 if none is known. */
GB_MUST_CHECK enum gb_rc gb_state_lapse_get(struct gb_state *state, const struct gb_guid *cloud_id,
					    struct gb_state_lapse *ret_lapse, struct gb_err *err);

/** Those that lapsed first, below @ctx; at most @max of them. *ret_total: how many there are. */
GB_MUST_CHECK enum gb_rc gb_state_lapse_list(const void *ctx, struct gb_state *state, size_t max,
					     struct gb_state_lapse **ret_lapses, size_t *ret_count,
					     size_t *ret_total, struct gb_err *err);

/** The object that a cloud group had. */
struct gb_state_grave {
	struct gb_guid guid; /**< objectGUID; none: no grave */
	struct gb_sid sid;   /**< objectSid, or none */
	const char *dn;      /**< its DN when it lived; or NULL */
	int64_t buried_ms;   /**< wall time at which we learnt of it */
};

/** Remember the object; replaces an older one. */
GB_MUST_CHECK enum gb_rc gb_state_grave_set(struct gb_state *state, const struct gb_guid *cloud_id,
					    const struct gb_state_grave *grave, struct gb_err *err);

/** The object is back, or cannot be had back. */
GB_MUST_CHECK enum gb_rc gb_state_grave_clear(struct gb_state *state,
					      const struct gb_guid *cloud_id, struct gb_err *err);

/** The grave of the group, strings below @ctx; guid none if there is none. */
GB_MUST_CHECK enum gb_rc gb_state_grave_get(const void *ctx, struct gb_state *state,
					    const struct gb_guid *cloud_id,
					    struct gb_state_grave *ret_grave, struct gb_err *err);

#endif
