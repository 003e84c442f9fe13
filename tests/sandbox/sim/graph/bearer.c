/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bearer check in front of every call of Graph. */
#include "config.h"

#include "sim/graph/bearer.h"

#include <string.h>
#include <strings.h>

#include "sim/identity/audience.h"

static bool refuse(struct sim_call *call, const char *message)
{
	sim_response_header(call->response, "WWW-Authenticate",
			    "Bearer realm=\"\", "
			    "authorization_uri=\"https://login.microsoftonline.com/common/oauth2/"
			    "authorize\", client_id=\"00000003-0000-0000-c000-000000000000\"");
	return sim_graph_error(call, 401, "InvalidAuthenticationToken", "%s", message);
}

bool sim_bearer_check(struct sim_call *call)
{
	const char *header = sim_pairs_get(&call->request->headers, "Authorization");
	const char *reason = NULL;

	if (!header || strncasecmp(header, "Bearer ", 7) != 0) {
		return refuse(call, "Access token is empty.");
	}
	call->token = sim_access_token_check(call->request, call->world, header + 7, &reason);
	if (!call->token) {
		return refuse(call, reason);
	}
	if (!sim_audience_is_graph(call->world, sim_json_get_string(call->token->claims, "aud", ""),
				   call->request->host)) {
		return refuse(call, "Access token validation failure. Invalid audience.");
	}
	if (strcmp(sim_json_get_string(call->token->claims, "tid", ""), call->world->tenant->id) !=
	    0) {
		return refuse(call, "Access token validation failure. Invalid tenant.");
	}
	return true;
}
