/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the cloud says: the values that travel from a Graph page into the state and to the planner.
 *
 * Plain values; strings are borrowed from whoever filled them in and live as long as that (a page, a
 * database row): copy what you keep. "present" tells absent from null, which matters in delta
 * answers: a property that is absent has not changed (Graph, "Use delta query to track changes").
 */
#ifndef GB_BASE_CLOUD_OBJECT_H
#define GB_BASE_CLOUD_OBJECT_H

#include <stdbool.h>

#include "engine/base/guid.h"
#include "engine/base/sid.h"

/** A Graph boolean that may be null or absent. */
enum gb_tristate {
	GB_UNKNOWN = -1,
	GB_NO = 0,
	GB_YES = 1
};

/** What kind of directory object a member is (@odata.type). */
enum gb_cloud_type {
	GB_CLOUD_OTHER = 0, /**< a type that we do not know */
	GB_CLOUD_USER = 1,
	GB_CLOUD_GROUP = 2,
	GB_CLOUD_DEVICE = 3,
	GB_CLOUD_CONTACT = 4, /**< orgContact */
	GB_CLOUD_SERVICE_PRINCIPAL = 5
};

/** onPremisesGroupType of writebackConfiguration. */
enum gb_writeback_type {
	GB_WRITEBACK_TYPE_UNSET = 0, /**< null */
	GB_WRITEBACK_UNIVERSAL_DISTRIBUTION = 1,
	GB_WRITEBACK_UNIVERSAL_SECURITY = 2,
	GB_WRITEBACK_UNIVERSAL_MAIL_ENABLED_SECURITY = 3,
	GB_WRITEBACK_TYPE_OTHER = 4 /**< a value that we do not know: scope is unknown */
};

/** Which properties a record carried (null counts as present). */
enum gb_cloud_group_present {
	GB_GROUP_HAS_DISPLAY_NAME = 1 << 0,
	GB_GROUP_HAS_DESCRIPTION = 1 << 1,
	GB_GROUP_HAS_MAIL = 1 << 2,
	GB_GROUP_HAS_MAIL_NICKNAME = 1 << 3,
	GB_GROUP_HAS_GROUP_TYPES = 1 << 4,
	GB_GROUP_HAS_SECURITY_ENABLED = 1 << 5,
	GB_GROUP_HAS_MAIL_ENABLED = 1 << 6,
	GB_GROUP_HAS_ON_PREMISES = 1 << 7, /**< onPremisesSyncEnabled */
	GB_GROUP_HAS_SID = 1 << 8,         /**< onPremisesSecurityIdentifier */
	GB_GROUP_HAS_ROLE = 1 << 9,        /**< isAssignableToRole */
	GB_GROUP_HAS_VISIBILITY = 1 << 10,
	GB_GROUP_HAS_WRITEBACK = 1 << 11, /**< the writebackConfiguration object itself */
	GB_GROUP_HAS_ALL = (1 << 12) - 1
};

/** A group as Graph describes it (resource type "group"). */
struct gb_cloud_group {
	struct gb_guid id;                           /**< objectId */
	unsigned present;                            /**< enum gb_cloud_group_present */
	const char *display_name;                    /**< NULL if null */
	const char *description;                     /**< NULL if null */
	const char *mail;                            /**< NULL if null */
	const char *mail_nickname;                   /**< NULL if null */
	bool unified;                                /**< groupTypes holds "Unified" */
	bool dynamic;                                /**< groupTypes holds "DynamicMembership" */
	enum gb_tristate security_enabled;           /**< securityEnabled */
	enum gb_tristate mail_enabled;               /**< mailEnabled */
	enum gb_tristate on_premises_sync_enabled;   /**< YES: mastered on-premises; NO: was once */
	struct gb_sid on_premises_sid;               /**< of a group synced from on-premises */
	enum gb_tristate is_assignable_to_role;      /**< isAssignableToRole */
	bool hidden_membership;                      /**< visibility is HiddenMembership, any case */
	bool is_public;                              /**< visibility is Public, any case */
	enum gb_tristate writeback_enabled;          /**< isEnabled; UNKNOWN is its null */
	enum gb_writeback_type writeback_type;       /**< onPremisesGroupType */
	const char *extra; /**< other properties that were asked for, packed (attributes.h); or NULL */
};

/** Somebody or something that can be a member, with what is needed to find it on-premises. */
struct gb_cloud_member {
	struct gb_guid id;                         /**< objectId */
	enum gb_cloud_type type;                   /**< @odata.type */
	bool readable;                             /**< false: Graph gave id and type only (limited
							information): we may not say what it is */
	enum gb_tristate on_premises_sync_enabled; /**< onPremisesSyncEnabled */
	struct gb_sid sid;                         /**< onPremisesSecurityIdentifier, or none */
	struct gb_guid immutable_id;               /**< decoded onPremisesImmutableId, or none */
	const char *on_premises_dn;                /**< onPremisesDistinguishedName, or NULL */
	const char *display_name;                  /**< or NULL */
	const char *mail;                          /**< of a contact; else NULL */
};

/** Which properties a person's record carried (null counts as present). */
enum gb_cloud_person_present {
	GB_PERSON_HAS_DISPLAY_NAME = 1 << 0,
	GB_PERSON_HAS_ON_PREMISES = 1 << 1, /**< onPremisesSyncEnabled */
	GB_PERSON_HAS_SID = 1 << 2,         /**< onPremisesSecurityIdentifier */
	GB_PERSON_HAS_IMMUTABLE_ID = 1 << 3,
	GB_PERSON_HAS_DN = 1 << 4, /**< onPremisesDistinguishedName */
	GB_PERSON_HAS_ALL = (1 << 5) - 1
};

/** Whether an object exists in the cloud. */
enum gb_cloud_life {
	GB_LIFE_LIVE = 0,
	GB_LIFE_SOFT_DELETED = 1, /**< "@removed" with "changed": can be restored for 30 days */
	GB_LIFE_GONE = 2          /**< deleted for good, or missing in a complete list */
};

/** How a record says that the object is gone ("@removed"). */
enum gb_cloud_removed {
	GB_NOT_REMOVED = 0,
	GB_REMOVED_CHANGED = 1, /**< reason "changed": soft-deleted, can be restored */
	GB_REMOVED_DELETED = 2  /**< reason "deleted": gone for good */
};

#endif
