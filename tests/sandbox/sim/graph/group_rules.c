/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a group may be. */
#include "config.h"

#include "sim/graph/group_rules.h"

#include <string.h>
#include <strings.h>

static const char *json_of(const struct sim_object *group, const char *name)
{
	const char *json = group ? sim_object_get(group, sim_prop_find(SIM_GROUP, name)) : NULL;

	return json ? json : "null";
}

static bool is_true(const struct sim_object *group, const char *name)
{
	return strcmp(json_of(group, name), "true") == 0;
}

struct sim_group_kind sim_group_kind(const struct sim_object *group)
{
	const char *types = json_of(group, "groupTypes");

	return (struct sim_group_kind){
		.unified = strcasestr(types, "\"Unified\"") != NULL,
		.dynamic = strcasestr(types, "\"DynamicMembership\"") != NULL,
		.mail_enabled = is_true(group, "mailEnabled"),
		.security = is_true(group, "securityEnabled"),
		.synced = is_true(group, "onPremisesSyncEnabled"),
	};
}

static bool has_type(const cJSON *list, const char *name)
{
	const cJSON *item = NULL;

	cJSON_ArrayForEach(item, list)
	{
		if (cJSON_IsString(item) && strcasecmp(item->valuestring, name) == 0) {
			return true;
		}
	}
	return false;
}

struct sim_group_kind sim_group_kind_with(const struct sim_object *group, const cJSON *body)
{
	struct sim_group_kind kind = sim_group_kind(group);
	const cJSON *types = cJSON_GetObjectItemCaseSensitive(body, "groupTypes");

	if (types) {
		kind.unified = has_type(types, "Unified");
		kind.dynamic = has_type(types, "DynamicMembership");
	}
	kind.mail_enabled = sim_json_get_bool(body, "mailEnabled", kind.mail_enabled);
	kind.security = sim_json_get_bool(body, "securityEnabled", kind.security);
	return kind;
}

/* ASCII, at most 64 characters, and none that an address cannot have (Graph's page of groups). */
static bool is_nickname(const char *text)
{
	size_t length = strlen(text);

	for (size_t i = 0; i < length; i++) {
		if (text[i] <= ' ' || text[i] >= 127 || strchr("@()\\[]\";:.<>,", text[i])) {
			return false;
		}
	}
	return length > 0 && length <= 64;
}

static bool is_one_of(const cJSON *value, const char *const *names)
{
	for (size_t i = 0; names[i]; i++) {
		if (cJSON_IsString(value) && strcasecmp(value->valuestring, names[i]) == 0) {
			return true;
		}
	}
	return false;
}

/* Characters as Graph counts them: units of UTF-16. */
static size_t count_units(const char *text)
{
	size_t units = 0;

	for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
		units += (*p >= 0xF0 ? 2u : (*p & 0xC0) != 0x80 ? 1u : 0u);
	}
	return units;
}

static bool check_texts(struct sim_call *call, const cJSON *body)
{
	static const struct {
		const char *name;
		size_t longest;
	} limits[] = {{"displayName", 256}, {"description", 1024}, {"membershipRule", 3072}};
	const cJSON *nickname = cJSON_GetObjectItemCaseSensitive(body, "mailNickname");

	for (size_t i = 0; i < SIM_ARRAY_SIZE(limits); i++) {
		const cJSON *text = cJSON_GetObjectItemCaseSensitive(body, limits[i].name);

		if (cJSON_IsString(text) && count_units(text->valuestring) > limits[i].longest) {
			return sim_body_invalid(call, SIM_GROUP, limits[i].name);
		}
	}
	if (cJSON_IsString(cJSON_GetObjectItemCaseSensitive(body, "displayName")) &&
	    !cJSON_GetObjectItemCaseSensitive(body, "displayName")->valuestring[0]) {
		return sim_body_invalid(call, SIM_GROUP, "displayName");
	}
	return !nickname || (cJSON_IsString(nickname) && is_nickname(nickname->valuestring)) ||
	       sim_body_invalid(call, SIM_GROUP, "mailNickname");
}

static bool check_visibility(struct sim_call *call, const struct sim_group_kind *kind,
			     const cJSON *body)
{
	static const char *const known[] = {"Private", "Public", "HiddenMembership", NULL};
	static const char *const hidden[] = {"HiddenMembership", NULL};
	const cJSON *visibility = cJSON_GetObjectItemCaseSensitive(body, "visibility");

	if (!visibility || cJSON_IsNull(visibility)) {
		return true;
	}
	return (is_one_of(visibility, known) &&
		(kind->unified || !is_one_of(visibility, hidden))) ||
	       sim_body_invalid(call, SIM_GROUP, "visibility");
}

/* A security group can only become a universal security group (groupWritebackConfiguration). */
static bool check_writeback(struct sim_call *call, const struct sim_group_kind *kind,
			    const cJSON *body)
{
	static const char *const any[] = {"universalDistributionGroup", "universalSecurityGroup",
					  "universalMailEnabledSecurityGroup", NULL};
	static const char *const security[] = {"universalSecurityGroup", NULL};
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(body, "writebackConfiguration");
	const cJSON *item = NULL;

	cJSON_ArrayForEach(item, value)
	{
		bool ok = false;

		if (strcmp(item->string, "isEnabled") == 0) {
			ok = cJSON_IsBool(item) || cJSON_IsNull(item);
		} else if (strcmp(item->string, "onPremisesGroupType") == 0) {
			ok = cJSON_IsNull(item) || is_one_of(item, kind->unified ? any : security);
		} else {
			ok = item->string[0] == '@';
		}
		if (!ok) {
			return sim_body_invalid(call, SIM_GROUP, "writebackConfiguration");
		}
	}
	return true;
}

static bool check_kind(struct sim_call *call, const struct sim_group_kind *kind, const cJSON *body)
{
	static const char *const known[] = {"Unified", "DynamicMembership", NULL};
	const cJSON *item = NULL;

	cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(body, "groupTypes"))
	{
		if (!is_one_of(item, known)) {
			return sim_body_invalid(call, SIM_GROUP, "groupTypes");
		}
	}
	if (kind->unified ? !kind->mail_enabled : kind->mail_enabled || !kind->security) {
		return sim_graph_error(call, 400, "Request_BadRequest",
				       "The service does not currently support writes of "
				       "mail-enabled groups. Please ensure that the "
				       "mail-enablement property is unset and the "
				       "security-enablement property is set.");
	}
	return true;
}

static bool check_role(struct sim_call *call, const struct sim_group_kind *kind, const cJSON *body)
{
	if (!sim_json_get_bool(body, "isAssignableToRole", false)) {
		return true;
	}
	if (!sim_call_has_role(call, "RoleManagement.ReadWrite.Directory")) {
		return sim_graph_denied(call);
	}
	return (kind->security && !kind->dynamic) ||
	       sim_body_invalid(call, SIM_GROUP, "isAssignableToRole");
}

bool sim_group_check(struct sim_call *call, const struct sim_group_kind *kind, const cJSON *body)
{
	return check_kind(call, kind, body) && check_texts(call, body) &&
	       check_visibility(call, kind, body) && check_writeback(call, kind, body) &&
	       check_role(call, kind, body);
}

bool sim_group_is_writable(struct sim_call *call, const struct sim_object *group)
{
	struct sim_group_kind kind = sim_group_kind(group);

	if (kind.synced) {
		return sim_graph_error(call, 400, "Request_BadRequest",
				       "Unable to update the specified properties for on-premises "
				       "mastered Directory Sync objects or objects currently "
				       "undergoing migration.");
	}
	if (kind.mail_enabled && !kind.unified) {
		return sim_graph_error(call, 400, "Request_BadRequest",
				       "Cannot Update a mail-enabled security groups and or "
				       "distribution list.");
	}
	return true;
}

bool sim_group_takes_members(struct sim_call *call, const struct sim_object *group)
{
	if (!sim_group_is_writable(call, group)) {
		return false;
	}
	if (sim_group_kind(group).dynamic) {
		return sim_graph_error(call, 400, "Request_BadRequest",
				       "The members of a group with dynamic membership cannot be "
				       "changed.");
	}
	return true;
}

bool sim_group_takes(struct sim_call *call, const struct sim_group_kind *kind,
		     const struct sim_object *member)
{
	bool ok = kind->unified ? member->type == SIM_USER : true;

	return ok || sim_graph_error(call, 400, "Request_BadRequest",
				     "An object of type '%s' cannot be a member of a group of this "
				     "type.",
				     sim_type_info(member->type)->resource);
}

bool sim_group_lacks(struct sim_call *call, const struct sim_object *group,
		     const struct sim_bind *bind)
{
	for (size_t i = 0; i < bind->count; i++) {
		if (sim_store_is_linked(group, bind->objects[i])) {
			return sim_graph_error(call, 400, "Request_BadRequest",
					       "One or more added object references already exist "
					       "for the following modified properties: "
					       "'members'.");
		}
	}
	return true;
}
