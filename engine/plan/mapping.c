/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mapping: what the object of a cloud group should carry. */
#include "config.h"

#include "engine/plan/mapping.h"

#include <assert.h>
#include <stdbool.h>

#include "engine/base/directory_object.h"
#include "engine/base/mem.h"
#include "engine/plan/naming.h"

int32_t gb_mapping_group_type(const struct gb_cloud_group *group)
{
	switch (group->writeback_type) {
	case GB_WRITEBACK_UNIVERSAL_DISTRIBUTION:
		return GB_GROUP_TYPE_UNIVERSAL;
	case GB_WRITEBACK_UNIVERSAL_SECURITY:
	case GB_WRITEBACK_UNIVERSAL_MAIL_ENABLED_SECURITY:
		return GB_GROUP_TYPE_UNIVERSAL | GB_GROUP_TYPE_SECURITY;
	case GB_WRITEBACK_TYPE_UNSET:
	case GB_WRITEBACK_TYPE_OTHER: /* never in scope; the kind's default harms least */
		break;
	}
	return group->unified ? GB_GROUP_TYPE_UNIVERSAL
			      : GB_GROUP_TYPE_UNIVERSAL | GB_GROUP_TYPE_SECURITY;
}

static void put(struct gb_mapping *mapping, const char *attribute, const char *value)
{
	assert(mapping->count < GB_MAPPING_MAX_VALUES);
	mapping->values[mapping->count++] =
		(struct gb_change_value){.attribute = attribute, .value = value};
}

void gb_mapping_values(const void *ctx, const struct gb_plan_policy *policy,
		       const struct gb_cloud_group *group, struct gb_mapping *ret_mapping)
{
	char *anchor = gb_naming_anchor(ctx, &group->id);

	*ret_mapping = (struct gb_mapping){.count = 0};
	/* displayName is required in Entra: null means that it was kept from us. */
	if ((group->present & GB_GROUP_HAS_DISPLAY_NAME) && group->display_name) {
		put(ret_mapping, "displayName", gb_naming_display_name(ctx, group->display_name));
	}
	if (group->present & GB_GROUP_HAS_DESCRIPTION) {
		put(ret_mapping, "description", gb_naming_description(ctx, group->description));
	}
	put(ret_mapping, "groupType", gb_printf(ctx, "%d", gb_mapping_group_type(group)));
	put(ret_mapping, "adminDescription", anchor);
	if (policy->has_external_id) {
		put(ret_mapping, "msDS-ExternalDirectoryObjectId", anchor);
	}
}
