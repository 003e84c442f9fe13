/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Microsoft's clouds (Graph documentation, "National cloud deployments"; Entra, "National clouds"). */
#include "config.h"

#include "engine/config/clouds.h"

#include <assert.h>
#include <stddef.h>

#include "engine/base/compiler.h"

static const struct gb_cloud_origins clouds[] = {
	[GB_CONFIG_ENVIRONMENT_GLOBAL] = {"https://login.microsoftonline.com",
					  "https://graph.microsoft.com"},
	[GB_CONFIG_ENVIRONMENT_USGOV] = {"https://login.microsoftonline.us",
					 "https://graph.microsoft.us"},
	[GB_CONFIG_ENVIRONMENT_USGOV_DOD] = {"https://login.microsoftonline.us",
					     "https://dod-graph.microsoft.us"},
	[GB_CONFIG_ENVIRONMENT_CHINA] = {"https://login.partner.microsoftonline.cn",
					 "https://microsoftgraph.chinacloudapi.cn"},
	[GB_CONFIG_ENVIRONMENT_BLEU] = {"https://login.sovcloud-identity.fr",
					"https://graph.svc.sovcloud.fr"},
	[GB_CONFIG_ENVIRONMENT_DELOS] = {"https://login.sovcloud-identity.de",
					 "https://graph.svc.sovcloud.de"},
	[GB_CONFIG_ENVIRONMENT_GOVSG] = {"https://login.sovcloud-identity.sg",
					 "https://graph.svc.sovcloud.sg"},
};

struct gb_cloud_origins gb_clouds_origins(const struct gb_config *config)
{
	enum gb_config_environment environment = config->cloud.environment;

	if (environment == GB_CONFIG_ENVIRONMENT_CUSTOM) {
		return (struct gb_cloud_origins){config->cloud.authority, config->cloud.graph};
	}
	assert(environment < GB_ARRAY_SIZE(clouds));
	return clouds[environment];
}
