/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Directory objects as JSON. */
#include "config.h"

#include "sim/graph/entity.h"

#include <string.h>

#define DIRECTORY " Directory.Read.All Directory.ReadWrite.All"

/** Roles that let a token read a type, and its basic properties. */
static const struct {
	const char *all;
	const char *basic;
} readers[SIM_TYPE_COUNT] = {
	[SIM_USER] = {"User.Read.All User.ReadWrite.All" DIRECTORY, "User.ReadBasic.All"},
	[SIM_GROUP] = {"Group.Read.All Group.ReadWrite.All GroupMember.Read.All "
		       "GroupMember.ReadWrite.All" DIRECTORY,
		       "Group.ReadBasic.All"},
	[SIM_DEVICE] = {"Device.Read.All Device.ReadWrite.All" DIRECTORY, ""},
	[SIM_CONTACT] = {"OrgContact.Read.All" DIRECTORY, ""},
	[SIM_PRINCIPAL] = {"Application.Read.All Application.ReadWrite.All" DIRECTORY, ""},
};

enum sim_reading sim_call_reading(const struct sim_call *call, enum sim_type type)
{
	if ((call->is_me && type == SIM_USER) || sim_call_has_any_role(call, readers[type].all)) {
		return SIM_READ_ALL;
	}
	return sim_call_has_any_role(call, readers[type].basic) ? SIM_READ_BASIC : SIM_READ_NOTHING;
}

void sim_entity_style_init(struct sim_entity_style *style, const struct sim_call *call,
			   const struct sim_odata *odata, bool with_type)
{
	style->odata = odata;
	style->deleted = false;
	style->with_type = with_type;
	for (unsigned type = 0; type < SIM_TYPE_COUNT; type++) {
		style->reading[type] = sim_call_reading(call, (enum sim_type)type);
	}
}

const char *sim_entity_empty(enum sim_type type, int prop)
{
	const struct sim_prop *info = &sim_type_info(type)->props[prop];

	if (strcmp(info->name, "writebackConfiguration") == 0) {
		return "{\"isEnabled\":null,\"onPremisesGroupType\":null}";
	}
	return info->kind == SIM_LIST ? "[]" : "null";
}

static bool may_read(enum sim_reading reading, const struct sim_prop *prop)
{
	return reading == SIM_READ_ALL || (reading == SIM_READ_BASIC && (prop->flags & SIM_BASIC));
}

static void write_properties(struct sim_json *json, const struct sim_object *object,
			     const struct sim_entity_style *style)
{
	const struct sim_type_info *info = sim_type_info(object->type);
	uint64_t wanted = style->odata->select[object->type];
	uint16_t v = 0;

	for (size_t i = 0; i < info->prop_count; i++) {
		const char *text = NULL;

		while (v < object->value_count && object->values[v].prop < i) {
			v++;
		}
		if (!(wanted & ((uint64_t)1 << i))) {
			continue;
		}
		if (v < object->value_count && object->values[v].prop == i) {
			text = object->values[v].json;
		}
		if (style->deleted && strcmp(info->props[i].name, "securityEnabled") == 0) {
			text = "false";
		}
		if (!text || strcmp(text, "null") == 0) {
			text = sim_entity_empty(object->type, (int)i);
		}
		sim_json_key(json, info->props[i].name);
		sim_json_raw(json, may_read(style->reading[object->type], &info->props[i])
					   ? text
					   : "null");
	}
}

void sim_entity_write(struct sim_json *json, const struct sim_object *object,
		      const struct sim_entity_style *style)
{
	char id[SIM_GUID_TEXT];

	if (style->with_type) {
		sim_json_put_string(json, "@odata.type", sim_type_info(object->type)->odata_type);
	}
	if (style->odata->select_id || style->reading[object->type] == SIM_READ_NOTHING) {
		sim_guid_format(object->id, id);
		sim_json_put_string(json, "id", id);
	}
	write_properties(json, object, style);
}
