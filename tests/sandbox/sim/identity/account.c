/* SPDX-License-Identifier: GPL-3.0-or-later */
/* People who sign in. */
#include "config.h"

#include "sim/identity/account.h"

#include <string.h>
#include <strings.h>

/* Template ids of the built-in roles (Entra's reference of built-in roles). */
static const struct {
	unsigned role;
	const char *name;
	const char *template;
} roles_known[] = {
	{SIM_GLOBAL_ADMINISTRATOR, "Global Administrator", "62e90394-69f5-4237-9190-012177145e10"},
	{SIM_PRIVILEGED_ROLE_ADMINISTRATOR, "Privileged Role Administrator",
	 "e8611ab8-c189-46e8-94e1-60213ab1f814"},
	{SIM_APPLICATION_ADMINISTRATOR, "Application Administrator",
	 "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3"},
	{SIM_CLOUD_APPLICATION_ADMINISTRATOR, "Cloud Application Administrator",
	 "158c047a-c907-4556-b7ef-446551a6b5f7"},
	{SIM_GROUPS_ADMINISTRATOR, "Groups Administrator", "fdd7a751-b60b-444a-984c-02652fe8fa1c"},
	{SIM_HYBRID_IDENTITY_ADMINISTRATOR, "Hybrid Identity Administrator",
	 "8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2"},
	{SIM_USER_ADMINISTRATOR, "User Administrator", "fe930be7-5e62-47db-91af-98c3a49a38b1"},
	{SIM_GLOBAL_READER, "Global Reader", "f2ef992c-3afb-46b9-b7cf-a126ee74c451"},
	{SIM_DIRECTORY_READERS, "Directory Readers", "88d8e3e3-8f55-4a1e-953a-9b9898b8876b"},
	{SIM_DIRECTORY_WRITERS, "Directory Writers", "9360feb5-f418-4baa-8175-e2a00bac4301"},
};

/** Every member of a tenant carries this one. */
#define MEMBER_TEMPLATE "b79fbf4d-3ef9-4689-8143-76b194e85509"

static struct sim_account *find(const struct sim_accounts *accounts, const char *id)
{
	for (size_t i = 0; i < accounts->count; i++) {
		if (strcasecmp(accounts->items[i]->id, id) == 0) {
			return accounts->items[i];
		}
	}
	return NULL;
}

struct sim_account *sim_account_of(struct sim_accounts *accounts, const char *id)
{
	struct sim_account *account = find(accounts, id);
	uint8_t guid[SIM_GUID_SIZE];

	if (account) {
		return account;
	}
	account = sim_new(accounts, struct sim_account);
	if (sim_guid_parse(id, guid)) {
		sim_guid_format(guid, account->id);
	}
	accounts->items =
		sim_resize(accounts, accounts->items, struct sim_account *, accounts->count + 1);
	accounts->items[accounts->count++] = account;
	return account;
}

unsigned sim_account_roles(const struct sim_accounts *accounts, const char *id)
{
	const struct sim_account *account = find(accounts, id);

	return account ? account->roles : 0;
}

static unsigned role_by_name(const char *name)
{
	for (size_t i = 0; i < SIM_ARRAY_SIZE(roles_known); i++) {
		if (strcasecmp(roles_known[i].name, name) == 0) {
			return roles_known[i].role;
		}
	}
	return 0;
}

bool sim_directory_roles_read(const cJSON *list, unsigned *ret_roles, struct sim_err *err)
{
	const cJSON *item = NULL;
	unsigned roles = 0;

	if (!cJSON_IsArray(list)) {
		return sim_fail(err, "\"directoryRoles\" must be an array of names.");
	}
	cJSON_ArrayForEach(item, list)
	{
		const char *name = cJSON_IsString(item) ? item->valuestring : "";
		unsigned role = role_by_name(name);

		if (!role) {
			return sim_fail(err, "There is no directory role \"%.80s\".", name);
		}
		roles |= role;
	}
	*ret_roles = roles;
	return true;
}

void sim_directory_roles_write(struct sim_json *json, unsigned roles)
{
	sim_json_array(json);
	for (size_t i = 0; i < SIM_ARRAY_SIZE(roles_known); i++) {
		if (roles & roles_known[i].role) {
			sim_json_string(json, roles_known[i].template);
		}
	}
	sim_json_string(json, MEMBER_TEMPLATE);
	sim_json_array_end(json);
}
