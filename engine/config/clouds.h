/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Microsoft's clouds: where tokens come from and where Graph is. */
#ifndef GB_CONFIG_CLOUDS_H
#define GB_CONFIG_CLOUDS_H

#include "engine/config/configuration.h"

/** The two origins of a cloud: scheme and host, with a port only if it is not 443; no path. */
struct gb_cloud_origins {
	const char *authority; /**< "https://login.microsoftonline.com" */
	const char *graph;     /**< "https://graph.microsoft.com" */
};

/**
 * The origins of the configured cloud (Graph documentation, "National cloud deployments"); those of
 * environment custom are the configuration's own and borrowed from it.
 */
struct gb_cloud_origins gb_clouds_origins(const struct gb_config *config);

#endif
