/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One generated person. */
#include "config.h"

#include "sim/generate/person.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void sim_origins_count(const struct sim_spec *spec, struct sim_origins *ret_origins)
{
	ret_origins->gone = spec->people * spec->gone / 100;
	ret_origins->cloud = spec->people * spec->cloud / 100;
	ret_origins->guests = spec->people * spec->guests / 100;
	ret_origins->synced =
		spec->people - ret_origins->gone - ret_origins->cloud - ret_origins->guests;
}

static enum sim_origin origin_of(const struct sim_origins *origins, uint64_t number)
{
	int64_t left = (int64_t)number - origins->synced;

	if (left < 0) {
		return SIM_ORIGIN_SYNCED;
	}
	if (left < origins->gone) {
		return SIM_ORIGIN_GONE;
	}
	return left < origins->gone + origins->cloud ? SIM_ORIGIN_CLOUD : SIM_ORIGIN_GUEST;
}

void sim_dn_make(const char *relative, const char *parent, char *ret_dn, size_t size)
{
	size_t at = (size_t)snprintf(ret_dn, size, "CN=");
	size_t length = strlen(relative);

	for (size_t i = 0; i < length && at + 3 < size; i++) {
		bool is_edge = (i == 0 && (relative[i] == ' ' || relative[i] == '#')) ||
			       (i + 1 == length && relative[i] == ' ');

		if (is_edge || strchr(",+\"\\<>;=", relative[i])) {
			ret_dn[at++] = '\\';
		}
		ret_dn[at++] = relative[i];
	}
	snprintf(ret_dn + at, size - at, ",%s", parent);
}

void sim_guid_memory(const uint8_t guid[16], uint8_t ret_bytes[16])
{
	static const uint8_t order[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};

	for (size_t i = 0; i < sizeof(order); i++) {
		ret_bytes[i] = guid[order[i]];
	}
}

/* What the cloud was told: nearly always everything; sometimes the immutable id or the DN alone. */
static void set_knowledge(const struct sim_spec *spec, uint64_t number,
			  struct sim_made_person *person)
{
	uint64_t chance = sim_spec_random(spec, SIM_STREAM_PERSON, number) % 1000;

	person->is_enabled = spec->plain || chance >= 30;
	person->knows_sid = spec->plain || chance < 970;
	person->knows_anchor = spec->plain || chance < 990;
	person->knows_dn = spec->plain || chance < 970 || chance >= 990;
	person->has_consistency =
		!spec->plain && sim_spec_chance(spec, SIM_STREAM_ANCHOR, number, 30);
}

static void set_account(const struct sim_spec *spec, uint64_t number,
			struct sim_made_person *person)
{
	char parent[256];

	snprintf(parent, sizeof(parent), "OU=Unit %02u,OU=Generated,%s",
		 (unsigned)(number % SIM_UNIT_COUNT), spec->base_dn);
	sim_dn_make(person->name.relative, parent, person->dn, sizeof(person->dn));
	snprintf(person->sid, sizeof(person->sid), "%s-%" PRIu64, spec->domain_sid,
		 SIM_RID_PEOPLE + number);
	sim_spec_guid(spec, SIM_STREAM_USER_GUID, number, person->guid);
	memcpy(person->anchor, person->guid, sizeof(person->anchor));
	if (person->has_consistency) {
		sim_spec_guid(spec, SIM_STREAM_ANCHOR, number, person->anchor);
	}
}

void sim_person_make(const struct sim_spec *spec, const struct sim_origins *origins,
		     uint64_t number, struct sim_made_person *ret_person)
{
	uint64_t random = sim_spec_random(spec, SIM_STREAM_NAME, number);

	memset(ret_person, 0, sizeof(*ret_person));
	ret_person->origin = origin_of(origins, number);
	sim_spec_guid(spec, SIM_STREAM_USER_ID, number, ret_person->id);
	sim_name_person(random, number, !spec->plain, &ret_person->name);
	snprintf(ret_person->account, sizeof(ret_person->account), "u%07" PRIu64, number);
	snprintf(ret_person->upn, sizeof(ret_person->upn),
		 ret_person->origin == SIM_ORIGIN_GUEST ? "%s_partner.example#EXT#@%s" : "%s@%s",
		 ret_person->account, spec->cloud_domain);
	set_knowledge(spec, number, ret_person);
	if (ret_person->origin == SIM_ORIGIN_SYNCED || ret_person->origin == SIM_ORIGIN_GONE) {
		set_account(spec, number, ret_person);
	}
}
