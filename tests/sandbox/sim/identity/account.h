/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * People who sign in: which directory roles they have.
 *
 * A directory role ("Global Administrator") belongs to the person and not to the app; Graph asks for
 * it at every call, so that a role that is taken away counts at once. Set by control requests, lives
 * as long as the tenant.
 */
#ifndef SIM_IDENTITY_ACCOUNT_H
#define SIM_IDENTITY_ACCOUNT_H

#include <stdint.h>

#include "sim/util/encode.h"
#include "sim/util/json_read.h"
#include "sim/util/json_write.h"

/** Directory roles, bits of a mask. The text of each is in account.c. */
enum sim_directory_role {
	SIM_GLOBAL_ADMINISTRATOR = 1 << 0,
	SIM_PRIVILEGED_ROLE_ADMINISTRATOR = 1 << 1,
	SIM_APPLICATION_ADMINISTRATOR = 1 << 2,
	SIM_CLOUD_APPLICATION_ADMINISTRATOR = 1 << 3,
	SIM_GROUPS_ADMINISTRATOR = 1 << 4,
	SIM_HYBRID_IDENTITY_ADMINISTRATOR = 1 << 5,
	SIM_USER_ADMINISTRATOR = 1 << 6,
	SIM_GLOBAL_READER = 1 << 7,
	SIM_DIRECTORY_READERS = 1 << 8,
	SIM_DIRECTORY_WRITERS = 1 << 9
};

/** An account whose person has signed in, or was given a role. */
struct sim_account {
	char id[SIM_GUID_TEXT]; /**< object id of the user */
	unsigned roles;         /**< mask of enum sim_directory_role */
	int64_t revoked; /**< refresh tokens issued up to here are void; seconds since 1970 */
};

/** The list. */
struct sim_accounts {
	struct sim_account **items; /**< count of them */
	size_t count;               /**< used items */
};

/** The account with this object id, made if there is none. */
struct sim_account *sim_account_of(struct sim_accounts *accounts, const char *id);

/** The directory roles of the user with this object id; 0 if nothing is known of them. */
unsigned sim_account_roles(const struct sim_accounts *accounts, const char *id);

/** Read an array of display names ("Global Administrator") into a mask. */
bool sim_directory_roles_read(const cJSON *list, unsigned *ret_roles,
			      struct sim_err *err) SIM_MUST_CHECK;

/** Write the template ids of @roles and of "every member" as an array: claim wids. */
void sim_directory_roles_write(struct sim_json *json, unsigned roles);

#endif
