/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groups/delta and users/delta: the pages. */
#include "config.h"

#include "sim/graph/delta.h"

#include <string.h>
#include <strings.h>

#include "sim/graph/entity.h"
#include "sim/graph/group_rules.h"
#include "sim/graph/relation.h"

/** A page in the making. */
struct page {
	struct sim_call *call;
	struct sim_round round;
	struct sim_json json;
	bool minimal;         /* Prefer: return=minimal */
	int64_t objects_left; /* before the page is full */
	int64_t members_left; /* before the page is full */
};

static bool is_news(const struct page *page, uint64_t seq)
{
	return seq > page->round.since && seq <= page->round.upto;
}

static bool any_value_is_news(const struct page *page, const struct sim_object *object)
{
	for (uint16_t i = 0; i < object->value_count; i++) {
		const struct sim_value *value = &object->values[i];

		if ((page->round.select & ((uint64_t)1 << value->prop)) &&
		    is_news(page, value->seq)) {
			return true;
		}
	}
	return false;
}

static bool any_link_is_news(const struct page *page, const struct sim_links *links)
{
	if (links->seq <= page->round.upto) {
		return is_news(page, links->seq);
	}
	for (uint32_t i = 0; i < links->count; i++) {
		if (is_news(page, links->items[i].seq)) {
			return true;
		}
	}
	return false;
}

/*
 * $select is a tracking filter too: what was not selected does not bring an object up. What is newer
 * than the round's end is left to the next round; that also makes the replication lag.
 */
static bool surfaces(const struct page *page, const struct sim_object *object)
{
	const struct sim_round *round = &page->round;

	if (object->seq <= round->since) {
		return false;
	}
	if (object->state != SIM_LIVE) {
		return is_news(page, object->state_seq) &&
		       (round->since > 0 || page->call->world->switches.tombstones);
	}
	return is_news(page, object->state_seq) || any_value_is_news(page, object) ||
	       (round->members && object->links && any_link_is_news(page, object->links));
}

static void write_removed(struct sim_json *json, const char *reason)
{
	sim_json_key(json, "@removed");
	sim_json_object(json);
	sim_json_put_string(json, "reason", reason);
	sim_json_object_end(json);
}

static void write_id(struct sim_json *json, const struct sim_object *object)
{
	char id[SIM_GUID_TEXT];

	sim_guid_format(object->id, id);
	sim_json_put_string(json, "id", id);
}

static const char *value_text(const struct sim_object *object, const struct sim_value *value)
{
	/* A cleared property is null, but lists and complex values have a shape of their own. */
	return strcmp(value->json, "null") == 0 ? sim_entity_empty(object->type, value->prop)
						: value->json;
}

static void write_values(struct page *page, const struct sim_object *object)
{
	const struct sim_type_info *info = sim_type_info(object->type);
	bool changed_only = page->minimal && object->state_seq <= page->round.since;

	for (uint16_t i = 0; i < object->value_count; i++) {
		const struct sim_value *value = &object->values[i];

		if (!(page->round.select & ((uint64_t)1 << value->prop)) ||
		    (changed_only && value->seq <= page->round.since)) {
			continue;
		}
		sim_json_key(&page->json, info->props[value->prop].name);
		sim_json_raw(&page->json, value_text(object, value));
	}
}

/** What a link is for the client of this round. */
enum link_news {
	LINK_NOTHING,
	LINK_ADDED,
	LINK_REMOVED
};

static enum link_news link_news(const struct page *page, const struct sim_object *group,
				const struct sim_link *link)
{
	const struct sim_store *store = page->call->world->tenant->store;
	uint64_t since = page->round.since;
	bool is_new = is_news(page, link->seq);
	bool is_whole = group->state_seq > since;

	if (link->present) {
		/* A soft-deleted member keeps its link, and is not reported until it is back. */
		bool is_live = store->objects[link->member]->state == SIM_LIVE;

		return (is_new || is_whole) && is_live ? LINK_ADDED : LINK_NOTHING;
	}
	/* What was removed shortly before a deletion was perhaps never reported: said at restore. */
	is_new = is_new || (is_whole && group->created_seq <= since);
	return is_new && since > 0 ? LINK_REMOVED : LINK_NOTHING;
}

static void write_link(struct page *page, const struct sim_link *link, enum link_news news)
{
	const struct sim_object *member = page->call->world->tenant->store->objects[link->member];

	sim_json_object(&page->json);
	sim_json_put_string(&page->json, "@odata.type", sim_type_info(member->type)->odata_type);
	write_id(&page->json, member);
	if (news == LINK_REMOVED) {
		write_removed(&page->json, "deleted");
	}
	sim_json_object_end(&page->json);
}

/* One slice of members@delta. True if all links were written; else link_at says where to go on. */
static bool write_links(struct page *page, const struct sim_object *group)
{
	const struct sim_links *links = group->links;
	int64_t slice = page->call->world->switches.delta_slice;
	int64_t written = 0;
	uint32_t at = page->round.link_at;

	for (; at < links->count; at++) {
		enum link_news news = link_news(page, group, &links->items[at]);

		if (news == LINK_NOTHING) {
			continue;
		}
		if (written == slice) {
			break;
		}
		if (written++ == 0) {
			sim_json_key(&page->json, "members@delta");
			sim_json_array(&page->json);
		}
		write_link(page, &links->items[at], news);
	}
	if (written > 0) {
		sim_json_array_end(&page->json);
	}
	page->members_left -= written;
	page->round.link_at = at;
	return at >= links->count;
}

/* What delta says of security groups that are soft-deleted since 2026 is not known: a switch. */
static const char *removal_reason(const struct page *page, const struct sim_object *object)
{
	if (object->state != SIM_SOFT_DELETED) {
		return "deleted";
	}
	return object->type == SIM_GROUP && !sim_group_kind(object).unified &&
			       !page->call->world->switches.security_is_changed
		       ? "deleted"
		       : "changed";
}

/* True if the object is done; false if it goes on in the next page. */
static bool write_object(struct page *page, const struct sim_object *object)
{
	bool is_done = true;

	sim_json_object(&page->json);
	if (object->state == SIM_LIVE) {
		write_values(page, object);
	}
	write_id(&page->json, object);
	if (object->state != SIM_LIVE) {
		write_removed(&page->json, removal_reason(page, object));
	} else if (page->round.members && object->links &&
		   !sim_members_are_hidden(page->call, object)) {
		is_done = write_links(page, object);
	}
	sim_json_object_end(&page->json);
	page->objects_left--;
	return is_done;
}

static void write_page(struct page *page)
{
	const struct sim_store *store = page->call->world->tenant->store;
	uint64_t places = sim_round_places(&page->round);
	bool is_done = true;

	while (page->round.at < places && is_done && page->objects_left > 0 &&
	       page->members_left > 0) {
		const struct sim_object *object =
			sim_round_object(store, &page->round, page->round.at);

		if (object && surfaces(page, object)) {
			is_done = write_object(page, object);
		}
		if (is_done) {
			page->round.at++;
			page->round.link_at = 0;
		}
	}
}

static bool is_empty_page(const struct page *page)
{
	int64_t every = page->call->world->switches.empty_every;

	return every > 0 && page->round.page % every == every - 1;
}

static const char *make_link(struct page *page)
{
	struct sim_call *call = page->call;
	bool is_end = page->round.at >= sim_round_places(&page->round);

	page->round.page++;
	return sim_printf(call->request, "%s/%s?$%s=%s", sim_call_base(call), call->resource,
			  is_end ? "deltatoken" : "skiptoken",
			  sim_round_seal(call, &page->round, is_end));
}

/* "groups(displayName,members)": what was selected when the round began, in the table's order. */
static const char *context_of(const struct page *page)
{
	const struct sim_round *round = &page->round;
	const struct sim_type_info *info = sim_type_info(round->type);
	char *text = sim_printf(page->call->request, "%s(", info->collection);

	if (!round->has_select) {
		return info->collection;
	}
	for (size_t i = 0; i < info->prop_count; i++) {
		if (round->select & ((uint64_t)1 << i)) {
			text = sim_mem_check(
				talloc_asprintf_append_buffer(text, "%s,", info->props[i].name));
		}
	}
	if (round->members) {
		text = sim_mem_check(talloc_asprintf_append_buffer(text, "members,"));
	}
	/* The id is always there and perhaps nothing else: then the parenthesis is the last sign. */
	if (text[strlen(text) - 1] == '(') {
		text = sim_mem_check(talloc_asprintf_append_buffer(text, "id,"));
	}
	text[strlen(text) - 1] = ')';
	return text;
}

static void answer(struct page *page, bool is_latest)
{
	struct sim_call *call = page->call;
	struct sim_buf *body = call->response->body;
	struct sim_buf *items = sim_buf_new(call->request);
	struct sim_json json = {.out = body};
	bool is_end = false;

	page->json.out = items;
	if (is_latest) {
		page->round.at = sim_round_places(&page->round);
	} else if (!is_empty_page(page)) {
		write_page(page);
	}
	is_end = page->round.at >= sim_round_places(&page->round);
	sim_json_object(&json);
	sim_odata_context(call, &json, context_of(page), NULL);
	sim_json_put_string(&json, is_end ? "@odata.deltaLink" : "@odata.nextLink",
			    make_link(page));
	sim_json_key(&json, "value");
	sim_json_array(&json);
	if (items->length > 0) {
		sim_json_raw(&json, items->data);
	}
	sim_json_array_end(&json);
	sim_json_object_end(&json);
}

static void begin_round(struct page *page, uint64_t since)
{
	struct sim_world *world = page->call->world;
	struct sim_round *round = &page->round;
	uint64_t upto = sim_store_seq_before(world->tenant->store, world->switches.lag_s);

	round->since = since;
	round->upto = upto > since ? upto : since;
	round->objects = world->tenant->store->types[round->type].count;
	round->passes = (uint32_t)world->switches.replay;
	round->at = 0;
	round->link_at = 0;
	round->page = 0;
	round->order = world->switches.shuffle ? sim_rng_next(&world->rng) | 1 : 0;
}

/* The one filter of delta: up to fifty ids. */
static bool take_ids(struct sim_call *call, struct sim_round *round,
		     const struct sim_expression *filter)
{
	if (!sim_expression_is_ids(filter)) {
		return sim_graph_error(call, 400, "Request_UnsupportedQuery",
				       "Unsupported or invalid query filter clause specified.");
	}
	if (filter->operator== SIM_OR) {
		return take_ids(call, round, filter->left) && take_ids(call, round, filter->right);
	}
	for (size_t i = 0; i < filter->literal_count && round->id_count < SIM_FILTER_ID_MAX; i++) {
		if (sim_guid_parse(filter->literals[i].text, round->ids[round->id_count])) {
			round->id_count++;
		}
	}
	return true;
}

static bool first_round(struct page *page, enum sim_type type, const struct sim_odata *odata)
{
	struct sim_round *round = &page->round;
	int writeback = sim_prop_find(SIM_GROUP, "writebackConfiguration");

	memset(round, 0, sizeof(*round));
	round->type = type;
	round->beta = page->call->beta;
	round->select = odata->select[type];
	round->has_select = odata->has_select;
	round->members = type == SIM_GROUP && odata->select_members;
	if (odata->filter && !take_ids(page->call, round, odata->filter)) {
		return false;
	}
	if (type == SIM_GROUP && !page->call->world->switches.delta_writeback) {
		round->select &= ~((uint64_t)1 << writeback);
	}
	if (odata->select_members && type != SIM_GROUP && odata->has_select) {
		return sim_graph_error(page->call, 400, "BadRequest",
				       "Parsing OData Select and Expand failed: Could not find a "
				       "property named 'members' on type 'microsoft.graph.user'.");
	}
	begin_round(page, 0);
	return true;
}

/* Which round this request belongs to. False: the call was answered. */
static bool find_round(struct page *page, enum sim_type type, const struct sim_odata *odata)
{
	bool is_latest = odata->deltatoken && strcasecmp(odata->deltatoken, "latest") == 0;

	if (odata->skiptoken) {
		return sim_round_open(page->call, type, odata->skiptoken, false, &page->round);
	}
	if (odata->deltatoken && odata->deltatoken[0] && !is_latest) {
		if (!sim_round_open(page->call, type, odata->deltatoken, true, &page->round)) {
			return false;
		}
		begin_round(page, page->round.upto);
		return true;
	}
	return first_round(page, type, odata);
}

static bool wants_minimal(struct sim_call *call)
{
	const char *prefer = sim_pairs_get(&call->request->headers, "Prefer");

	if (!prefer || !strcasestr(prefer, "return=minimal")) {
		return false;
	}
	sim_response_header(call->response, "Preference-Applied", "return=minimal");
	return true;
}

void sim_delta(struct sim_call *call, enum sim_type type)
{
	const struct sim_odata_rules rules = {.types = 1u << type, .is_delta = true};
	struct sim_odata odata;
	struct page page = {.call = call};

	call->cost = 0;
	if (!sim_odata_read(call, &rules, &odata) || !find_round(&page, type, &odata)) {
		return;
	}
	page.objects_left = call->world->switches.delta_page_size;
	page.members_left = 4 * call->world->switches.delta_slice;
	page.minimal = wants_minimal(call);
	answer(&page, odata.deltatoken && strcasecmp(odata.deltatoken, "latest") == 0);
}
