/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The planner's policy: what the configuration and the directory's schema decide, as plain values.
 * Filled by sync/ once a cycle; the planner only reads it.
 */
#ifndef GB_PLAN_POLICY_H
#define GB_PLAN_POLICY_H

#include <stdbool.h>
#include <stdint.h>

/** `scope` of [writeback]. */
enum gb_scope_mode {
	GB_SCOPE_ENABLED_ONLY = 0, /**< only writebackConfiguration.isEnabled = true */
	GB_SCOPE_TENANT = 1 /**< Entra's rule: Microsoft 365 unless false, security if true */
};

/** `name` of [writeback]. */
enum gb_name_format {
	GB_NAME_OBJECT_ID = 0,   /**< CN=Group_<objectId> */
	GB_NAME_DISPLAY_NAME = 1 /**< CN=<first 51 of the display name>_<last 12 of the objectId> */
};

/** Value of member_limit: Entra's, 50,000 for Microsoft 365 and 250,000 for security groups. */
#define GB_MEMBER_LIMIT_ENTRA 0

/** What the planner goes by. All zero is the careful default with no kind selected. */
struct gb_plan_policy {
	enum gb_scope_mode scope;
	bool security_groups;     /**< `kinds` holds security */
	bool microsoft365_groups; /**< `kinds` holds microsoft365 */
	bool hidden_membership;   /**< write groups with hidden membership, too */
	bool role_assignable;     /**< write role-assignable groups, too */
	enum gb_name_format name;
	bool has_external_id;     /**< the schema has msDS-ExternalDirectoryObjectId */
	int64_t member_limit;     /**< GB_MEMBER_LIMIT_ENTRA, or most members of a group */
	const char *container_dn; /**< DN of the container for new groups; borrowed */
};

#endif
