/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Service principals as directory objects: those of the tenant's apps, and those that every tenant
 * has (Microsoft Graph, and Microsoft Graph Command Line Tools).
 */
#ifndef SIM_IDENTITY_PRINCIPAL_H
#define SIM_IDENTITY_PRINCIPAL_H

#include "sim/store/tenant.h"

/** Give every app of a tenant that was just read its service principal, and add Microsoft's. */
void sim_principals_add(struct sim_tenant *tenant);

/** Make the service principal of @app; its object id is @id. */
struct sim_object *sim_principal_new(struct sim_tenant *tenant, struct sim_app *app,
				     const uint8_t id[SIM_GUID_SIZE]);

/** The live service principal with this client id, or NULL. */
struct sim_object *sim_principal_find(const struct sim_tenant *tenant, const char *app_id);

/** The app whose service principal @object is, or NULL. */
struct sim_app *sim_principal_app(const struct sim_tenant *tenant, const struct sim_object *object);

#endif
