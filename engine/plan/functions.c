/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The functions of expressions. Names, arguments and results as in Microsoft's "Reference for writing
 * expressions for attribute mappings in Microsoft Entra ID"; Right and Trim as in "Microsoft Entra
 * Connect Sync: Functions Reference". What these leave open: a null source gives null, but Left,
 * Right and Word give an empty text, and Append and Join pass it over.
 */
#include "config.h"

#include "engine/plan/functions.h"

#include <string.h>

#include "engine/base/mem.h"
#include "engine/base/text.h"

struct gb_attribute gb_function_text(const struct gb_evaluation *e, const char *text)
{
	struct gb_attribute value = {.state = GB_ATTRIBUTE_PRESENT, .count = 1};

	value.values = gb_new_array(e->ctx, const char *, 1);
	value.values[0] = text;
	return value;
}

struct gb_attribute gb_function_bool(const struct gb_evaluation *e, bool value)
{
	return gb_function_text(e, value ? "True" : "False");
}

struct gb_attribute gb_function_argument(const struct gb_evaluation *e,
					 const struct gb_expression *call, size_t index)
{
	return index < call->count ? gb_expression_node_value(e, call->arguments[index])
				   : GB_FUNCTION_ABSENT;
}

bool gb_function_is_given(const struct gb_expression *call, size_t index)
{
	return index < call->count && call->arguments[index]->kind != GB_NODE_OMITTED;
}

const char *gb_function_text_of(const struct gb_attribute *value)
{
	return value->count > 0 ? value->values[0] : NULL;
}

bool gb_function_is_empty(const struct gb_attribute *value)
{
	return value->count == 0 || (value->count == 1 && value->values[0][0] == '\0');
}

bool gb_function_is_true(const struct gb_attribute *value)
{
	return value->count > 0 && gb_text_equal_nocase(value->values[0], "True");
}

bool gb_function_number_of(const struct gb_attribute *value, int64_t *ret_number)
{
	const char *text = gb_function_text_of(value);

	return text && gb_text_to_number(text, ret_number);
}

static const struct gb_function *find_in(struct gb_function_table table, const char *name)
{
	for (size_t i = 0; i < table.count; i++) {
		if (strcmp(table.functions[i].name, name) == 0) {
			return &table.functions[i];
		}
	}
	return NULL;
}

const struct gb_function *gb_function_find(const char *name)
{
	const struct gb_function_table tables[] = {gb_functions_of_texts(), gb_functions_of_lists(),
						   gb_functions_of_logic(),
						   gb_functions_of_replacing()};
	const struct gb_function *found = NULL;

	for (size_t i = 0; i < GB_ARRAY_SIZE(tables) && !found; i++) {
		found = find_in(tables[i], name);
	}
	return found;
}
