/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The permissions that Microsoft Graph publishes: names and ids, as its service principal shows them
 * in appRoles and oauth2PermissionScopes.
 *
 * The ids are those of the public cloud (Graph permissions reference). A name that is not in the
 * table can be granted all the same; its id is then made from the name. Immutable.
 */
#ifndef SIM_IDENTITY_PERMISSIONS_H
#define SIM_IDENTITY_PERMISSIONS_H

#include "sim/util/encode.h"
#include "sim/util/json_write.h"

/** Client id of Microsoft Graph, the resource. */
#define SIM_GRAPH_APP_ID "00000003-0000-0000-c000-000000000000"

/** Write the id of the app role @value into @ret_id. */
void sim_permission_role_id(const char *value, char ret_id[SIM_GUID_TEXT]);

/** The name of the app role with this id (any case), or NULL if Graph has none. */
const char *sim_permission_role_by_id(const char *id);

/** Append the appRoles of Microsoft Graph, a JSON array. */
void sim_permissions_write_roles(struct sim_buf *out);

/** Append the oauth2PermissionScopes of Microsoft Graph, a JSON array. */
void sim_permissions_write_scopes(struct sim_buf *out);

#endif
