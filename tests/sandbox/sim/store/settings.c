/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Directory settings. */
#include "config.h"

#include "sim/store/settings.h"

#include <string.h>
#include <strings.h>

static const struct sim_setting_value unified[] = {
	{"NewUnifiedGroupWritebackDefault", "System.Boolean", "true"},
	{"EnableMIPLabels", "System.Boolean", "false"},
	{"CustomBlockedWordsList", "System.String", ""},
	{"EnableMSStandardBlockedWords", "System.Boolean", "false"},
	{"ClassificationDescriptions", "System.String", ""},
	{"DefaultClassification", "System.String", ""},
	{"PrefixSuffixNamingRequirement", "System.String", ""},
	{"AllowGuestsToBeGroupOwner", "System.Boolean", "false"},
	{"AllowGuestsToAccessGroups", "System.Boolean", "true"},
	{"GuestUsageGuidelinesUrl", "System.String", ""},
	{"GroupCreationAllowedGroupId", "System.Guid", ""},
	{"AllowToAddGuests", "System.Boolean", "true"},
	{"UsageGuidelinesUrl", "System.String", ""},
	{"ClassificationList", "System.String", ""},
	{"EnableGroupCreation", "System.Boolean", "true"},
};

static const struct sim_setting_value guest[] = {
	{"AllowToAddGuests", "System.Boolean", "true"},
};

static const struct sim_setting_value prohibited[] = {
	{"CustomBlockedSubStringsList", "System.String", ""},
	{"CustomBlockedWholeWordsList", "System.String", ""},
};

#define VALUES(table) table, SIM_ARRAY_SIZE(table)

static const struct sim_setting_template templates[] = {
	{"62375ab9-6b52-47ed-826b-58e47e0e304b", "Group.Unified",
	 "Settings of Microsoft 365 groups for the whole tenant", VALUES(unified)},
	{"08d542b9-071f-4e16-94b0-74abb372e3d9", "Group.Unified.Guest",
	 "Settings of one Microsoft 365 group", VALUES(guest)},
	{"80661d51-be2f-4d46-9713-98a2fcaec5bc", "Prohibited Names Settings",
	 "Names that nothing may have", VALUES(prohibited)},
};

_Static_assert(SIM_ARRAY_SIZE(unified) <= SIM_SETTING_VALUE_MAX, "values fit");
_Static_assert(SIM_ARRAY_SIZE(templates) <= SIM_SETTING_MAX, "settings fit");

const char *sim_setting_value(const struct sim_setting *setting, size_t i)
{
	return setting->values[i] ? setting->values[i]
				  : templates[setting->template_index].values[i].fallback;
}

const struct sim_setting_template *sim_setting_template(size_t index)
{
	return index < SIM_ARRAY_SIZE(templates) ? &templates[index] : NULL;
}

size_t sim_setting_template_find(const char *id)
{
	size_t i = 0;

	while (i < SIM_ARRAY_SIZE(templates) && strcasecmp(templates[i].id, id) != 0) {
		i++;
	}
	return i;
}

static size_t find_value(size_t template_index, const char *name)
{
	const struct sim_setting_template *template = &templates[template_index];
	size_t i = 0;

	while (i < template->count && strcasecmp(template->values[i].name, name) != 0) {
		i++;
	}
	return i;
}

static bool is_good_value(const struct sim_setting_value *value, const char *text)
{
	uint8_t id[SIM_GUID_SIZE];

	if (strcmp(value->type, "System.Boolean") == 0) {
		return strcasecmp(text, "true") == 0 || strcasecmp(text, "false") == 0;
	}
	return strcmp(value->type, "System.Guid") != 0 || !text[0] || sim_guid_parse(text, id);
}

bool sim_setting_check(size_t template_index, const cJSON *list, struct sim_err *err)
{
	const struct sim_setting_template *template = &templates[template_index];
	const cJSON *item = NULL;

	cJSON_ArrayForEach(item, list)
	{
		const char *name = sim_json_get_string(item, "name", "");
		const char *text = sim_json_get_string(item, "value", NULL);
		size_t i = find_value(template_index, name);

		if (i == template->count) {
			return sim_fail(err, "'%.80s' is no setting of the template.", name);
		}
		if (!text || !is_good_value(&template->values[i], text)) {
			return sim_fail(
				err, "'%.80s' has a value that the template does not admit.", name);
		}
	}
	return true;
}

void sim_setting_put(struct sim_settings *settings, struct sim_setting *setting, const cJSON *list)
{
	const cJSON *item = NULL;

	cJSON_ArrayForEach(item, list)
	{
		size_t i =
			find_value(setting->template_index, sim_json_get_string(item, "name", ""));

		talloc_free(setting->values[i]);
		setting->values[i] = sim_strdup(settings, sim_json_get_string(item, "value", ""));
	}
}

struct sim_setting *sim_setting_find(struct sim_settings *settings, const char *id)
{
	for (size_t i = 0; i < settings->count; i++) {
		if (strcasecmp(settings->items[i].id, id) == 0) {
			return &settings->items[i];
		}
	}
	return NULL;
}

struct sim_setting *sim_setting_of_template(struct sim_settings *settings, size_t template_index)
{
	for (size_t i = 0; i < settings->count; i++) {
		if (settings->items[i].template_index == template_index) {
			return &settings->items[i];
		}
	}
	return NULL;
}

struct sim_setting *sim_setting_add(struct sim_settings *settings, size_t template_index)
{
	struct sim_setting *setting = &settings->items[settings->count++];

	memset(setting, 0, sizeof(*setting));
	setting->template_index = template_index;
	return setting;
}

static bool load_one(struct sim_settings *settings, const cJSON *json, struct sim_err *err)
{
	size_t template_index =
		sim_setting_template_find(sim_json_get_string(json, "templateId", ""));
	const cJSON *values = sim_json_get_array(json, "values");
	uint8_t id[SIM_GUID_SIZE];
	struct sim_setting *setting = NULL;

	if (!sim_guid_parse(sim_json_get_string(json, "id", ""), id) ||
	    !sim_setting_template(template_index) ||
	    sim_setting_of_template(settings, template_index)) {
		return sim_fail(err, "A setting of the tenant needs an id and a templateId that is "
				     "known and not used twice.");
	}
	if (!sim_setting_check(template_index, values, err)) {
		return false;
	}
	setting = sim_setting_add(settings, template_index);
	sim_guid_format(id, setting->id);
	sim_setting_put(settings, setting, values);
	return true;
}

bool sim_settings_load(const void *ctx, const cJSON *list, struct sim_settings **ret_settings,
		       struct sim_err *err)
{
	const cJSON *item = NULL;

	*ret_settings = sim_new(ctx, struct sim_settings);
	cJSON_ArrayForEach(item, list)
	{
		if (!load_one(*ret_settings, item, err)) {
			return false;
		}
	}
	return true;
}

struct sim_settings *sim_settings_copy(const void *ctx, const struct sim_settings *from)
{
	struct sim_settings *settings = sim_new(ctx, struct sim_settings);

	*settings = *from;
	for (size_t i = 0; i < from->count; i++) {
		for (size_t j = 0; j < SIM_SETTING_VALUE_MAX; j++) {
			const char *value = from->items[i].values[j];

			settings->items[i].values[j] = value ? sim_strdup(settings, value) : NULL;
		}
	}
	return settings;
}

void sim_settings_stamp(struct sim_settings *settings, struct sim_store *store,
			struct sim_object *group)
{
	const struct sim_setting *setting = sim_setting_of_template(settings, 0);
	size_t i = find_value(0, "NewUnifiedGroupWritebackDefault");

	if (setting && strcasecmp(sim_setting_value(setting, i), "false") == 0) {
		sim_store_set(store, group, sim_prop_find(SIM_GROUP, "writebackConfiguration"),
			      "{\"isEnabled\":false,\"onPremisesGroupType\":null}");
	}
}
