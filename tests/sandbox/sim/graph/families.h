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

/** The live user at key 0, an id or a userPrincipalName (users.c). False: the call was answered. */
bool sim_users_find(struct sim_call *call, struct sim_object **ret_user) SIM_MUST_CHECK;

/**
 * GET /{collection}/{id}/{relation}: members, transitiveMembers, memberOf, transitiveMemberOf,
 * owners, with a cast, $count or $ref behind it (navigation.c).
 */
void sim_navigation(struct sim_call *call);

/** GET /devices (others.c). */
void sim_devices_list(struct sim_call *call);
/** GET /devices/{id} (others.c). */
void sim_devices_get(struct sim_call *call);
/** GET /devices/$count (others.c). */
void sim_devices_count(struct sim_call *call);
/** GET /devices/delta (others.c). */
void sim_devices_delta(struct sim_call *call);
/** GET /contacts (others.c). */
void sim_contacts_list(struct sim_call *call);
/** GET /contacts/{id} (others.c). */
void sim_contacts_get(struct sim_call *call);
/** GET /contacts/$count (others.c). */
void sim_contacts_count(struct sim_call *call);
/** GET /contacts/delta (others.c). */
void sim_contacts_delta(struct sim_call *call);
/** GET /servicePrincipals (others.c). */
void sim_principals_list(struct sim_call *call);
/** GET /servicePrincipals/{id} (others.c). */
void sim_principals_get(struct sim_call *call);
/** GET /servicePrincipals/$count (others.c). */
void sim_principals_count(struct sim_call *call);
/** GET /servicePrincipals/delta (others.c). */
void sim_principals_delta(struct sim_call *call);

/** POST /$batch (batch.c). */
void sim_batch(struct sim_call *call);

#endif
