/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages of objects. */
#include "config.h"

#include "sim/graph/listing.h"

#include <inttypes.h>
#include <stdlib.h>

#include "sim/graph/entity.h"
#include "sim/graph/expand.h"
#include "sim/graph/page_token.h"
#include "sim/util/text.h"

/** A page: what is on it, and where the next one begins. */
struct page {
	const struct sim_object **objects; /* count of them */
	size_t count;
	uint64_t next;
	bool is_last;
};

static uint64_t source_end(const struct sim_call *call, const struct sim_source *source)
{
	return source->list    ? source->list->count
	       : source->links ? source->links->count
			       : call->world->tenant->store->object_count;
}

static const struct sim_object *at_link(const struct sim_call *call,
					const struct sim_source *source, uint64_t at)
{
	const struct sim_link *link = &source->links->items[at];

	return link->present ? call->world->tenant->store->objects[link->member] : NULL;
}

/* Positions in a set are object indexes: the first one from @at on. */
static size_t set_find(const struct sim_index_set *set, uint64_t at)
{
	size_t low = 0;
	size_t high = set->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (set->items[middle] < at) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

static bool is_kept(const struct sim_source *source, const struct sim_odata *odata,
		    const struct sim_object *object)
{
	return object && object->state == source->state && source->types & (1u << object->type) &&
	       (!odata->filter || sim_expression_holds(odata->filter, object)) &&
	       (!odata->search || sim_search_holds(odata->search, object));
}

/* The first object that is kept from *@at on, its position in *@at; NULL and the end behind it. */
static const struct sim_object *next_object(const struct sim_call *call,
					    const struct sim_source *source,
					    const struct sim_odata *odata, uint64_t *at)
{
	const struct sim_store *store = call->world->tenant->store;
	bool is_set = !source->list && !source->links;
	size_t place = is_set ? set_find(&source->set, *at) : 0;
	uint64_t end = is_set ? source->set.count : source_end(call, source);

	for (uint64_t i = is_set ? place : *at; i < end; i++) {
		const struct sim_object *object = source->list ? source->list->items[i]
						  : is_set ? store->objects[source->set.items[i]]
							   : at_link(call, source, i);

		if (is_kept(source, odata, object)) {
			*at = is_set ? source->set.items[i] : i;
			return object;
		}
	}
	*at = source_end(call, source);
	return NULL;
}

uint64_t sim_listing_count(const struct sim_call *call, const struct sim_source *source,
			   const struct sim_odata *odata)
{
	uint64_t count = 0;

	/* All of a type is known without looking. */
	if (source->list && source->state == SIM_LIVE && !odata->filter && !odata->search) {
		return source->list->live;
	}
	for (uint64_t at = 0; next_object(call, source, odata, &at); at++) {
		count++;
	}
	return count;
}

/* Sorting */

/** An object and what it is sorted by. */
struct keyed {
	const struct sim_object *object;
	const char *key; /* "" without a value */
};

static int compare_keyed(const void *a, const void *b)
{
	const struct keyed *x = a;
	const struct keyed *y = b;
	int order = sim_text_compare(x->key, y->key);

	if (order != 0) {
		return order;
	}
	return x->object->index < y->object->index ? -1 : x->object->index > y->object->index;
}

static const char *key_of(const void *ctx, const struct sim_odata *odata,
			  const struct sim_object *object)
{
	int row = odata->orderby[object->type];
	const char *json = row >= 0 ? sim_object_get(object, row) : NULL;
	const char *key = json ? sim_text_of_json(ctx, json) : NULL;

	return key ? key : "";
}

static size_t collect(const struct sim_call *call, const struct sim_source *source,
		      const struct sim_odata *odata, struct keyed **ret_all)
{
	struct keyed *all = NULL;
	size_t count = 0;
	const struct sim_object *object = NULL;

	for (uint64_t at = 0; (object = next_object(call, source, odata, &at)) != NULL; at++) {
		if ((count & (count - 1)) == 0) {
			all = sim_resize(call->request, all, struct keyed, count ? 2 * count : 1);
		}
		all[count].object = object;
		all[count++].key = key_of(call->request, odata, object);
	}
	if (count > 1) {
		qsort(all, count, sizeof(*all), compare_keyed);
	}
	*ret_all = all;
	return count;
}

/* Positions of a sorted list count from its beginning. */
static void take_sorted(const struct sim_call *call, const struct sim_source *source,
			const struct sim_odata *odata, uint64_t from, struct page *page)
{
	struct keyed *all = NULL;
	size_t count = collect(call, source, odata, &all);

	while (from < count && page->count < (size_t)odata->top) {
		page->objects[page->count++] =
			all[odata->descending ? count - 1 - from : from].object;
		from++;
	}
	page->next = from;
	page->is_last = from >= count;
}

static void take_in_order(const struct sim_call *call, const struct sim_source *source,
			  const struct sim_odata *odata, uint64_t from, struct page *page)
{
	const struct sim_object *object = next_object(call, source, odata, &from);

	while (object && page->count < (size_t)odata->top) {
		page->objects[page->count++] = object;
		from++;
		object = next_object(call, source, odata, &from);
	}
	page->next = from;
	page->is_last = object == NULL;
}

/* Writing */

static void write_object(struct sim_call *call, struct sim_json *json,
			 const struct sim_object *object, const struct sim_entity_style *style,
			 const struct sim_listing *listing)
{
	if (listing->write) {
		listing->write(call, json, object);
		return;
	}
	sim_json_object(json);
	sim_entity_write(json, object, style);
	if (style->odata->expand) {
		sim_expand_write(call, json, object, style->odata->expand);
	}
	sim_json_object_end(json);
}

static void write_page(struct sim_call *call, const struct sim_source *source,
		       const struct sim_odata *odata, const struct sim_listing *listing,
		       const struct page *page, struct sim_position *next)
{
	struct sim_json json = {.out = call->response->body};
	struct sim_entity_style style;

	sim_entity_style_init(&style, call, odata, listing->with_type);
	style.deleted = listing->deleted;
	sim_json_object(&json);
	sim_odata_context(call, &json, listing->context, odata);
	if (odata->count && !odata->skiptoken) {
		sim_json_put_int(&json, "@odata.count",
				 (int64_t)sim_listing_count(call, source, odata));
	}
	if (!page->is_last) {
		next->at = page->next;
		sim_json_put_string(&json, "@odata.nextLink",
				    sim_next_link(call, sim_position_seal(call, next)));
	}
	sim_json_key(&json, "value");
	sim_json_array(&json);
	for (size_t i = 0; i < page->count; i++) {
		write_object(call, &json, page->objects[i], &style, listing);
	}
	sim_json_array_end(&json);
	sim_json_object_end(&json);
}

/* Empty pages with a nextLink are seen in lists as well. */
static bool is_empty_page(const struct sim_call *call, const struct sim_position *position)
{
	int64_t every = call->world->switches.empty_list_every;

	return every > 0 && position->page % every == every - 1;
}

void sim_listing_answer(struct sim_call *call, const struct sim_source *source,
			const struct sim_odata *odata, const struct sim_listing *listing)
{
	struct sim_position position = {.eventual = call->eventual};
	struct page page = {.count = 0};

	if (odata->skiptoken && !sim_position_open(call, odata->skiptoken, &position)) {
		return;
	}
	call->cost -= odata->has_select + (odata->has_top && odata->top < 20);
	call->cost += odata->expand != NULL;
	call->cost = call->cost < 1 ? 1 : call->cost;
	page.objects = sim_new_array(call->request, const struct sim_object *, odata->top);
	if (is_empty_page(call, &position)) {
		page.next = position.at;
	} else if (odata->orderby_text) {
		take_sorted(call, source, odata, position.at, &page);
	} else {
		take_in_order(call, source, odata, position.at, &page);
	}
	position.page++;
	write_page(call, source, odata, listing, &page, &position);
}

void sim_listing_answer_count(struct sim_call *call, const struct sim_source *source,
			      const struct sim_odata *odata)
{
	if (!call->eventual) {
		sim_graph_error(call, 400, "Request_BadRequest",
				"$count is not currently supported.");
		return;
	}
	sim_response_header(call->response, "Content-Type", "text/plain");
	sim_buf_printf(call->response->body, "%" PRIu64, sim_listing_count(call, source, odata));
}
