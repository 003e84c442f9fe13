/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The family /organization: one item, the tenant. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "sim/graph/families.h"

static void write_domains(struct sim_json *json, const struct sim_tenant *tenant)
{
	sim_json_array(json);
	for (size_t i = 0; i < tenant->domain_count; i++) {
		const struct sim_domain *domain = &tenant->domains[i];

		sim_json_object(json);
		sim_json_put_string(json, "capabilities", "Email, OfficeCommunicationsOnline");
		sim_json_put_bool(json, "isDefault", domain->is_default);
		sim_json_put_bool(json, "isInitial", domain->is_initial);
		sim_json_put_string(json, "name", domain->name);
		sim_json_put_string(json, "type", "Managed");
		sim_json_object_end(json);
	}
	sim_json_array_end(json);
}

static void write_synced(struct sim_json *json, const struct sim_tenant *tenant)
{
	sim_json_raw(json, tenant->is_synced ? "true" : "null");
}

static void write_name(struct sim_json *json, const struct sim_tenant *tenant)
{
	sim_json_string(json, tenant->display_name);
}

static void write_id(struct sim_json *json, const struct sim_tenant *tenant)
{
	sim_json_string(json, tenant->id);
}

static void write_country(struct sim_json *json, const struct sim_tenant *tenant)
{
	sim_json_string(json, tenant->country);
}

static void write_created(struct sim_json *json, const struct sim_tenant *tenant)
{
	sim_json_string(json, tenant->created);
}

static void write_type(struct sim_json *json, const struct sim_tenant *tenant)
{
	(void)tenant;
	sim_json_string(json, "AAD");
}

static void write_null(struct sim_json *json, const struct sim_tenant *tenant)
{
	(void)tenant;
	sim_json_null(json);
}

static void write_empty(struct sim_json *json, const struct sim_tenant *tenant)
{
	(void)tenant;
	sim_json_raw(json, "[]");
}

static const struct {
	const char *name;
	void (*write)(struct sim_json *json, const struct sim_tenant *tenant);
} properties[] = {
	{"id", write_id},
	{"deletedDateTime", write_null},
	{"businessPhones", write_empty},
	{"city", write_null},
	{"country", write_null},
	{"countryLetterCode", write_country},
	{"createdDateTime", write_created},
	{"marketingNotificationEmails", write_empty},
	{"defaultUsageLocation", write_null},
	{"displayName", write_name},
	{"onPremisesLastSyncDateTime", write_null},
	{"onPremisesSyncEnabled", write_synced},
	{"partnerTenantType", write_null},
	{"postalCode", write_null},
	{"preferredLanguage", write_null},
	{"privacyProfile", write_null},
	{"securityComplianceNotificationMails", write_empty},
	{"securityComplianceNotificationPhones", write_empty},
	{"state", write_null},
	{"street", write_null},
	{"technicalNotificationMails", write_empty},
	{"tenantType", write_type},
	{"assignedPlans", write_empty},
	{"provisionedPlans", write_empty},
	{"verifiedDomains", write_domains},
};

static const char *find_select(const struct sim_call *call)
{
	const char *select = sim_pairs_get(&call->request->query, "$select");

	return select ? select : sim_pairs_get(&call->request->query, "select");
}

static bool is_selected(const char *select, const char *name)
{
	size_t length = strlen(name);

	for (const char *p = select; p && *p; p += strcspn(p, ","), p += *p == ',') {
		p += strspn(p, " ");
		if (strncasecmp(p, name, length) == 0 && strchr(", ", p[length])) {
			return true;
		}
	}
	return !select;
}

static bool has_property(const char *name, size_t length)
{
	for (size_t i = 0; i < SIM_ARRAY_SIZE(properties); i++) {
		if (strlen(properties[i].name) == length &&
		    strncasecmp(properties[i].name, name, length) == 0) {
			return true;
		}
	}
	return false;
}

static bool check_select(struct sim_call *call)
{
	for (const char *p = find_select(call); p && *p; p += strcspn(p, ","), p += *p == ',') {
		size_t length = 0;

		p += strspn(p, " ");
		length = strcspn(p, ", ");
		if (!has_property(p, length)) {
			return sim_graph_error(
				call, 400, "BadRequest",
				"Parsing OData Select and Expand failed: Could not find a property "
				"named '%.*s' on type 'microsoft.graph.organization'.",
				(int)length, p);
		}
	}
	return true;
}

static void write_organization(struct sim_call *call, struct sim_json *json, const char *select)
{
	for (size_t i = 0; i < SIM_ARRAY_SIZE(properties); i++) {
		if (is_selected(select, properties[i].name)) {
			sim_json_key(json, properties[i].name);
			properties[i].write(json, call->world->tenant);
		}
	}
}

static void write_context(struct sim_call *call, struct sim_json *json, const char *tail)
{
	const char *select = find_select(call);

	sim_json_put_string(json, "@odata.context",
			    sim_printf(call->request, "%s/$metadata#organization%s%s%s%s",
				       sim_call_base(call), select ? "(" : "", select ? select : "",
				       select ? ")" : "", tail));
}

void sim_organization_list(struct sim_call *call)
{
	struct sim_json json = {.out = call->response->body};

	if (!check_select(call)) {
		return;
	}
	sim_json_object(&json);
	write_context(call, &json, "");
	sim_json_key(&json, "value");
	sim_json_array(&json);
	sim_json_object(&json);
	write_organization(call, &json, find_select(call));
	sim_json_object_end(&json);
	sim_json_array_end(&json);
	sim_json_object_end(&json);
}

void sim_organization_get(struct sim_call *call)
{
	struct sim_json json = {.out = call->response->body};

	if (strcasecmp(call->keys[0], call->world->tenant->id) != 0) {
		sim_graph_not_found(call, call->keys[0]);
		return;
	}
	if (!check_select(call)) {
		return;
	}
	sim_json_object(&json);
	write_context(call, &json, "/$entity");
	write_organization(call, &json, find_select(call));
	sim_json_object_end(&json);
}
