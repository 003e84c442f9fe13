/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The family of relations: /groups/{id}/members and all that is like it. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "sim/graph/families.h"
#include "sim/graph/filter.h"
#include "sim/graph/listing.h"

/** What the path asks for. */
struct navigation {
	struct sim_call *call;
	struct sim_object *object; /* where it begins */
	enum sim_relation relation;
	unsigned types;      /* of the far end, cut down by a cast */
	const char *context; /* of the answer */
	bool is_cast;
	bool is_count; /* $count */
	bool is_ref;   /* $ref */
};

static bool refuse_segment(struct sim_call *call, const char *segment)
{
	return sim_graph_error(call, 400, "BadRequest", "Resource not found for the segment '%s'.",
			       segment);
}

/* The first segment names the type, the third one the relation; the router has matched both. */
static enum sim_type type_of(const struct sim_call *call, const char **ret_relation)
{
	size_t length = strcspn(call->resource, "/");
	const char *id = call->resource + length + 1;

	*ret_relation = id + strcspn(id, "/") + 1;
	for (unsigned type = 0; type < SIM_TYPE_COUNT; type++) {
		const char *name = sim_type_info((enum sim_type)type)->collection;

		if (strlen(name) == length && strncasecmp(name, call->resource, length) == 0) {
			return (enum sim_type)type;
		}
	}
	return SIM_GROUP;
}

/* Types of directory objects that no tenant here has: a cast to them is good, and empty. */
static const char *foreign_collection(const char *cast)
{
	static const char *const casts[][2] = {
		{"microsoft.graph.administrativeUnit", "administrativeUnits"},
		{"microsoft.graph.directoryRole", "directoryRoles"},
		{"microsoft.graph.application", "applications"},
	};

	for (size_t i = 0; i < SIM_ARRAY_SIZE(casts); i++) {
		if (strcasecmp(casts[i][0], cast) == 0 || strcasecmp(casts[i][0] + 10, cast) == 0) {
			return casts[i][1];
		}
	}
	return NULL;
}

static bool take_cast(struct navigation *to, const char *cast)
{
	enum sim_type type = sim_type_by_cast(cast);
	const char *foreign = foreign_collection(cast);

	if (type == SIM_TYPE_COUNT && !foreign) {
		return refuse_segment(to->call, cast);
	}
	to->is_cast = true;
	to->types = foreign ? 0 : to->types & (1u << type);
	to->context = foreign ? foreign : sim_type_info(type)->collection;
	return true;
}

/* Behind the relation: a cast, $count or $ref, or a cast and $count. */
static bool take_rest(struct navigation *to)
{
	const struct sim_call *call = to->call;

	for (size_t i = 0; i < call->rest_count; i++) {
		bool is_last = i + 1 == call->rest_count;

		if (is_last && strcasecmp(call->rest[i], "$count") == 0) {
			to->is_count = true;
		} else if (is_last && i == 0 && strcasecmp(call->rest[i], "$ref") == 0) {
			to->is_ref = true;
		} else if (i > 0) {
			return refuse_segment(to->call, call->rest[i]);
		} else if (!take_cast(to, call->rest[i])) {
			return false;
		}
	}
	return true;
}

static bool find_object(struct navigation *to)
{
	const char *name = NULL;
	enum sim_type type = type_of(to->call, &name);
	char *relation = sim_strndup(to->call->request, name, strcspn(name, "/"));

	to->relation = sim_relation_find(relation, 1u << type);
	to->types = sim_relation_types(to->relation);
	to->context = "directoryObjects";
	return take_rest(to) && (type == SIM_USER ? sim_users_find(to->call, &to->object)
						  : sim_call_find(to->call, 0, type, &to->object));
}

static bool is_transitive(const struct navigation *to)
{
	return to->relation == SIM_TRANSITIVE_MEMBERS || to->relation == SIM_TRANSITIVE_MEMBER_OF;
}

static bool goes_down(const struct navigation *to)
{
	return to->relation == SIM_MEMBERS || to->relation == SIM_TRANSITIVE_MEMBERS;
}

/* False: the call was answered. Hidden members are none, or forbidden: a switch. */
static bool make_source(const struct navigation *to, struct sim_source *source)
{
	static const struct sim_links none;
	bool is_hidden = goes_down(to) && sim_members_are_hidden(to->call, to->object);

	*source = (struct sim_source){.types = to->types};
	if (is_hidden && to->call->world->switches.hidden_is_forbidden) {
		return sim_graph_denied(to->call);
	}
	if (is_hidden) {
		source->links = &none;
	} else if (to->relation == SIM_MEMBERS) {
		source->links = to->object->links;
	} else {
		source->set = sim_relation_follow(to->call->request, to->call->world->tenant->store,
						  to->object, to->relation);
	}
	/* Known issue of Graph: v1.0 members leaves service principals out. */
	if (to->relation == SIM_MEMBERS && !to->call->beta &&
	    to->call->world->switches.v1_hides_principals) {
		source->types &= ~(1u << SIM_PRINCIPAL);
	}
	return true;
}

/* The form of the directory behind Graph: a tenant's own address of the object. */
static void write_reference(struct sim_call *call, struct sim_json *json,
			    const struct sim_object *object)
{
	char id[SIM_GUID_TEXT];

	sim_guid_format(object->id, id);
	sim_json_object(json);
	sim_json_put_string(
		json, "@odata.id",
		sim_printf(call->request,
			   "%s/v2/%s/directoryObjects/%s/Microsoft.DirectoryServices.%s",
			   call->request->origin, call->world->tenant->id, id,
			   sim_type_info(object->type)->resource));
	sim_json_object_end(json);
}

static void answer(const struct navigation *to, const struct sim_odata *odata)
{
	const struct sim_listing listing = {
		.context = to->is_ref ? "Collection($ref)" : to->context,
		.with_type = !to->is_cast,
		.write = to->is_ref ? write_reference : NULL,
	};
	struct sim_source source;

	if (to->is_cast && is_transitive(to) && !odata->advanced &&
	    to->call->world->switches.cast_needs_advanced) {
		sim_graph_error(to->call, 400, "Request_UnsupportedQuery", "Unsupported Query.");
		return;
	}
	if (!make_source(to, &source)) {
		return;
	}
	if (to->is_count) {
		sim_listing_answer_count(to->call, &source, odata);
	} else {
		sim_listing_answer(to->call, &source, odata, &listing);
	}
}

void sim_navigation(struct sim_call *call)
{
	struct navigation to = {.call = call};
	struct sim_odata_rules rules = {.is_navigation = true};
	struct sim_odata odata;

	if (!find_object(&to)) {
		return;
	}
	if (to.is_count) {
		call->cost = 1;
	}
	rules.types = to.types ? to.types : (1u << SIM_TYPE_COUNT) - 1;
	rules.is_count = to.is_count;
	if (sim_odata_read(call, &rules, &odata)) {
		answer(&to, &odata);
	}
}
