/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How large each generated group is, of which kind, and who is in it. */
#include "config.h"

#include "sim/generate/shape.h"

#include "sim/util/rng.h"

/** Most groups that one group holds directly. */
#define NESTED_MAX 5
/** Most devices of one group, and most contacts. */
#define DEVICES_PER_GROUP  10
#define CONTACTS_PER_GROUP 2

static uint64_t mix(uint64_t key, uint64_t number)
{
	struct sim_rng rng = {key ^ number};

	return sim_rng_next(&rng);
}

/* Bits of half of a Feistel network that covers @count. */
static unsigned half_bits(uint64_t count)
{
	unsigned bits = 1;

	while (bits < 31 && (uint64_t)1 << (2 * bits) < count) {
		bits++;
	}
	return bits;
}

uint64_t sim_permute(uint64_t key, uint64_t count, uint64_t at)
{
	unsigned bits = half_bits(count);
	uint64_t mask = ((uint64_t)1 << bits) - 1;

	/* Whatever falls outside goes round again: that keeps it a permutation (cycle walking). */
	do {
		uint64_t left = at >> bits;
		uint64_t right = at & mask;

		for (unsigned round = 0; round < 4; round++) {
			uint64_t next = left ^ (mix(key + round, right) & mask);

			left = right;
			right = next;
		}
		at = left << bits | right;
	} while (at >= count);
	return at;
}

/* ---- sizes ---- */

/** What is still to be given out by the law. */
struct rest {
	uint64_t first; /* rank that comes next */
	uint64_t links; /* links left */
	double weight;  /* of all ranks from the next one on */
	uint64_t most;  /* members that a group can have */
};

static double weight_of(uint64_t rank)
{
	return 1.0 / (double)(rank + 1);
}

/* The largest groups of the law may be larger than a group can be: they get what is possible. */
static void give_most(uint32_t *by_rank, uint64_t groups, struct rest *rest)
{
	while (rest->first < groups &&
	       (double)rest->links * weight_of(rest->first) > (double)rest->most * rest->weight) {
		by_rank[rest->first] = (uint32_t)rest->most;
		rest->links -= rest->most;
		rest->weight -= weight_of(rest->first);
		rest->first++;
	}
}

/* Cumulative shares, rounded down: the sum comes out exactly. */
static void give_shares(uint32_t *by_rank, uint64_t groups, const struct rest *rest)
{
	double sum = 0;
	uint64_t given = 0;

	for (uint64_t rank = rest->first; rank < groups; rank++) {
		uint64_t upto = rest->links;

		sum += weight_of(rank);
		if (rank + 1 < groups) {
			upto = (uint64_t)((double)rest->links * (sum / rest->weight));
			upto = upto > rest->links ? rest->links : upto;
		}
		by_rank[rank] = (uint32_t)(upto - given);
		given = upto;
	}
}

static bool fill_sizes(struct sim_shape *shape, struct sim_err *err)
{
	const struct sim_spec *spec = shape->spec;
	uint64_t groups = (uint64_t)spec->groups;
	uint64_t most =
		spec->people < SIM_GROUP_SIZE_MAX ? (uint64_t)spec->people : SIM_GROUP_SIZE_MAX;
	struct rest rest = {.links = (uint64_t)spec->links};
	uint32_t *by_rank = sim_new_array(shape, uint32_t, groups + 1);

	rest.most = spec->largest ? (uint64_t)spec->largest : most;
	if (rest.links > groups * rest.most) {
		return sim_fail(err,
				"%lld links are too many: %lld groups of at most %llu members.",
				(long long)spec->links, (long long)spec->groups,
				(unsigned long long)rest.most);
	}
	for (uint64_t rank = groups; rank > 0; rank--) {
		rest.weight += weight_of(rank - 1);
	}
	if (spec->largest && groups) {
		by_rank[0] = (uint32_t)spec->largest;
		rest.links -= rest.most;
		rest.weight -= weight_of(0);
		rest.first = 1;
	}
	give_most(by_rank, groups, &rest);
	give_shares(by_rank, groups, &rest);
	for (uint64_t group = 0; group < groups; group++) {
		shape->sizes[group] = by_rank[sim_permute(sim_spec_random(spec, SIM_STREAM_RANK, 0),
							  groups, group)];
	}
	talloc_free(by_rank);
	return true;
}

/* ---- kinds ---- */

/** Cloud groups: shares of a hundred. */
static const struct {
	enum sim_group_kind kind;
	unsigned share;
} shares[] = {
	{SIM_KIND_SECURITY, 42},
	{SIM_KIND_MICROSOFT365, 32},
	{SIM_KIND_MICROSOFT365_SECURITY, 4},
	{SIM_KIND_HIDDEN, 2},
	{SIM_KIND_DYNAMIC, 5},
	{SIM_KIND_DYNAMIC_MICROSOFT365, 3},
	{SIM_KIND_MAIL_SECURITY, 4},
	{SIM_KIND_DISTRIBUTION, 6},
	{SIM_KIND_ROLE, 2},
};

static enum sim_group_kind kind_of(const struct sim_shape *shape, uint32_t group)
{
	const struct sim_spec *spec = shape->spec;
	uint64_t random = sim_spec_random(spec, SIM_STREAM_KIND, group);
	unsigned left = (unsigned)(random % 100);

	if ((int64_t)(random >> 32) % 100 < spec->synced &&
	    shape->sizes[group] <= (uint64_t)shape->origins.synced) {
		return SIM_KIND_SYNCED;
	}
	for (size_t i = 0; !spec->plain && i < SIM_ARRAY_SIZE(shares); i++) {
		if (left < shares[i].share) {
			return shares[i].kind;
		}
		left -= shares[i].share;
	}
	return SIM_KIND_SECURITY;
}

static void remember(struct sim_shape *shape, struct sim_nestables *list, uint32_t group)
{
	shape->places[group] = list->count;
	list->items[list->count++] = group;
}

static void fill_kinds(struct sim_shape *shape)
{
	for (uint32_t group = 0; group < shape->spec->groups; group++) {
		enum sim_group_kind kind = kind_of(shape, group);

		shape->kinds[group] = (uint8_t)kind;
		if (kind == SIM_KIND_SYNCED) {
			remember(shape, &shape->synced, group);
		} else if (kind == SIM_KIND_SECURITY || kind == SIM_KIND_DYNAMIC ||
			   kind == SIM_KIND_MAIL_SECURITY) {
			remember(shape, &shape->nestables, group);
		}
	}
}

bool sim_shape_new(const void *ctx, const struct sim_spec *spec, struct sim_shape **ret_shape,
		   struct sim_err *err)
{
	struct sim_shape *shape = sim_new(ctx, struct sim_shape);
	size_t room = (size_t)spec->groups + 1;

	shape->spec = spec;
	sim_origins_count(spec, &shape->origins);
	shape->sizes = sim_new_array(shape, uint32_t, room);
	shape->kinds = sim_new_array(shape, uint8_t, room);
	shape->places = sim_new_array(shape, uint32_t, room);
	shape->nestables.items = sim_new_array(shape, uint32_t, room);
	shape->synced.items = sim_new_array(shape, uint32_t, room);
	if (!fill_sizes(shape, err)) {
		talloc_free(shape);
		return false;
	}
	fill_kinds(shape);
	*ret_shape = shape;
	return true;
}

/* ---- members ---- */

/** A group whose members are being named. */
struct naming {
	const struct sim_shape *shape;
	uint32_t group;
	uint32_t left; /* members still to be named */
	sim_member_fn fn;
	void *closure;
};

static void name_one(struct naming *naming, enum sim_type type, uint64_t number)
{
	naming->fn(naming->closure, type, (uint32_t)number);
	naming->left--;
}

/* @wanted of the @count things of @type, drawn without repetition. */
static void name_some(struct naming *naming, enum sim_type type, uint64_t wanted, uint64_t count)
{
	uint64_t key = sim_spec_random(naming->shape->spec, SIM_STREAM_MEMBER,
				       (uint64_t)naming->group << 3 | type);

	for (uint64_t i = 0; i < wanted && i < count && naming->left > 0; i++) {
		name_one(naming, type, sim_permute(key, count, i));
	}
}

static uint64_t nested_count(const struct sim_shape *shape, uint32_t group)
{
	uint64_t at = shape->spec->cycles ? shape->places[group] / 3 : shape->places[group];

	/* With cycles, three neighbours nest together: see name_cycle(). */
	if (!sim_spec_chance(shape->spec, SIM_STREAM_NESTING, at, shape->spec->nesting)) {
		return 0;
	}
	return 1 + sim_spec_random(shape->spec, SIM_STREAM_NESTING, ~(uint64_t)group) % NESTED_MAX;
}

/* Only groups that come later in the list: that cannot make a circle. */
static void name_later(struct naming *naming, const struct sim_nestables *list, uint64_t wanted)
{
	uint32_t place = naming->shape->places[naming->group];
	uint64_t later = list->count - place - 1;
	uint64_t key = sim_spec_random(naming->shape->spec, SIM_STREAM_NESTING, naming->group);

	for (uint64_t i = 0; i < wanted && i < later && naming->left > 0; i++) {
		name_one(naming, SIM_GROUP, list->items[place + 1 + sim_permute(key, later, i)]);
	}
}

/* Of three neighbours the first holds itself, the others each other; the rest is anybody. */
static void name_cycle(struct naming *naming, const struct sim_nestables *list, uint64_t wanted)
{
	uint32_t place = naming->shape->places[naming->group];
	uint64_t key = sim_spec_random(naming->shape->spec, SIM_STREAM_NESTING, naming->group);
	uint32_t first = place % 3 == 0 ? place : place % 3 == 1 ? place + 1 : place - 1;

	first = first < list->count ? first : place;
	for (uint64_t i = 0; i < wanted && i < list->count && naming->left > 0; i++) {
		uint64_t next = i ? sim_permute(key, list->count, i) : first;

		if (i == 0 || next != first) {
			name_one(naming, SIM_GROUP, list->items[next]);
		}
	}
}

static void name_groups(struct naming *naming)
{
	const struct sim_shape *shape = naming->shape;
	uint64_t wanted = nested_count(shape, naming->group);

	if (shape->kinds[naming->group] == SIM_KIND_SYNCED) {
		name_later(naming, &shape->synced, wanted);
	} else if (shape->spec->cycles) {
		name_cycle(naming, &shape->nestables, wanted);
	} else {
		name_later(naming, &shape->nestables, wanted);
	}
}

/* The kinds differ in what they may hold: Microsoft 365 groups only people, for example. */
static void name_others(struct naming *naming)
{
	const struct sim_spec *spec = naming->shape->spec;
	uint64_t chance = sim_spec_random(spec, SIM_STREAM_KIND, ~(uint64_t)naming->group) % 100;

	switch (naming->shape->kinds[naming->group]) {
	case SIM_KIND_SECURITY:
		name_groups(naming);
		name_some(naming, SIM_DEVICE, chance < 5 ? DEVICES_PER_GROUP : 0,
			  (uint64_t)spec->devices);
		break;
	case SIM_KIND_SYNCED:
		name_groups(naming);
		break;
	case SIM_KIND_MAIL_SECURITY:
	case SIM_KIND_DISTRIBUTION:
		name_some(naming, SIM_CONTACT, chance < 20 ? CONTACTS_PER_GROUP : 0,
			  (uint64_t)spec->contacts);
		break;
	default:
		break;
	}
}

void sim_shape_members(const struct sim_shape *shape, uint32_t group, sim_member_fn fn,
		       void *closure)
{
	struct naming naming = {shape, group, shape->sizes[group], fn, closure};
	bool is_synced = shape->kinds[group] == SIM_KIND_SYNCED;

	name_others(&naming);
	name_some(&naming, SIM_USER, naming.left,
		  (uint64_t)(is_synced ? shape->origins.synced : shape->spec->people));
}
