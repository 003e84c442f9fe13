/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The endpoint families of Graph: one file a family, one function an endpoint.
 *
 * Each function answers the call whole; the router has checked method, bearer and roles.
 */
#ifndef SIM_GRAPH_FAMILIES_H
#define SIM_GRAPH_FAMILIES_H

#include "sim/graph/call.h"

/** GET /organization (organization.c). */
void sim_organization_list(struct sim_call *call);
/** GET /organization/{id} (organization.c). */
void sim_organization_get(struct sim_call *call);

/** GET /groups (groups.c). */
void sim_groups_list(struct sim_call *call);
/** GET /groups/{id} (groups.c). */
void sim_groups_get(struct sim_call *call);
/** GET /groups/$count (groups.c). */
void sim_groups_count(struct sim_call *call);
/** GET /groups/delta (groups.c). */
void sim_groups_delta(struct sim_call *call);

/** GET /users (users.c). */
void sim_users_list(struct sim_call *call);
/** GET /users/{id or userPrincipalName} (users.c). */
void sim_users_get(struct sim_call *call);
/** GET /users/$count (users.c). */
void sim_users_count(struct sim_call *call);
/** GET /users/delta (users.c). */
void sim_users_delta(struct sim_call *call);

/** GET /groups/{id}/members (members.c). */
void sim_members_list(struct sim_call *call);
/** GET /groups/{id}/members/$count (members.c). */
void sim_members_count(struct sim_call *call);

/** POST /$batch (batch.c). */
void sim_batch(struct sim_call *call);

#endif
