/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The app registrations of the tenant: who may sign in, with what, and which roles it was granted.
 *
 * Made by the tenant file, changed by control requests; lives as long as the tenant.
 */
#ifndef SIM_IDENTITY_APP_H
#define SIM_IDENTITY_APP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/identity/crypto.h"
#include "sim/util/json_read.h"

/** Most secrets, certificates and roles one app may have. */
#define SIM_APP_ITEM_MAX 64
/** Most apps of a tenant. */
#define SIM_APP_MAX 1024

/** A client secret. */
struct sim_secret {
	char *value;     /**< the secret itself */
	int64_t expires; /**< seconds since 1970 by the simulator's clock; 0: never */
};

/** An app. */
struct sim_app {
	char *app_id;               /**< client id, lower case */
	char *display_name;         /**< for people */
	char *principal_id;         /**< object id of its service principal: claim oid */
	bool disabled;              /**< sign-in is refused with AADSTS7000112 */
	struct sim_secret *secrets; /**< secret_count of them */
	size_t secret_count;        /**< used secrets */
	struct sim_cert **certs;    /**< cert_count of them */
	size_t cert_count;          /**< used certs */
	char **roles;               /**< values of the granted app roles, "Group.Read.All" */
	size_t role_count;          /**< used roles */
};

/** The list. */
struct sim_apps {
	struct sim_app **items; /**< count of them */
	size_t count;           /**< used items */
};

/** The app with this client id (any case), or NULL. */
struct sim_app *sim_app_find(const struct sim_apps *apps, const char *app_id);

/**
 * Add one app from its JSON (tenant file: apps[]). @folder is where relative certificate paths
 * begin. False with a sentence in @err; then nothing was added.
 */
bool sim_app_load(struct sim_apps *apps, const cJSON *json, const char *folder,
		  struct sim_err *err) SIM_MUST_CHECK;

/** Replace the roles by the strings of @list. False if @list is no array of strings. */
bool sim_app_set_roles(struct sim_app *app, const cJSON *list, struct sim_err *err) SIM_MUST_CHECK;

/** Replace the secrets: strings, or objects with "value" and "expires" (seconds since 1970). */
bool sim_app_set_secrets(struct sim_app *app, const cJSON *list,
			 struct sim_err *err) SIM_MUST_CHECK;

/** Replace the certificates: PEM texts, or paths of PEM files below @folder. */
bool sim_app_set_certs(struct sim_app *app, const cJSON *list, const char *folder,
		       struct sim_err *err) SIM_MUST_CHECK;

#endif
