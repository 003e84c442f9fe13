/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who the tenant is (resource type "organization"). */
#ifndef GB_CLOUD_ORGANIZATION_H
#define GB_CLOUD_ORGANIZATION_H

#include "engine/base/json.h"
#include "engine/cloud/graph.h"
#include "engine/cloud/types.h"

/**
 * Read the answer: a list of exactly one. Strings are borrowed from @root.
 *
 * Errors: GB_E_PROTOCOL.
 */
GB_MUST_CHECK enum gb_rc gb_organization_parse(const struct gb_json *root,
					       struct gb_cloud_organization *ret_organization,
					       struct gb_err *err);

/** Ask. Below @ctx; @done comes once, from the loop. */
void gb_organization_get(struct gb_graph *graph, const void *ctx, gb_cloud_organization_fn done,
			 void *user);

#endif
