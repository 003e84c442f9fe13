/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A $filter as a tree, and whether an object fulfils it.
 *
 * sim_filter_parse() (filter.h) makes the tree below the request; it is read only afterwards.
 */
#ifndef SIM_GRAPH_EXPRESSION_H
#define SIM_GRAPH_EXPRESSION_H

#include "sim/store/store.h"

/** What a node does. */
enum sim_operator {
	SIM_AND,
	SIM_OR,
	SIM_NOT,
	SIM_EQUAL,
	SIM_NOT_EQUAL,
	SIM_GREATER_EQUAL,
	SIM_LESS_EQUAL,
	SIM_GREATER,
	SIM_LESS,
	SIM_IN,
	SIM_STARTS_WITH,
	SIM_ENDS_WITH,
	SIM_ANY
};

/** What stands beside an operator. */
enum sim_literal_kind {
	SIM_LITERAL_NULL,
	SIM_LITERAL_TEXT,
	SIM_LITERAL_BOOL,
	SIM_LITERAL_NUMBER,
	SIM_LITERAL_DATE,
	SIM_LITERAL_GUID
};

/** A constant. */
struct sim_literal {
	enum sim_literal_kind kind; /**< its type */
	const char *text;           /**< unquoted; "true", "12", "2026-01-02T03:04:05Z" */
};

/** What is compared. */
struct sim_operand {
	const char *name;         /**< as Graph spells it, for messages */
	bool is_id;               /**< the object's id */
	bool is_count;            /**< the length of a list */
	int rows[SIM_TYPE_COUNT]; /**< row of each type's table, -1: the type does not have it */
	const char *member;       /**< below a complex property, or of a lambda's variable; NULL */
	bool is_variable;         /**< a lambda's variable and no property of the object */
};

/** A node. */
struct sim_expression {
	enum sim_operator operator;   /**< what to do */
	struct sim_expression *left;  /**< AND, OR, NOT; the inside of ANY (NULL: any()) */
	struct sim_expression *right; /**< AND, OR */
	struct sim_operand operand;   /**< comparisons, functions, ANY */
	struct sim_literal *literals; /**< one of them, or those of IN */
	size_t literal_count;         /**< used literals */
};

/** True if @object fulfils @expression. */
bool sim_expression_holds(const struct sim_expression *expression, const struct sim_object *object);

/** True if @expression is nothing but id eq and id in, joined by or. */
bool sim_expression_is_ids(const struct sim_expression *expression);

/** The leaves (comparisons and functions) of @expression; those of IN count for each value. */
size_t sim_expression_leaves(const struct sim_expression *expression);

#endif
