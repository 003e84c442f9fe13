/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the person behind a delegated token may change. */
#include "config.h"

#include "sim/graph/caller.h"

#include <string.h>

/* Least privileged roles of "Update group", "Add members", "Update user", "Update groupSetting". */
#define GROUP_ROLES                                                                        \
	(SIM_GLOBAL_ADMINISTRATOR | SIM_GROUPS_ADMINISTRATOR | SIM_USER_ADMINISTRATOR |    \
	 SIM_DIRECTORY_WRITERS)
#define ASSIGNABLE_ROLES (SIM_GLOBAL_ADMINISTRATOR | SIM_PRIVILEGED_ROLE_ADMINISTRATOR)
#define USER_ROLES       (SIM_GLOBAL_ADMINISTRATOR | SIM_USER_ADMINISTRATOR | SIM_DIRECTORY_WRITERS)
#define SETTING_ROLES    GROUP_ROLES
#define SOURCE_ROLES     (SIM_GLOBAL_ADMINISTRATOR | SIM_HYBRID_IDENTITY_ADMINISTRATOR)

const struct sim_object *sim_caller_person(const struct sim_call *call)
{
	uint8_t id[SIM_GUID_SIZE];

	if (!sim_call_is_delegated(call) ||
	    !sim_guid_parse(sim_json_get_string(call->token->claims, "oid", ""), id)) {
		return NULL;
	}
	return sim_store_find(call->world->tenant->store, id);
}

static bool has_role(struct sim_call *call, unsigned roles)
{
	return !sim_call_is_delegated(call) || (sim_call_directory_roles(call) & roles) ||
	       sim_graph_denied(call);
}

bool sim_caller_may_create_group(struct sim_call *call)
{
	return call->world->switches.users_create_groups || has_role(call, GROUP_ROLES);
}

static bool is_role_assignable(const struct sim_object *group)
{
	const char *json = sim_object_get(group, sim_prop_find(SIM_GROUP, "isAssignableToRole"));

	return json && strcmp(json, "true") == 0;
}

bool sim_caller_may_change_group(struct sim_call *call, const struct sim_object *group)
{
	const struct sim_object *person = sim_caller_person(call);

	if (person && sim_store_is_owner(group, person)) {
		return true;
	}
	return has_role(call, is_role_assignable(group) ? ASSIGNABLE_ROLES : GROUP_ROLES);
}

bool sim_caller_may_change_user(struct sim_call *call, const struct sim_object *user)
{
	return (user && user == sim_caller_person(call)) || has_role(call, USER_ROLES);
}

bool sim_caller_may_change_settings(struct sim_call *call)
{
	return has_role(call, SETTING_ROLES);
}

bool sim_caller_may_change_source(struct sim_call *call)
{
	return has_role(call, SOURCE_ROLES);
}
