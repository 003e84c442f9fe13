/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state of a delta round: its tokens and its order. */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "sim/graph/delta.h"
#include "sim/graph/page_token.h"

#define KIND_SKIP  'S'
#define KIND_DELTA 'D'

#define FLAG_BETA    1u
#define FLAG_MEMBERS 2u
#define FLAG_SELECT  4u

char *sim_round_seal(struct sim_call *call, const struct sim_round *round, bool is_end)
{
	const struct sim_world *world = call->world;
	struct sim_buf *out = sim_buf_new(call->request);

	sim_buf_byte(out, is_end ? KIND_DELTA : KIND_SKIP);
	sim_buf_number(out, round->type, 1);
	sim_buf_number(out,
		       (round->beta ? FLAG_BETA : 0) | (round->members ? FLAG_MEMBERS : 0) |
			       (round->has_select ? FLAG_SELECT : 0),
		       1);
	sim_buf_number(out, world->tenant->epoch, 8);
	sim_buf_number(out, sim_world_mark(world, round->upto), 8);
	sim_buf_number(out, world->delta_generation, 4);
	sim_buf_number(out, (uint64_t)sim_clock_now(&world->clock), 8);
	sim_buf_number(out, round->select, 8);
	sim_buf_number(out, round->since, 8);
	sim_buf_number(out, round->upto, 8);
	sim_buf_number(out, round->objects, 4);
	sim_buf_number(out, round->passes, 4);
	sim_buf_number(out, round->at, 8);
	sim_buf_number(out, round->link_at, 4);
	sim_buf_number(out, round->page, 4);
	sim_buf_number(out, round->order, 8);
	sim_buf_number(out, round->id_count, 1);
	sim_buf_add(out, round->ids, round->id_count * SIM_GUID_SIZE);
	return sim_page_token_seal(call->request, world, out);
}

/** What stands in a token besides the round. */
struct stamp {
	uint8_t kind;
	uint64_t epoch;
	uint64_t run;
	uint32_t generation;
	int64_t issued;
};

static bool read_token(struct sim_token_reader *in, struct sim_round *round, struct stamp *stamp)
{
	uint64_t flags = 0;

	stamp->kind = (uint8_t)sim_token_number(in, 1);
	round->type = (enum sim_type)sim_token_number(in, 1);
	flags = sim_token_number(in, 1);
	round->beta = flags & FLAG_BETA;
	round->members = flags & FLAG_MEMBERS;
	round->has_select = flags & FLAG_SELECT;
	stamp->epoch = sim_token_number(in, 8);
	stamp->run = sim_token_number(in, 8);
	stamp->generation = (uint32_t)sim_token_number(in, 4);
	stamp->issued = (int64_t)sim_token_number(in, 8);
	round->select = sim_token_number(in, 8);
	round->since = sim_token_number(in, 8);
	round->upto = sim_token_number(in, 8);
	round->objects = (uint32_t)sim_token_number(in, 4);
	round->passes = (uint32_t)sim_token_number(in, 4);
	round->at = sim_token_number(in, 8);
	round->link_at = (uint32_t)sim_token_number(in, 4);
	round->page = (uint32_t)sim_token_number(in, 4);
	round->order = sim_token_number(in, 8);
	round->id_count = sim_token_number(in, 1);
	if (in->is_short || round->id_count * SIM_GUID_SIZE != in->left) {
		return false;
	}
	memcpy(round->ids, in->bytes, in->left);
	return true;
}

/* The service has thrown its state away: begin anew at the URL in Location. */
static bool answer_gone(struct sim_call *call)
{
	sim_response_header(call->response, "Location",
			    sim_printf(call->request, "%s/%s?$deltatoken=", sim_call_base(call),
				       call->resource));
	return sim_graph_error(call, 410, "syncStateNotFound",
			       "The sync state generation is not found; a full synchronization is "
			       "required.");
}

static bool answer_expired(struct sim_call *call)
{
	if (call->world->switches.expired_is_gone) {
		return answer_gone(call);
	}
	return sim_graph_error(call, 400, "syncStateNotFound",
			       "The delta token is older than %" PRId64
			       " days; a full synchronization is required.",
			       call->world->switches.delta_days);
}

static bool check_stamp(struct sim_call *call, const struct sim_round *round,
			const struct stamp *stamp, bool is_end)
{
	const struct sim_world *world = call->world;
	int64_t age = sim_clock_now(&world->clock) - stamp->issued;

	if (stamp->epoch != world->tenant->epoch || stamp->generation != world->delta_generation ||
	    stamp->run != sim_world_mark(world, round->upto) || round->upto > world->tenant->store->seq) {
		return answer_gone(call);
	}
	if (is_end && age > world->switches.delta_days * 86400) {
		return answer_expired(call);
	}
	if (!is_end && age > world->switches.page_token_s) {
		return sim_graph_error(call, 400, "Directory_ExpiredPageToken",
				       "The specified page token value has expired and can no "
				       "longer be included in your request.");
	}
	return true;
}

bool sim_round_open(struct sim_call *call, enum sim_type type, const char *text, bool is_end,
		    struct sim_round *ret_round)
{
	struct sim_token_reader reader;
	struct stamp stamp;
	uint8_t kind = is_end ? KIND_DELTA : KIND_SKIP;

	if (!sim_page_token_open(call->request, call->world, text, &reader) ||
	    !read_token(&reader, ret_round, &stamp) || stamp.kind != kind ||
	    ret_round->type != type || ret_round->beta != call->beta) {
		return sim_graph_error(call, 400, "Request_BadRequest", "Badly formed token.");
	}
	return check_stamp(call, ret_round, &stamp, is_end);
}

uint64_t sim_round_places(const struct sim_round *round)
{
	return (uint64_t)(round->id_count ? round->id_count : round->objects) * round->passes;
}

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
	while (b) {
		uint64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* A walk over all places with a stride that has no divisor in common with their number. */
static uint64_t shuffled(uint64_t at, uint64_t places, uint64_t order)
{
	uint64_t stride = order % places | 1;

	while (common_divisor(stride, places) != 1) {
		stride += 2;
	}
	return (at * (stride % places) + (order >> 32)) % places;
}

struct sim_object *sim_round_object(const struct sim_store *store, const struct sim_round *round,
				    uint64_t at)
{
	uint64_t places = sim_round_places(round);
	uint64_t place = round->order ? shuffled(at, places, round->order) : at;

	if (round->id_count) {
		struct sim_object *object =
			sim_store_find(store, round->ids[place % round->id_count]);

		return object && object->type == round->type ? object : NULL;
	}
	return store->types[round->type].items[place % round->objects];
}
