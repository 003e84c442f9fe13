/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The family /groups/{id}/members. */
#include "config.h"

#include "sim/graph/members.h"

#include <string.h>
#include <strings.h>

#include "sim/graph/collection.h"
#include "sim/graph/families.h"
#include "sim/graph/page_token.h"

bool sim_members_are_hidden(const struct sim_call *call, const struct sim_object *group)
{
	const char *visibility = sim_object_get(group, sim_prop_find(SIM_GROUP, "visibility"));

	return visibility && strcasecmp(visibility, "\"HiddenMembership\"") == 0 &&
	       !sim_call_has_role(call, "Member.Read.Hidden");
}

static bool is_listed(const struct sim_call *call, const struct sim_link *link)
{
	const struct sim_object *member = call->world->tenant->store->objects[link->member];

	if (!link->present || member->state != SIM_LIVE) {
		return false;
	}
	/* Known issue of Graph: v1.0 leaves service principals out. */
	return call->beta || member->type != SIM_PRINCIPAL ||
	       !call->world->switches.v1_hides_principals;
}

static uint64_t next_listed(const struct sim_call *call, const struct sim_links *links, uint64_t at)
{
	while (at < links->count && !is_listed(call, &links->items[at])) {
		at++;
	}
	return at;
}

static uint64_t page_end(const struct sim_call *call, const struct sim_links *links, uint64_t from,
			 int64_t top)
{
	uint64_t at = next_listed(call, links, from);

	for (int64_t i = 0; i < top && at < links->count; i++) {
		at = next_listed(call, links, at + 1);
	}
	return at;
}

static uint64_t count_listed(const struct sim_call *call, const struct sim_links *links)
{
	uint64_t count = 0;

	for (uint32_t i = 0; i < links->count; i++) {
		count += is_listed(call, &links->items[i]);
	}
	return count;
}

static void write_members(struct sim_call *call, struct sim_json *json,
			  const struct sim_links *links, const struct sim_entity_style *style,
			  const uint64_t range[2])
{
	struct sim_object **objects = call->world->tenant->store->objects;

	sim_json_key(json, "value");
	sim_json_array(json);
	for (uint64_t at = range[0]; at < range[1]; at++) {
		if (is_listed(call, &links->items[at])) {
			sim_json_object(json);
			sim_entity_write(json, objects[links->items[at].member], style);
			sim_json_object_end(json);
		}
	}
	sim_json_array_end(json);
}

static void list_page(struct sim_call *call, const struct sim_odata *odata,
		      const struct sim_links *links, uint64_t from)
{
	struct sim_json json = {.out = call->response->body};
	struct sim_entity_style style;
	struct sim_position next = {page_end(call, links, from, odata->top), call->eventual};

	sim_entity_style_init(&style, call, odata, true);
	sim_json_object(&json);
	sim_odata_context(call, &json, "directoryObjects", odata);
	if (odata->count && !odata->skiptoken) {
		sim_json_put_int(&json, "@odata.count", (int64_t)count_listed(call, links));
	}
	if (next.at < links->count) {
		sim_json_put_string(&json, "@odata.nextLink",
				    sim_next_link(call, sim_position_seal(call, &next)));
	}
	write_members(call, &json, links, &style, (uint64_t[2]){from, next.at});
	sim_json_object_end(&json);
}

/* The links of the group, none if they are hidden. False: the call was answered. */
static bool find_links(struct sim_call *call, const struct sim_links **ret_links)
{
	static const struct sim_links none;
	struct sim_object *group = NULL;

	if (!sim_call_find(call, 0, SIM_GROUP, &group)) {
		return false;
	}
	*ret_links = group->links;
	if (sim_members_are_hidden(call, group)) {
		if (call->world->switches.hidden_is_forbidden) {
			return sim_graph_denied(call);
		}
		*ret_links = &none;
	}
	return true;
}

void sim_members_list(struct sim_call *call)
{
	const struct sim_odata_rules rules = {.types = (1u << SIM_TYPE_COUNT) - 1};
	struct sim_position position = {0, call->eventual};
	const struct sim_links *links = NULL;
	struct sim_odata odata;

	if (!sim_odata_read(call, &rules, &odata) || !find_links(call, &links) ||
	    (odata.skiptoken && !sim_position_open(call, odata.skiptoken, &position))) {
		return;
	}
	call->cost -= odata.has_select + (odata.has_top && odata.top < 20);
	if (odata.has_filter) {
		sim_graph_error(call, 400, "Request_UnsupportedQuery", "Unsupported Query.");
		return;
	}
	list_page(call, &odata, links, position.at);
}

void sim_members_count(struct sim_call *call)
{
	const struct sim_links *links = NULL;

	if (find_links(call, &links)) {
		sim_answer_count(call, count_listed(call, links));
	}
}
