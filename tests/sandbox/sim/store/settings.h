/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Directory settings of the tenant and the templates that they are made from; v1.0 calls them
 * groupSettings and groupSettingTemplates, beta settings and directorySettingTemplates.
 *
 * They live below the tenant. A value that nobody sets has the default of its template.
 */
#ifndef SIM_STORE_SETTINGS_H
#define SIM_STORE_SETTINGS_H

#include "sim/store/store.h"
#include "sim/util/json_read.h"

/** A tenant has at most one setting of each template. */
#define SIM_SETTING_MAX 4
/** Most values of a template. */
#define SIM_SETTING_VALUE_MAX 20

/** A value of a template. */
struct sim_setting_value {
	const char *name;     /**< "EnableGroupCreation" */
	const char *type;     /**< "System.Boolean" */
	const char *fallback; /**< the default */
};

/** A template. */
struct sim_setting_template {
	const char *id;                         /**< GUID, the same in every tenant */
	const char *name;                       /**< "Group.Unified" */
	const char *description;                /**< a sentence */
	const struct sim_setting_value *values; /**< count of them */
	size_t count;                           /**< used values */
};

/** A setting. */
struct sim_setting {
	char id[SIM_GUID_TEXT];              /**< own id */
	size_t template_index;               /**< number of the template */
	char *values[SIM_SETTING_VALUE_MAX]; /**< in the order of the template; NULL: the default */
};

/** The settings of a tenant. */
struct sim_settings {
	struct sim_setting items[SIM_SETTING_MAX]; /**< count of them */
	size_t count;                              /**< used items */
};

/** Template number @index, NULL behind the last one. */
const struct sim_setting_template *sim_setting_template(size_t index);

/** The number of the template with this id, or that behind the last one. */
size_t sim_setting_template_find(const char *id);

/** The setting with this id, or NULL. */
struct sim_setting *sim_setting_find(struct sim_settings *settings, const char *id);

/** The setting that was made from template @index, or NULL. */
struct sim_setting *sim_setting_of_template(struct sim_settings *settings, size_t index);

/** A new setting of template @index, which has none yet; the caller gives it an id. */
struct sim_setting *sim_setting_add(struct sim_settings *settings, size_t index);

/** What value @i of @setting reads. */
const char *sim_setting_value(const struct sim_setting *setting, size_t i);

/**
 * True if every {"name", "value"} of @list fits template @index. False with a sentence that names
 * the one that does not.
 */
bool sim_setting_check(size_t index, const cJSON *list, struct sim_err *err) SIM_MUST_CHECK;

/** Set the values of @list (checked); texts belong to @settings. */
void sim_setting_put(struct sim_settings *settings, struct sim_setting *setting, const cJSON *list);

/** The settings of the tenant file, below @ctx: {"id", "templateId", "values"}. */
bool sim_settings_load(const void *ctx, const cJSON *list, struct sim_settings **ret_settings,
		       struct sim_err *err) SIM_MUST_CHECK;

/** A copy below @ctx. */
struct sim_settings *sim_settings_copy(const void *ctx, const struct sim_settings *from);

/**
 * A new Microsoft 365 group that says nothing itself gets what NewUnifiedGroupWritebackDefault
 * says: isEnabled false if that is "false", else it stays unset.
 */
void sim_settings_stamp(struct sim_settings *settings, struct sim_store *store,
			struct sim_object *group);

#endif
