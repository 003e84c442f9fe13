/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The apps of the tenant: registration and service principal in one, who may sign in, with what,
 * and which roles it was granted.
 *
 * Made by the tenant file or by Graph, changed by control requests and by Graph; lives as long as
 * the tenant. The service principal is a directory object too, so that groups can hold it.
 */
#ifndef SIM_IDENTITY_APP_H
#define SIM_IDENTITY_APP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/identity/crypto.h"
#include "sim/util/encode.h"
#include "sim/util/json_read.h"

/** Most secrets, certificates and roles one app may have. */
#define SIM_APP_ITEM_MAX 64
/** Most properties of a registration that are only kept and given back. */
#define SIM_APP_EXTRA_MAX 48
/** Most apps of a tenant. */
#define SIM_APP_MAX 1024

/** Client id of "Microsoft Graph Command Line Tools": public, and known to every tenant. */
#define SIM_GRAPH_CLI_APP_ID "14d82eec-204b-4c2f-b7e8-296a70dab67e"

/** A client secret. */
struct sim_secret {
	char *value;                /**< the secret itself */
	char *display_name;         /**< for people, or NULL */
	char key_id[SIM_GUID_TEXT]; /**< names it in passwordCredentials */
	int64_t start;              /**< seconds since 1970 */
	int64_t expires;            /**< seconds since 1970 by the simulator's clock; 0: never */
};

/** A granted app role of Microsoft Graph. */
struct sim_role {
	char *value;     /**< "Group.Read.All" */
	int64_t granted; /**< seconds since 1970; 0: by the tenant file or by control */
};

/** Whether an app is the identity of a machine in Azure. */
enum sim_managed {
	SIM_NOT_MANAGED,
	SIM_SYSTEM_ASSIGNED,
	SIM_USER_ASSIGNED
};

/** An app. */
struct sim_app {
	char *app_id;                  /**< client id, lower case */
	char object_id[SIM_GUID_TEXT]; /**< of the registration, /applications/{id} */
	char *display_name;            /**< for people */
	char *principal_id; /**< object id of its service principal: claim oid; NULL: it has none */
	char *owner_id;     /**< user who registered it, or NULL */
	bool disabled;      /**< sign-in is refused with AADSTS7000112 */
	bool is_public;     /**< may sign people in without a credential, and may have none */
	bool is_multi_tenant;      /**< may be used through "organizations" */
	bool is_foreign;           /**< registered elsewhere: only the service principal is here */
	enum sim_managed managed;  /**< managed identity */
	int64_t created;           /**< registration, seconds since 1970; 0: always there */
	int64_t principal_created; /**< service principal, likewise */
	char *extras[SIM_APP_EXTRA_MAX]; /**< JSON texts of other properties (registration.c) */
	struct sim_secret *secrets;      /**< secret_count of them */
	size_t secret_count;             /**< used secrets */
	struct sim_cert **certs;         /**< cert_count of them */
	size_t cert_count;               /**< used certs */
	struct sim_role *roles;          /**< granted app roles */
	size_t role_count;               /**< used roles */
	char **scopes;                   /**< consented delegated permissions */
	size_t scope_count;              /**< used scopes */
	bool is_scope_limited; /**< scopes counts; else whatever is asked for is consented */
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

/** Grant role @value at @now; nothing happens if it is granted. False if there is no room. */
bool sim_app_grant(struct sim_app *app, const char *value, int64_t now) SIM_MUST_CHECK;

/** Take a role away; nothing happens if it is not granted. */
void sim_app_revoke(struct sim_app *app, const char *value);

/** Remove @app from the list; it and its memory are gone. */
void sim_app_remove(struct sim_apps *apps, struct sim_app *app);

/** A new app with this client id below @apps: a registration without a service principal. */
struct sim_app *sim_app_new(struct sim_apps *apps, const uint8_t app_id[SIM_GUID_SIZE],
			    const char *display_name);

/** Replace the consented delegated permissions by the strings of @list. */
bool sim_app_set_scopes(struct sim_app *app, const cJSON *list, struct sim_err *err) SIM_MUST_CHECK;

/** Replace the roles by the strings of @list. False if @list is no array of strings. */
bool sim_app_set_roles(struct sim_app *app, const cJSON *list, struct sim_err *err) SIM_MUST_CHECK;

/** Replace the secrets: strings, or objects with "value" and "expires" (seconds since 1970). */
bool sim_app_set_secrets(struct sim_app *app, const cJSON *list,
			 struct sim_err *err) SIM_MUST_CHECK;

/** Replace the certificates: PEM texts, or paths of PEM files below @folder. */
bool sim_app_set_certs(struct sim_app *app, const cJSON *list, const char *folder,
		       struct sim_err *err) SIM_MUST_CHECK;

#endif
