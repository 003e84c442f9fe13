/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions of expressions: choosing between values. */
#include "config.h"

#include "engine/plan/functions.h"

#include <string.h>

#include "engine/base/i18n.h"

static const char *check_switch(struct gb_expression *call)
{
	return call->count % 2 == 0
		       ? NULL
		       : _("Switch takes a source, a default, and then pairs of key and value.");
}

/* Null matches the key "" ("use a literal empty string as one of the key values"). */
static struct gb_attribute value_switch(const struct gb_evaluation *e,
					const struct gb_expression *call)
{
	struct gb_attribute source = gb_function_argument(e, call, 0);
	const char *text = gb_function_text_of(&source);

	if (source.state == GB_ATTRIBUTE_UNKNOWN) {
		return GB_FUNCTION_UNKNOWN;
	}
	for (size_t i = 2; i + 1 < call->count; i += 2) {
		struct gb_attribute key = gb_function_argument(e, call, i);
		const char *key_text = gb_function_text_of(&key);

		if (key.state == GB_ATTRIBUTE_UNKNOWN) {
			return GB_FUNCTION_UNKNOWN;
		}
		if (strcmp(text ? text : "", key_text ? key_text : "") == 0) {
			return gb_function_argument(e, call, i + 1);
		}
	}
	return gb_function_argument(e, call, 1);
}

static struct gb_attribute value_iif(const struct gb_evaluation *e,
				     const struct gb_expression *call)
{
	struct gb_attribute condition = gb_function_argument(e, call, 0);

	if (condition.state == GB_ATTRIBUTE_UNKNOWN) {
		return GB_FUNCTION_UNKNOWN;
	}
	return gb_function_argument(e, call, gb_function_is_true(&condition) ? 1 : 2);
}

static struct gb_attribute value_coalesce(const struct gb_evaluation *e,
					  const struct gb_expression *call)
{
	for (size_t i = 0; i < call->count; i++) {
		struct gb_attribute value = gb_function_argument(e, call, i);

		if (value.state != GB_ATTRIBUTE_ABSENT) {
			return value;
		}
	}
	return GB_FUNCTION_ABSENT;
}

static struct gb_attribute value_is_null(const struct gb_evaluation *e,
					 const struct gb_expression *call)
{
	struct gb_attribute value = gb_function_argument(e, call, 0);

	return value.state == GB_ATTRIBUTE_UNKNOWN ? GB_FUNCTION_UNKNOWN
						   : gb_function_bool(e, value.count == 0);
}

static struct gb_attribute value_is_null_or_empty(const struct gb_evaluation *e,
						  const struct gb_expression *call)
{
	struct gb_attribute value = gb_function_argument(e, call, 0);

	return value.state == GB_ATTRIBUTE_UNKNOWN
		       ? GB_FUNCTION_UNKNOWN
		       : gb_function_bool(e, gb_function_is_empty(&value));
}

static struct gb_attribute value_is_present(const struct gb_evaluation *e,
					    const struct gb_expression *call)
{
	struct gb_attribute value = gb_function_argument(e, call, 0);

	return value.state == GB_ATTRIBUTE_UNKNOWN
		       ? GB_FUNCTION_UNKNOWN
		       : gb_function_bool(e, !gb_function_is_empty(&value));
}

static struct gb_attribute value_not(const struct gb_evaluation *e,
				     const struct gb_expression *call)
{
	struct gb_attribute value = gb_function_argument(e, call, 0);

	return value.state == GB_ATTRIBUTE_UNKNOWN
		       ? GB_FUNCTION_UNKNOWN
		       : gb_function_bool(e, !gb_function_is_true(&value));
}

#define TEXT      GB_ARGUMENT_TEXT
#define CONDITION GB_ARGUMENT_CONDITION
#define MANY      GB_EXPRESSION_MAX_ARGUMENTS

struct gb_function_table gb_functions_of_logic(void)
{
	static const struct gb_function functions[] = {
		{"Coalesce", 1, MANY, {TEXT}, false, value_coalesce, NULL},
		{"IIF", 3, 3, {CONDITION}, false, value_iif, NULL},
		{"IsNull", 1, 1, {TEXT}, false, value_is_null, NULL},
		{"IsNullOrEmpty", 1, 1, {TEXT}, false, value_is_null_or_empty, NULL},
		{"IsPresent", 1, 1, {TEXT}, false, value_is_present, NULL},
		{"Not", 1, 1, {CONDITION}, false, value_not, NULL},
		{"Switch", 4, MANY, {TEXT}, true, value_switch, check_switch},
	};

	return (struct gb_function_table){.functions = functions,
					  .count = GB_ARRAY_SIZE(functions)};
}
