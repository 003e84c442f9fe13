/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many requests may be under way: halved when the server is busy or answers much slower than it
 * used to, one more after each window of successes (additive increase, multiplicative decrease, as
 * TCP does). Pure: the caller measures. A plain value.
 */
#ifndef GB_APPLY_WINDOW_H
#define GB_APPLY_WINDOW_H

#include <stddef.h>
#include <stdint.h>

/** An answer this many times slower than usual counts as a sign of overload. */
#define GB_WINDOW_JUMP 5
/** Slowness is looked at above this mean only: below, it is noise. */
#define GB_WINDOW_FLOOR_MS 250
/** Members that cost about as much as the request itself (m: Samba 2 ms + 0.1 ms a member). */
#define GB_WINDOW_MEMBERS_PER_COST 20

/** The window. */
struct gb_window {
	unsigned max;     /**< never above */
	unsigned size;    /**< in force now, 1 … max */
	unsigned lowest;  /**< smallest that was in force */
	unsigned gained;  /**< successes since the last change of size */
	unsigned hold;    /**< answers that must pass before it may shrink again: those that were
			      under way when it shrank say nothing new */
	double usual_ms;  /**< slow mean of the time for one unit of cost */
	double recent_ms; /**< quick mean of the same */
	uint64_t answers; /**< measured so far */
};

/** Begin with a full window of @max (0 is taken as 1). */
void gb_window_init(struct gb_window *window, unsigned max);

/** A request was answered (a refusal for reasons of its own counts as an answer).
 *
 * @param elapsed_ms  from sending to the answer.
 * @param members     values of member that it carried: longer requests may take longer.
 */
void gb_window_answered(struct gb_window *window, int64_t elapsed_ms, size_t members);

/** The server said that it is busy, or a connection was lost. */
void gb_window_busy(struct gb_window *window);

#endif
