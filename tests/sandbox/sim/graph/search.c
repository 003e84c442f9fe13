/* SPDX-License-Identifier: GPL-3.0-or-later */
/* $search on directory objects. */
#include "config.h"

#include "sim/graph/search.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "sim/graph/filter.h"
#include "sim/util/text.h"

/** Deepest nesting of parentheses and NOT. */
#define DEPTH_MAX 32

/** What joins the parts of a search. */
enum joint {
	CLAUSE,
	BOTH_OF,
	ONE_OF,
	NONE_OF
};

/** A node. */
struct sim_search {
	enum joint joint;
	struct sim_search *left;
	struct sim_search *right;
	int rows[SIM_TYPE_COUNT]; /* CLAUSE: the property's row, or -1 */
	char **words;             /* CLAUSE */
	size_t word_count;
};

/** A text being read. */
struct reader {
	struct sim_call *call;
	unsigned types;
	const char *text;
	const char *at;
	unsigned depth;
};

static struct sim_search *syntax_error(const struct reader *in)
{
	sim_graph_error(in->call, 400, "BadRequest",
			"Syntax error: character '%.1s' is not valid "
			"at position %zu in '%s'.",
			in->at, (size_t)(in->at - in->text), in->text);
	return NULL;
}

static void skip_space(struct reader *in)
{
	in->at += strspn(in->at, " \t");
}

static bool take_word(struct reader *in, const char *word)
{
	size_t length = strlen(word);

	skip_space(in);
	if (strncmp(in->at, word, length) != 0 || isalnum((unsigned char)in->at[length])) {
		return false;
	}
	in->at += length;
	return true;
}

static bool is_separator(unsigned char c)
{
	return c < 0x80 && !isalnum(c);
}

static void add_words(const struct reader *in, struct sim_search *clause, const char *text)
{
	while (*text) {
		size_t length = 0;

		while (text[length] && !is_separator((unsigned char)text[length])) {
			length++;
		}
		if (length > 0) {
			clause->words = sim_resize(in->call->request, clause->words, char *,
						   clause->word_count + 1);
			clause->words[clause->word_count++] =
				sim_strndup(in->call->request, text, length);
		}
		text += length ? length : 1;
	}
}

static bool find_rows(const struct reader *in, struct sim_search *clause, const char *name)
{
	bool found = false;

	for (unsigned type = 0; type < SIM_TYPE_COUNT; type++) {
		int row = in->types & (1u << type) ? sim_prop_find((enum sim_type)type, name) : -1;

		if (row >= 0 &&
		    !(sim_type_info((enum sim_type)type)->props[row].flags & SIM_SEARCH)) {
			row = -1;
		}
		clause->rows[type] = row;
		found = found || row >= 0;
	}
	return found || sim_graph_error(in->call, 400, "Request_UnsupportedQuery",
					"Searching on property '%s' of resource '%s' is not "
					"supported.",
					name, sim_types_resource(in->types));
}

/* The inside of the quotes: property:words. */
static struct sim_search *make_clause(const struct reader *in, char *inside)
{
	struct sim_search *clause = sim_new(in->call->request, struct sim_search);
	char *colon = strchr(inside, ':');

	if (!colon) {
		sim_graph_error(in->call, 400, "Request_BadRequest",
				"Invalid $search query: a clause must name a property.");
		return NULL;
	}
	*colon = '\0';
	add_words(in, clause, colon + 1);
	return find_rows(in, clause, inside) ? clause : NULL;
}

static struct sim_search *parse_clause(struct reader *in)
{
	struct sim_buf *inside = sim_buf_new(in->call->request);

	skip_space(in);
	if (*in->at != '"') {
		return syntax_error(in);
	}
	for (in->at++; *in->at != '"'; in->at++) {
		in->at += *in->at == '\\' && in->at[1];
		if (*in->at == '\0') {
			return syntax_error(in);
		}
		sim_buf_byte(inside, *in->at);
	}
	in->at++;
	sim_buf_byte(inside, '\0');
	return make_clause(in, inside->data);
}

static struct sim_search *parse_or(struct reader *in);

static struct sim_search *join(const struct reader *in, enum joint joint, struct sim_search *left,
			       struct sim_search *right)
{
	struct sim_search *node = sim_new(in->call->request, struct sim_search);

	node->joint = joint;
	node->left = left;
	node->right = right;
	return left && (right || joint == NONE_OF) ? node : NULL;
}

static struct sim_search *parse_not(struct reader *in)
{
	struct sim_search *node = NULL;

	if (++in->depth > DEPTH_MAX) {
		return syntax_error(in);
	}
	if (take_word(in, "NOT")) {
		node = join(in, NONE_OF, parse_not(in), NULL);
	} else {
		skip_space(in);
		if (*in->at == '(') {
			in->at++;
			node = parse_or(in);
			skip_space(in);
			if (node && *in->at++ != ')') {
				in->at--;
				node = syntax_error(in);
			}
		} else {
			node = parse_clause(in);
		}
	}
	in->depth--;
	return node;
}

static struct sim_search *parse_and(struct reader *in)
{
	struct sim_search *node = parse_not(in);

	while (node && take_word(in, "AND")) {
		node = join(in, BOTH_OF, node, parse_not(in));
	}
	return node;
}

static struct sim_search *parse_or(struct reader *in)
{
	struct sim_search *node = parse_and(in);

	while (node && take_word(in, "OR")) {
		node = join(in, ONE_OF, node, parse_and(in));
	}
	return node;
}

bool sim_search_parse(struct sim_call *call, unsigned types, const char *text,
		      struct sim_search **ret_search)
{
	struct reader in = {.call = call, .types = types, .text = text, .at = text};

	*ret_search = parse_or(&in);
	if (!*ret_search) {
		return false;
	}
	skip_space(&in);
	return *in.at == '\0' || syntax_error(&in) != NULL;
}

static bool value_has(const char *value, const char *word)
{
	bool begins = true;

	for (const char *p = value; *p; p++) {
		if (is_separator((unsigned char)*p)) {
			begins = true;
			continue;
		}
		if (begins && sim_text_starts(p, word)) {
			return true;
		}
		begins = false;
	}
	return false;
}

static bool clause_holds(const struct sim_search *clause, const struct sim_object *object)
{
	int row = clause->rows[object->type];
	const char *json = row >= 0 ? sim_object_get(object, row) : NULL;
	char *value = json ? sim_text_of_json(NULL, json) : NULL;
	bool holds = value != NULL;

	for (size_t i = 0; holds && i < clause->word_count; i++) {
		holds = value_has(value, clause->words[i]);
	}
	talloc_free(value);
	return holds;
}

bool sim_search_holds(const struct sim_search *search, const struct sim_object *object)
{
	switch (search->joint) {
	case CLAUSE:
		break;
	case BOTH_OF:
		return sim_search_holds(search->left, object) &&
		       sim_search_holds(search->right, object);
	case ONE_OF:
		return sim_search_holds(search->left, object) ||
		       sim_search_holds(search->right, object);
	case NONE_OF:
		return !sim_search_holds(search->left, object);
	}
	return clause_holds(search, object);
}
