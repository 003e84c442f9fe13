/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whose turn it is: the daily reconcile of memberships, spread over the cycles of a day.
 *
 * Every group has its time of day, by the first 32 bits of its objectId: 00000000 is midnight UTC, ffffffff
 * the moment before the next one. They are random (Entra makes version 4 GUIDs, RFC 9562 section 5.4), so every
 * cycle gets its share of the groups, and nothing has to be kept but when the last turn was taken. Pure.
 */
#ifndef GB_SYNC_TURN_H
#define GB_SYNC_TURN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/guid.h"

/** The round: in this time it is every group's turn once. */
#define GB_TURN_ROUND_MS (24 * 60 * 60 * INT64_C(1000))
/** A turn is taken when the last one is this old; at an interval of a minute most cycles take none. */
#define GB_TURN_MIN_MS (20 * 60 * INT64_C(1000))

/** Some of the 2^32 places of the round. */
struct gb_turn {
	uint32_t first; /**< its first place */
	uint64_t count; /**< how many follow, round the end if need be; 0: it is nobody's turn */
};

/**
 * The turn that is due at @now_ms, if the last one was taken at @last_ms (wall times): all places between.
 * Nobody's if GB_TURN_MIN_MS have not passed. Everybody's after a whole round, and if the last turn lies in the
 * future (the clock was set back) or is not known (0).
 */
struct gb_turn gb_turn_between(int64_t last_ms, int64_t now_ms);

/** True if it is this group's turn. */
bool gb_turn_holds(const struct gb_turn *turn, const struct gb_guid *id);

/** What was found at a turn that no change had told. */
struct gb_turn_found {
	int64_t listed; /**< members of the lists of the cloud that were read again, lost ones included */
	int64_t lost;   /**< of these, members that are not listed any more */
	int64_t gone;   /**< groups that are not in the directory any more */
};

/** Ids from first to last, both included. */
struct gb_turn_range {
	struct gb_guid first;
	struct gb_guid last;
};

/** The turn as ranges of ids. Returns how many: 0, 1, or 2 if it goes round the end. */
size_t gb_turn_ranges(const struct gb_turn *turn, struct gb_turn_range ret_ranges[2]);

#endif
