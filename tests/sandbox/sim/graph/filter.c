/* SPDX-License-Identifier: GPL-3.0-or-later */
/* $filter: from text to tree. */
#include "config.h"

#include "sim/graph/filter.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/** Deepest nesting of parentheses and not. */
#define DEPTH_MAX 64
/** Most nodes of a tree, so that no request costs more than it should. */
#define NODE_MAX 1000

/** A text being read. */
struct parser {
	struct sim_call *call;
	const struct sim_filter_scope *scope;
	const char *text;
	const char *at;
	const char *variable; /* of the lambda around, or NULL */
	unsigned depth;
	unsigned nodes;
};

const char *sim_types_name(unsigned types)
{
	for (unsigned type = 0; type < SIM_TYPE_COUNT; type++) {
		if (types == 1u << type) {
			return sim_type_info((enum sim_type)type)->odata_type + 1;
		}
	}
	return "microsoft.graph.directoryObject";
}

const char *sim_types_resource(unsigned types)
{
	for (unsigned type = 0; type < SIM_TYPE_COUNT; type++) {
		if (types == 1u << type) {
			return sim_type_info((enum sim_type)type)->resource;
		}
	}
	return "DirectoryObject";
}

/* Every failure ends the call at once; NULL goes up to the top. */
static struct sim_expression *syntax_error(const struct parser *in)
{
	sim_graph_error(in->call, 400, "BadRequest",
			"Invalid filter clause: Syntax error at position %zu in '%s'.",
			(size_t)(in->at - in->text), in->text);
	return NULL;
}

static struct sim_expression *incompatible(const struct parser *in, const char *left,
					   const char *right)
{
	sim_graph_error(in->call, 400, "BadRequest",
			"Invalid filter clause: A binary operator with incompatible types was "
			"detected. Found operand types '%s' and '%s'.",
			left, right);
	return NULL;
}

static void skip_space(struct parser *in)
{
	in->at += strspn(in->at, " \t");
}

static bool take(struct parser *in, char sign)
{
	skip_space(in);
	if (*in->at != sign) {
		return false;
	}
	in->at++;
	return true;
}

static size_t word_length(const char *p)
{
	size_t length = 0;

	while (isalnum((unsigned char)p[length]) || (p[length] && strchr("_.@$-", p[length]))) {
		length++;
	}
	return length;
}

static bool peek_word(struct parser *in, const char *word)
{
	size_t length = strlen(word);

	skip_space(in);
	return word_length(in->at) == length && strncasecmp(in->at, word, length) == 0;
}

static bool take_word(struct parser *in, const char *word)
{
	if (!peek_word(in, word)) {
		return false;
	}
	in->at += strlen(word);
	return true;
}

static char *take_name(struct parser *in)
{
	size_t length = 0;
	char *name = NULL;

	skip_space(in);
	length = word_length(in->at);
	if (length > 0 && !isdigit((unsigned char)in->at[0])) {
		name = sim_strndup(in->call->request, in->at, length);
		in->at += length;
	}
	return name;
}

static struct sim_expression *node_new(struct parser *in, enum sim_operator operator)
{
	struct sim_expression *node = sim_new(in->call->request, struct sim_expression);

	node->operator= operator;
	in->nodes++;
	return node;
}

/* Literals */

static bool is_date(const char *text, size_t length)
{
	static const char form[] = "dddd-dd-dd";

	for (size_t i = 0; i < sizeof(form) - 1; i++) {
		if (i >= length ||
		    (form[i] == 'd' ? !isdigit((unsigned char)text[i]) : text[i] != '-')) {
			return false;
		}
	}
	return length == sizeof(form) - 1 || text[sizeof(form) - 1] == 'T';
}

static bool is_number(const char *text, size_t length)
{
	size_t digits = strspn(text, "-0123456789.");

	return digits == length && length < 20 && isdigit((unsigned char)text[length - 1]) &&
	       !memchr(text + 1, '-', length - 1);
}

static bool quoted_literal(struct parser *in, struct sim_literal *ret_literal)
{
	struct sim_buf *text = sim_buf_new(in->call->request);

	for (in->at++;; in->at++) {
		if (*in->at == '\0') {
			return false;
		}
		if (*in->at == '\'' && *++in->at != '\'') {
			break;
		}
		sim_buf_byte(text, *in->at);
	}
	*ret_literal = (struct sim_literal){SIM_LITERAL_TEXT, text->data};
	return true;
}

static bool bare_literal(struct parser *in, struct sim_literal *ret_literal)
{
	size_t length = strcspn(in->at, " \t,)");
	char *text = sim_strndup(in->call->request, in->at, length);
	uint8_t id[SIM_GUID_SIZE];

	ret_literal->text = text;
	if (strcmp(text, "null") == 0) {
		ret_literal->kind = SIM_LITERAL_NULL;
	} else if (strcasecmp(text, "true") == 0 || strcasecmp(text, "false") == 0) {
		ret_literal->kind = SIM_LITERAL_BOOL;
		ret_literal->text = strcasecmp(text, "true") == 0 ? "true" : "false";
	} else if (sim_guid_parse(text, id)) {
		ret_literal->kind = SIM_LITERAL_GUID;
	} else if (is_date(text, length)) {
		ret_literal->kind = SIM_LITERAL_DATE;
	} else if (length > 0 && is_number(text, length)) {
		ret_literal->kind = SIM_LITERAL_NUMBER;
	} else {
		return false;
	}
	in->at += length;
	return true;
}

static bool take_literal(struct parser *in, struct sim_expression *node)
{
	struct sim_literal literal = {.kind = SIM_LITERAL_NULL};

	skip_space(in);
	if (!(*in->at == '\'' ? quoted_literal(in, &literal) : bare_literal(in, &literal))) {
		return false;
	}
	node->literals = sim_resize(in->call->request, node->literals, struct sim_literal,
				    node->literal_count + 1);
	node->literals[node->literal_count++] = literal;
	in->nodes++;
	return true;
}

static bool take_list(struct parser *in, struct sim_expression *node)
{
	if (!take(in, '(')) {
		return false;
	}
	do {
		if (!take_literal(in, node)) {
			return false;
		}
	} while (in->nodes < NODE_MAX && take(in, ','));
	return take(in, ')');
}

/* Operands */

static bool find_rows(struct parser *in, const char *name, struct sim_operand *operand)
{
	bool found = false;

	for (unsigned type = 0; type < SIM_TYPE_COUNT; type++) {
		int row = in->scope->types & (1u << type) ? sim_prop_find((enum sim_type)type, name)
							  : -1;

		if (row >= 0 && !sim_prop_is_visible((enum sim_type)type, row, in->call->beta)) {
			row = -1;
		}
		operand->rows[type] = row;
		if (row >= 0) {
			operand->name = sim_type_info((enum sim_type)type)->props[row].name;
			found = true;
		}
	}
	return found;
}

static bool unknown_property(const struct parser *in, const char *name)
{
	return sim_graph_error(
		in->call, 400, "BadRequest",
		"Invalid filter clause: Could not find a property named '%s' on type '%s'.", name,
		sim_types_name(in->scope->types));
}

static bool take_operand(struct parser *in, struct sim_operand *operand)
{
	char *name = take_name(in);

	if (!name) {
		return syntax_error(in) != NULL;
	}
	operand->name = name;
	if (in->variable) {
		operand->is_variable = true;
		return strcmp(name, in->variable) == 0 || unknown_property(in, name);
	}
	if (strcasecmp(name, "id") == 0) {
		operand->is_id = true;
		return true;
	}
	return find_rows(in, name, operand) || unknown_property(in, name);
}

static const struct sim_prop *prop_of(const struct sim_operand *operand)
{
	for (unsigned type = 0; type < SIM_TYPE_COUNT; type++) {
		if (operand->rows[type] >= 0) {
			return &sim_type_info((enum sim_type)type)->props[operand->rows[type]];
		}
	}
	return NULL;
}

static const char *literal_type(const struct sim_literal *literal)
{
	static const char *const names[] = {
		[SIM_LITERAL_NULL] = "<null>",
		[SIM_LITERAL_TEXT] = "Edm.String",
		[SIM_LITERAL_BOOL] = "Edm.Boolean",
		[SIM_LITERAL_NUMBER] = "Edm.Int32",
		[SIM_LITERAL_DATE] = "Edm.DateTimeOffset",
		[SIM_LITERAL_GUID] = "Edm.Guid",
	};

	return names[literal->kind];
}

static bool is_date_property(const char *name)
{
	size_t length = strlen(name);

	return length > 8 && strcmp(name + length - 8, "DateTime") == 0;
}

static const char *operand_type(const struct sim_operand *operand)
{
	const struct sim_prop *prop = operand->is_id ? NULL : prop_of(operand);

	if (operand->is_count) {
		return "Edm.Int32";
	}
	if (!prop || (prop->kind == SIM_TEXT && !is_date_property(prop->name))) {
		return "Edm.String";
	}
	switch (prop->kind) {
	case SIM_TEXT:
		return "Edm.DateTimeOffset";
	case SIM_BOOL:
		return "Edm.Boolean";
	case SIM_NUMBER:
		return "Edm.Int32";
	case SIM_LIST:
		return "Collection(Edm.String)";
	case SIM_COMPLEX:
		break;
	}
	return "microsoft.graph.complexType";
}

/* Below a complex value or a lambda's variable the types are not known here: all are taken. */
static bool types_match(const struct parser *in, const struct sim_expression *node)
{
	const char *left = operand_type(&node->operand);

	for (size_t i = 0; i < node->literal_count; i++) {
		const char *right = literal_type(&node->literals[i]);

		if (node->operand.is_variable || node->operand.member ||
		    (node->literals[i].kind == SIM_LITERAL_NULL && left[0] == 'E')) {
			continue;
		}
		if (node->literals[i].kind == SIM_LITERAL_GUID && strcmp(left, "Edm.String") == 0) {
			continue;
		}
		if (strcmp(left, right) != 0) {
			return incompatible(in, left, right) != NULL;
		}
	}
	return true;
}

static bool ids_are_guids(const struct parser *in, const struct sim_expression *node)
{
	uint8_t id[SIM_GUID_SIZE];

	for (size_t i = 0; node->operand.is_id && i < node->literal_count; i++) {
		if (!sim_guid_parse(node->literals[i].text, id)) {
			return sim_graph_error(in->call, 400, "Request_BadRequest",
					       "Invalid object identifier '%s'.",
					       node->literals[i].text);
		}
	}
	return true;
}

/* The grammar, from the loosest binding to the tightest */

static struct sim_expression *parse_or(struct parser *in);

static bool take_operator(struct parser *in, enum sim_operator *ret_operator)
{
	static const struct {
		const char *word;
		enum sim_operator operator;
	} operators[] = {{"eq", SIM_EQUAL},      {"ne", SIM_NOT_EQUAL}, {"ge", SIM_GREATER_EQUAL},
			 {"le", SIM_LESS_EQUAL}, {"gt", SIM_GREATER},   {"lt", SIM_LESS},
			 {"in", SIM_IN}};

	for (size_t i = 0; i < SIM_ARRAY_SIZE(operators); i++) {
		if (take_word(in, operators[i].word)) {
			*ret_operator = operators[i].operator;
			return true;
		}
	}
	return false;
}

static struct sim_expression *parse_comparison(struct parser *in, struct sim_expression *node)
{
	if (!take_operator(in, &node->operator) ||
	    !(node->operator== SIM_IN ? take_list(in, node) : take_literal(in, node))) {
		return syntax_error(in);
	}
	return types_match(in, node) && ids_are_guids(in, node) ? node : NULL;
}

/* "any(" was read; "variable: expression)" or ")" follows. */
static struct sim_expression *parse_any(struct parser *in, struct sim_expression *node)
{
	const struct sim_prop *prop = prop_of(&node->operand);

	node->operator= SIM_ANY;
	if (!prop || prop->kind != SIM_LIST) {
		return incompatible(in, operand_type(&node->operand), "Collection");
	}
	if (take(in, ')')) {
		return node;
	}
	in->variable = take_name(in);
	if (!in->variable || !take(in, ':')) {
		return syntax_error(in);
	}
	node->left = parse_or(in);
	in->variable = NULL;
	if (!node->left) {
		return NULL;
	}
	return take(in, ')') ? node : syntax_error(in);
}

/* A property was read; what is behind it says what it is. */
static struct sim_expression *parse_behind_operand(struct parser *in, struct sim_expression *node)
{
	if (*in->at != '/') {
		return parse_comparison(in, node);
	}
	in->at++;
	if (!node->operand.is_variable && take_word(in, "any") && take(in, '(')) {
		return parse_any(in, node);
	}
	if (!node->operand.is_variable && take_word(in, "$count")) {
		node->operand.is_count = true;
		return parse_comparison(in, node);
	}
	node->operand.member = take_name(in);
	return node->operand.member ? parse_comparison(in, node) : syntax_error(in);
}

static struct sim_expression *parse_function(struct parser *in, enum sim_operator operator)
{
	struct sim_expression *node = node_new(in, operator);

	if (!take(in, '(')) {
		return syntax_error(in);
	}
	if (!take_operand(in, &node->operand)) {
		return NULL;
	}
	if (take(in, '/')) {
		node->operand.member = take_name(in);
	}
	if (!take(in, ',') || !take_literal(in, node) || !take(in, ')')) {
		return syntax_error(in);
	}
	return types_match(in, node) ? node : NULL;
}

static bool peek_function(struct parser *in, const char *name)
{
	const char *back = in->at;
	bool found = take_word(in, name) && take(in, '(');

	in->at = back;
	return found;
}

static struct sim_expression *parse_primary(struct parser *in)
{
	static const char *const others[] = {"contains", "tolower", "toupper",
					     "length",   "concat",  "substring",
					     "indexof",  "trim",    "matchesPattern"};
	struct sim_expression *node = NULL;

	if (peek_function(in, "startswith")) {
		in->at += strlen("startswith");
		return parse_function(in, SIM_STARTS_WITH);
	}
	if (peek_function(in, "endswith")) {
		in->at += strlen("endswith");
		return parse_function(in, SIM_ENDS_WITH);
	}
	for (size_t i = 0; i < SIM_ARRAY_SIZE(others); i++) {
		if (peek_function(in, others[i])) {
			sim_graph_error(in->call, 400, "Request_UnsupportedQuery",
					"Unsupported Query.");
			return NULL;
		}
	}
	node = node_new(in, SIM_EQUAL);
	return take_operand(in, &node->operand) ? parse_behind_operand(in, node) : NULL;
}

static struct sim_expression *parse_not(struct parser *in)
{
	struct sim_expression *node = NULL;

	if (++in->depth > DEPTH_MAX || in->nodes > NODE_MAX) {
		sim_graph_error(in->call, 400, "BadRequest",
				"Invalid filter clause: The recursion limit has been exceeded.");
		return NULL;
	}
	if (take_word(in, "not")) {
		node = node_new(in, SIM_NOT);
		node->left = parse_not(in);
		node = node->left ? node : NULL;
	} else if (take(in, '(')) {
		node = parse_or(in);
		if (node && !take(in, ')')) {
			node = syntax_error(in);
		}
	} else {
		node = parse_primary(in);
	}
	in->depth--;
	return node;
}

static struct sim_expression *join(struct parser *in, enum sim_operator operator,
				   struct sim_expression * left, struct sim_expression *right)
{
	struct sim_expression *node = NULL;

	if (!right) {
		return NULL;
	}
	node = node_new(in, operator);
	node->left = left;
	node->right = right;
	return node;
}

static struct sim_expression *parse_and(struct parser *in)
{
	struct sim_expression *node = parse_not(in);

	while (node && take_word(in, "and")) {
		node = join(in, SIM_AND, node, parse_not(in));
	}
	return node;
}

static struct sim_expression *parse_or(struct parser *in)
{
	struct sim_expression *node = parse_and(in);

	while (node && take_word(in, "or")) {
		node = join(in, SIM_OR, node, parse_and(in));
	}
	return node;
}

bool sim_filter_parse(struct sim_call *call, const struct sim_filter_scope *scope, const char *text,
		      struct sim_expression **ret_expression)
{
	struct parser in = {.call = call, .scope = scope, .text = text, .at = text};

	*ret_expression = parse_or(&in);
	if (!*ret_expression) {
		return false;
	}
	skip_space(&in);
	return *in.at == '\0' || syntax_error(&in) != NULL;
}
