/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scope: is a cloud group to be written? Pure; one call a group, nothing kept.
 */
#ifndef GB_PLAN_SCOPE_H
#define GB_PLAN_SCOPE_H

#include "engine/base/cloud_object.h"
#include "engine/base/sid.h"
#include "engine/plan/cause.h"
#include "engine/plan/policy.h"

/** The answer. */
enum gb_scope_verdict {
	GB_SCOPE_IN = 1,     /**< to be written */
	GB_SCOPE_OUT = 2,    /**< not now: somebody can enable it or select its kind */
	GB_SCOPE_NEVER = 3,  /**< not a group that we write, whatever is enabled */
	GB_SCOPE_UNKNOWN = 4 /**< cannot be told; not the same as out: what is written stays */
};

/** A verdict with its reason. */
struct gb_scope {
	enum gb_scope_verdict verdict;
	enum gb_cause cause; /**< GB_CAUSE_ENABLED … GB_CAUSE_FILTER_UNDECIDED, never none */
};

/** What kind of group it is, as `kinds` counts. */
enum gb_group_kind {
	GB_KIND_UNKNOWN = 0,               /**< the properties that tell were not in the answer */
	GB_KIND_SECURITY = 1,              /**< cloud security group, not mail-enabled */
	GB_KIND_MICROSOFT365 = 2,          /**< groupTypes holds "Unified" */
	GB_KIND_DISTRIBUTION = 3,          /**< Exchange distribution list */
	GB_KIND_MAIL_ENABLED_SECURITY = 4, /**< made in Exchange */
	GB_KIND_NONE = 5                   /**< none of these */
};

/**
 * The kind of @group (Graph, "Working with groups": groupTypes, mailEnabled, securityEnabled).
 * GB_KIND_UNKNOWN if a property that decides was absent or null.
 */
enum gb_group_kind gb_scope_kind(const struct gb_cloud_group *group);

/**
 * The verdict on a live group.
 *
 * @param policy   mode, kinds, exceptions.
 * @param group    as read; `present` tells which properties were read.
 * @param own_sid  SID of the object that we write for it, or NULL: a group whose source of
 *                 authority was converted is ours only if that object is its original one.
 * Source: Graph beta resource groupWritebackConfiguration; "Group writeback v2" (defaults).
 */
struct gb_scope gb_scope_check(const struct gb_plan_policy *policy,
			       const struct gb_cloud_group *group, const struct gb_sid *own_sid);

/** Stable id of a verdict: "in", "out", "never", "unknown". */
const char *gb_scope_verdict_id(enum gb_scope_verdict verdict);

#endif
