/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A generated tenant in the store. */
#include "config.h"

#include "sim/generate/generate.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "sim/generate/groups.h"
#include "sim/identity/crypto.h"
#include "sim/util/json_write.h"

/** First day and number of days in which generated objects were created. */
#define CREATED_FIRST 1577836800
#define CREATED_DAYS  2000u

/** Properties by name, found once for each type. */
enum column {
	COLUMN_NAME,
	COLUMN_CREATED,
	COLUMN_ENABLED,
	COLUMN_GIVEN,
	COLUMN_SURNAME,
	COLUMN_UPN,
	COLUMN_USER_TYPE,
	COLUMN_MAIL,
	COLUMN_SYNCED,
	COLUMN_SYNCED_AT,
	COLUMN_IMMUTABLE_ID,
	COLUMN_SID,
	COLUMN_DN,
	COLUMN_ACCOUNT,
	COLUMN_DOMAIN,
	COLUMN_NETBIOS,
	COLUMN_TYPES,
	COLUMN_MAIL_ENABLED,
	COLUMN_SECURITY_ENABLED,
	COLUMN_NICKNAME,
	COLUMN_RENEWED,
	COLUMN_VISIBILITY,
	COLUMN_RULE,
	COLUMN_RULE_STATE,
	COLUMN_ROLE,
	COLUMN_PROXIES,
	COLUMN_WRITEBACK,
	COLUMN_DEVICE_ID,
	COLUMN_SYSTEM,
	COLUMN_COUNT
};

static const char *const column_names[COLUMN_COUNT] = {
	[COLUMN_NAME] = "displayName",
	[COLUMN_CREATED] = "createdDateTime",
	[COLUMN_ENABLED] = "accountEnabled",
	[COLUMN_GIVEN] = "givenName",
	[COLUMN_SURNAME] = "surname",
	[COLUMN_UPN] = "userPrincipalName",
	[COLUMN_USER_TYPE] = "userType",
	[COLUMN_MAIL] = "mail",
	[COLUMN_SYNCED] = "onPremisesSyncEnabled",
	[COLUMN_SYNCED_AT] = "onPremisesLastSyncDateTime",
	[COLUMN_IMMUTABLE_ID] = "onPremisesImmutableId",
	[COLUMN_SID] = "onPremisesSecurityIdentifier",
	[COLUMN_DN] = "onPremisesDistinguishedName",
	[COLUMN_ACCOUNT] = "onPremisesSamAccountName",
	[COLUMN_DOMAIN] = "onPremisesDomainName",
	[COLUMN_NETBIOS] = "onPremisesNetBiosName",
	[COLUMN_TYPES] = "groupTypes",
	[COLUMN_MAIL_ENABLED] = "mailEnabled",
	[COLUMN_SECURITY_ENABLED] = "securityEnabled",
	[COLUMN_NICKNAME] = "mailNickname",
	[COLUMN_RENEWED] = "renewedDateTime",
	[COLUMN_VISIBILITY] = "visibility",
	[COLUMN_RULE] = "membershipRule",
	[COLUMN_RULE_STATE] = "membershipRuleProcessingState",
	[COLUMN_ROLE] = "isAssignableToRole",
	[COLUMN_PROXIES] = "proxyAddresses",
	[COLUMN_WRITEBACK] = "writebackConfiguration",
	[COLUMN_DEVICE_ID] = "deviceId",
	[COLUMN_SYSTEM] = "operatingSystem",
};

/** A tenant in the making. */
struct making {
	struct sim_store *store;
	const struct sim_spec *spec;
	const struct sim_shape *shape;
	int rows[SIM_TYPE_COUNT][COLUMN_COUNT];
	uint32_t first[SIM_TYPE_COUNT]; /* index in the store of number 0 of each type */
	char *domain;                   /* DNS name of the domain on-premises */
	struct sim_buf *text;           /* scratch */
	struct sim_object *object;      /* being filled */
};

static void put(struct making *making, enum column column, const char *json)
{
	sim_store_set(making->store, making->object, making->rows[making->object->type][column],
		      json);
}

static void put_bool(struct making *making, enum column column, bool value)
{
	put(making, column, value ? "true" : "false");
}

static void put_text(struct making *making, enum column column, const char *text)
{
	sim_buf_cut(making->text, 0);
	sim_json_quote(making->text, text);
	put(making, column, making->text->data);
}

/* Not the time of this run: the same spec is the same tenant tomorrow. */
static const char *created(const struct making *making, char text[SIM_TIME_TEXT])
{
	uint64_t random =
		sim_spec_random(making->spec, SIM_STREAM_PERSON, ~(uint64_t)making->object->index);

	sim_time_iso(CREATED_FIRST + (int64_t)(random % (CREATED_DAYS * 86400u)), text);
	return text;
}

static void add(struct making *making, enum sim_type type, const uint8_t id[SIM_GUID_SIZE])
{
	char text[SIM_TIME_TEXT];

	making->object = sim_store_add(making->store, type, id);
	put_text(making, COLUMN_CREATED, created(making, text));
}

/* ---- people ---- */

static void put_account(struct making *making, const struct sim_made_person *person)
{
	uint8_t bytes[SIM_GUID_SIZE];

	put(making, COLUMN_SYNCED, "true");
	put(making, COLUMN_SYNCED_AT, "\"2026-01-05T06:00:00Z\"");
	if (person->knows_anchor) {
		char *text = NULL;

		sim_guid_memory(person->anchor, bytes);
		text = sim_base64(making->text, bytes, sizeof(bytes));
		put_text(making, COLUMN_IMMUTABLE_ID, text);
		talloc_free(text);
	}
	if (person->knows_sid) {
		put_text(making, COLUMN_SID, person->sid);
		put_text(making, COLUMN_ACCOUNT, person->account);
		put_text(making, COLUMN_DOMAIN, making->domain);
	}
	if (person->knows_dn) {
		put_text(making, COLUMN_DN, person->dn);
	}
}

static void add_person(struct making *making, uint64_t number)
{
	struct sim_made_person person;

	sim_person_make(making->spec, &making->shape->origins, number, &person);
	add(making, SIM_USER, person.id);
	put_text(making, COLUMN_NAME, person.name.display);
	put_text(making, COLUMN_GIVEN, person.name.given);
	put_text(making, COLUMN_SURNAME, person.name.surname);
	put_text(making, COLUMN_UPN, person.upn);
	put_text(making, COLUMN_USER_TYPE, person.origin == SIM_ORIGIN_GUEST ? "Guest" : "Member");
	put_bool(making, COLUMN_ENABLED, person.is_enabled);
	if (person.origin == SIM_ORIGIN_SYNCED || person.origin == SIM_ORIGIN_GONE) {
		put_account(making, &person);
	}
}

static void add_device(struct making *making, uint64_t number)
{
	uint8_t id[SIM_GUID_SIZE];
	char guid[SIM_GUID_TEXT];
	char name[32];

	sim_spec_guid(making->spec, SIM_STREAM_DEVICE_ID, number, id);
	add(making, SIM_DEVICE, id);
	snprintf(name, sizeof(name), "PC-%07" PRIu64, number);
	put_text(making, COLUMN_NAME, name);
	sim_spec_guid(making->spec, SIM_STREAM_DEVICE_ID, ~number, id);
	sim_guid_format(id, guid);
	put_text(making, COLUMN_DEVICE_ID, guid);
	put_text(making, COLUMN_SYSTEM, number % 3 ? "Windows" : "iOS");
	put_bool(making, COLUMN_ENABLED, true);
}

static void add_contact(struct making *making, uint64_t number)
{
	uint8_t id[SIM_GUID_SIZE];
	char mail[64];

	sim_spec_guid(making->spec, SIM_STREAM_CONTACT_ID, number, id);
	add(making, SIM_CONTACT, id);
	snprintf(mail, sizeof(mail), "vendor%" PRIu64 "@partner.example", number);
	put_text(making, COLUMN_NAME, mail);
	put_text(making, COLUMN_MAIL, mail);
}

/* ---- groups ---- */

static void put_mail(struct making *making, const struct sim_made_group *group)
{
	char *mail = sim_printf(making->text, "%s@%s", group->nickname, making->spec->cloud_domain);

	put_text(making, COLUMN_MAIL, mail);
	sim_buf_cut(making->text, 0);
	sim_buf_printf(making->text, "[\"SMTP:%s\"]", mail);
	put(making, COLUMN_PROXIES, making->text->data);
	talloc_free(mail);
}

static void put_kind(struct making *making, const struct sim_kind_info *kind)
{
	put(making, COLUMN_TYPES, kind->types);
	put_bool(making, COLUMN_MAIL_ENABLED, kind->mail);
	put_bool(making, COLUMN_SECURITY_ENABLED, kind->security);
	if (kind->visibility) {
		put(making, COLUMN_VISIBILITY, kind->visibility);
	}
	if (kind->rule) {
		put(making, COLUMN_RULE, kind->rule);
		put_text(making, COLUMN_RULE_STATE, "On");
	}
	if (kind->role) {
		put_bool(making, COLUMN_ROLE, true);
	}
}

static void put_synced(struct making *making, const struct sim_made_group *group)
{
	put(making, COLUMN_SYNCED, "true");
	put(making, COLUMN_SYNCED_AT, "\"2026-01-05T06:00:00Z\"");
	put_text(making, COLUMN_SID, group->sid);
	put_text(making, COLUMN_ACCOUNT, group->nickname);
	put_text(making, COLUMN_DOMAIN, making->domain);
	put_text(making, COLUMN_NETBIOS, "LAB");
}

static void add_group(struct making *making, uint32_t number)
{
	struct sim_made_group group;
	char text[SIM_TIME_TEXT];

	sim_group_make(making->shape, number, &group);
	add(making, SIM_GROUP, group.id);
	put_text(making, COLUMN_RENEWED, created(making, text));
	put_text(making, COLUMN_NAME, group.name);
	put_text(making, COLUMN_NICKNAME, group.nickname);
	put_kind(making, group.kind);
	if (group.kind->mail) {
		put_mail(making, &group);
	}
	if (group.kind->on_premises) {
		put_synced(making, &group);
	}
	if (group.writeback) {
		put(making, COLUMN_WRITEBACK, group.writeback);
	}
}

/** Where the members of a group go. */
struct linking {
	struct making *making;
	struct sim_object *group;
};

static void link_member(void *closure, enum sim_type type, uint32_t number)
{
	struct linking *linking = closure;
	struct sim_store *store = linking->making->store;

	sim_store_link(store, linking->group,
		       store->objects[linking->making->first[type] + number]);
}

static void link_groups(struct making *making)
{
	for (uint32_t number = 0; number < making->spec->groups; number++) {
		struct linking linking = {
			making, making->store->objects[making->first[SIM_GROUP] + number]};

		sim_shape_members(making->shape, number, link_member, &linking);
	}
}

/* ---- all ---- */

static void find_rows(struct making *making)
{
	for (unsigned type = 0; type < SIM_TYPE_COUNT; type++) {
		for (unsigned column = 0; column < COLUMN_COUNT; column++) {
			making->rows[type][column] =
				sim_prop_find((enum sim_type)type, column_names[column]);
		}
	}
}

static void make_all(struct making *making)
{
	const struct sim_spec *spec = making->spec;

	making->first[SIM_USER] = making->store->object_count;
	for (int64_t i = 0; i < spec->people; i++) {
		add_person(making, (uint64_t)i);
	}
	making->first[SIM_DEVICE] = making->store->object_count;
	for (int64_t i = 0; i < spec->devices; i++) {
		add_device(making, (uint64_t)i);
	}
	making->first[SIM_CONTACT] = making->store->object_count;
	for (int64_t i = 0; i < spec->contacts; i++) {
		add_contact(making, (uint64_t)i);
	}
	making->first[SIM_GROUP] = making->store->object_count;
	for (uint32_t i = 0; i < spec->groups; i++) {
		add_group(making, i);
	}
	link_groups(making);
}

bool sim_generate(struct sim_store *store, const struct sim_spec *spec, struct sim_err *err)
{
	struct making *making = sim_new(NULL, struct making);
	struct sim_shape *shape = NULL;
	bool ok = sim_shape_new(making, spec, &shape, err);

	if (ok) {
		making->store = store;
		making->spec = spec;
		making->shape = shape;
		making->text = sim_buf_new(making);
		making->domain = sim_spec_dns(making, spec);
		find_rows(making);
		make_all(making);
	}
	talloc_free(making);
	return ok;
}

uint64_t sim_generate_digest(const struct sim_spec *spec)
{
	char *text =
		sim_printf(NULL, "%s|%s|%s", spec->base_dn, spec->domain_sid, spec->cloud_domain);
	struct sim_buf *all = sim_buf_new(text);
	uint8_t digest[32];
	uint64_t number = 0;

	sim_buf_add(all, spec, offsetof(struct sim_spec, plain));
	sim_buf_byte(all, spec->plain ? 'p' : 'r');
	sim_buf_text(all, text);
	sim_sha256(all->data, all->length, digest);
	memcpy(&number, digest, sizeof(number));
	talloc_free(text);
	return number;
}
