/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OData query options of one call. */
#include "config.h"

#include "sim/graph/odata.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/** What is being read, for the small readers below. */
struct reading {
	struct sim_call *call;
	const struct sim_odata_rules *rules;
	struct sim_odata *odata;
};

static const char *type_name(const struct sim_odata_rules *rules)
{
	for (unsigned type = 0; type < SIM_TYPE_COUNT; type++) {
		if (rules->types == 1u << type) {
			return sim_type_info((enum sim_type)type)->odata_type + 1;
		}
	}
	return "microsoft.graph.directoryObject";
}

static bool is_visible(const struct sim_call *call, enum sim_type type, int prop)
{
	return prop >= 0 &&
	       (call->beta || !(sim_type_info(type)->props[prop].flags & SIM_BETA_ONLY));
}

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

		if ((in->rules->types & (1u << type)) &&
		    is_visible(in->call, (enum sim_type)type, prop)) {
			in->odata->select[type] |= (uint64_t)1 << prop;
			known = true;
		}
	}
	/* Directory extensions exist as soon as somebody registers them; none is registered here. */
	return known || strncasecmp(name, "extension_", 10) == 0 ||
	       sim_graph_error(in->call, 400, "BadRequest",
			       "Parsing OData Select and Expand failed: Could not find a property "
			       "named '%s' on type '%s'.",
			       name, type_name(in->rules));
}

static void select_defaults(const struct reading *in)
{
	in->odata->has_select = false;
	in->odata->select_id = true;
	in->odata->select_members = in->rules->is_delta;
	for (unsigned type = 0; type < SIM_TYPE_COUNT; type++) {
		in->odata->select[type] = sim_prop_defaults((enum sim_type)type, in->call->beta);
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

static bool read_filter(const struct reading *in, const char *value)
{
	in->odata->has_filter = true;
	return sim_odata_id_filter(in->call, value, in->odata);
}

static bool refuse(const struct reading *in, const char *name)
{
	if (strcasecmp(name, "orderby") == 0) {
		return sim_graph_error(in->call, 400, "Request_UnsupportedQuery",
				       "Sorting not supported for current query.");
	}
	if (strcasecmp(name, "search") == 0 && !in->call->eventual) {
		return sim_graph_error(in->call, 400, "Request_BadRequest",
				       "Request with $search query parameter only works through "
				       "MSGraph with a special request header: "
				       "'ConsistencyLevel: eventual'");
	}
	return sim_graph_error(in->call, 400, "Request_UnsupportedQuery",
			       "The query option '$%s' is not supported by this simulator for this "
			       "resource.",
			       name);
}

static bool read_one(const struct reading *in, const char *name, const char *value)
{
	if (strcasecmp(name, "select") == 0) {
		return read_select(in, value);
	}
	if (strcasecmp(name, "skiptoken") == 0) {
		in->odata->skiptoken = value;
		return true;
	}
	if (strcasecmp(name, "deltatoken") == 0 && in->rules->is_delta) {
		in->odata->deltatoken = value;
		return true;
	}
	if (strcasecmp(name, "format") == 0) {
		return true;
	}
	if (strcasecmp(name, "top") == 0 && !in->rules->is_single) {
		return read_top(in, value);
	}
	if (strcasecmp(name, "count") == 0 && !in->rules->is_single && !in->rules->is_delta) {
		return read_count(in, value);
	}
	if (strcasecmp(name, "filter") == 0 && !in->rules->is_single) {
		return read_filter(in, value);
	}
	return refuse(in, name);
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
	select_defaults(&in);
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
	return true;
}

void sim_odata_context(struct sim_call *call, struct sim_json *json, const char *what,
		       const struct sim_odata *odata)
{
	const char *select = odata && odata->has_select ? odata->select_text : NULL;
	char *text = sim_printf(call->request, "%s/$metadata#%s%s%s%s", sim_call_base(call), what,
				select ? "(" : "", select ? select : "", select ? ")" : "");

	sim_json_put_string(json, "@odata.context", text);
}
