/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * App registrations as Graph shows and changes them: /applications.
 *
 * Properties that mean nothing to the simulator are kept as JSON text and given back.
 */
#ifndef SIM_GRAPH_REGISTRATION_H
#define SIM_GRAPH_REGISTRATION_H

#include "sim/graph/call.h"
#include "sim/identity/app.h"

/** The registration at key 0, by object id. False: the call was answered. */
bool sim_registration_find(struct sim_call *call, struct sim_app **ret_app) SIM_MUST_CHECK;

/** True if the token may change @app (owner, or administrator of apps); else answered with 403. */
bool sim_registration_may_change(struct sim_call *call, const struct sim_app *app);

/** True if the person of a delegated token, or the app itself, administers all apps. */
bool sim_registration_is_admin(const struct sim_call *call);

/** Object id of who calls: the person, or the app's service principal. */
const char *sim_call_caller(const struct sim_call *call);

/** Write @app as an application; @select limits it to the named properties, NULL: the defaults. */
void sim_registration_write(struct sim_json *json, const struct sim_tenant *tenant,
			    const struct sim_app *app, const char *select);

/** True if an application has a property of this name (@length bytes). */
bool sim_registration_has(const char *name, size_t length);

/**
 * Check @json, the properties of a create or change, against @app (NULL: create). False: answered.
 */
bool sim_registration_check(struct sim_call *call, const cJSON *json) SIM_MUST_CHECK;

/** Set what sim_registration_check() let pass, but credentials. */
void sim_registration_apply(struct sim_app *app, const cJSON *json);

/** Write keyCredentials (@with_key: with the certificates) or passwordCredentials of @app. */
void sim_key_credentials_write(struct sim_json *json, const struct sim_app *app, bool with_key);
/** See sim_key_credentials_write(). */
void sim_password_credentials_write(struct sim_json *json, const struct sim_app *app);

/**
 * Replace the certificates of @app by the array @list; an entry without a key keeps the one with its
 * keyId. False: answered, nothing was replaced.
 */
bool sim_key_credentials_set(struct sim_call *call, struct sim_app *app,
			     const cJSON *list) SIM_MUST_CHECK;

#endif
