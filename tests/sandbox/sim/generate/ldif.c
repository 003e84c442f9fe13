/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The generated people and groups as LDIF. */
#include "config.h"

#include "sim/generate/ldif.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/generate/groups.h"
#include "sim/util/encode.h"

/** [MS-ADTS] 2.2.16: a normal account that needs no password; and one that is disabled. */
#define ACCOUNT_NORMAL   0x220u
#define ACCOUNT_DISABLED 0x2u

/** Where it goes. */
struct writing {
	const struct sim_shape *shape;
	FILE *out;
	char *dns; /* of the domain */
	void *tmp; /* scratch of one entry */
};

/* RFC 2849: what begins or ends oddly, or is not plain ASCII, goes as base64. */
static bool is_safe(const char *text)
{
	size_t length = strlen(text);

	if (length == 0 || text[0] == ' ' || text[0] == ':' || text[0] == '<' ||
	    text[length - 1] == ' ') {
		return false;
	}
	for (size_t i = 0; i < length; i++) {
		if ((unsigned char)text[i] < 0x20 || (unsigned char)text[i] > 0x7E) {
			return false;
		}
	}
	return true;
}

static void put_bytes(struct writing *writing, const char *name, const void *bytes, size_t length)
{
	fprintf(writing->out, "%s:: %s\n", name, sim_base64(writing->tmp, bytes, length));
}

static void put_text(struct writing *writing, const char *name, const char *text)
{
	if (is_safe(text)) {
		fprintf(writing->out, "%s: %s\n", name, text);
	} else {
		put_bytes(writing, name, text, strlen(text));
	}
}

static void end_entry(struct writing *writing)
{
	fputc('\n', writing->out);
	talloc_free_children(writing->tmp);
}

static void put_guid(struct writing *writing, const char *name, const uint8_t guid[16])
{
	uint8_t bytes[16];

	sim_guid_memory(guid, bytes);
	put_bytes(writing, name, bytes, sizeof(bytes));
}

/* [MS-DTYP] 2.4.2.2; authorities beyond 32 bits do not occur here. */
static void put_sid(struct writing *writing, const char *text)
{
	uint8_t bytes[8 + 4 * 15] = {1};
	const char *p = text + strlen("S-1-");
	char *end = NULL;
	size_t length = 8;

	bytes[7] = (uint8_t)strtoul(p, &end, 10);
	while (*end == '-' && length < sizeof(bytes)) {
		uint32_t part = (uint32_t)strtoul(end + 1, &end, 10);

		for (unsigned i = 0; i < 4; i++) {
			bytes[length++] = (uint8_t)(part >> (8 * i));
		}
		bytes[1]++;
	}
	put_bytes(writing, "objectSid", bytes, length);
}

static void put_unit(struct writing *writing, const char *relative)
{
	fprintf(writing->out, "dn: %s%s\nobjectClass: organizationalUnit\n", relative,
		writing->shape->spec->base_dn);
	end_entry(writing);
}

static void put_units(struct writing *writing)
{
	put_unit(writing, "OU=Generated,");
	put_unit(writing, "OU=Groups,OU=Generated,");
	for (unsigned i = 0; i < SIM_UNIT_COUNT; i++) {
		char relative[64];

		snprintf(relative, sizeof(relative), "OU=Unit %02u,OU=Generated,", i);
		put_unit(writing, relative);
	}
}

static void put_person(struct writing *writing, const struct sim_made_person *person)
{
	put_text(writing, "dn", person->dn);
	fprintf(writing->out, "objectClass: user\nsAMAccountName: %s\n", person->account);
	put_text(writing, "cn", person->name.relative);
	put_text(writing, "displayName", person->name.display);
	fprintf(writing->out, "userPrincipalName: %s@%s\nuserAccountControl: %u\n", person->account,
		writing->dns, ACCOUNT_NORMAL | (person->is_enabled ? 0 : ACCOUNT_DISABLED));
	put_sid(writing, person->sid);
	put_guid(writing, "objectGUID", person->guid);
	if (person->has_consistency) {
		put_guid(writing, "mS-DS-ConsistencyGuid", person->anchor);
	}
	end_entry(writing);
}

static void put_member(void *closure, enum sim_type type, uint32_t number)
{
	struct writing *writing = closure;

	if (type == SIM_USER) {
		struct sim_made_person person;

		sim_person_make(writing->shape->spec, &writing->shape->origins, number, &person);
		put_text(writing, "member", person.dn);
	} else if (type == SIM_GROUP) {
		struct sim_made_group group;

		sim_group_make(writing->shape, number, &group);
		put_text(writing, "member", group.dn);
	}
}

static void put_group(struct writing *writing, uint32_t number)
{
	struct sim_made_group group;

	sim_group_make(writing->shape, number, &group);
	put_text(writing, "dn", group.dn);
	fprintf(writing->out, "objectClass: group\nsAMAccountName: %s\ncn: %s\ngroupType: %s\n",
		group.nickname, group.nickname, group.kind->on_premises);
	put_text(writing, "displayName", group.name);
	put_sid(writing, group.sid);
	put_guid(writing, "objectGUID", group.guid);
	sim_shape_members(writing->shape, number, put_member, writing);
	end_entry(writing);
}

static void put_all(struct writing *writing)
{
	const struct sim_shape *shape = writing->shape;

	put_units(writing);
	for (int64_t i = 0; i < shape->origins.synced; i++) {
		struct sim_made_person person;

		sim_person_make(shape->spec, &shape->origins, (uint64_t)i, &person);
		put_person(writing, &person);
	}
	/* A group holds only later ones, so the last comes first. */
	for (uint32_t i = shape->synced.count; i > 0; i--) {
		put_group(writing, shape->synced.items[i - 1]);
	}
}

bool sim_ldif_write(const struct sim_spec *spec, FILE *out, struct sim_err *err)
{
	struct writing writing = {.out = out, .tmp = sim_mem_check(talloc_new(NULL))};
	struct sim_shape *shape = NULL;
	bool ok = sim_shape_new(NULL, spec, &shape, err);

	if (ok) {
		writing.shape = shape;
		writing.dns = sim_spec_dns(shape, spec);
		put_all(&writing);
		ok = (fflush(out) == 0 && !ferror(out)) ||
		     sim_fail(err, "The LDIF could not be written.");
	}
	talloc_free(shape);
	talloc_free(writing.tmp);
	return ok;
}
