/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a group may be: its kind, and the values that the service admits for it. */
#ifndef SIM_GRAPH_GROUP_RULES_H
#define SIM_GRAPH_GROUP_RULES_H

#include "sim/graph/body.h"

/** What decides how a group behaves. */
struct sim_group_kind {
	bool unified;      /**< Microsoft 365 */
	bool dynamic;      /**< its members come from a rule */
	bool mail_enabled; /**< has an address */
	bool security;     /**< can be granted access */
	bool synced;       /**< mastered on-premises */
};

/** The kind of @group. */
struct sim_group_kind sim_group_kind(const struct sim_object *group);

/** The kind that @group (NULL: a new one) has with the values of @body. */
struct sim_group_kind sim_group_kind_with(const struct sim_object *group, const cJSON *body);

/** True if the values of @body fit a group of @kind. False: the call was answered. */
bool sim_group_check(struct sim_call *call, const struct sim_group_kind *kind,
		     const cJSON *body) SIM_MUST_CHECK;

/** True if Graph may change @group at all. False: the call was answered. */
bool sim_group_is_writable(struct sim_call *call, const struct sim_object *group) SIM_MUST_CHECK;

/** True if the members of @group can be changed by Graph. False: the call was answered. */
bool sim_group_takes_members(struct sim_call *call, const struct sim_object *group) SIM_MUST_CHECK;

/** True if @member can be in a group of @kind. False: the call was answered. */
bool sim_group_takes(struct sim_call *call, const struct sim_group_kind *kind,
		     const struct sim_object *member) SIM_MUST_CHECK;

/** True if everybody of @bind can own a group. False: the call was answered (owner_write.c). */
bool sim_owners_fit(struct sim_call *call, const struct sim_bind *bind) SIM_MUST_CHECK;

/** 400 if @group has one of @bind already. */
bool sim_group_lacks(struct sim_call *call, const struct sim_object *group,
		     const struct sim_bind *bind) SIM_MUST_CHECK;

#endif
