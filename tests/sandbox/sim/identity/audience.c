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

const char *sim_graph_host(const void *ctx, const struct sim_world *world, const char *host)
{
	if (world->tenant->graph_host_count) {
		return world->tenant->graph_hosts[0];
	}
	if (strncasecmp(host, "login.", 6) == 0) {
		return sim_printf(ctx, "graph.%s", host + 6);
	}
	return host;
}

static bool is_listed(const char *const *hosts, size_t count, const char *name, size_t length)
{
	for (size_t i = 0; i < count; i++) {
		if (same_host(name, length, hosts[i])) {
			return true;
		}
	}
	return false;
}

bool sim_audience_is_graph(const struct sim_world *world, const char *audience, const char *host)
{
	const struct sim_tenant *tenant = world->tenant;
	const char *name = strncmp(audience, "https://", 8) == 0 ? audience + 8 : NULL;
	size_t length = name ? (name[0] == '[' ? strcspn(name, "]") : strcspn(name, ":/")) : 0;
	char *own = NULL;
	bool ok = false;

	if (!name) {
		return strcasecmp(audience, "00000003-0000-0000-c000-000000000000") == 0;
	}
	own = sim_strdup(NULL, host);
	ok = same_host(name, length, host) ||
	     same_host(name, length, sim_graph_host(own, world, host)) ||
	     is_listed(graph_names, SIM_ARRAY_SIZE(graph_names), name, length) ||
	     is_listed((const char *const *)tenant->graph_hosts, tenant->graph_host_count, name,
		       length);
	talloc_free(own);
	return ok;
}
