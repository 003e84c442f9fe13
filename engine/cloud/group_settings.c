/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings of writeback in the tenant. */
#include "config.h"

#include "engine/cloud/group_settings.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

/* Template of the settings for Microsoft 365 groups, the same in every tenant ("Group.Unified"). */
#define TEMPLATE "62375ab9-6b52-47ed-826b-58e47e0e304b"
#define SETTING  "NewUnifiedGroupWritebackDefault"

/** Pages of groups; more of them go round in circles. */
#define MAX_PAGES 10000

/* What all calls here are about, for errors. */
static const char *purpose(void)
{
	return _("the writeback features");
}

static enum gb_rc call(struct gb_entra *entra, const void *ctx, const char *method,
		       const char *path, const char *body, struct gb_json_doc **ret_doc,
		       struct gb_err *err)
{
	struct gb_entra_call request = {
		.method = method,
		.path = path,
		.body = body,
		.purpose = purpose(),
		.role = "Groups Administrator",
	};

	return gb_entra_call(entra, ctx, &request, ret_doc, err);
}

/* Its id becomes a part of a path. */
static bool has_id(const struct gb_json *object)
{
	const char *id = gb_json_get_text(object, "id");
	struct gb_guid guid;

	return id && gb_guid_parse(id, &guid);
}

static const struct gb_json *find_setting(const struct gb_json *root)
{
	for (const struct gb_json *s = gb_json_first(gb_json_get(root, "value")); s;
	     s = gb_json_next(s)) {
		const char *template = gb_json_get_text(s, "templateId");

		if (template && gb_text_equal_nocase(template, TEMPLATE) && has_id(s)) {
			return s;
		}
	}
	return NULL;
}

/* Without the object, or without the value, the default holds: yes. */
static bool default_of(const struct gb_json *setting)
{
	for (const struct gb_json *v = gb_json_first(gb_json_get(setting, "values")); v;
	     v = gb_json_next(v)) {
		const char *name = gb_json_get_text(v, "name");
		const char *value = gb_json_get_text(v, "value");

		if (name && value && strcmp(name, SETTING) == 0) {
			return !gb_text_equal_nocase(value, "false");
		}
	}
	return true;
}

static enum gb_rc read_setting(struct gb_entra *entra, const void *ctx,
			       const struct gb_json **ret_setting, struct gb_err *err)
{
	struct gb_json_doc *doc = NULL;
	enum gb_rc rc = call(entra, ctx, "GET", "/v1.0/groupSettings", NULL, &doc, err);

	*ret_setting = rc == GB_OK && doc ? find_setting(gb_json_root(doc)) : NULL;
	return rc;
}

enum gb_rc gb_group_settings_default(struct gb_entra *entra, const void *ctx, bool *ret_value,
				     struct gb_err *err)
{
	const struct gb_json *setting;
	enum gb_rc rc = read_setting(entra, ctx, &setting, err);

	if (rc == GB_OK) {
		*ret_value = default_of(setting);
	}
	return rc;
}

static void put_value(struct gb_json_writer *w, const char *name, const char *value)
{
	gb_json_begin_object(w, NULL);
	gb_json_put_text(w, "name", name);
	gb_json_put_text(w, "value", value);
	gb_json_end_object(w);
}

/* All values as they are, but for ours: Graph replaces the list as a whole. */
static void put_values(struct gb_json_writer *w, const struct gb_json *values,
		       const char *value_key, bool value)
{
	const char *ours = value ? "true" : "false";
	bool is_there = false;

	gb_json_begin_array(w, "values");
	for (const struct gb_json *v = gb_json_first(values); v; v = gb_json_next(v)) {
		const char *name = gb_json_get_text(v, "name");
		bool is_ours = name && strcmp(name, SETTING) == 0;

		if (name) {
			put_value(w, name, is_ours ? ours : gb_json_get_text(v, value_key));
		}
		is_there = is_there || is_ours;
	}
	if (!is_there) {
		put_value(w, SETTING, ours);
	}
	gb_json_end_array(w);
}

static enum gb_rc patch_setting(struct gb_entra *entra, const void *ctx,
				const struct gb_json *setting, bool value, struct gb_err *err)
{
	struct gb_json_writer *w = gb_json_writer_new(ctx, false);
	char *path = gb_printf(ctx, "/v1.0/groupSettings/%s", gb_json_get_text(setting, "id"));

	gb_json_begin_object(w, NULL);
	put_values(w, gb_json_get(setting, "values"), "value", value);
	gb_json_end_object(w);
	return call(entra, ctx, "PATCH", path, gb_json_writer_text(w), NULL, err);
}

/* The template names every value with its default. */
static enum gb_rc create_setting(struct gb_entra *entra, const void *ctx, bool value,
				 struct gb_err *err)
{
	struct gb_json_writer *w = gb_json_writer_new(ctx, false);
	struct gb_json_doc *doc = NULL;
	enum gb_rc rc = call(entra, ctx, "GET", "/v1.0/groupSettingTemplates/" TEMPLATE, NULL, &doc,
			     err);

	if (rc != GB_OK) {
		return rc;
	}
	gb_json_begin_object(w, NULL);
	gb_json_put_text(w, "templateId", TEMPLATE);
	put_values(w, doc ? gb_json_get(gb_json_root(doc), "values") : NULL, "defaultValue", value);
	gb_json_end_object(w);
	return call(entra, ctx, "POST", "/v1.0/groupSettings", gb_json_writer_text(w), NULL, err);
}

enum gb_rc gb_group_settings_set_default(struct gb_entra *entra, const void *ctx, bool value,
					 bool *ret_before, struct gb_err *err)
{
	const struct gb_json *setting;
	enum gb_rc rc = read_setting(entra, ctx, &setting, err);

	if (rc != GB_OK) {
		return rc;
	}
	*ret_before = default_of(setting);
	if (*ret_before == value) {
		return GB_OK;
	}
	return setting ? patch_setting(entra, ctx, setting, value, err)
		       : create_setting(entra, ctx, value, err);
}

static enum gb_tristate enabled_of(const struct gb_json *group)
{
	const struct gb_json *writeback = gb_json_get(group, "writebackConfiguration");

	if (gb_json_member_kind(writeback, "isEnabled") != GB_JSON_BOOL) {
		return GB_UNKNOWN;
	}
	return gb_json_get_bool(writeback, "isEnabled", false) ? GB_YES : GB_NO;
}

static enum gb_rc take_group(const struct gb_json *group, gb_group_settings_on_group on_group,
			     void *user)
{
	const char *id = gb_json_get_text(group, "id");
	struct gb_guid guid;

	if (!id || !gb_guid_parse(id, &guid)) {
		return GB_OK;
	}
	return on_group(user, &guid, gb_json_get_text(group, "displayName"), enabled_of(group));
}

static enum gb_rc unusable(const char *why, struct gb_err *err)
{
	gb_err_set(err, GB_E_PROTOCOL, "graph-list", _("The list of groups cannot be used: %s."), why);
	gb_err_undone(err, _("Nothing was changed in the tenant."));
	return gb_err_remedy(err, _("Run again; if it stays so, check what stands between this host "
				    "and Graph, and report it."));
}

/* NULL behind the last page. A list that ends because its link is not understood would pass for the whole. */
static enum gb_rc read_next(const struct gb_entra *entra, const void *ctx,
			    const struct gb_json *root, char **ret_next, struct gb_err *err)
{
	const char *link = gb_json_get_text(root, "@odata.nextLink");

	*ret_next = NULL;
	if (link) {
		return gb_entra_link_path(entra, ctx, link, purpose(), ret_next, err);
	}
	return gb_json_member_kind(root, "@odata.nextLink") == GB_JSON_ABSENT
		       ? GB_OK
		       : unusable(_("the link to its next page is no text"), err);
}

/* *ret_next is below @ctx; NULL behind the last page. */
static enum gb_rc read_page(struct gb_entra *entra, const void *ctx, const char *path,
			    gb_group_settings_on_group on_group, void *user, char **ret_next,
			    struct gb_err *err)
{
	struct gb_json_doc *doc = NULL;
	enum gb_rc rc = call(entra, ctx, "GET", path, NULL, &doc, err);
	const struct gb_json *root;

	*ret_next = NULL;
	if (rc != GB_OK || !doc) {
		return rc;
	}
	root = gb_json_root(doc);
	if (gb_json_member_kind(root, "value") != GB_JSON_ARRAY) {
		rc = unusable(_("it has no list of records"), err);
	}
	for (const struct gb_json *g = gb_json_first(gb_json_get(root, "value"));
	     g && rc == GB_OK; g = gb_json_next(g)) {
		rc = take_group(g, on_group, user);
	}
	if (rc == GB_OK) {
		rc = read_next(entra, ctx, root, ret_next, err);
	}
	talloc_free(doc);
	return rc;
}

enum gb_rc gb_group_settings_each(struct gb_entra *entra, const void *ctx,
				  gb_group_settings_on_group on_group, void *user,
				  struct gb_err *err)
{
	char *path = gb_strdup(ctx, "/beta/groups?$filter=groupTypes/any(c:c%20eq%20'Unified')"
				    "&$select=id,displayName,writebackConfiguration&$top=500");
	enum gb_rc rc = GB_OK;

	for (int page = 0; rc == GB_OK && path && page < MAX_PAGES; page++) {
		char *next;

		rc = read_page(entra, ctx, path, on_group, user, &next, err);
		if (rc == GB_OK && next && strcmp(next, path) == 0) {
			rc = unusable(_("its pages lead in a circle"), err);
		}
		talloc_free(path);
		path = next;
	}
	return rc == GB_OK && path ? unusable(_("its pages do not end"), err) : rc;
}

enum gb_rc gb_group_settings_look(struct gb_entra *entra, const void *ctx, const struct gb_guid *id,
				  gb_group_settings_on_group on_group, void *user,
				  struct gb_err *err)
{
	char text[GB_GUID_TEXT_BYTES];
	char *path = gb_printf(ctx, "/beta/groups/%s?$select=id,displayName,writebackConfiguration",
			       gb_guid_format(id, text));
	struct gb_json_doc *doc = NULL;
	enum gb_rc rc = call(entra, ctx, "GET", path, NULL, &doc, err);

	return rc == GB_OK && doc ? take_group(gb_json_root(doc), on_group, user) : rc;
}

enum gb_rc gb_group_settings_switch(struct gb_entra *entra, const void *ctx,
				    const struct gb_guid *id, bool value, struct gb_err *err)
{
	char text[GB_GUID_TEXT_BYTES];
	char *path = gb_printf(ctx, "/beta/groups/%s", gb_guid_format(id, text));

	return call(entra, ctx, "PATCH", path,
		    value ? "{\"writebackConfiguration\":{\"isEnabled\":true}}"
			  : "{\"writebackConfiguration\":{\"isEnabled\":false}}",
		    NULL, err);
}
