/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The properties of one generated group. Pure. */
#ifndef SIM_GENERATE_GROUPS_H
#define SIM_GENERATE_GROUPS_H

#include "sim/generate/shape.h"

/** What Graph shows of a kind. */
struct sim_kind_info {
	const char *types;       /**< groupTypes, JSON */
	bool mail;               /**< mailEnabled */
	bool security;           /**< securityEnabled */
	const char *visibility;  /**< JSON, or NULL */
	const char *rule;        /**< membershipRule, JSON, or NULL */
	bool role;               /**< isAssignableToRole */
	const char *on_premises; /**< groupType of a synced group, for LDIF; else NULL */
};

/** A group. */
struct sim_made_group {
	uint8_t id[16];                   /**< object id in the cloud */
	uint8_t guid[16];                 /**< objectGUID on-premises (synced groups) */
	char name[SIM_NAME_TEXT];         /**< display name */
	char nickname[32];                /**< mailNickname; sAMAccountName of a synced group */
	char sid[80];                     /**< objectSid of a synced group */
	char dn[256];                     /**< distinguished name of a synced group */
	const char *writeback;            /**< writebackConfiguration, JSON; NULL: never set */
	const struct sim_kind_info *kind; /**< what it is */
};

/** The group with this number, from 0 to groups - 1. */
void sim_group_make(const struct sim_shape *shape, uint32_t number,
		    struct sim_made_group *ret_group);

#endif
