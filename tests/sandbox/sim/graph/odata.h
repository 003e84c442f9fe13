/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * OData query options of one call: $select, $top, $count, $filter by id, $skiptoken.
 *
 * sim_odata_read() checks all options first and answers the call itself (400 in Graph's words) when
 * one is wrong. Option names are taken in any case and with or without '$', as Graph does.
 */
#ifndef SIM_GRAPH_ODATA_H
#define SIM_GRAPH_ODATA_H

#include "sim/graph/call.h"

/** Largest $top (Graph: 999). */
#define SIM_TOP_MAX 999
/** Most ids of an id filter (Graph: 50 for delta). */
#define SIM_FILTER_ID_MAX 50

/** What a collection admits. */
struct sim_odata_rules {
	unsigned types; /**< bit mask of the types it holds: 1u << SIM_GROUP */
	bool is_delta;  /**< $top is ignored; $count, $orderby and $expand are refused */
	bool is_single; /**< one entity: $top, $count and $filter are refused */
};

/** The options. */
struct sim_odata {
	bool has_select;                 /**< $select was given */
	const char *select_text;         /**< as given, for @odata.context; NULL */
	uint64_t select[SIM_TYPE_COUNT]; /**< rows wanted of each type (defaults without $select) */
	bool select_id;                  /**< id is wanted */
	bool select_members;             /**< members is wanted (delta) */
	int64_t top;                     /**< items a page */
	bool has_top;                    /**< $top was given */
	bool count;                      /**< $count=true in advanced mode */
	bool has_filter;                 /**< $filter was given */
	uint8_t ids[SIM_FILTER_ID_MAX][SIM_GUID_SIZE]; /**< ids of the filter */
	size_t id_count;                               /**< used ids */
	const char *skiptoken;                         /**< or NULL */
	const char *deltatoken;                        /**< or NULL */
};

/** Read the options of @call. False: the call was answered. */
bool sim_odata_read(struct sim_call *call, const struct sim_odata_rules *rules,
		    struct sim_odata *ret_odata) SIM_MUST_CHECK;

/** Read "id eq 'a' or id eq 'b'" or "id in ('a','b')". False: the call was answered. */
bool sim_odata_id_filter(struct sim_call *call, const char *filter,
			 struct sim_odata *odata) SIM_MUST_CHECK;

/** "@odata.context" of a collection named @what, with the select list if there is one. */
void sim_odata_context(struct sim_call *call, struct sim_json *json, const char *what,
		       const struct sim_odata *odata);

#endif
