/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The properties of one generated group. */
#include "config.h"

#include "sim/generate/groups.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define UNIFIED "[\"Unified\"]"

static const struct sim_kind_info kinds[SIM_KIND_COUNT] = {
	[SIM_KIND_SECURITY] = {"[]", false, true, NULL, NULL, false, NULL},
	[SIM_KIND_MICROSOFT365] = {UNIFIED, true, false, "\"Private\"", NULL, false, NULL},
	[SIM_KIND_MICROSOFT365_SECURITY] = {UNIFIED, true, true, "\"Public\"", NULL, false, NULL},
	[SIM_KIND_HIDDEN] = {UNIFIED, true, false, "\"HiddenMembership\"", NULL, false, NULL},
	[SIM_KIND_DYNAMIC] = {"[\"DynamicMembership\"]", false, true, NULL,
			      "\"(user.department -eq \\\"Research\\\")\"", false, NULL},
	[SIM_KIND_DYNAMIC_MICROSOFT365] = {"[\"Unified\",\"DynamicMembership\"]", true, false,
					   "\"Private\"", "\"(user.city -eq \\\"Tokyo\\\")\"",
					   false, NULL},
	[SIM_KIND_MAIL_SECURITY] = {"[]", true, true, NULL, NULL, false, NULL},
	[SIM_KIND_DISTRIBUTION] = {"[]", true, false, NULL, NULL, false, NULL},
	[SIM_KIND_ROLE] = {"[]", false, true, "\"Private\"", NULL, true, NULL},
	[SIM_KIND_SYNCED] = {"[]", false, true, NULL, NULL, false, "-2147483646"},
};

#define STATE(enabled, type) "{\"isEnabled\":" enabled ",\"onPremisesGroupType\":" type "}"

static const char *const on_states[] = {
	STATE("true", "null"),
	STATE("true", "\"universalSecurityGroup\""),
	STATE("true", "\"universalDistributionGroup\""),
	STATE("true", "\"universalMailEnabledSecurityGroup\""),
};

static const char *const off_states[] = {
	NULL, /* never set */
	STATE("null", "null"),
	STATE("null", "\"universalSecurityGroup\""),
	STATE("false", "null"),
	STATE("false", "\"universalSecurityGroup\""),
};

static const char *writeback_of(const struct sim_shape *shape, uint32_t number)
{
	const struct sim_spec *spec = shape->spec;
	uint64_t random = sim_spec_random(spec, SIM_STREAM_WRITEBACK, number);

	if (shape->kinds[number] == SIM_KIND_SYNCED) {
		return NULL;
	}
	if ((int64_t)(random % 100) >= spec->enabled) {
		return off_states[(random >> 32) % SIM_ARRAY_SIZE(off_states)];
	}
	return spec->plain ? on_states[1] : on_states[(random >> 32) % SIM_ARRAY_SIZE(on_states)];
}

static void set_account(const struct sim_shape *shape, uint32_t number,
			struct sim_made_group *group)
{
	char parent[192];

	snprintf(parent, sizeof(parent), "OU=Groups,OU=Generated,%s", shape->spec->base_dn);
	sim_dn_make(group->nickname, parent, group->dn, sizeof(group->dn));
	snprintf(group->sid, sizeof(group->sid), "%s-%u", shape->spec->domain_sid,
		 SIM_RID_GROUPS + number);
	sim_spec_guid(shape->spec, SIM_STREAM_GROUP_GUID, number, group->guid);
}

void sim_group_make(const struct sim_shape *shape, uint32_t number,
		    struct sim_made_group *ret_group)
{
	bool is_synced = shape->kinds[number] == SIM_KIND_SYNCED;

	memset(ret_group, 0, sizeof(*ret_group));
	ret_group->kind = &kinds[shape->kinds[number]];
	sim_spec_guid(shape->spec, SIM_STREAM_GROUP_ID, number, ret_group->id);
	sim_name_group(sim_spec_random(shape->spec, SIM_STREAM_TITLE, number), number,
		       !shape->spec->plain && !is_synced, ret_group->name);
	snprintf(ret_group->nickname, sizeof(ret_group->nickname), "g%07" PRIu32, number);
	ret_group->writeback = writeback_of(shape, number);
	if (is_synced) {
		set_account(shape, number, ret_group);
	}
}
