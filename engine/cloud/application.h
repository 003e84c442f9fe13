/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Registering the application by Graph, as the person who signed in (entra.h): one function a step,
 * each of which can be repeated after a failure without making anything twice.
 */
#ifndef GB_CLOUD_APPLICATION_H
#define GB_CLOUD_APPLICATION_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/cloud/entra.h"
#include "engine/cloud/keypair.h"

/** appId of Microsoft Graph, the same in every cloud. */
#define GB_APPLICATION_GRAPH "00000003-0000-0000-c000-000000000000"
/** Most application permissions that are granted. */
#define GB_APPLICATION_MAX_ROLES 16

/** Graph's own service principal in the tenant, and the ids of the roles that are wanted. */
struct gb_application_resource {
	char *principal_id;                        /**< object id */
	char *role_ids[GB_APPLICATION_MAX_ROLES];  /**< of the wanted roles, in their order */
	size_t role_count;                         /**< how many */
};

/**
 * Look Graph up in the tenant, and resolve permissions by their names (ids differ between clouds).
 *
 * Errors: GB_E_CONFIG "application-no-role" (this cloud does not know one of them), as gb_entra_call().
 */
GB_MUST_CHECK enum gb_rc gb_application_find_resource(struct gb_entra *entra, const void *ctx,
						      const char *const *roles, size_t role_count,
						      struct gb_application_resource *ret_resource,
						      struct gb_err *err);

/**
 * Register the application with its certificate and the permissions that it will ask for.
 *
 * @param ret_object_id, ret_client_id  below @ctx.
 */
GB_MUST_CHECK enum gb_rc gb_application_register(struct gb_entra *entra, const void *ctx,
						 const char *name,
						 const struct gb_application_resource *resource,
						 const struct gb_keypair *keypair,
						 char **ret_object_id, char **ret_client_id,
						 struct gb_err *err);

/** Make its service principal, or find it if it is there. Waits for replication. */
GB_MUST_CHECK enum gb_rc gb_application_make_principal(struct gb_entra *entra, const void *ctx,
						       const char *client_id,
						       char **ret_principal_id,
						       struct gb_err *err);

/** Grant the roles that it does not have yet. This is the administrator's consent. */
GB_MUST_CHECK enum gb_rc gb_application_grant(struct gb_entra *entra, const char *principal_id,
					      const struct gb_application_resource *resource,
					      struct gb_err *err);

/** Delete the application; its service principal goes with it. *ret_found false: it was not there. */
GB_MUST_CHECK enum gb_rc gb_application_delete(struct gb_entra *entra, const char *object_id,
					       bool *ret_found, struct gb_err *err);

#endif
