/* SPDX-License-Identifier: GPL-3.0-or-later */
/* $expand. */
#include "config.h"

#include "sim/graph/expand.h"

#include <string.h>
#include <strings.h>

#include "sim/graph/entity.h"
#include "sim/graph/filter.h"

static bool refuse_option(struct sim_call *call, const char *text)
{
	return sim_graph_error(call, 400, "BadRequest",
			       "Parsing OData Select and Expand failed: Syntax error in '%s'.",
			       text);
}

/* "$select=id,displayName" inside the parentheses; nothing else is taken there. */
static bool read_inside(struct sim_call *call, struct sim_expand *expand, char *inside)
{
	const struct sim_odata_rules rules = {.types = sim_relation_types(expand->relation)};
	size_t length = strlen(inside);
	const char *name = inside + (inside[0] == '$');

	if (length == 0 || inside[length - 1] != ')') {
		return refuse_option(call, inside);
	}
	inside[length - 1] = '\0';
	if (strncasecmp(name, "select=", 7) != 0 || strchr(name, ';')) {
		return sim_graph_error(call, 400, "Request_UnsupportedQuery",
				       "Only $select is supported inside $expand.");
	}
	return sim_odata_select(call, &rules, name + 7, &expand->odata);
}

bool sim_odata_expand(struct sim_call *call, const struct sim_odata_rules *rules,
		      struct sim_odata *odata)
{
	struct sim_expand *expand = NULL;
	char *name = NULL;
	char *open = NULL;

	if (!odata->expand_text) {
		return true;
	}
	if (odata->advanced) {
		return sim_graph_error(call, 400, "Request_UnsupportedQuery",
				       "$expand is not supported with advanced queries.");
	}
	name = sim_strdup(call->request, odata->expand_text);
	open = strchr(name, '(');
	expand = sim_new(call->request, struct sim_expand);
	sim_odata_defaults(call, &expand->odata);
	if (open) {
		*open = '\0';
	} else if (strchr(name, ',')) {
		return sim_graph_error(call, 400, "Request_BadRequest",
				       "Only one relationship can be expanded in a request.");
	}
	expand->relation = sim_relation_find(name, rules->types);
	if (expand->relation == SIM_RELATION_COUNT) {
		return sim_graph_error(call, 400, "BadRequest",
				       "Parsing OData Select and Expand failed: Could not find a "
				       "property named '%s' on type '%s'.",
				       name, sim_types_name(rules->types));
	}
	expand->name = sim_relation_name(expand->relation);
	odata->expand = expand;
	return !open || read_inside(call, expand, open + 1);
}

void sim_expand_write(struct sim_call *call, struct sim_json *json, const struct sim_object *object,
		      const struct sim_expand *expand)
{
	const struct sim_store *store = call->world->tenant->store;
	void *tmp = sim_mem_check(talloc_new(call->request));
	struct sim_index_set set = sim_relation_follow(tmp, store, object, expand->relation);
	struct sim_entity_style style;
	size_t written = 0;

	sim_entity_style_init(&style, call, &expand->odata, true);
	sim_json_key(json, expand->name);
	sim_json_array(json);
	if (object->type == SIM_GROUP && sim_members_are_hidden(call, object)) {
		set.count = 0;
	}
	for (size_t i = 0; i < set.count && written < SIM_EXPAND_MAX; i++) {
		const struct sim_object *far = store->objects[set.items[i]];

		if (far->state == SIM_LIVE) {
			sim_json_object(json);
			sim_entity_write(json, far, &style);
			sim_json_object_end(json);
			written++;
		}
	}
	sim_json_array_end(json);
	talloc_free(tmp);
}
