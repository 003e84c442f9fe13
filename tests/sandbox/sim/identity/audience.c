/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which audiences mean Microsoft Graph. */
#include "config.h"

#include "sim/identity/audience.h"

#include <string.h>
#include <strings.h>

static const char *const graph_names[] = {
	"graph.microsoft.com",    "graph.microsoft.us",
	"dod-graph.microsoft.us", "microsoftgraph.chinacloudapi.cn",
	"graph.svc.sovcloud.fr",  "graph.svc.sovcloud.de",
	"graph.svc.sovcloud.sg",
};

/* Host names are compared without their ports: the sandbox's port is nobody's audience. */
static bool same_host(const char *a, size_t a_length, const char *b)
{
	size_t b_length = b[0] == '[' ? strcspn(b, "]") : strcspn(b, ":/");

	return a_length == b_length && strncasecmp(a, b, a_length) == 0;
}

bool sim_audience_is_graph(const struct sim_world *world, const char *audience, const char *host)
{
	const char *name = strncmp(audience, "https://", 8) == 0 ? audience + 8 : NULL;
	size_t length = name ? (name[0] == '[' ? strcspn(name, "]") : strcspn(name, ":/")) : 0;

	if (!name) {
		return strcasecmp(audience, "00000003-0000-0000-c000-000000000000") == 0;
	}
	for (size_t i = 0; i < SIM_ARRAY_SIZE(graph_names); i++) {
		if (same_host(name, length, graph_names[i])) {
			return true;
		}
	}
	for (size_t i = 0; i < world->tenant->graph_host_count; i++) {
		if (same_host(name, length, world->tenant->graph_hosts[i])) {
			return true;
		}
	}
	return same_host(name, length, host);
}
