/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The changes of one phase in the order in which they may be sent: changes of one object one after
 * the other, in the order of the plan; changes of different objects side by side. Holds a small
 * look-ahead, whatever the size of the plan.
 */
#ifndef GB_APPLY_FEED_H
#define GB_APPLY_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/state/journal.h"

/** Most changes that are read and not given out yet: they wait for their object. */
#define GB_FEED_LOOK_AHEAD 32
/** With so many members (400 bytes each) among them no further one is read ahead. */
#define GB_FEED_LOOK_AHEAD_MEMBERS 2000

/** Where changes come from: the next one below @ctx; NULL: there is none. */
typedef enum gb_rc (*gb_feed_fetch)(void *user, const void *ctx,
				    struct gb_state_change **ret_change, struct gb_err *err);

/** Opaque; talloc_free() it, with the changes that were not given out. */
struct gb_feed;

/** A feed of what @fetch delivers. */
struct gb_feed *gb_feed_new(const void *ctx, gb_feed_fetch fetch, void *user);

/**
 * The next change whose object is free; the object is busy until gb_feed_done(). NULL: none at the
 * moment, or (gb_feed_is_empty()) at all. The caller owns it.
 *
 * Errors: those of fetch.
 */
GB_MUST_CHECK enum gb_rc gb_feed_next(struct gb_feed *feed, struct gb_state_change **ret_change,
				      struct gb_err *err);

/** The change of this object that was given out has ended. */
void gb_feed_done(struct gb_feed *feed, int64_t object_no);

/**
 * True if no further change of this (busy) object follows in this phase. Relies on the plan's order:
 * changes of a group lie together. May read one change; if that fails the answer is false.
 */
bool gb_feed_is_last(struct gb_feed *feed, int64_t object_no);

/** Everything was given out and has ended. */
bool gb_feed_is_empty(const struct gb_feed *feed);

#endif
