/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public side: Entra ID or Microsoft Graph. */
#include "config.h"

#include "sim/dispatch.h"

#include "sim/graph/router.h"
#include "sim/identity/identity.h"

static void refuse_malformed(struct sim_response *response)
{
	response->status = 400;
	sim_response_header(response, "Content-Type", "application/json");
	sim_buf_text(response->body,
		     "{\"error\":{\"code\":\"BadRequest\",\"message\":\"The request URI is not "
		     "valid.\",\"innerError\":{}}}");
}

void sim_dispatch(struct sim_world *world, const struct sim_request *request,
		  struct sim_response *response)
{
	if (request->is_malformed) {
		refuse_malformed(response);
	} else if (sim_graph_owns(request)) {
		sim_graph_handle(world, request, response);
	} else {
		sim_identity_handle(world, request, response);
	}
}
