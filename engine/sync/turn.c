/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose turn it is. */
#include "config.h"

#include "engine/sync/turn.h"

#include <string.h>

#define PLACES (UINT64_C(1) << 32)

static uint32_t place_at(int64_t wall_ms)
{
	uint64_t time_of_day_ms = (uint64_t)(wall_ms % GB_TURN_ROUND_MS);

	return (uint32_t)(time_of_day_ms * PLACES / (uint64_t)GB_TURN_ROUND_MS);
}

static uint32_t place_of(const struct gb_guid *id)
{
	return (uint32_t)id->bytes[0] << 24 | (uint32_t)id->bytes[1] << 16 |
	       (uint32_t)id->bytes[2] << 8 | id->bytes[3];
}

struct gb_turn gb_turn_between(int64_t last_ms, int64_t now_ms)
{
	struct gb_turn turn = {.count = 0};

	if (last_ms <= 0 || now_ms < last_ms || now_ms - last_ms >= GB_TURN_ROUND_MS) {
		turn.count = PLACES;
	} else if (now_ms - last_ms >= GB_TURN_MIN_MS) {
		turn.first = place_at(last_ms);
		turn.count = (uint32_t)(place_at(now_ms) - turn.first);
	}
	return turn;
}

bool gb_turn_holds(const struct gb_turn *turn, const struct gb_guid *id)
{
	return (uint32_t)(place_of(id) - turn->first) < turn->count;
}

static struct gb_turn_range range_of(uint32_t first, uint32_t last)
{
	struct gb_turn_range range;

	memset(&range.first, 0, sizeof(range.first));
	memset(&range.last, 0xff, sizeof(range.last));
	for (int i = 0; i < 4; i++) {
		range.first.bytes[i] = (uint8_t)(first >> (24 - 8 * i));
		range.last.bytes[i] = (uint8_t)(last >> (24 - 8 * i));
	}
	return range;
}

size_t gb_turn_ranges(const struct gb_turn *turn, struct gb_turn_range ret_ranges[2])
{
	uint64_t end = turn->first + turn->count;

	if (turn->count == 0) {
		return 0;
	}
	if (turn->count == PLACES) {
		ret_ranges[0] = range_of(0, UINT32_MAX);
		return 1;
	}
	ret_ranges[0] = range_of(turn->first, (uint32_t)((end > PLACES ? PLACES : end) - 1));
	if (end <= PLACES) {
		return 1;
	}
	ret_ranges[1] = range_of(0, (uint32_t)(end - PLACES - 1));
	return 2;
}
