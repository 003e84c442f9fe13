/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Property values as JSON text. */
#include "config.h"

#include "sim/store/value.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>

/* The few texts that most values are; shared and never freed. */
static char *const common[] = {(char[]){"null"}, (char[]){"true"}, (char[]){"false"},
			       (char[]){"[]"}};

char *sim_value_copy(const char *json)
{
	for (size_t i = 0; i < SIM_ARRAY_SIZE(common); i++) {
		if (strcmp(common[i], json) == 0) {
			return common[i];
		}
	}
	return sim_mem_check(strdup(json));
}

void sim_value_free(char *json)
{
	for (size_t i = 0; i < SIM_ARRAY_SIZE(common); i++) {
		if (json == common[i]) {
			return;
		}
	}
	free(json);
}

const struct sim_value *sim_object_value(const struct sim_object *object, int prop)
{
	for (uint16_t i = 0; i < object->value_count && object->values[i].prop <= prop; i++) {
		if (object->values[i].prop == prop) {
			return &object->values[i];
		}
	}
	return NULL;
}

const char *sim_object_get(const struct sim_object *object, int prop)
{
	const struct sim_value *value = sim_object_value(object, prop);

	return value ? value->json : NULL;
}

static struct sim_value *value_insert(struct sim_object *object, int prop)
{
	uint16_t at = 0;

	while (at < object->value_count && object->values[at].prop < prop) {
		at++;
	}
	if (at < object->value_count && object->values[at].prop == prop) {
		return &object->values[at];
	}
	if (object->value_count % SIM_VALUE_STEP == 0) {
		object->values = sim_mem_check(
			realloc(object->values, (object->value_count + SIM_VALUE_STEP) *
							sizeof(*object->values)));
	}
	memmove(&object->values[at + 1], &object->values[at],
		(size_t)(object->value_count - at) * sizeof(*object->values));
	object->value_count++;
	object->values[at] = (struct sim_value){NULL, 0, (uint16_t)prop};
	return &object->values[at];
}

void sim_value_put(struct sim_object *object, int prop, const char *json)
{
	struct sim_value *value = value_insert(object, prop);

	sim_value_free(value->json);
	value->json = sim_value_copy(json);
	value->seq = object->seq;
}

static void put_by_name(struct sim_object *object, const char *name, const char *json)
{
	int prop = sim_prop_find(object->type, name);

	if (prop >= 0) {
		sim_value_put(object, prop, json);
	}
}

/* The cloud SID is the object id: its bytes in GUID memory order as four little-endian numbers. */
static void put_cloud_sid(struct sim_object *object)
{
	const uint8_t *id = object->id;
	uint32_t a = (uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 | (uint32_t)id[2] << 8 | id[3];
	uint32_t b = (uint32_t)id[6] << 24 | (uint32_t)id[7] << 16 | (uint32_t)id[4] << 8 | id[5];
	uint32_t c = (uint32_t)id[11] << 24 | (uint32_t)id[10] << 16 | (uint32_t)id[9] << 8 | id[8];
	uint32_t d =
		(uint32_t)id[15] << 24 | (uint32_t)id[14] << 16 | (uint32_t)id[13] << 8 | id[12];
	char json[80];

	snprintf(json, sizeof(json), "\"S-1-12-1-%u-%u-%u-%u\"", a, b, c, d);
	put_by_name(object, "securityIdentifier", json);
}

void sim_value_defaults(struct sim_object *object, const struct sim_clock *clock)
{
	char when[SIM_TIME_TEXT];
	char quoted[SIM_TIME_TEXT + 2];
	char guid[SIM_GUID_TEXT];

	sim_time_iso(sim_clock_now(clock), when);
	snprintf(quoted, sizeof(quoted), "\"%s\"", when);
	put_by_name(object, "createdDateTime", quoted);
	if (object->type == SIM_USER || object->type == SIM_GROUP) {
		put_cloud_sid(object);
	}
	if (object->type != SIM_GROUP) {
		return;
	}
	sim_guid_format(object->id, guid);
	put_by_name(object, "renewedDateTime", quoted);
	put_by_name(object, "groupTypes", "[]");
	put_by_name(object, "mailEnabled", "false");
	put_by_name(object, "securityEnabled", "true");
	snprintf(quoted, sizeof(quoted), "\"%.10s\"", guid);
	put_by_name(object, "mailNickname", quoted);
}
