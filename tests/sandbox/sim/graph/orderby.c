/* SPDX-License-Identifier: GPL-3.0-or-later */
/* $orderby: one property, by the rules of the tables in store/props.c. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "sim/graph/filter.h"
#include "sim/graph/odata.h"

static bool refuse(struct sim_call *call)
{
	return sim_graph_error(call, 400, "Request_UnsupportedQuery",
			       "Sorting not supported for current query.");
}

static bool is_sortable(const struct sim_odata_rules *rules, const struct sim_odata *odata,
			const struct sim_prop *prop)
{
	if (prop->flags & SIM_SORT && !rules->is_navigation && !rules->by_deletion &&
	    !odata->filter_text && !odata->search_text) {
		return true;
	}
	return odata->advanced && prop->flags & (SIM_SORT | SIM_SORT_ADV);
}

static bool find_rows(struct sim_call *call, const struct sim_odata_rules *rules,
		      struct sim_odata *odata, const char *name)
{
	bool exists = false;
	bool sortable = false;

	for (unsigned type = 0; type < SIM_TYPE_COUNT; type++) {
		int row =
			rules->types & (1u << type) ? sim_prop_find((enum sim_type)type, name) : -1;

		odata->orderby[type] = row;
		if (row >= 0 && sim_prop_is_visible((enum sim_type)type, row, call->beta)) {
			exists = true;
			sortable = sortable ||
				   is_sortable(rules, odata,
					       &sim_type_info((enum sim_type)type)->props[row]);
		}
	}
	if (!exists) {
		return sim_graph_error(call, 400, "BadRequest",
				       "Invalid orderby clause: Could not find a property named "
				       "'%s' on type '%s'.",
				       name, sim_types_name(rules->types));
	}
	return sortable || refuse(call);
}

bool sim_odata_orderby(struct sim_call *call, const struct sim_odata_rules *rules,
		       struct sim_odata *odata)
{
	char *text = NULL;
	char *direction = NULL;

	if (!odata->orderby_text) {
		return true;
	}
	/* One property; a second one is not sorted by, and Graph says so. */
	text = sim_strdup(call->request, odata->orderby_text);
	if (strchr(text, ',')) {
		return refuse(call);
	}
	text += strspn(text, " ");
	direction = text + strcspn(text, " ");
	if (*direction) {
		*direction++ = '\0';
		direction += strspn(direction, " ");
	}
	odata->descending = strncasecmp(direction, "desc", 4) == 0;
	if (*direction && strcasecmp(direction, "desc") != 0 && strcasecmp(direction, "asc") != 0) {
		return sim_graph_error(call, 400, "BadRequest",
				       "Syntax error at position %zu in '%s'.",
				       (size_t)(direction - text), odata->orderby_text);
	}
	return find_rows(call, rules, odata, text);
}
