/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two letters of well-known accounts (MS-DTYP 2.5.1.1, "sid-token"). */
#include "config.h"

#include <string.h>

#include "engine/base/mem.h"
#include "engine/directory/sddl.h"

/* Either a whole SID, or the last part of one of the domain. */
static const struct {
	const char *alias;
	const char *sid;
	uint32_t rid;
} aliases[] = {
	{"AA", "S-1-5-32-579", 0}, {"AC", "S-1-15-2-1", 0},   {"AN", "S-1-5-7", 0},
	{"AO", "S-1-5-32-548", 0}, {"AP", NULL, 525},         {"AU", "S-1-5-11", 0},
	{"BA", "S-1-5-32-544", 0}, {"BG", "S-1-5-32-546", 0}, {"BO", "S-1-5-32-551", 0},
	{"BU", "S-1-5-32-545", 0}, {"CA", NULL, 517},         {"CD", "S-1-5-32-574", 0},
	{"CG", "S-1-3-1", 0},      {"CN", NULL, 522},         {"CO", "S-1-3-0", 0},
	{"CY", "S-1-5-32-569", 0}, {"DA", NULL, 512},         {"DC", NULL, 515},
	{"DD", NULL, 516},         {"DG", NULL, 514},         {"DU", NULL, 513},
	{"EA", NULL, 519},         {"ED", "S-1-5-9", 0},      {"EK", NULL, 527},
	{"ER", "S-1-5-32-573", 0}, {"HA", "S-1-5-32-578", 0}, {"HI", "S-1-16-12288", 0},
	{"IS", "S-1-5-32-568", 0}, {"IU", "S-1-5-4", 0},      {"KA", NULL, 526},
	{"LA", NULL, 500},         {"LG", NULL, 501},         {"LS", "S-1-5-19", 0},
	{"LU", "S-1-5-32-559", 0}, {"LW", "S-1-16-4096", 0},  {"ME", "S-1-16-8192", 0},
	{"MP", "S-1-16-8448", 0},  {"MU", "S-1-5-32-558", 0}, {"NO", "S-1-5-32-556", 0},
	{"NS", "S-1-5-20", 0},     {"NU", "S-1-5-2", 0},      {"OW", "S-1-3-4", 0},
	{"PA", NULL, 520},         {"PO", "S-1-5-32-550", 0}, {"PS", "S-1-5-10", 0},
	{"PU", "S-1-5-32-547", 0}, {"RC", "S-1-5-12", 0},     {"RD", "S-1-5-32-555", 0},
	{"RE", "S-1-5-32-552", 0}, {"RM", "S-1-5-32-580", 0}, {"RO", NULL, 498},
	{"RS", NULL, 553},         {"RU", "S-1-5-32-554", 0}, {"SA", NULL, 518},
	{"SI", "S-1-16-16384", 0}, {"SO", "S-1-5-32-549", 0}, {"SU", "S-1-5-6", 0},
	{"SY", "S-1-5-18", 0},     {"WD", "S-1-1-0", 0},
};

/* False if the domain is not known, or too long to be one. */
static bool in_domain(const struct gb_sid *domain, uint32_t rid, struct gb_sid *ret_sid)
{
	struct gb_sid sid = *domain;

	if (gb_sid_is_none(domain) || domain->length + 4u > GB_SID_MAX_BYTES) {
		return false;
	}
	for (unsigned i = 0; i < 4; i++) {
		sid.bytes[sid.length + i] = (uint8_t)(rid >> (8 * i));
	}
	sid.bytes[1]++;
	sid.length = (uint8_t)(sid.length + 4);
	*ret_sid = sid;
	return true;
}

bool gb_sddl_alias_sid(const char *alias, const struct gb_sid *domain, struct gb_sid *ret_sid)
{
	for (size_t i = 0; i < GB_ARRAY_SIZE(aliases); i++) {
		if (strcmp(alias, aliases[i].alias) == 0) {
			return aliases[i].sid ? gb_sid_parse(aliases[i].sid, ret_sid)
					      : in_domain(domain, aliases[i].rid, ret_sid);
		}
	}
	return false;
}

const char *gb_sddl_sid_alias(const struct gb_sid *sid, const struct gb_sid *domain)
{
	for (size_t i = 0; i < GB_ARRAY_SIZE(aliases); i++) {
		struct gb_sid known;

		if (gb_sddl_alias_sid(aliases[i].alias, domain, &known) &&
		    gb_sid_equal(&known, sid)) {
			return aliases[i].alias;
		}
	}
	return NULL;
}
