/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules that concern more than one key. */
#include "config.h"

#include "engine/config/validate.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/config/keys.h"
#include "engine/config/value.h"

static void missing(struct gb_config_problems *problems, const char *section, const char *name)
{
	const struct gb_key *key = gb_key_find(section, name);
	struct gb_err err;

	gb_err_set(&err, GB_E_CONFIG, "config-missing", _("[%s] %s is missing."), section, name);
	gb_err_remedy(&err, "%s", _(key->help));
	gb_config_problems_add(problems, &err);
}

static void contradiction(struct gb_config_problems *problems, const char *text)
{
	struct gb_err err;

	gb_err_set(&err, GB_E_CONFIG, "config-contradiction", "%s", text);
	gb_config_problems_add(problems, &err);
}

static void check_needed(const struct gb_config *config, struct gb_config_problems *problems)
{
	size_t count;
	const struct gb_key *keys = gb_keys(&count);

	for (size_t i = 0; i < count; i++) {
		char *value = gb_config_get(NULL, config, &keys[i]);

		if (keys[i].is_needed && !value) {
			missing(problems, keys[i].section, keys[i].name);
		}
		talloc_free(value);
	}
}

static void check_cloud(const struct gb_config_cloud *cloud, struct gb_config_problems *problems)
{
	bool custom = cloud->environment == GB_CONFIG_ENVIRONMENT_CUSTOM;
	bool machine = cloud->credential == GB_CONFIG_CREDENTIAL_MANAGED_IDENTITY;

	if (custom && !cloud->authority) {
		missing(problems, "cloud", "authority");
	}
	if (custom && !cloud->graph) {
		missing(problems, "cloud", "graph");
	}
	if (!machine && !cloud->client_id) {
		missing(problems, "cloud", "client id");
	}
	if (!custom && cloud->identity_url) {
		contradiction(problems,
			      _("[cloud] identity url is used only with environment = custom. "
				"Remove it, or set environment to custom."));
	}
	if (machine && cloud->client_id &&
	    cloud->identity_service == GB_CONFIG_IDENTITY_SERVICE_ARC) {
		contradiction(problems,
			      _("[cloud] client id names a user-assigned identity, and Azure Arc "
				"knows the machine's own alone. Remove it, or set identity service "
				"to azure."));
	}
	if (!custom && (cloud->authority || cloud->graph)) {
		contradiction(problems,
			      _("[cloud] authority and graph are used only with environment "
				"= custom. Remove them, or set environment to custom."));
	}
}

static void check_directory(const struct gb_config_directory *directory,
			    struct gb_config_problems *problems)
{
	bool gssapi = directory->bind == GB_CONFIG_BIND_GSSAPI;
	bool named = directory->servers.count > 0;

	if (!named && !directory->discover) {
		missing(problems, "directory", "servers");
	}
	if (named && directory->discover) {
		contradiction(problems,
			      _("[directory] servers names the domain controllers, and discover "
				"lets DNS find them. Remove one of the two."));
	}
	if (directory->site && !directory->discover) {
		contradiction(problems, _("[directory] site is used only with discover."));
	}
	if (directory->transport == GB_CONFIG_TRANSPORT_GSSAPI_SEAL && !gssapi) {
		contradiction(problems,
			      _("[directory] transport = gssapi-seal needs bind = gssapi: a "
				"password would cross the network in the clear."));
	}
	if (!gssapi && !directory->account) {
		missing(problems, "directory", "account");
	}
	/* A principal has no '=' and no backslash in practice; a DN or DOMAIN\name is a mix-up. */
	if (gssapi && directory->account && strpbrk(directory->account, "=\\")) {
		contradiction(problems, _("[directory] account must be a Kerberos principal, "
					  "name@REALM, with bind = gssapi."));
	}
}

bool gb_config_validate(const struct gb_config *config, struct gb_config_problems *problems)
{
	size_t before = problems->total;

	check_needed(config, problems);
	check_cloud(&config->cloud, problems);
	check_directory(&config->directory, problems);
	if ((config->features.group_writeback || gb_config_undoes_writeback(config)) &&
	    !config->writeback.container) {
		missing(problems, "writeback", "container");
	}
	return problems->total == before;
}
