/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filter: clauses on the properties of a group. */
#include "config.h"

#include "engine/plan/filter.h"

#include <stdint.h>
#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/pattern.h"
#include "engine/base/text.h"
#include "engine/plan/lexer.h"
#include "engine/plan/property.h"

/** Most values behind IN. */
#define MAX_VALUES 1000

enum operator{
	OPERATOR_EQUALS,
	OPERATOR_NOT_EQUALS,
	OPERATOR_GREATER,
	OPERATOR_GREATER_OR_EQUALS,
	OPERATOR_TRUE,
	OPERATOR_FALSE,
	OPERATOR_NULL,
	OPERATOR_NOT_NULL,
	OPERATOR_REGEX,
	OPERATOR_NOT_REGEX,
	OPERATOR_IN,
	OPERATOR_NOT_IN,
	OPERATOR_INCLUDES
};

/* How many values follow. */
enum operands {
	OPERANDS_NONE,
	OPERANDS_ONE,
	OPERANDS_MANY
};

static const struct operator_words {
	const char *words[3];
	enum operator operator;
	enum operands operands;
} OPERATORS[] = {
	{{"EQUALS"}, OPERATOR_EQUALS, OPERANDS_ONE},
	{{"NOT", "EQUALS"}, OPERATOR_NOT_EQUALS, OPERANDS_ONE},
	{{"GREATER_THAN"}, OPERATOR_GREATER, OPERANDS_ONE},
	{{"GREATER_THAN_OR_EQUALS"}, OPERATOR_GREATER_OR_EQUALS, OPERANDS_ONE},
	{{"IS", "TRUE"}, OPERATOR_TRUE, OPERANDS_NONE},
	{{"IS", "FALSE"}, OPERATOR_FALSE, OPERANDS_NONE},
	{{"IS", "NULL"}, OPERATOR_NULL, OPERANDS_NONE},
	{{"IS", "NOT", "NULL"}, OPERATOR_NOT_NULL, OPERANDS_NONE},
	{{"REGEX", "MATCH"}, OPERATOR_REGEX, OPERANDS_ONE},
	{{"NOT", "REGEX", "MATCH"}, OPERATOR_NOT_REGEX, OPERANDS_ONE},
	{{"IN"}, OPERATOR_IN, OPERANDS_MANY},
	{{"NOT", "IN"}, OPERATOR_NOT_IN, OPERANDS_MANY},
	{{"INCLUDES"}, OPERATOR_INCLUDES, OPERANDS_ONE},
};

struct clause {
	const char *property;
	enum operator operator;
	const char **values;
	size_t count;
	struct gb_pattern *pattern; /* REGEX */
	bool begins_group;          /* first of its clause group */
};

struct gb_filter {
	struct clause *clauses;
	size_t count;
};

/* Reading. */

struct reader {
	struct gb_lexer lexer;
	struct gb_filter *filter;
	bool group_open; /* a clause of the present group was read */
	struct gb_err *err;
};

static enum gb_rc next(struct reader *reader)
{
	return gb_lexer_next(&reader->lexer, reader->err);
}

static bool is_at_end_of_line(const struct reader *reader)
{
	return reader->lexer.token == GB_TOKEN_NEWLINE || reader->lexer.token == GB_TOKEN_END;
}

/* The operator whose words are exactly @words; NULL if there is none. */
static const struct operator_words *find_operator(char *const words[3])
{
	for (size_t i = 0; i < GB_ARRAY_SIZE(OPERATORS); i++) {
		bool same = true;

		for (size_t n = 0; n < 3; n++) {
			const char *want = OPERATORS[i].words[n];

			same = same && (want && words[n] ? strcmp(want, words[n]) == 0
							 : !want && !words[n]);
		}
		if (same) {
			return &OPERATORS[i];
		}
	}
	return NULL;
}

static enum gb_rc read_operator(struct reader *reader, const struct operator_words **ret_operator)
{
	struct gb_lexer place = reader->lexer;
	char *words[3] = {NULL};
	size_t count = 0;

	while (reader->lexer.token == GB_TOKEN_NAME && count < 3) {
		enum gb_rc rc;

		words[count++] = reader->lexer.text;
		rc = next(reader);
		if (rc != GB_OK) {
			return rc;
		}
	}
	*ret_operator = find_operator(words);
	if (!*ret_operator) {
		return gb_lexer_refuse(
			&place, reader->err,
			_("behind the property stands an operator: EQUALS, NOT "
			  "EQUALS, GREATER_THAN, GREATER_THAN_OR_EQUALS, IS TRUE, IS "
			  "FALSE, IS NULL, IS NOT NULL, REGEX MATCH, NOT REGEX "
			  "MATCH, IN, NOT IN or INCLUDES."));
	}
	return GB_OK;
}

static enum gb_rc read_values(struct reader *reader, struct clause *clause)
{
	enum gb_rc rc = GB_OK;

	clause->values = gb_new_array(reader->filter, const char *, MAX_VALUES);
	while (rc == GB_OK &&
	       (reader->lexer.token == GB_TOKEN_STRING || reader->lexer.token == GB_TOKEN_NUMBER)) {
		if (clause->count == MAX_VALUES) {
			return gb_lexer_refuse(&reader->lexer, reader->err,
					       _("an operator takes at most %d values."),
					       MAX_VALUES);
		}
		clause->values[clause->count++] = reader->lexer.text;
		rc = next(reader);
	}
	clause->values = gb_mem_check(talloc_realloc(reader->filter, clause->values, const char *,
						     gb_mem_count(clause->count + 1)));
	return rc;
}

static enum gb_rc check_values(struct reader *reader, const struct clause *clause,
			       enum operands operands)
{
	if (operands == OPERANDS_NONE && clause->count > 0) {
		return gb_lexer_refuse(&reader->lexer, reader->err,
				       _("no value stands behind this operator."));
	}
	if (operands == OPERANDS_ONE && clause->count != 1) {
		return gb_lexer_refuse(&reader->lexer, reader->err,
				       _("behind this operator stands one \"text\" or number."));
	}
	if (operands == OPERANDS_MANY && clause->count == 0) {
		return gb_lexer_refuse(
			&reader->lexer, reader->err,
			_("behind this operator stand one or more \"texts\" or numbers."));
	}
	return GB_OK;
}

static enum gb_rc compile(struct reader *reader, const struct gb_lexer *place,
			  struct clause *clause)
{
	struct gb_err why;
	bool is_regex = clause->operator== OPERATOR_REGEX || clause->operator== OPERATOR_NOT_REGEX;

	gb_err_clear(&why);
	if (is_regex && gb_pattern_new(reader->filter, clause->values[0], &clause->pattern, NULL,
				       &why) != GB_OK) {
		return gb_lexer_refuse(place, reader->err, "%s", why.what);
	}
	return GB_OK;
}

static enum gb_rc read_clause_parts(struct reader *reader, struct clause *clause)
{
	const struct operator_words *words = NULL;
	struct gb_lexer place = reader->lexer;
	enum gb_rc rc = next(reader);

	if (rc == GB_OK) {
		rc = read_operator(reader, &words);
	}
	if (rc != GB_OK || !words) {
		return rc;
	}
	clause->operator= words->operator;
	rc = read_values(reader, clause);
	if (rc == GB_OK) {
		rc = check_values(reader, clause, words->operands);
	}
	if (rc == GB_OK && !is_at_end_of_line(reader)) {
		rc = gb_lexer_refuse(&reader->lexer, reader->err,
				     _("a clause ends with its line."));
	}
	return rc == GB_OK ? compile(reader, &place, clause) : rc;
}

static enum gb_rc read_clause(struct reader *reader)
{
	struct gb_filter *filter = reader->filter;
	struct clause *clause;

	if (!gb_property_is_known(reader->lexer.text)) {
		return gb_lexer_refuse(&reader->lexer, reader->err,
				       _("a group has no property \"%s\" that can be used here."),
				       reader->lexer.text);
	}
	if (filter->count == GB_FILTER_MAX_CLAUSES) {
		return gb_lexer_refuse(&reader->lexer, reader->err,
				       _("a filter has at most %d clauses."),
				       GB_FILTER_MAX_CLAUSES);
	}
	clause = &filter->clauses[filter->count++];
	clause->property = reader->lexer.text;
	clause->begins_group = !reader->group_open;
	reader->group_open = true;
	return read_clause_parts(reader, clause);
}

static enum gb_rc read_or(struct reader *reader)
{
	if (!reader->group_open) {
		return gb_lexer_refuse(&reader->lexer, reader->err,
				       _("OR stands between two groups of clauses."));
	}
	reader->group_open = false;
	return next(reader);
}

static enum gb_rc read_line(struct reader *reader)
{
	if (reader->lexer.token == GB_TOKEN_NEWLINE) {
		return next(reader);
	}
	if (gb_lexer_is_name(&reader->lexer, "OR")) {
		return read_or(reader);
	}
	if (reader->lexer.token != GB_TOKEN_NAME) {
		return gb_lexer_refuse(&reader->lexer, reader->err,
				       _("a line begins with a property of a group, or is OR."));
	}
	return read_clause(reader);
}

enum gb_rc gb_filter_parse(const void *ctx, const char *source, const char *text,
			   struct gb_filter **ret_filter, struct gb_err *err)
{
	struct reader reader = {.err = err};
	enum gb_rc rc;

	reader.filter = gb_new(ctx, struct gb_filter);
	reader.filter->clauses = gb_new_array(reader.filter, struct clause, GB_FILTER_MAX_CLAUSES);
	rc = gb_lexer_begin(reader.filter, source, text, &reader.lexer, err);
	while (rc == GB_OK && reader.lexer.token != GB_TOKEN_END) {
		rc = read_line(&reader);
	}
	if (rc == GB_OK && !reader.group_open) {
		rc = gb_lexer_refuse(&reader.lexer, err, _("a clause is missing here."));
	}
	if (rc != GB_OK) {
		talloc_free(reader.filter);
		return rc;
	}
	*ret_filter = reader.filter;
	return GB_OK;
}

/* Deciding. */

static enum gb_tristate decided(bool yes)
{
	return yes ? GB_YES : GB_NO;
}

static enum gb_tristate negated(enum gb_tristate answer)
{
	return answer == GB_UNKNOWN ? GB_UNKNOWN : decided(answer == GB_NO);
}

static bool is_one_of(const struct clause *clause, const char *text)
{
	for (size_t i = 0; i < clause->count; i++) {
		if (strcmp(clause->values[i], text) == 0) {
			return true;
		}
	}
	return false;
}

static bool holds_value(const struct gb_attribute *attribute, const struct clause *clause)
{
	for (size_t i = 0; i < attribute->count; i++) {
		if (is_one_of(clause, attribute->values[i])) {
			return true;
		}
	}
	return false;
}

static int order_of(const char *a, const char *b)
{
	int64_t left;
	int64_t right;

	if (gb_text_to_number(a, &left) && gb_text_to_number(b, &right)) {
		return (left > right) - (left < right);
	}
	return strcmp(a, b);
}

/* The first value decides; null is neither greater nor equal. */
static enum gb_tristate is_greater(const struct gb_attribute *attribute,
				   const struct clause *clause, int at_least)
{
	return decided(attribute->count > 0 &&
		       order_of(attribute->values[0], clause->values[0]) >= at_least);
}

static enum gb_tristate is_bool(const struct gb_attribute *attribute, const char *word)
{
	return decided(attribute->count > 0 && gb_text_equal_nocase(attribute->values[0], word));
}

/* Null matches no pattern, and NOT REGEX MATCH is false for it as well. */
static enum gb_tristate matches_pattern(const struct gb_attribute *attribute,
					const struct clause *clause)
{
	enum gb_tristate answer = GB_NO;

	for (size_t i = 0; i < attribute->count; i++) {
		enum gb_pattern_answer found =
			gb_pattern_match(clause->pattern, attribute->values[i]);

		if (found == GB_PATTERN_YES) {
			return GB_YES;
		}
		if (found == GB_PATTERN_GAVE_UP) {
			answer = GB_UNKNOWN;
		}
	}
	return answer;
}

static enum gb_tristate decide(const struct clause *clause, const struct gb_attribute *attribute)
{
	bool is_null = attribute->count == 0;

	switch (clause->operator) {
	case OPERATOR_EQUALS:
	case OPERATOR_IN:
	case OPERATOR_INCLUDES:
		return decided(holds_value(attribute, clause));
	case OPERATOR_NOT_EQUALS:
	case OPERATOR_NOT_IN:
		return decided(!holds_value(attribute, clause));
	case OPERATOR_GREATER:
		return is_greater(attribute, clause, 1);
	case OPERATOR_GREATER_OR_EQUALS:
		return is_greater(attribute, clause, 0);
	case OPERATOR_TRUE:
		return is_bool(attribute, "True");
	case OPERATOR_FALSE:
		return is_bool(attribute, "False");
	case OPERATOR_NULL:
		return decided(is_null);
	case OPERATOR_NOT_NULL:
		return decided(!is_null);
	case OPERATOR_REGEX:
		return matches_pattern(attribute, clause);
	case OPERATOR_NOT_REGEX:
		break;
	}
	return is_null ? GB_NO : negated(matches_pattern(attribute, clause));
}

static enum gb_tristate clause_holds(const void *ctx, const struct clause *clause,
				     const struct gb_cloud_group *group)
{
	struct gb_attribute attribute = gb_property_get(ctx, group, clause->property);

	return attribute.state == GB_ATTRIBUTE_UNKNOWN ? GB_UNKNOWN : decide(clause, &attribute);
}

/* One that does not hold decides the group, whatever is unknown about the others. */
static enum gb_tristate and (enum gb_tristate a, enum gb_tristate b) {
	if (a == GB_NO || b == GB_NO){return GB_NO;
}
return a == GB_UNKNOWN || b == GB_UNKNOWN ? GB_UNKNOWN : GB_YES;
}

static enum gb_tristate or (enum gb_tristate a, enum gb_tristate b) {
	return negated(and(negated(a), negated(b)));
}

enum gb_tristate gb_filter_matches(const struct gb_filter *filter,
				   const struct gb_cloud_group *group)
{
	void *tmp = gb_new_tmp(NULL);
	enum gb_tristate all = GB_NO;
	enum gb_tristate present = GB_NO;

	for (size_t i = 0; i < filter->count; i++) {
		const struct clause *clause = &filter->clauses[i];

		if (clause->begins_group) {
			all = or (all, present);
			present = GB_YES;
		}
		present = and(present, clause_holds(tmp, clause, group));
	}
	talloc_free(tmp);
	return or (all, present);
}

void gb_filter_properties(const struct gb_filter *filter,
			  void (*each)(void *user, const char *property), void *user)
{
	for (size_t i = 0; i < filter->count; i++) {
		each(user, filter->clauses[i].property);
	}
}
