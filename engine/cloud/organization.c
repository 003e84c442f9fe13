/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who the tenant is. */
#include "config.h"

#include "engine/cloud/organization.h"

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/cloud/record.h"

struct asking {
	gb_cloud_organization_fn done;
	void *user;
};

static void take_domains(const struct gb_json *domains, struct gb_cloud_organization *organization)
{
	for (const struct gb_json *e = gb_json_first(domains); e != NULL; e = gb_json_next(e)) {
		const char *name = gb_json_get_text(e, "name");

		if (gb_json_get_bool(e, "isDefault", false)) {
			organization->default_domain = name;
		}
		if (gb_json_get_bool(e, "isInitial", false)) {
			organization->initial_domain = name;
		}
	}
}

enum gb_rc gb_organization_parse(const struct gb_json *root,
				 struct gb_cloud_organization *ret_organization, struct gb_err *err)
{
	const struct gb_json *only = gb_json_first(gb_json_get(root, "value"));
	struct gb_record record;
	enum gb_rc rc;

	*ret_organization = (struct gb_cloud_organization){0};
	if (only == NULL || gb_json_next(only) != NULL) {
		gb_err_set(err, GB_E_PROTOCOL, "graph-organization",
			   _("Graph does not say which tenant this is."));
		gb_err_undone(err, _("Nothing else was read."));
		return gb_err_remedy(err, _("Check the Graph address."));
	}
	rc = gb_record_id(only, "value[0]", &ret_organization->tenant_id, err);
	if (rc != GB_OK) {
		return rc;
	}
	gb_record_init(&record, only, "value[0]", err);
	ret_organization->display_name = gb_record_text(&record, "displayName", 0);
	ret_organization->on_premises_sync_enabled =
		gb_record_tristate(&record, "onPremisesSyncEnabled", 0);
	take_domains(gb_json_get(only, "verifiedDomains"), ret_organization);
	return record.rc;
}

static void on_answer(void *user, enum gb_rc rc, const struct gb_json *root,
		      const struct gb_err *why)
{
	struct asking *asking = user;
	void *holder = gb_new_tmp(NULL);
	struct gb_cloud_organization organization;
	struct gb_err err;

	talloc_steal(holder, asking);
	if (rc == GB_OK) {
		rc = gb_organization_parse(root, &organization, &err);
	} else {
		err = *why;
	}
	if (rc == GB_OK) {
		asking->done(asking->user, GB_OK, &organization, NULL);
	} else {
		asking->done(asking->user, rc, NULL, &err);
	}
	talloc_free(holder);
}

void gb_organization_get(struct gb_graph *graph, const void *ctx, gb_cloud_organization_fn done,
			 void *user)
{
	struct asking *asking = gb_new(ctx, struct asking);
	struct gb_graph_call call = {
		.url = "/v1.0/organization?$select=id,displayName,verifiedDomains,"
		       "onPremisesSyncEnabled",
		.purpose = _("the organization"),
		.permission = "Organization.Read.All",
	};

	asking->done = done;
	asking->user = user;
	gb_graph_get(graph, asking, &call, on_answer, asking);
}
