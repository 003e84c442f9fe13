/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of expressions, for expression.c and functions*.c alone. */
#ifndef GB_PLAN_EXPRESSION_PRIVATE_H
#define GB_PLAN_EXPRESSION_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/pattern.h"
#include "engine/plan/expression.h"

/** Most arguments of a function whose arguments repeat. */
#define GB_EXPRESSION_MAX_ARGUMENTS 256

struct gb_function;

/** What a node is. */
enum gb_node_kind {
	GB_NODE_OMITTED = 0, /**< an argument that was left out: "f(a, , b)" */
	GB_NODE_TEXT,        /**< a string */
	GB_NODE_NUMBER,      /**< a whole number */
	GB_NODE_PROPERTY,    /**< [property] */
	GB_NODE_CALL,        /**< function(arguments) */
	GB_NODE_COMPARISON   /**< left sign right; as the condition of IIF */
};

/** A node of the tree. */
struct gb_expression {
	enum gb_node_kind kind;
	const char *text;                   /**< TEXT, PROPERTY */
	int64_t number;                     /**< NUMBER */
	const struct gb_function *function; /**< CALL */
	enum gb_token comparison;           /**< COMPARISON: which sign */
	struct gb_expression **arguments;   /**< CALL; COMPARISON: two */
	size_t count;                       /**< of arguments */
	struct gb_pattern *pattern;         /**< CALL of Replace with a regular expression */
};

/** An evaluation under way. */
struct gb_evaluation {
	const void *ctx;                    /**< receives values */
	const struct gb_cloud_group *group; /**< where properties come from */
};

/** What an argument of a function must be. */
enum gb_argument_kind {
	GB_ARGUMENT_TEXT = 0, /**< anything that has a value */
	GB_ARGUMENT_NUMBER,   /**< a whole number */
	GB_ARGUMENT_CONDITION /**< may be a comparison */
};

/** One function. */
struct gb_function {
	const char *name;
	size_t min;                     /**< fewest arguments */
	size_t max;                     /**< most arguments */
	enum gb_argument_kind kinds[3]; /**< of the first three; the rest are texts */
	bool takes_omitted;             /**< arguments may be left out */
	/** Its value. Arguments are evaluated by the function, so that it need not look at all. */
	struct gb_attribute (*value)(const struct gb_evaluation *evaluation,
				     const struct gb_expression *call);
	/** Further checks of the arguments, once; a sentence if they are wrong, else NULL. Or NULL. */
	const char *(*check)(struct gb_expression *call);
};

/** The function of that name (case-sensitive), or NULL. */
const struct gb_function *gb_function_find(const char *name);

/** Value of a node. */
struct gb_attribute gb_expression_node_value(const struct gb_evaluation *evaluation,
					     const struct gb_expression *node);

#endif
