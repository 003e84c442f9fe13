/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * $filter of OData 4.0 as far as the directory takes it: and, or, not, parentheses, eq, ne, ge, le,
 * gt, lt, in, startsWith, endsWith, any(), /$count, null.
 *
 * sim_filter_parse() reads the text against the properties of the types that the collection holds;
 * sim_filter_check() then applies what each property admits, and in which mode (the tables in
 * store/props.c). Both answer the call themselves, in Graph's words, when something is wrong.
 */
#ifndef SIM_GRAPH_FILTER_H
#define SIM_GRAPH_FILTER_H

#include "sim/graph/call.h"
#include "sim/graph/expression.h"

/** What a filter is about. */
struct sim_filter_scope {
	unsigned types; /**< bit mask of the types of the collection: 1u << SIM_GROUP */
	bool advanced;  /**< ConsistencyLevel: eventual and $count are there */
	size_t leaves;  /**< most comparisons */
};

/** Read @text. False: the call was answered. */
bool sim_filter_parse(struct sim_call *call, const struct sim_filter_scope *scope, const char *text,
		      struct sim_expression **ret_expression) SIM_MUST_CHECK;

/** Apply the rules of properties and modes. False: the call was answered. */
bool sim_filter_check(struct sim_call *call, const struct sim_filter_scope *scope,
		      const struct sim_expression *expression) SIM_MUST_CHECK;

/** "microsoft.graph.group", or "microsoft.graph.directoryObject" if there are several @types. */
const char *sim_types_name(unsigned types);

/** "Group", or "DirectoryObject" if there are several @types. */
const char *sim_types_resource(unsigned types);

#endif
