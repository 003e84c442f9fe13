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

/** How many lapsed. */
GB_MUST_CHECK enum gb_rc gb_state_lapse_count(struct gb_state *state, size_t *ret_count,
					      struct gb_err *err);

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

/**
 * Keep the members that object @object_no has now with the grave that is about to be dug for @cloud_id;
 * those of an older one go.
 */
GB_MUST_CHECK enum gb_rc gb_state_grave_keep_members(struct gb_state *state,
						     const struct gb_guid *cloud_id,
						     int64_t object_no, struct gb_err *err);

/**
 * Members that the object in the grave had, by their numbers, ascending, below @ctx; those that are
 * gone themselves are left out unless they are slots.
 */
GB_MUST_CHECK enum gb_rc gb_state_grave_members(const void *ctx, struct gb_state *state,
						const struct gb_guid *cloud_id,
						int64_t **ret_members, size_t *ret_count,
						struct gb_err *err);

/** Groups that the object was a member of, likewise, but for those that their graves remember. */
GB_MUST_CHECK enum gb_rc gb_state_grave_parents(const void *ctx, struct gb_state *state,
						const struct gb_guid *cloud_id,
						int64_t **ret_groups, size_t *ret_count,
						struct gb_err *err);

/** Forget members and places of objects whose graves were dug before @before_ms (wall time). */
GB_MUST_CHECK enum gb_rc gb_state_grave_prune(struct gb_state *state, int64_t before_ms,
					      struct gb_err *err);

/** The object is back, or cannot be had back: grave and members go. */
GB_MUST_CHECK enum gb_rc gb_state_grave_clear(struct gb_state *state,
					      const struct gb_guid *cloud_id, struct gb_err *err);

/** The grave of the group, strings below @ctx; guid none if there is none. */
GB_MUST_CHECK enum gb_rc gb_state_grave_get(const void *ctx, struct gb_state *state,
					    const struct gb_guid *cloud_id,
					    struct gb_state_grave *ret_grave, struct gb_err *err);

/** What somebody else undoes again and again. */
struct gb_state_fight {
	const char *what; /**< names of attributes, for people; NULL: no fight is known */
	int runs;         /**< that put the same back, one after the other */
	int64_t last_ms;  /**< wall time of the last one */
};

/**
 * A run puts back what somebody else changed on the group.
 *
 * @param digest     of what is put back: the same text for the same values.
 * @param what       names of the attributes.
 * @param window_ms  a last time that is longer ago does not count.
 */
GB_MUST_CHECK enum gb_rc gb_state_fight_note(struct gb_state *state, const struct gb_guid *cloud_id,
					     const char *digest, const char *what, int64_t now_ms,
					     int64_t window_ms, struct gb_err *err);

/** The fight over the group, its text below @ctx. */
GB_MUST_CHECK enum gb_rc gb_state_fight_get(const void *ctx, struct gb_state *state,
					    const struct gb_guid *cloud_id,
					    struct gb_state_fight *ret_fight, struct gb_err *err);

/** It is over. */
GB_MUST_CHECK enum gb_rc gb_state_fight_clear(struct gb_state *state,
					      const struct gb_guid *cloud_id, struct gb_err *err);

#endif
