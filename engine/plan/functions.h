/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inside the functions of expressions, private to functions*.c: arguments and values.
 *
 * A function gets its call and evaluates what it needs of the arguments. What is unknown (the cloud left a
 * property out) makes the value unknown, never empty. Values live below the evaluation's context.
 */
#ifndef GB_PLAN_FUNCTIONS_H
#define GB_PLAN_FUNCTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/plan/expression_private.h"

/** A value that nobody knows. */
#define GB_FUNCTION_UNKNOWN ((struct gb_attribute){.state = GB_ATTRIBUTE_UNKNOWN})
/** No value: null. */
#define GB_FUNCTION_ABSENT ((struct gb_attribute){.state = GB_ATTRIBUTE_ABSENT})

/** Functions of one kind. */
struct gb_function_table {
	const struct gb_function *functions;
	size_t count;
};

/** Texts: Append, InStr, Join, Left, Mid … */
struct gb_function_table gb_functions_of_texts(void);

/** Lists: Count, Item, RemoveDuplicates, Split. */
struct gb_function_table gb_functions_of_lists(void);

/** Choices: Coalesce, IIF, IsNull …, Not, Switch. */
struct gb_function_table gb_functions_of_logic(void);

/** Replace. */
struct gb_function_table gb_functions_of_replacing(void);

/** The value of argument @index; GB_FUNCTION_ABSENT if the call has fewer. */
struct gb_attribute gb_function_argument(const struct gb_evaluation *e,
					 const struct gb_expression *call, size_t index);

/** True if the call has argument @index, and it was not left out. */
bool gb_function_is_given(const struct gb_expression *call, size_t index);

/** The first value, borrowed; NULL if there is none. */
const char *gb_function_text_of(const struct gb_attribute *value);

/** True if there is no value, or one that is empty. */
bool gb_function_is_empty(const struct gb_attribute *value);

/** True if the first value is "True", in any case. */
bool gb_function_is_true(const struct gb_attribute *value);

/** The whole number that the first value is (constants, or texts of other functions). False: it is none. */
bool gb_function_number_of(const struct gb_attribute *value, int64_t *ret_number);

/** A value of one text, which is borrowed. */
struct gb_attribute gb_function_text(const struct gb_evaluation *e, const char *text);

/** "True" or "False". */
struct gb_attribute gb_function_bool(const struct gb_evaluation *e, bool value);

#endif
