/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Expressions: how the mapping file makes the value of an attribute out of properties of a group.
 *
 * The functions have the names, the order of arguments and the 1-based counting that Microsoft
 * documents for attribute mappings of Cloud Sync ("Reference for writing expressions for attribute
 * mappings"); docs/semantics.md lists them and says what null does. Lengths count UTF-16 units and
 * never cut through a character. Pure: no clock, no chance, no input but the group.
 *
 * "Unknown is not absent": an expression that needs a property which the cloud left out has no value
 * at all (GB_ATTRIBUTE_UNKNOWN), and what stands in the directory stays. So does one whose pattern
 * gives up or whose value would be longer than GB_EXPRESSION_MAX_VALUE_BYTES.
 */
#ifndef GB_PLAN_EXPRESSION_H
#define GB_PLAN_EXPRESSION_H

#include "engine/base/attributes.h"
#include "engine/base/cloud_object.h"
#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/plan/lexer.h"

/** Deepest nesting of calls. */
#define GB_EXPRESSION_MAX_DEPTH 32
/** Most calls, properties and constants in one expression. */
#define GB_EXPRESSION_MAX_NODES 512
/** Longest value in bytes, also on the way. */
#define GB_EXPRESSION_MAX_VALUE_BYTES 65536

/** A parsed expression. Opaque; a talloc object. */
struct gb_expression;

/**
 * Parse one expression from the present word of @lexer on; the word behind it is the present one
 * afterwards.
 *
 * Errors: GB_E_CONFIG with line and column: unknown function or property, wrong number of arguments,
 * a number where none can be, a wrong regular expression.
 */
GB_MUST_CHECK enum gb_rc gb_expression_parse(const void *ctx, struct gb_lexer *lexer,
					     struct gb_expression **ret_expression,
					     struct gb_err *err);

/** Its value for @group; values below @ctx. An empty text counts as a value. */
struct gb_attribute gb_expression_value(const void *ctx, const struct gb_expression *expression,
					const struct gb_cloud_group *group);

/** Call @each for every property that the expression names (perhaps twice). */
void gb_expression_properties(const struct gb_expression *expression,
			      void (*each)(void *user, const char *property), void *user);

#endif
