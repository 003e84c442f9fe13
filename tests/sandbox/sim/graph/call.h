/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One call of Microsoft Graph, behind the bearer check: what every endpoint family gets.
 *
 * Also the two ways to end a call: an error in Graph's envelope, or a JSON body.
 */
#ifndef SIM_GRAPH_CALL_H
#define SIM_GRAPH_CALL_H

#include "sim/http/message.h"
#include "sim/identity/jwt.h"
#include "sim/identity/account.h"
#include "sim/util/json_write.h"
#include "sim/world.h"

/** Most variable segments ("{id}") of a route. */
#define SIM_KEY_MAX 3

/** A call. */
struct sim_call {
	struct sim_world *world;           /**< borrowed */
	const struct sim_request *request; /**< borrowed */
	struct sim_response *response;     /**< to be filled */
	const struct sim_jwt *token;       /**< the verified access token */
	bool beta;                         /**< /beta and not /v1.0 */
	bool is_me;                        /**< people may read all of themselves */
	bool eventual;                     /**< ConsistencyLevel: eventual was sent */
	const char *keys[SIM_KEY_MAX];     /**< what stood at the variable segments */
	const char *const *rest;           /**< what a pattern's "**" stood for */
	size_t rest_count;                 /**< used rest */
	const char *resource;           /**< normalised path behind the version: "groups/delta" */
	int cost;                       /**< resource units; 0: no header (delta) */
	char request_id[SIM_GUID_TEXT]; /**< of this call */
	const char *client_request_id;  /**< as sent, or the request id */
};

/** Answer with Graph's error envelope. The message is printf-formatted. Returns false always. */
bool sim_graph_error(struct sim_call *call, unsigned status, const char *code, const char *fmt, ...)
	SIM_PRINTF(4, 5);

/** 404 Request_ResourceNotFound for this id. Returns false always. */
bool sim_graph_not_found(struct sim_call *call, const char *id);

/** 403 Authorization_RequestDenied. Returns false always. */
bool sim_graph_denied(struct sim_call *call);

/** True if the token is a person's and not an app's own. */
bool sim_call_is_delegated(const struct sim_call *call);

/** Directory roles that the person of a delegated token has now (enum sim_directory_role); else 0. */
unsigned sim_call_directory_roles(const struct sim_call *call);

/**
 * True if the token carries the permission @role: in claim roles, or in scp of a delegated one, where
 * Directory.AccessAsUser.All stands for whatever the person may do.
 */
bool sim_call_has_role(const struct sim_call *call, const char *role);

/** True if the token carries any of the space-separated permissions @roles. */
bool sim_call_has_any_role(const struct sim_call *call, const char *roles);

/** "https://host/v1.0" or "https://host/beta", below the request. */
const char *sim_call_base(const struct sim_call *call);

/** The live object of @type at key number @key. False: the call was answered (400 or 404). */
bool sim_call_find(struct sim_call *call, size_t key, enum sim_type type,
		   struct sim_object **ret_object) SIM_MUST_CHECK;

#endif
