/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * OData query options of one call: $select, $top, $count, $filter, $search, $orderby, $expand,
 * $skiptoken, $deltatoken.
 *
 * sim_odata_read() checks all options first and answers the call itself (400 in Graph's words) when
 * one is wrong. Option names are taken in any case and with or without '$', as Graph does.
 */
#ifndef SIM_GRAPH_ODATA_H
#define SIM_GRAPH_ODATA_H

#include "sim/graph/expression.h"
#include "sim/graph/relation.h"
#include "sim/graph/search.h"

/** Largest $top (Graph: 999). */
#define SIM_TOP_MAX 999
/** Most ids of the filter of delta. */
#define SIM_FILTER_ID_MAX 50

/** What a collection admits. */
struct sim_odata_rules {
	unsigned types;     /**< bit mask of the types it holds: 1u << SIM_GROUP */
	bool is_delta;      /**< $top is ignored; $count, $orderby and $expand are refused */
	bool is_single;     /**< one entity: $top, $count and $filter are refused */
	bool is_count;      /**< a $count segment: counts as $count=true */
	bool is_navigation; /**< members and the like: everything but $select, $top is advanced */
	bool by_deletion;   /**< deletedItems: $orderby deletedDateTime too */
};

struct sim_expand;

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
	bool advanced;                   /**< ConsistencyLevel: eventual and $count */
	const char *filter_text;         /**< $filter as given, or NULL */
	struct sim_expression *filter;   /**< $filter, or NULL */
	const char *search_text;         /**< $search as given, or NULL */
	struct sim_search *search;       /**< $search, or NULL */
	const char *orderby_text;        /**< $orderby as given, or NULL */
	int orderby[SIM_TYPE_COUNT];     /**< row to sort by, of each type */
	bool descending;                 /**< largest first */
	const char *expand_text;         /**< $expand as given, or NULL */
	struct sim_expand *expand;       /**< $expand, or NULL */
	const char *skiptoken;           /**< or NULL */
	const char *deltatoken;          /**< or NULL */
};

/** $expand: one relation, and what is wanted of its objects. */
struct sim_expand {
	enum sim_relation relation; /**< which */
	const char *name;           /**< as the answer spells it */
	struct sim_odata odata;     /**< its $select */
};

/** Read the options of @call. False: the call was answered. */
bool sim_odata_read(struct sim_call *call, const struct sim_odata_rules *rules,
		    struct sim_odata *ret_odata) SIM_MUST_CHECK;

/** Read a $select list against @rules into @odata. False: the call was answered. */
bool sim_odata_select(struct sim_call *call, const struct sim_odata_rules *rules, const char *list,
		      struct sim_odata *odata) SIM_MUST_CHECK;

/** The defaults of every type, as without $select. */
void sim_odata_defaults(const struct sim_call *call, struct sim_odata *odata);

/** Read @odata->orderby_text (orderby.c). False: the call was answered. */
bool sim_odata_orderby(struct sim_call *call, const struct sim_odata_rules *rules,
		       struct sim_odata *odata) SIM_MUST_CHECK;

/** Read @odata->expand_text (expand.c). False: the call was answered. */
bool sim_odata_expand(struct sim_call *call, const struct sim_odata_rules *rules,
		      struct sim_odata *odata) SIM_MUST_CHECK;

/** "@odata.context" of a collection named @what, with the select list if there is one. */
void sim_odata_context(struct sim_call *call, struct sim_json *json, const char *what,
		       const struct sim_odata *odata);

#endif
