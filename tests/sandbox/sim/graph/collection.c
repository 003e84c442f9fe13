/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the collections of directory objects have in common. */
#include "config.h"

#include "sim/graph/collection.h"

#include <inttypes.h>

#include "sim/graph/page_token.h"

/** A page in the making. */
struct page {
	struct sim_call *call;
	enum sim_type type;
	struct sim_odata odata;
	struct sim_entity_style style;
	struct sim_json json;
};

static void page_begin(struct page *page)
{
	const struct sim_store *store = page->call->world->tenant->store;

	page->json.out = page->call->response->body;
	sim_json_object(&page->json);
	sim_odata_context(page->call, &page->json, sim_type_info(page->type)->collection,
			  &page->odata);
	if (page->odata.count && !page->odata.skiptoken) {
		sim_json_put_int(&page->json, "@odata.count", store->types[page->type].live);
	}
}

static void write_object(struct page *page, const struct sim_object *object)
{
	sim_json_object(&page->json);
	sim_entity_write(&page->json, object, &page->style);
	sim_json_object_end(&page->json);
}

static void list_by_ids(struct page *page)
{
	const struct sim_store *store = page->call->world->tenant->store;

	page_begin(page);
	sim_json_key(&page->json, "value");
	sim_json_array(&page->json);
	for (size_t i = 0; i < page->odata.id_count; i++) {
		const struct sim_object *object = sim_store_find(store, page->odata.ids[i]);

		if (object && object->type == page->type && object->state == SIM_LIVE) {
			write_object(page, object);
		}
	}
	sim_json_array_end(&page->json);
	sim_json_object_end(&page->json);
}

/* The position of the first live object from @at on, or the end of the list. */
static uint64_t next_live(const struct sim_object_list *list, uint64_t at)
{
	while (at < list->count && list->items[at]->state != SIM_LIVE) {
		at++;
	}
	return at;
}

static uint64_t page_end(const struct sim_object_list *list, uint64_t from, int64_t top)
{
	uint64_t at = next_live(list, from);

	for (int64_t i = 0; i < top && at < list->count; i++) {
		at = next_live(list, at + 1);
	}
	return at;
}

static void list_page(struct page *page, uint64_t from)
{
	struct sim_call *call = page->call;
	const struct sim_object_list *list = &call->world->tenant->store->types[page->type];
	struct sim_position next = {page_end(list, from, page->odata.top), call->eventual};

	page_begin(page);
	if (next.at < list->count) {
		sim_json_put_string(&page->json, "@odata.nextLink",
				    sim_next_link(call, sim_position_seal(call, &next)));
	}
	sim_json_key(&page->json, "value");
	sim_json_array(&page->json);
	for (uint64_t at = from; at < next.at; at++) {
		if (list->items[at]->state == SIM_LIVE) {
			write_object(page, list->items[at]);
		}
	}
	sim_json_array_end(&page->json);
	sim_json_object_end(&page->json);
}

void sim_collection_list(struct sim_call *call, enum sim_type type)
{
	const struct sim_odata_rules rules = {.types = 1u << type};
	struct sim_position position = {0, call->eventual};
	struct page page = {.call = call, .type = type};

	if (!sim_odata_read(call, &rules, &page.odata) ||
	    (page.odata.skiptoken && !sim_position_open(call, page.odata.skiptoken, &position))) {
		return;
	}
	call->cost -= page.odata.has_select + (page.odata.has_top && page.odata.top < 20);
	sim_entity_style_init(&page.style, call, &page.odata, false);
	if (page.odata.has_filter) {
		list_by_ids(&page);
	} else {
		list_page(&page, position.at);
	}
}

void sim_collection_get(struct sim_call *call, enum sim_type type)
{
	const struct sim_odata_rules rules = {.types = 1u << type, .is_single = true};
	struct sim_odata odata;
	struct sim_entity_style style;
	struct sim_object *object = NULL;
	struct sim_json json = {.out = call->response->body};

	if (!sim_odata_read(call, &rules, &odata) || !sim_call_find(call, 0, type, &object)) {
		return;
	}
	call->cost -= odata.has_select;
	sim_entity_style_init(&style, call, &odata, false);
	sim_json_object(&json);
	sim_odata_context(call, &json,
			  sim_printf(call->request, "%s%s%s%s/$entity",
				     sim_type_info(type)->collection, odata.has_select ? "(" : "",
				     odata.has_select ? odata.select_text : "",
				     odata.has_select ? ")" : ""),
			  NULL);
	sim_entity_write(&json, object, &style);
	sim_json_object_end(&json);
}

void sim_answer_count(struct sim_call *call, uint64_t count)
{
	if (!call->eventual) {
		sim_graph_error(call, 400, "Request_BadRequest",
				"$count is not currently supported.");
		return;
	}
	sim_response_header(call->response, "Content-Type", "text/plain");
	sim_buf_printf(call->response->body, "%" PRIu64, count);
}

void sim_collection_count(struct sim_call *call, enum sim_type type)
{
	sim_answer_count(call, call->world->tenant->store->types[type].live);
}
