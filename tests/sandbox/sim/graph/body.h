/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a write sends: the JSON body, and whether its properties may be set.
 *
 * Checked first and applied then: nothing is changed by a request that is refused.
 */
#ifndef SIM_GRAPH_BODY_H
#define SIM_GRAPH_BODY_H

#include "sim/graph/call.h"

/** Most references in one members@odata.bind (Graph: 20). */
#define SIM_BIND_MAX 20

/** The JSON object of the body, below the request. False: the call was answered (400, 415). */
bool sim_body_read(struct sim_call *call, const cJSON **ret_body) SIM_MUST_CHECK;

/**
 * True if every property of @body is one of @type, may be written and has the right shape. Keys
 * with an '@' are left to the caller. False: the call was answered.
 */
bool sim_body_check(struct sim_call *call, enum sim_type type, const cJSON *body) SIM_MUST_CHECK;

/** 400 "A value is required for property …" unless @body has all of @names (NULL at the end). */
bool sim_body_requires(struct sim_call *call, enum sim_type type, const cJSON *body,
		       const char *const *names) SIM_MUST_CHECK;

/** 400 "Invalid value specified for property …". Returns false always. */
bool sim_body_invalid(struct sim_call *call, enum sim_type type, const char *name);

/** The live objects that @body names below @key ("members@odata.bind"). */
struct sim_bind {
	struct sim_object *objects[SIM_BIND_MAX]; /**< count of them */
	size_t count;                             /**< used objects */
};

/** Read the references below @key; none if it is absent. False: the call was answered. */
bool sim_body_bind(struct sim_call *call, const cJSON *body, const char *key,
		   struct sim_bind *ret_bind) SIM_MUST_CHECK;

/** The live object that the reference @url names. False: the call was answered. */
bool sim_body_reference(struct sim_call *call, const char *url, const char *property,
			struct sim_object **ret_object) SIM_MUST_CHECK;

/** 204 without a body. */
void sim_answer_nothing(struct sim_call *call);

#endif
