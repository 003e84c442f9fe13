/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Groups: the listing of all, and the record that listing and delta share (resource type "group").
 */
#ifndef GB_CLOUD_GROUPS_H
#define GB_CLOUD_GROUPS_H

#include <stdbool.h>

#include "engine/base/json.h"
#include "engine/cloud/graph_pages.h"
#include "engine/cloud/types.h"

/** The properties of a group that are asked for; writebackConfiguration only exists on /beta. */
#define GB_GROUPS_SELECT                                                                       \
	"id,displayName,description,mail,mailNickname,groupTypes,securityEnabled,mailEnabled," \
	"onPremisesSyncEnabled,onPremisesSecurityIdentifier,isAssignableToRole,visibility"

/** How groups are asked for. */
struct gb_groups_query {
	bool with_writeback; /**< by /beta, with writebackConfiguration */
	/** Further properties, ended by NULL; NULL: none. Borrowed. */
	const char *const *extra;
};

/** The value of $select for @query, below @ctx. */
char *gb_groups_select(const void *ctx, const struct gb_groups_query *query);

/**
 * Read one record. Strings are borrowed from @object; ret_group->extra is below @ctx.
 *
 * writebackConfiguration counts as present only as an object that has isEnabled (true, false or
 * null); otherwise the group's scope is unknown.
 *
 * @param extra      further properties that were asked for, as in gb_groups_query: texts, numbers,
 *                   booleans and lists of texts.
 * @param path       "value[3]".
 * @param ret_group  id holds also when the record is refused.
 * Errors: GB_E_PROTOCOL "graph-record-id" (the page is not usable) or "graph-record" (this record
 * is not: *ret_is_refused is true).
 */
GB_MUST_CHECK enum gb_rc gb_groups_record(const void *ctx, const struct gb_json *object,
					  const char *const *extra, const char *path,
					  struct gb_cloud_group *ret_group, bool *ret_is_refused,
					  struct gb_err *err);

/**
 * List all groups. Below @ctx; ends with sink->done.
 *
 * @param refused  counter of refused records; incremented.
 */
void gb_groups_list(struct gb_graph *graph, const void *ctx, const struct gb_groups_query *query,
		    const struct gb_cloud_groups_sink *sink, uint64_t *refused);

/**
 * List the soft-deleted groups, ids alone. Below @ctx; ends with sink->done.
 *
 * @param refused  counter of refused records; incremented.
 */
void gb_groups_list_deleted(struct gb_graph *graph, const void *ctx,
			    const struct gb_cloud_groups_sink *sink, uint64_t *refused);

/**
 * Read one group. Below @ctx; ends with sink->done: GB_E_NOT_FOUND if there is none.
 *
 * @param refused  counter of refused records; incremented.
 */
void gb_groups_get(struct gb_graph *graph, const void *ctx, const struct gb_groups_query *query,
		   const struct gb_guid *id, const struct gb_cloud_groups_sink *sink,
		   uint64_t *refused);

#endif
