/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A chunk of members on its way: what became of each, and which of them are sent next.
 *
 * A server refuses a whole request for one bad value. Where looking does not tell which one it is,
 * the chunk is halved, and halved again, until the bad one stands alone; everybody else is written
 * (docs/failures.md, D18). Pure; lives below its talloc parent.
 */
#ifndef GB_APPLY_CHUNK_H
#define GB_APPLY_CHUNK_H

#include <stdbool.h>
#include <stddef.h>

/** Requests for one chunk; whoever is undecided after that many has failed. */
#define GB_CHUNK_MAX_REQUESTS 256
/** Halves that wait: twice the times that GB_CHANGE_MAX_MEMBERS can be halved is plenty. */
#define GB_CHUNK_MAX_PIECES 24

/** What became of one member. */
enum gb_chunk_fate {
	GB_CHUNK_TODO = 0, /**< not decided */
	GB_CHUNK_DONE,     /**< written, or found to be so */
	GB_CHUNK_FAILED    /**< refused */
};

/** Opaque; talloc_free() it. */
struct gb_chunk;

/** A chunk of @count members, 0 or more, all to do, in one piece. */
struct gb_chunk *gb_chunk_new(const void *ctx, size_t count);

/** Decide one member; a decision is not taken back. */
void gb_chunk_mark(struct gb_chunk *chunk, size_t position, enum gb_chunk_fate fate);

/** Decide everybody who is undecided. */
void gb_chunk_mark_rest(struct gb_chunk *chunk, enum gb_chunk_fate fate);

/** What became of the member at @position. */
enum gb_chunk_fate gb_chunk_fate(const struct gb_chunk *chunk, size_t position);

/** How many have this fate. */
size_t gb_chunk_count(const struct gb_chunk *chunk, enum gb_chunk_fate fate);

/**
 * The undecided positions of the piece at hand, ascending.
 *
 * @param ret_positions  room for the chunk's count.
 * @return  how many; 0: everybody is decided.
 */
size_t gb_chunk_next(struct gb_chunk *chunk, size_t *ret_positions);

/** The piece at hand was written: its undecided members are done. */
void gb_chunk_accepted(struct gb_chunk *chunk);

/**
 * The piece at hand was refused, and nobody knows for whom: go on with its first half. One member
 * alone has failed. After GB_CHUNK_MAX_REQUESTS refusals everybody left has.
 */
void gb_chunk_refused(struct gb_chunk *chunk);

#endif
