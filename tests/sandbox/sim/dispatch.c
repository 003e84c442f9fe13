/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public side: Entra ID or Microsoft Graph. */
#include "config.h"

#include "sim/dispatch.h"

#include "sim/graph/router.h"
#include "sim/identity/identity.h"

/* Refused in front of either service. */
static void refuse(struct sim_response *response, unsigned status, const char *code,
		   const char *message)
{
	response->status = status;
	sim_response_header(response, "Content-Type", "application/json");
	sim_buf_printf(response->body,
		       "{\"error\":{\"code\":\"%s\",\"message\":\"%s\",\"innerError\":{}}}", code,
		       message);
}

void sim_dispatch(struct sim_world *world, const struct sim_request *request,
		  struct sim_response *response)
{
	if (request->is_malformed) {
		refuse(response, 400, "BadRequest", "The request URI is not valid.");
	} else if (request->is_too_large) {
		refuse(response, 413, "RequestEntityTooLarge",
		       "The request is larger than the maximum size that is allowed.");
	} else if (request->is_encoded) {
		refuse(response, 415, "UnsupportedMediaType",
		       "The content coding of the request is not supported.");
	} else if (sim_graph_owns(request)) {
		sim_graph_handle(world, request, response);
	} else {
		sim_identity_handle(world, request, response);
	}
}
