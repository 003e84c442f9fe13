/* SPDX-License-Identifier: GPL-3.0-or-later */
/* $filter: what each property admits, by default and in advanced mode. */
#include "config.h"

#include <string.h>

#include "sim/graph/filter.h"

/** What a comparison asks of its property. */
struct demand {
	unsigned by_default; /* any of these flags: in every mode */
	unsigned advanced;   /* any of these flags: in advanced mode only */
};

static bool has_null(const struct sim_expression *leaf)
{
	for (size_t i = 0; i < leaf->literal_count; i++) {
		if (leaf->literals[i].kind == SIM_LITERAL_NULL) {
			return true;
		}
	}
	return false;
}

static struct demand demand_of(const struct sim_expression *leaf)
{
	const unsigned equal = SIM_EQ | SIM_EQ_ADV;

	if (leaf->operand.is_count) {
		return (struct demand){0, SIM_COUNT_ADV};
	}
	switch (leaf->operator) {
	case SIM_EQUAL:
	case SIM_IN:
		return has_null(leaf) ? (struct demand){0, SIM_NULL_ADV}
				      : (struct demand){SIM_EQ, SIM_EQ_ADV};
	case SIM_NOT_EQUAL:
		return (struct demand){0, has_null(leaf) ? SIM_NULL_ADV : equal};
	case SIM_GREATER_EQUAL:
	case SIM_LESS_EQUAL:
	case SIM_GREATER:
	case SIM_LESS:
		return (struct demand){SIM_RANGE, SIM_RANGE_ADV};
	case SIM_STARTS_WITH:
		return (struct demand){SIM_STARTS, SIM_STARTS_ADV};
	case SIM_ENDS_WITH:
		return (struct demand){0, SIM_ENDS_ADV};
	case SIM_AND:
	case SIM_OR:
	case SIM_NOT:
	case SIM_ANY:
		break;
	}
	return (struct demand){0, equal};
}

static unsigned flags_of(const struct sim_operand *operand)
{
	unsigned flags = 0;

	if (operand->is_id) {
		return SIM_EQ;
	}
	for (unsigned type = 0; type < SIM_TYPE_COUNT; type++) {
		if (operand->rows[type] >= 0) {
			flags |= sim_type_info((enum sim_type)type)
					 ->props[operand->rows[type]]
					 .flags;
		}
	}
	return flags;
}

/* Where Graph is said to behave in two ways, a switch decides. */
static unsigned switched(const struct sim_call *call, const struct sim_filter_scope *scope,
			 const struct sim_expression *leaf, unsigned flags)
{
	const struct sim_switches *switches = &call->world->switches;
	const char *name = leaf->operand.name;

	if (scope->types != 1u << SIM_GROUP) {
		return flags;
	}
	if (!switches->filter_created && strcmp(name, "createdDateTime") == 0) {
		return 0;
	}
	if (!switches->filter_sync_null && strcmp(name, "onPremisesSyncEnabled") == 0) {
		return flags & ~SIM_NULL_ADV;
	}
	if (switches->filter_writeback && strcmp(name, "writebackConfiguration") == 0) {
		return flags | SIM_EQ_ADV;
	}
	return flags;
}

static bool refuse_property(struct sim_call *call, const struct sim_filter_scope *scope,
			    const char *name)
{
	return sim_graph_error(call, 400, "Request_UnsupportedQuery",
			       "Unsupported or invalid query filter clause specified for property "
			       "'%s' of resource '%s'.",
			       name, sim_types_resource(scope->types));
}

static bool refuse_mode(struct sim_call *call, const char *operator)
{
	return sim_graph_error(call, 400, "Request_UnsupportedQuery",
			       "Operator '%s' is not supported because the required parameters "
			       "might be missing. Try adding $count=true query parameter and "
			       "ConsistencyLevel:eventual header. Refer to "
			       "https://aka.ms/graph-docs/advanced-queries for more information",
			       operator);
}

/* These operators need advanced mode whatever the property is; their name is in the message. */
static const char *advanced_operator(const struct sim_expression *leaf)
{
	if (leaf->operand.is_count) {
		return "$count";
	}
	return leaf->operator== SIM_NOT_EQUAL   ? "ne"
	       : leaf->operator== SIM_ENDS_WITH ? "endsWith"
						: NULL;
}

/* gt and lt stand in no table. */
static bool is_strict(enum sim_operator operator)
{
	return operator== SIM_GREATER || operator== SIM_LESS;
}

static bool check_leaf(struct sim_call *call, const struct sim_filter_scope *scope,
		       const struct sim_expression *leaf, unsigned flags)
{
	struct demand demand = demand_of(leaf);
	const char *operator= advanced_operator(leaf);

	if (is_strict(leaf->operator) && !call->world->switches.filter_strict) {
		return sim_graph_error(call, 400, "Request_UnsupportedQuery",
				       "Unsupported property filter clause operator '%s'.",
				       leaf->operator== SIM_GREATER ? "GreaterThanMatch"
								    : "LessThanMatch");
	}
	if (flags & demand.by_default) {
		return true;
	}
	if (flags & demand.advanced && scope->advanced) {
		return !leaf->operand.is_count || strcmp(leaf->literals[0].text, "0") == 0 ||
		       refuse_property(call, scope, leaf->operand.name);
	}
	if (flags & demand.advanced && operator) {
		return refuse_mode(call, operator);
	}
	return refuse_property(call, scope, leaf->operand.name);
}

/* @list: the any() around, whose property rules what is inside. */
static bool check(struct sim_call *call, const struct sim_filter_scope *scope,
		  const struct sim_expression *node, const struct sim_expression *list)
{
	switch (node->operator) {
	case SIM_AND:
	case SIM_OR:
		return check(call, scope, node->left, list) &&
		       check(call, scope, node->right, list);
	case SIM_NOT:
		return (scope->advanced || refuse_mode(call, "not")) &&
		       check(call, scope, node->left, list);
	case SIM_ANY:
		return node->left ? check(call, scope, node->left, node)
				  : check_leaf(call, scope, node, flags_of(&node->operand));
	case SIM_EQUAL:
	case SIM_NOT_EQUAL:
	case SIM_GREATER_EQUAL:
	case SIM_LESS_EQUAL:
	case SIM_GREATER:
	case SIM_LESS:
	case SIM_IN:
	case SIM_STARTS_WITH:
	case SIM_ENDS_WITH:
		break;
	}
	return check_leaf(call, scope, node,
			  switched(call, scope, list ? list : node,
				   flags_of(list ? &list->operand : &node->operand)));
}

bool sim_filter_check(struct sim_call *call, const struct sim_filter_scope *scope,
		      const struct sim_expression *expression)
{
	size_t leaves = sim_expression_leaves(expression);

	if (leaves > scope->leaves) {
		return sim_graph_error(call, 400, "Request_UnsupportedQuery",
				       "Too many child clauses specified in search filter "
				       "expression containing 'OR' operators: %zu. Max allowed: "
				       "%zu.",
				       leaves, scope->leaves);
	}
	return check(call, scope, expression, NULL);
}
