/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the collections of directory objects have in common. */
#include "config.h"

#include "sim/graph/collection.h"

#include "sim/graph/entity.h"
#include "sim/graph/expand.h"
#include "sim/graph/listing.h"

static void add_id(struct sim_call *call, struct sim_index_set *set, const char *text)
{
	uint8_t id[SIM_GUID_SIZE];
	const struct sim_object *object =
		sim_guid_parse(text, id) ? sim_store_find(call->world->tenant->store, id) : NULL;
	size_t at = 0;

	if (!object) {
		return;
	}
	while (at < set->count && set->items[at] < object->index) {
		at++;
	}
	if (at < set->count && set->items[at] == object->index) {
		return;
	}
	set->items = sim_resize(call->request, set->items, uint32_t, set->count + 1);
	for (size_t i = set->count++; i > at; i--) {
		set->items[i] = set->items[i - 1];
	}
	set->items[at] = object->index;
}

static void add_ids(struct sim_call *call, struct sim_index_set *set,
		    const struct sim_expression *filter)
{
	if (filter->operator== SIM_OR) {
		add_ids(call, set, filter->left);
		add_ids(call, set, filter->right);
		return;
	}
	for (size_t i = 0; i < filter->literal_count; i++) {
		add_id(call, set, filter->literals[i].text);
	}
}

/* A filter by id reads those objects and not the whole collection. */
static struct sim_source make_source(struct sim_call *call, enum sim_type type,
				     const struct sim_odata *odata)
{
	struct sim_source source = {.list = &call->world->tenant->store->types[type],
				    .types = 1u << type};

	if (odata->filter && sim_expression_is_ids(odata->filter)) {
		source.list = NULL;
		add_ids(call, &source.set, odata->filter);
	}
	return source;
}

void sim_collection_list(struct sim_call *call, enum sim_type type)
{
	const struct sim_odata_rules rules = {.types = 1u << type};
	const struct sim_listing listing = {.context = sim_type_info(type)->collection};
	struct sim_source source;
	struct sim_odata odata;

	if (sim_odata_read(call, &rules, &odata)) {
		source = make_source(call, type, &odata);
		sim_listing_answer(call, &source, &odata, &listing);
	}
}

void sim_answer_entity(struct sim_call *call, const struct sim_object *object,
		       const struct sim_odata *odata)
{
	struct sim_entity_style style;
	struct sim_json json = {.out = call->response->body};

	sim_entity_style_init(&style, call, odata, false);
	sim_json_object(&json);
	sim_odata_context(call, &json,
			  sim_printf(call->request, "%s%s%s%s/$entity",
				     sim_type_info(object->type)->collection,
				     odata->has_select ? "(" : "",
				     odata->has_select ? odata->select_text : "",
				     odata->has_select ? ")" : ""),
			  NULL);
	sim_entity_write(&json, object, &style);
	if (odata->expand) {
		sim_expand_write(call, &json, object, odata->expand);
	}
	sim_json_object_end(&json);
}

void sim_collection_get(struct sim_call *call, enum sim_type type)
{
	const struct sim_odata_rules rules = {.types = 1u << type, .is_single = true};
	struct sim_odata odata;
	struct sim_object *object = NULL;

	if (!sim_odata_read(call, &rules, &odata) || !sim_call_find(call, 0, type, &object)) {
		return;
	}
	call->cost -= odata.has_select && call->cost > 1;
	call->cost += odata.expand != NULL;
	sim_answer_entity(call, object, &odata);
}

void sim_collection_count(struct sim_call *call, enum sim_type type)
{
	const struct sim_odata_rules rules = {.types = 1u << type, .is_count = true};
	struct sim_source source;
	struct sim_odata odata;

	if (sim_odata_read(call, &rules, &odata)) {
		source = make_source(call, type, &odata);
		sim_listing_answer_count(call, &source, &odata);
	}
}
