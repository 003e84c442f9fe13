/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A chunk of members on its way. */
#include "config.h"

#include "engine/apply/chunk.h"

#include <assert.h>

#include "engine/base/mem.h"

struct piece {
	size_t from;
	size_t to; /* first position behind it */
};

struct gb_chunk {
	size_t count;
	enum gb_chunk_fate *fates;
	size_t counts[GB_CHUNK_FAILED + 1];
	struct piece pieces[GB_CHUNK_MAX_PIECES]; /* the last one is at hand */
	size_t piece_count;
	unsigned refusals;
};

struct gb_chunk *gb_chunk_new(const void *ctx, size_t count)
{
	struct gb_chunk *chunk = gb_new(ctx, struct gb_chunk);

	chunk->count = count;
	chunk->fates = gb_new_array(chunk, enum gb_chunk_fate, count);
	chunk->counts[GB_CHUNK_TODO] = count;
	chunk->pieces[0] = (struct piece){0, count};
	chunk->piece_count = 1;
	return chunk;
}

void gb_chunk_mark(struct gb_chunk *chunk, size_t position, enum gb_chunk_fate fate)
{
	assert(position < chunk->count);
	if (chunk->fates[position] == GB_CHUNK_TODO) {
		chunk->fates[position] = fate;
		chunk->counts[GB_CHUNK_TODO]--;
		chunk->counts[fate]++;
	}
}

void gb_chunk_mark_rest(struct gb_chunk *chunk, enum gb_chunk_fate fate)
{
	for (size_t i = 0; i < chunk->count; i++) {
		gb_chunk_mark(chunk, i, fate);
	}
}

enum gb_chunk_fate gb_chunk_fate(const struct gb_chunk *chunk, size_t position)
{
	assert(position < chunk->count);
	return chunk->fates[position];
}

size_t gb_chunk_count(const struct gb_chunk *chunk, enum gb_chunk_fate fate)
{
	return chunk->counts[fate];
}

static size_t list_piece(const struct gb_chunk *chunk, size_t *ret_positions)
{
	const struct piece *piece = &chunk->pieces[chunk->piece_count - 1];
	size_t found = 0;

	for (size_t i = piece->from; i < piece->to; i++) {
		if (chunk->fates[i] == GB_CHUNK_TODO) {
			ret_positions[found++] = i;
		}
	}
	return found;
}

size_t gb_chunk_next(struct gb_chunk *chunk, size_t *ret_positions)
{
	while (chunk->piece_count > 0) {
		size_t found = list_piece(chunk, ret_positions);

		if (found > 0) {
			return found;
		}
		chunk->piece_count--;
	}
	return 0;
}

static void decide_piece(struct gb_chunk *chunk, enum gb_chunk_fate fate)
{
	const struct piece *piece = &chunk->pieces[chunk->piece_count - 1];

	for (size_t i = piece->from; i < piece->to; i++) {
		gb_chunk_mark(chunk, i, fate);
	}
	chunk->piece_count--;
}

void gb_chunk_accepted(struct gb_chunk *chunk)
{
	assert(chunk->piece_count > 0);
	decide_piece(chunk, GB_CHUNK_DONE);
}

/* Halves by undecided members, so that a piece with a single one is never split again. */
static void split(struct gb_chunk *chunk, size_t undecided)
{
	struct piece *piece = &chunk->pieces[chunk->piece_count - 1];
	size_t middle = piece->from;

	for (size_t seen = 0; seen < undecided / 2; middle++) {
		seen += chunk->fates[middle] == GB_CHUNK_TODO;
	}
	chunk->pieces[chunk->piece_count] = (struct piece){piece->from, middle};
	piece->from = middle;
	chunk->piece_count++;
}

void gb_chunk_refused(struct gb_chunk *chunk)
{
	const struct piece *piece = &chunk->pieces[chunk->piece_count - 1];
	size_t undecided = 0;

	assert(chunk->piece_count > 0);
	for (size_t i = piece->from; i < piece->to; i++) {
		undecided += chunk->fates[i] == GB_CHUNK_TODO;
	}
	if (++chunk->refusals >= GB_CHUNK_MAX_REQUESTS) {
		gb_chunk_mark_rest(chunk, GB_CHUNK_FAILED);
	} else if (undecided <= 1 || chunk->piece_count == GB_CHUNK_MAX_PIECES) {
		decide_piece(chunk, GB_CHUNK_FAILED);
	} else {
		split(chunk, undecided);
	}
}
