/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the person behind a delegated token may change. The permission of the app is checked by the
 * router; a person needs a directory role besides, or has to own what is changed (Graph: the pages of
 * the operations, "In delegated scenarios"). A token of an app itself needs its permission alone.
 *
 * Each function answers with 403 if it returns false.
 */
#ifndef SIM_GRAPH_CALLER_H
#define SIM_GRAPH_CALLER_H

#include "sim/graph/call.h"

/** Everybody may make groups while the switch usersCreateGroups is on. */
bool sim_caller_may_create_group(struct sim_call *call) SIM_MUST_CHECK;

/** Owners, and those who manage groups; of a role-assignable group owners and role administrators. */
bool sim_caller_may_change_group(struct sim_call *call,
				 const struct sim_object *group) SIM_MUST_CHECK;

/** Those who manage users. @user is NULL for a new one; people may change themselves. */
bool sim_caller_may_change_user(struct sim_call *call, const struct sim_object *user) SIM_MUST_CHECK;

/** Those who manage the tenant's settings of groups. */
bool sim_caller_may_change_settings(struct sim_call *call) SIM_MUST_CHECK;

/** Those whose onPremisesSyncBehavior changes count: Hybrid Identity Administrator. */
bool sim_caller_may_change_source(struct sim_call *call) SIM_MUST_CHECK;

/** The person behind a delegated token, or NULL for an app's own token. */
const struct sim_object *sim_caller_person(const struct sim_call *call);

#endif
