/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The planner's policy: what the configuration and the directory's schema decide, as plain values.
 * Filled by sync/ once a cycle; the planner only reads it.
 */
#ifndef GB_PLAN_POLICY_H
#define GB_PLAN_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/limit.h"
#include "engine/plan/cause.h"

/** `scope` of [writeback]. */
enum gb_scope_mode {
	GB_SCOPE_ENABLED_ONLY = 0, /**< only writebackConfiguration.isEnabled = true */
	GB_SCOPE_TENANT = 1,   /**< Entra's rule: Microsoft 365 unless false, security if true */
	GB_SCOPE_KINDS = 2,    /**< every group of the kinds in `kinds` */
	GB_SCOPE_SELECTED = 3, /**< those that the selection holds */
	GB_SCOPE_FILTER = 4    /**< those that the filter matches */
};

/** `name` of [writeback]. */
enum gb_name_format {
	GB_NAME_OBJECT_ID = 0,   /**< CN=Group_<objectId> */
	GB_NAME_DISPLAY_NAME = 1 /**< CN=<first 51 of the display name>_<last 12 of the objectId> */
};

/** What becomes of a written group that is to be written no more (the `when …` keys). */
enum gb_when_rule {
	GB_WHEN_KEEP = 0,               /**< it stays as it is, frozen and named */
	GB_WHEN_DISABLE = 1,            /**< security becomes distribution: no access, SID kept */
	GB_WHEN_DELETE = 2,             /**< it is deleted at once */
	GB_WHEN_DISABLE_THEN_DELETE = 3 /**< disabled at once, deleted after delete_after_ms */
};

/** `nested` of [writeback]: what becomes of groups that are members. */
enum gb_nesting {
	GB_NESTING_KEEP = 0,    /**< written as members */
	GB_NESTING_FLATTEN = 1, /**< their members are written in their place */
	GB_NESTING_BOTH = 2     /**< both */
};

/** `group scope` of [writeback]: the scope of groups in the directory (MS-ADTS 2.2.12). */
enum gb_group_scope {
	GB_GROUP_SCOPE_UNIVERSAL =
		0,                 /**< holds people, global and universal groups of the forest */
	GB_GROUP_SCOPE_GLOBAL = 1, /**< holds people and global groups of its domain */
	GB_GROUP_SCOPE_DOMAIN_LOCAL = 2 /**< holds the same and more, counts in its domain only */
};

/** `account name` of [writeback]: what sAMAccountName does after creation. */
enum gb_account_name {
	GB_ACCOUNT_NAME_STABLE = 0, /**< stays what it is */
	GB_ACCOUNT_NAME_FOLLOW = 1  /**< follows the display name */
};

struct gb_filter;
struct gb_map;
struct gb_selection;

/** Value of member_limit: Entra's, 50,000 for Microsoft 365 and 250,000 for security groups. */
#define GB_MEMBER_LIMIT_ENTRA 0

/**
 * What waits for somebody's approval: planned, shown and not sent. Each is GB_CAUSE_NONE (it goes) or
 * the cause for which it waits.
 */
struct gb_plan_hold {
	enum gb_cause creates;       /**< new groups, and memberships of them in others */
	enum gb_cause places;        /**< moves */
	enum gb_cause names;         /**< renames */
	enum gb_cause ends;          /**< what a rule disables or deletes */
	enum gb_cause access;        /**< types that give access: distribution to security */
	struct gb_limit removals;    /**< members that one group may lose; the rest of its changes
					  waits with them */
	int64_t small_group_members; /**< groups with fewer members have no such limit */
};

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
	struct gb_plan_hold hold; /**< what waits for approval; zero apart from removals, which
				       must be set: all zero allows no removal in any group */
	enum gb_when_rule when_not_enabled;  /**< writeback was switched off for the group */
	enum gb_when_rule when_filtered_out; /**< the configuration leaves it out now */
	enum gb_when_rule when_soft_deleted; /**< deleted, can be restored for 30 days */
	enum gb_when_rule when_hard_deleted; /**< gone for good */
	bool is_off;                         /**< group writeback is switched off: no group is in
						  scope, and what was written goes by the next rule */
	enum gb_when_rule when_switched_off; /**< the rule for every group then, deleted ones too */
	bool keep_names;                     /**< a group keeps the CN that it has */
	bool is_new_server; /**< another domain controller took over a moment ago: what it does not
				 show may only not have arrived there; nothing is made or deleted */
	bool report_drift;  /**< drift is named and left, instead of put back */
	int64_t delete_after_ms;              /**< age at which DISABLE_THEN_DELETE deletes */
	const char *container_dn; /**< DN of the container for new groups; borrowed */
	const struct gb_selection *selection; /**< of scope = selected; borrowed, or NULL */
	const struct gb_filter *filter;       /**< of scope = filter; borrowed, or NULL */
	enum gb_nesting nesting;              /**< what becomes of nested groups */
	enum gb_group_scope group_scope;      /**< scope of the groups that are written */
	enum gb_account_name account_name;    /**< what sAMAccountName does after creation */
	bool mail_attributes;     /**< write mail, mailNickname and proxyAddresses, too */
	bool has_mail_nickname;   /**< the schema has mailNickname */
	const struct gb_map *map; /**< attribute mapping of the configuration; borrowed, or NULL */
};

#endif
