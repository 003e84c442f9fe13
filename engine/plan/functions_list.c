/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions of expressions: lists of values. */
#include "config.h"

#include "engine/plan/functions.h"

#include <stdint.h>
#include <string.h>

#include "engine/base/mem.h"
#include "engine/base/text.h"

static struct gb_attribute value_count(const struct gb_evaluation *e,
				       const struct gb_expression *call)
{
	struct gb_attribute value = gb_function_argument(e, call, 0);

	return value.state == GB_ATTRIBUTE_UNKNOWN
		       ? GB_FUNCTION_UNKNOWN
		       : gb_function_text(e, gb_printf(e->ctx, "%zu", value.count));
}

static struct gb_attribute value_item(const struct gb_evaluation *e,
				      const struct gb_expression *call)
{
	struct gb_attribute list = gb_function_argument(e, call, 0);
	struct gb_attribute number = gb_function_argument(e, call, 1);
	int64_t index;

	if (list.state == GB_ATTRIBUTE_UNKNOWN || !gb_function_number_of(&number, &index)) {
		return GB_FUNCTION_UNKNOWN;
	}
	return index >= 1 && (size_t)index <= list.count
		       ? gb_function_text(e, list.values[index - 1])
		       : GB_FUNCTION_ABSENT;
}

static void add_part(const void *ctx, struct gb_attribute *list, const char *begin, size_t length)
{
	char *part = gb_strndup(ctx, begin, length);

	list->values = gb_mem_check(
		talloc_realloc(ctx, list->values, const char *, gb_mem_count(list->count + 1)));
	list->values[list->count++] = gb_text_trim(ctx, part);
	list->state = GB_ATTRIBUTE_PRESENT;
}

/* "PermissionSetOne, PermissionSetTwo" becomes two values without the blank between. */
static struct gb_attribute value_split(const struct gb_evaluation *e,
				       const struct gb_expression *call)
{
	struct gb_attribute source = gb_function_argument(e, call, 0);
	struct gb_attribute delimiter = gb_function_argument(e, call, 1);
	const char *at = gb_function_text_of(&source);
	const char *between = gb_function_text_of(&delimiter);
	struct gb_attribute list = GB_FUNCTION_ABSENT;
	const char *hit;

	if (source.state == GB_ATTRIBUTE_UNKNOWN || delimiter.state == GB_ATTRIBUTE_UNKNOWN) {
		return GB_FUNCTION_UNKNOWN;
	}
	if (!at || !between || *between == '\0') {
		return source;
	}
	while ((hit = strstr(at, between)) != NULL) {
		add_part(e->ctx, &list, at, (size_t)(hit - at));
		at = hit + strlen(between);
	}
	add_part(e->ctx, &list, at, strlen(at));
	return list;
}

static struct gb_attribute value_remove_duplicates(const struct gb_evaluation *e,
						   const struct gb_expression *call)
{
	struct gb_attribute source = gb_function_argument(e, call, 0);
	struct gb_attribute list = source;

	list.values = gb_new_array(e->ctx, const char *, source.count);
	list.count = 0;
	for (size_t i = 0; i < source.count; i++) {
		bool is_new = true;

		for (size_t n = 0; n < list.count; n++) {
			is_new = is_new && strcmp(list.values[n], source.values[i]) != 0;
		}
		if (is_new) {
			list.values[list.count++] = source.values[i];
		}
	}
	return list;
}

#define TEXT   GB_ARGUMENT_TEXT
#define NUMBER GB_ARGUMENT_NUMBER

struct gb_function_table gb_functions_of_lists(void)
{
	static const struct gb_function functions[] = {
		{"Count", 1, 1, {TEXT}, false, value_count, NULL},
		{"Item", 2, 2, {TEXT, NUMBER}, false, value_item, NULL},
		{"RemoveDuplicates", 1, 1, {TEXT}, false, value_remove_duplicates, NULL},
		{"Split", 2, 2, {TEXT}, false, value_split, NULL},
	};

	return (struct gb_function_table){.functions = functions,
					  .count = GB_ARRAY_SIZE(functions)};
}
