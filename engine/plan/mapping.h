/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mapping: what the object of a cloud group should carry. Pure; one call a group.
 *
 * Without a map of the configuration it is the map of Cloud Sync: displayName, description (trimmed,
 * cut to 448) and, where asked for, mail, mailNickname and proxyAddresses. The map adds attributes
 * and replaces the values of these.
 */
#ifndef GB_PLAN_MAPPING_H
#define GB_PLAN_MAPPING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/change.h"
#include "engine/base/cloud_object.h"
#include "engine/base/directory_object.h"
#include "engine/plan/cause.h"
#include "engine/plan/policy.h"

/** Most values of a group that we manage; lists count each value. */
#define GB_MAPPING_MAX_VALUES 320
/** Most values of one list. */
#define GB_MAPPING_MAX_LIST 256

/**
 * Attributes that should stand on the object. A NULL value says that the attribute should be
 * absent; an attribute that is not listed is unknown (the cloud did not tell) and is left alone.
 * Values of a list (gb_attribute_is_list()) follow each other.
 */
struct gb_mapping {
	struct gb_change_value values[GB_MAPPING_MAX_VALUES]; /**< old_value is NULL */
	size_t count;
	enum gb_cause remark; /**< something was left out, and why; else GB_CAUSE_NONE */
};

/** What gb_mapping_values() goes by. */
struct gb_mapping_input {
	const struct gb_plan_policy *policy;
	const struct gb_cloud_group *group;
	const struct gb_directory_object *observed; /**< NULL for a group that is to be made */
	bool mail_is_taken; /**< another object has its address: mail attributes are left alone */
};

/**
 * groupType for @group: writebackConfiguration.onPremisesGroupType, else distribution for a
 * Microsoft 365 group and security for a security group; the scope is that of the policy.
 * Source: Graph beta resource groupWritebackConfiguration; MS-ADTS 2.2.12.
 */
int32_t gb_mapping_group_type(const struct gb_plan_policy *policy,
			      const struct gb_cloud_group *group);

/**
 * Everything but cn and sAMAccountName: displayName, description, groupType, the anchors
 * (adminDescription, and msDS-ExternalDirectoryObjectId where the schema has it), mail attributes,
 * and what the map adds.
 *
 * @param ctx  receives the texts.
 */
void gb_mapping_values(const void *ctx, const struct gb_mapping_input *input,
		       struct gb_mapping *ret_mapping);

/**
 * The SMTP address that the object of @group would get, or NULL if mail attributes are not asked
 * for, the group has none, or the object carries it already. Borrowed from @group.
 */
const char *gb_mapping_new_address(const void *ctx, const struct gb_mapping_input *input);

/** A name or place that the map gives. */
struct gb_mapped_text {
	bool is_mapped;   /**< false: the map does not name the attribute */
	bool is_unknown;  /**< the cloud left out what it needs */
	const char *text; /**< its first value; NULL if it has none */
};

/** What the map says about cn, sAMAccountName or parentDistinguishedName. */
struct gb_mapped_text gb_mapping_text(const void *ctx, const struct gb_plan_policy *policy,
				      const struct gb_cloud_group *group, const char *attribute);

#endif
