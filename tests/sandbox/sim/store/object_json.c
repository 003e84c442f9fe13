/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Objects from JSON. */
#include "config.h"

#include "sim/store/object_json.h"

#include <string.h>

bool sim_json_get_guid(const cJSON *object, const char *key, uint8_t ret_id[SIM_GUID_SIZE],
		       struct sim_err *err)
{
	const char *text = sim_json_get_string(object, key, "");

	if (!sim_guid_parse(text, ret_id)) {
		return sim_fail(err, "\"%s\" is \"%.80s\" and not a GUID.", key, text);
	}
	return true;
}

static bool is_reserved(const char *key)
{
	return strcmp(key, "id") == 0 || strcmp(key, "members") == 0 ||
	       strcmp(key, "owners") == 0 || strcmp(key, "state") == 0;
}

bool sim_json_has_shape(const cJSON *value, enum sim_kind kind)
{
	switch (kind) {
	case SIM_TEXT:
		return cJSON_IsString(value);
	case SIM_BOOL:
		return cJSON_IsBool(value);
	case SIM_NUMBER:
		return cJSON_IsNumber(value);
	case SIM_LIST:
		return cJSON_IsArray(value);
	case SIM_COMPLEX:
		return cJSON_IsObject(value);
	}
	return false;
}

bool sim_object_check(enum sim_type type, const cJSON *json, struct sim_err *err)
{
	const cJSON *item = NULL;

	if (!cJSON_IsObject(json)) {
		return sim_fail(err, "A %s must be a JSON object.", sim_type_info(type)->name);
	}
	cJSON_ArrayForEach(item, json)
	{
		int prop = sim_prop_find(type, item->string);

		if (is_reserved(item->string)) {
			continue;
		}
		if (prop < 0) {
			return sim_fail(err, "A %s has no property \"%.80s\".",
					sim_type_info(type)->name, item->string);
		}
		if (!cJSON_IsNull(item) &&
		    !sim_json_has_shape(item, sim_type_info(type)->props[prop].kind)) {
			return sim_fail(
				err, "The property \"%s\" of a %s has a value of the wrong kind.",
				item->string, sim_type_info(type)->name);
		}
	}
	return true;
}

/* Graph returns both members of this complex type, whatever was set. */
static void print_writeback(struct sim_buf *text, const cJSON *value)
{
	static const char *const keys[] = {"isEnabled", "onPremisesGroupType"};

	for (size_t i = 0; i < SIM_ARRAY_SIZE(keys); i++) {
		sim_buf_printf(text, "%s\"%s\":", i ? "," : "{", keys[i]);
		sim_json_print(text, cJSON_GetObjectItemCaseSensitive(value, keys[i]));
	}
	sim_buf_byte(text, '}');
}

void sim_object_apply(struct sim_store *store, struct sim_object *object, const cJSON *json)
{
	const cJSON *item = NULL;
	struct sim_buf *text = sim_buf_new(NULL);

	cJSON_ArrayForEach(item, json)
	{
		int prop = sim_prop_find(object->type, item->string);

		if (is_reserved(item->string) || prop < 0) {
			continue;
		}
		sim_buf_cut(text, 0);
		if (cJSON_IsObject(item) && strcmp(item->string, "writebackConfiguration") == 0) {
			print_writeback(text, item);
		} else {
			sim_json_print(text, item);
		}
		sim_store_set(store, object, prop, text->data);
	}
	talloc_free(text);
}
