/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mapping: what the object of a cloud group should carry. Pure; one call a group.
 */
#ifndef GB_PLAN_MAPPING_H
#define GB_PLAN_MAPPING_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/change.h"
#include "engine/base/cloud_object.h"
#include "engine/plan/policy.h"

/** Most attributes of a group that we manage. */
#define GB_MAPPING_MAX_VALUES 8

/**
 * Attributes that should stand on the object. A NULL value says that the attribute should be
 * absent; an attribute that is not listed is unknown (the cloud did not tell) and is left alone.
 */
struct gb_mapping {
	struct gb_change_value values[GB_MAPPING_MAX_VALUES]; /**< old_value is NULL */
	size_t count;
};

/**
 * groupType for @group: writebackConfiguration.onPremisesGroupType, else universal distribution (8)
 * for a Microsoft 365 group and universal security (-2147483640) for a security group.
 * Source: Graph beta resource groupWritebackConfiguration; MS-ADTS 2.2.12.
 */
int32_t gb_mapping_group_type(const struct gb_cloud_group *group);

/**
 * displayName, description, groupType, adminDescription, and msDS-ExternalDirectoryObjectId where
 * the policy says that the schema has it. sAMAccountName is added by the planner at creation only.
 *
 * @param ctx  receives the texts.
 */
void gb_mapping_values(const void *ctx, const struct gb_plan_policy *policy,
		       const struct gb_cloud_group *group, struct gb_mapping *ret_mapping);

#endif
