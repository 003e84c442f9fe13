/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OData query options of one call. */
#include "config.h"

#include "sim/graph/odata.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/graph/filter.h"

/** What is being read, for the small readers below. */
struct reading {
	struct sim_call *call;
	const struct sim_odata_rules *rules;
	struct sim_odata *odata;
};

static bool select_one(const struct reading *in, const char *name)
{
	bool known = false;

	if (strcasecmp(name, "id") == 0) {
		in->odata->select_id = true;
		return true;
	}
	if (strcasecmp(name, "members") == 0 && in->rules->is_delta) {
		in->odata->select_members = true;
		return true;
	}
	for (unsigned type = 0; type < SIM_TYPE_COUNT; type++) {
		int prop = sim_prop_find((enum sim_type)type, name);

		if ((in->rules->types & (1u << type)) && prop >= 0 &&
		    sim_prop_is_visible((enum sim_type)type, prop, in->call->beta)) {
			in->odata->select[type] |= (uint64_t)1 << prop;
			known = true;
		}
	}
	if (in->odata->select[SIM_GROUP] & sim_prop_mask(SIM_GROUP, SIM_SINGLE) &&
	    !in->rules->is_single) {
		/* Exchange keeps it, and Exchange is asked for one group only. */
		return sim_graph_error(in->call, 400, "Request_BadRequest",
				       "The property '%s' can only be retrieved for one group, "
				       "not for a list.",
				       name);
	}
	/* Directory extensions exist as soon as somebody registers them; none is registered here. */
	return known || strncasecmp(name, "extension_", 10) == 0 ||
	       sim_graph_error(in->call, 400, "BadRequest",
			       "Parsing OData Select and Expand failed: Could not find a property "
			       "named '%s' on type '%s'.",
			       name, sim_types_name(in->rules->types));
}

void sim_odata_defaults(const struct sim_call *call, struct sim_odata *odata)
{
	odata->has_select = false;
	odata->select_id = true;
	for (unsigned type = 0; type < SIM_TYPE_COUNT; type++) {
		odata->select[type] = sim_prop_defaults((enum sim_type)type, call->beta);
	}
}

static bool read_select(const struct reading *in, const char *value)
{
	char *copy = sim_strdup(in->call->request, value);
	char *rest = copy;
	char *name = NULL;

	if (strcmp(value, "*") == 0 || value[0] == '\0') {
		return true;
	}
	in->odata->has_select = true;
	in->odata->select_text = value;
	in->odata->select_id = false;
	in->odata->select_members = false;
	memset(in->odata->select, 0, sizeof(in->odata->select));
	while ((name = strsep(&rest, ",")) != NULL) {
		name += strspn(name, " ");
		name[strcspn(name, " ")] = '\0';
		if (!select_one(in, name)) {
			return false;
		}
	}
	return true;
}

bool sim_odata_select(struct sim_call *call, const struct sim_odata_rules *rules, const char *list,
		      struct sim_odata *odata)
{
	const struct reading in = {call, rules, odata};

	return read_select(&in, list);
}

static bool read_top(const struct reading *in, const char *value)
{
	char *end = NULL;
	long top = strtol(value, &end, 10);

	if (in->rules->is_delta) {
		return true;
	}
	if (value[0] < '0' || value[0] > '9' || *end) {
		return sim_graph_error(in->call, 400, "BadRequest",
				       "Invalid value '%s' for $top query option found. The $top "
				       "query option requires a non-negative integer value.",
				       value);
	}
	if (top < 1 || top > SIM_TOP_MAX) {
		return sim_graph_error(in->call, 400, "Request_BadRequest",
				       "Invalid page size specified: '%s'. Must be between 1 and "
				       "%d inclusive.",
				       value, SIM_TOP_MAX);
	}
	in->odata->top = top;
	in->odata->has_top = true;
	return true;
}

static bool read_count(const struct reading *in, const char *value)
{
	bool wanted = strcasecmp(value, "true") == 0;

	if (!wanted && strcasecmp(value, "false") != 0) {
		return sim_graph_error(in->call, 400, "BadRequest",
				       "'%s' is not a valid count option.", value);
	}
	/* Without ConsistencyLevel the option is ignored, not refused. */
	in->odata->count = wanted && in->call->eventual;
	return true;
}

static bool refuse(const struct reading *in, const char *name)
{
	if (strcasecmp(name, "orderby") == 0) {
		return sim_graph_error(in->call, 400, "Request_UnsupportedQuery",
				       "Sorting not supported for current query.");
	}
	if (strcasecmp(name, "skip") == 0) {
		return sim_graph_error(in->call, 400, "Request_BadRequest",
				       "'$skip' is not supported by the service.");
	}
	return sim_graph_error(in->call, 400, "Request_UnsupportedQuery",
			       "The query option '$%s' is not supported for this resource.", name);
}

/** Options whose text is kept, and read when all of them are known. */
static const struct {
	const char *name;
	size_t offset;
	unsigned where; /* of these flags */
} texts[] = {
#define FOR_LISTS   1u
#define FOR_DELTA   2u
#define FOR_SINGLES 4u
#define AT(field)   offsetof(struct sim_odata, field)
	{"skiptoken", AT(skiptoken), FOR_LISTS | FOR_DELTA | FOR_SINGLES},
	{"deltatoken", AT(deltatoken), FOR_DELTA},
	{"filter", AT(filter_text), FOR_LISTS | FOR_DELTA},
	{"search", AT(search_text), FOR_LISTS},
	{"orderby", AT(orderby_text), FOR_LISTS},
	{"expand", AT(expand_text), FOR_LISTS | FOR_SINGLES},
};

static bool keep_text(const struct reading *in, const char *name, const char *value, bool *ret_kept)
{
	unsigned here = in->rules->is_delta    ? FOR_DELTA
			: in->rules->is_single ? FOR_SINGLES
					       : FOR_LISTS;

	*ret_kept = false;
	for (size_t i = 0; i < SIM_ARRAY_SIZE(texts); i++) {
		if (strcasecmp(texts[i].name, name) != 0) {
			continue;
		}
		if (!(texts[i].where & here)) {
			return refuse(in, name);
		}
		memcpy((char *)in->odata + texts[i].offset, &value, sizeof(value));
		*ret_kept = true;
	}
	return true;
}

static bool read_one(const struct reading *in, const char *name, const char *value)
{
	bool is_kept = false;

	if (!keep_text(in, name, value, &is_kept)) {
		return false;
	}
	if (is_kept || strcasecmp(name, "format") == 0) {
		return true;
	}
	if (strcasecmp(name, "select") == 0) {
		return read_select(in, value);
	}
	if (strcasecmp(name, "top") == 0 && !in->rules->is_single) {
		return read_top(in, value);
	}
	if (strcasecmp(name, "count") == 0 && !in->rules->is_single && !in->rules->is_delta) {
		return read_count(in, value);
	}
	return refuse(in, name);
}

static bool read_filter(const struct reading *in)
{
	struct sim_odata *odata = in->odata;
	const struct sim_filter_scope scope = {
		.types = in->rules->types,
		.advanced = odata->advanced,
		.leaves = in->rules->is_delta ? SIM_FILTER_ID_MAX
					      : (size_t)in->call->world->switches.filter_clauses,
	};

	if (!odata->filter_text) {
		return true;
	}
	if (in->rules->is_navigation && !odata->advanced) {
		return sim_graph_error(in->call, 400, "Request_UnsupportedQuery",
				       "The specified filter to the reference property query is "
				       "currently not supported.");
	}
	return sim_filter_parse(in->call, &scope, odata->filter_text, &odata->filter) &&
	       sim_filter_check(in->call, &scope, odata->filter);
}

static bool read_search(const struct reading *in)
{
	if (!in->odata->search_text) {
		return true;
	}
	if (!in->call->eventual) {
		return sim_graph_error(in->call, 400, "Request_UnsupportedQuery",
				       "Request with $search query parameter only works through "
				       "MSGraph with a special request header: "
				       "'ConsistencyLevel: eventual'");
	}
	return sim_search_parse(in->call, in->rules->types, in->odata->search_text,
				&in->odata->search);
}

/* What depends on several options: most of all, on whether this is an advanced query. */
static bool read_texts(const struct reading *in)
{
	in->odata->advanced = in->call->eventual && (in->odata->count || in->rules->is_count);
	return read_filter(in) && read_search(in) &&
	       sim_odata_orderby(in->call, in->rules, in->odata) &&
	       sim_odata_expand(in->call, in->rules, in->odata);
}

static bool is_known_option(const char *name)
{
	static const char *const names[] = {"select",    "top",        "count",   "filter",
					    "skiptoken", "deltatoken", "orderby", "search",
					    "expand",    "skip",       "format",  "apply"};

	for (size_t i = 0; i < SIM_ARRAY_SIZE(names); i++) {
		if (strcasecmp(names[i], name) == 0) {
			return true;
		}
	}
	return false;
}

bool sim_odata_read(struct sim_call *call, const struct sim_odata_rules *rules,
		    struct sim_odata *ret_odata)
{
	struct reading in = {call, rules, ret_odata};

	memset(ret_odata, 0, sizeof(*ret_odata));
	ret_odata->top = call->world->switches.page_size;
	sim_odata_defaults(call, ret_odata);
	ret_odata->select_members = rules->is_delta;
	for (size_t i = 0; i < call->request->query.count; i++) {
		const struct sim_pair *pair = &call->request->query.items[i];
		bool is_system = pair->name[0] == '$';
		const char *name = pair->name + is_system;

		if (!is_known_option(name)) {
			if (is_system) {
				return refuse(&in, name);
			}
			continue;
		}
		if (!read_one(&in, name, pair->value)) {
			return false;
		}
	}
	return read_texts(&in);
}

void sim_odata_context(struct sim_call *call, struct sim_json *json, const char *what,
		       const struct sim_odata *odata)
{
	const char *select = odata && odata->has_select ? odata->select_text : NULL;
	char *text = sim_printf(call->request, "%s/$metadata#%s%s%s%s", sim_call_base(call), what,
				select ? "(" : "", select ? select : "", select ? ")" : "");

	sim_json_put_string(json, "@odata.context", text);
}
