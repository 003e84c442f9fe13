/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The families /groupSettings and /groupSettingTemplates, in beta /settings and so on. */
#include "config.h"

#include "sim/store/settings.h"

#include <strings.h>

#include "sim/graph/body.h"
#include "sim/graph/caller.h"
#include "sim/graph/families.h"

static const char *collection_name(const struct sim_call *call)
{
	return call->beta ? "settings" : "groupSettings";
}

static void write_setting(struct sim_json *json, const struct sim_setting *setting)
{
	const struct sim_setting_template *template = sim_setting_template(setting->template_index);

	sim_json_put_string(json, "id", setting->id);
	sim_json_put_string(json, "displayName", template->name);
	sim_json_put_string(json, "templateId", template->id);
	sim_json_key(json, "values");
	sim_json_array(json);
	for (size_t i = 0; i < template->count; i++) {
		sim_json_object(json);
		sim_json_put_string(json, "name", template->values[i].name);
		sim_json_put_string(json, "value", sim_setting_value(setting, i));
		sim_json_object_end(json);
	}
	sim_json_array_end(json);
}

static void answer_setting(struct sim_call *call, const struct sim_setting *setting)
{
	struct sim_json json = {.out = call->response->body};

	sim_json_object(&json);
	sim_odata_context(call, &json,
			  sim_printf(call->request, "%s/$entity", collection_name(call)), NULL);
	write_setting(&json, setting);
	sim_json_object_end(&json);
}

void sim_settings_list(struct sim_call *call)
{
	const struct sim_settings *settings = call->world->tenant->settings;
	struct sim_json json = {.out = call->response->body};

	sim_json_object(&json);
	sim_odata_context(call, &json, collection_name(call), NULL);
	sim_json_key(&json, "value");
	sim_json_array(&json);
	for (size_t i = 0; i < settings->count; i++) {
		sim_json_object(&json);
		write_setting(&json, &settings->items[i]);
		sim_json_object_end(&json);
	}
	sim_json_array_end(&json);
	sim_json_object_end(&json);
}

/* The setting at key 0. False: the call was answered. */
static bool setting_at_key(struct sim_call *call, struct sim_setting **ret_setting)
{
	*ret_setting = sim_setting_find(call->world->tenant->settings, call->keys[0]);
	return *ret_setting || sim_graph_not_found(call, call->keys[0]);
}

void sim_settings_get(struct sim_call *call)
{
	struct sim_setting *setting = NULL;

	if (setting_at_key(call, &setting)) {
		answer_setting(call, setting);
	}
}

static bool values_fit(struct sim_call *call, size_t template_index, const cJSON *values)
{
	struct sim_err err;

	return sim_setting_check(template_index, values, &err) ||
	       sim_graph_error(call, 400, "Request_BadRequest",
			       "Invalid value specified for property 'values' of resource "
			       "'DirectorySetting': %s",
			       err.text);
}

static bool check_new(struct sim_call *call, const cJSON *body, size_t *ret_template)
{
	const cJSON *values = sim_json_get_array(body, "values");

	*ret_template = sim_setting_template_find(sim_json_get_string(body, "templateId", ""));
	if (!sim_setting_template(*ret_template)) {
		return sim_graph_error(call, 400, "Request_BadRequest",
				       "A template with the id '%s' does not exist.",
				       sim_json_get_string(body, "templateId", ""));
	}
	if (sim_setting_of_template(call->world->tenant->settings, *ret_template)) {
		return sim_graph_error(call, 400, "Request_BadRequest",
				       "A conflicting object with one or more of the specified "
				       "property values is present in the directory.");
	}
	return values_fit(call, *ret_template, values);
}

void sim_settings_create(struct sim_call *call)
{
	struct sim_settings *settings = call->world->tenant->settings;
	const cJSON *body = NULL;
	struct sim_setting *setting = NULL;
	size_t template_index = 0;

	if (!sim_caller_may_change_settings(call) || !sim_body_read(call, &body) ||
	    !check_new(call, body, &template_index)) {
		return;
	}
	setting = sim_setting_add(settings, template_index);
	sim_rng_guid_text(&call->world->rng, setting->id);
	sim_setting_put(settings, setting, sim_json_get_array(body, "values"));
	call->response->status = 201;
	answer_setting(call, setting);
}

void sim_settings_patch(struct sim_call *call)
{
	const cJSON *body = NULL;
	struct sim_setting *setting = NULL;

	if (sim_caller_may_change_settings(call) && sim_body_read(call, &body) &&
	    setting_at_key(call, &setting) &&
	    values_fit(call, setting->template_index, sim_json_get_array(body, "values"))) {
		sim_setting_put(call->world->tenant->settings, setting,
				sim_json_get_array(body, "values"));
		sim_answer_nothing(call);
	}
}

void sim_settings_delete(struct sim_call *call)
{
	struct sim_settings *settings = call->world->tenant->settings;
	struct sim_setting *setting = NULL;

	if (sim_caller_may_change_settings(call) && setting_at_key(call, &setting)) {
		*setting = settings->items[--settings->count];
		sim_answer_nothing(call);
	}
}

static void write_template(struct sim_json *json, const struct sim_setting_template *template)
{
	sim_json_put_string(json, "id", template->id);
	sim_json_key(json, "deletedDateTime");
	sim_json_null(json);
	sim_json_put_string(json, "displayName", template->name);
	sim_json_put_string(json, "description", template->description);
	sim_json_key(json, "values");
	sim_json_array(json);
	for (size_t i = 0; i < template->count; i++) {
		sim_json_object(json);
		sim_json_put_string(json, "name", template->values[i].name);
		sim_json_put_string(json, "type", template->values[i].type);
		sim_json_put_string(json, "defaultValue", template->values[i].fallback);
		sim_json_put_string(json, "description", template->values[i].name);
		sim_json_object_end(json);
	}
	sim_json_array_end(json);
}

static const char *templates_name(const struct sim_call *call)
{
	return call->beta ? "directorySettingTemplates" : "groupSettingTemplates";
}

void sim_setting_templates_list(struct sim_call *call)
{
	struct sim_json json = {.out = call->response->body};

	sim_json_object(&json);
	sim_odata_context(call, &json, templates_name(call), NULL);
	sim_json_key(&json, "value");
	sim_json_array(&json);
	for (size_t i = 0; sim_setting_template(i); i++) {
		sim_json_object(&json);
		write_template(&json, sim_setting_template(i));
		sim_json_object_end(&json);
	}
	sim_json_array_end(&json);
	sim_json_object_end(&json);
}

void sim_setting_templates_get(struct sim_call *call)
{
	size_t i = sim_setting_template_find(call->keys[0]);
	struct sim_json json = {.out = call->response->body};

	if (!sim_setting_template(i)) {
		sim_graph_not_found(call, call->keys[0]);
		return;
	}
	sim_json_object(&json);
	sim_odata_context(call, &json,
			  sim_printf(call->request, "%s/$entity", templates_name(call)), NULL);
	write_template(&json, sim_setting_template(i));
	sim_json_object_end(&json);
}
