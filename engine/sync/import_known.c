/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is known already: a cache in front of the state. */
#include "config.h"

#include <string.h>

#include "engine/base/mem.h"
#include "engine/state/cloud_space.h"
#include "engine/sync/import_parts.h"

/* A set is searched from end to end. */
#define WAYS 8
/* A power of two: with 50,000 people, three of four sets hold all of theirs. */
#define SET_BITS 13

struct slot {
	struct gb_guid id;
	uint32_t no; /* 0: nobody */
};

struct set {
	struct slot slots[WAYS];
};

struct gb_import_known {
	struct set sets[1 << SET_BITS];
	uint8_t oldest[1 << SET_BITS]; /* the slot that is taken next */
};

/* Ids that are made to collide cost look-ups in the state, and nothing else. */
static size_t set_of(const struct gb_guid *id)
{
	uint32_t first;
	uint32_t last;

	memcpy(&first, id->bytes, sizeof(first));
	memcpy(&last, id->bytes + sizeof(id->bytes) - sizeof(last), sizeof(last));
	return ((first ^ last) * UINT32_C(2654435769)) >> (32 - SET_BITS);
}

struct gb_import_known *gb_import_known_new(const void *ctx)
{
	return gb_new(ctx, struct gb_import_known);
}

static int64_t look(const struct gb_import_known *known, const struct gb_guid *id)
{
	const struct set *set = &known->sets[set_of(id)];

	for (size_t i = 0; i < WAYS; i++) {
		if (gb_guid_compare(&set->slots[i].id, id) == 0) {
			return set->slots[i].no;
		}
	}
	return 0;
}

static void remember(struct gb_import_known *known, const struct gb_guid *id, int64_t no)
{
	size_t set = set_of(id);
	struct slot *slot = &known->sets[set].slots[known->oldest[set]++ % WAYS];

	slot->id = *id;
	slot->no = (uint32_t)no;
}

enum gb_rc gb_import_known_find(struct gb_import_known *known, struct gb_state *state,
				const struct gb_guid *id, enum gb_cloud_type type, int64_t *ret_no,
				struct gb_err *err)
{
	enum gb_rc rc;

	/* Of other types there are few, and their record is the only source: each is asked for. */
	*ret_no = type == GB_CLOUD_USER ? look(known, id) : 0;
	if (*ret_no != 0) {
		return GB_OK;
	}
	rc = gb_state_cloud_find_seen(state, id, type, ret_no, err);
	if (rc == GB_OK && type == GB_CLOUD_USER && *ret_no != 0 && *ret_no <= UINT32_MAX) {
		remember(known, id, *ret_no);
	}
	return rc;
}
