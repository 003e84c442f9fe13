/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Everything there is to know about one generated person, on both sides.
 *
 * Pure: sim_person_make() computes it anew each time.
 */
#ifndef SIM_GENERATE_PERSON_H
#define SIM_GENERATE_PERSON_H

#include "sim/generate/names.h"
#include "sim/generate/spec.h"

/** First RID of people and of groups: far from those that a domain controller gives out. */
#define SIM_RID_PEOPLE 10000000u
#define SIM_RID_GROUPS 20000000u
/** Organizational units that the people are spread over. */
#define SIM_UNIT_COUNT 64u

/** Where a person comes from. */
enum sim_origin {
	SIM_ORIGIN_SYNCED, /**< has an account on-premises */
	SIM_ORIGIN_GONE,   /**< had one; the cloud still names it */
	SIM_ORIGIN_CLOUD,  /**< lives in the cloud alone */
	SIM_ORIGIN_GUEST   /**< an invited guest */
};

/** How many people of each origin; their numbers follow each other in this order. */
struct sim_origins {
	int64_t synced; /**< numbers from 0 on */
	int64_t gone;   /**< the next ones */
	int64_t cloud;  /**< the next ones */
	int64_t guests; /**< the last ones */
};

/** A person. */
struct sim_made_person {
	enum sim_origin origin; /**< where from */
	uint8_t id[16];         /**< object id in the cloud */
	uint8_t guid[16];       /**< objectGUID on-premises, in the order of its text */
	uint8_t anchor[16];     /**< what the immutable id is made from, the same order */
	bool has_consistency;   /**< anchor is the mS-DS-ConsistencyGuid and not the objectGUID */
	bool is_enabled;        /**< accountEnabled on both sides */
	bool knows_sid;         /**< the cloud has SID and account name */
	bool knows_dn;          /**< the cloud has the distinguished name */
	bool knows_anchor;      /**< the cloud has the immutable id */
	struct sim_name name;   /**< names */
	char account[32];       /**< sAMAccountName */
	char upn[128];          /**< userPrincipalName in the cloud */
	char sid[80];           /**< objectSid, text */
	char dn[1024];          /**< distinguished name, RFC 4514 */
};

/** How the people of @spec divide. */
void sim_origins_count(const struct sim_spec *spec, struct sim_origins *ret_origins);

/** The person with this number, from 0 to people - 1. */
void sim_person_make(const struct sim_spec *spec, const struct sim_origins *origins,
		     uint64_t number, struct sim_made_person *ret_person);

/** "CN=relative,parent" with the relative name escaped as RFC 4514 wants it. */
void sim_dn_make(const char *relative, const char *parent, char *ret_dn, size_t size);

/** The bytes of a GUID in memory order ([MS-DTYP] 2.3.4.2) from those in the order of its text. */
void sim_guid_memory(const uint8_t guid[16], uint8_t ret_bytes[16]);

#endif
