/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether an object fulfils a $filter. */
#include "config.h"

#include "sim/graph/expression.h"

#include <stdlib.h>
#include <string.h>

#include "sim/util/json_read.h"
#include "sim/util/text.h"

/** The answer of one comparison: less, equal, greater, or not to be compared (null). */
enum order {
	ORDER_NONE,
	ORDER_LESS,
	ORDER_EQUAL,
	ORDER_GREATER
};

static enum order order_of(int sign)
{
	return sign < 0 ? ORDER_LESS : sign > 0 ? ORDER_GREATER : ORDER_EQUAL;
}

/* "2026-01-02" against "2026-01-02T03:04:05Z": what is missing is midnight. */
static enum order compare_dates(const char *value, const char *literal)
{
	char full[] = "0000-00-00T00:00:00Z";
	size_t length = strlen(literal);

	memcpy(full, literal, length < sizeof(full) ? length : sizeof(full) - 1);
	return order_of(strncmp(value, full, sizeof("0000-00-00T00:00:00") - 1));
}

static enum order compare_numbers(double value, const struct sim_literal *literal)
{
	double other = strtod(literal->text, NULL);

	return value < other ? ORDER_LESS : value > other ? ORDER_GREATER : ORDER_EQUAL;
}

static enum order compare_text(const char *value, const struct sim_literal *literal)
{
	return literal->kind == SIM_LITERAL_DATE ? compare_dates(value, literal->text)
						 : order_of(sim_text_compare(value, literal->text));
}

/* A leaf of JSON: a number, a string, or one of the words true and false. */
static enum order compare_value(const cJSON *value, const struct sim_literal *literal)
{
	if (!value || cJSON_IsNull(value)) {
		return literal->kind == SIM_LITERAL_NULL ? ORDER_EQUAL : ORDER_NONE;
	}
	if (literal->kind == SIM_LITERAL_NULL) {
		return ORDER_NONE;
	}
	if (cJSON_IsString(value)) {
		return compare_text(value->valuestring, literal);
	}
	if (cJSON_IsNumber(value)) {
		return compare_numbers(value->valuedouble, literal);
	}
	return strcmp(cJSON_IsTrue(value) ? "true" : "false", literal->text) == 0 ? ORDER_EQUAL
										  : ORDER_NONE;
}

static bool order_fits(enum order order, enum sim_operator operator)
{
	switch (operator) {
	case SIM_EQUAL:
	case SIM_IN:
		return order == ORDER_EQUAL;
	case SIM_NOT_EQUAL:
		return order != ORDER_EQUAL;
	case SIM_GREATER_EQUAL:
		return order == ORDER_GREATER || order == ORDER_EQUAL;
	case SIM_LESS_EQUAL:
		return order == ORDER_LESS || order == ORDER_EQUAL;
	case SIM_GREATER:
		return order == ORDER_GREATER;
	case SIM_LESS:
		return order == ORDER_LESS;
	case SIM_AND:
	case SIM_OR:
	case SIM_NOT:
	case SIM_STARTS_WITH:
	case SIM_ENDS_WITH:
	case SIM_ANY:
		break;
	}
	return false;
}

static bool value_fits(const struct sim_expression *leaf, const cJSON *value)
{
	if (leaf->operator== SIM_STARTS_WITH) {
		return cJSON_IsString(value) &&
		       sim_text_starts(value->valuestring, leaf->literals[0].text);
	}
	if (leaf->operator== SIM_ENDS_WITH) {
		return cJSON_IsString(value) &&
		       sim_text_ends(value->valuestring, leaf->literals[0].text);
	}
	for (size_t i = 0; i < leaf->literal_count; i++) {
		if (order_fits(compare_value(value, &leaf->literals[i]), leaf->operator)) {
			return true;
		}
	}
	return false;
}

/* The inside of any(): comparisons of the variable, or of what is below it. */
static bool element_fits(const struct sim_expression *inside, const cJSON *element)
{
	const cJSON *value = element;

	switch (inside->operator) {
	case SIM_AND:
		return element_fits(inside->left, element) && element_fits(inside->right, element);
	case SIM_OR:
		return element_fits(inside->left, element) || element_fits(inside->right, element);
	case SIM_NOT:
		return !element_fits(inside->left, element);
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
	case SIM_ANY:
		return false;
	}
	if (inside->operand.member) {
		value = cJSON_GetObjectItemCaseSensitive(element, inside->operand.member);
	}
	return value_fits(inside, value);
}

static bool any_fits(const struct sim_expression *any, const cJSON *list)
{
	const cJSON *element = NULL;

	cJSON_ArrayForEach(element, list)
	{
		if (!any->left || element_fits(any->left, element)) {
			return true;
		}
	}
	return false;
}

static bool list_fits(const struct sim_expression *leaf, const cJSON *list)
{
	cJSON count = {.type = cJSON_Number};

	if (leaf->operator== SIM_ANY) {
		return any_fits(leaf, list);
	}
	count.valuedouble = cJSON_GetArraySize(list);
	return value_fits(leaf, &count);
}

static const char *json_of(const struct sim_operand *operand, const struct sim_object *object)
{
	int row = operand->rows[object->type];

	return row < 0 ? NULL : sim_object_get(object, row);
}

static bool id_fits(const struct sim_expression *leaf, const struct sim_object *object)
{
	char id[SIM_GUID_TEXT];
	cJSON value = {.type = cJSON_String, .valuestring = id};

	sim_guid_format(object->id, id);
	return value_fits(leaf, &value);
}

/* Most values are plain strings: they are compared where they stand, without a tree. */
static bool plain_text_fits(const struct sim_expression *leaf, const char *json)
{
	void *tmp = talloc_new(NULL);
	cJSON value = {.type = cJSON_String, .valuestring = sim_text_of_json(tmp, json)};
	bool fits = value.valuestring && value_fits(leaf, &value);

	talloc_free(tmp);
	return fits;
}

static bool tree_fits(const struct sim_expression *leaf, const char *json)
{
	void *tmp = talloc_new(NULL);
	const cJSON *value = NULL;
	struct sim_err err;
	bool fits = false;

	if (json && !sim_json_parse(tmp, json, strlen(json), &value, &err)) {
		value = NULL;
	}
	if (leaf->operator== SIM_ANY || leaf->operand.is_count) {
		fits = list_fits(leaf, value);
	} else {
		fits = value_fits(leaf, leaf->operand.member ? cJSON_GetObjectItemCaseSensitive(
								       value, leaf->operand.member)
							     : value);
	}
	talloc_free(tmp);
	return fits;
}

static bool leaf_holds(const struct sim_expression *leaf, const struct sim_object *object)
{
	const char *json = NULL;

	if (leaf->operand.is_id) {
		return id_fits(leaf, object);
	}
	json = json_of(&leaf->operand, object);
	return json && json[0] == '"' ? plain_text_fits(leaf, json) : tree_fits(leaf, json);
}

bool sim_expression_holds(const struct sim_expression *expression, const struct sim_object *object)
{
	if (expression->operator== SIM_AND) {
		return sim_expression_holds(expression->left, object) &&
		       sim_expression_holds(expression->right, object);
	}
	if (expression->operator== SIM_OR) {
		return sim_expression_holds(expression->left, object) ||
		       sim_expression_holds(expression->right, object);
	}
	if (expression->operator== SIM_NOT) {
		return !sim_expression_holds(expression->left, object);
	}
	return leaf_holds(expression, object);
}

bool sim_expression_is_ids(const struct sim_expression *expression)
{
	if (expression->operator== SIM_OR) {
		return sim_expression_is_ids(expression->left) &&
		       sim_expression_is_ids(expression->right);
	}
	return expression->operand.is_id &&
	       (expression->operator== SIM_EQUAL || expression->operator== SIM_IN);
}

size_t sim_expression_leaves(const struct sim_expression *expression)
{
	switch (expression->operator) {
	case SIM_AND:
	case SIM_OR:
		return sim_expression_leaves(expression->left) +
		       sim_expression_leaves(expression->right);
	case SIM_NOT:
		return sim_expression_leaves(expression->left);
	case SIM_IN:
		return expression->literal_count;
	case SIM_EQUAL:
	case SIM_NOT_EQUAL:
	case SIM_GREATER_EQUAL:
	case SIM_LESS_EQUAL:
	case SIM_GREATER:
	case SIM_LESS:
	case SIM_STARTS_WITH:
	case SIM_ENDS_WITH:
	case SIM_ANY:
		break;
	}
	return 1;
}
