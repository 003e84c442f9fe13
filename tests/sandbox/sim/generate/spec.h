/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a generated tenant is to be like: "people=50000,groups=10000,links=250000,seed=1".
 *
 * Everything that is generated is a pure function of the spec and a number (of a person, of a
 * group), so the simulator and the LDIF for the directories agree without sharing a file.
 */
#ifndef SIM_GENERATE_SPEC_H
#define SIM_GENERATE_SPEC_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/util/mem.h"

/** Most members of a group, as in Entra ID for synced and written groups. */
#define SIM_GROUP_SIZE_MAX 250000
/** Most people, and most groups. */
#define SIM_GENERATE_MAX 2000000
/** Most memberships. */
#define SIM_LINK_MAX 100000000

/** The spec. Percentages are whole numbers from 0 to 100. */
struct sim_spec {
	int64_t seed;     /**< of everything random */
	int64_t people;   /**< users of all kinds */
	int64_t groups;   /**< groups of all kinds */
	int64_t links;    /**< memberships of all groups together, exactly */
	int64_t cloud;    /**< percent of people without an account on-premises */
	int64_t guests;   /**< percent of people who are guests */
	int64_t gone;     /**< percent of people whose account on-premises is gone */
	int64_t devices;  /**< devices; -1: one for every ten people */
	int64_t contacts; /**< contacts; -1: one for every hundred people */
	int64_t synced;   /**< percent of groups that come from on-premises */
	int64_t nesting;  /**< percent of security groups that hold other groups */
	int64_t cycles;   /**< 1: groups may hold themselves, directly or over others */
	int64_t largest;  /**< members of the largest group; 0: as the law has it */
	int64_t enabled;  /**< percent of cloud groups with isEnabled true */
	bool plain;       /**< mix=plain: security groups, ordinary names, everybody known by SID */
	const char *base_dn;      /**< of the domain on-premises */
	const char *domain_sid;   /**< of the domain on-premises */
	const char *cloud_domain; /**< behind the '@' of userPrincipalName in the cloud */
};

/** Random streams: each fact draws from its own, so that a new fact changes no old one. */
enum sim_stream {
	SIM_STREAM_USER_ID = 1,
	SIM_STREAM_GROUP_ID,
	SIM_STREAM_DEVICE_ID,
	SIM_STREAM_CONTACT_ID,
	SIM_STREAM_USER_GUID,
	SIM_STREAM_GROUP_GUID,
	SIM_STREAM_ANCHOR,
	SIM_STREAM_NAME,
	SIM_STREAM_PERSON,
	SIM_STREAM_KIND,
	SIM_STREAM_WRITEBACK,
	SIM_STREAM_RANK,
	SIM_STREAM_MEMBER,
	SIM_STREAM_NESTING,
	SIM_STREAM_TITLE
};

/**
 * Read @text: KEY=NUMBER pairs with commas between, and mix=realistic or mix=plain. What is not
 * given gets a default (docs/simulator.md). The three texts of @ret_spec get the sandbox's; the
 * caller may replace them. False with a sentence in @err.
 */
bool sim_spec_parse(const char *text, struct sim_spec *ret_spec,
		    struct sim_err *err) SIM_MUST_CHECK;

/** A random number that belongs to @number in @stream; always the same for the same spec. */
uint64_t sim_spec_random(const struct sim_spec *spec, enum sim_stream stream, uint64_t number);

/** True for about @percent of all numbers. */
bool sim_spec_chance(const struct sim_spec *spec, enum sim_stream stream, uint64_t number,
		     int64_t percent);

/** The DNS name of the domain: "DC=lab,DC=test" is lab.test. Below @ctx. */
char *sim_spec_dns(const void *ctx, const struct sim_spec *spec);

/** The GUID that belongs to @number in @stream, in the order of its text. */
void sim_spec_guid(const struct sim_spec *spec, enum sim_stream stream, uint64_t number,
		   uint8_t ret_guid[16]);

#endif
