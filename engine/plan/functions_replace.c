/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions of expressions: Replace, which is five functions in one. */
#include "config.h"

#include "engine/plan/functions.h"

#include <string.h>

#include "engine/base/buffer.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"

/* Replace: which of the documented forms it is, by the arguments that are given. */
enum replace_argument {
	REPLACE_SOURCE = 0,
	REPLACE_OLD_VALUE = 1,
	REPLACE_PATTERN = 2,
	REPLACE_GROUP = 3,
	REPLACE_VALUE = 4,
	REPLACE_ATTRIBUTE = 5,
	REPLACE_TEMPLATE = 6
};

static const char *check_replace(struct gb_expression *call)
{
	bool pattern = gb_function_is_given(call, REPLACE_PATTERN);
	bool ends = gb_function_is_given(call, REPLACE_VALUE) ||
		    gb_function_is_given(call, REPLACE_ATTRIBUTE) ||
		    gb_function_is_given(call, REPLACE_TEMPLATE);
	const struct gb_expression *group =
		gb_function_is_given(call, REPLACE_GROUP) ? call->arguments[REPLACE_GROUP] : NULL;

	if (!gb_function_is_given(call, REPLACE_SOURCE) ||
	    pattern == gb_function_is_given(call, REPLACE_OLD_VALUE) || !ends ||
	    (gb_function_is_given(call, REPLACE_ATTRIBUTE) && !group)) {
		return _("Replace has none of its five forms here: see docs/semantics.md.");
	}
	if (!pattern) {
		return NULL;
	}
	if (call->arguments[REPLACE_PATTERN]->kind != GB_NODE_TEXT ||
	    (group && group->kind != GB_NODE_TEXT)) {
		return _("the regular expression and the name of its group must be texts.");
	}
	if (gb_pattern_new(call, call->arguments[REPLACE_PATTERN]->text, &call->pattern, NULL,
			   NULL) != GB_OK) {
		return _("the regular expression is wrong (its syntax is that of PCRE2).");
	}
	if (group && !gb_pattern_has_group(call->pattern, group->text)) {
		return _("the regular expression has no group of this name.");
	}
	return NULL;
}

static char *replace_text(const void *ctx, const char *text, const char *old_value,
			  const char *new_value)
{
	struct gb_buffer *out = gb_buffer_new(ctx);
	size_t length = strlen(old_value);
	const char *hit;

	while (length > 0 && out->length <= GB_EXPRESSION_MAX_VALUE_BYTES &&
	       (hit = strstr(text, old_value)) != NULL) {
		gb_buffer_add(out, text, (size_t)(hit - text));
		gb_buffer_add_text(out, new_value);
		text = hit + length;
	}
	gb_buffer_add_text(out, text);
	return gb_buffer_steal(ctx, out);
}

static struct gb_attribute replace_plain(const struct gb_evaluation *e,
					 const struct gb_expression *call, const char *source)
{
	bool has_template = gb_function_is_given(call, REPLACE_TEMPLATE);
	struct gb_attribute old_value = gb_function_argument(e, call, REPLACE_OLD_VALUE);
	struct gb_attribute other =
		gb_function_argument(e, call, has_template ? REPLACE_TEMPLATE : REPLACE_VALUE);
	const char *old_text = gb_function_text_of(&old_value);
	const char *other_text = gb_function_text_of(&other);

	if (old_value.state == GB_ATTRIBUTE_UNKNOWN || other.state == GB_ATTRIBUTE_UNKNOWN) {
		return GB_FUNCTION_UNKNOWN;
	}
	if (!source) {
		return GB_FUNCTION_ABSENT;
	}
	old_text = old_text ? old_text : "";
	other_text = other_text ? other_text : "";
	return gb_function_text(e, has_template
					   ? replace_text(e->ctx, other_text, old_text, source)
					   : replace_text(e->ctx, source, old_text, other_text));
}

static struct gb_attribute replace_pattern(const struct gb_evaluation *e,
					   const struct gb_expression *call, const char *source)
{
	struct gb_attribute new_value = gb_function_argument(e, call, REPLACE_VALUE);
	const char *new_text = gb_function_text_of(&new_value);
	struct gb_pattern_replacement replacement = {
		.group = gb_function_is_given(call, REPLACE_GROUP)
				 ? call->arguments[REPLACE_GROUP]->text
				 : NULL,
		.text = new_text ? new_text : "",
	};
	char *text;

	if (new_value.state == GB_ATTRIBUTE_UNKNOWN) {
		return GB_FUNCTION_UNKNOWN;
	}
	if (!source) {
		return GB_FUNCTION_ABSENT;
	}
	return gb_pattern_replace(e->ctx, call->pattern, source, &replacement, &text) ==
			       GB_PATTERN_GAVE_UP
		       ? GB_FUNCTION_UNKNOWN
		       : gb_function_text(e, text);
}

static struct gb_attribute replace_attribute(const struct gb_evaluation *e,
					     const struct gb_expression *call,
					     struct gb_attribute source)
{
	struct gb_attribute other = gb_function_argument(e, call, REPLACE_ATTRIBUTE);
	const char *other_text = gb_function_text_of(&other);
	char *text = NULL;

	if (!gb_function_is_empty(&source)) {
		return source;
	}
	if (other.state == GB_ATTRIBUTE_UNKNOWN ||
	    (other_text && gb_pattern_extract(e->ctx, call->pattern, other_text,
					      call->arguments[REPLACE_GROUP]->text,
					      &text) == GB_PATTERN_GAVE_UP)) {
		return GB_FUNCTION_UNKNOWN;
	}
	return text ? gb_function_text(e, text) : GB_FUNCTION_ABSENT;
}

static struct gb_attribute value_replace(const struct gb_evaluation *e,
					 const struct gb_expression *call)
{
	struct gb_attribute source = gb_function_argument(e, call, REPLACE_SOURCE);

	if (source.state == GB_ATTRIBUTE_UNKNOWN) {
		return GB_FUNCTION_UNKNOWN;
	}
	if (gb_function_is_given(call, REPLACE_ATTRIBUTE)) {
		return replace_attribute(e, call, source);
	}
	return call->pattern ? replace_pattern(e, call, gb_function_text_of(&source))
			     : replace_plain(e, call, gb_function_text_of(&source));
}

#define TEXT GB_ARGUMENT_TEXT

struct gb_function_table gb_functions_of_replacing(void)
{
	static const struct gb_function functions[] = {
		{"Replace", 3, 7, {TEXT}, true, value_replace, check_replace},
	};

	return (struct gb_function_table){.functions = functions,
					  .count = GB_ARRAY_SIZE(functions)};
}
