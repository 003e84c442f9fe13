/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The permissions that Microsoft Graph publishes. */
#include "config.h"

#include "sim/identity/permissions.h"

#include <string.h>
#include <strings.h>

#include "sim/identity/crypto.h"

/** A permission: as an app role, as a delegated scope, or as both. */
struct permission {
	const char *value;
	const char *role_id;  /* NULL: delegated only */
	const char *scope_id; /* NULL: application only, or not known here */
};

static const struct permission permissions[] = {
	{"AppRoleAssignment.ReadWrite.All", "06b708a9-e830-4db3-a914-8e69da51d44f",
	 "84bccea3-f856-4a8a-967b-dbe0a3d53a64"},
	{"Application.Read.All", "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
	 "c79f8feb-a9db-4090-85f9-90d820caa0eb"},
	{"Application.ReadWrite.All", "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
	 "bdfbf15f-ee85-4955-8675-146e8e5296b5"},
	{"Application.ReadWrite.OwnedBy", "18a4783c-866b-4cc7-a460-3d5e5662c884", NULL},
	{"Device.Read.All", "7438b122-aefc-4978-80ed-43db9fcc7715", NULL},
	{"Directory.AccessAsUser.All", NULL, "0e263e50-5827-48a4-b97c-d940288653c7"},
	{"Directory.Read.All", "7ab1d382-f21e-4acd-a863-ba3e13f7da61",
	 "06da0dbc-49e2-44d2-8312-53f166ab848a"},
	{"Directory.ReadWrite.All", "19dbc75e-c2e2-444c-a770-ec69d8559fc7",
	 "c5366453-9fb0-48a5-a156-24f0c49a4b84"},
	{"Group-OnPremisesSyncBehavior.ReadWrite.All", "2d9bd318-b883-40be-9df7-63ec4fcdc424",
	 NULL},
	{"Group.Read.All", "5b567255-7703-4780-807c-7be8301ae99b",
	 "5f8c59db-677d-491f-a6b8-5f174b11ec1d"},
	{"Group.ReadBasic.All", "07d67222-3a10-4d3b-9ddc-b8aa43198a00", NULL},
	{"Group.ReadWrite.All", "62a82d76-70ea-41e2-9197-370581804d09",
	 "4e46008b-f24c-477d-8fff-7bb4ec7aafe0"},
	{"GroupMember.Read.All", "98830695-27a2-44f7-8c18-0c3ebc9698f6", NULL},
	{"GroupMember.ReadBasic.All", "8222c640-cae5-4860-8d11-b32cfad95e03", NULL},
	{"GroupMember.ReadWrite.All", "dbaae8cf-10b5-4b86-a4a1-f871c94c6695", NULL},
	{"GroupSettings.Read.All", "f3c4f514-c65a-43f5-bfce-1735872258dd", NULL},
	{"GroupSettings.ReadWrite.All", "546168c3-1183-4281-9491-fafb24dea37e", NULL},
	{"Member.Read.Hidden", "658aa5d8-239f-45c4-aa12-864f4fc7e490", NULL},
	{"OnPremDirectorySynchronization.Read.All", "bb70e231-92dc-4729-aff5-697b3f04be95", NULL},
	{"OnPremDirectorySynchronization.ReadWrite.All", "c22a92cc-79bf-4bb1-8b6c-e0a05d3d80ce",
	 NULL},
	{"OrgContact.Read.All", "e1a88a34-94c4-4418-be12-c87b00e26bea", NULL},
	{"Organization.Read.All", "498476ce-e0fe-48b0-b801-37ba7e2685c6", NULL},
	{"User.Read", NULL, "e1fe6dd8-ba31-4d61-89e7-88639da4683d"},
	{"User.Read.All", "df021288-bdef-4463-88db-98f22de89214",
	 "a154be20-db9c-4678-8ab7-66f6cc099a59"},
	{"User.ReadBasic.All", "97235f07-e226-4f63-ace3-39588e11d3a1", NULL},
	{"User.ReadWrite.All", "741f803b-c850-494e-b5df-cde7c675a1ca",
	 "204e0828-b5ca-4ad8-b9f3-f32a958e7cc4"},
};

void sim_permission_role_id(const char *value, char ret_id[SIM_GUID_TEXT])
{
	uint8_t digest[32];

	for (size_t i = 0; i < SIM_ARRAY_SIZE(permissions); i++) {
		if (permissions[i].role_id && strcmp(permissions[i].value, value) == 0) {
			memcpy(ret_id, permissions[i].role_id, SIM_GUID_TEXT);
			return;
		}
	}
	sim_sha256(value, strlen(value), digest);
	sim_guid_format(digest, ret_id);
}

const char *sim_permission_role_by_id(const char *id)
{
	for (size_t i = 0; i < SIM_ARRAY_SIZE(permissions); i++) {
		if (permissions[i].role_id && strcasecmp(permissions[i].role_id, id) == 0) {
			return permissions[i].value;
		}
	}
	return NULL;
}

static void write_role(struct sim_json *json, const struct permission *permission)
{
	static const char *const members[] = {"Application"};

	sim_json_object(json);
	sim_json_put_strings(json, "allowedMemberTypes", members, SIM_ARRAY_SIZE(members));
	sim_json_put_string(json, "description", permission->value);
	sim_json_put_string(json, "displayName", permission->value);
	sim_json_put_string(json, "id", permission->role_id);
	sim_json_put_bool(json, "isEnabled", true);
	sim_json_put_string(json, "origin", "Application");
	sim_json_put_string(json, "value", permission->value);
	sim_json_object_end(json);
}

void sim_permissions_write_roles(struct sim_buf *out)
{
	struct sim_json json = {.out = out};

	sim_json_array(&json);
	for (size_t i = 0; i < SIM_ARRAY_SIZE(permissions); i++) {
		if (permissions[i].role_id) {
			write_role(&json, &permissions[i]);
		}
	}
	sim_json_array_end(&json);
}

static void write_scope(struct sim_json *json, const struct permission *permission)
{
	bool for_everybody = strcmp(permission->value, "User.Read") == 0;

	sim_json_object(json);
	sim_json_put_string(json, "adminConsentDescription", permission->value);
	sim_json_put_string(json, "adminConsentDisplayName", permission->value);
	sim_json_put_string(json, "id", permission->scope_id);
	sim_json_put_bool(json, "isEnabled", true);
	sim_json_put_string(json, "type", for_everybody ? "User" : "Admin");
	sim_json_put_string(json, "userConsentDescription", permission->value);
	sim_json_put_string(json, "userConsentDisplayName", permission->value);
	sim_json_put_string(json, "value", permission->value);
	sim_json_object_end(json);
}

void sim_permissions_write_scopes(struct sim_buf *out)
{
	struct sim_json json = {.out = out};

	sim_json_array(&json);
	for (size_t i = 0; i < SIM_ARRAY_SIZE(permissions); i++) {
		if (permissions[i].scope_id) {
			write_scope(&json, &permissions[i]);
		}
	}
	sim_json_array_end(&json);
}
