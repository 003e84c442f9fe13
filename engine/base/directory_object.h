/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the directory says: the values that travel from an LDAP entry into the state and to the
 * planner. Plain values; strings are borrowed from whoever filled them in: copy what you keep.
 */
#ifndef GB_BASE_DIRECTORY_OBJECT_H
#define GB_BASE_DIRECTORY_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/guid.h"
#include "engine/base/sid.h"

/** What an entry is, from its objectClass. */
enum gb_directory_class {
	GB_CLASS_OTHER = 0,
	GB_CLASS_USER = 1, /**< user, inetOrgPerson */
	GB_CLASS_GROUP = 2,
	GB_CLASS_COMPUTER = 3,
	GB_CLASS_CONTACT = 4
};

/** groupType bits (MS-ADTS 2.2.12). */
#define GB_GROUP_TYPE_GLOBAL       0x00000002
#define GB_GROUP_TYPE_DOMAIN_LOCAL 0x00000004
#define GB_GROUP_TYPE_UNIVERSAL    0x00000008
#define GB_GROUP_TYPE_SECURITY     INT32_MIN /* 0x80000000 */

/** An entry: a person, a computer, a group. */
struct gb_directory_object {
	struct gb_guid guid;             /**< objectGUID (dialect ldap: entryUUID) */
	struct gb_sid sid;               /**< objectSid, or none */
	struct gb_guid consistency_guid; /**< mS-DS-ConsistencyGuid, or none */
	enum gb_directory_class object_class;
	const char *dn;                    /**< as the server spells it */
	const char *dn_key;                /**< DN in comparable form (gb_dn_key of directory/) */
	const char *sam_account_name;      /**< or NULL */
	bool in_container;                 /**< below the container that we write to */
	/* The rest is read for groups only, but for mail. */
	int32_t group_type;                /**< groupType */
	const char *cn;                    /**< the RDN's value, unescaped; or NULL */
	const char *display_name;          /**< or NULL */
	const char *description;           /**< first value, or NULL */
	const char *admin_description;     /**< or NULL */
	const char *external_directory_id; /**< msDS-ExternalDirectoryObjectId, or NULL */
	bool is_protected;                 /**< adminCount=1, isCriticalSystemObject, or RID < 1000 */
	int64_t usn_changed; /**< uSNChanged; dialect ldap: a number made of entryCSN, another one
				  after each change and in no order; 0: not known */
	const char *mail; /**< of a contact; NULL else, and if it has none */
	/**
	 * Further attributes of a group that were asked for, packed (attributes.h); or NULL. What was
	 * asked for and is not there is named as absent.
	 */
	const char *extra;
};

#endif
