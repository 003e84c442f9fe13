/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * groups/delta and users/delta.
 *
 * A round covers the changes after one sequence number (zero: everything) up to the one that was
 * newest when the round began. It visits every object of the type once for each replay, in an order
 * that the token carries, and writes those that have something newer than the round's beginning, as
 * they are *now*. What changes behind the client's back while it pages is newer than the round's
 * end, so the next round has it: applied in the order of arrival, a client ends with what a
 * listing shows.
 */
#ifndef SIM_GRAPH_DELTA_H
#define SIM_GRAPH_DELTA_H

#include "sim/graph/odata.h"

/** What a skip or delta token says. */
struct sim_round {
	enum sim_type type; /**< users or groups */
	bool beta;          /**< version that began the round */
	bool members;       /**< members@delta is wanted */
	bool has_select;    /**< $select was given */
	uint64_t select;    /**< tracked properties */
	uint64_t since;     /**< the client has everything up to here */
	uint64_t upto;      /**< end of the round */
	uint32_t objects;   /**< objects of the type when the round began */
	uint32_t passes;    /**< replay factor */
	uint64_t at;        /**< next place in the order, below objects * passes */
	uint32_t link_at;   /**< next link of the group at that place */
	uint32_t page;      /**< pages before this one */
	uint64_t order;     /**< seed of the order; 0: order of creation */
	size_t id_count;    /**< ids of the filter; 0: all objects */
	uint8_t ids[SIM_FILTER_ID_MAX][SIM_GUID_SIZE]; /**< the filter */
};

/** Answer GET /{collection}/delta. */
void sim_delta(struct sim_call *call, enum sim_type type);

/** A token for the rest of @round (@is_end: for the rounds after it). */
char *sim_round_seal(struct sim_call *call, const struct sim_round *round, bool is_end);

/** Read a $skiptoken or (@is_end) $deltatoken. False: the call was answered. */
bool sim_round_open(struct sim_call *call, enum sim_type type, const char *text, bool is_end,
		    struct sim_round *ret_round) SIM_MUST_CHECK;

/** The object at place @at of the order, NULL if the filter names none there. */
struct sim_object *sim_round_object(const struct sim_store *store, const struct sim_round *round,
				    uint64_t at);

/** Places in the order. */
uint64_t sim_round_places(const struct sim_round *round);

#endif
