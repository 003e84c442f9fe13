/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes of a group's owners, by reference. */
#include "config.h"

#include "sim/graph/body.h"
#include "sim/graph/caller.h"
#include "sim/graph/families.h"
#include "sim/graph/group_rules.h"

bool sim_owners_fit(struct sim_call *call, const struct sim_bind *bind)
{
	for (size_t i = 0; i < bind->count; i++) {
		enum sim_type type = bind->objects[i]->type;

		if (type != SIM_USER && type != SIM_PRINCIPAL) {
			return sim_graph_error(call, 400, "Request_BadRequest",
					       "An object of type '%s' cannot own a group.",
					       sim_type_info(type)->resource);
		}
	}
	return true;
}

static bool is_new(struct sim_call *call, const struct sim_object *group,
		   const struct sim_object *owner)
{
	return !sim_store_is_owner(group, owner) ||
	       sim_graph_error(call, 400, "Request_BadRequest",
			       "One or more added object references already exist for the "
			       "following modified properties: 'owners'.");
}

void sim_owners_add(struct sim_call *call)
{
	const cJSON *body = NULL;
	struct sim_object *group = NULL;
	struct sim_bind bind = {.count = 1};

	if (sim_body_read(call, &body) && sim_call_find(call, 0, SIM_GROUP, &group) &&
	    sim_caller_may_change_group(call, group) && sim_group_is_writable(call, group) &&
	    sim_body_reference(call, sim_json_get_string(body, "@odata.id", ""), "owners",
			       &bind.objects[0]) &&
	    sim_owners_fit(call, &bind) && is_new(call, group, bind.objects[0])) {
		sim_store_own(group, bind.objects[0]);
		sim_answer_nothing(call);
	}
}

static uint32_t live_owners(const struct sim_call *call, const struct sim_object *group)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < group->owner_count; i++) {
		count += call->world->tenant->store->objects[group->owners[i]]->state == SIM_LIVE;
	}
	return count;
}

/* "The last owner (a user object) of a group can't be removed." (Graph: Remove group owner) */
static bool is_not_the_last(struct sim_call *call, const struct sim_object *group,
			    const struct sim_object *owner)
{
	return owner->type != SIM_USER || live_owners(call, group) > 1 ||
	       sim_graph_error(call, 400, "Request_BadRequest",
			       "The group must have at least one owner, hence this owner cannot "
			       "be removed.");
}

void sim_owners_remove(struct sim_call *call)
{
	struct sim_object *group = NULL;
	struct sim_object *owner = NULL;
	uint8_t id[SIM_GUID_SIZE];

	if (!sim_call_find(call, 0, SIM_GROUP, &group) ||
	    !sim_caller_may_change_group(call, group) || !sim_group_is_writable(call, group)) {
		return;
	}
	owner = sim_guid_parse(call->keys[1], id) ? sim_store_find(call->world->tenant->store, id)
						   : NULL;
	if (!owner || owner->state != SIM_LIVE || !sim_store_is_owner(group, owner)) {
		sim_graph_not_found(call, call->keys[1]);
		return;
	}
	if (is_not_the_last(call, group, owner)) {
		sim_store_disown(group, owner);
		sim_answer_nothing(call);
	}
}
