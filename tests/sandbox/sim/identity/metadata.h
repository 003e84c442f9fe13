/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Managed identity: the token service on the machine itself, plain HTTP.
 *
 * As Azure's instance metadata service (api-version 2018-02-01 and the like), and as Azure Arc's
 * agent (2019-11-01, 2020-06-01), which proves by a key file that the caller may read files of root.
 */
#ifndef SIM_IDENTITY_METADATA_H
#define SIM_IDENTITY_METADATA_H

#include "sim/http/message.h"
#include "sim/world.h"

/** Answer @request as the metadata service. */
void sim_metadata_handle(struct sim_world *world, const struct sim_request *request,
			 struct sim_response *response);

#endif
