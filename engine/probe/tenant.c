/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writeback features of the tenant, seen and set as the person who signed in. */
#include "config.h"

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/cloud/group_settings.h"
#include "engine/probe/cloud.h"

static int flag(const struct gb_json *object, const char *key)
{
	return gb_json_member_kind(object, key) == GB_JSON_BOOL
		       ? (int)gb_json_get_bool(object, key, false)
		       : -1;
}

static void tell_flag(struct gb_probe *probe, const char *feature, int value, const char *warning)
{
	struct gb_json_writer *w = gb_answer_item("feature");

	gb_json_put_text(w, "feature", feature);
	if (value < 0) {
		gb_json_put_null(w, "value");
	} else {
		gb_json_put_bool(w, "value", value > 0);
	}
	gb_json_put_text(w, "warning", warning);
	gb_answer_send(&probe->answer, w, false);
}

/* 403 and 404 are common here (other clouds, lesser roles): then nothing is known. */
static struct gb_json_doc *look(struct gb_probe *probe, struct gb_entra *entra, const char *path)
{
	struct gb_entra_call call = {
		.method = "GET", .path = path, .purpose = _("the writeback features")};
	struct gb_json_doc *doc = NULL;
	struct gb_err err;

	return gb_entra_call(entra, probe, &call, &doc, &err) == GB_OK ? doc : NULL;
}

static void read_sync(struct gb_probe *probe, struct gb_entra *entra, const char *tenant_id,
		      struct gb_probe_features *features)
{
	char *path = gb_printf(probe, "/beta/directory/onPremisesSynchronization/%s", tenant_id);
	struct gb_json_doc *doc = look(probe, entra, path);
	const struct gb_json *root = doc ? gb_json_root(doc) : NULL;
	const struct gb_json *switches = gb_json_get(root, "features");
	const struct gb_json *writeback =
		gb_json_get(gb_json_get(root, "configuration"), "writebackConfiguration");

	features->unified_group_writeback = flag(switches, "unifiedGroupWritebackEnabled");
	features->group_writeback = flag(switches, "groupWriteBackEnabled");
	features->container =
		gb_strdup(probe, gb_json_get_text(writeback, "unifiedGroupContainer"));
}

void gb_probe_read_features(struct gb_probe *probe, struct gb_entra *entra, const char *tenant_id,
			    struct gb_probe_features *ret_features)
{
	struct gb_json_writer *w;
	bool value;

	*ret_features = (struct gb_probe_features){.new_groups_default = -1};
	read_sync(probe, entra, tenant_id, ret_features);
	if (gb_group_settings_default(entra, probe, &value, NULL) == GB_OK) {
		ret_features->new_groups_default = value;
	}
	tell_flag(probe, "unified-group-writeback", ret_features->unified_group_writeback,
		  ret_features->unified_group_writeback > 0
			  ? _("Entra Connect writes Microsoft 365 groups of this tenant: leave that "
			      "kind to it, or switch it off there first.")
			  : "");
	tell_flag(probe, "group-writeback", ret_features->group_writeback,
		  ret_features->group_writeback > 0
			  ? _("Group writeback v2 is still on in Entra Connect: switch it off there "
			      "before groupback takes its groups over.")
			  : "");
	tell_flag(probe, "new-groups-default", ret_features->new_groups_default,
		  ret_features->new_groups_default > 0
			  ? _("New Microsoft 365 groups are marked for writeback from the start.")
			  : "");
	w = gb_answer_item("feature");
	gb_json_put_text(w, "feature", "unified-group-container");
	gb_json_put_text(w, "value", ret_features->container);
	gb_json_put_text(w, "warning", "");
	gb_answer_send(&probe->answer, w, false);
}

static void put_flag(struct gb_json_writer *w, const char *key, int value)
{
	if (value < 0) {
		gb_json_put_null(w, key);
	} else {
		gb_json_put_bool(w, key, value > 0);
	}
}

void gb_probe_put_features(struct gb_json_writer *w, const struct gb_probe_features *features)
{
	if (!features) {
		gb_json_put_null(w, "features");
		return;
	}
	gb_json_begin_object(w, "features");
	put_flag(w, "unifiedGroupWriteback", features->unified_group_writeback);
	put_flag(w, "groupWriteback", features->group_writeback);
	gb_json_put_text(w, "unifiedGroupContainer", features->container);
	put_flag(w, "newGroupsDefault", features->new_groups_default);
	gb_json_end_object(w);
}

enum gb_rc gb_probe_set_default(struct gb_probe *probe, struct gb_entra *entra, bool value,
				bool *ret_before, struct gb_err *err)
{
	return gb_group_settings_set_default(entra, probe, value, ret_before, err);
}

static enum gb_rc sign_in(struct gb_probe *probe, const char *scopes, struct gb_entra **ret_entra,
			  struct gb_entra_discovery *ret_found, struct gb_err *err)
{
	enum gb_rc rc = gb_probe_entra(probe, ret_entra, err);

	if (rc == GB_OK) {
		rc = gb_entra_discover(*ret_entra, probe, ret_found, err);
	}
	return rc == GB_OK ? gb_probe_sign_in(probe, *ret_entra, scopes, err) : rc;
}

enum gb_rc gb_probe_tenant_features(struct gb_probe *probe, struct gb_err *err)
{
	struct gb_entra_discovery found = {0};
	struct gb_probe_features features;
	struct gb_entra *entra;
	enum gb_rc rc = sign_in(probe, GB_PROBE_SCOPES_FEATURES, &entra, &found, err);

	if (rc == GB_OK) {
		struct gb_json_writer *w;

		gb_probe_read_features(probe, entra, found.tenant_id, &features);
		w = gb_answer_result(&probe->answer);
		gb_probe_put_features(w, &features);
		gb_answer_send(&probe->answer, w, true);
	}
	return rc;
}

enum gb_rc gb_probe_tenant_set_default(struct gb_probe *probe, struct gb_err *err)
{
	bool value = gb_probe_flag(probe, "newGroupsDefault");
	struct gb_entra_discovery found = {0};
	struct gb_entra *entra;
	bool before = false;
	enum gb_rc rc = sign_in(probe, GB_PROBE_SCOPES_DEFAULT, &entra, &found, err);

	if (rc == GB_OK) {
		rc = gb_probe_set_default(probe, entra, value, &before, err);
	}
	if (rc == GB_OK) {
		struct gb_json_writer *w = gb_answer_result(&probe->answer);

		gb_json_put_bool(w, "before", before);
		gb_json_put_bool(w, "now", value);
		gb_answer_send(&probe->answer, w, true);
	}
	return rc;
}
