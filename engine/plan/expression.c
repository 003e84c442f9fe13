/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expressions: parser, and the walk over the tree. The functions are in functions.c. */
#include "config.h"

#include "engine/plan/expression.h"

#include <stdint.h>
#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/plan/expression_private.h"
#include "engine/plan/property.h"

struct parser {
	const void *ctx;
	struct gb_lexer *lexer;
	struct gb_err *err;
	size_t nodes;
};

static enum gb_rc parse_value(struct parser *parser, unsigned depth,
			      struct gb_expression **ret_node);

static struct gb_expression *new_node(struct parser *parser, enum gb_node_kind kind)
{
	struct gb_expression *node = gb_new(parser->ctx, struct gb_expression);

	node->kind = kind;
	node->text = parser->lexer->text;
	parser->nodes++;
	return node;
}

static enum gb_rc parse_number(struct parser *parser, struct gb_expression **ret_node)
{
	struct gb_expression *node = new_node(parser, GB_NODE_NUMBER);

	/* More than any length. */
	if (!gb_text_to_number(node->text, &node->number) || node->number > INT32_MAX ||
	    node->number < INT32_MIN) {
		return gb_lexer_refuse(parser->lexer, parser->err, _("the number is too large."));
	}
	*ret_node = node;
	return gb_lexer_next(parser->lexer, parser->err);
}

static enum gb_rc parse_property(struct parser *parser, struct gb_expression **ret_node)
{
	if (!gb_property_is_known(parser->lexer->text)) {
		return gb_lexer_refuse(parser->lexer, parser->err,
				       _("a group has no property \"%s\" that can be used here."),
				       parser->lexer->text);
	}
	*ret_node = new_node(parser, GB_NODE_PROPERTY);
	return gb_lexer_next(parser->lexer, parser->err);
}

static bool is_comparison(enum gb_token token)
{
	return token >= GB_TOKEN_EQUAL && token <= GB_TOKEN_GREATER_EQUAL;
}

static enum gb_rc parse_comparison(struct parser *parser, unsigned depth,
				   struct gb_expression **node)
{
	struct gb_expression *comparison = new_node(parser, GB_NODE_COMPARISON);
	enum gb_rc rc;

	comparison->comparison = parser->lexer->token;
	comparison->arguments = gb_new_array(comparison, struct gb_expression *, 2);
	comparison->count = 2;
	comparison->arguments[0] = *node;
	rc = gb_lexer_next(parser->lexer, parser->err);
	if (rc == GB_OK) {
		rc = parse_value(parser, depth + 1, &comparison->arguments[1]);
	}
	*node = comparison;
	return rc;
}

static enum gb_argument_kind kind_of(const struct gb_function *function, size_t index)
{
	return index < GB_ARRAY_SIZE(function->kinds) ? function->kinds[index] : GB_ARGUMENT_TEXT;
}

static enum gb_rc check_kind(struct parser *parser, const struct gb_function *function,
			     size_t index, const struct gb_expression *node)
{
	enum gb_argument_kind kind = kind_of(function, index);

	if (node->kind == GB_NODE_OMITTED && !function->takes_omitted) {
		return gb_lexer_refuse(parser->lexer, parser->err,
				       _("argument %zu of %s is missing."), index + 1,
				       function->name);
	}
	if (kind == GB_ARGUMENT_NUMBER && node->kind == GB_NODE_TEXT) {
		return gb_lexer_refuse(parser->lexer, parser->err,
				       _("argument %zu of %s must be a number."), index + 1,
				       function->name);
	}
	if (node->kind == GB_NODE_COMPARISON && kind != GB_ARGUMENT_CONDITION) {
		return gb_lexer_refuse(parser->lexer, parser->err,
				       _("a comparison can only be the condition of IIF."));
	}
	return GB_OK;
}

static enum gb_rc parse_argument(struct parser *parser, struct gb_expression *call, unsigned depth)
{
	struct gb_expression *node = NULL;
	enum gb_token token = parser->lexer->token;
	enum gb_rc rc = GB_OK;

	if (token == GB_TOKEN_COMMA || token == GB_TOKEN_CLOSE) {
		node = new_node(parser, GB_NODE_OMITTED);
	} else {
		rc = parse_value(parser, depth + 1, &node);
		if (rc == GB_OK && is_comparison(parser->lexer->token)) {
			rc = parse_comparison(parser, depth, &node);
		}
	}
	if (rc == GB_OK) {
		rc = check_kind(parser, call->function, call->count, node);
	}
	if (rc == GB_OK) {
		call->arguments =
			gb_mem_check(talloc_realloc(call, call->arguments, struct gb_expression *,
						    gb_mem_count(call->count + 1)));
		call->arguments[call->count++] = node;
	}
	return rc;
}

static enum gb_rc refuse_count(struct parser *parser, const struct gb_expression *call)
{
	const struct gb_function *function = call->function;

	if (function->min == function->max) {
		return gb_lexer_refuse(parser->lexer, parser->err,
				       P_("%s takes %zu argument, not %zu.",
					  "%s takes %zu arguments, not %zu.", (long)function->min),
				       function->name, function->min, call->count);
	}
	return gb_lexer_refuse(parser->lexer, parser->err,
			       _("%s takes at least %zu and at most %zu arguments, not %zu."),
			       function->name, function->min, function->max, call->count);
}

static enum gb_rc parse_arguments(struct parser *parser, struct gb_expression *call, unsigned depth)
{
	enum gb_rc rc = gb_lexer_next(parser->lexer, parser->err);

	while (rc == GB_OK) {
		if (call->count > call->function->max) {
			return refuse_count(parser, call);
		}
		rc = parse_argument(parser, call, depth);
		if (rc != GB_OK || parser->lexer->token == GB_TOKEN_CLOSE) {
			break;
		}
		if (parser->lexer->token != GB_TOKEN_COMMA) {
			return gb_lexer_refuse(parser->lexer, parser->err,
					       _("here stands a comma or a closing parenthesis."));
		}
		rc = gb_lexer_next(parser->lexer, parser->err);
	}
	if (rc == GB_OK &&
	    (call->count < call->function->min || call->count > call->function->max)) {
		return refuse_count(parser, call);
	}
	return rc;
}

static enum gb_rc parse_call(struct parser *parser, unsigned depth, struct gb_expression **ret_node)
{
	const struct gb_function *function = gb_function_find(parser->lexer->text);
	struct gb_expression *call;
	const char *problem;
	enum gb_rc rc;

	if (!function) {
		return gb_lexer_refuse(parser->lexer, parser->err,
				       _("there is no function \"%s\"; names are case-sensitive."),
				       parser->lexer->text);
	}
	call = new_node(parser, GB_NODE_CALL);
	call->function = function;
	rc = gb_lexer_next(parser->lexer, parser->err);
	if (rc == GB_OK && parser->lexer->token != GB_TOKEN_OPEN) {
		return gb_lexer_refuse(parser->lexer, parser->err,
				       _("behind the name of a function stands \"(\"."));
	}
	if (rc == GB_OK) {
		rc = parse_arguments(parser, call, depth);
	}
	if (rc != GB_OK) {
		return rc;
	}
	problem = function->check ? function->check(call) : NULL;
	if (problem) {
		return gb_lexer_refuse(parser->lexer, parser->err, "%s", problem);
	}
	*ret_node = call;
	return gb_lexer_next(parser->lexer, parser->err);
}

static enum gb_rc parse_value(struct parser *parser, unsigned depth,
			      struct gb_expression **ret_node)
{
	if (depth > GB_EXPRESSION_MAX_DEPTH || parser->nodes >= GB_EXPRESSION_MAX_NODES) {
		return gb_lexer_refuse(parser->lexer, parser->err,
				       _("the expression is too long or too deep."));
	}
	switch (parser->lexer->token) {
	case GB_TOKEN_STRING:
		*ret_node = new_node(parser, GB_NODE_TEXT);
		return gb_lexer_next(parser->lexer, parser->err);
	case GB_TOKEN_NUMBER:
		return parse_number(parser, ret_node);
	case GB_TOKEN_ATTRIBUTE:
		return parse_property(parser, ret_node);
	case GB_TOKEN_NAME:
		return parse_call(parser, depth, ret_node);
	case GB_TOKEN_END:
	case GB_TOKEN_NEWLINE:
	case GB_TOKEN_OPEN:
	case GB_TOKEN_CLOSE:
	case GB_TOKEN_COMMA:
	case GB_TOKEN_EQUAL:
	case GB_TOKEN_NOT_EQUAL:
	case GB_TOKEN_LESS:
	case GB_TOKEN_LESS_EQUAL:
	case GB_TOKEN_GREATER:
	case GB_TOKEN_GREATER_EQUAL:
		break;
	}
	return gb_lexer_refuse(parser->lexer, parser->err,
			       _("here stands a function, a [property], a \"text\" or a number."));
}

enum gb_rc gb_expression_parse(const void *ctx, struct gb_lexer *lexer,
			       struct gb_expression **ret_expression, struct gb_err *err)
{
	struct parser parser = {.ctx = ctx, .lexer = lexer, .err = err};

	return parse_value(&parser, 1, ret_expression);
}

/* The values. */

static struct gb_attribute one_text(const void *ctx, const char *text)
{
	struct gb_attribute value = {.state = GB_ATTRIBUTE_PRESENT, .count = 1};

	value.values = gb_new_array(ctx, const char *, 1);
	value.values[0] = text;
	return value;
}

/* Numbers by size, texts by their bytes, as .NET's ordinal comparison. */
static int compare(const char *a, const char *b)
{
	int64_t left;
	int64_t right;

	if (gb_text_to_number(a, &left) && gb_text_to_number(b, &right)) {
		return (left > right) - (left < right);
	}
	return strcmp(a, b);
}

static bool holds(enum gb_token sign, int order)
{
	switch ((int)sign) {
	case GB_TOKEN_EQUAL:
		return order == 0;
	case GB_TOKEN_NOT_EQUAL:
		return order != 0;
	case GB_TOKEN_LESS:
		return order < 0;
	case GB_TOKEN_LESS_EQUAL:
		return order <= 0;
	case GB_TOKEN_GREATER:
		return order > 0;
	case GB_TOKEN_GREATER_EQUAL:
		return order >= 0;
	default:
		return false;
	}
}

/* A condition on something that is null or empty fails, whatever the sign ("Known limitations"). */
static struct gb_attribute comparison_value(const struct gb_evaluation *evaluation,
					    const struct gb_expression *node)
{
	struct gb_attribute left = gb_expression_node_value(evaluation, node->arguments[0]);
	struct gb_attribute right = gb_expression_node_value(evaluation, node->arguments[1]);

	if (left.state == GB_ATTRIBUTE_UNKNOWN || right.state == GB_ATTRIBUTE_UNKNOWN) {
		return (struct gb_attribute){.state = GB_ATTRIBUTE_UNKNOWN};
	}
	if (left.count == 0 || right.count == 0 || left.values[0][0] == '\0') {
		return one_text(evaluation->ctx, "False");
	}
	return one_text(evaluation->ctx,
			holds(node->comparison, compare(left.values[0], right.values[0]))
				? "True"
				: "False");
}

static struct gb_attribute limited(struct gb_attribute value)
{
	size_t bytes = 0;

	for (size_t i = 0; i < value.count; i++) {
		bytes += strlen(value.values[i]);
	}
	return bytes <= GB_EXPRESSION_MAX_VALUE_BYTES
		       ? value
		       : (struct gb_attribute){.state = GB_ATTRIBUTE_UNKNOWN};
}

struct gb_attribute gb_expression_node_value(const struct gb_evaluation *evaluation,
					     const struct gb_expression *node)
{
	switch (node->kind) {
	case GB_NODE_OMITTED:
		return (struct gb_attribute){.state = GB_ATTRIBUTE_ABSENT};
	case GB_NODE_TEXT:
		return one_text(evaluation->ctx, node->text);
	case GB_NODE_NUMBER:
		return one_text(evaluation->ctx,
				gb_printf(evaluation->ctx, "%lld", (long long)node->number));
	case GB_NODE_PROPERTY:
		return gb_property_get(evaluation->ctx, evaluation->group, node->text);
	case GB_NODE_COMPARISON:
		return comparison_value(evaluation, node);
	case GB_NODE_CALL:
		break;
	}
	return limited(node->function->value(evaluation, node));
}

struct gb_attribute gb_expression_value(const void *ctx, const struct gb_expression *expression,
					const struct gb_cloud_group *group)
{
	struct gb_evaluation evaluation = {.ctx = ctx, .group = group};

	return gb_expression_node_value(&evaluation, expression);
}

void gb_expression_properties(const struct gb_expression *expression,
			      void (*each)(void *user, const char *property), void *user)
{
	if (expression->kind == GB_NODE_PROPERTY) {
		each(user, expression->text);
	}
	for (size_t i = 0; i < expression->count; i++) {
		gb_expression_properties(expression->arguments[i], each, user);
	}
}
